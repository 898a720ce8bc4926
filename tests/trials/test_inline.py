"""The executor in this process, and through it the worker and the talk over the wire."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate
from agentlab.core.trial import TrialRecord
from agentlab.trials.inline import InlineExecutor
from tests.trials.bench import GOOD, bench, body, trial


@pytest.fixture(scope="module")
def executor() -> Iterator[InlineExecutor]:
    executor = InlineExecutor(bench())
    executor.open()
    yield executor
    executor.close()


def run(executor: InlineExecutor, candidate: Candidate, seed: int = 0) -> TrialRecord:
    executor.submit(trial(candidate, seed), candidate)
    assert executor.in_flight == 1
    finished = executor.next_finished(1.0)
    assert finished is not None
    return finished.record


def test_a_good_candidate_is_judged_and_metered(executor: InlineExecutor) -> None:
    record = run(executor, GOOD, seed=5)
    assert record.fate in (Fate.SOLVED, Fate.FAILED)
    assert record.outcome is not None
    assert (record.usage.tool_calls, record.usage.steps) == (3, 3)
    assert record.usage.context_tokens > 0


@pytest.mark.parametrize(
    ("source", "fate", "reason"),
    [
        ("raise ValueError('no')", Fate.CRASHED, "ValueError: no"),
        ("import sys; sys.exit(3)", Fate.CRASHED, "SystemExit"),
        ("import os; os._exit(3)", Fate.CRASHED, "without an answer"),
        ("import os; os.kill(os.getpid(), 9)", Fate.CRASHED, "without an answer"),
        ("import time; time.sleep(60)", Fate.TIMEOUT, "no answer within 3 s"),
        ("while True: pass", Fate.TIMEOUT, "no answer within 3 s"),
        ("print('x' * 50_000_000)", Fate.LIMIT, ""),
        ("x = bytearray(10 << 30)", Fate.LIMIT, "memory"),
        ("return float('nan')", Fate.CRASHED, "Error"),
        ("for _ in range(999): tools.turn(0, 0.5)", Fate.LIMIT, "tool_calls"),
        ("return 'x' * 3_000_000", Fate.LIMIT, "output"),
    ],
)
def test_what_a_candidate_does_to_itself_costs_its_own_trial(
    executor: InlineExecutor, source: str, fate: Fate, reason: str
) -> None:
    record = run(executor, body(source))
    assert record.fate is fate
    assert reason in record.reason
    assert record.success == 0.0
    assert run(executor, GOOD).fate.is_judged


def test_a_tool_that_is_misused_answers_and_the_episode_goes_on(executor: InlineExecutor) -> None:
    source = (
        "kinds = []\n"
        "for arguments in ((0, 'x'), (9,), (0, 1)):\n"
        "    try: tools.turn(*arguments)\n"
        "    except tools.Error as error: kinds.append(error.kind)\n"
        "assert kinds == ['bad_arguments'] * 2, kinds\n"
    )
    assert run(executor, body(source)).fate.is_judged


def test_any_json_is_an_answer(executor: InlineExecutor) -> None:
    for source in ("return None", "return {'a': [1, 'b']}", "return 'text'"):
        assert run(executor, body(source)).fate.is_judged


def test_the_same_trial_gives_the_same_outcome(executor: InlineExecutor) -> None:
    assert run(executor, GOOD, seed=3).outcome == run(executor, GOOD, seed=3).outcome
