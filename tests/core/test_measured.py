from __future__ import annotations

import pytest

from agentlab.core.measured import is_absolute, measured
from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.trial import TrialRecord

ITEM = ItemOutcome(id="q", cluster="g", success=0.0, metrics={"mrr": 0.5})


def record(outcome: Outcome | None, fate: Fate = Fate.SOLVED) -> TrialRecord:
    usage = Usage(context_tokens=200, steps=3)
    return TrialRecord(key="k", bench="b", candidate="c", fate=fate, outcome=outcome, usage=usage)


JUDGED = record(Outcome(success=1, progress=0.75, metrics={"mrr": 0.25}, items=(ITEM,)))
CRASHED = record(None, Fate.CRASHED)


@pytest.mark.parametrize(
    ("metric", "of_trial", "of_item", "of_crash"),
    [
        ("success", 1.0, 0.0, 0.0),
        ("progress", 0.75, 0.75, 0.0),
        ("context_tokens", 200.0, 200.0, 200.0),
        ("mrr", 0.25, 0.5, None),
        ("hits", None, None, None),
        ("0.5*success + 0.5*mrr", 0.625, 0.25, 0.0),
        ("success - 0.01*context_tokens", -1.0, -2.0, -2.0),
        ("success + hits", None, None, 0.0),
    ],
)
def test_a_number_is_of_a_trial_or_of_an_item(
    metric: str, of_trial: float | None, of_item: float | None, of_crash: float | None
) -> None:
    assert measured(JUDGED, metric) == of_trial
    assert measured(JUDGED, metric, ITEM) == of_item
    assert measured(CRASHED, metric) == of_crash


def test_an_environments_own_metric_may_be_called_progress() -> None:
    own = record(Outcome(success=0, progress=0.1, metrics={"progress": 7}))
    assert measured(own, "progress") == 7
    assert measured(record(Outcome(success=0)), "progress") is None


def test_shares_and_sums_are_compared_as_they_are() -> None:
    assert [m for m in ("success", "progress", "a + b", "steps", "mrr") if is_absolute(m)] == [
        "success",
        "progress",
        "a + b",
    ]
