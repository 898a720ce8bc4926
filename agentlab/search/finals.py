"""The last measurement: winner and baseline again, on seeds that took no part in choosing.

What the gate saw of the winner is biased upwards, since the winner was chosen for it. So both are
measured afresh on validation, and once, at the very end, on the sealed test. Where validation has
groups of its own, a few fresh seeds of train tell what the gain is on groups that the search saw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.environment import Traits
from agentlab.core.result import Scores, SplitScores
from agentlab.core.task import SPLITS, SplitName
from agentlab.core.trial import Pair, TrialRecord
from agentlab.core.value import digest
from agentlab.measure.scores import differences, scores
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule

__all__ = ["FinalPairs", "Finals", "final_pairs", "look_address", "measure_finals"]

_TRAIN_SHARE = 3
"""The test has so many times the pairs of train."""


class FinalPairs(NamedTuple):
    """What winner and baseline are measured on."""

    train: list[Pair]
    """Empty where validation has the groups of train."""

    validation: list[Pair]
    test: list[Pair]

    @property
    def seen_on(self) -> SplitName:
        """The split that tells what the gain is on groups that the search saw."""
        return "train" if self.train else "validation"


class Finals(NamedTuple):
    """Both candidates on all splits, side by side."""

    baseline: SplitScores
    winner: SplitScores
    difference: SplitScores
    solved_by_both: SplitScores


class _Side(NamedTuple):
    baseline: Scores
    winner: Scores
    difference: Scores
    solved_by_both: Scores


def final_pairs(schedule: Schedule, blocks: int) -> FinalPairs:
    """Returns the pairs of the final measurement.

    Args:
        schedule: Gives pairs.
        blocks: Seeds per task of validation and test.
    """
    test = schedule.series("test", "final", blocks)
    groups = {
        split: {task.group_or_id for task in schedule.tasks(split)}
        for split in ("train", "validation")
    }
    is_seen = groups["validation"] <= groups["train"]
    return FinalPairs(
        train=[] if is_seen else _train_pairs(schedule, at_most=max(1, len(test) // _TRAIN_SHARE)),
        validation=schedule.series("validation", "final", blocks),
        test=test,
    )


def measure_finals(
    measuring: Measuring,
    pairs: FinalPairs,
    *,
    baseline: Candidate,
    winner: Candidate,
    traits: Traits,
    on_split: Callable[[SplitName, int, int], None],
    on_test: Callable[[str], None],
    also: Sequence[str] = (),
) -> Finals:
    """Measures winner and baseline on fresh seeds of train and validation, then on the test.

    Train is left out where the baseline won: there is no gain to be explained.

    Args:
        measuring: Gives records.
        pairs: What they are measured on.
        baseline: The target as it came.
        winner: The last incumbent; may be the baseline.
        traits: The world's metrics.
        on_split: Told before each split how many trials it takes, and how many come after it.
        on_test: Told, before any trial of the test, the address of what is looked at: the same
            candidates on the same pairs are the same look.
        also: What the objective is about, beside them.
    """
    sides = list({candidate.digest: candidate for candidate in (baseline, winner)}.values())
    after = sum(len(getattr(pairs, split)) for split in SPLITS)
    found: dict[SplitName, _Side] = {}
    for split in SPLITS:
        wanted: list[Pair] = getattr(pairs, split)
        after -= len(wanted)
        if split == "train" and (len(sides) == 1 or not wanted):
            continue
        if split == "test":
            on_test(look_address(sides, wanted))
        on_split(split, len(sides) * len(wanted), len(sides) * after)
        records = measuring.on_all(sides, wanted)
        found[split] = _compare(records[winner.digest], records[baseline.digest], traits, also)
    return Finals(
        *(
            SplitScores(**{split: side[part] for split, side in found.items()})
            for part in range(len(_Side._fields))
        ),
    )


def look_address(sides: Sequence[Candidate], pairs: Sequence[Pair]) -> str:
    """Returns what names a look at the test: the same candidates on the same pairs are the same."""
    candidates = sorted(candidate.digest for candidate in sides)
    return digest([candidates, [[pair.task.id, pair.seed] for pair in pairs]])


def _train_pairs(schedule: Schedule, *, at_most: int) -> list[Pair]:
    """Returns fresh pairs of train, all of a fixed data set: those are measured already."""
    tasks = len(schedule.tasks("train"))
    pairs = schedule.series("train", "final", max(1, at_most // tasks))
    if not schedule.has_fresh_seeds or len(pairs) <= at_most:
        return pairs
    # Too many tasks for one seed each: every so manieth, so that all groups have their share.
    return [pairs[place * len(pairs) // at_most] for place in range(at_most)]


def _compare(
    winner: list[TrialRecord], baseline: list[TrialRecord], traits: Traits, also: Sequence[str]
) -> _Side:
    return _Side(
        scores(baseline, traits, also=also),
        scores(winner, traits, also=also),
        differences(winner, baseline, traits, also=also),
        differences(winner, baseline, traits, both_solved=True, also=also),
    )
