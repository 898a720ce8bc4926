"""The ceiling report of real runs, small enough for this: each verdict once."""

from __future__ import annotations

import shlex
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

from agentlab.core.ceiling import Bounds, Ceiling, CeilingVerdict
from agentlab.core.decision import Verdict
from agentlab.core.result import RunResult
from agentlab.experiment.ceiling import with_stored_ceiling
from agentlab.experiment.load import load_experiment
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.measure.next_steps import steps_for
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import Store
from tests.calling import calling
from tests.experiment.noisy_run import noisy_experiment
from tests.experiment.test_run import Watching
from tests.measure.decided import decided, estimate, sampled
from tests.measure.test_ceiling_rules import case, plateau
from tests.measure.test_next_steps import setting

pytestmark = pytest.mark.usefixtures("called")

NUMBERS = """\
WAIT = 3.5
SHARE = 0.25
MOST = 12


def solve(goal, tools):
    spare = WAIT * SHARE + MOST
    return "done"
"""
"""Three numbers that move nothing."""

STRUCTURE = """\
def solve(goal, tools):
    words = goal.inputs["words"]
    first, last = words
    if first < last and goal.inputs["is_late"]:
        words = sorted(words)
    if first == last or not words:
        words = list(words)
    for word in words:
        if word != first:
            continue
        if word <= last and word:
            words = words + words
    while words and first > last:
        words = words[:]
    if len(words) > len(first) + len(last):
        words = [first, last]
    if first in words and last in words:
        first, last = last, first
    if first is not last:
        words = words * len(words)
    return "done"
"""
"""Nothing but structure: no number, and no edit of it makes it better."""

IDEA = """\
---
title: {title}
hypothesis: it is there
author: a test
---
```edit agent.py
<<<<<<< SEARCH
KNOBS = (0.6, 0.3, 0.5)
=======
KNOBS = {knobs}
>>>>>>> REPLACE
```
"""


def ended(runs: Path, **changes: Any) -> tuple[RunResult, Ceiling]:
    experiment = noisy_experiment(sandbox="plain", **changes)
    result = run_experiment(experiment, runs=runs, observer=Watching())
    assert result.ceiling is not None
    return result, result.ceiling


def plateaued(folder: Path, source: str, **changes: Any) -> Ceiling:
    """Returns the ceiling of a run in the world in which nothing can be gained."""
    (folder / "target").mkdir()
    (folder / "target" / "agent.py").write_text(source)
    world = {"reference": "tests.experiment.plateau_world:PlateauWorld"}
    options = changes.pop("options", {})
    _, ceiling = ended(
        folder / "runs",
        environment={**world, "options": options},
        target=str(folder / "target"),
        objective={"rule": {"max_blocks": 15, "worthwhile": 0.03}},
        **{
            "budget": {"candidates": 40},
            "measure": {"final_blocks": 8},
            **changes,
        },
    )
    return ceiling


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunResult]:
    """Returns the folder of a short run and its result; nobody changes it."""
    runs = tmp_path_factory.mktemp("short")
    with calling():
        result, _ = ended(runs, budget={"candidates": 4})
    return runs / result.run, result


def test_a_short_run_says_keep_going(short: tuple[Path, RunResult]) -> None:
    result = short[1]
    ceiling = result.ceiling
    assert ceiling is not None
    assert (ceiling.verdict, ceiling.rule) == ("keep going", "not flat")
    assert ceiling.bounds.winner == result.winner.validation["success"]
    assert ceiling.bounds.tasks > 0
    assert sum(mechanism.proposals for mechanism in ceiling.mechanisms) == 4
    told = sum(sum(mechanism.causes.values()) for mechanism in ceiling.mechanisms)
    assert told == 4 - result.candidates.kept


def test_a_gate_with_one_look_is_limited_by_noise(tmp_path: Path) -> None:
    rule = {"max_blocks": 5, "alpha": 1e-9, "worthwhile": 0.03}
    _, ceiling = ended(
        tmp_path, budget={"candidates": 4}, objective={"rule": rule}, accept=["noise", "cache"]
    )
    assert (ceiling.verdict, ceiling.rule) == ("noise-limited", "out of sight")
    assert ceiling.steps


