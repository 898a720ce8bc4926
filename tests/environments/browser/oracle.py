"""Solves every task by the agent's own tools, knowing the truth; for tests alone, never shipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from agentlab.core.value import JsonValue

__all__ = ["solve"]

# Any below: sites and episodes come from a folder that is loaded under a private name.
Node = Mapping[str, Any]

_FIELDS = ("textbox", "searchbox", "spinbutton", "combobox")
_PRESSED = ("button", "link", "tab", "radio", "checkbox")


class _Hands:
    """The public tools, and a few ways of pointing at things."""

    def __init__(self, episode: Any) -> None:
        self._tools = episode.tools

    def call(self, tool: str, **arguments: Any) -> Any:
        """Calls a tool by its name, as a candidate would."""
        return self._tools[tool].call(arguments).value

    def nodes(self, **query: Any) -> list[Node]:
        """Returns what the page shows."""
        found: list[Node] = self.call("observe", limit=1000, **query)["nodes"]
        return found

    def press(self, name: str, within: str | None = None) -> None:
        """Clicks the first thing of a name; the name may be what its spoken name begins with."""
        for node in self.nodes(within=within, roles=list(_PRESSED)):
            said = node.get("name", "")
            if said == name or said.startswith(f"{name}: "):
                self.call("click", ref=node["ref"])
                return
        raise LookupError(f"nothing to press is called '{name}'")

    def set(self, label: str, value: str, within: str | None = None) -> None:
        """Fills or chooses in the field of a label, or beside a loose text that reads like it."""
        before = ""
        for node in self.nodes(within=within, fields=["ref", "role", "name", "options"]):
            if node["role"] in _FIELDS and label in (node.get("name"), before):
                self._enter(node, value)
                return
            before = node.get("name", "")
        raise LookupError(f"no field is called '{label}'")

    def container(self, role: str, text: str) -> str:
        """Returns the ref of the list item or row that holds a text."""
        for node in self.nodes(roles=[role]):
            inside = self.nodes(within=node["ref"])
            if any(text == each.get("name") for each in inside):
                ref: str = node["ref"]
                return ref
        raise LookupError(f"no {role} holds '{text}'")

    def require(self, text: str) -> None:
        """Raises unless the page shows a text."""
        if not self.call("find", text=text)["total"]:
            raise LookupError(f"the page does not show '{text}'")

    def _enter(self, node: Node, value: str) -> None:
        if node["role"] != "combobox":
            self.call("fill", ref=node["ref"], text=value)
            return
        pattern = re.compile(rf"\b{re.escape(value)}\b")
        option = next(each for each in node["options"] if pattern.search(each))
        self.call("select", ref=node["ref"], option=option)


def solve(episode: Any) -> JsonValue:
    """Solves an episode; returns the answer where the task asks for one.

    Raises:
        LookupError: the pages show no way.
    """
    solvers: Mapping[str, Callable[[Any, _Hands], str | None]] = {
        "ShopSite": _shop,
        "CheckoutSite": _checkout,
        "TableSite": _table,
        "SettingsSite": _settings,
        "EntriesSite": _entries,
        "DocumentSite": _document,
    }
    site, hands = episode._site, _Hands(episode)
    _close_notices(site, hands)
    return solvers[type(site).__name__](site, hands)


def _close_notices(site: Any, hands: _Hands) -> None:
    for name in list(site.shell.notices):
        hands.press(site.skin.word(f"notice.{name}.decline"))


def _shop(site: Any, hands: _Hands) -> None:
    word, product = site.skin.word, site.order.product
    within = None
    if site.template in ("list", "results"):
        hands.set(word("shop.query"), product.name)
        hands.press(word("search"))
    if site.template == "list":
        within = hands.container("listitem", product.name)
    elif site.template == "results":
        hands.press(product.name)
    elif site.template == "shelf":
        card = hands.container("listitem", product.family)
        hands.press(word("shop.open", what=product.family), within=card)
        hands.set(word("shop.colour"), product.colour)
        hands.press(product.size)
    else:
        for name in ("brand", "colour", "kind"):
            hands.set(word(f"shop.{name}"), getattr(product, name))
        hands.press(word("shop.filter"))
        within = hands.container("row", product.name)
    hands.set(word("shop.quantity"), str(site.order.amount), within)
    hands.press(word("shop.add"), within)


def _checkout(site: Any, hands: _Hands) -> None:
    word = site.skin.word
    for number, page in enumerate(site.pages):
        for field in page:
            value = site.truth[field]
            if field == "terms":
                hands.press(word("checkout.terms"))
            elif field == "delivery" and site.template in ("steps", "grouped"):
                method = next(each for each in site.customer.methods if each.name == value)
                hands.press(site.method_label(method))
            else:
                hands.set(word(f"checkout.{field}"), value)
        is_last = number + 1 == len(site.pages)
        hands.press(word("checkout.send" if is_last else "checkout.next"))


def _table(site: Any, hands: _Hands) -> str:
    key = site.question.key
    if site.template == "filtered":
        opener = site.skin.word("table.details", key=key)
        hands.press(opener, within=hands.container("row", key))
    else:
        hands.set(site.skin.word("table.search"), key)
        hands.press(site.skin.word("table.go"))
    truth: str = site.question.truth
    hands.require(truth)
    return truth


def _settings(site: Any, hands: _Hands) -> None:
    word, task = site.skin.word, site.settings
    changed = [label for label, value in task.wanted.items() if value != task.values[label]]
    section, settings = next(
        (section, settings)
        for section, settings in task.sections.items()
        if changed[0] in [setting.label for setting in settings]
    )
    hands.press(section)
    for setting in settings:
        if setting.label in changed and setting.kind == "tick":
            hands.press(setting.label)
        elif setting.label in changed:
            hands.set(setting.label, task.wanted[setting.label])
    hands.press(word("dialogs.save"))
    if site.asks:
        hands.press(word("dialogs.yes"))


def _entries(site: Any, hands: _Hands) -> None:
    word, task = site.skin.word, site.task
    row = hands.container("listitem", task.name)
    if site.template == "pages":
        hands.press(word("dialogs.open", name=task.name), within=row)
    within = row if site.template == "records" else None
    hands.press(word(f"dialogs.{task.action}"), within=within)
    if task.action == "rename":
        hands.set(word("dialogs.new_name"), task.fresh)
    dialog = hands.nodes(roles=["dialog"])[0]["ref"]
    hands.press(word(f"dialogs.{task.action}_yes"), within=dialog)


def _document(site: Any, hands: _Hands) -> str:
    place = site.document.place
    if site.template in ("chapters", "clauses"):
        hands.press(place)
    truth: str = site.document.truth
    hands.require(truth)
    return truth
