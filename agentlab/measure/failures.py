"""What did not work, and why: decisions by cause and by source, and those that came nearest."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from agentlab.core.ceiling import EditKind, Mechanism, NearMiss
from agentlab.core.decision import Cause, Decision, Verdict

__all__ = ["cause_of", "mechanisms_of", "misses_of"]

_MISSES = 3

_OF_A_GUARD = ("guard broken", "a guard looked broken", "better, but the guard")
"""How versions that stored no cause begin what they say of a guard."""


def cause_of(decision: Decision) -> Cause | None:
    """Returns why a proposal was not kept; None if it was."""
    if decision.verdict is Verdict.KEPT:
        return None
    return decision.cause or _read_from_words(decision)


def _read_from_words(decision: Decision) -> Cause:
    """Returns why a proposal of an older version was not kept."""
    verdict, is_open = decision.verdict, decision.verdict is Verdict.UNDECIDED
    if decision.stage == "static":
        if verdict is Verdict.INVALID:
            return "refused"
        return "conflict" if is_open else "nothing new"
    if decision.stage == "smoke":
        return "our side" if is_open else "broke"
    if decision.reason.startswith(_OF_A_GUARD):
        return "guard"
    if decision.stage == "halving":
        return "sibling" if is_open else "no better"
    return "noise" if is_open else "no better"


def mechanisms_of(
    decisions: Sequence[Decision], kinds: Mapping[int, EditKind]
) -> tuple[Mechanism, ...]:
    """Returns what became of the proposals of each source, the busiest first.

    Args:
        decisions: All of the run.
        kinds: What each proposal changed, by its number.
    """
    by_source: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_source.setdefault(decision.source, []).append(decision)
    found = [
        Mechanism(
            source=source,
            proposals=len(own),
            kept=sum(decision.verdict is Verdict.KEPT for decision in own),
            numbers=sum(kinds.get(decision.number) == "numbers" for decision in own),
            causes=_counted(own),
        )
        for source, own in by_source.items()
    ]
    return tuple(sorted(found, key=lambda mechanism: -mechanism.proposals))


def _counted(decisions: Sequence[Decision]) -> dict[Cause, int]:
    causes = (cause_of(decision) for decision in decisions)
    return dict(Counter(cause for cause in causes if cause is not None).most_common())


def misses_of(decisions: Sequence[Decision], metric: str) -> tuple[NearMiss, ...]:
    """Returns the proposals that were looked better at the gate and were not kept.

    The nearest first: by how many standard errors it looked better than the incumbent.

    Args:
        decisions: All of the run.
        metric: The objective's.
    """
    missed = [
        decision
        for decision in decisions
        if decision.stage == "gate"
        and decision.verdict is not Verdict.KEPT
        and decision.tested
        and decision.tested[0].mean > 0
    ]
    found = []
    for decision in sorted(missed, key=_distance)[:_MISSES]:
        cause = cause_of(decision)
        assert cause is not None
        found.append(
            NearMiss(
                number=decision.number,
                source=decision.source,
                label=decision.label,
                change=decision.differences.get(metric),
                pairs=decision.pairs,
                cause=cause,
            )
        )
    return tuple(found)


def _distance(decision: Decision) -> float:
    """Returns minus the standard errors by which it looked better."""
    sample = decision.tested[0]
    if not sample.spread:
        return -math.inf
    return -sample.mean * math.sqrt(sample.clusters) / sample.spread
