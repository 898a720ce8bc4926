"""What is refused before the first proposal, and what is accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.errors import InputError, NotReady
from agentlab.experiment.build import build_world
from agentlab.experiment.checking import check
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.store.run_folder import list_runs
from agentlab.store.store import Store
from tests.experiment.noisy_run import noisy_experiment
from tests.experiment.test_run import Watching

pytestmark = pytest.mark.usefixtures("called")

WORLDS = "tests.experiment.broken_world"


def run(tmp_path: Path, world: str, **changes: object) -> RunResult:
    experiment = noisy_experiment(
        environment=f"{WORLDS}:{world}", sandbox="plain", budget={"candidates": 1}, **changes
    )
    return run_experiment(experiment, runs=tmp_path, observer=Silent())


@pytest.mark.parametrize(
    ("world", "said"),
    [
        ("FlakyWorld", r"says that it is deterministic.*task 'open-\d+', seed \d+, had success"),
        ("GenerousWorld", "an agent that does nothing has success 1.00"),
        ("LyingWorld", r"oracle fails \d+ of 12 trials, such as task 'open-"),
    ],
)
def test_a_world_that_is_not_what_it_says_ends_the_run_before_a_proposal(
    tmp_path: Path, world: str, said: str
) -> None:
    with pytest.raises(NotReady, match=said) as refused:
        run(tmp_path, world)
    assert refused.value.exit_code == 2
    assert any("--accept-noise" in note for note in refused.value.__notes__)
    (folder,) = list_runs(tmp_path)
    store = Store(folder.database_url, read_only=True)
    try:
        assert list(store.events(folder.name, "proposed")) == []
        assert store.run(folder.name).status == "stopped"
    finally:
        store.close()


def test_what_was_accepted_is_recorded_in_the_run(tmp_path: Path) -> None:
    result = run(tmp_path, "LyingWorld", measure={"final_blocks": 5}, accept=["noise"])
    assert result.status == "completed"
    assert result.readiness is not None
    assert result.readiness.is_accepted
    assert [problem.about for problem in result.readiness.problems] == ["oracle"]
    (folder,) = list_runs(tmp_path)
    assert "accept:\n- noise" in folder.experiment.read_text()
    assert resume_run(folder, observer=Silent()) == result


def test_a_gate_that_could_show_nothing_is_refused_with_what_to_change() -> None:
    experiment = noisy_experiment(
        environment=f"{WORLDS}:FewWorld", sandbox="plain", measure={"final_blocks": 60}
    )
    checked = check(experiment, observer=Silent())
    assert checked.readiness is not None
    (problem,) = checked.readiness.problems
    assert "with 1 x 12 comparisons: set objective.rule.max_blocks to " in problem.said
    line = next(line for line in checked.lines if line.name == "smallest effect")
    assert not line.ok
    assert line.detail == problem.said


def test_an_oracle_that_does_not_parse_is_an_error_before_anything_runs() -> None:
    with pytest.raises(InputError, match=r"yardsticks\(\), oracle: agent.py: does not parse"):
        build_world(noisy_experiment(environment=f"{WORLDS}:UnreadableWorld"))


def test_the_screen_tells_it_in_a_few_lines(tmp_path: Path) -> None:
    watching = Watching()
    experiment = noisy_experiment(sandbox="plain", budget={"candidates": 1})
    run_experiment(experiment, runs=tmp_path, observer=watching)
    begins = next(n for n, note in enumerate(watching.notes) if "before the first proposal" in note)
    told = watching.notes[begins:]
    assert told[1].startswith("  noise, success: mean 0.")
    assert len(told) <= 8


def test_a_debuggers_run_measures_nothing_beforehand(tmp_path: Path) -> None:
    experiment = noisy_experiment(executor={"kind": "debug"}, budget={"candidates": 1})
    result = run_experiment(experiment, runs=tmp_path, observer=Silent())
    assert result.readiness is None
