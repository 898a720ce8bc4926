from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from agentlab.llm.loop_thread import LoopThread


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    thread = LoopThread("test")
    yield thread
    thread.close()


async def answer() -> str:
    return threading.current_thread().name


async def never() -> None:
    await asyncio.Event().wait()


def test_work_is_done_in_the_thread_and_its_result_comes_back(thread: LoopThread) -> None:
    assert thread.run(answer(), timeout_s=5) == "test"


def test_what_never_ends_is_ended_at_its_deadline_and_the_thread_goes_on(
    thread: LoopThread,
) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        thread.run(never(), timeout_s=0.05)

    assert 0.05 <= time.monotonic() - began < 5
    assert thread.run(answer(), timeout_s=5) == "test"
