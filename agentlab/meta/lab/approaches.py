"""Mechanisms that proposals share, and which of them failed too often to be tried again."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.decision import Cause, Decision, Verdict
from agentlab.core.meta_agent import Workshop
from agentlab.measure.failures import cause_of

__all__ = ["CLOSED_AFTER", "approach_key", "closed_approaches", "failures_of"]

CLOSED_AFTER = 3
"""Proposals of an approach that did not help, after which it is closed."""

_NO_FAULT: frozenset[Cause] = frozenset(("our side", "conflict", "sibling", "nothing new"))
"""What tells nothing of an idea."""


def approach_key(approach: str) -> str:
    """Returns what is the same for all ways to write an approach.

    >>> approach_key("Retry loop"), approach_key("retry-LOOP ")
    ('retry loop', 'retry loop')
    """
    return " ".join(approach.casefold().replace("-", " ").replace("_", " ").split())


def failures_of(workshop: Workshop) -> dict[str, list[Decision]]:
    """Returns by approach the proposals since its last keep that did not help."""
    approaches = {
        attempt.number: approach_key(attempt.approach)
        for attempt in workshop.attempts
        if attempt.number is not None and attempt.approach
    }
    found: dict[str, list[Decision]] = {}
    for decision in workshop.history:
        approach = approaches.get(decision.number)
        if approach is None:
            continue
        if decision.verdict is Verdict.KEPT:
            found[approach] = []
        elif cause_of(decision) not in _NO_FAULT:
            found.setdefault(approach, []).append(decision)
    return found


def closed_approaches(workshop: Workshop) -> Sequence[str]:
    """Returns the approaches that failed too often to be tried again."""
    return [a for a, failed in failures_of(workshop).items() if len(failed) >= CLOSED_AFTER]
