"""An answer that comes piece by piece (server-sent events), put together to one that came whole."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

__all__ = ["whole_of"]

_MOST_CALLS = 256


def whole_of(text: str) -> dict[str, Any]:  # Any: the pieces have whatever shape they have
    """Returns the answer that the events of a stream make up, in the shape of one that came whole.

    Pieces that are no JSON object are an answer that cannot be read; they are not passed over.

    Raises:
        ValueError: a piece is no JSON object or has no shape, or the stream broke off.
    """
    whole = _Whole()
    for data in _events(text):
        piece = json.loads(data)
        if not isinstance(piece, dict):
            raise ValueError("a piece of its answer is no JSON object")
        whole.take(piece)
    return whole.body()


def _events(text: str) -> Iterable[str]:
    """Yields the data of each event; comments and names of events are passed over."""
    lines: list[str] = []
    # Not `splitlines`, which ends a line also at signs that a text may hold.
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if line.startswith("data:"):
            lines.append(line[5:].removeprefix(" "))
        elif not line and lines:
            data = "\n".join(lines)
            lines = []
            if data.strip() == "[DONE]":
                return
            yield data


class _Whole:
    """Adds up pieces; only the first choice counts."""

    def __init__(self) -> None:
        self._told: dict[str, Any] = {}
        self._texts: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}
        self._refusal = ""
        self._finish: Any = None

    def body(self) -> dict[str, Any]:
        if self._finish is None and "error" not in self._told:
            raise ValueError("its answer broke off")
        message: dict[str, Any] = {"content": "".join(self._texts), "refusal": self._refusal}
        if self._calls:
            message["tool_calls"] = [self._calls[place] for place in sorted(self._calls)]
        return {**self._told, "choices": [{"message": message, "finish_reason": self._finish}]}

    def take(self, piece: dict[str, Any]) -> None:
        for key in ("model", "usage", "error"):
            if piece.get(key):
                self._told[key] = piece[key]
        choices = piece.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            self._finish = choices[0].get("finish_reason") or self._finish
            self._delta(choices[0].get("delta"))

    def _delta(self, delta: Any) -> None:
        if not isinstance(delta, dict):
            return
        content, calls = delta.get("content"), delta.get("tool_calls")
        if not isinstance(content, str | None) or not isinstance(calls, list | None):
            raise ValueError("a piece of its answer has no shape")
        self._texts.append(content or "")
        self._refusal += str(delta.get("refusal") or "")
        for call in calls or ():
            self._call(call)

    def _call(self, given: Any) -> None:
        number = given.get("index", 0) if isinstance(given, dict) else None
        if not isinstance(number, int) or not 0 <= number < _MOST_CALLS:
            raise ValueError("a piece of a tool's call has no `index`")
        call = self._calls.setdefault(number, {"function": {"arguments": ""}})
        function = given.get("function")
        if isinstance(given.get("id"), str):
            call["id"] = given["id"]
        if not isinstance(function, dict):
            return
        if isinstance(function.get("name"), str):
            call["function"]["name"] = function["name"]
        if isinstance(function.get("arguments"), str):
            call["function"]["arguments"] += function["arguments"]
