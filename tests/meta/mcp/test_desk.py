"""Calls of a client, and a run that takes them when it can."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from agentlab.meta.mcp.desk import ClientDesk, Said


def test_a_call_is_answered_by_whoever_takes_it() -> None:
    desk = ClientDesk()
    desk.open()
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(desk.call, "search", {"text": "x"})
        call = desk.next_call()
        assert call is not None
        assert (call.name, call.arguments) == ("search", {"text": "x"})
        call.answer.set_result(Said("found"))
        assert answer.result() == Said("found")


def test_while_the_run_is_busy_a_call_is_told_so() -> None:
    desk = ClientDesk(patience_s=0.01)
    assert desk.call("submit", {}) == Said(
        "the run is getting ready; call `wait` until it is done", is_error=True
    )
    assert not desk.call("wait", {}).is_error


def test_a_call_waits_for_a_moment_in_which_the_run_is_open() -> None:
    desk = ClientDesk(patience_s=60)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(desk.call, "wait", {})
        desk.open()
        call = desk.next_call()
        assert call is not None
        call.answer.set_result(Said("go on"))
        assert answer.result().text == "go on"


def test_calls_that_are_left_when_it_closes_are_not_left_waiting() -> None:
    desk = ClientDesk(patience_s=0.01)
    desk.open()
    with ThreadPoolExecutor() as pool:
        answers = [pool.submit(desk.call, "search", {}) for _ in range(3)]
        first = desk.next_call()
        assert first is not None
        first.answer.set_result(Said("found"))
        while sum(answer.done() for answer in answers) < 3:
            desk.close("proposal 1 is being measured")
        texts = sorted(answer.result().text for answer in answers)
    assert texts[0] == "found"
    assert texts[1:] == ["proposal 1 is being measured; call `wait` until it is done"] * 2


def test_once_it_is_over_everybody_is_told_and_that_is_known() -> None:
    desk = ClientDesk()
    desk.end("the run has ended: improved")
    assert desk.call("wait", {}) == Said("the run has ended: improved")
    assert desk.call("submit", {}).is_error
    desk.wait_until_told(60)


def test_a_client_that_has_left_is_waited_for_by_nobody() -> None:
    desk = ClientDesk()
    desk.open()
    threading.Thread(target=desk.leave).start()
    assert desk.next_call() is None
    assert desk.is_gone
    desk.wait_until_told(60)
