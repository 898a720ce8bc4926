"""A model that is none, behind a real server on loopback that speaks the OpenAI chat protocol.

For tests of whatever calls a model: the answers are written down, and so is every way in which a
server of models can misbehave.

    with ModelPeer([says("hello"), fails(500), calls_tool("add", {"a": 1})]) as peer:
        model = OpenAICompatibleModel(peer.url)
        ...
        assert peer.count == 3
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from pydantic import JsonValue

from agentlab.llm.tokens import count_tokens

__all__ = [
    "ModelPeer",
    "PeerReply",
    "PeerRequest",
    "answers",
    "breaks_off",
    "calls_tool",
    "chat_body",
    "fails",
    "never_ends",
    "says",
    "too_many",
]


class PeerRequest(NamedTuple):
    """One request as it came."""

    number: int
    """From 1."""

    body: dict[str, Any]
    headers: Mapping[str, str]
    """Names in small letters."""

    at_s: float
    """When it came, by `time.monotonic`."""

    @property
    def text(self) -> str:
        """The texts of all messages, joined by line ends."""
        contents = (message.get("content") for message in self.body.get("messages", ()))
        return "\n".join(content for content in contents if isinstance(content, str))


class PeerReply(NamedTuple):
    """One answer. A server that behaves answers JSON, whole or piece by piece, as it is asked."""

    body: JsonValue | bytes = None
    """What it says; bytes go out as they are."""

    status: int = 200
    headers: Mapping[str, str] = {}
    after_s: float = 0.0
    """Seconds before it answers."""

    ending: str = "whole"
    """`whole`; `never`: a piece of the body again and again, until the other side hangs up;
    `broken`: half of it, and the connection is closed."""


def chat_body(
    message: Mapping[str, JsonValue], *, finish: str = "stop", model: str | None = None
) -> dict[str, JsonValue]:
    """Returns an answer in the shape of the protocol; the peer adds the model and the usage.

    Args:
        message: The message, without its role.
        finish: Why it ended.
        model: Who answers; the model that was asked for, if not given.
    """
    named: dict[str, JsonValue] = {} if model is None else {"model": model}
    return {
        "id": "chatcmpl-peer",
        "object": "chat.completion",
        "choices": [
            {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
        ],
        **named,
    }


def says(text: str, *, model: str | None = None, after_s: float = 0.0) -> PeerReply:
    """Returns an answer that is a text."""
    return PeerReply(chat_body({"content": text}, model=model), after_s=after_s)


def calls_tool(name: str, arguments: Mapping[str, JsonValue] | str, *, text: str = "") -> PeerReply:
    """Returns an answer that calls a tool.

    Args:
        name: The tool.
        arguments: What it is called with; a text goes out as it is, however malformed.
        text: What is said beside it.
    """
    given = arguments if isinstance(arguments, str) else json.dumps(arguments)
    call: JsonValue = {
        "id": "call_1",
        "type": "function",
        "function": {"name": name, "arguments": given},
    }
    return PeerReply(
        chat_body({"content": text or None, "tool_calls": [call]}, finish="tool_calls")
    )


def answers(body: JsonValue | bytes, *, status: int = 200, **headers: str) -> PeerReply:
    """Returns an answer of any shape; `content_type="text/html"` is a header."""
    return PeerReply(body, status, {key.replace("_", "-"): value for key, value in headers.items()})


def fails(status: int, message: str = "out of order") -> PeerReply:
    """Returns an error of the server."""
    return PeerReply({"error": {"message": message, "type": "peer"}}, status)


def too_many(retry_after_s: float | str | None = None) -> PeerReply:
    """Returns an overload, with the seconds after which it may be asked again."""
    headers = {} if retry_after_s is None else {"retry-after": str(retry_after_s)}
    return PeerReply({"error": {"message": "rate limit reached"}}, 429, headers)


def never_ends(body: bytes = b'data: {"choices":[{"delta":{"content":"and "}}]}\n\n') -> PeerReply:
    """Returns an answer that goes on for as long as somebody listens."""
    return PeerReply(body, 200, {"content-type": "text/event-stream"}, ending="never")


def breaks_off(body: bytes = b'{"choices": [{"message": {"content": "I was ab') -> PeerReply:
    """Returns an answer whose connection breaks in the middle."""
    return PeerReply(body, ending="broken")


Script = Callable[[PeerRequest], PeerReply] | Iterable[PeerReply]


class ModelPeer:
    """The server. Use it in a `with` block; outside of it nobody answers.

    Args:
        script: A function of the request, or answers one after the other, the last one for ever.
    """

    def __init__(self, script: Script) -> None:
        self._reply = script if callable(script) else _one_by_one(script)
        self._lock = threading.Lock()
        self.requests: list[PeerRequest] = []
        """Every request so far, in the order in which they came."""
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        """Where the protocol begins."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def count(self) -> int:
        """Requests so far."""
        return len(self.requests)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.is_closing.set()
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: dict[str, Any], headers: Mapping[str, str]) -> PeerReply:
        """Writes a request down and returns its answer."""
        with self._lock:
            request = PeerRequest(len(self.requests) + 1, body, headers, time.monotonic())
            self.requests.append(request)
            return _completed(self._reply(request), request)


