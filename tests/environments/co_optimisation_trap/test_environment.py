"""The trap as every environment, and the truth that it is made of."""

from __future__ import annotations

from typing import Any

import pytest

from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.value import JsonValue
from agentlab.experiment.build import read_target
from agentlab.meta.ideas.agent import apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import build_environment, find_folder
from agentlab.testing.environment_suite import EnvironmentSuite

WORLD = EnvironmentSpec(reference="environments/co_optimisation_trap")
TARGET = read_target("environments/co_optimisation_trap/target")
IDEAS = find_folder("experiments/ideas/co_optimisation_trap")
BANK = {idea.name[:3]: idea for idea in read_bank(IDEAS)}


class TestCoOptimisationTrap(EnvironmentSuite):
    """The conformance suite."""

    def make_environment(self) -> Environment:
        return build_environment(WORLD)

    def oracle(self, episode: Any) -> JsonValue:
        wanted: int = episode._wanted
        return wanted


def truth(*ideas: str) -> float:
    """Returns how often the target with some ideas succeeds, in 2,000 trials without walls."""
    files = TARGET
    for number in ideas:
        applied = apply_idea(BANK[number], files)
        assert applied is not None
        files = applied
    names: dict[str, Any] = {}
    exec(files["rank.py"], names)
    prompt = files["prompts/expansion.md"].decode()
    environment = build_environment(WORLD)
    found = []
    for task in environment.tasks("validation"):
        for seed in range(100):
            episode: Any = environment.start(task, seed)
            scores = [names["score"](*document) for document in episode.search(prompt)]
            found.append(episode.judge(scores.index(max(scores))).success)
    return float(sum(found) / len(found))


@pytest.mark.parametrize(
    ("ideas", "success"),
    [
        ((), 0.41),
        (("001",), 0.57),
        (("002",), 0.21),
        (("003",), 0.71),
        (("001", "003"), 0.49),
        (("001", "002", "003"), 0.77),
    ],
)
def test_each_combination_is_worth_what_the_readme_says(
    ideas: tuple[str, ...], success: float
) -> None:
    # Four standard errors.
    assert truth(*ideas) == pytest.approx(success, abs=0.045)


@pytest.mark.parametrize("idea", ["005", "006"])
def test_some_ideas_do_nothing_at_all(idea: str) -> None:
    assert truth(idea) == truth()
