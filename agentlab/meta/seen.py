"""What a run has tried by now, so that no trial is spent on the same edit twice."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.core.meta_agent import Lab
from agentlab.core.value import digest
from agentlab.meta.normal_form import normal_form

__all__ = ["Seen", "edit_form"]


class Seen:
    """Answers from the lab alone; remembers what it worked out per candidate."""

    def __init__(self) -> None:
        self._forms: dict[str, str] = {}
        self._edits: dict[str, str] = {}

    def forms(self, lab: Lab) -> set[str]:
        """Returns the normal forms of all that was proposed or measured."""
        digests = lab.proposed | {decision.candidate for decision in lab.decisions}
        for missing in digests - self._forms.keys():
            self._forms[missing] = normal_form(lab.candidate(missing))
        return {self._forms[known] for known in digests}

    def edits(self, lab: Lab) -> set[str]:
        """Returns the edits that are on their way or decided, whatever they were made from.

        An edit that was left undecided may come again, on another incumbent.
        """
        is_open = {d.label for d in lab.decisions if d.verdict is Verdict.UNDECIDED}
        found = set()
        for proposed in lab.proposed:
            candidate = lab.candidate(proposed)
            if candidate.parent is not None and candidate.label not in is_open:
                if proposed not in self._edits:
                    self._edits[proposed] = edit_form(candidate, lab.candidate(candidate.parent))
                found.add(self._edits[proposed])
        return found


def edit_form(candidate: Candidate, parent: Candidate) -> str:
    """Returns a digest of what was changed, with a line around it, 32 hex digits.

    It does not depend on where in its file the change stands.
    """
    changed = (
        path
        for path in sorted(candidate.files.keys() | parent.files.keys())
        if candidate.files.get(path) != parent.files.get(path)
    )
    return digest(
        [
            [path, *_change(parent.files.get(path, b""), candidate.files.get(path, b""))]
            for path in changed
        ]
    )


def _change(before: bytes, after: bytes) -> tuple[str, str]:
    old, new = before.splitlines(), after.splitlines()
    head = _common(old, new)
    tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
    start = max(head - 1, 0)
    ends = len(old) - tail + 1, len(new) - tail + 1
    return digest(b"\n".join(old[start : ends[0]])), digest(b"\n".join(new[start : ends[1]]))


def _common(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    return next(
        (place for place, (mine, its) in enumerate(zip(one, other, strict=False)) if mine != its),
        min(len(one), len(other)),
    )
