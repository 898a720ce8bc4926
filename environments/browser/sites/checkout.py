"""Checkout forms: fill them with what was said, mend what the page complains about, send."""

from __future__ import annotations

import random
import re

from agentlab.core.value import JsonValue

from .shell import Skin, page, redirect
from .site import Judgement, Request, Response
from .words import CITIES, COUNTRIES, FIRST, LAST, STREETS

__all__ = ["CheckoutSite"]

_SHIPPING = ("Standard", "Express", "Pick-up")
_TEXTS = ("name", "email", "phone", "street", "city", "postcode")


class CheckoutSite:
    """An order form with a server that checks it; the order sent is the state."""

    start_path = "/"

    def __init__(self, template: str, skin: Skin, rng: random.Random) -> None:
        self._template = template
        self._skin = skin
        first, last = rng.choice(FIRST), rng.choice(LAST)
        self.wanted = {
            "name": f"{first} {last}",
            "email": f"{first}.{last}@example.org".lower(),
            "phone": f"0{rng.randrange(10**8, 10**9)}",
            "street": f"{rng.randrange(2, 99)} {rng.choice(STREETS)}",
            "city": rng.choice(CITIES),
            "postcode": f"{rng.randrange(1000, 9999)}",
            "country": rng.choice(COUNTRIES),
            "shipping": rng.choice(_SHIPPING),
        }
        self._is_spaced = rng.random() < 0.4
        self.given: dict[str, str] = {}
        self.order: dict[str, str] | None = None
        self.sent = 0
        self.instruction = _instruction(self.wanted, rng, is_spaced=self._is_spaced)

    def respond(self, request: Request) -> Response:
        """Serves the form, its steps, its complaints and the thanks."""
        if request.method == "POST":
            return self._take(request)
        if self.order is not None:
            return self._page("<p class='notice'>Thank you. Your order is on its way.</p>")
        if request.path == "/review":
            return self._page(self._review())
        if request.path == "/step2":
            return self._page(self._form(("country", "shipping", "terms"), {}, "/step2", "submit"))
        return self._page(self._first({}))

    def judge(self, answer: JsonValue) -> Judgement:
        """Succeeds if one order was sent and every value in it is the one asked for."""
        order = self.order or {}
        wrong = [
            key
            for key, value in self.wanted.items()
            if _normal(order.get(key, "")) != _normal(value)
        ]
        share = 1 - len(wrong) / len(self.wanted)
        if self.order is None:
            filled = sum(
                _normal(self.given.get(k, "")) == _normal(v) for k, v in self.wanted.items()
            )
            return Judgement(False, 0.5 * filled / len(self.wanted), "no order was sent")
        words = ", ".join(f"{key} is '{order.get(key, '')}'" for key in wrong)
        return Judgement(not wrong, 0.5 + 0.5 * share, f"order sent; {words or 'all as asked'}")

    def _first(self, errors: dict[str, str]) -> str:
        everything = (*_TEXTS, "country", "shipping", "terms")
        if self._template == "steps":
            return self._form(_TEXTS, errors, "/", "continue")
        if self._template == "folded":
            return self._folded(errors)
        return self._form(
            everything, errors, "/", "continue" if self._template == "review" else "submit"
        )

    def _form(
        self, fields: tuple[str, ...], errors: dict[str, str], action: str, button: str
    ) -> str:
        inner = "".join(self._field(field, errors) for field in fields)
        alert = (
            f'<p class="error" role="alert">{len(errors)} fields need attention.</p>'
            if errors
            else ""
        )
        return f'{alert}<form method="post" action="{action}" novalidate>{inner}{self._skin.button(button)}</form>'

    def _folded(self, errors: dict[str, str]) -> str:
        """Sections that are closed until their heading is clicked."""
        groups = (
            ("Contact", _TEXTS[:3]),
            ("Address", (*_TEXTS[3:], "country")),
            ("Last things", ("shipping", "terms")),
        )
        sections = "".join(
            f"<details{' open' if n == 0 or set(errors) & set(fields) else ''}><summary>{title}</summary>"
            f"{''.join(self._field(field, errors) for field in fields)}</details>"
            for n, (title, fields) in enumerate(groups)
        )
        return f'<form method="post" action="/" novalidate>{sections}{self._skin.button("submit")}</form>'

    def _field(self, name: str, errors: dict[str, str]) -> str:
        value, error = self.given.get(name, ""), errors.get(name, "")
        if name == "country":
            return self._skin.choice(name, ("", *COUNTRIES), value=value, error=error)
        if name == "shipping":
            return self._skin.choice(name, ("", *_SHIPPING), value=value, error=error)
        if name == "terms":
            return self._skin.tick(name, label="terms", is_on=value == "yes", error=error)
        return self._skin.field(name, value=value, error=error)

    def _review(self) -> str:
        lines = "".join(
            f"<tr><th>{self._skin.word(k)}</th><td>{self.given.get(k, '')}</td></tr>"
            for k in self.wanted
        )
        return f'<table>{lines}</table><form method="post" action="/review">{self._skin.button("submit")}</form>'

    def _take(self, request: Request) -> Response:
        if request.path == "/review":
            return self._send() if not self._errors(tuple(self.wanted)) else redirect("/")
        fields: tuple[str, ...] = (*self.wanted, "terms")
        if self._template == "steps":
            fields = _TEXTS if request.path == "/" else ("country", "shipping", "terms")
        self.given |= {field: request.form.get(field, "").strip() for field in fields}
        errors = self._errors(fields)
        if errors:
            again = (
                self._first(errors)
                if request.path == "/"
                else self._form(fields, errors, "/step2", "submit")
            )
            return self._page(again)
        if self._template == "steps" and request.path == "/":
            return redirect("/step2")
        return redirect("/review") if self._template == "review" else self._send()

    def _send(self) -> Response:
        self.order = dict(self.given)
        self.sent += 1
        return redirect("/thanks")

    def _errors(self, fields: tuple[str, ...]) -> dict[str, str]:
        errors = {field: "This is required." for field in fields if not self.given.get(field)}
        if "phone" in fields and "phone" not in errors and not self.given["phone"].isdigit():
            errors["phone"] = "Use digits only, without spaces."
        if "email" in fields and "email" not in errors and "@" not in self.given["email"]:
            errors["email"] = "This is no email address."
        if (
            "postcode" in fields
            and "postcode" not in errors
            and not re.fullmatch(r"\d{4}", self.given["postcode"])
        ):
            errors["postcode"] = "Four digits."
        if "terms" in errors:
            errors["terms"] = "Please tick this."
        return errors

    def _page(self, body: str) -> Response:
        return page(self._skin, "Checkout", body)


def _normal(text: str) -> str:
    return " ".join(text.lower().split())


def _instruction(wanted: dict[str, str], rng: random.Random, *, is_spaced: bool) -> str:
    phone = wanted["phone"]
    if is_spaced:
        phone = f"{phone[:3]} {phone[3:6]} {phone[6:]}"
    told = {**wanted, "phone": phone}
    listed = (
        f"Name: {told['name']}; email: {told['email']}; phone: {phone}; street: {told['street']}; "
        f"city: {told['city']}; postcode: {told['postcode']}; country: {told['country']}; "
        f"shipping: {told['shipping']}."
    )
    return rng.choice((
        f"Fill in the checkout and place the order. {listed} Accept the terms.",
        f"Place the order with these details. {listed} Agree to the terms.",
        f"Order for {told['name']} ({told['email']}, phone {phone}), to {told['street']}, "
        f"{told['postcode']} {told['city']}, {told['country']}. Use {told['shipping']} shipping and accept the terms.",
    ))  # fmt: skip
