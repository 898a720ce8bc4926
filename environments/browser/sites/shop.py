"""Shops: put an exact number of the right variant into the cart, and nothing else."""

from __future__ import annotations

import random
from html import escape
from typing import NamedTuple

from agentlab.core.value import JsonValue

from .shell import Skin, page, redirect
from .site import Judgement, Request, Response
from .words import COLOURS, NOUNS, SIZES

__all__ = ["ShopSite"]

_PER_PAGE = 8


class _Product(NamedTuple):
    noun: str
    colour: str
    size: str
    price: int

    @property
    def title(self) -> str:
        return f"{self.size.capitalize()} {self.colour} {self.noun}"


class ShopSite:
    """A shop of a few dozen near-alike products; the cart is the state."""

    start_path = "/"

    def __init__(self, template: str, skin: Skin, rng: random.Random) -> None:
        self._template = template
        self._skin = skin
        self.products = _catalogue(rng, 14 if template == "grid" else 30)
        self.wanted = rng.randrange(len(self.products))
        self.quantity = rng.choice((1, 1, 2, 3, 4, 6))
        self.cart: dict[int, int] = {}
        self.instruction = _instruction(self.products[self.wanted], self.quantity, rng)

    def respond(self, request: Request) -> Response:
        """Serves lists, product pages and the cart."""
        if request.path == "/add":
            return self._add(request)
        if request.path == "/cart":
            return self._page("cart", self._cart())
        if request.path == "/product":
            return self._product(request)
        return {
            "grid": self._grid, "search": self._search, "paged": self._paged, "facets": self._facets,
        }[self._template](request)  # fmt: skip

    def judge(self, answer: JsonValue) -> Judgement:
        """Succeeds if the cart holds just what was asked for."""
        found = self.cart.get(self.wanted, 0)
        others = {n: count for n, count in self.cart.items() if n != self.wanted}
        progress = (
            0.4 * (found > 0) + 0.3 * (found == self.quantity) + 0.3 * (found > 0 and not others)
        )
        held = (
            ", ".join(f"{c} x {self.products[n].title}" for n, c in self.cart.items()) or "nothing"
        )
        asked = f"{self.quantity} x {self.products[self.wanted].title}"
        return Judgement(
            self.cart == {self.wanted: self.quantity},
            progress,
            f"asked for {asked}; the cart holds {held}",
        )

    def _add(self, request: Request) -> Response:
        number, count = request.form.get("id", ""), request.form.get("quantity", "1")
        if number.isdigit() and int(number) < len(self.products) and count.isdigit():
            self.cart[int(number)] = self.cart.get(int(number), 0) + int(count)
        return redirect("/cart")

    def _grid(self, request: Request) -> Response:
        return self._page("shop", "".join(self._card(n) for n in range(len(self.products))))

    def _search(self, request: Request) -> Response:
        query = request.query.get("q", "")
        form = f'<form action="/">{self._skin.field("q", label="search", value=query)}{self._skin.button("search")}</form>'
        words = query.lower().split()
        found = [
            n for n, product in enumerate(self.products)
            if words and all(word in product.title.lower() for word in words)
        ]  # fmt: skip
        hits = "".join(f"<li>{self._link(n)}</li>" for n in found)
        note = f"<p>{len(found)} results</p>" if words else "<p>Type what you are looking for.</p>"
        return self._page("shop", f"{form}{note}<ul>{hits}</ul>")

    def _paged(self, request: Request) -> Response:
        number = (
            int(request.query.get("page", "1")) if request.query.get("page", "1").isdigit() else 1
        )
        start = (number - 1) * _PER_PAGE
        shown = range(start, min(start + _PER_PAGE, len(self.products)))
        items = "".join(
            f'<div class="item">{self._link(n)} <span>{self._price(n)}</span></div>' for n in shown
        )
        more = start + _PER_PAGE < len(self.products)
        link = (
            f'<a href="/?page={number + 1}">{escape(self._skin.word("next"))}</a>' if more else ""
        )
        return self._page("shop", f"<p>Page {number}</p>{items}{link}")

    def _facets(self, request: Request) -> Response:
        colour, size = request.query.get("colour", ""), request.query.get("size", "")
        form = (
            f'<form action="/">{self._skin.choice("colour", ("any", *COLOURS), value=colour)}'
            f"{self._skin.choice('size', ('any', *SIZES), value=size)}{self._skin.button('apply')}</form>"
        )
        found = [
            n for n, product in enumerate(self.products)
            if colour in ("any", product.colour) and size in ("any", product.size)
        ]  # fmt: skip
        body = "".join(self._card(n) for n in found) if colour else "<p>Choose what to see.</p>"
        return self._page("shop", form + body)

    def _product(self, request: Request) -> Response:
        number = request.query.get("id", "")
        if not number.isdigit() or int(number) >= len(self.products):
            return redirect("/")
        product = self.products[int(number)]
        return self._page(
            product.title, f"<p>{self._price(int(number))}</p>{self._form(int(number))}"
        )

    def _card(self, number: int) -> str:
        title = escape(self.products[number].title)
        return f'<div class="item"><h2>{title}</h2><p>{self._price(number)}</p>{self._form(number)}</div>'

    def _form(self, number: int) -> str:
        skin = self._skin
        return (
            f'<form method="post" action="/add"><input type="hidden" name="id" value="{number}">'
            f"{skin.field('quantity', value='1', kind='number', place=str(number))}"
            f"{skin.button('add', about=self.products[number].title)}</form>"
        )

    def _cart(self) -> str:
        lines = "".join(
            f"<tr><td>{escape(self.products[n].title)}</td><td>{count}</td></tr>"
            for n, count in self.cart.items()
        )
        return (
            f"<table><tr><th>Product</th><th>Count</th></tr>{lines}</table>"
            if lines
            else "<p>Empty.</p>"
        )

    def _link(self, number: int) -> str:
        return f'<a href="/product?id={number}">{escape(self.products[number].title)}</a>'

    def _price(self, number: int) -> str:
        return f"{self.products[number].price}.00 EUR"

    def _page(self, title: str, body: str) -> Response:
        links = [("/", "Shop"), ("/cart", self._skin.word("cart"))]
        return page(self._skin, self._skin.word(title).capitalize(), body, links=links)


def _catalogue(rng: random.Random, count: int) -> list[_Product]:
    nouns = rng.sample(NOUNS, 4)
    variants = [(noun, colour, size) for noun in nouns for colour in COLOURS[:4] for size in SIZES]
    return [_Product(*variant, rng.randrange(5, 60)) for variant in rng.sample(variants, count)]


def _instruction(product: _Product, quantity: int, rng: random.Random) -> str:
    plural = "es" if product.noun.endswith("s") else "s"
    many = product.noun + plural if quantity > 1 else product.noun
    return rng.choice((
        f'Add {quantity} of "{product.title}" to the cart.',
        f"Put {quantity} {product.size} {product.colour} {many} in the cart, nothing else.",
        f"I need {quantity} {product.colour} {many}, size {product.size}. Please put them in my cart.",
        f"Get the {product.noun} in {product.colour}, {product.size}: {quantity} in all, into the cart.",
    ))  # fmt: skip
