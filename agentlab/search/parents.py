"""From which candidates the next proposals are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision
from agentlab.core.trial import TrialRecord

__all__ = ["PARENTS", "ParentRule", "choose_parents"]

ParentRule = Literal["greedy", "pareto"]
PARENTS: tuple[ParentRule, ...] = ("greedy", "pareto")


def choose_parents(
    rule: ParentRule,
    incumbent: Candidate,
    *,
    decisions: Sequence[Decision],
    train_records: Callable[[str], Sequence[TrialRecord]],
    candidate: Callable[[str], Candidate],
) -> list[Candidate]:
    """Returns the parents, the incumbent first.

    `greedy` is the incumbent alone. `pareto` adds every measured candidate that no other beats
    both in success and in context tokens on the train trials that it was seen on; a candidate
    that was discarded as broken is never a parent.
    """
    if rule == "greedy":
        return [incumbent]
    measured = {
        decision.candidate: _point(train_records(decision.candidate))
        for decision in decisions
        if decision.stage in ("halving", "gate") and train_records(decision.candidate)
    }
    measured.pop(incumbent.digest, None)
    own = _point(train_records(incumbent.digest)) if train_records(incumbent.digest) else None
    front = [
        digest
        for digest, point in measured.items()
        if not any(
            _dominates(other, point) for other in [*measured.values(), *([own] if own else [])]
        )
    ]
    return [incumbent, *(candidate(digest) for digest in front)]


def _point(records: Sequence[TrialRecord]) -> tuple[float, float]:
    """Returns mean success and minus the mean context, so that higher is better in both."""
    size = len(records)
    return (
        sum(record.success for record in records) / size,
        -sum(record.usage.context_tokens for record in records) / size,
    )


def _dominates(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one != other and all(mine >= theirs for mine, theirs in zip(one, other, strict=True))
