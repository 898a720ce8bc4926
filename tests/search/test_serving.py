"""Jobs side by side, served by one thread."""

from __future__ import annotations

import threading

import pytest

from agentlab.search.serving import Serving


def test_jobs_answer_in_their_order_whatever_order_they_end_in() -> None:
    second_ended = threading.Event()

    def first() -> str:
        assert second_ended.wait(10)
        return "first"

    def second() -> str:
        second_ended.set()
        return "second"

    assert Serving().together([first, second]) == ["first", "second"]


def test_what_they_ask_for_is_answered_in_the_owners_thread() -> None:
    serving = Serving()

    def job() -> tuple[int, int]:
        return threading.get_ident(), serving.call(threading.get_ident)

    for own, answered in serving.together([job, job]):
        assert own != threading.get_ident()
        assert answered == threading.get_ident()


def test_all_that_wait_are_announced_before_one_is_answered() -> None:
    serving = Serving()
    asking = [threading.Event(), threading.Event()]
    seen: list[str] = []

    def holds() -> None:
        # The owner's thread is held until both others are about to ask.
        serving.call(lambda: [event.wait(10) for event in asking])

    def job(number: int) -> None:
        asking[number].set()
        serving.call(lambda: seen.append("answered"), announce=lambda: seen.append("announced"))

    serving.together([holds, lambda: job(0), lambda: job(1)])

    assert sorted(seen) == ["announced", "announced", "answered", "answered"]
    assert seen[0] == "announced"


def test_what_a_job_raises_is_raised_once_all_have_ended() -> None:
    ended = []

    def fails() -> None:
        raise KeyError("first")

    def works() -> None:
        ended.append(True)

    with pytest.raises(KeyError, match="first"):
        Serving().together([fails, works])
    assert ended == [True]


def test_what_the_owner_raises_is_raised_in_the_job_that_asked() -> None:
    serving = Serving()

    def fails() -> None:
        raise ValueError("no such trial")

    def job() -> str:
        try:
            serving.call(fails)
        except ValueError as error:
            return str(error)
        return "nothing"

    assert serving.together([job]) == ["no such trial"]


def test_the_owner_itself_is_answered_at_once() -> None:
    assert Serving().call(lambda: 7) == 7
