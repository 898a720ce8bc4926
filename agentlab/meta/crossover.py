"""The meta-agent that brings together what two proposals brought apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate, Files, Provenance
from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import Lab
from agentlab.meta.batch import first_new
from agentlab.meta.gains import gain, gain_by_task
from agentlab.meta.merge import merge_files
from agentlab.meta.seen import Seen

__all__ = ["CrossoverAgent"]

_MOST = 12
"""Proposals that are paired with one another, those of the largest gain: 66 pairs."""

_MOST_WORDS = 200
"""Characters of each hypothesis that the merged one repeats."""

_LEAST_TRUSTED: tuple[Provenance, ...] = ("model", "curated", "typed", "baseline")


class _Brought(NamedTuple):
    """What a proposal changed, and what that did."""

    decision: Decision
    before: Files
    after: Files
    by_task: Mapping[str, float]
    """Gain by train task."""


class CrossoverAgent:
    """Merges the edits of two proposals onto the incumbent, the most complementary first."""

    name = "crossover"

    def __init__(self) -> None:
        self._seen = Seen()

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns up to `count` merged candidates; nothing as long as too little has promised."""
        return first_new(_merged(lab, parents[0]), lab, self._seen, count=count)


def _merged(lab: Lab, parent: Candidate) -> Iterator[Candidate]:
    """Yields the parent with both edits of a pair; a pair in conflict is left out.

    Of two edits that help on the same tasks one would do. So pairs are ordered by what they would
    gain if each task went as well as under the better of the two.
    """
    brought = sorted(_promising(lab, parent), key=lambda one: -sum(one.by_task.values()))[:_MOST]
    for one, other in sorted(itertools.combinations(brought, 2), key=_best_per_task, reverse=True):
        files: Files | None = parent.files
        for edit in (one, other):
            files = _carried(edit, files) if files is not None else None
        if files is not None:
            yield _candidate(one.decision, other.decision, files, lab, parent)


def _promising(lab: Lab, parent: Candidate) -> Iterator[_Brought]:
    """Yields what was kept, or looked like a gain on train, latest measurement of each edit."""
    found: dict[tuple[str, str], Decision] = {}
    for decision in lab.decisions:
        if decision.stage in ("halving", "gate") and decision.candidate != parent.digest:
            found[decision.source, decision.label] = decision
    for decision in found.values():
        gained = gain(lab, decision.candidate, decision.incumbent)
        is_kept = decision.verdict is Verdict.KEPT
        if is_kept or (gained.objective + gained.progress > 0 and gained.success >= 0):
            tasks = gain_by_task(lab, decision.candidate, decision.incumbent)
            yield _Brought(
                decision,
                lab.candidate(decision.incumbent).files,
                lab.candidate(decision.candidate).files,
                {task: one.objective + one.progress for task, one in tasks.items()},
            )


def _best_per_task(pair: tuple[_Brought, _Brought]) -> float:
    one, other = (brought.by_task for brought in pair)
    tasks = one.keys() | other.keys()
    best = sum(max(one.get(task, 0.0), other.get(task, 0.0)) for task in tasks)
    return best / max(len(tasks), 1)


def _carried(edit: _Brought, files: Files) -> Files | None:
    merge = merge_files(edit.before, files, edit.after)
    return None if merge.conflicts else merge.files


def _candidate(
    one: Decision, other: Decision, files: Files, lab: Lab, parent: Candidate
) -> Candidate:
    both = [lab.candidate(decision.candidate) for decision in (one, other)]
    authors = {candidate.provenance for candidate in both}
    return Candidate(
        files=dict(files),
        parent=parent.digest,
        hypothesis="together: " + "; and ".join(made.hypothesis[:_MOST_WORDS] for made in both),
        source=CrossoverAgent.name,
        label=f"#{one.number} with #{other.number}",
        # As little to be trusted as the less trusted of the two.
        provenance=next(author for author in _LEAST_TRUSTED if author in authors),
    )
