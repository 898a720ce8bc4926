"""From a checked experiment to live objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentlab.core.task import SplitName, Task
from agentlab.core.trial import Bench
from agentlab.errors import InputError
from agentlab.experiment.build import (
    bench_of,
    build_executor,
    build_meta_agent,
    build_world,
    read_target,
)
from agentlab.meta.crossover import CrossoverAgent
from agentlab.meta.mutation.agent import MutationAgent
from agentlab.meta.numeric.agent import NumericAgent
from agentlab.testing.environments.noisy import NoisyEnvironment
from agentlab.trials.inline import InlineExecutor
from tests.experiment.noisy_run import noisy_experiment


def test_the_world_has_tasks_of_each_split_and_the_target() -> None:
    world = build_world(noisy_experiment())
    assert {split: len(tasks) for split, tasks in world.tasks.items()} == {
        "train": 12,
        "validation": 12,
        "test": 12,
    }
    assert set(world.baseline.files) == {"agent.py"}


def test_caches_and_hidden_files_are_no_part_of_a_target(tmp_path: Path) -> None:
    for name in ("agent.py", ".env", "__pycache__/agent.pyc", "deep/words.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x = 1\n")
    assert set(read_target(str(tmp_path))) == {"agent.py", "deep/words.txt"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"objective": {"maximise": "sucess"}}, "did you mean 'success'"),
        ({"objective": {"minimise": "cost_usd"}}, "no cost"),
        ({"measure": {"final_blocks": 2}}, "measure.final_blocks: 5 would do, or 18 more tasks"),
        ({"objective": {"maximise": "success + 2*progres"}}, "maximise: no metric 'progres'"),
        ({"objective": {"then": {"minimise": "cost_usd"}}}, "objective.then: .* no cost"),
        ({"objective": {"guards": ["sucess >= 0.9"]}}, "guards.0: 'sucess >= 0.9': no metric"),
        ({"objective": {"guards": ["p95_steps <= 9"]}}, "a percentile is written p95(steps)"),
        ({"objective": {"guards": ["steps >= 9"]}}, "less is better in steps; write `steps <= 9`"),
        ({"objective": {"rule": "gate"}}, "objective.rule: 'gate' is for fixed data"),
        ({"target": {"path": "agentlab/nowhere"}}, "no folder 'agentlab/nowhere'"),
        ({"environment": "agentlab.nowhere:World"}, "no module"),
        (
            {"environment": {"reference": "agentlab.testing.environments.noisy:NoisyWorld"}},
            "has no",
        ),
        (
            {
                "environment": {
                    "reference": "agentlab.testing.environments.noisy:NoisyEnvironment",
                    "options": {"speed": 3},
                }
            },
            "no option",
        ),
        (
            {
                "search": {"canaries": 0.1},
                "target": {
                    "path": "agentlab/testing/environments/targets/noisy",
                    "editable": ["*.md"],
                },
            },
            "target.editable: a canary is a copy with a comment more, and none of these",
        ),
    ],
)
def test_what_cannot_work_is_an_error_before_anything_starts(
    changes: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace(")", r"\)")):
        build_world(noisy_experiment(**changes))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "is of type NoneType; it must be a list of agentlab.Task"),
        (["a"] * 12, "holds str; it must be a list of agentlab.Task"),
        ([Task(id="a")] * 12, "has 'a' 12 times; each id must be unique"),
    ],
)
def test_what_is_no_list_of_different_tasks_is_told(given: object, said: str) -> None:
    class Odd(NoisyEnvironment):
        def tasks(self, split: SplitName) -> Any:
            return given

    with pytest.raises(InputError, match=said) as caught:
        build_world(noisy_experiment(), Odd())
    assert len(caught.value.problems) == 3, "one for each split"


def test_several_mistakes_are_told_at_once() -> None:
    experiment = noisy_experiment(
        objective={"maximise": "x", "guards": [{"metric": "y", "margin": 0.1}]},
        measure={"final_blocks": 1},
    )
    with pytest.raises(InputError) as caught:
        build_world(experiment)
    assert len(caught.value.problems) == 4


def test_a_target_that_does_not_parse_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("def solve(goal, tools):\n    return (\n")
    with pytest.raises(InputError, match=r"agent\.py: does not parse.*line 2"):
        build_world(noisy_experiment(target=str(tmp_path)))


def test_the_bench_is_what_decides_an_outcome() -> None:
    one = bench_of(noisy_experiment(), {"python": "3.12"})
    assert isinstance(one, Bench)
    assert one.digest != bench_of(noisy_experiment(), {"python": "3.13"}).digest
    assert one.digest == bench_of(noisy_experiment(seed=9), {"python": "3.12"}).digest


def test_the_configuration_chooses_executor_and_meta_agent() -> None:
    experiment = noisy_experiment()
    assert isinstance(build_executor(experiment, tell=print), InlineExecutor)
    world = build_world(experiment)
    for kind, agent in (
        ("mutation", MutationAgent),
        ("numeric", NumericAgent),
        ("crossover", CrossoverAgent),
    ):
        meta = noisy_experiment(meta=list(dict.fromkeys([kind, "mutation"]))).meta[:1]
        assert isinstance(build_meta_agent(meta, world.baseline), agent)
