"""Jobs that think side by side, and the one thread that runs what they want run.

Models answer slowly, so proposals are thought out in threads of their own. Trials and sandboxes
belong to the thread that made them: what a job wants of these waits in a queue, which the caller's
thread serves while the jobs think.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Generic, NamedTuple, TypeVar

__all__ = ["Serving"]

Result = TypeVar("Result")


class _Asked(NamedTuple):
    announce: Callable[[], None]
    """Queues what it needs, without waiting for it."""

    answer: Callable[[], Any]  # Any: each asks for something else
    future: Future[Any]


class Serving:
    """Runs jobs in threads and serves them from the thread that made it."""

    def __init__(self) -> None:
        self._owner = threading.get_ident()
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()

    def call(
        self, answer: Callable[[], Result], *, announce: Callable[[], None] = lambda: None
    ) -> Result:
        """Returns what a function answers in the owner's thread.

        Args:
            answer: Run there, one at a time.
            announce: Run there before, for all who wait, so that what they need is queued at once.
        """
        if threading.get_ident() == self._owner:
            announce()
            return answer()
        future: Future[Result] = Future()
        self._asked.put(_Asked(announce, answer, future))
        return future.result()

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """Returns what the jobs answer, in their order, each run in a thread of its own.

        Raises:
            Exception: what the first of them raised, once all have ended.
        """
        running = [_Job(job, self._asked) for job in jobs]
        # Not waited for where the caller is interrupted: a model may take minutes to answer.
        for job in running:
            threading.Thread(target=job.run, daemon=True).start()
        left = len(running)
        while left:
            batch = self._next_asked()
            left -= sum(asked is None for asked in batch)
            self._serve([asked for asked in batch if asked is not None])
        return [job.result.result() for job in running]

    def _next_asked(self) -> list[_Asked | None]:
        batch = [self._asked.get()]
        while not self._asked.empty():
            batch.append(self._asked.get())
        return batch

    def _serve(self, batch: Sequence[_Asked]) -> None:
        for asked in batch:
            asked.announce()
        for asked in batch:
            try:
                asked.future.set_result(asked.answer())
            except Exception as error:  # noqa: BLE001 - it is raised in the thread that asked
                asked.future.set_exception(error)


class _Job(Generic[Result]):
    """One job in its thread."""

    def __init__(self, job: Callable[[], Result], done: queue.SimpleQueue[_Asked | None]) -> None:
        self._job = job
        self._done = done
        self.result: Future[Result] = Future()

    def run(self) -> None:
        """Runs it to its end, whatever that is."""
        try:
            self.result.set_result(self._job())
        except BaseException as error:  # noqa: BLE001 - it is raised by whoever waits for the jobs
            self.result.set_exception(error)
        finally:
            self._done.put(None)
