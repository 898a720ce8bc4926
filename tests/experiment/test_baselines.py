"""Simpler searches beside a run: as many trials, the same final seeds, the same after a kill."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from agentlab.core.decision import Decision
from agentlab.core.progress import Progress, Silent
from agentlab.core.result import RunResult
from agentlab.experiment.baselines import announce_baselines, with_baselines
from agentlab.experiment.build import build_world
from agentlab.experiment.config import Experiment
from agentlab.experiment.journal import StoreJournal
from agentlab.experiment.load import experiment_to_yaml
from agentlab.experiment.run import execute
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import RunInfo, Store
from agentlab.testing.environments.noisy import NoisyEnvironment
from agentlab.trials.executor import Finished
from tests.experiment.noisy_run import noisy_experiment
from tests.search.arithmetic import Arithmetic

EXPERIMENT = noisy_experiment(measure={"final_blocks": 5, "baselines": ["random", "numeric"]})


class Killed(BaseException):
    """As if the power had gone."""


class Mortal(Arithmetic):
    """Dies after so many trials."""

    def __init__(self, *, life: int) -> None:
        super().__init__(NoisyEnvironment())
        self._life = life

    def next_finished(self, timeout_s: float) -> Finished | None:
        if self.measured >= self._life:
            raise Killed
        return super().next_finished(timeout_s)


class Notes(Silent):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.messages: set[str] = set()

    def note(self, message: str) -> None:
        self.notes.append(message)

    def progress(self, progress: Progress) -> None:
        self.messages.add(progress.message)

    def decided(self, decision: Decision) -> None:
        pass


def run(
    folder: Path, executor: Arithmetic, experiment: Experiment = EXPERIMENT
) -> tuple[RunResult, Notes]:
    """Runs, or goes on with, an experiment and its baselines in a folder."""
    folder.mkdir(exist_ok=True)
    place, notes, world = RunFolder(folder), Notes(), build_world(experiment)
    place.experiment.write_text(experiment_to_yaml(experiment))
    with closing(Store(place.database_url)) as store:
        if not store.runs():
            store.create_run(
                RunInfo(place.name, "now", "0", "running", experiment.model_dump(mode="json"), None)
            )
        result = execute(
            experiment,
            world,
            executor,
            journal=StoreJournal(store, place),
            folder=place,
            observer=notes,
            on_test=lambda address: None,
        )
        result = with_baselines(
            experiment,
            world,
            executor,
            result=result,
            store=store,
            folder=place,
            observer=notes,
        )
    return result, notes


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, Notes, Path, int]:
    """A run with both baselines, and how many trials it took."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    executor = Arithmetic(NoisyEnvironment())
    return *run(folder, executor), folder, executor.measured


def test_each_has_as_many_trials_as_the_search_and_ends_its_last_batch(
    whole: tuple[RunResult, Notes, Path, int],
) -> None:
    result = whole[0]
    random, numeric = result.baselines
    assert (random.name, numeric.name) == ("random", "numeric")
    assert random.trials_given == numeric.trials_given > 0
    assert random.trials_given <= random.trials < random.trials_given + 12
    # What was tried of a proposal before it was carried over to a new incumbent is in the budget
    # and in no decision.
    assert numeric.trials > numeric.trials_given - 12
    assert random.proposals > 0 < numeric.proposals


def test_all_are_measured_on_the_same_final_seeds(
    whole: tuple[RunResult, Notes, Path, int],
) -> None:
    result = whole[0]
    for one in result.baselines:
        for split in ("validation", "test"):
            mine, theirs = getattr(result.winner, split), getattr(one.scores, split)
            lead = getattr(one.lead, split)["success"].estimate
            assert lead == pytest.approx(mine["success"].estimate - theirs["success"].estimate)


def test_each_is_a_run_that_can_be_looked_into(
    whole: tuple[RunResult, Notes, Path, int],
) -> None:
    folder = whole[2]
    numeric = RunFolder(folder / "baselines" / "whole-numeric")
    with closing(Store(numeric.database_url, read_only=True)) as store:
        decisions = store.decisions(numeric.name)
        assert store.run(numeric.name).status == "completed"
    assert {decision.source for decision in decisions} == {"numeric"}
    assert len(decisions) == whole[0].baselines[1].proposals


def test_what_the_run_measured_is_not_measured_again(
    whole: tuple[RunResult, Notes, Path, int],
) -> None:
    _, _, folder, measured = whole
    seen = []
    for place in (folder, *sorted((folder / "baselines").iterdir())):
        with closing(Store(RunFolder(place).database_url, read_only=True)) as store:
            seen += [record.key for record in store.trials(place.name)]
    assert len(seen) <= measured, "each was measured once"
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_killed_at_any_instant_it_goes_on_to_the_same_columns(
    whole: tuple[RunResult, Notes, Path, int], tmp_path: Path, share: float
) -> None:
    folder = tmp_path / "whole"
    with pytest.raises(Killed):
        run(folder, Mortal(life=int(whole[3] * share)))
    again = Arithmetic(NoisyEnvironment())
    result, _ = run(folder, again)
    assert result.baselines == whole[0].baselines
    assert again.measured < whole[3]


def test_it_says_beforehand_what_it_will_take_and_tells_how_it_goes(
    whole: tuple[RunResult, Notes, Path, int],
) -> None:
    notes = Notes()
    announce_baselines(EXPERIMENT, notes)
    assert notes.notes == [
        "baselines random, numeric: after the run, each has as many trials as its search took; "
        "all in all about 3 times the time"
    ]
    announce_baselines(noisy_experiment(), notes)
    assert len(notes.notes) == 1
    assert any(message.startswith("baseline noisy-random") for message in whole[1].messages)


def test_without_baselines_nothing_is_added(tmp_path: Path) -> None:
    result, _ = run(tmp_path / "plain", Arithmetic(NoisyEnvironment()), noisy_experiment())
    assert result.baselines == ()
    assert not (tmp_path / "plain" / "baselines").exists()
