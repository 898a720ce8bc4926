"""What a site is: it answers requests, holds the truth of one episode, and judges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from agentlab.core.value import JsonValue

__all__ = ["Judgement", "Request", "Response", "Site"]


class Request(NamedTuple):
    """What came over HTTP."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    """Fields of a form or of a JSON object."""

    cookies: Mapping[str, str]


class Response(NamedTuple):
    """What goes back."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = {}
    delay_s: float = 0.0


class Judgement(NamedTuple):
    """What an episode was worth."""

    success: bool
    progress: float
    """Share of the sub-goals reached, in [0, 1]."""

    feedback: str
    """What was found against what was asked, in words, for a train trial."""


class Site(Protocol):
    """One live instance; its attributes are the hidden state."""

    instruction: str
    start_path: str

    def respond(self, request: Request) -> Response:
        """Answers a request and changes the state accordingly."""
        ...

    def judge(self, answer: JsonValue) -> Judgement:
        """Judges from the state, and from the answer where the task asks for one."""
        ...
