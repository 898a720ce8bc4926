"""Components and rounds as an experiment says them, from the mistake to the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentlab.core.candidate import TargetSpec
from agentlab.core.decision import Decision
from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.core.rounds import Coupling, RoundResult
from agentlab.errors import InputError
from agentlab.experiment.build import bench_of, build_world
from agentlab.experiment.config import Experiment
from agentlab.experiment.load import parse_experiment
from agentlab.experiment.rounds import component_problems, rounds_of, with_rounds
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.store.run_folder import list_runs
from agentlab.store.store import Store
from tests.experiment.in_process import run_in_process
from tests.experiment.noisy_run import noisy_experiment

AGENT = """\
from first import FIRST
from second import SECOND


def solve(goal, tools):
    for knob, value in enumerate((FIRST, SECOND, 0.5)):
        tools.turn(knob, value)
    return "done"
"""


@pytest.fixture
def target(tmp_path: Path) -> dict[str, Any]:
    """Returns a target of two tunable files."""
    folder = tmp_path / "target"
    folder.mkdir()
    (folder / "agent.py").write_text(AGENT)
    (folder / "first.py").write_text("FIRST = 0.6\n")
    (folder / "second.py").write_text("SECOND = 0.3\n")
    return {
        "path": str(folder),
        "editable": ["first.py", "second.py"],
        "components": {"one": ["first.py"], "two": ["second.py"]},
    }


def experiment(target: dict[str, Any], **changes: Any) -> Experiment:
    given = {
        "rounds": [{"open": ["one"]}, {"open": ["two"]}],
        "sandbox": "plain",
        "objective": {"rule": {"max_blocks": 4, "worthwhile": 0.03}},
        "measure": {"final_blocks": 5},
        "budget": {"candidates": 8},
    }
    return noisy_experiment(target=target, **{**given, **changes})


def test_a_round_opens_its_own_components_or_those_before_as_well(target: dict[str, Any]) -> None:
    rounds = rounds_of(
        experiment(
            target,
            rounds=[
                {"open": ["one"]},
                {"open": ["two"], "proposals": 3},
                {"open": ["rest"], "earlier": "open", "name": "all of it"},
            ],
        )
    )
    assert [one.target.open for one in rounds] == [("one",), ("two",), ("rest", "one", "two")]
    assert [one.is_joint for one in rounds] == [False, False, True]
    assert [one.name for one in rounds] == ["one", "two", "all of it"]
    assert [one.proposals for one in rounds] == [None, 3, None]


def test_the_default_is_no_rounds_and_what_travels_to_workers_knows_of_none(
    target: dict[str, Any],
) -> None:
    made = experiment(target)
    assert rounds_of(noisy_experiment()) == ()
    assert type(bench_of(made).target) is TargetSpec
    bare = made.target.model_copy(update={"components": None})
    same = made.model_copy(update={"target": bare, "rounds": None})
    assert bench_of(made).digest == bench_of(same).digest, "trials are known by the same key"


def test_rules_that_are_no_tests_make_no_test_of_components(target: dict[str, Any]) -> None:
    (one, _) = rounds_of(experiment(target, objective={"rule": "greedy"}))
    assert one.coupling_blocks == 0


@pytest.mark.parametrize(
    ("components", "problem"),
    [
        (
            {"one": ["frist.py"]},
            "target.components.one: 'frist.py' matches none of first.py, second.py",
        ),
        (
            {"one": ["agent.py"]},
            "target.components.one: 'agent.py' matches agent.py, not editable by target.editable",
        ),
        (
            {"one": ["*.py"], "two": ["second.py"]},
            "target.components.two: 'second.py' matches second.py, which is of 'one'",
        ),
        ({"one": ["first.py"], "rest": ["second.py"]}, "what no other component names"),
        ({"one": [], "two": ["second.py"]}, "target.components.one: needs at least one pattern"),
    ],
)
def test_a_component_that_cannot_be_is_told_with_its_key(
    target: dict[str, Any], components: dict[str, list[str]], problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        build_world(experiment({**target, "components": components}, rounds=None))
    assert problem in str(caught.value)


def test_a_rest_without_files_cannot_be_opened(target: dict[str, Any]) -> None:
    made = experiment(target, rounds=[{"open": ["rest"]}])
    files = {"first.py": b"", "second.py": b"", "agent.py": b""}
    (problem,) = component_problems(made, files)
    assert problem.startswith("rounds.0.open: 'rest' holds no file")
    some = made.target.model_copy(update={"components": {"one": ("first.py",)}})
    assert component_problems(made.model_copy(update={"target": some}), files) == []


def test_a_round_that_opens_what_is_not_there_is_told_with_its_line(good_lines: list[str]) -> None:
    text = "\n".join([*good_lines, "rounds:", "  - open: [promt]"]).replace(
        "target: ", "target: {components: {prompt: ['agent.py']}, path: "
    )
    text = "\n".join(
        line + ("}" if line.startswith("target:") else "") for line in text.split("\n")
    )
    with pytest.raises(InputError) as caught:
        parse_experiment(text.encode(), "x.yaml")
    assert "x.yaml:6: rounds: no component 'promt' in target.components" in str(caught.value)
    assert "did you mean 'prompt'?" in str(caught.value)


def coupling(**changes: Any) -> Coupling:
    given = {"round": 2, "earlier": ("ranking",), "later": ("prompt",), "reason": "so"}
    return Coupling.model_validate({**given, "finding": "coupled", **changes})


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "improved; ranking and prompt are coupled: tune them together"),
        ({"finding": "independent"}, "improved"),
        ({"is_joint": True}, "improved"),
    ],
)
def test_the_verdict_names_what_is_coupled_and_was_tuned_apart(
    changes: dict[str, Any], verdict: str
) -> None:
    one = RoundResult(
        number=2,
        name="prompt",
        open=("prompt",),
        proposals=3,
        kept=0,
        trials=9,
        stopped_by="no more proposals",
        coupling=coupling(**changes),
    )
    result = RunResult(run="r", status="completed", verdict="improved")
    assert with_rounds(result, [one]).verdict == verdict
    assert with_rounds(result, [one]).rounds == (one,)


def test_the_ceilings_first_step_is_then_to_tune_them_together(
    tmp_path: Path,
) -> None:
    ended = run_in_process(noisy_experiment(budget={"candidates": 1}), tmp_path / "run")
    assert ended.ceiling is not None
    one = RoundResult(
        number=2,
        name="prompt",
        open=("prompt",),
        proposals=3,
        kept=0,
        trials=9,
        stopped_by="no more proposals",
        coupling=coupling(),
    )
    told = with_rounds(ended, [one]).ceiling
    assert told is not None
    assert told.steps[1:] == ended.ceiling.steps
    assert told.steps[0].said.startswith("tune ranking and prompt together")
    assert told.steps[0].command.endswith("--set rounds.1.earlier=open")


class Interrupting(Silent):
    """Presses Ctrl-C at a decision."""

    def __init__(self, number: int) -> None:
        self._number = number

    def decided(self, decision: Decision) -> None:
        if decision.number == self._number:
            raise KeyboardInterrupt


def decisions_in(runs: Path) -> list[Decision]:
    (folder,) = list_runs(runs)
    store = Store(folder.database_url)
    try:
        return store.decisions(folder.name)
    finally:
        store.close()


def same(result: RunResult) -> dict[str, Any]:
    # What was begun in advance and not needed is seen as well, and that is a matter of time.
    whole = dict.fromkeys(("run", "wall_s", "detectable", "trials"), True)
    return result.model_dump(exclude={**whole, "readiness": {"plan": {"needed_s"}}})


@pytest.mark.usefixtures("called")
def test_a_run_in_rounds_goes_on_after_ctrl_c_to_the_same_result(
    target: dict[str, Any], tmp_path: Path
) -> None:
    made = experiment(target)
    whole = run_experiment(made, runs=tmp_path / "whole", observer=Silent())
    found = decisions_in(tmp_path / "whole")
    assert [one.round for one in found] == [1] * 4 + [2] * 4
    assert {one.label.split()[1].split(":")[0] for one in found[:4]} == {"first.py"}
    assert {one.label.split()[1].split(":")[0] for one in found[4:]} == {"second.py"}
    for number in (2, 6):
        runs = tmp_path / f"cut{number}"
        with pytest.raises(KeyboardInterrupt):
            run_experiment(made, runs=runs, observer=Interrupting(number))
        (folder,) = list_runs(runs)
        assert same(resume_run(folder, observer=Silent())) == same(whole)
        assert decisions_in(runs) == found
