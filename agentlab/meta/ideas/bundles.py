"""Ideas that help only together: what did no harm alone is tried in one candidate.

A task often fails for several reasons at once, and then no single edit moves success. Graded
progress on train tasks tells which edits moved something; the gate sees success alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import Lab
from agentlab.core.trial import TrialRecord

__all__ = ["bundles", "gains"]

_SUBSETS = 20
"""Random bundles looked at, at most."""


def gains(lab: Lab, source: str) -> dict[str, float]:
    """Returns what each single proposal of a source gained on train tasks, harmful ones left out.

    Gain is the mean difference in success plus that in progress to the incumbent of its time.
    Harmful is what broke, or lost success or progress.
    """
    found = {}
    for decision in lab.decisions:
        if decision.source == source and decision.verdict is not Verdict.INVALID:
            success, progress = _differences(lab, decision)
            if success >= 0 and progress >= 0:
                found[decision.label] = success + progress
    return found


def bundles(
    untried: Sequence[str], known: Mapping[str, float], generator: random.Random
) -> Iterator[tuple[str, ...]]:
    """Yields sets of at least two ideas, in the order in which they are worth a try.

    Args:
        untried: Ideas that nothing is known of.
        known: Gain by idea of those that did no harm alone.
        generator: Source of all randomness.
    """
    ranked = sorted(known, key=lambda name: -known[name])
    helpful = [name for name in ranked if known[name] > 0]
    everything = [*ranked, *untried]
    candidates = [helpful, ranked, everything]
    candidates += (
        [name for name in everything if generator.random() < 0.7] for _ in range(_SUBSETS)
    )
    yield from (tuple(names) for names in candidates if len(names) > 1)


def _differences(lab: Lab, decision: Decision) -> tuple[float, float]:
    theirs = {_unit(record): record for record in lab.train_records(decision.incumbent)}
    pairs = [
        (record, theirs[_unit(record)])
        for record in lab.train_records(decision.candidate)
        if _unit(record) in theirs
    ]
    if not pairs:
        return 0.0, 0.0
    return (
        sum(mine.success - other.success for mine, other in pairs) / len(pairs),
        sum(_progress(mine) - _progress(other) for mine, other in pairs) / len(pairs),
    )


def _unit(record: TrialRecord) -> tuple[str, int, int]:
    return record.task, record.seed, record.repetition


def _progress(record: TrialRecord) -> float:
    graded = record.outcome.progress if record.outcome else None
    return graded if graded is not None else record.success
