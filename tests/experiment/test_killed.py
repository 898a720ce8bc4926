"""Drivers that are killed where it hurts: what they left is gone on with, nothing counts twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agentlab.core.decision import Decision
from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.core.trial import TrialRecord
from agentlab.experiment.config import Experiment
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.store.looks import Looks, looks_of
from agentlab.store.run_folder import RunFolder, create_run_folder, list_runs
from agentlab.store.store import RunInfo, Store
from tests.experiment.contenders import write_benchmark
from tests.experiment.mortal import DIES_AT, left_behind
from tests.experiment.noisy_run import noisy_experiment
from tests.experiment.processes import outliving
from tests.experiment.test_promote import kept_trials, promoted
from tests.experiment.test_session import same

ROOT = Path(__file__).parents[2]
WORLD = "tests.experiment.mortal:Mortal"

_RUN = """
import sys
from pathlib import Path
from agentlab.core.progress import Silent
from agentlab.experiment.session import run_experiment
from tests.experiment.test_killed import EXPERIMENTS
run_experiment(EXPERIMENTS[sys.argv[2]], runs=Path(sys.argv[1]), observer=Silent())
"""

_PROMOTE = """
import sys
from pathlib import Path
from agentlab.store.run_folder import RunFolder
from tests.experiment.test_promote import promoted
promoted(RunFolder(Path(sys.argv[1])), *sys.argv[2:])
"""


def watched(**changes: Any) -> Experiment:
    """Returns a run that keeps something, every other of whose batches is a canary."""
    return noisy_experiment(
        environment=WORLD,
        sandbox="plain",
        objective={"rule": {"max_blocks": 8, "worthwhile": 0.1, "siblings": 2}},
        search={"canaries": 0.5},
        budget={"candidates": 4},
        measure={"final_blocks": 1, "min_clusters": 2},
        accept=["cache", "noise"],
        **changes,
    )


EXPERIMENTS = {"run": watched(), "aa": watched().for_aa(6)}


class Whole(NamedTuple):
    """A run that nobody killed."""

    result: RunResult
    decisions: list[Decision]
    trials: list[TrialRecord]
    looks: Looks


def trials(folder: RunFolder) -> list[TrialRecord]:
    with closing(Store(folder.database_url, read_only=True)) as store:
        return store.trials(folder.name)


def read(folder: RunFolder, result: RunResult) -> Whole:
    with closing(Store(folder.database_url, read_only=True)) as store:
        name = folder.name
        return Whole(result, store.decisions(name), store.trials(name), looks_of(store, name))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Whole]:
    @cache
    def of(name: str) -> Whole:
        runs = tmp_path_factory.mktemp(name)
        result = run_experiment(EXPERIMENTS[name], runs=runs, observer=Silent())
        return read(list_runs(runs)[0], result)

    return of


def killed(driver: str, *arguments: str, at: int, notes: Path) -> None:
    """Runs a driver that is killed as its trial of this number begins, and all that it started."""
    mark = uuid.uuid4().hex
    driven = subprocess.run(
        [sys.executable, "-c", driver, *arguments],
        cwd=ROOT,
        start_new_session=True,
        env={**os.environ, "AGENTLAB_TEST_MARK": mark, DIES_AT: f"{at}:{notes}"},
        check=False,
    )
    assert driven.returncode == -signal.SIGKILL
    family = left_behind(notes)
    assert len(family) > 1, "it had started a sandbox"
    assert outliving(family, mark) == []


def is_of_canary(record: TrialRecord, found: Whole) -> bool:
    return record.candidate in {d.candidate for d in found.decisions if d.is_canary}


def is_of_a_canary_at_the_gate(record: TrialRecord, found: Whole) -> bool:
    gated = {d.candidate for d in found.decisions if d.is_canary and d.stage == "gate"}
    return record.candidate in gated and record.split == "validation"


def is_final(record: TrialRecord, found: Whole) -> bool:
    return record.split == "validation" and "#final/" in record.cluster


def is_of_survival(record: TrialRecord, found: Whole) -> bool:
    return record.split == "train" and "#final/" in record.cluster


def is_of_the_test(record: TrialRecord, found: Whole) -> bool:
    return record.split == "test"


@pytest.mark.serial
@pytest.mark.parametrize(
    ("name", "is_there", "share"),
    [
        pytest.param("run", is_of_canary, 0.0, id="canary"),
        pytest.param("run", is_of_a_canary_at_the_gate, 0.6, id="canary at the gate"),
        pytest.param("run", is_final, 0.5, id="final measurement"),
        pytest.param("run", is_of_survival, 0.5, id="survival"),
        pytest.param("run", is_of_the_test, 0.0, id="first of the test"),
        pytest.param("run", is_of_the_test, 0.6, id="test"),
        pytest.param("aa", is_of_canary, 0.6, id="aa"),
    ],
)
def test_a_run_that_is_killed_there_goes_on_to_the_same_history(
    whole: Callable[[str], Whole],
    tmp_path: Path,
    name: str,
    is_there: Callable[[TrialRecord, Whole], bool],
    share: float,
) -> None:
    wanted = whole(name)
    there = [n for n, record in enumerate(wanted.trials, 1) if is_there(record, wanted)]
    runs = tmp_path / "runs"
    killed(_RUN, str(runs), name, at=there[int(share * len(there))], notes=tmp_path / "alive.json")
    (folder,) = list_runs(runs)
    before = {record.key for record in trials(folder)}
    again = read(folder, resume_run(folder, observer=Silent()))

    assert again.decisions == wanted.decisions
    assert same(again.result) == same(wanted.result)
    assert again.looks == wanted.looks
    keys = [record.key for record in again.trials]
    assert len(keys) == len(set(keys))
    assert set(keys) >= before
    assert resume_run(folder, observer=Silent()) == again.result


@pytest.mark.serial
@pytest.mark.parametrize("at", [1, 8, 13])
def test_a_promotion_that_is_killed_there_comes_to_the_same_and_looks_once(
    tmp_path: Path, at: int
) -> None:
    files = [
        write_benchmark(
            tmp_path,
            name,
            environment=WORLD,
            measure="{final_blocks: 1, min_clusters: 2}",
            seed=seed,
        )
        for seed, name in enumerate(("one", "two"), 1)
    ]

    def below(name: str) -> RunFolder:
        folder = create_run_folder(tmp_path / name, "run")
        with closing(Store(folder.database_url)) as store:
            settings = EXPERIMENTS["run"].model_dump(mode="json")
            store.create_run(RunInfo(folder.name, "now", "0", "completed", settings, None))
        return folder

    def looked(folder: RunFolder) -> Looks:
        with closing(Store(folder.database_url, read_only=True)) as store:
            return looks_of(store, folder.name)

    wanted, cut = below("whole"), below("cut")
    whole = promoted(wanted, *files)
    killed(_PROMOTE, str(cut.path), *files, at=at, notes=tmp_path / "alive.json")
    again = promoted(cut, *files)

    assert again == whole
    assert kept_trials(cut) == kept_trials(wanted) == 24
    assert looked(cut) == looked(wanted)
    assert looked(cut).by_promote == 2
    assert promoted(cut, *files) == whole
    assert looked(cut).by_promote == 2
