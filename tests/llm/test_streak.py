from __future__ import annotations

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from agentlab.errors import BudgetSpent, InputError, ModelDown, ModelFailure
from agentlab.llm.patience import Patience
from agentlab.llm.streak import Streak

HASTY = Patience(first_wait_s=0, failures_in_a_row=3, deadline_s=5)


def failure(status: int = 503, retry_after_s: float | None = None) -> ModelFailure:
    return ModelFailure(
        "out of order",
        endpoint="http://here",
        status=status,
        is_temporary=status >= 429,
        retry_after_s=retry_after_s,
    )


def soon() -> float:
    return time.monotonic() + 5


def call(streak: Streak, error: Exception | None, deadline: float | None = None) -> None:
    """Has one call that ends so."""
    with streak.turn(deadline or soon()):
        if error is not None:
            raise error


def test_after_so_many_failures_in_a_row_no_call_is_let_through() -> None:
    streak = Streak(HASTY)
    for _ in range(3):
        with pytest.raises(ModelFailure):
            call(streak, failure())

    with pytest.raises(ModelDown, match=r"http://here: status 503: .* 3 calls failed in a row"):
        call(streak, None)


@pytest.mark.parametrize("alive", [None, failure(400), InputError("wrong key")])
def test_an_answer_of_any_kind_begins_the_count_anew(alive: Exception | None) -> None:
    streak = Streak(HASTY)
    for error in (failure(), failure(), alive, failure(), failure()):
        with contextlib.suppress(ModelFailure, InputError):
            call(streak, error)

    # Without the answer in the middle, it would be down.
    call(streak, None)


def test_what_the_budget_stops_says_nothing_of_the_model() -> None:
    streak = Streak(HASTY)
    for error in (failure(), failure(), BudgetSpent("tokens"), failure()):
        with pytest.raises(type(error)):
            call(streak, error)

    with pytest.raises(ModelDown):
        call(streak, None)


def test_nobody_asks_before_the_server_wants_it() -> None:
    streak = Streak(HASTY)
    with pytest.raises(ModelFailure):
        call(streak, failure(429, retry_after_s=0.2))
    began = time.monotonic()

    call(streak, None)

    assert time.monotonic() - began >= 0.2


def test_a_wait_longer_than_the_deadline_is_not_begun() -> None:
    streak = Streak(HASTY)
    with pytest.raises(ModelFailure):
        call(streak, failure(429, retry_after_s=3600))

    with pytest.raises(ModelDown, match="may not be asked again for 3600 s"):
        call(streak, None)


def test_many_at_one_time_fail_no_oftener_than_one_after_another() -> None:
    streak, made = Streak(Patience(first_wait_s=0, failures_in_a_row=10, deadline_s=5)), []
    all_in = threading.Barrier(8, timeout=20)

    def ask(_: int) -> type[Exception]:
        try:
            with streak.turn(soon()):
                made.append(1)
                if len(made) <= 8:
                    all_in.wait()
                raise failure()
        except (ModelFailure, ModelDown) as error:
            return type(error)

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(ask, range(40)))

    assert len(made) == 10
    assert ends.count(ModelDown) == 30


def test_while_it_fails_one_asks_and_the_others_wait_for_how_it_ends() -> None:
    streak = Streak(HASTY)
    with pytest.raises(ModelFailure):
        call(streak, failure())

    with streak.turn(soon()), pytest.raises(TimeoutError):
        call(streak, None, deadline=time.monotonic() + 0.05)
