from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.outcome import Fate, Outcome
from agentlab.core.trial import Bench
from agentlab.testing.executor_suite import ExecutorSuite, _Shared
from agentlab.trials.executor import Executor, Finished
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


class Repeating(InlineExecutor):
    """Returns every other trial twice."""

    again: Finished | None = None

    def next_finished(self, timeout_s: float) -> Finished | None:
        if self.again is not None:
            repeated, self.again = self.again, None
            return repeated
        self.again = super().next_finished(timeout_s)
        return self.again


class Scoring(InlineExecutor):
    """Calls what broke on our side a failure of the candidate."""

    def next_finished(self, timeout_s: float) -> Finished | None:
        finished = super().next_finished(timeout_s)
        if finished is None or finished.record.fate is not Fate.INFRA:
            return finished
        change = {"fate": Fate.FAILED, "outcome": Outcome(success=0.0)}
        return finished._replace(record=finished.record.model_copy(update=change))


class Boasting(InlineExecutor):
    """Says that it runs two trials at one time."""

    slots = 2


@pytest.mark.parametrize(
    ("broken", "test", "arguments"),
    [
        (Repeating, "test_every_trial_finishes_once", ()),
        (Scoring, "test_what_breaks_on_our_side_is_infra_and_never_a_score", ("tool_bug",)),
        (Boasting, "test_as_many_trials_run_at_one_time_as_there_are_slots", ()),
    ],
)
def test_a_broken_promise_fails_its_test(
    broken: type[InlineExecutor], test: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    class Suite(ExecutorSuite):
        def make_executor(self, bench: Bench) -> Executor:
            return broken(bench)

    shared = _Shared(Suite(), str(tmp_path))
    try:
        with pytest.raises(AssertionError):
            getattr(Suite(), test)(shared.open(), *arguments)
    finally:
        shared.close()
