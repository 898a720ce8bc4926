"""Long lists, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from .markup import Html, tag
from .shell import url
from .site import Request
from .skin import Skin

__all__ = ["Page", "pager", "take_page"]

Item = TypeVar("Item")


class Page(NamedTuple, Generic[Item]):
    """The part of a list that one page shows."""

    items: Sequence[Item]
    number: int
    """From 1."""

    pages: int
    """How many there are, at least 1."""


def take_page(items: Sequence[Item], request: Request, size: int) -> Page[Item]:
    """Returns the page that a request's `page` asks for, the nearest one that exists."""
    pages = max(1, -(-len(items) // size))
    asked = request.query.get("page", "1")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() else 1
    return Page(items[(number - 1) * size : number * size], number, pages)


def pager(skin: Skin, request: Request, page: Page[Item]) -> Html | None:
    """Returns the links to the pages before and after; None where there is one page."""
    if page.pages == 1:
        return None

    def link(word: str, number: int) -> Html | None:
        if not 1 <= number <= page.pages:
            return None
        return tag(
            "a", skin.word(word), href=url(request.path, **{**request.query, "page": str(number)})
        )

    place = tag("span", skin.word("page", page=page.number, pages=page.pages))
    return tag(
        "div",
        link("previous", page.number - 1),
        place,
        link("next", page.number + 1),
        class_="pager",
    )
