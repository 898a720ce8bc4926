"""Run, resume after any kill, evaluate, check."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from agentlab.core.decision import Decision
from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.core.task import Task
from agentlab.errors import AgentlabError, InputError
from agentlab.experiment.checking import check
from agentlab.experiment.load import experiment_to_yaml
from agentlab.experiment.session import evaluate, resume_run, run_experiment
from agentlab.store.run_folder import RunFolder, create_run_folder, list_runs
from agentlab.store.store import Store
from agentlab.testing.environments import ranker
from agentlab.testing.environments.noisy import NoisyEpisode
from tests.calling import calling
from tests.experiment.broken_world import VersionedWorld
from tests.experiment.conftest import TARGET
from tests.experiment.noisy_run import brief_experiment
from tests.experiment.processes import Process, family, outliving

ROOT = Path(__file__).parents[2]
_DRIVER = """
import sys
from pathlib import Path
from agentlab.core.progress import Silent
from agentlab.experiment.session import run_experiment
from tests.experiment.noisy_run import brief_experiment
SLOTS = {"inline": {}, "ray": {"slots": 2}}
experiment = brief_experiment(executor={"kind": sys.argv[2]} | SLOTS[sys.argv[2]])
run_experiment(experiment, runs=Path(sys.argv[1]), observer=Silent())
"""


def decisions(folder: RunFolder) -> list[Decision]:
    store = Store(folder.database_url, read_only=True)
    try:
        return list(store.decisions(folder.name))
    finally:
        store.close()


def trial_keys(folder: RunFolder) -> list[str]:
    store = Store(folder.database_url, read_only=True)
    try:
        return [record.key for record in store.trials(folder.name)]
    finally:
        store.close()


def same(result: RunResult) -> RunResult:
    """Returns a result without what differs between two runs of the same history."""
    readiness = result.readiness
    if readiness is not None:
        plan = readiness.plan.model_copy(update={"needed_s": None})
        readiness = readiness.model_copy(update={"plan": plan})
    timeless = {"run": "", "wall_s": 0.0, "trials": 0, "infra_trials": 0, "readiness": readiness}
    return result.model_copy(update=timeless)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, RunResult]:
    """An uninterrupted run."""
    runs = tmp_path_factory.mktemp("whole")
    result = run_experiment(brief_experiment(), runs=runs, observer=Silent())
    return list_runs(runs)[0], result


@pytest.fixture(scope="module")
def called_whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, RunResult]:
    """The same without walls."""
    runs = tmp_path_factory.mktemp("called")
    with calling():
        result = run_experiment(brief_experiment(), runs=runs, observer=Silent())
    return list_runs(runs)[0], result


@pytest.mark.usefixtures("called")
def test_the_same_seed_gives_the_same_history_and_another_does_not(
    called_whole: tuple[RunFolder, RunResult], tmp_path: Path
) -> None:
    again = run_experiment(brief_experiment(), runs=tmp_path, observer=Silent())
    assert decisions(list_runs(tmp_path)[0]) == decisions(called_whole[0])
    assert same(again) == same(called_whole[1])
    run_experiment(brief_experiment(seed=2), runs=tmp_path / "other", observer=Silent())
    assert decisions(list_runs(tmp_path / "other")[0]) != decisions(called_whole[0])


@pytest.mark.ray
@pytest.mark.timeout(300)
@pytest.mark.parametrize("slots", [1, 3])
def test_ray_decides_as_this_process_does_however_many_slots_it_has(
    whole: tuple[RunFolder, RunResult], tmp_path: Path, slots: int
) -> None:
    experiment = brief_experiment(executor={"kind": "ray", "slots": slots})
    result = run_experiment(experiment, runs=tmp_path, observer=Silent())
    assert decisions(list_runs(tmp_path)[0]) == decisions(whole[0])
    assert same(result) == same(whole[1])


KILLS = [
    ("inline", 0.1, ()),
    ("inline", 0.5, ()),
    ("inline", 0.85, ()),
    ("ray", 0.3, (pytest.mark.ray,)),
    ("ray", 0.7, (pytest.mark.ray,)),
    ("inline", 0.3, (pytest.mark.slow,)),
    ("inline", 0.7, (pytest.mark.slow,)),
    ("ray", 0.1, (pytest.mark.ray, pytest.mark.slow)),
    ("ray", 0.5, (pytest.mark.ray, pytest.mark.slow)),
    ("ray", 0.85, (pytest.mark.ray, pytest.mark.slow)),
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("kind", "share"), [pytest.param(kind, share, marks=marks) for kind, share, marks in KILLS]
)
def test_a_killed_run_goes_on_to_the_same_history(
    whole: tuple[RunFolder, RunResult], tmp_path: Path, kind: str, share: float
) -> None:
    wanted = int(share * whole[1].trials)
    mark = uuid.uuid4().hex
    driver = subprocess.Popen(
        [sys.executable, "-c", _DRIVER, str(tmp_path), kind],
        cwd=ROOT,
        start_new_session=True,
        env={**os.environ, "AGENTLAB_TEST_MARK": mark},
    )
    processes: set[Process] = set()
    while driver.poll() is None and _finished(tmp_path) < wanted:
        processes |= family(driver.pid)
        time.sleep(0.02)
    assert len(processes) > 1
    driver.kill()
    driver.wait()
    (folder,) = list_runs(tmp_path)
    kept = _finished(tmp_path)
    assert outliving(processes, mark) == []
    result = resume_run(folder, observer=Silent())
    assert decisions(folder) == decisions(whole[0])
    assert same(result) == same(whole[1])
    keys = trial_keys(folder)
    assert len(keys) == len(set(keys)) >= kept > 0
    assert resume_run(folder, observer=Silent()) == result


def _finished(runs: Path) -> int:
    for folder in list_runs(runs):
        try:
            with closing(Store(folder.database_url, read_only=True)) as store:
                return store.count_trials(folder.name)
        except AgentlabError:
            # The schema or the run is being made at this very moment.
            return 0
    return 0


@pytest.mark.usefixtures("called")
def test_a_run_that_was_killed_before_it_was_in_its_store_is_begun(
    called_whole: tuple[RunFolder, RunResult], tmp_path: Path
) -> None:
    experiment = brief_experiment()
    folder = create_run_folder(tmp_path, experiment.name)
    folder.experiment.write_text(experiment_to_yaml(experiment))
    result = resume_run(folder, observer=Silent())
    assert decisions(folder) == decisions(called_whole[0])
    assert same(result) == same(called_whole[1])


def test_a_run_that_is_driven_already_is_refused(whole: tuple[RunFolder, RunResult]) -> None:
    with whole[0].locked(), pytest.raises(InputError, match=f"{os.getpid()}"):
        resume_run(whole[0], observer=Silent())


class Interrupting(Silent):
    """Presses Ctrl-C at the first decision."""

    def decided(self, decision: Decision) -> None:
        raise KeyboardInterrupt


def interrupted(runs: Path, **changes: object) -> RunFolder:
    with pytest.raises(KeyboardInterrupt) as stopped:
        run_experiment(brief_experiment(**changes), runs=runs, observer=Interrupting())
    (folder,) = list_runs(runs)
    assert stopped.value.__notes__ == [f"go on with: agentlab resume {folder.path}"]
    return folder


@pytest.mark.usefixtures("called")
def test_a_target_that_moved_on_does_not_change_the_run(
    called_whole: tuple[RunFolder, RunResult], tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    source = (TARGET / "agent.py").read_text()
    (target / "agent.py").write_text(source)
    folder = interrupted(tmp_path / "runs", target=str(target))
    (target / "agent.py").write_text(source.replace("done", "changed since"))
    result = resume_run(folder, observer=Silent())
    assert decisions(folder) == decisions(called_whole[0])
    assert same(result) == same(called_whole[1])


@pytest.mark.usefixtures("called")
def test_a_world_of_another_version_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    version = tmp_path / "version"
    version.write_text("1")
    world = {
        "reference": "tests.experiment.broken_world:VersionedWorld",
        "options": {"version": str(version)},
    }
    folder = interrupted(tmp_path / "runs", environment=world)
    before = _finished(tmp_path / "runs")
    version.write_text("2")
    with pytest.raises(InputError, match="start a new run"):
        resume_run(folder, observer=Silent())
    assert _finished(tmp_path / "runs") == before
    version.write_text("1")
    assert resume_run(folder, observer=Silent()).status == "completed"


@pytest.mark.usefixtures("called")
def test_data_that_changed_are_named_and_the_run_is_not_gone_on_with(tmp_path: Path) -> None:
    data = Path(shutil.copytree(Path(ranker.__file__).parent / "data", tmp_path / "data"))
    reference = "agentlab.testing.environments.ranker:RankerEnvironment"
    folder = interrupted(
        tmp_path / "runs",
        environment={"reference": reference, "options": {"data": str(data), "version": "7"}},
        target={"path": str(TARGET.parent / "ranker"), "prepare": "agent.py:prepare"},
        objective={"maximise": "mrr"},
        measure={"min_clusters": 8},
        accept=["noise", "cache"],
    )
    before = _finished(tmp_path / "runs")
    whole = (data / "documents.jsonl").read_text()
    (data / "documents.jsonl").write_text(whole + '{"id": "more", "text": "of it"}\n')
    with pytest.raises(
        InputError, match=r"with: environment:documents\.jsonl:sha256 is not what it was; start a"
    ):
        resume_run(folder, observer=Silent())
    assert _finished(tmp_path / "runs") == before
    (data / "documents.jsonl").write_text(whole)
    result = resume_run(folder, observer=Silent())
    assert result.status == "completed"
    assert result.fingerprint["environment:documents.jsonl:version"] == "7"


class ForgetfulWorld(VersionedWorld):
    """Draws otherwise once a file says so; its fingerprint does not tell."""

    def start(self, task: Task, seed: int) -> NoisyEpisode:
        moved = 1000 if self._version.read_text() == "2" else 0
        return super().start(task, seed + moved)

    def fingerprint(self) -> Mapping[str, str]:
        return {}


@pytest.mark.usefixtures("called")
@pytest.mark.parametrize(("version", "disagrees"), [("1", False), ("2", True)])
def test_a_resumed_run_says_whether_what_it_found_in_the_store_still_holds(
    tmp_path: Path, version: str, disagrees: bool
) -> None:
    told = tmp_path / "version"
    told.write_text("1")
    world = {
        "reference": "tests.experiment.test_session:ForgetfulWorld",
        "options": {"version": str(told)},
    }
    folder = interrupted(tmp_path / "runs", environment=world)
    told.write_text(version)
    result = resume_run(folder, observer=Silent(), verify_cache=0.5)
    assert result.verified is not None
    assert 0 < result.verified.rerun < result.verified.answered
    assert result.verified.disagrees is disagrees


def test_runs_that_cannot_be_written_are_an_error_before_anything_starts() -> None:
    with pytest.raises(InputError, match="/proc"):
        run_experiment(brief_experiment(), runs=Path("/proc/runs"), observer=Silent())


@pytest.mark.usefixtures("called")
def test_evaluate_scores_a_target_on_given_seeds() -> None:
    files = {
        "agent.py": b"def solve(goal, tools):\n    tools.turn(0, 0.9)\n    tools.turn(1, 0.1)\n"
    }
    mine, theirs = (
        evaluate(
            brief_experiment(), files=given, split="validation", seeds=range(5), observer=Silent()
        )
        for given in (files, None)
    )
    assert mine.trials == theirs.trials == 60
    assert mine.metrics["success"].estimate > theirs.metrics["success"].estimate
    assert len(mine.tasks) == 12
    assert sum(mine.fates.values()) == 60


@pytest.mark.usefixtures("called")
def test_evaluating_twice_gives_the_same() -> None:
    one, two = (
        evaluate(brief_experiment(), files=None, split="test", seeds=None, observer=Silent())
        for _ in range(2)
    )
    assert one.metrics == two.metrics


@pytest.mark.usefixtures("called")
def test_a_check_and_a_run_know_the_same(called_whole: tuple[RunFolder, RunResult]) -> None:
    known = called_whole[1].readiness
    assert known is not None
    checked = check(brief_experiment(), observer=Silent()).readiness
    assert checked is not None
    assert checked.model_copy(update={"plan": known.plan}) == known


def test_what_was_measured_before_the_first_proposal_is_in_the_store_once(
    whole: tuple[RunFolder, RunResult],
) -> None:
    with closing(Store(whole[0].database_url, read_only=True)) as store:
        records = list(store.trials(whole[0].name))
        known = {info.digest for info in store.candidates(whole[0].name)}
    again = [record for record in records if record.repetition == 1]
    strangers = {record.candidate for record in records} - known
    assert len(again) == 12
    assert len(strangers) >= 2, "the yardsticks, and edits that were not proposed"
    proposed = {decision.candidate for decision in decisions(whole[0])}
    assert not strangers & proposed


@pytest.mark.ray
def test_a_check_on_ray_knows_the_same(whole: tuple[RunFolder, RunResult]) -> None:
    experiment = brief_experiment(executor={"kind": "ray", "slots": 2})
    known, checked = whole[1].readiness, check(experiment, observer=Silent()).readiness
    assert known is not None
    assert checked is not None
    assert checked.model_copy(update={"plan": known.plan}) == known
