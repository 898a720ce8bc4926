"""Who orders, where it goes and how: what a checkout has to be told."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .chance import Chance
from .data import phrase, read_json
from .sides import SIDES

__all__ = ["Customer", "Method", "draw_customer"]


class Method(NamedTuple):
    """A way of delivery."""

    name: str
    days: int
    price_cents: int

    @property
    def price(self) -> str:
        """Its price as it is written."""
        return f"${self.price_cents / 100:.2f}"


class Customer(NamedTuple):
    """One order as it is wanted."""

    wanted: Mapping[str, str]
    """Right values by field, as the instruction gives them."""

    countries: Sequence[tuple[str, str]]
    """Names and codes to choose from."""

    methods: Sequence[Method]
    has_prices: bool
    """Whether the ways of delivery have to be told apart by price or duration."""

    instruction: str


def draw_customer(template: str, *, has_date: bool, chance: Chance) -> Customer:
    """Returns a customer, with an instruction that lists the details or tells them."""
    words: Mapping[str, Any] = read_json("words/people.json")[SIDES[template]]
    first, last = chance.choice(words["first"]), chance.choice(words["last"])
    city, postcode, country = chance.choice(words["places"])
    methods = _draw_methods(words["delivery"], chance)
    manner = chance.choices(("named", "cheapest", "fastest"), (76, 12, 12))[0]
    method = _method_of(manner, methods, chance)
    day = datetime.date(2027, chance.randint(1, 12), chance.randint(13, 28))
    wanted = {
        "name": f"{first} {last}",
        "first": first,
        "last": last,
        "email": f"{first}.{last}@{chance.choice(('mail', 'post', 'home'))}.example".lower(),
        "phone": _draw_phone(chance),
        "street": f"{chance.randint(2, 98)} {chance.choice(words['streets'])}",
        "postcode": postcode,
        "city": city,
        "country": country,
        "delivery": method.name,
        "date": day.isoformat(),
    }
    delivery = phrase("checkout", template, manner, chance, method=method.name)
    date = phrase("checkout", template, "date", chance, date=wanted["date"]) if has_date else ""
    style = chance.choices(("listed", "prose"), (75, 25))[0]
    labels: Mapping[str, str] = read_json("phrases/checkout.json")[template]["labels"]
    is_listed = style == "listed" and manner == "named"
    details = "; ".join(
        f"{label}: {wanted[key]}" for key, label in labels.items() if key != "delivery" or is_listed
    )
    said = " ".join(part for part in ("" if is_listed else delivery, date) if part)
    slots = {**wanted, "details": details, "delivery": said}
    instruction = " ".join(phrase("checkout", template, style, chance, **slots).split())
    countries = [tuple(pair) for pair in words["countries"]]
    return Customer(wanted, countries, methods, manner != "named", instruction)


def _draw_phone(chance: Chance) -> str:
    parts = (chance.randint(30, 49), chance.randint(100, 999), chance.randint(1000, 9999))
    return "+" + " ".join(str(part) for part in parts)


def _draw_methods(names: Sequence[str], chance: Chance) -> list[Method]:
    """Returns the ways of delivery in any order, no two of one price or one duration."""
    days = chance.sample(range(1, 9), len(names))
    prices = chance.sample(range(190, 1990, 50), len(names))
    methods = [Method(*values) for values in zip(names, days, prices, strict=True)]
    chance.shuffle(methods)
    return methods


def _method_of(manner: str, methods: Sequence[Method], chance: Chance) -> Method:
    if manner == "named":
        return chance.choice(methods)
    return min(
        methods, key=lambda method: method.price_cents if manner == "cheapest" else method.days
    )
