"""The loopback server of a worker: it gives each live site an origin of its own."""

from __future__ import annotations

import json
import threading
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .sites.site import Request, Response, Site

__all__ = ["SiteServer"]

_MAX_BODY = 1 << 20


class SiteServer:
    """Serves `http://eN.localhost:PORT/` from the N-th site; any other host is not there."""

    def __init__(self) -> None:
        self._sites: dict[str, Site] = {}
        self._opened = 0
        self._pending = 0
        self._lock = threading.Lock()
        self.strays = 0
        """Requests to hosts that were not live."""

        owner = self

        class Handler(_Handler):
            server_owner = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port, chosen by the system."""
        port: int = self._server.server_address[1]
        return port

    @property
    def pending(self) -> int:
        """Requests that have come and are not answered yet."""
        return self._pending

    def open(self, site: Site) -> str:
        """Makes a site live and returns its origin, never used before."""
        self._opened += 1
        name = f"e{self._opened}"
        self._sites = {name: site}
        self.strays = 0
        return f"http://{name}.localhost:{self.port}"

    def close(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()

    def respond(self, host: str, request: Request) -> Response:
        """Returns what the site of a host answers; one request at a time, as its state expects."""
        with self._lock:
            self._pending += 1
        try:
            site = self._sites.get(host.split(".", maxsplit=1)[0])
            if site is None:
                self.strays += 1
                return Response(b"not here", "text/plain", 404)
            if request.path == "/favicon.ico":
                return Response(b"", "image/x-icon", 204)
            with self._lock:
                response = site.respond(request)
            if response.delay_s:
                time.sleep(response.delay_s)
            return response
        finally:
            with self._lock:
                self._pending -= 1


class _Handler(BaseHTTPRequestHandler):
    server_owner: SiteServer
    protocol_version = "HTTP/1.1"
    # Header and body leave in one packet: apart they would wait for each other's acknowledgement.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answers a GET."""
        self._serve({})

    def do_POST(self) -> None:
        """Answers a POST with a form or a JSON object."""
        length = min(int(self.headers.get("Content-Length") or 0), _MAX_BODY)
        self._serve(_form(self.rfile.read(length), self.headers.get_content_type()))

    def _serve(self, form: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            form=form,
            cookies={name: morsel.value for name, morsel in cookies.items()},
        )
        response = self.server_owner.respond(self.headers.get("Host", ""), request)
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class named it
        """Says nothing: the trace has it all."""


def _form(body: bytes, content_type: str) -> dict[str, str]:
    text = body.decode("utf-8", "replace")
    if content_type == "application/json":
        try:
            parsed = json.loads(text)
        except ValueError:
            return {}
        return (
            {key: str(value) for key, value in parsed.items()} if isinstance(parsed, dict) else {}
        )
    return dict(parse_qsl(text, keep_blank_values=True))
