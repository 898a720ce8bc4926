"""A browser and small sites for tests of the tools."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from agentlab.core.value import JsonValue
from agentlab.references import find_folder, load_folder

__all__ = ["BODY", "PageSite", "World"]

_environment = load_folder(find_folder("environments/browser"))
_package = _environment.__name__.rpartition(".")[0]


def part(name: str) -> Any:
    """Returns a module of the environment's folder, such as `pool`."""
    return importlib.import_module(f"{_package}.{name}")


_site = part("sites.site")

BODY = """
<h1>Shop</h1>
<form method="post" action="/send">
  <label for="a">Name</label><input id="a" name="a">
  <select name="c" aria-label="Colour"><option>red</option><option value="b">blue</option></select>
  <input name="r" aria-label="Fixed" readonly value="x"><button type="button" disabled>Off</button>
  <label><input type="checkbox" name="t" value="yes"> Terms</label>
  <button>Send it</button>
</form>
<table><tr><th>Key</th><th>Value</th></tr><tr><td>weight</td><td>7 kg</td></tr></table>
<p>Some <b>bold</b> text</p><p hidden>never seen</p>
<a href="/two?x=1">Two</a> <a href="javascript:document.title='gone'">Script</a>
<a href="data:text/html,x">Data</a> <a href="file:///etc/passwd">File</a>
<button onclick="confirm('sure?');document.title='asked'">Ask</button>
<button onclick="fetch('/api').then(r=>r.text()).then(t=>{o.textContent=t})">Fetch</button>
<div id="o"></div><div id="late"></div>
<button onclick="late.textContent='now'">Late</button>
"""


class PageSite:
    """Serves pages by path; what was posted is its state."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self.instruction = "do it"
        self.start_path = "/"
        self._pages = pages
        self.posted: list[dict[str, str]] = []
        self.seen: list[str] = []

    def respond(self, request: Any) -> Any:
        self.seen.append(request.path)
        if request.method == "POST":
            self.posted.append(dict(request.form))
        if request.path == "/api":
            return _site.Response(b"fetched", "text/plain", delay_s=0.1)
        body = self._pages.get(request.path, f"<p>page {request.path}</p>")
        head = '<title>T</title><link rel="icon" href="data:,">'
        return _site.Response(f"<html><head>{head}</head><body>{body}</body></html>".encode())

    def judge(self, answer: JsonValue) -> Any:
        return _site.Judgement(bool(self.posted) or answer == "right", 0.5, "judged")


class World:
    """A server and a browser; makes episodes on small sites."""

    def __init__(self) -> None:
        self.server = part("server").SiteServer()
        self.pool = part("pool").BrowserPool(pending=lambda: self.server.pending)

    def start(self, pages: Mapping[str, str] | str = BODY, *, origin: str | None = None) -> Any:
        """Returns an episode whose `_site` is a PageSite."""
        site = PageSite({"/": pages} if isinstance(pages, str) else pages)
        address = self.server.open(site)
        if origin is not None:
            # For the teeth of isolation tests: the same origin again.
            self.server._sites = {origin: site}
            address = f"http://{origin}.localhost:{self.server.port}"
        return part("episode").BrowserEpisode(site, address, self.pool)

    def close(self) -> None:
        self.pool.discard()
        self.server.close()


def ref(episode: Any, name: str) -> str:
    """Returns the ref of the first node of a name."""
    nodes = episode.observe(limit=1000)["nodes"]
    found: str = next(node["ref"] for node in nodes if node.get("name") == name)
    return found


MakeEpisode = Callable[..., Any]
