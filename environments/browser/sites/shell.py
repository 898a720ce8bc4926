"""The frame of every page: title, navigation, style, and the notices that get in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from .chance import Chance
from .data import read_text
from .markup import Html, raw, tag
from .site import Request, Response
from .skin import Skin

__all__ = ["Link", "Shell", "draw_notices", "local", "redirect", "url"]

_NOTICES = ("cookies", "newsletter", "survey")


class Link(NamedTuple):
    """An entry of the navigation."""

    label: str
    href: str


class Shell:
    """Renders pages; knows which notices still lie over them, and what is to be told once."""

    def __init__(
        self, skin: Skin, title: str, navigation: Sequence[Link], *, notices: Sequence[str] = ()
    ) -> None:
        """Takes what all pages of a site share.

        Args:
            skin: The skin.
            title: Name of the site.
            navigation: Links on every page.
            notices: What lies over the pages until it is closed, one after the other.
        """
        self.skin = skin
        self.title = title
        self.navigation = navigation
        self.notices = list(notices)
        self.message = ""
        """Told at the top of the next page, once."""

    def answer(self, request: Request) -> Response | None:
        """Answers what notices send; None for all else."""
        if request.path != "/notice":
            return None
        name = request.form.get("notice", "")
        if request.method == "POST" and name in self.notices:
            self.notices.remove(name)
        return redirect(local(request.form.get("back", "/")))

    def page(
        self, request: Request, heading: str, *parts: str | None, status: int = 200
    ) -> Response:
        """Returns a whole page."""
        links = tag(
            "nav",
            *(tag("a", link.label, href=link.href) for link in self.navigation),
            class_="menu",
        )
        bar = tag("header", tag("p", self.title, class_="brand"), class_="bar")
        main = tag("main", tag("h1", heading), self._told(), *parts)
        order = (bar, main, links) if self.skin.navigation == "bottom" else (bar, links, main)
        body = tag(
            "body",
            *order,
            tag("footer", self.skin.word("footer"), class_="foot"),
            self._notice(request),
            tag("script", raw(read_text("page.js"))),
            class_=f"with-{self.skin.navigation}",
        )
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width"),
            tag("title", f"{heading} - {self.title}"),
            tag("style", raw(self.skin.css)),
        )
        document = self.skin.dress(tag("html", head, body, lang="en"))
        return Response(f"<!doctype html>{document}".encode(), status=status)

    def missing(self, request: Request) -> Response:
        """Returns the page for a path that is none."""
        home = tag("a", self.skin.word("home"), href="/")
        return self.page(request, self.skin.word("missing"), home, status=404)

    def dialog(self, name: str, heading: str, *parts: str, is_open: bool = False) -> Html:
        """Returns a dialog over the page, closed until something opens it."""
        box = tag(
            "div",
            tag("h2", heading, id=f"{name}-title"),
            *parts,
            class_="dialog",
            role="dialog",
            aria_modal="true",
            aria_labelledby=f"{name}-title",
        )
        return tag("div", box, class_="veil", id=name, hidden=not is_open, data_veil=True)

    def _told(self) -> Html | None:
        message, self.message = self.message, ""
        return tag("p", message, class_="notice", role="status") if message else None

    def _notice(self, request: Request) -> Html | None:
        """Returns the first notice that is still there."""
        if not self.notices:
            return None
        name = self.notices[0]
        word = self.skin.word
        buttons = [
            self.skin.form(
                "/notice",
                self.skin.button_for(word(f"notice.{name}.{choice}"), kind=kind),
                notice=name,
                choice=choice,
                back=url(request.path, **request.query),
            )
            for choice, kind in (("accept", "primary"), ("decline", "quiet"))
        ]
        text = tag("p", word(f"notice.{name}.text"))
        actions = tag("div", self.skin.arrange(*buttons), class_="actions")
        heading = word(f"notice.{name}.title")
        return self.dialog(f"notice-{name}", heading, text, actions, is_open=True)


def draw_notices(chance: Chance, share: float, *, most: int = 1) -> Sequence[str]:
    """Returns the notices of an instance: none but for a share of instances."""
    if chance.random() >= share:
        return ()
    return chance.sample(_NOTICES, chance.randint(1, most))


def url(path: str, **query: str) -> str:
    """Returns a path with a query; empty values are left out."""
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def redirect(path: str) -> Response:
    """Returns an answer that leads to a page."""
    return Response(b"", status=303, headers={"Location": path})


def local(path: str) -> str:
    """Returns a path of this site; the front page for anything else."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
