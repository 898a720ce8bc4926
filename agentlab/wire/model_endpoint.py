"""Endpoints of models on a loopback inside the sandbox. Standard library only.

A vendor's SDK finds an address in its environment variables and speaks its own protocol to it, with
a key that is none. What it says goes over the wire as it is; the trusted side answers, and meters.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["MODEL_TOOL", "open_endpoint"]

MODEL_TOOL = "$model"
"""Name of the call on the wire; no method of an episode can be called so."""

_KEY = "no-key-is-needed-here"
_MOST_BYTES = 16 << 20

Call = Callable[[str, Mapping[str, Any]], Any]
"""Makes a call over the wire: name and arguments to value."""


def open_endpoint(call: Call) -> None:
    """Starts the endpoints in a thread and names them in the environment of this process."""
    server = _Server(call)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    os.environ.update(
        OPENAI_BASE_URL=f"{address}/v1",
        OPENAI_API_BASE=f"{address}/v1",
        OPENAI_API_KEY=_KEY,
        ANTHROPIC_BASE_URL=address,
        ANTHROPIC_API_KEY=_KEY,
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, call: Call) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.call = call

    def server_bind(self) -> None:
        """Binds without asking for the machine's name, which nobody here knows."""
        self.socket.bind(("127.0.0.1", 0))
        self.server_name, self.server_port = self.socket.getsockname()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body go out together; apart, each answer waits for the other side's leave.
    wbufsize = 1 << 16
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        content = self.rfile.read(min(length, _MOST_BYTES))
        try:
            body = json.loads(content)
        except ValueError:
            self._send(400, "application/json", '{"error": {"message": "no JSON"}}')
            return
        arguments = {"path": self.path.partition("?")[0], "body": body}
        answer = self.server.call(MODEL_TOOL, arguments)
        self._send(answer["status"], answer["type"], answer["text"])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
        """Says nothing."""

    def _send(self, status: int, kind: str, text: str) -> None:
        content = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
