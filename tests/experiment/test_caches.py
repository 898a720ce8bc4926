"""A cache that hides edits: refused before a run, told by check, accepted on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.progress import Progress, Silent
from agentlab.errors import InputError
from agentlab.experiment.build import build_world
from agentlab.experiment.caches import cache_findings, require_sound_caches
from agentlab.experiment.config import Experiment
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.experiment.session import run_experiment
from agentlab.testing.environments.noisy import NoisyEnvironment
from tests.experiment.noisy_run import noisy_experiment


class Listening(Silent):
    """Remembers notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


def trap(*settings: str) -> Experiment:
    return load_experiment(find_experiment("traps/cache"), settings)


def test_a_run_whose_cache_swallows_edits_is_refused_and_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        run_experiment(trap(), runs=tmp_path, observer=Silent())

    fault, way_out = refused.value.problems
    assert fault.startswith("prompts.py: edit '")
    assert "tool `search` answers from a cache that is keyed without `prompt`" in fault
    assert "--set accept=[cache]" in way_out
    assert list(tmp_path.iterdir()) == []


def test_who_interrupts_the_probe_is_told_that_there_is_nothing_to_resume(tmp_path: Path) -> None:
    class Interrupting(Silent):
        def progress(self, progress: Progress) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        run_experiment(noisy_experiment(accept=[]), runs=tmp_path, observer=Interrupting())
    assert caught.value.__notes__ == [
        "no run was begun yet and nothing is lost; start it again the same way"
    ]
    assert list(tmp_path.iterdir()) == []


def test_what_is_accepted_is_not_asked() -> None:
    experiment = trap("accept=[cache]")

    require_sound_caches(experiment, build_world(experiment), observer=Silent())


def test_the_mended_world_is_let_through_without_a_word() -> None:
    experiment = trap("environment.options.cached_by=content")
    observer = Listening()

    require_sound_caches(experiment, build_world(experiment), observer=observer)
    assert observer.notes == []


def test_of_an_environment_that_lives_here_alone_it_is_said_that_it_cannot_be_told() -> None:
    experiment = noisy_experiment(accept=[])
    world = build_world(experiment, NoisyEnvironment())

    (finding,) = cache_findings(experiment, world, observer=Silent())
    assert finding.level == "unknown"
    observer = Listening()
    require_sound_caches(experiment, world, observer=observer)
    assert observer.notes == [f"caches, agent.py: {finding.text}"]
