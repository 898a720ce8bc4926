"""The last measurement: winner and baseline again, on seeds that took no part in choosing.

What the gate saw of the winner is biased upwards, since the winner was chosen for it. So both are
measured afresh on validation, and once, at the very end, on the sealed test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Traits
from agentlab.core.result import Scores, SplitScores
from agentlab.core.task import SplitName
from agentlab.core.trial import Pair, TrialRecord
from agentlab.measure.scores import differences, scores
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule

__all__ = ["Finals", "measure_finals"]


class Finals(NamedTuple):
    """Both candidates on both splits, side by side."""

    baseline: SplitScores
    winner: SplitScores
    difference: SplitScores
    solved_by_both: SplitScores


class _Side(NamedTuple):
    baseline: Scores
    winner: Scores
    difference: Scores
    solved_by_both: Scores


def measure_finals(
    measuring: Measuring,
    schedule: Schedule,
    *,
    baseline: Candidate,
    winner: Candidate,
    traits: Traits,
    blocks: int,
    on_split: Callable[[SplitName, int, int], None],
) -> Finals:
    """Measures winner and baseline on fresh validation seeds, then on the test.

    Args:
        measuring: Gives records.
        schedule: Gives pairs.
        baseline: The target as it came.
        winner: The last incumbent; may be the baseline.
        traits: The world's metrics.
        blocks: Seeds per task and split.
        on_split: Told before each split how many trials it takes, and how many come after it.
    """
    sides = list({candidate.digest: candidate for candidate in (baseline, winner)}.values())
    on_validation = schedule.series("validation", "final", blocks)
    on_test = schedule.series("test", "final", blocks)

    def side(split: SplitName, pairs: Sequence[Pair], after: int) -> _Side:
        on_split(split, len(sides) * len(pairs), len(sides) * after)
        records = measuring.on_all(sides, pairs)
        return _compare(records[winner.digest], records[baseline.digest], traits)

    validation = side("validation", on_validation, len(on_test))
    test = side("test", on_test, 0)
    return Finals(
        *(
            SplitScores(validation=first, test=second)
            for first, second in zip(validation, test, strict=True)
        )
    )


def _compare(winner: list[TrialRecord], baseline: list[TrialRecord], traits: Traits) -> _Side:
    return _Side(
        scores(baseline, traits),
        scores(winner, traits),
        differences(winner, baseline, traits),
        differences(winner, baseline, traits, both_solved=True),
    )
