"""One live episode on a site, and the tools by which an agent sees and acts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from playwright.sync_api import Error
from pydantic import Field, JsonValue

from agentlab.core.environment import Episode
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.tool import tool
from agentlab.errors import InfraError, ToolError

from .page import LivePage
from .pool import BrowserPool
from .sites.site import Site

__all__ = ["BrowserEpisode"]

Ref = Annotated[str, Field(pattern=r"^e\d{1,7}$")]
FieldName = Literal[
    "ref", "role", "name", "value", "state", "options", "level", "href", "depth", "box"
]
_DEFAULT_FIELDS: list[FieldName] = ["ref", "role", "name", "value", "state"]


class BrowserEpisode(Episode):
    """The site holds the truth; the page is only how it looks."""

    def __init__(self, site: Site, origin: str, pool: BrowserPool) -> None:
        """Opens the site's first page.

        Raises:
            InfraError: the browser does not get there.
        """
        self.goal = Goal(instruction=site.instruction)
        self._site = site
        self._pool = pool
        self._page = pool.page_for(origin)
        self._answer: JsonValue = None
        self._is_over = False
        self._actions_failed = 0
        self._may_have_copied = False
        try:
            self._page.open(origin + site.start_path)
            self._page.settle()
        except Error as error:
            pool.discard()
            raise InfraError(f"the first page does not open: {_first_line(error)}") from error

    @tool
    def observe(
        self,
        roles: list[str] | None = None,
        text: str | None = None,
        regex: Annotated[str, Field(max_length=200)] | None = None,
        within: Ref | None = None,
        viewport: bool = False,
        depth: int | None = None,
        fields: list[FieldName] | None = None,
        limit: Annotated[int, Field(ge=1, le=1000)] = 200,
        offset: Annotated[int, Field(ge=0)] = 0,
        since_last: bool = False,
    ) -> JsonValue:
        """Returns what is on the page: `{url, title, nodes, total}`; what is returned is charged.

        Args:
            roles: Only these roles (`button`, `link`, `textbox`, `combobox`, `text`, ...).
                Structure (`row`, `list`, `dialog`, ...) is told only if asked for.
            text: Only nodes whose name or value holds this text, whatever the case.
            regex: Only nodes whose name or value matches (JavaScript syntax, whatever the case).
            within: Only what is inside the element of this ref.
            viewport: Only what is in the window.
            depth: Only so many levels of the document deep.
            fields: What to tell of each node; `ref, role, name, value, state` by default, also
                `options, level, href, depth, box`.
            limit: At most so many nodes.
            offset: Leaves out so many matching nodes first.
            since_last: Only nodes that are new or changed since the last call with this flag.
        """
        query = {
            "roles": roles,
            "text": text,
            "regex": regex,
            "within": within,
            "viewport": viewport,
            "depth": depth,
            "fields": fields or _DEFAULT_FIELDS,
            "limit": limit,
            "offset": offset,
            "since_last": since_last,
        }
        found = self._do(lambda page: page.call("observe", query))
        return {
            "url": self._page.path(),
            "title": found["title"],
            "nodes": found["nodes"],
            "total": found["total"],
        }

    @tool
    def find(
        self,
        text: Annotated[str, Field(min_length=1, max_length=500)],
        limit: Annotated[int, Field(ge=1, le=100)] = 10,
    ) -> JsonValue:
        """Returns `{nodes, total}` of what holds a text, whole matches first."""
        found = self._do(lambda page: page.call("find", text, limit))
        return {"nodes": found["nodes"], "total": found["total"]}

    @tool
    def click(self, ref: Ref) -> JsonValue:
        """Clicks the middle of an element."""

        def act(page: LivePage) -> None:
            point = page.call("point", ref, True)
            page.page.mouse.click(point["x"], point["y"])

        return self._act(act)

    @tool
    def fill(self, ref: Ref, text: Annotated[str, Field(max_length=10_000)]) -> JsonValue:
        """Replaces the text of a field."""

        def act(page: LivePage) -> None:
            if page.call("edit", ref).get("native"):
                page.call("set", ref, text)
            elif text:
                page.page.keyboard.insert_text(text)
            else:
                page.page.keyboard.press("Delete")

        return self._act(act)

    @tool
    def select(self, ref: Ref, option: str) -> JsonValue:
        """Chooses an option of a list by its label, else by its value."""
        return self._act(lambda page: page.call("select", ref, option))

    @tool
    def press(
        self, key: Annotated[str, Field(min_length=1, max_length=40)], ref: Ref | None = None
    ) -> JsonValue:
        """Presses a key such as `Enter` or `Control+A`, on an element or where the focus is."""

        def act(page: LivePage) -> None:
            if ref is not None:
                page.call("edit", ref)
            self._may_have_copied |= "+" in key
            page.press(key)

        return self._act(act)

    @tool
    def hover(self, ref: Ref) -> JsonValue:
        """Moves the mouse over an element."""

        def act(page: LivePage) -> None:
            point = page.call("point", ref, False)
            page.page.mouse.move(point["x"], point["y"])

        return self._act(act)

    @tool
    def scroll(self, to: Ref | None = None, by: int | None = None) -> JsonValue:
        """Scrolls to an element, or by so many pixels; returns `{y, end}`."""
        if (to is None) == (by is None):
            raise ToolError("bad_arguments", "scroll(to=REF) or scroll(by=PIXELS)")
        told: JsonValue = self._do(lambda page: page.call("scroll", to, by or 0))
        return told

    @tool
    def drag(self, ref: Ref, to: Ref) -> JsonValue:
        """Drags an element onto another."""

        def act(page: LivePage) -> None:
            # What leads nowhere is refused before anything is held.
            page.call("point", to, False)
            start = page.call("point", ref, True)
            page.page.mouse.move(start["x"], start["y"])
            page.page.mouse.down()
            try:
                end = page.call("point", to, False)
                page.page.mouse.move(end["x"], end["y"], steps=4)
            finally:
                page.page.mouse.up()

        return self._act(act)

    @tool
    def back(self) -> JsonValue:
        """Goes back to the page before; stays where there is none of this episode."""
        return self._act(LivePage.back)

    @tool
    def tab(self, index: Annotated[int, Field(ge=0, le=50)]) -> JsonValue:
        """Goes on in another tab, counted from 0."""
        pages = self._pool.pages()
        if index >= len(pages):
            raise ToolError("no_tab", f"there are {len(pages)} tabs")
        if pages[index] is not self._page.page:
            self._page = self._pool.attach(pages[index])
        return self._act(lambda page: page.page.bring_to_front())

    @tool
    def wait(self, ms: Annotated[int, Field(ge=0, le=500)]) -> JsonValue:
        """Waits; pages settle by themselves, so this is rarely needed."""
        return self._act(lambda page: page.page.wait_for_timeout(ms))

    @tool(step=False)
    def answer(self, text: JsonValue) -> JsonValue:
        """Gives the answer and ends the episode."""
        self._require_live()
        self._answer, self._is_over = text, True
        return {"ok": True}

    @tool(step=False)
    def give_up(self, reason: str) -> JsonValue:
        """Ends the episode without an answer."""
        self._require_live()
        self._is_over = True
        return {"ok": True, "reason": reason}

    def judge(self, answer: JsonValue) -> Outcome:
        """Judges from the server's state; a page that reached out of its origin solves nothing."""
        given = self._answer if self._is_over else answer
        judgement = self._site.judge(given)
        blocked = list(self._pool.blocked)
        is_clean = not blocked
        if not is_clean:
            self._pool.retire_context()
        hygiene = "" if is_clean else f"; asked for {blocked[0]}, outside the site"
        return Outcome(
            success=float(judgement.success and is_clean),
            progress=judgement.progress,
            metrics={
                "actions_failed": float(self._actions_failed),
                "blocked_requests": float(len(blocked)),
            },
            feedback=judgement.feedback + hygiene,
        )

    def evidence(self) -> Mapping[str, bytes]:
        """Returns a picture of the page as it was left."""
        try:
            return {"final.png": self._page.page.screenshot(timeout=5_000)}
        except Error:
            # A picture is a convenience; what it would show is in the frames.
            return {}

    def close(self) -> None:
        """Leaves the page where it is, as the next goes elsewhere, but nothing in the clipboard."""
        if self._pool.popups:
            self._pool.retire_context()
        if self._may_have_copied:
            try:
                self._page.clear_clipboard()
            except InfraError:
                # A fresh browser has copied nothing, either.
                self._pool.discard()

    def observation_hash(self) -> str:
        """Returns a digest of all that the page shows, the same for the same seed everywhere."""
        return hashlib.sha256(repr(self.observe(limit=1000)).encode()).hexdigest()

    def _require_live(self) -> None:
        if self._is_over:
            raise ToolError("episode_over", "the answer is given")

    def _do(self, work: Callable[[LivePage], Any]) -> Any:
        """Runs a tool's work; what the browser cannot do is our failure, not the candidate's."""
        self._require_live()
        try:
            return work(self._page)
        except ToolError:
            self._actions_failed += 1
            raise
        except InfraError:
            self._pool.discard()
            raise
        except Error as error:
            self._pool.discard()
            raise InfraError(f"the browser failed: {_first_line(error)}") from error

    def _act(self, work: Callable[[LivePage], Any]) -> JsonValue:
        """Runs an action, waits until the page is quiet and tells where it is."""
        self._page.dialogs.clear()

        def act_and_settle(page: LivePage) -> None:
            work(page)
            page.settle()

        self._do(act_and_settle)
        told: dict[str, JsonValue] = {"ok": True, "url": self._page.path()}
        if self._page.dialogs:
            told["dialogs"] = list(self._page.dialogs)
        if self._pool.popups:
            told["tabs"] = len(self._pool.pages())
        return told


def _first_line(error: Error) -> str:
    return error.message.splitlines()[0] if error.message else type(error).__name__
