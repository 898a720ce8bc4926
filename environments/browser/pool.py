"""The one browser of a worker: launched when first needed, renewed when it is worn or broken."""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    Request,
    sync_playwright,
)

from agentlab.errors import InfraError

from .find import find_browser
from .page import LivePage

__all__ = ["BrowserPool"]

_EPISODES_PER_CONTEXT = 300
_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-features=Translate,OptimizationHints,MediaRouter,HttpsUpgrades",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    # A process for every fresh origin would cost more than the page it shows.
    "--renderer-process-limit=1",
    # Nothing but our own loopback names resolves, not even an address written as numbers.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost",
]


class BrowserPool:
    """Hands out a page for an episode."""

    def __init__(self, *, pending: Callable[[], int]) -> None:
        self._pending = pending
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None
        self._page: LivePage | None = None
        self._episodes = 0
        self._origin = ""
        self.blocked: list[str] = []
        """Addresses outside the episode's origin that were asked for."""

        self.popups = 0

    def page_for(self, origin: str) -> LivePage:
        """Returns a page for an episode at a fresh origin.

        Raises:
            InfraError: no browser can be started.
        """
        self._origin = origin
        try:
            page = self._ready_page()
        except Error as error:
            self.discard()
            raise InfraError(
                f"the browser cannot be started: {error.message.splitlines()[0]}"
            ) from error
        self.blocked.clear()
        self.popups = 0
        return page

    def pages(self) -> list[Page]:
        """Returns the tabs of the context, in order of their opening."""
        return self._context.pages if self._context else []

    def attach(self, page: Page) -> LivePage:
        """Returns a live page for a tab."""
        assert self._context is not None
        page.on("websocket", lambda socket: self._note(socket.url))
        return LivePage(page, self._context.new_cdp_session(page), pending=self._pending)

    def retire_context(self) -> None:
        """Makes the next episode begin in a fresh context."""
        self._episodes = _EPISODES_PER_CONTEXT

    def discard(self) -> None:
        """Throws the browser away; the next episode starts another."""
        for close in (
            self._browser.close if self._browser else None,
            self._playwright.stop if self._playwright else None,
        ):
            if close is not None:
                try:
                    close()
                except Error:
                    # It is being thrown away because it is broken; its driver ends with its pipe.
                    continue
        self._playwright = self._browser = self._context = self._page = None

    def _ready_page(self) -> LivePage:
        if self._browser is None or not self._browser.is_connected():
            self._launch()
        assert self._browser is not None
        self._episodes += 1
        if self._context is None or self._page is None or self._episodes > _EPISODES_PER_CONTEXT:
            self._renew_context(self._browser)
        assert self._context is not None
        assert self._page is not None
        for page in self._context.pages:
            if page is not self._page.page:
                page.close()
        return self._page

    def _launch(self) -> None:
        self.discard()
        self._playwright = sync_playwright().start()
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self._browser = self._playwright.chromium.launch(
            executable_path=find_browser(), headless=True, args=[*_FLAGS, *sandbox]
        )

    def _renew_context(self, browser: Browser) -> None:
        if self._context is not None:
            self._context.close()
        self._context = browser.new_context(
            viewport={"width": 1280, "height": 720},
            accept_downloads=False,
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="UTC",
            permissions=[],
        )
        self._context.set_default_timeout(10_000)
        self._context.on("request", self._watch)
        self._page = self.attach(self._context.new_page())
        self._context.on("page", self._count_popup)
        self._episodes = 1

    def _watch(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self._note(request.url)

    def _note(self, url: str) -> None:
        """Notes an address that is not the episode's own."""
        if urlsplit(url).netloc != urlsplit(self._origin).netloc:
            self.blocked.append(url[:200])

    def _count_popup(self, _: Page) -> None:
        self.popups += 1
