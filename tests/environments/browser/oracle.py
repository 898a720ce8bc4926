"""Solves any browser task: knows the hidden truth, but acts through the agent's own tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from agentlab.core.value import JsonValue
from agentlab.errors import ToolError

__all__ = ["solve"]

Node = dict[str, Any]


def solve(episode: Any) -> JsonValue:
    """Solves an episode and returns the answer; raises LookupError where the page has no way."""
    site = episode._site
    family = type(site).__name__
    solvers: dict[str, Callable[[Any, Any], JsonValue]] = {
        "ShopSite": _shop,
        "CheckoutSite": _checkout,
        "TableSite": _table,
        "DialogSite": _dialogs,
        "DocumentSite": _document,
    }
    return solvers[family](episode, site)


def _nodes(episode: Any) -> list[Node]:
    nodes: list[Node] = episode.observe(limit=1000)["nodes"]
    return nodes


def _named(episode: Any, name: str, *roles: str) -> Node:
    for node in _nodes(episode):
        if node.get("name") == name and (not roles or node["role"] in roles):
            return node
    raise LookupError(f"no {roles} '{name}'")


def _has(episode: Any, name: str, *roles: str) -> bool:
    return any(n.get("name") == name and n["role"] in roles for n in _nodes(episode))


def _shop(episode: Any, site: Any) -> JsonValue:
    product, skin = site.products[site.wanted], site._skin
    template = site._template
    if template == "search":
        episode.fill(_named(episode, skin.word("search"), "textbox")["ref"], product.title)
        episode.click(_named(episode, skin.word("search"), "button")["ref"])
    if template == "facets":
        episode.select(_named(episode, "colour", "combobox")["ref"], product.colour)
        episode.select(_named(episode, "size", "combobox")["ref"], product.size)
        episode.click(_named(episode, skin.word("apply"), "button")["ref"])
    if template == "paged":
        while not _has(episode, product.title, "link"):
            episode.click(_named(episode, skin.word("next"), "link")["ref"])
    if template in ("search", "paged"):
        episode.click(_named(episode, product.title, "link")["ref"])
    after = iter(_nodes(episode))
    if template in ("grid", "facets"):
        next(n for n in after if n.get("name") == product.title and n["role"] == "heading")
    field = _next(after, "spinbutton")
    button = _next(after, "button")
    episode.fill(field["ref"], str(site.quantity))
    episode.click(button["ref"])
    return None


def _next(nodes: Iterator[Node], role: str) -> Node:
    return next(node for node in nodes if node["role"] == role)


def _checkout(episode: Any, site: Any) -> JsonValue:
    skin = site._skin
    while site.order is None:
        for node in _nodes(episode):
            is_folded = "expanded" not in node.get("state", [])
            if (
                node["role"] == "button"
                and node["name"] in ("Address", "Last things")
                and is_folded
            ):
                episode.click(node["ref"])
        fields = {skin.word(key): value for key, value in site.wanted.items()}
        for node in _nodes(episode):
            value = fields.get(node.get("name", ""))
            if node["role"] == "textbox" and value is not None:
                episode.fill(node["ref"], value)
            elif node["role"] == "combobox" and value is not None:
                episode.select(node["ref"], value)
            elif node["role"] == "checkbox" and "checked" not in node.get("state", []):
                episode.click(node["ref"])
        buttons = [skin.word("submit"), skin.word("continue")]
        send = [n for n in _nodes(episode) if n["role"] == "button" and n.get("name") in buttons]
        episode.click(send[0]["ref"])
    return None


def _table(episode: Any, site: Any) -> JsonValue:
    skin = site._skin
    if site._template == "filter":
        episode.fill(_named(episode, skin.word("search"), "textbox")["ref"], site.wanted["Name"])
        episode.click(_named(episode, skin.word("filter"), "button")["ref"])
    roles = ("cell", "definition")
    while not _has(episode, site.truth, *roles):
        word = skin.word("next") if site._template == "paged" else skin.word("more")
        episode.click(_named(episode, word, "link")["ref"])
    return str(site.truth)


def _dialogs(episode: Any, site: Any) -> JsonValue:
    skin = site._skin
    _dismiss(episode, skin)
    gone = set(site.projects) - set(site.goal_projects)
    if gone:
        (project,) = gone
        _click_past(episode, skin, lambda: _delete_link(episode, site, project))
        _click_past(episode, skin, lambda: _named(episode, skin.word("confirm"), "button"))
        return None
    key = next(k for k, v in site.goal_settings.items() if v != site.settings[k])
    value = site.goal_settings[key]
    if key == "language":
        episode.select(_named(episode, "Language", "combobox")["ref"], value)
    elif key == "title":
        episode.fill(_named(episode, "Workspace title", "textbox")["ref"], value)
    else:
        label = {"newsletter": "Weekly newsletter", "alerts": "Security alerts"}
        episode.click(_named(episode, label.get(key, "Beta features"), "checkbox")["ref"])
    saves = [n for n in _nodes(episode) if n["role"] == "button" and n["name"] == skin.word("save")]
    episode.click(saves[-1 if key == "title" else 0]["ref"])
    return None


def _delete_link(episode: Any, site: Any, project: str) -> Node:
    skin = site._skin
    if _has(episode, "Projects", "tab") and not _has(episode, project, "text"):
        episode.click(_named(episode, "Projects", "tab")["ref"])
    after = iter(_nodes(episode))
    next(n for n in after if n.get("name") == project)
    link = _next(after, "link")
    if link["name"] != skin.word("options"):
        return link
    episode.click(link["ref"])
    return _named(episode, skin.word("delete"), "menuitem")


def _dismiss(episode: Any, skin: Any) -> None:
    for _ in range(2):
        for key in ("accept", "close"):
            if _has(episode, skin.word(key), "button"):
                episode.click(_named(episode, skin.word(key), "button")["ref"])


def _click_past(episode: Any, skin: Any, find: Callable[[], Node]) -> None:
    """Clicks; what lies in the way is dismissed first."""
    try:
        episode.click(find()["ref"])
    except ToolError:
        _dismiss(episode, skin)
        episode.click(find()["ref"])


def _document(episode: Any, site: Any) -> JsonValue:
    if not episode.find(str(site.truth))["total"]:
        raise LookupError(site.truth)
    return f"{site.truth} days"
