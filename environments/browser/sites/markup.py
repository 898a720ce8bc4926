"""HTML from Python: whatever is not markup already is escaped."""

from __future__ import annotations

from html import escape

__all__ = ["Html", "join", "raw", "tag"]

_VOID = {"input", "img", "br", "hr", "meta", "link"}

Attribute = str | int | bool | None


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def raw(markup: str) -> Html:
    """Marks trusted text (our own style sheet or script) as markup."""
    return Html(markup)


def tag(name: str, /, *children: str | None, **attributes: Attribute) -> Html:
    """Returns an element; None children and None or False attributes are left out.

    >>> tag("a", "Salt & pepper", href="/x?a=1&b=2", class_="item")
    '<a href="/x?a=1&amp;b=2" class="item">Salt &amp; pepper</a>'
    >>> tag("input", aria_label='5" nail', required=True, disabled=False)
    '<input aria-label="5&quot; nail" required>'
    """
    opened = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Html(opened if name in _VOID else f"{opened}{join(*children)}</{name}>")


def join(*children: str | None) -> Html:
    """Returns the children one after the other."""
    return Html("".join(_escaped(child) for child in children if child is not None))


def _escaped(child: str) -> str:
    return child if isinstance(child, Html) else escape(child)


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
