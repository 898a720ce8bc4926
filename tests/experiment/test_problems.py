from __future__ import annotations

import pytest
from pydantic import ValidationError

from agentlab.experiment.config import Experiment
from agentlab.experiment.document import read_document
from agentlab.experiment.problems import explain


def explained(text: str) -> list[str]:
    document = read_document(text.encode(), "f.yaml")
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate(document.value)
    return list(explain(caught.value, document))


def test_each_key_is_told_once_though_it_fails_every_branch_of_a_union() -> None:
    problems = explained("executor:\n  slots: many\n")
    assert len([problem for problem in problems if "slots" in problem]) == 1


def test_the_line_is_that_of_the_key_and_not_of_its_parent() -> None:
    problems = explained("limits:\n  wall_s: 3\n  mem_mb: big\n")
    assert "f.yaml:3: limits.mem_mb: must be a valid integer (given: 'big')" in problems


def test_a_long_value_is_cut() -> None:
    problems = explained(f"seed: {'x' * 5000}\n")
    assert all(len(problem) < 200 for problem in problems)


def test_a_list_is_not_called_too_short_because_its_items_are_wrong() -> None:
    assert not any("needs at least one" in problem for problem in explained("meta: [nothing]\n"))
