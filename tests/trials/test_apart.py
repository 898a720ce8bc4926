"""A worker in a new process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.task import Task
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.errors import InfraError, InputError
from agentlab.testing.environments.mishaps import mishap_task
from agentlab.testing.hostile import candidate_doing
from agentlab.trials.apart import ApartWorker, Origin
from tests.search.caches.stages import WHOLE_TARGET, pairs, setting
from tests.trials.bench import GOOD, bench, trial

MISHAPS = Bench(
    environment=EnvironmentSpec(
        reference="agentlab.testing.environments.mishaps:MishapsEnvironment"
    ),
    target=TargetSpec(),
    limits=Limits(wall_s=5),
    sandbox="plain",
)
ROLLS = candidate_doing("return tools.roll()")


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    with Origin() as origin:
        yield origin


@pytest.fixture
def worker(origin: Origin, tmp_path: Path) -> Iterator[ApartWorker]:
    worker = origin.worker(MISHAPS, artefacts=tmp_path / "artefacts")
    yield worker
    worker.close()


def on(task: Task) -> Trial:
    pair = Pair(task=task, seed=1, split="train", cluster="1")
    return Trial(bench="b", candidate=ROLLS.digest, pair=pair, trace="always")


def test_it_runs_trials_and_brings_their_frames(worker: ApartWorker) -> None:
    finished = worker.run(on(Task(id="open-0", group="open")), ROLLS)

    assert finished.record.fate is Fate.SOLVED
    assert [sent.sender for sent in finished.trace] == ["candidate", "environment", "candidate"]
    assert worker.opened.sandbox == "plain"


def test_it_has_a_process_and_a_temporary_folder_of_its_own(origin: Origin, tmp_path: Path) -> None:
    one, other = (origin.worker(bench(), artefacts=tmp_path / name) for name in "ab")
    try:
        assert len({one.pid, other.pid, os.getpid()}) == 3
        assert one._folder.name != other._folder.name
        assert one.run(trial(GOOD), GOOD).record.fate.is_judged
    finally:
        one.close()
        other.close()
    assert not Path(one._folder.name).exists()


def test_what_one_worker_kept_in_a_module_no_other_has(origin: Origin, tmp_path: Path) -> None:
    given = setting(keeps="module").bench
    (pair,) = pairs(1)
    plain = WHOLE_TARGET
    kind = plain.with_files(
        {"agent.py": plain.files["agent.py"].replace(b"kind", b"rude")}, parent=plain.digest
    )

    def answers(*candidates: Candidate) -> list[object]:
        worker = origin.worker(given, artefacts=tmp_path / "artefacts")
        try:
            trials = [Trial(bench="b", candidate=c.digest, pair=pair) for c in candidates]
            return [
                worker.run(trial, candidate).record.outcome
                for trial, candidate in zip(trials, candidates, strict=True)
            ]
        finally:
            worker.close()

    (fresh,) = answers(kind)
    kept = answers(plain, kind)
    assert kept[0] == kept[1] != fresh


def test_an_origin_that_ended_gives_no_worker(tmp_path: Path) -> None:
    made = Origin()
    made.close()
    with pytest.raises(InfraError, match="no process"):
        made.worker(MISHAPS, artefacts=tmp_path)


def test_a_process_that_dies_makes_its_trials_infra(worker: ApartWorker) -> None:
    for _ in range(2):
        record = worker.run(on(mishap_task("worker_dies")), ROLLS).record

        assert record.fate is Fate.INFRA
        assert record.reason == "the worker died"


def test_what_a_person_got_wrong_is_told_as_such(origin: Origin, tmp_path: Path) -> None:
    missing = EnvironmentSpec(reference="environments/brwser")
    with pytest.raises(InputError, match="did you mean 'browser'"):
        origin.worker(MISHAPS.model_copy(update={"environment": missing}), artefacts=tmp_path)


def test_what_an_environment_prints_is_no_answer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    world = tmp_path / "world"
    world.mkdir()
    (world / "environment.py").write_text(
        "from agentlab.testing.environments.noisy import NoisyEnvironment\n"
        "class Loud(NoisyEnvironment):\n"
        "    def start(self, task, seed):\n"
        "        print('hello', flush=True)\n"
        "        return super().start(task, seed)\n"
        "ENVIRONMENT = Loud\n"
    )
    loud = bench().model_copy(update={"environment": EnvironmentSpec(reference=str(world))})
    with Origin() as origin:
        worker = origin.worker(loud, artefacts=tmp_path / "artefacts")
        try:
            assert worker.run(trial(GOOD), GOOD).record.fate.is_judged
        finally:
            worker.close()
    assert "hello" in capfd.readouterr().err
