"""The goods of a shop: near-duplicates by maker, colour, size and price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .chance import Chance
from .data import number_word, phrase, read_json

__all__ = ["Order", "Product", "draw_order", "draw_products"]


class Product(NamedTuple):
    """One article."""

    id: str
    brand: str
    kind: str
    plural: str
    colour: str
    size: str
    price_cents: int

    @property
    def family(self) -> str:
        """What all versions of it are called."""
        return f"{self.brand} {self.kind}"

    @property
    def name(self) -> str:
        """What it is called; no two articles are called alike."""
        return f"{self.family}, {self.colour}, {self.size}"

    @property
    def price(self) -> str:
        """Its price as it is written."""
        return f"${self.price_cents / 100:.2f}"


class Order(NamedTuple):
    """What is wanted."""

    product: Product
    amount: int
    instruction: str


def draw_products(template: str, chance: Chance) -> list[Product]:
    """Returns 24 articles of a template's trade, each with a price of its own."""
    trade: Mapping[str, Any] = read_json("words/goods.json")[template]  # Any: lists and words
    kinds = chance.sample(trade["kinds"], 3)
    drawn: list[Product] = []
    prices = chance.sample(range(899, 5999, 50), 24)
    for kind, plural in kinds:
        versions = [
            (brand, colour, size)
            for brand in chance.sample(trade["brands"], 2)
            for colour in chance.sample(trade["colours"], 2)
            for size in chance.sample(trade["sizes"], 2)
        ]
        for brand, colour, size in versions:
            number = f"{1000 + 7 * len(drawn) + chance.randrange(7)}"
            drawn.append(Product(number, brand, kind, plural, colour, size, prices.pop()))
    chance.shuffle(drawn)
    return drawn


def draw_order(template: str, products: list[Product], chance: Chance) -> Order:
    """Returns what is wanted of the goods, said in one of four kinds of difficulty."""
    kind = chance.kind({"named": 60, "described": 18, "priced": 11, "cheapest": 11})
    product = chance.choice(products)
    if kind == "cheapest":
        alike = [
            other
            for other in products
            if (other.family, other.colour) == (product.family, product.colour)
        ]
        product = min(alike, key=lambda other: other.price_cents)
    amount = chance.choice((1, 1, 1, 2, 3, 4) if kind == "named" else (2, 3, 4, 5))
    instruction = phrase(
        "shop",
        template,
        kind,
        chance,
        count=amount,
        count_word=number_word(amount),
        size_label=read_json("words/goods.json")[template]["size"].lower(),
        name=product.name,
        price=product.price,
        **product._asdict(),
    )
    return Order(product, amount, instruction)
