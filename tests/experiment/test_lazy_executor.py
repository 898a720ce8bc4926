"""An executor that starts nothing before somebody waits."""

from __future__ import annotations

import pytest

from agentlab.errors import InputError
from agentlab.experiment.build import bench_of
from agentlab.experiment.lazy_executor import LazyExecutor
from agentlab.trials.executor import Executor, Opened
from agentlab.trials.inline import InlineExecutor
from tests.experiment.noisy_run import noisy_experiment


def test_nothing_is_built_until_somebody_waits() -> None:
    built: list[Executor] = []

    def build() -> Executor:
        built.append(InlineExecutor(bench_of(noisy_experiment(sandbox="plain"))))
        return built[-1]

    executor = LazyExecutor(build, lambda opened: None)
    assert executor.in_flight > 1000, "it takes nothing yet"
    assert executor.slots == 1
    executor.close()
    assert built == []
    assert executor.next_finished(0.0) is None
    assert len(built) == 1
    assert executor.in_flight == 0
    executor.close()


def test_what_will_not_do_is_told_when_it_is_opened() -> None:
    def refuse(opened: Opened) -> None:
        raise InputError(f"not with {len(opened.fingerprint) > 0}")

    bench = bench_of(noisy_experiment(sandbox="plain"))
    executor = LazyExecutor(lambda: InlineExecutor(bench), refuse)
    with pytest.raises(InputError, match="not with True"):
        executor.next_finished(0.0)
    executor.close()
