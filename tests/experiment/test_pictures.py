"""A run and an evaluation end with files that show their worst and their best trial."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

import agentlab.testing
from agentlab.core.objective import GateRule
from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.errors import InputError
from agentlab.experiment import session
from agentlab.experiment.config import Experiment
from agentlab.experiment.load import load_experiment
from agentlab.store.run_folder import RunFolder, list_runs
from agentlab.store.store import Store
from agentlab.testing.environments.noisy import NoisyEnvironment, NoisyEpisode

WORLD = """
import json
from agentlab.core.task import Task
from agentlab.testing.environments.noisy import NoisyEnvironment, NoisyEpisode

class Shown(NoisyEpisode):
    def __init__(self, task, seed):
        super().__init__(task, seed)
        self.told = {"task": task.id, "seed": seed}

    def evidence(self):
        with open("asked.txt", "a") as file:
            file.write(json.dumps({**self.told, "knobs": self._knobs}) + "\\n")
        return {"what.json": json.dumps({**self.told, "knobs": self._knobs}).encode()}

class World(NoisyEnvironment):
    def start(self, task, seed):
        return Shown(task, seed)

ENVIRONMENT = World
"""


FIXED = """
class Fixed(World):
    traits = World.traits.model_copy(update={"is_seeded": False})

    def tasks(self, split):
        return [Task(id=f"{split}-{number}", group=f"{split}-{number}") for number in range(70)]

ENVIRONMENT = Fixed
"""

EXPERIMENT = f"""
name: noisy
environment: world
target: {Path(agentlab.testing.__file__).parent}/environments/targets/noisy
meta: [{{kind: ideas, folder: ideas}}]
budget: {{candidates: 1}}
objective: {{rule: {{max_blocks: 6, worthwhile: 0.1}}}}
executor: {{kind: inline}}
sandbox: plain
measure: {{final_blocks: 2, min_clusters: 20}}
accept: [cache]
"""


def write_project(folder: Path) -> Experiment:
    (folder / "world").mkdir()
    (folder / "world/environment.py").write_text(WORLD)
    (folder / "ideas").mkdir()
    (folder / "ideas/good.md").write_text(
        '---\ntitle: "the optimum"\nhypothesis: "there"\nauthor: "a test"\n---\n'
        "```edit agent.py\n<<<<<<< SEARCH\nKNOBS = (0.6, 0.3, 0.5)\n=======\n"
        "KNOBS = (0.9, 0.1, 0.6)\n>>>>>>> REPLACE\n```\n"
    )
    (folder / "noisy.yaml").write_text(EXPERIMENT)
    return load_experiment(folder / "noisy.yaml")


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Experiment:
    monkeypatch.chdir(tmp_path)
    return write_project(tmp_path)


def run(experiment: Experiment) -> tuple[RunResult, RunFolder]:
    result = session.run_experiment(experiment, runs=Path("runs"), observer=Silent())
    return result, list_runs(Path("runs"))[-1]


def asked() -> list[Mapping[str, object]]:
    file = Path("asked.txt")
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_run_shows_the_worst_and_the_best_of_winner_and_baseline(experiment: Experiment) -> None:
    result, folder = run(experiment)
    assert len(result.kept) == 1
    shown = {one.folder: one for one in result.pictured}
    # The winner plays at the optimum, so none of its trials fails.
    assert set(shown) == {
        "evidence/winner-best",
        "evidence/baseline-worst",
        "evidence/baseline-best",
    }
    for name, one in shown.items():
        about = json.loads((folder.path / name / "about.json").read_text())
        (file,) = one.files
        what = json.loads((folder.path / name / file).read_text())
        assert (
            (about["task"], about["seed"]) == (one.task, one.seed) == (what["task"], what["seed"])
        )
        assert (about["who"], about["split"]) == (one.who, "validation") == (one.who, one.split)
    assert shown["evidence/baseline-worst"].success == 0
    assert shown["evidence/baseline-best"].success == 1
    winner = json.loads((folder.path / "evidence/winner-best/what.json").read_text())
    assert winner["knobs"] == [0.9, 0.1, 0.6]
    # No other trial was shown, and those that were are no trials of the run.
    assert len(asked()) == 3
    with closing(Store(folder.store_url(), read_only=True)) as store:
        records = store.trials(folder.name, kind="solve")
    assert len({record.key for record in records}) == len(records) == result.trials


def test_where_validation_is_hidden_pictures_are_of_train(experiment: Experiment) -> None:
    file = Path("world/environment.py")
    file.write_text(file.read_text() + FIXED)
    objective = experiment.objective.model_copy(update={"rule": GateRule(name="gate")})
    result, _ = run(experiment.model_copy(update={"objective": objective}))
    assert {(one.who, one.split) for one in result.pictured} == {
        ("winner", "train"),
        ("baseline", "train"),
    }


def test_a_folder_that_cannot_be_written_ends_no_run(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> tuple[str, ...]:
        raise InputError("no space left")

    monkeypatch.setattr("agentlab.experiment.pictures.save_evidence", full)
    result, _ = run(experiment)
    assert (result.status, result.pictured) == ("completed", ())


def test_an_evaluation_keeps_them_where_it_is_told(experiment: Experiment, tmp_path: Path) -> None:
    def evaluate(seeds: range) -> list[str]:
        result = session.evaluate(
            experiment,
            files=None,
            split="train",
            seeds=seeds,
            observer=Silent(),
            evidence=tmp_path / "here",
        )
        return [one.folder for one in result.pictured]

    assert evaluate(range(5)) == [f"{tmp_path}/here/worst", f"{tmp_path}/here/best"]
    worst = json.loads((tmp_path / "here/worst/about.json").read_text())
    assert (worst["fate"], worst["who"]) == ("failed", "target")
    evaluate(range(5, 9))
    assert json.loads((tmp_path / "here/worst/about.json").read_text())["seed"] >= 5


def test_an_evaluation_never_writes_over_what_is_none_of_its_own(
    experiment: Experiment, tmp_path: Path
) -> None:
    (tmp_path / "here/worst").mkdir(parents=True)
    with pytest.raises(InputError, match="worst: is there and holds no evidence"):
        session.evaluate(
            experiment,
            files=None,
            split="train",
            seeds=range(1),
            observer=Silent(),
            evidence=tmp_path / "here",
        )
    assert asked() == []


def test_an_episode_that_shows_nothing_is_the_default() -> None:
    world = NoisyEnvironment()
    assert NoisyEpisode(world.tasks("train")[0], 1).evidence() == {}
