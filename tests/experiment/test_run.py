"""One execution of an experiment, from the wiring to the result."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.decision import Decision
from agentlab.core.objective import GateRule
from agentlab.core.progress import Progress
from agentlab.errors import InputError, NothingMeasurable
from agentlab.experiment.load import load_experiment
from agentlab.experiment.session import evaluate, run_experiment
from tests.experiment.noisy_run import noisy_experiment


class Watching:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.decisions: list[Decision] = []
        self.notes: list[str] = []

    def progress(self, progress: Progress) -> None:
        self.phases.append(progress.phase)

    def decided(self, decision: Decision) -> None:
        self.decisions.append(decision)

    def note(self, message: str) -> None:
        self.notes.append(message)


@pytest.mark.usefixtures("called")
def test_a_run_ends_with_a_result_that_adds_up(tmp_path: Path) -> None:
    watching = Watching()
    result = run_experiment(noisy_experiment(), runs=tmp_path, observer=watching)
    counts = result.candidates
    assert counts.proposed == len(watching.decisions) >= 8
    assert counts.proposed == (counts.kept + counts.discarded + counts.undecided + counts.invalid)
    assert [decision.number for decision in watching.decisions] == list(
        range(1, counts.proposed + 1)
    )
    assert result.stopped_by == "budget: candidates"
    assert set(result.baseline.test) == set(result.winner.test)
    assert {"check", "search", "validation"} <= set(watching.phases)


def test_an_unisolated_run_says_so(tmp_path: Path) -> None:
    watching = Watching()
    experiment = noisy_experiment(
        sandbox="plain",
        budget={"candidates": 1},
        measure={"final_blocks": 1, "min_clusters": 2},
    )
    result = run_experiment(experiment, runs=tmp_path, observer=watching)
    assert result.sandbox == "plain"
    assert any("NOT isolated as asked" in note for note in watching.notes)


def test_a_target_that_breaks_at_once_is_an_error_with_its_reason(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "agent.py").write_text("def solve(goal, tools):\n    raise KeyError('early')\n")
    with pytest.raises(InputError, match="early"):
        run_experiment(
            noisy_experiment(target=str(target)), runs=tmp_path / "runs", observer=Watching()
        )


def test_a_world_that_never_starts_stops_the_run_with_its_reason(tmp_path: Path) -> None:
    experiment = noisy_experiment(environment="tests.experiment.broken_world:BrokenWorld")
    with pytest.raises(NothingMeasurable, match="the world is closed"):
        run_experiment(experiment, runs=tmp_path, observer=Watching())


@pytest.mark.parametrize(
    ("environment", "error", "said"),
    [
        (
            "tests.experiment.broken_world:UnpreparedWorld",
            NothingMeasurable,
            "no room for an index",
        ),
        (
            "agentlab.testing.environments.ranker:RankerEnvironment",
            InputError,
            r"the target's prepare\(\) crashed: KeyError: 'no index'",
        ),
    ],
    ids=["ours", "theirs"],
)
def test_without_the_baselines_preparation_nothing_is_measured(
    tmp_path: Path, environment: str, error: type[Exception], said: str
) -> None:
    (tmp_path / "agent.py").write_text(
        "def prepare(goal, tools):\n    raise KeyError('no index')\n\n\n"
        "def solve(goal, tools):\n    return 'done'\n"
    )
    experiment = noisy_experiment(
        environment=environment, target={"path": str(tmp_path), "prepare": "agent.py:prepare"}
    )
    with pytest.raises(error, match=said):
        run_experiment(experiment, runs=tmp_path / "runs", observer=Watching())
    with pytest.raises(error, match=said):
        evaluate(experiment, files=None, split="train", seeds=range(1), observer=Watching())


def ranked(runs: Path, **changes: object) -> tuple[list[Decision], dict[str, str]]:
    watching = Watching()
    experiment = noisy_experiment(
        environment="agentlab.testing.environments.ranker:RankerEnvironment",
        target={
            "path": "agentlab/testing/environments/targets/ranker",
            "prepare": "agent.py:prepare",
        },
        objective={"maximise": "mrr"},
        budget={"candidates": 4},
        # Eight groups of queries are far too few to show anything.
        measure={"min_clusters": 8},
        accept=["noise"],
        **changes,
    )
    result = run_experiment(experiment, runs=runs, observer=watching)
    assert result.baseline.test["mrr"].estimate > 0
    return watching.decisions, result.fingerprint


@pytest.mark.usefixtures("called")
def test_fixed_data_are_decided_by_the_gate_and_that_is_in_the_result(tmp_path: Path) -> None:
    experiment = noisy_experiment(
        environment="agentlab.testing.environments.ranker:RankerEnvironment",
        target={
            "path": "agentlab/testing/environments/targets/ranker",
            "prepare": "agent.py:prepare",
        },
        objective={"maximise": "mrr"},
        budget={"candidates": 8},
        measure={"min_clusters": 8},
        accept=["noise"],
    )
    watching = Watching()
    result = run_experiment(experiment, runs=tmp_path, observer=watching)
    assert (result.rule, result.is_tested) == ("gate", True)
    (stored,) = tmp_path.glob("*/experiment.yaml")
    assert load_experiment(stored).objective.rule == GateRule(name="gate")
    assert result.deciding_trials == sum(decision.trials for decision in watching.decisions)
    assert all(decision.e_value is None for decision in watching.decisions)


@pytest.mark.ray
def test_a_world_with_preparation_gives_the_same_history_and_record_on_ray(tmp_path: Path) -> None:
    inline = ranked(tmp_path / "inline")
    decisions, fingerprint = inline
    assert len(decisions) >= 4
    assert fingerprint["environment:queries.jsonl:version"] == "1"
    assert len(fingerprint["environment:documents.jsonl:sha256"]) == 64
    assert ranked(tmp_path / "ray", executor={"kind": "ray", "slots": 2}) == inline


@pytest.mark.usefixtures("called")
@pytest.mark.parametrize(
    ("environment", "target", "said"),
    [
        (
            "agentlab.testing.environments.ranker:RankerEnvironment",
            {
                "path": "agentlab/testing/environments/targets/ranker",
                "prepare": "agent.py:prepare",
            },
            r"the validation split has \d+ independent clusters; at least 100 .* add \d+",
        ),
        (
            "environments/leak_trap",
            "environments/leak_trap/target",
            "the test split has 60 independent clusters; at least 100 .* add 40",
        ),
    ],
    ids=["items", "tasks"],
)
def test_a_fixed_data_set_that_is_too_small_is_refused_before_the_search(
    tmp_path: Path, environment: str, target: object, said: str
) -> None:
    watching = Watching()
    experiment = noisy_experiment(
        environment=environment,
        target=target,
        measure={"min_clusters": 100},
        accept=["leaks"],
        sandbox="plain",
    )
    with pytest.raises(InputError, match=said):
        run_experiment(experiment, runs=tmp_path, observer=watching)
    assert "search" not in watching.phases


@pytest.mark.usefixtures("called")
def test_leaks_that_were_accepted_are_told_and_stay_with_the_result(tmp_path: Path) -> None:
    watching = Watching()
    experiment = noisy_experiment(
        environment={
            "reference": "environments/leak_trap",
            "options": {"leaked": 2},
        },
        target="environments/leak_trap/target",
        budget={"candidates": 1},
        accept=["leaks"],
        sandbox="plain",
    )
    result = run_experiment(experiment, runs=tmp_path, observer=watching)

    assert result.accepted_leaks == 6
    assert any("'train-1' (train)" in note for note in watching.notes)
