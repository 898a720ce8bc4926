"""What an agent is told to leave behind, and what is read of it."""

from __future__ import annotations

import pytest

from agentlab.core.attempt import Prediction
from agentlab.core.candidate import TargetSpec
from agentlab.meta.command.handing_in import hand_in, predicted
from agentlab.meta.command.worktree import HYPOTHESIS


def test_it_says_what_may_be_changed_and_where_the_hypothesis_goes() -> None:
    told = hand_in(TargetSpec(editable=("agent.py", "prompts/*")))
    assert "agent.py, prompts/*" in told
    assert HYPOTHESIS in told


@pytest.mark.parametrize(
    ("hypothesis", "wanted"),
    [
        ("No line.", None),
        ("Predicts: much better", None),
        ("Predicts: better by 1.2.3", None),
        ("Predicts: better by 0.1", Prediction(size=0.1)),
        (
            "**Predicts:** Worse 7 on `key`, unknown",
            Prediction(tasks=("key",), direction="worse", size=1),
        ),
        (
            "Predicts: worse\nPredicts: same on door, key.",
            Prediction(tasks=("door", "key"), direction="same"),
        ),
    ],
)
def test_a_prediction_is_read_from_its_last_line(
    hypothesis: str, wanted: Prediction | None
) -> None:
    assert predicted(hypothesis, ["door", "key"]) == wanted
