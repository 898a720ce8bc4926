"""The meta-agent that tries a bank of ideas, one after another, on whatever the incumbent is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate, Files
from agentlab.core.decision import Verdict
from agentlab.core.meta_agent import Lab
from agentlab.errors import CandidateError, InputError
from agentlab.meta.checks import check_candidate
from agentlab.meta.ideas.bank import Idea
from agentlab.meta.merge import merge_files

__all__ = ["IdeasAgent", "apply_idea"]

_MOST_TRIES = 3
"""How often an idea that was promising, but not shown, is tried in a run."""


class _Past(NamedTuple):
    tries: int
    is_closed: bool
    incumbent: str


class IdeasAgent:
    """Proposes the ideas of a bank in its order, then the promising ones again."""

    name = "ideas"

    def __init__(self, bank: Sequence[Idea], *, written_against: Candidate) -> None:
        """Applies each idea to the target it was written against.

        Raises:
            InputError: an idea does not fit that target; all that do not are named.
        """
        self._base = written_against
        self._theirs: dict[str, tuple[Idea, Files]] = {}
        misfits = []
        for idea in bank:
            files = apply_idea(idea, written_against.files)
            if files is None:
                misfits.append(
                    f"idea '{idea.name}': its old lines are not, or not once, in the target"
                )
            else:
                self._theirs[idea.name] = (idea, files)
        if misfits:
            raise InputError(*misfits)

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns the next ideas that can be applied to the incumbent; nothing here is random."""
        past = self._past(lab)
        incumbent = parents[0]
        untried = [name for name in self._theirs if name not in past]
        again = [
            name
            for name, found in past.items()
            if not found.is_closed
            and found.tries < _MOST_TRIES
            and found.incumbent != incumbent.digest
        ]
        proposals: list[Candidate] = []
        for name in [*untried, *again]:
            candidate = self._onto(name, incumbent)
            if (
                candidate is not None
                and candidate.digest not in lab.proposed
                and _fits(candidate, incumbent, lab)
            ):
                proposals.append(candidate)
            if len(proposals) == count:
                break
        return proposals

    def conflicts(self, incumbent: Candidate) -> list[str]:
        """Returns the names of ideas that cannot be carried over to an incumbent."""
        return [name for name in self._theirs if self._onto(name, incumbent) is None]

    def _past(self, lab: Lab) -> dict[str, _Past]:
        found: dict[str, _Past] = {}
        for decision in lab.decisions:
            if decision.source == self.name:
                before = found.get(decision.label, _Past(0, False, ""))
                is_open = decision.verdict is Verdict.UNDECIDED
                found[decision.label] = _Past(
                    before.tries + 1, before.is_closed or not is_open, decision.incumbent
                )
        return found

    def _onto(self, name: str, incumbent: Candidate) -> Candidate | None:
        idea, theirs = self._theirs[name]
        merge = merge_files(self._base.files, incumbent.files, theirs)
        # Neighbouring edits conflict line by line, yet the old lines may stand untouched.
        files = apply_idea(idea, incumbent.files) if merge.conflicts else merge.files
        if files is None:
            return None
        return Candidate(
            files=files,
            parent=incumbent.digest,
            hypothesis=f"{idea.title}: {idea.hypothesis}",
            source=self.name,
            label=name,
            provenance="curated",
        )


def apply_idea(idea: Idea, files: Files) -> dict[str, bytes] | None:
    """Returns the files with every change made, or None where old lines do not stand just once."""
    changed = dict(files)
    for change in idea.changes:
        text = changed.get(change.path, b"").decode("utf-8", "surrogateescape")
        if change.path not in changed and not change.old:
            changed[change.path] = change.new.encode()
        elif change.old and text.count(change.old) == 1:
            text = text.replace(change.old, change.new)
            changed[change.path] = text.encode("utf-8", "surrogateescape")
        else:
            return None
    return changed


def _fits(candidate: Candidate, incumbent: Candidate, lab: Lab) -> bool:
    try:
        check_candidate(candidate, incumbent, lab.target)
    except CandidateError:
        return False
    return candidate.digest != incumbent.digest
