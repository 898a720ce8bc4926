"""The gateway behind an address: a server on loopback that lets in whoever has the token."""

from __future__ import annotations

import hmac
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import ValidationError

from agentlab.errors import AgentlabError
from agentlab.llm.gateway import ModelAccess
from agentlab.llm.model import CompletionRequest
from agentlab.llm.remote import reply_of

__all__ = ["GatewayServer"]

_MOST_BYTES = 64 << 20


class GatewayServer:
    """Answers questions until it is closed.

    Args:
        models: Who answers.
        token: What lets a question in.
    """

    def __init__(self, models: ModelAccess, token: str) -> None:
        self._server = _Server(models, token)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Answers nobody any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, models: ModelAccess, token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.models = models
        self.token = token


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body go out together; apart, each answer waits for the other side's leave.
    wbufsize = 1 << 16
    server: _Server

    def do_POST(self) -> None:
        given = self.headers.get("authorization", "")
        length = int(self.headers.get("content-length") or 0)
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            self._send(401, '"not let in"')
        elif length > _MOST_BYTES:
            self._send(413, '"too large a question"')
        else:
            self._answer(self.rfile.read(length))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Says nothing: every call is written down by the gateway."""

    def _answer(self, body: bytes) -> None:
        try:
            request = CompletionRequest.model_validate_json(body)
        except ValidationError:
            self._send(400, '"no question"')
            return
        try:
            reply = reply_of(self.server.models.ask(request))
        except AgentlabError as error:
            reply = reply_of(error)
        self._send(200, reply.model_dump_json())

    def _send(self, status: int, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        if status != 200:
            # What was not read would be taken for the next question.
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
