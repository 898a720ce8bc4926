"""The browser environment as every environment: its suite, its oracle, its splits."""

from __future__ import annotations

from typing import Any

import pytest

from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.core.value import JsonValue
from agentlab.references import build_environment
from agentlab.testing.environment_suite import EnvironmentSuite
from tests.environments.browser import oracle

pytestmark = pytest.mark.browser


def _all_tasks(environment: Environment) -> list[Task]:
    return [task for split in SPLITS for task in environment.tasks(split)]


class TestBrowserEnvironment(EnvironmentSuite):
    """The conformance suite on real Chromium."""

    def make_environment(self) -> Environment:
        return build_environment(EnvironmentSpec(reference="environments/browser"))

    def oracle(self, episode: Episode) -> JsonValue:
        return oracle.solve(episode)

    def observe(self, episode: Any) -> JsonValue:
        seen: JsonValue = episode.observe()
        return seen

    @pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.slow)])
    @pytest.mark.parametrize("split", SPLITS)
    def test_the_oracle_solves_every_task(
        self, environment: Environment, split: SplitName, seed: int
    ) -> None:
        for task in environment.tasks(split):
            episode = environment.start(task, seed)
            outcome = episode.judge(oracle.solve(episode))
            assert outcome.success == 1, (task.id, seed, outcome.feedback)
            episode.close()

    def test_the_same_seed_looks_the_same_and_doing_nothing_solves_nothing_on_every_page(
        self, environment: Environment
    ) -> None:
        for task in _all_tasks(environment):
            hashes = set()
            for _ in range(2):
                episode: Any = environment.start(task, 11)
                hashes.add(episode.observation_hash())
                assert episode.judge(None).success == 0, task.id
                episode.close()
            assert len(hashes) == 1, task.id

    def test_no_template_and_no_skin_is_in_two_splits(self, environment: Environment) -> None:
        parts = [
            {part for task in environment.tasks(split) for part in task.group.split("/")}
            for split in SPLITS
        ]
        assert len(set.union(*parts)) == sum(map(len, parts))
