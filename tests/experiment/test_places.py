from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.errors import CandidateError, InputError, NotReady
from agentlab.experiment.places import told_with_places

TEXT = """\
name: noisy
environment:
  reference: a.b:C
objective:
  guards:
    - success >= 0.1
    - steps <= 9
"""


def told(tmp_path: Path, error: InputError, *overrides: str) -> tuple[str, ...]:
    file = tmp_path / "f.yaml"
    file.write_text(TEXT)
    with pytest.raises(type(error)) as caught, told_with_places(file, overrides):
        raise error
    assert caught.value is error, "its class and its notes stay"
    assert str(error) == "\n".join(error.problems)
    return error.problems


def test_a_problem_is_told_with_the_line_of_its_key(tmp_path: Path) -> None:
    error = NotReady(
        "environment: 'a.b:C' cannot be built",
        "objective.guards.1: 'steps <= 9': no metric",
        "measure.final_blocks: 5 would do",
    )
    assert told(tmp_path, error) == (
        f"{tmp_path}/f.yaml:2: environment: 'a.b:C' cannot be built",
        f"{tmp_path}/f.yaml:7: objective.guards.1: 'steps <= 9': no metric",
        f"{tmp_path}/f.yaml:1: measure.final_blocks: 5 would do",
    )


def test_an_option_is_the_place_of_what_it_gave(tmp_path: Path) -> None:
    problem = "environment: 'x:Y' cannot be built"
    (found,) = told(tmp_path, InputError(problem), "environment.reference=x:Y", "seed=3")
    assert found == f"{tmp_path}/f.yaml:2: {problem}"
    (found,) = told(tmp_path, InputError(problem), "environment=x:Y")
    assert found == f"--set environment=x:Y: {problem}"


def test_what_begins_with_no_key_of_an_experiment_stays_as_it_is(tmp_path: Path) -> None:
    problems = ("agent.py: does not parse", "data.jsonl:3: no JSON", "agentlab: too old")
    assert told(tmp_path, CandidateError(*problems)) == problems
