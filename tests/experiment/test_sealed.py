"""Every path to the tasks of the test leaves a record of the look."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from agentlab.core.progress import Progress, Silent
from agentlab.core.result import RunResult
from agentlab.experiment.config import Experiment
from agentlab.experiment.session import evaluate, resume_run, run_experiment
from agentlab.store.looks import Looks, looks_of
from agentlab.store.run_folder import RunFolder, list_runs
from agentlab.store.store import Store
from tests.experiment.noisy_run import noisy_experiment

pytestmark = pytest.mark.usefixtures("called")


def small(**changes: object) -> Experiment:
    return noisy_experiment(
        budget={"candidates": 1}, measure={"final_blocks": 1, "min_clusters": 2}, **changes
    )


def run(runs: Path, **changes: object) -> RunResult:
    return run_experiment(small(**changes), runs=runs, observer=Silent())


def looks(folder: RunFolder) -> Looks:
    with closing(Store(folder.database_url, read_only=True)) as store:
        return looks_of(store, folder.name)


def score(folder: RunFolder, *, split: str = "test", **changes: object) -> None:
    evaluate(
        small(**changes),
        files=None,
        split=split,  # type: ignore[arg-type]  # as given
        seeds=range(1),
        observer=Silent(),
        beside=[folder],
    )


class Stopping(Silent):
    """Presses Ctrl-C in the middle of the final measurement of the test."""

    def progress(self, progress: Progress) -> None:
        if progress.phase == "test":
            raise KeyboardInterrupt


def test_a_run_that_is_stopped_in_its_test_and_goes_on_has_looked_once(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_experiment(small(), runs=tmp_path, observer=Stopping())
    (folder,) = list_runs(tmp_path)
    assert looks(folder) == Looks(by_run=1, by_evaluate=0, earlier=0)

    result = resume_run(folder, observer=Silent())
    assert result.test_looks == 1
    assert resume_run(folder, observer=Silent()).test_looks == 1, "it measures nothing"
    assert looks(folder).all == 1


def test_the_same_run_again_has_seen_its_test_before(tmp_path: Path) -> None:
    assert [run(tmp_path).test_looks for _ in range(3)] == [1, 2, 3]
    assert run(tmp_path, seed=2).test_looks == 1, "other instances"
    assert looks(list_runs(tmp_path)[0]).all == 1, "what came later tells nothing of the first"


def test_an_evaluation_on_the_test_is_recorded_and_one_on_another_split_is_not(
    tmp_path: Path,
) -> None:
    run(tmp_path)
    (folder,) = list_runs(tmp_path)
    score(folder, split="validation")
    assert looks(folder).all == 1

    score(folder)
    score(folder, seed=7)
    assert looks(folder) == Looks(by_run=1, by_evaluate=2, earlier=0)
    assert resume_run(folder, observer=Silent()).test_looks == 3
    assert run(tmp_path).test_looks == 4


def test_an_evaluation_in_another_world_is_no_look(tmp_path: Path) -> None:
    run(tmp_path)
    (folder,) = list_runs(tmp_path)
    caller = {
        "environment": "agentlab.testing.environments.mishaps:MishapsEnvironment",
        "target": "agentlab/testing/environments/targets/noisy",
    }
    score(folder, **caller)

    assert looks(folder).all == 1


def test_what_cannot_be_recorded_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path)
    (folder,) = list_runs(tmp_path)
    with closing(Store(folder.database_url)) as store, store._writing() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(Exception, match="full"):
        score(folder)


def test_runs_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/agentlab.sqlite").write_bytes(b"no database" * 100)

    assert run(tmp_path).test_looks == 1
