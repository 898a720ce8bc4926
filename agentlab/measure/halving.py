"""Successive halving among siblings: who goes on, from records on common train pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentlab.core.environment import Traits
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord
from agentlab.measure.evidence import Evidence, Tally

__all__ = ["Standing", "is_promising", "scored_higher", "standings", "survivors"]


class Standing(NamedTuple):
    """Where a sibling stands against the incumbent; compares like its fields, higher is better."""

    keeps_guards: bool
    gain: float
    """Mean improvement of the objective over the clusters."""

    progress: float
    """Mean gain in graded progress over the pairs of both: a tie-break, never seen by the gate."""

    reach: float
    """The most that its true improvement may plausibly be: a few pairs are noisy. Pairs that the
    incumbent solves to the last one leave nothing to be gained; there more progress is enough."""

    second: Standing | None = None
    """As the second aim has it; it counts where the first, and progress, are the same."""


def standings(
    siblings: Mapping[str, Sequence[TrialRecord]],
    incumbent: Sequence[TrialRecord],
    *,
    objective: Objective,
    traits: Traits,
) -> dict[str, Standing]:
    """Returns the standing of each sibling by its digest, best first; ties keep their order."""
    found = {
        digest: _standing(records, incumbent, objective, traits)
        for digest, records in siblings.items()
    }
    return dict(sorted(found.items(), key=lambda entry: entry[1], reverse=True))


def survivors(ranking: Mapping[str, Standing], *, worthwhile: float) -> list[str]:
    """Returns the better half of a ranking, best first, of which only what is promising."""
    half = (len(ranking) + 1) // 2
    return [
        digest
        for digest in list(ranking)[:half]
        if is_promising(ranking[digest], worthwhile=worthwhile)
    ]


def scored_higher(standing: Standing) -> bool:
    """Returns whether it did better than the incumbent in one of the aims, however little."""
    if standing.second is not None and scored_higher(standing.second):
        return True
    return (standing.keeps_guards, standing.gain, standing.progress) > (True, 0.0, 0.0)


def is_promising(standing: Standing, *, worthwhile: float) -> bool:
    """Returns whether it is worth more trials.

    Args:
        standing: What a few pairs say of it.
        worthwhile: Improvement that must be within reach; with 0 any will do.
    """
    if standing.second is not None and is_promising(standing.second, worthwhile=worthwhile):
        return True
    return standing.keeps_guards and standing.reach > 0 and standing.reach >= worthwhile


def _standing(
    records: Sequence[TrialRecord],
    incumbent: Sequence[TrialRecord],
    objective: Objective,
    traits: Traits,
) -> Standing:
    evidence = Evidence(objective, traits)
    evidence.add(records, incumbent)
    standing = _read(evidence, _progress(records, incumbent))
    is_at_top = objective.metric == "success" and all(one.success >= 1 for one in incumbent)
    if is_at_top and standing.gain == 0 and standing.progress > 0:
        return standing._replace(reach=evidence.gain.scale)
    return standing


def _read(evidence: Evidence, progress: float) -> Standing:
    gain = evidence.gain
    return Standing(
        keeps_guards=all(map(_may_hold, evidence.guards.values())),
        gain=gain.mean,
        progress=progress,
        reach=gain.reach if gain.clusters.size > 1 else gain.mean,
        second=_read(evidence.second, progress) if evidence.second else None,
    )


def _may_hold(tally: Tally) -> bool:
    """Returns whether a guard is not plainly broken, by few pairs, which are noisy."""
    return tally.mean >= -2 * tally.margin if tally.margin else not tally.is_broken


def _progress(records: Sequence[TrialRecord], incumbent: Sequence[TrialRecord]) -> float:
    theirs = {_unit(record): _graded(record) for record in incumbent if record.fate.counts}
    gains = [
        _graded(record) - theirs[_unit(record)]
        for record in records
        if record.fate.counts and _unit(record) in theirs
    ]
    return sum(gains) / len(gains) if gains else 0.0


def _graded(record: TrialRecord) -> float:
    """Returns how near a trial came; where the world does not say, its success."""
    graded = record.outcome.progress if record.outcome else None
    return record.success if graded is None else graded


def _unit(record: TrialRecord) -> tuple[str, int, int]:
    return record.task, record.seed, record.repetition