def test_the_planted_optimum_saturates_the_benchmark(tmp_path: Path) -> None:
    (tmp_path / "ideas").mkdir()
    (tmp_path / "ideas" / "good.md").write_text(
        IDEA.format(title="the optimum", knobs="(0.9, 0.1, 0.6)")
    )
    meta = [{"kind": "ideas", "folder": str(tmp_path / "ideas")}]
    result, ceiling = ended(tmp_path / "runs", meta=meta)
    assert result.candidates.kept == 1
    assert (ceiling.verdict, ceiling.rule) == ("benchmark saturated", "at the top")


@pytest.mark.timeout(600)
def test_numbers_alone_end_in_a_parametric_ceiling(tmp_path: Path) -> None:
    ceiling = plateaued(tmp_path, NUMBERS, meta=["numeric"])
    assert (ceiling.verdict, ceiling.rule) == ("parametric ceiling", "numbers are done")
    assert ceiling.mechanisms[0].numbers == ceiling.plateau.numbers.proposals
    assert ceiling.plateau.structure.proposals == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_tasks_that_nobody_can_do_end_in_an_architectural_ceiling(tmp_path: Path) -> None:
    ceiling = plateaued(tmp_path, STRUCTURE, options={"hard": 4, "chance": 0.95})
    assert (ceiling.verdict, ceiling.rule) == ("architectural ceiling", "more is possible")
    never = [task.task for task in ceiling.bounds.unsolved if task.is_never]
    assert never == [f"validation-{number}" for number in range(4)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_flat_run_with_nothing_left_to_reach_for_may_stop(tmp_path: Path) -> None:
    ceiling = plateaued(tmp_path, STRUCTURE)
    assert (ceiling.verdict, ceiling.rule) == ("you can stop tuning this", "flat")
    assert ceiling.plateau.structure.is_flat


@pytest.mark.parametrize("verdict", get_args(CeilingVerdict))
def test_every_command_of_a_step_can_be_given(
    short: tuple[Path, RunResult], verdict: CeilingVerdict
) -> None:
    folder, _ = short
    asked = case(
        bounds=Bounds(winner=estimate(0.7), best_per_task_lead=estimate(0.2), tasks=9),
        plateau=plateau(numbers=9).model_copy(update={"kept": 1}),
    )
    decisions = (decided(1, Verdict.DISCARDED, "gate", tested=sampled(0.0)),)
    given = setting(frozen=("a b.txt",), sources=({"kind": "numeric"},))
    steps = steps_for(verdict, asked, given, decisions)
    for step in steps:
        _, *words = shlex.split(step.command.replace("RUN", str(folder))) or [""]
        if words[:1] == ["run"]:
            overrides = [word for before, word in pairwise(words) if before == "--set"]
            load_experiment(Path(words[1]), overrides)
        elif words:
            assert words[0] in {"show", "diff"}
    assert steps


def test_an_older_run_without_a_report_is_given_one(
    short: tuple[Path, RunResult], tmp_path: Path
) -> None:
    path, result = short
    ceiling = result.ceiling
    assert ceiling is not None
    folder = RunFolder(tmp_path / path.name)
    shutil.copytree(path, folder.path)
    store = Store(folder.database_url)
    try:
        older = result.model_dump(mode="json", exclude={"ceiling"})
        store.update_run(folder.name, status="completed", result=older)
        again = resume_run(folder, observer=Watching())
        assert again.ceiling is None
        anew = with_stored_ceiling(again, store, folder.name).ceiling
    finally:
        store.close()

    assert anew is not None
    # Trials that came too late to be looked at are among those that are stored.
    approximate = {"bounds"}
    assert anew.model_dump(exclude=approximate) == ceiling.model_dump(exclude=approximate)
    assert anew.bounds.winner == ceiling.bounds.winner


def test_a_run_that_was_for_a_debugger_has_no_ceiling(tmp_path: Path) -> None:
    debugged = noisy_experiment(executor={"kind": "debug"}, budget={"candidates": 1})
    result = run_experiment(debugged, runs=tmp_path, observer=Watching())
    assert result.ceiling is None


@pytest.mark.ray
def test_the_report_does_not_depend_on_how_many_slots_there_are(tmp_path: Path) -> None:
    _, inline = ended(tmp_path / "inline", budget={"candidates": 4})
    executor = {"kind": "ray", "slots": 2}
    _, on_ray = ended(tmp_path / "ray", budget={"candidates": 4}, executor=executor)
    assert on_ray == inline
