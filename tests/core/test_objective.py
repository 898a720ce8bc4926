from __future__ import annotations

import pytest
from pydantic import ValidationError

from agentlab.core.objective import Guard, KeepRule, Objective


@pytest.mark.parametrize(
    ("objective", "metric", "direction"),
    [
        (Objective(), "success", "higher"),
        (Objective(maximise="reward"), "reward", "higher"),
        (Objective(minimise="context_tokens"), "context_tokens", "lower"),
    ],
)
def test_an_objective_is_one_metric_and_a_direction(
    objective: Objective, metric: str, direction: str
) -> None:
    assert (objective.metric, objective.direction) == (metric, direction)


def test_up_and_down_at_once_is_refused() -> None:
    with pytest.raises(ValidationError, match="not both"):
        Objective(maximise="success", minimise="steps")


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1])
def test_a_level_lies_between_nothing_and_certainty(alpha: float) -> None:
    with pytest.raises(ValidationError, match="alpha"):
        KeepRule(alpha=alpha)


@pytest.mark.parametrize("margin", [0, 1])
def test_a_guard_without_a_margin_could_never_be_shown_and_with_all_of_it_never_fail(
    margin: float,
) -> None:
    with pytest.raises(ValidationError, match="margin"):
        Guard(metric="success", margin=margin)
