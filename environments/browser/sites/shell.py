"""Pages and their dress: one shell for all sites, four skins that word and build it differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from .site import Response

__all__ = ["SKINS", "Skin", "page", "redirect"]

_CSS = """
body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#222;background:#fafafa}
main,header,footer{max-width:60rem;margin:0 auto;padding:1rem}
header{display:flex;gap:1rem;align-items:baseline;border-bottom:1px solid #ddd}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #ddd;padding:.35rem .6rem;text-align:left}
.item{border:1px solid #ddd;border-radius:6px;padding:.7rem;margin:.5rem 0;background:#fff}
.row{margin:.6rem 0}.error{color:#b00020}.notice{color:#185}
button,[role=button],input,select,textarea{font:inherit;padding:.3rem .6rem}
[role=button]{display:inline-block;border:1px solid #888;border-radius:4px;background:#eee;cursor:pointer}
.veil{position:fixed;inset:0;background:rgba(0,0,0,.45);display:flex;align-items:center;justify-content:center;z-index:9}
.box{background:#fff;padding:1.2rem;border-radius:8px;max-width:26rem}
.bar{position:fixed;left:0;right:0;bottom:0;background:#222;color:#fff;padding:1rem;z-index:8}
nav a{margin-right:.8rem}
"""


class Skin(NamedTuple):
    """How a site is worded and built; what it does is the template's."""

    name: str
    prefix: str
    """Begins every id and class."""

    button_tag: str
    """`button`, `input` or `div`."""

    label_style: str
    """`label`: a label element. `placeholder`: only inside the field. `aria`: only for assistive
    technology. `beside`: text that the field refers to."""

    accent: str
    words: Mapping[str, str]

    def word(self, key: str) -> str:
        """Returns how this skin says something; a key without words of its own says itself."""
        return self.words.get(key, key)

    def button(self, key: str, *, name: str = "", value: str = "", about: str = "") -> str:
        """Returns a button that submits the form it stands in.

        Args:
            key: What it says, by key.
            name: Field to send along.
            value: Its value.
            about: What it acts on, told to assistive technology by skins that do so.
        """
        label = escape(self.word(key))
        hint = (
            f' aria-label="{label} {escape(about)}"'
            if about and self.label_style == "label"
            else ""
        )
        pair = f' name="{name}" value="{escape(value)}"' if name else ""
        if self.button_tag == "div":
            field = f'<input type="hidden"{pair}>' if pair else ""
            act = "this.closest('form').requestSubmit()"
            return (
                f'{field}<div role="button" tabindex="0" class="{self.prefix}btn"{hint} '
                f'onclick="{act}" onkeydown="if(event.key===\'Enter\'){act}">{label}</div>'
            )
        if self.button_tag == "input" and not pair:
            return f'<input type="submit" class="{self.prefix}btn" value="{label}"{hint}>'
        return f'<button class="{self.prefix}btn"{pair}{hint}>{label}</button>'

    def field(
        self,
        name: str,
        *,
        label: str = "",
        value: str = "",
        kind: str = "text",
        error: str = "",
        place: str = "",
    ) -> str:
        """Returns a labelled text field, with what is wrong with it below.

        Args:
            name: What it is sent as.
            label: Key of its label, the name by default.
            value: What is in it.
            kind: Its type in HTML.
            error: What is wrong with it.
            place: Makes its id unique where a page has several of its name.
        """
        shown = escape(self.word(label or name))
        wrong = f'<div class="error">{escape(error)}</div>' if error else ""
        invalid = ' aria-invalid="true"' if error else ""
        common = f'name="{name}" type="{kind}" value="{escape(value)}"{invalid}'
        return (
            f'<div class="row">{self._labelled("input", name + place, shown, common)}{wrong}</div>'
        )

    def choice(
        self,
        name: str,
        options: Sequence[str],
        *,
        label: str = "",
        value: str = "",
        error: str = "",
    ) -> str:
        """Returns a labelled list of options."""
        shown = escape(self.word(label or name))
        inner = "".join(
            f"<option{' selected' if option == value else ''}>{escape(option)}</option>"
            for option in options
        )
        wrong = f'<div class="error">{escape(error)}</div>' if error else ""
        made = self._labelled("select", name, shown, f'name="{name}"', inner)
        return f'<div class="row">{made}{wrong}</div>'

    def tick(self, name: str, *, label: str, is_on: bool = False, error: str = "") -> str:
        """Returns a check box beside its words."""
        shown = escape(self.word(label))
        on = " checked" if is_on else ""
        wrong = f'<div class="error">{escape(error)}</div>' if error else ""
        return (
            f'<div class="row"><label><input type="checkbox" name="{name}" value="yes"{on}> '
            f"{shown}</label>{wrong}</div>"
        )

    def _labelled(self, tag: str, name: str, label: str, attributes: str, inner: str = "") -> str:
        identity = f"{self.prefix}{name}"
        close = f">{inner}</{tag}>" if tag != "input" else ">"
        match self.label_style:
            case "placeholder":
                return f'<{tag} id="{identity}" placeholder="{label}" title="{label}" {attributes}{close}'
            case "aria":
                return f'<{tag} id="{identity}" aria-label="{label}" {attributes}{close}'
            case "beside":
                return (
                    f'<span id="{identity}-l">{label}</span> '
                    f'<{tag} id="{identity}" aria-labelledby="{identity}-l" {attributes}{close}'
                )
            case _:
                return f'<label for="{identity}">{label}</label> <{tag} id="{identity}" {attributes}{close}'


SKINS: dict[str, Skin] = {
    skin.name: skin
    for skin in (
        Skin("plain", "f-", "button", "label", "#246", {
            "search": "Search", "add": "Add to cart", "cart": "Cart", "quantity": "Quantity",
            "next": "Next", "submit": "Place order", "continue": "Continue", "apply": "Apply",
            "save": "Save", "delete": "Delete", "confirm": "Yes, delete", "cancel": "Cancel",
            "accept": "Accept all", "close": "Close", "filter": "Filter", "more": "Show more",
            "name": "Full name", "email": "Email", "phone": "Phone", "street": "Street",
            "city": "City", "postcode": "Postcode", "country": "Country", "shipping": "Shipping",
            "terms": "I accept the terms", "settings": "Settings", "options": "Options",
        }),
        Skin("soft", "x9-", "input", "placeholder", "#852", {
            "search": "Find", "add": "Add to basket", "cart": "Basket", "quantity": "Qty",
            "next": "Next page", "submit": "Order now", "continue": "Next step", "apply": "Update",
            "save": "Save changes", "delete": "Remove", "confirm": "Remove it", "cancel": "Keep",
            "accept": "Got it", "close": "No thanks", "filter": "Show", "more": "Load more",
            "name": "Your name", "email": "E-mail address", "phone": "Phone number",
            "street": "Street address", "city": "Town or city", "postcode": "Post code",
            "country": "Country", "shipping": "Delivery", "terms": "I agree to the terms",
            "settings": "Preferences", "options": "More",
        }),
        Skin("dense", "q_", "button", "beside", "#363", {
            "search": "Look up", "add": "Put in bag", "cart": "Bag", "quantity": "Number",
            "next": "Following", "submit": "Send order", "continue": "Proceed", "apply": "Refresh",
            "save": "Store", "delete": "Erase", "confirm": "Erase for good", "cancel": "Go back",
            "accept": "Agree", "close": "Dismiss", "filter": "Narrow", "more": "Further entries",
            "name": "Name", "email": "Mail", "phone": "Telephone", "street": "Street and number",
            "city": "Place", "postcode": "Postal code", "country": "State",
            "shipping": "Dispatch", "terms": "Terms accepted", "settings": "Configuration",
            "options": "Actions",
        }),
        Skin("roles", "kz", "div", "aria", "#525", {
            "search": "Go", "add": "Buy this", "cart": "Your purchases", "quantity": "How many",
            "next": "More results", "submit": "Complete purchase", "continue": "Onward",
            "apply": "Set", "save": "Keep changes", "delete": "Discard", "confirm": "Discard now",
            "cancel": "Leave it", "accept": "OK", "close": "Not now", "filter": "Select",
            "more": "Older entries", "name": "Recipient", "email": "Email contact",
            "phone": "Contact number", "street": "Address line", "city": "Locality",
            "postcode": "ZIP", "country": "Country of delivery", "shipping": "Delivery method",
            "terms": "I have read the terms", "settings": "Account options", "options": "Menu",
        }),
    )
}  # fmt: skip
"""Train and validation wear `plain` and `soft`; the test wears `dense` and `roles`."""


def page(skin: Skin, title: str, body: str, *, links: Sequence[tuple[str, str]] = ()) -> Response:
    """Returns a whole page: header with links, the body, nothing from anywhere else."""
    nav = "".join(f'<a href="{escape(href)}">{escape(text)}</a>' for href, text in links)
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<link rel="icon" href="data:,"><style>{_CSS}a,h1{{color:{skin.accent}}}</style></head>'
        f"<body><header><h1>{escape(title)}</h1><nav>{nav}</nav></header>"
        f"<main>{body}</main></body></html>"
    )
    return Response(html.encode())


def redirect(path: str) -> Response:
    """Returns the answer that sends a browser on after a form."""
    return Response(b"", "text/plain", 303, {"Location": path})
