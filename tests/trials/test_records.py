"""From a trial and its fate to a record."""

from __future__ import annotations

from agentlab.core.outcome import Fate
from agentlab.core.trial import Trial
from agentlab.trials.records import record_of
from tests.trials.bench import GOOD, trial


def test_a_record_tells_what_was_run() -> None:
    asked = trial(GOOD, seed=7)
    record = record_of(asked, Fate.CRASHED, reason="why")
    assert (record.key, record.candidate) == (asked.key, GOOD.digest)
    assert (record.task, record.seed, record.split) == ("open-0", 7, "train")
    assert (record.fate, record.reason, record.success) == (Fate.CRASHED, "why", 0.0)


def test_a_preparation_has_its_own_seed_and_no_task() -> None:
    asked = Trial(bench="b", candidate="c", kind="prepare", preparation_seed=5)
    record = record_of(asked, Fate.SOLVED)
    assert (record.kind, record.seed, record.task) == ("prepare", 5, "")