def _one_by_one(replies: Iterable[PeerReply]) -> Callable[[PeerRequest], PeerReply]:
    given = tuple(replies)
    rest = itertools.chain(given, itertools.repeat(given[-1]))
    return lambda _: next(rest)


def _completed(reply: PeerReply, request: PeerRequest) -> PeerReply:
    """Adds to a proper answer what it leaves to the peer: the model and the usage."""
    body = reply.body
    if not isinstance(body, dict) or body.get("id") != "chatcmpl-peer":
        return reply
    sent = count_tokens(json.dumps(request.body.get("messages"), ensure_ascii=False))
    said = count_tokens(json.dumps(body["choices"], ensure_ascii=False))
    usage: JsonValue = {
        "prompt_tokens": max(1, sent),
        "completion_tokens": min(said, int(request.body.get("max_tokens") or said)),
    }
    return reply._replace(body={"model": request.body.get("model"), "usage": usage, **body})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, peer: ModelPeer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.peer = peer
        self.is_closing = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:  # Any: as its base has it
        """Says nothing: whoever hung up did so on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body go out together; apart, each answer waits 40 ms for the other side's leave.
    wbufsize = 1 << 16
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.peer.take(body, headers)
        self.server.is_closing.wait(reply.after_s)
        if reply.ending == "never":
            self._go_on(reply)
        elif reply.ending == "broken":
            self._break_off(reply)
        elif body.get("stream") and isinstance(reply.body, dict) and reply.status == 200:
            self._send(reply, b"".join(_events(reply.body)), "text/event-stream")
        else:
            self._send(reply, _bytes_of(reply.body), "application/json")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the standard library's name)
        """Says nothing."""

    def _send(self, reply: PeerReply, content: bytes, kind: str) -> None:
        self._head(reply, kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _head(self, reply: PeerReply, kind: str) -> None:
        self.send_response(reply.status)
        for name, value in {"content-type": kind, **reply.headers}.items():
            self.send_header(name, value)

    def _go_on(self, reply: PeerReply) -> None:
        self._head(reply, "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        while not self.server.is_closing.wait(0.02):
            self.wfile.write(_bytes_of(reply.body))
            self.wfile.flush()

    def _break_off(self, reply: PeerReply) -> None:
        content = _bytes_of(reply.body)
        self._head(reply, "application/json")
        self.send_header("content-length", str(2 * len(content) + 1))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
        self.close_connection = True


def _bytes_of(body: JsonValue | bytes) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _events(body: Mapping[str, Any]) -> Iterator[bytes]:
    """Yields an answer piece by piece: each word, each call in two halves, the end, the usage."""
    shared = {"id": body["id"], "object": "chat.completion.chunk", "model": body.get("model")}
    choice = body["choices"][0]
    for delta in _deltas(choice["message"]):
        yield _event({**shared, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    end = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
    yield _event({**shared, "choices": [end]})
    yield _event({**shared, "choices": [], "usage": body.get("usage")})
    yield b"data: [DONE]\n\n"


def _deltas(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    for piece in re.findall(r"\S*\s*", message.get("content") or ""):
        yield {"content": piece}
    for number, call in enumerate(message.get("tool_calls") or ()):
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        half = len(arguments) // 2
        begun = {"name": name, "arguments": arguments[:half]}
        yield {"tool_calls": [{"index": number, **call, "function": begun}]}
        yield {"tool_calls": [{"index": number, "function": {"arguments": arguments[half:]}}]}


def _event(piece: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(piece).encode() + b"\n\n"
