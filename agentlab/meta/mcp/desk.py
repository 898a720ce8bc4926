"""Between the server that a client calls and the run that waits for its proposals.

Calls come from threads of the server at any time. A run takes them while it waits for a proposal,
one at a time; meanwhile it measures, and whoever calls is told so rather than left waiting.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import NamedTuple

from agentlab.core.value import JsonValue

__all__ = ["Call", "ClientDesk", "Said"]

_HEARING_S = 2.0
"""How long an answer may take to its client."""


class Said(NamedTuple):
    """What a client is answered."""

    text: str
    is_error: bool = False


class Call(NamedTuple):
    """One call of a tool by a client."""

    name: str
    arguments: Mapping[str, JsonValue]
    answer: Future[Said]


class ClientDesk:
    """Passes calls on. Safe to use from many threads."""

    def __init__(self, *, patience_s: float = 20.0) -> None:
        """Opens it.

        Args:
            patience_s: How long a call waits while the run is busy; clients give up after some 60.
        """
        self._patience_s = patience_s
        self._calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._is_open = False
        self._busy = "the run is getting ready"
        self._ended = ""
        self._is_told = threading.Event()
        self._is_gone = threading.Event()

    @property
    def is_gone(self) -> bool:
        """Whether the client has left."""
        return self._is_gone.is_set()

    def call(self, name: str, arguments: Mapping[str, JsonValue]) -> Said:
        """Returns the answer of a tool, or what the run is busy with."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_open or bool(self._ended), self._patience_s)
            if self._ended:
                self._is_told.set()
                return Said(self._ended, is_error=name not in ("wait", "finish"))
            if not self._is_open:
                return Said(f"{self._busy}; call `wait` until it is done", name != "wait")
            call = Call(name, arguments, Future())
            self._calls.put(call)
        return call.answer.result()

    def open(self) -> None:
        """Says that the run waits for a proposal."""
        with self._changed:
            self._is_open = True
            self._changed.notify_all()

    def next_call(self) -> Call | None:
        """Returns the next call, waiting for it; None where the client has left."""
        return self._calls.get()

    def close(self, busy: str) -> None:
        """Says that the run does something else; calls that were left are told.

        Args:
            busy: What it does.
        """
        with self._changed:
            self._is_open = False
            self._busy = busy
            self._answer_rest(Said(f"{busy}; call `wait` until it is done", is_error=True))

    def end(self, told: str) -> None:
        """Says that the run is over.

        Args:
            told: What every further call is answered.
        """
        with self._changed:
            self._is_open = False
            self._ended = told
            self._answer_rest(Said(told, is_error=True))
            self._changed.notify_all()

    def leave(self) -> None:
        """Says that the client has left."""
        with self._changed:
            self._is_gone.set()
            self._is_told.set()
            self._calls.put(None)

    def wait_until_told(self, timeout_s: float) -> None:
        """Waits until a client was told that the run is over and could hear it, or has left."""
        if self._is_told.wait(timeout_s):
            self._is_gone.wait(_HEARING_S)

    def _answer_rest(self, said: Said) -> None:
        while True:
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                return
            if call is None:
                self._calls.put(None)
                return
            call.answer.set_result(said)
