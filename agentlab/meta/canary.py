"""Canaries: copies of a candidate that behave as it does, to see whether the gate keeps one.

A copy differs by a comment, so that it is another candidate and its trials are its own. Where
chance decides (a sampled model, a race), its outcomes differ by that alone; where the seed decides,
they differ because the search measures it on other instances (`agentlab.search.elsewhere`).
"""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.candidate import CANARY, Candidate, Files, TargetSpec
from agentlab.core.meta_agent import Lab
from agentlab.errors import CandidateError

__all__ = ["CanaryAgent", "canary_of", "marked_file"]


class CanaryAgent:
    """Proposes nothing but copies of its first parent: an A/A of the loop."""

    name = CANARY

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns `count` copies, each marked by its number; none where none can be marked."""
        if marked_file(parents[0].files, lab.target) is None:
            return []
        first = len(lab.proposed)
        return [
            canary_of(parents[0], f"canary {number}", target=lab.target)
            for number in range(first, first + count)
        ]


def canary_of(candidate: Candidate, name: str, *, target: TargetSpec) -> Candidate:
    """Returns a copy that differs by a comment with this name.

    Raises:
        CandidateError: there is no Python file that may be edited.
    """
    path = marked_file(candidate.files, target)
    if path is None:
        raise CandidateError("no editable Python file that a canary could be marked in")
    content = candidate.files[path]
    end = b"" if content.endswith((b"\n", b"\r")) or not content else b"\n"
    return Candidate(
        files={**candidate.files, path: content + end + f"# {name}\n".encode()},
        parent=candidate.digest,
        hypothesis="changes nothing; if it is kept, the gate was wrong",
        source=CANARY,
        label=name,
        provenance="typed",
    )


def marked_file(files: Files, target: TargetSpec) -> str | None:
    """Returns the file that takes the mark: a comment is harmless in Python alone."""
    editable = (path for path in sorted(files) if path.endswith(".py") and target.is_editable(path))
    return next(editable, None)
