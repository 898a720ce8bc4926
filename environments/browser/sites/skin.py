"""A skin: how the same page is worded, tagged, ordered and dressed. A skin is data."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from agentlab.core.value import Value

from .data import read_json, read_text
from .markup import Html, join, raw, tag

__all__ = ["Option", "Skin", "load_skin"]

_NAMES = re.compile(r'( (?:class|id|for|aria-labelledby|aria-controls)="|href="#)([^"]+)"')
_CSS_CLASS = re.compile(r"\.([a-z][a-z-]*)")


class Option(Value):
    """One choice of a list, a set of radio buttons or a check box."""

    value: str
    label: str


class Skin(Value):
    """How pages look and what things on them are called; loaded from `tasks/browser/skins`."""

    name: str
    button: Literal["button", "input", "link", "div"]
    """The element that a button is made of."""

    label: Literal["for", "aria", "above", "beside"]
    """How a field is called: by a label, by an attribute, or by loose text above or beside it."""

    names: Literal["plain", "prefixed", "hashed"]
    """How classes and ids are made from the names in the code."""

    is_reversed: bool
    """Whether parts that may stand in any order stand the other way round."""

    is_spoken: bool
    """Whether repeated buttons say what they are for to those who do not see it."""

    navigation: Literal["top", "side", "bottom"]
    words: Mapping[str, str]
    """Wording by key, such as `shop.add`."""

    def word(self, key: str, /, **slots: object) -> str:
        """Returns what something is called here."""
        return self.words[key].format(**slots)

    def arrange(self, *parts: Html) -> Html:
        """Returns parts in the order of this skin."""
        return join(*(reversed(parts) if self.is_reversed else parts))

    def button_for(self, label: str, *, kind: str = "primary", spoken: str | None = None) -> Html:
        """Returns what sends the form around it.

        Args:
            label: What is on it.
            kind: `primary` or `quiet`.
            spoken: What it is for, where there are several of the same label.
        """
        shared = {"class_": f"button {kind}", "aria_label": self._spoken(label, spoken)}
        if self.button == "input":
            return tag("input", type="submit", value=label, **shared)
        if self.button == "link":
            return tag("a", label, href="#", role="button", data_send=True, **shared)
        if self.button == "div":
            return tag("div", label, role="button", tabindex=0, data_send=True, **shared)
        return tag("button", label, type="submit", **shared)

    def opener(self, label: str, *, opens: str, spoken: str | None = None) -> Html:
        """Returns what opens the dialog of an id on this page."""
        spoken = self._spoken(label, spoken)
        return self._pressed(label, aria_label=spoken, aria_controls=opens)

    def closer(self, label: str) -> Html:
        """Returns what closes the dialog around it."""
        return self._pressed(label, data_close=True)

    def form(self, action: str, *children: str, method: str = "post", **hidden: str) -> Html:
        """Returns a form with its hidden values."""
        values = [tag("input", type="hidden", name=name, value=hidden[name]) for name in hidden]
        return tag("form", *values, *children, method=method, action=action, novalidate=True)

    def field(
        self,
        name: str,
        label: str,
        *,
        value: str = "",
        kind: str = "text",
        options: Sequence[Option] = (),
        error: str = "",
        hint: str = "",
        key: str = "",
    ) -> Html:
        """Returns a labelled field: a text of some kind, or a list where there are options.

        A key tells fields of one name apart where a page has several; there each has its name.
        """
        attributes = {
            "id": f"field-{name}{key}" if self.label == "for" else None,
            "aria_label": label if self.label == "aria" else None,
            "title": label if key and self.label in ("above", "beside") else None,
            "aria_invalid": "true" if error else None,
        }
        control = (
            self._list_of(name, value, options, attributes)
            if options
            else tag("input", type=kind, name=name, value=value, autocomplete="off", **attributes)
        )
        trouble = tag("p", error, class_="trouble") if error else None
        help_text = tag("p", hint, class_="hint") if hint else None
        return tag(
            "div", self._caption(name + key, label), control, help_text, trouble, class_="field"
        )

    def choice(self, name: str, label: str, chosen: str, options: Sequence[Option]) -> Html:
        """Returns radio buttons under a caption."""
        boxes = [
            self.tick(
                name, option.label, value=option.value, is_on=option.value == chosen, kind="radio"
            )
            for option in options
        ]
        return tag("fieldset", tag("legend", label), *boxes)

    def tick(
        self,
        name: str,
        label: str,
        *,
        value: str = "yes",
        is_on: bool = False,
        kind: str = "checkbox",
    ) -> Html:
        """Returns a box or a radio button with its text."""
        box = tag("input", type=kind, name=name, value=value, checked=is_on)
        return tag("label", box, tag("span", label), class_="tick")

    def dress(self, page: Html) -> Html:
        """Returns a page with the classes and ids of this skin."""
        return raw(_NAMES.sub(lambda found: f'{found[1]}{self._names_of(found[2])}"', page))

    @functools.cached_property
    def css(self) -> str:
        """The style sheet, with the classes of this skin."""
        sheet = read_text("skins/base.css") + read_text(f"skins/{self.name}.css")
        return _CSS_CLASS.sub(lambda found: "." + self._name_of(found[1]), sheet)

    def _names_of(self, names: str) -> str:
        return " ".join(self._name_of(name) for name in names.split())

    def _name_of(self, name: str) -> str:
        if self.names == "prefixed":
            return f"{self.name[:2]}-{name}"
        if self.names == "hashed":
            return "x" + hashlib.sha256(f"{self.name}/{name}".encode()).hexdigest()[:6]
        return name

    def _pressed(self, label: str, **attributes: str | bool | None) -> Html:
        """Returns a button that sends nothing."""
        if self.button == "link":
            attributes |= {"href": "#", "role": "button"}
        elif self.button == "div":
            attributes |= {"tabindex": "0", "role": "button"}
        else:
            attributes |= {"type": "button"}
        element = {"link": "a", "div": "div"}.get(self.button, "button")
        return tag(element, label, class_="button quiet", **attributes)

    def _spoken(self, label: str, what_for: str | None) -> str | None:
        return f"{label}: {what_for}" if what_for and self.is_spoken else None

    def _caption(self, name: str, label: str) -> Html:
        if self.label == "for":
            return tag("label", label, for_=f"field-{name}")
        if self.label == "aria":
            return tag("span", label, class_="caption", aria_hidden="true")
        return tag("div" if self.label == "above" else "span", label, class_="caption")

    def _list_of(
        self,
        name: str,
        value: str,
        options: Sequence[Option],
        attributes: Mapping[str, str | None],
    ) -> Html:
        entries = [
            tag("option", option.label, value=option.value, selected=option.value == value)
            for option in options
        ]
        return tag("select", *entries, name=name, **attributes)


@functools.cache
def load_skin(name: str) -> Skin:
    """Returns a skin of `tasks/browser/skins`."""
    return Skin.model_validate({"name": name, **read_json(f"skins/{name}.json")})
