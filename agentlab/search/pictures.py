"""Which trials a person should see, and those once more with what the environment shows of them.

To make pictures takes longer than most trials, so it is done for a few, when it is known which: the
one that failed most, and the one that did best.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.measured import measured
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate
from agentlab.core.pictured import Which
from agentlab.core.trial import Trial, TrialRecord
from agentlab.search.desk import TrialDesk
from agentlab.trials.executor import Executor, Finished

__all__ = ["Shown", "show", "worst_and_best"]


class Shown(NamedTuple):
    """A trial that was run again, and what the environment showed of it."""

    record: TrialRecord
    files: Mapping[str, bytes]


def worst_and_best(
    records: Sequence[TrialRecord], objective: Objective
) -> tuple[tuple[Which, TrialRecord], ...]:
    """Returns the trial that failed most, if one did not succeed, and another that did best.

    By success, then by what the objective is about, by progress, and by its second aim; of equals
    the first.
    """
    counted = [record for record in records if record.fate.counts]
    if not counted:
        return ()
    worst = min(counted, key=lambda record: _rank(record, objective))
    best = max(counted, key=lambda record: _rank(record, objective))
    if worst.success >= 1:
        return (("best", best),)
    return (("worst", worst),) if best is worst else (("worst", worst), ("best", best))


def show(executor: Executor, trial: Trial, candidate: Candidate, *, artefacts: Path) -> Shown:
    """Runs a trial again and returns what the environment shows of it; nothing is recorded.

    Args:
        executor: Opened.
        trial: What was measured before.
        candidate: Whose trial it is.
        artefacts: Where preparations are kept.
    """
    ledger = _Evidence()
    desk = TrialDesk(executor, ledger, artefacts=artefacts)
    wanted = trial.model_copy(update={"trace": "pictured"})
    (record,) = desk.records([wanted], {candidate.digest: candidate})
    return Shown(record, {} if record.fate is Fate.INFRA else ledger.files)


class _Evidence:
    """Keeps no trials, so that each is run; remembers what was shown of the last."""

    def __init__(self) -> None:
        self.files: Mapping[str, bytes] = {}

    def trial(self, key: str) -> TrialRecord | None:
        return None

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        pass

    def save_trace(self, finished: Finished) -> None:
        self.files = finished.evidence


def _rank(record: TrialRecord, objective: Objective) -> tuple[float, ...]:
    """Returns what orders trials; higher is better."""
    aims = [(objective.metric, objective.direction), ("progress", "higher")]
    if objective.then is not None:
        aims.append((objective.then.metric, objective.then.direction))
    values = []
    for metric, direction in aims:
        value = measured(record, metric)
        if value is None:
            values.append(-math.inf)
        else:
            values.append(value if direction == "higher" else -value)
    return (record.success, *values)
