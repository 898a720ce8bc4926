from __future__ import annotations

from agentlab.core.trial import Bench
from agentlab.testing.executor_suite import ExecutorSuite
from agentlab.trials.executor import Executor
from agentlab.trials.inline import InlineExecutor


class TestInline(ExecutorSuite):
    def make_executor(self, bench: Bench) -> Executor:
        return InlineExecutor(bench)
