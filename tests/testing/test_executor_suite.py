from __future__ import annotations

import pytest

from agentlab.core.trial import Bench
from agentlab.testing.executor_suite import ExecutorSuite
from agentlab.trials.executor import Executor
from agentlab.trials.inline import InlineExecutor


class TestInline(ExecutorSuite):
    def make_executor(self, bench: Bench) -> Executor:
        return InlineExecutor(bench)


@pytest.mark.ray
class TestRay(ExecutorSuite):
    is_apart = True

    def make_executor(self, bench: Bench) -> Executor:
        from agentlab.trials.ray_executor import RayExecutor

        return RayExecutor(bench, slots=2)
