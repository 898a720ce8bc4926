"""One execution of an experiment, from the wiring to the result."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.decision import Decision
from agentlab.core.progress import Progress
from agentlab.errors import InputError, NothingMeasurable
from agentlab.experiment.session import run_experiment
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
    experiment = noisy_experiment(sandbox="plain", budget={"candidates": 1})
    result = run_experiment(experiment, runs=tmp_path, observer=watching)
    assert result.sandbox == "plain"
    assert any("NOT isolated" in note for note in watching.notes)


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
