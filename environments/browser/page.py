"""A browser page as the tools see it: walk, act, settle."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Dialog, Error, Page

from agentlab.errors import InfraError, ToolError

__all__ = ["LivePage"]

_WALK = (Path(__file__).parent / "walk.js").read_text(encoding="utf-8")
_QUIET_MS = 15
_CAP_S = 0.6
_EVALUATE_MS = 2000
_LOST = (
    "Cannot find context",
    "context was destroyed",
    "Inspected target navigated",
    "frame for given id",
)
_KEYS = re.compile(r"(.[^+]*)\+?", re.DOTALL)
"""The keys of a chord such as `Control++`, told apart as Playwright does."""

_COPY_NOTHING = """(() => {
  const nothing = (event) => {
    event.clipboardData.setData("text/plain", "");
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener("copy", nothing, { capture: true, once: true });
  return document.execCommand("copy");
})()"""


class LivePage:
    """One page, read through an isolated world and driven by mouse and keyboard."""

    def __init__(self, page: Page, cdp: CDPSession, *, pending: Callable[[], int]) -> None:
        """Takes a page.

        Args:
            page: The page.
            cdp: Its own debugging session.
            pending: How many requests of the page the server has not answered.
        """
        self.page = page
        self._cdp = cdp
        self._pending = pending
        self._world: int | None = None
        self._next_ref = 1
        self.dialogs: list[str] = []
        page.on("dialog", self._answer_dialog)

    def open(self, url: str) -> None:
        """Goes to the first page of an episode; numbering of refs begins again."""
        self._next_ref = 1
        self.dialogs.clear()
        self._forget()
        self.page.goto(url, wait_until="load", timeout=15_000)
        # The way back ends here: pages of the episode before are at another origin.
        self._cdp.send("Page.resetNavigationHistory")

    def back(self) -> None:
        """Goes to the page before.

        Raises:
            ToolError: this is the first page.
        """
        if self._cdp.send("Page.getNavigationHistory")["currentIndex"] == 0:
            raise ToolError("no_page", "there is no page before this one")
        self.page.go_back(wait_until="load")

    def path(self) -> str:
        """Returns the path and query that the page is at; the origin is nobody's business."""
        return "/" + self.page.url.split("/", 3)[-1] if self.page.url.count("/") >= 3 else "/"

    def call(self, method: str, *arguments: Any) -> dict[str, Any]:
        """Calls a method of the walk and returns its answer.

        Raises:
            ToolError: what the walk says cannot be done.
            InfraError: the browser does not answer.
        """
        answer = self._evaluate(f"{method}(...{json.dumps(arguments)})")
        if "error" in answer:
            raise ToolError(*answer["error"])
        self._next_ref = max(self._next_ref, answer.get("next", 0))
        return answer

    def press(self, key: str) -> None:
        """Presses a key or a chord.

        Raises:
            ToolError: there is no such key; none of the chord stays held down.
        """
        try:
            self.page.keyboard.press(key)
        except Error as error:
            self._release(_KEYS.findall(key))
            raise ToolError("bad_key", f"no key '{key}'") from error

    def clear_clipboard(self) -> None:
        """Empties the clipboard, which all contexts of a browser share.

        Raises:
            InfraError: the page does not do it.
        """
        try:
            found = self._cdp.send(
                "Runtime.evaluate",
                {"expression": _COPY_NOTHING, "userGesture": True, "returnByValue": True},
            )
        except Error as error:
            raise InfraError("the page is gone") from error
        if found["result"].get("value") is not True:
            raise InfraError("the page does not copy")

    def settle(self) -> None:
        """Waits until the page is quiet: no mutation, no navigation, no open request; bounded."""
        deadline = time.monotonic() + _CAP_S
        while True:
            state = self._evaluate(f"settle({_QUIET_MS}, 200)", awaits=True)
            if state["navigating"]:
                self._await_navigation()
            elif (state["ready"] and self._pending() == 0) or time.monotonic() > deadline:
                return

    def _release(self, keys: Sequence[str]) -> None:
        """Lets go of keys, up to the first that there is not: those after it were not reached."""
        for key in keys:
            try:
                self.page.keyboard.up(key)
            except Error:
                return

    def _await_navigation(self) -> None:
        """Waits for the next document; a navigation that comes to nothing costs a short while."""
        before = self._world
        deadline = time.monotonic() + 3.0
        while time.monotonic() < deadline:
            try:
                self._cdp.send("Runtime.evaluate", {"expression": "1", "contextId": before})
            except Error:
                self._forget()
                self.page.wait_for_load_state("load", timeout=10_000)
                return
            self.page.wait_for_timeout(2)
        self._evaluate("stayed()")

    def _evaluate(self, expression: str, *, awaits: bool = False) -> dict[str, Any]:
        for _ in range(5):
            try:
                found = self._cdp.send(
                    "Runtime.evaluate",
                    {
                        "expression": f"__agentlab.{expression}",
                        "contextId": self._world or self._enter_world(),
                        "returnByValue": True,
                        "awaitPromise": awaits,
                        "timeout": _EVALUATE_MS,
                    },
                )
            except Error as error:
                if any(words in str(error) for words in _LOST):
                    self._forget()
                    continue
                if "terminated" in str(error):
                    raise ToolError("too_slow", "the page took too long to answer") from error
                raise InfraError(
                    f"the browser does not answer: {error.message.splitlines()[0]}"
                ) from error
            if "__agentlab is not defined" in json.dumps(found.get("exceptionDetails", "")):
                # A new process may give its first world the number that ours had.
                self._forget()
                continue
            if "exceptionDetails" in found:
                raise ToolError(
                    "page_error", found["exceptionDetails"].get("text", "the walk failed")
                )
            value: dict[str, Any] = found["result"].get("value") or {}
            return value
        raise InfraError("the page does not stay long enough to be read")

    def _enter_world(self) -> int:
        """Makes the isolated world of the current document and puts the walk into it."""
        self.page.wait_for_load_state("domcontentloaded", timeout=10_000)
        tree = self._cdp.send("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        context: int = self._cdp.send(
            "Page.createIsolatedWorld", {"frameId": frame, "worldName": "agentlab"}
        )["executionContextId"]
        self._cdp.send(
            "Runtime.evaluate",
            {
                "expression": f"globalThis.__agentlab ??= ({_WALK})({self._next_ref}); 1",
                "contextId": context,
            },
        )
        self._world = context
        return context

    def _forget(self) -> None:
        self._world = None

    def _answer_dialog(self, dialog: Dialog) -> None:
        """Accepts alerts and confirmations, dismisses what asks for text; all are told."""
        self.dialogs.append(f"{dialog.type}: {dialog.message}")
        if dialog.type == "prompt":
            dialog.dismiss()
        else:
            dialog.accept()
