"""Where a canary is measured: on other instances than the ones that it is compared on.

A canary behaves as the incumbent does. Where the seed decides everything, it would do on every pair
exactly as the incumbent did, and an A/A of nothing but zeros proves nothing. So its trial of a pair
runs on another seed of the same task, drawn by the law that all seeds are drawn by, and is told as
if it had been of the pair. The outcome is another and its expectation is the same, whatever the
world: what is kept is kept by luck. It is a harder case than most proposals are, since a pair has
only its task in common, and luck of the incumbent's on its own seeds is luck of every canary's.

Fixed data have no other seeds, and the items of a batch are those of its instance. There the copy
runs on the very pairs, and its outcomes are dealt anew among the units that were asked for
together, with replacement (Efron, "Bootstrap methods", The Annals of Statistics 1979): each unit is
told the outcome of one drawn by chance, so that again the expectation is that of the incumbent.
"""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.outcome import ItemOutcome
from agentlab.core.task import SPLITS
from agentlab.core.trial import Pair, TrialRecord
from agentlab.core.value import digest

__all__ = ["dealt_anew", "elsewhere", "told_of"]


def elsewhere(candidate: str, pair: Pair) -> Pair:
    """Returns the pair with another seed, one that the split may have; each candidate has its own.

    Args:
        candidate: Digest of the canary.
        pair: What it is to be compared on.
    """
    number = int(digest([candidate, pair.task.id, pair.split, pair.seed])[:8], 16)
    seed = number // len(SPLITS) * len(SPLITS) + SPLITS.index(pair.split)
    return pair.model_copy(update={"seed": seed})


def told_of(record: TrialRecord, pair: Pair) -> TrialRecord:
    """Returns a record as if it were of the pair; its key stays that of the trial that was run."""
    return record.model_copy(
        update={"task": pair.task.id, "seed": pair.seed, "cluster": pair.cluster}
    )


def dealt_anew(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """Returns the records of one candidate with the outcomes of others among them.

    An item is dealt the scores of an item, a trial without items the outcome of such a trial.
    """
    items = [item for record in records for item in record.items]
    whole = [record for record in records if not record.items]
    return [
        _with_items(record, items) if record.items else _with_outcome(record, whole)
        for record in records
    ]


def _with_items(record: TrialRecord, items: Sequence[ItemOutcome]) -> TrialRecord:
    assert record.outcome is not None
    dealt = []
    for item in record.items:
        drawn = items[_place(record, item.id, len(items))]
        given = {"success": drawn.success, "metrics": drawn.metrics}
        dealt.append(item.model_copy(update=given))
    outcome = record.outcome.model_copy(update={"items": tuple(dealt)})
    return record.model_copy(update={"outcome": outcome})


def _with_outcome(record: TrialRecord, records: Sequence[TrialRecord]) -> TrialRecord:
    drawn = records[_place(record, "", len(records))]
    given = {"fate": drawn.fate, "outcome": drawn.outcome, "usage": drawn.usage}
    return record.model_copy(update=given)


def _place(record: TrialRecord, item: str, size: int) -> int:
    return int(digest([record.key, item])[:8], 16) % size
