"""Sites without a browser: requests go straight to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest

from agentlab.core.task import Task
from environments.browser.sites import make_site
from environments.browser.sites.site import Request, Site


class Visitor:
    """What a browser does, as far as a site can tell."""

    def __init__(self, task: str, seed: int) -> None:
        self.site: Site = make_site(Task(id=task), seed)

    def get(self, address: str) -> str:
        """Returns the page at an address."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        return self.site.respond(Request("GET", parts.path, query, {}, {})).body.decode()

    def post(self, path: str, **form: str) -> str:
        """Sends a form and returns the page that it leads to."""
        response = self.site.respond(Request("POST", path, {}, form, {}))
        is_elsewhere = response.status == 303
        return self.get(response.headers["Location"]) if is_elsewhere else response.body.decode()

    def crawl(self) -> dict[str, str]:
        """Returns all pages that links lead to, by address."""
        pages: dict[str, str] = {}
        waiting = [self.site.start_path]
        while waiting:
            address = waiting.pop()
            if address in pages or len(pages) > 150:
                continue
            pages[address] = self.get(address)
            links = re.findall(r'href="(/[^"]*)"', pages[address])
            waiting += [link.replace("&amp;", "&") for link in links]
        return pages


@pytest.fixture
def visit() -> Callable[[str, int], Visitor]:
    """Returns a function that opens a site by task and seed."""
    return Visitor
