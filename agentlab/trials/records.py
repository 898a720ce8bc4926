"""From a trial and its fate to the record that is stored."""

from __future__ import annotations

from typing import Any

from agentlab.core.outcome import Fate
from agentlab.core.trial import Trial, TrialRecord

__all__ = ["record_of"]


def record_of(trial: Trial, fate: Fate, **details: Any) -> TrialRecord:
    """Returns the record of a finished trial.

    Args:
        trial: What was run.
        fate: How it ended.
        **details: The other fields of `TrialRecord` that are known.
    """
    pair = trial.pair
    return TrialRecord(
        key=trial.key,
        bench=trial.bench,
        candidate=trial.candidate,
        kind=trial.kind,
        task=pair.task.id if pair else "",
        split=pair.split if pair else None,
        seed=pair.seed if pair else trial.preparation_seed,
        cluster=pair.cluster if pair else "",
        repetition=trial.repetition,
        fate=fate,
        **details,
    )
