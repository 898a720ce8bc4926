"""A checkout: fill the form with what was told, mend what the server refuses, send one right order.

Templates: `single` (one long form), `steps` (three pages, radio buttons), `grouped` (groups, errors
only at the top), `wizard` (a question per page, a summary at the end).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agentlab.core.value import JsonValue

from .chance import Chance
from .customer import Method, draw_customer
from .judging import Check, judged
from .markup import Html, join, tag
from .shell import Link, Shell, draw_notices, redirect
from .site import Judgement, Request, Response
from .skin import Option, Skin

__all__ = ["TEMPLATES", "CheckoutSite"]

TEMPLATES = ("single", "steps", "grouped", "wizard")
_CONTACT, _ADDRESS = ("email", "phone"), ("street", "postcode", "city", "country")
_PAGES: Mapping[str, Sequence[Sequence[str]]] = {
    "single": [("name", *_CONTACT, *_ADDRESS, "delivery", "date", "terms")],
    "steps": [("first", "last", *_CONTACT), _ADDRESS, ("delivery", "date", "terms")],
    "grouped": [("first", "last", *_CONTACT, *_ADDRESS, "delivery", "date", "terms")],
    "wizard": [("name",), _CONTACT, _ADDRESS, ("delivery", "date"), ("terms",)],
}
_RULES = {"phone": "digits", "postcode": "compact", "date": "dmy"}
"""Formats that an instance may insist on, by field."""


class CheckoutSite:
    """One order; what was accepted and whether it was sent is the state."""

    def __init__(self, template: str, skin: Skin, chance: Chance) -> None:
        rules = chance.sample(sorted(_RULES), chance.kind({0: 65, 1: 22, 2: 13}))
        customer = draw_customer(template, has_date="date" in rules, chance=chance)
        self.skin = skin
        self.template = template
        self.rules = {field: _RULES[field] for field in rules}
        self.pages = [
            [field for field in page if field != "date" or "date" in rules]
            for page in _PAGES[template]
        ]
        self.customer = customer
        self.values: dict[str, str] = {}
        """What was entered so far, refused values too."""

        self.errors: dict[str, str] = {}
        self.is_sent = False
        self.instruction = customer.instruction
        self.start_path = "/"
        word = skin.word
        self.shell = Shell(
            skin,
            word("checkout.title"),
            [Link(word("home"), "/")],
            notices=draw_notices(chance, 0.15),
        )

    @property
    def truth(self) -> dict[str, str]:
        """Values by field that the server accepts and that are what was asked for."""
        wanted = {
            field: self.customer.wanted.get(field, "yes") for page in self.pages for field in page
        }
        return {field: self._as_ruled(field, value) for field, value in wanted.items()}

    def respond(self, request: Request) -> Response:
        """Answers with a page of the form, or takes one in."""
        answered = self.shell.answer(request)
        if answered is not None:
            return answered
        step = self._step_of(request.path)
        if step is None or self.is_sent:
            return self._done(request) if self.is_sent else self.shell.missing(request)
        if request.method == "POST":
            return self._take(step, request.form)
        return self._form_page(step, request)

    def judge(self, answer: JsonValue) -> Judgement:
        """Judges the values that were accepted, and whether the order was sent."""
        refused = "; ".join(self.errors.values())
        why = f", the form said: {refused}" if refused else ""
        checks = [Check(self.is_sent, f"the order was not sent{why}")]
        for field, value in self.truth.items():
            entered = self.values.get(field, "")
            is_right = _folded(field, entered) == _folded(field, value)
            checks.append(Check(is_right, f"{field} is '{entered}', asked for '{value}'"))
        return judged(checks)

    def _step_of(self, path: str) -> int | None:
        if path == "/":
            return 0
        found = re.fullmatch(r"/step/(\d)", path)
        return int(found[1]) - 1 if found and 0 < int(found[1]) <= len(self.pages) else None

    def _take(self, step: int, form: Mapping[str, str]) -> Response:
        """Takes a page of the form in; the order is sent with the last one, if all are right."""
        for field in self.pages[step]:
            self.values[field] = " ".join(form.get(field, "").split())
        self.errors = self._errors_of(self.pages[step])
        if self.errors:
            return redirect(f"/step/{step + 1}")
        for earlier, page in enumerate(self.pages[:step]):
            if self._errors_of(page):
                return redirect(f"/step/{earlier + 1}")
        self.is_sent = step + 1 == len(self.pages)
        return redirect("/done" if self.is_sent else f"/step/{step + 2}")

    def _errors_of(self, fields: Sequence[str]) -> dict[str, str]:
        found = {field: self._error_of(field, self.values.get(field, "")) for field in fields}
        return {field: error for field, error in found.items() if error}

    def _error_of(self, field: str, value: str) -> str:
        label = self.skin.word(f"checkout.{field}")
        if not value:
            return self.skin.word("checkout.required", label=label)
        if field == "email" and "@" not in value:
            return self.skin.word("checkout.email_bad", label=label)
        rule = self.rules.get(field)
        if rule and not re.fullmatch(self._pattern_of(rule), value):
            return self.skin.word(f"checkout.{rule}", label=label)
        return ""

    def _pattern_of(self, rule: str) -> str:
        form = re.escape(self._date_form())
        return {"digits": r"\d+", "compact": r"\w+", "dmy": re.sub(r"[DMY]", r"\\d", form)}[rule]

    def _date_form(self) -> str:
        """Returns the form of dates here, such as `DD/MM/YYYY`, as the error tells it."""
        found = re.search(
            r"[DMY]{2,4}\W[DMY]{2,4}\W[DMY]{2,4}", self.skin.word("checkout.dmy", label="")
        )
        assert found is not None
        return found[0]

    def _as_ruled(self, field: str, value: str) -> str:
        rule = self.rules.get(field)
        if rule == "dmy":
            year, month, day = value.split("-")
            return self._date_form().replace("YYYY", year).replace("MM", month).replace("DD", day)
        if rule:
            return re.sub(r"\D" if rule == "digits" else r"\W", "", value)
        return value

    def _form_page(self, step: int, request: Request) -> Response:
        word = self.skin.word
        fields = self.pages[step]
        errors = {field: self.errors[field] for field in fields if field in self.errors}
        is_last = step + 1 == len(self.pages)
        form = self.skin.form(
            f"/step/{step + 1}",
            self._grouped(errors) if self.template == "grouped" else self._fields(fields, errors),
            tag(
                "div",
                self.skin.button_for(word(f"checkout.{'send' if is_last else 'next'}")),
                class_="actions",
            ),
        )
        back = tag("a", word("checkout.back"), href=f"/step/{step}") if step else None
        heading = word("checkout.step", step=step + 1, steps=len(self.pages))
        return self.shell.page(
            request,
            heading if len(self.pages) > 1 else word("checkout.heading"),
            self._alert(errors),
            self._summary() if is_last and self.template == "wizard" else None,
            form,
            back,
        )

    def _fields(self, fields: Sequence[str], errors: Mapping[str, str]) -> Html:
        return join(*(self._field(field, errors.get(field, "")) for field in fields))

    def _grouped(self, errors: Mapping[str, str]) -> Html:
        """Returns the fields in groups; what is wrong is told at the top alone."""
        page = self.pages[0]
        starts = (0, page.index("street"), page.index("delivery"), len(page))
        names = ("contact", "address", "last_page")
        groups = [
            tag(
                "fieldset",
                tag("legend", self.skin.word(f"checkout.{name}")),
                *(self._field(field, "") for field in page[start:end]),
            )
            for name, start, end in zip(names, starts, starts[1:], strict=False)
        ]
        return join(*groups)

    def _field(self, field: str, error: str) -> Html:
        label, value = self.skin.word(f"checkout.{field}"), self.values.get(field, "")
        if field == "terms":
            trouble = tag("p", error, class_="trouble") if error else None
            return join(self.skin.tick(field, label, is_on=value == "yes"), trouble)
        if field == "delivery" and self.template in ("steps", "grouped"):
            trouble = tag("p", error, class_="trouble") if error else None
            return join(self.skin.choice(field, label, value, self._methods()), trouble)
        options = {"country": self._countries, "delivery": self._methods}.get(field)
        empty = Option(value="", label=self.skin.word("checkout.pick"))
        return self.skin.field(
            field,
            label,
            value=value,
            kind={"email": "email", "phone": "tel"}.get(field, "text"),
            options=[empty, *options()] if options else (),
            error=error,
        )

    def _countries(self) -> list[Option]:
        return [
            Option(value=name, label=self.skin.word("checkout.country_label", name=name, code=code))
            for name, code in self.customer.countries
        ]

    def _methods(self) -> list[Option]:
        return [
            Option(value=each.name, label=self.method_label(each)) for each in self.customer.methods
        ]

    def method_label(self, method: Method) -> str:
        """Returns what a way of delivery is called, with what tells it apart."""
        if not self.customer.has_prices:
            return method.name
        return self.skin.word(
            "checkout.method_label", name=method.name, days=method.days, price=method.price
        )

    def _alert(self, errors: Mapping[str, str]) -> Html | None:
        if not errors:
            return None
        told = [tag("li", error) for error in errors.values()] if self.template == "grouped" else []
        words = tag("p", self.skin.word("checkout.trouble"))
        return tag("div", words, tag("ul", *told) if told else None, class_="alert", role="alert")

    def _summary(self) -> Html:
        lines = [
            part
            for page in self.pages[:-1]
            for field in page
            for part in (
                tag("dt", self.skin.word(f"checkout.{field}")),
                tag("dd", self.values.get(field, "")),
            )
        ]
        return tag("dl", *lines)

    def _done(self, request: Request) -> Response:
        return self.shell.page(
            request, self.skin.word("checkout.heading"), tag("p", self.skin.word("checkout.done"))
        )


def _folded(field: str, value: str) -> str:
    """Returns a value without what a person would not mind: case, and signs in numbers."""
    ignored = {"phone": r"\D", "postcode": r"\W"}.get(field)
    return re.sub(ignored, "", value).casefold() if ignored else value.casefold()
