"""A shop: put the right one of near-alike articles into the cart, as many as asked, nothing else.

Templates: `list` (rows with a search box, page by page), `shelf` (cards that lead to a page where a
version is chosen), `results` (search first, then a page per article), `facets` (filters beside a
table).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agentlab.core.value import JsonValue

from .catalogue import Product, draw_order, draw_products
from .chance import Chance
from .judging import Check, judged
from .markup import Html, join, tag
from .paging import pager, take_page
from .shell import Link, Shell, draw_notices, local, redirect, url
from .site import Judgement, Request, Response
from .skin import Option, Skin

__all__ = ["TEMPLATES", "ShopSite"]

TEMPLATES = ("list", "shelf", "results", "facets")
_PAGE_SIZE = {"list": 8, "results": 6, "facets": 24}
_MAX_COUNT = 9


class ShopSite:
    """One visit to a shop; the cart is the state."""

    def __init__(self, template: str, skin: Skin, chance: Chance) -> None:
        self.products = draw_products(template, chance)
        self.order = draw_order(template, self.products, chance)
        self.cart: Counter[str] = Counter()
        self.skin = skin
        self.template = template
        self.instruction = self.order.instruction
        self.start_path = "/"
        word = skin.word
        self.shell = Shell(
            skin,
            word("shop.title"),
            [Link(word("shop.home"), "/"), Link(word("shop.cart"), "/cart")],
            notices=draw_notices(chance, 0.15),
        )

    def respond(self, request: Request) -> Response:
        """Answers with a page, or changes the cart and leads to one."""
        answered = self.shell.answer(request)
        if answered is not None:
            return answered
        if request.method == "POST":
            return self._change_cart(request)
        if request.path == "/cart":
            return self._cart_page(request)
        views = {
            "list": self._rows,
            "shelf": self._cards,
            "results": self._front,
            "facets": self._table,
        }
        if request.path == "/":
            return views[self.template](request)
        if self.template == "results" and request.path == "/results":
            return self._results(request)
        return self._article(request)

    def judge(self, answer: JsonValue) -> Judgement:
        """Judges the cart."""
        wanted, count = self.order.product, self.order.amount
        held = self.cart[wanted.id]
        found = self._cart_in_words()
        return judged(
            [
                Check(held > 0, f"the cart holds {found}, not {wanted.name}"),
                Check(held == count, f"asked for {count} x {wanted.name}, there are {held}"),
                Check(
                    held > 0 and len(+self.cart) == 1,
                    f"the cart should hold one line, it holds {found}",
                ),
            ]
        )

    def _cart_in_words(self) -> str:
        lines = [
            f"{self.cart[item.id]} x {item.name}" for item in self.products if self.cart[item.id]
        ]
        return ", ".join(lines) or "nothing"

    def _change_cart(self, request: Request) -> Response:
        back = request.form.get("back", "/")
        product = self._product_of(request)
        if request.path == "/cart/remove" and product:
            del self.cart[product.id]
            return redirect("/cart")
        count = request.form.get("quantity", "").strip()
        if request.path != "/cart/add" or not product:
            self.shell.message = self.skin.word("shop.choose")
        elif not (count.isdecimal() and 1 <= int(count) <= _MAX_COUNT):
            self.shell.message = self.skin.word("shop.count", most=_MAX_COUNT)
        else:
            self.cart[product.id] += int(count)
            self.shell.message = self.skin.word("shop.added", what=f"{count} x {product.name}")
            back = "/cart" if self.template in ("shelf", "results") else back
        return redirect(local(back))

    def _product_of(self, request: Request) -> Product | None:
        form = request.form
        for product in self.products:
            version = (form.get("family"), form.get("colour"), form.get("size"))
            if form.get("product") == product.id or version == (
                product.family,
                product.colour,
                product.size,
            ):
                return product
        return None

    def _cart_page(self, request: Request) -> Response:
        word = self.skin.word
        lines = [item for item in self.products if self.cart[item.id]]
        rows = [
            tag(
                "tr",
                tag("td", item.name),
                tag("td", str(self.cart[item.id])),
                tag("td", item.price),
                tag(
                    "td",
                    self.skin.form(
                        "/cart/remove",
                        self.skin.button_for(word("shop.remove"), kind="quiet", spoken=item.name),
                        product=item.id,
                    ),
                ),
            )
            for item in lines
        ]
        total = sum(self.cart[item.id] * item.price_cents for item in lines) / 100
        content = (
            join(
                self._table_of(rows, "shop.name", "shop.quantity", "shop.price"),
                tag("p", f"{word('shop.total')}: ${total:,.2f}", class_="price"),
            )
            if lines
            else tag("p", word("shop.empty"))
        )
        return self.shell.page(request, word("shop.cart"), content)

    def _rows(self, request: Request) -> Response:
        found = self._search(request.query.get("q", ""))
        shown = take_page(found, request, _PAGE_SIZE["list"])
        items = [
            tag(
                "li",
                self.skin.arrange(
                    tag("div", tag("strong", item.name), tag("div", item.price, class_="price")),
                    self._add_form(request, item),
                ),
                class_="item",
            )
            for item in shown.items
        ]
        return self.shell.page(
            request,
            self.skin.word("shop.home"),
            self._search_form("/", request),
            self._count_of(found),
            tag("ul", *items, class_="items"),
            pager(self.skin, request, shown),
        )

    def _cards(self, request: Request) -> Response:
        families = sorted({item.family for item in self.products})
        cards = [
            tag(
                "li",
                self.skin.arrange(
                    tag("h2", family),
                    tag(
                        "a",
                        self.skin.word("shop.open", what=family),
                        href=url("/article", family=family),
                    ),
                ),
                class_="card",
            )
            for family in families
        ]
        return self.shell.page(
            request, self.skin.word("shop.home"), tag("ul", *cards, class_="items grid")
        )

    def _front(self, request: Request) -> Response:
        kinds = sorted({item.plural for item in self.products})
        links = [
            tag("li", tag("a", kind.capitalize(), href=url("/results", q=kind))) for kind in kinds
        ]
        return self.shell.page(
            request,
            self.skin.word("shop.home"),
            self.skin.arrange(self._search_form("/results", request), tag("ul", *links)),
        )

    def _results(self, request: Request) -> Response:
        found = self._search(request.query.get("q", ""))
        shown = take_page(found, request, _PAGE_SIZE["results"])
        items = [
            tag(
                "li",
                self.skin.arrange(
                    tag("a", item.name, href=url("/article", id=item.id)),
                    tag("span", item.price, class_="price"),
                ),
                class_="item",
            )
            for item in shown.items
        ]
        return self.shell.page(
            request,
            self.skin.word("shop.query"),
            self._search_form("/results", request),
            self._count_of(found),
            tag("ul", *items, class_="items"),
            pager(self.skin, request, shown),
        )

    def _article(self, request: Request) -> Response:
        family, number = request.query.get("family"), request.query.get("id")
        versions = [item for item in self.products if item.family == family or item.id == number]
        if request.path != "/article" or not versions:
            return self.shell.missing(request)
        first = versions[0]
        if number:
            content = self.skin.arrange(
                tag("p", first.price, class_="price"), self._add_form(request, first)
            )
            return self.shell.page(request, first.name, content)
        form = self.skin.form(
            "/cart/add",
            self.skin.arrange(*self._version_fields(versions)),
            self._quantity(),
            self.skin.button_for(self.skin.word("shop.add")),
            family=first.family,
            back=url(request.path, **request.query),
        )
        rows = [
            tag("tr", tag("td", item.colour), tag("td", item.size), tag("td", item.price))
            for item in versions
        ]
        table = join(
            tag("h2", self.skin.word("shop.variants")),
            self._table_of(rows, "shop.colour", "shop.size", "shop.price"),
        )
        return self.shell.page(request, first.family, self.skin.arrange(form, table))

    def _version_fields(self, versions: Sequence[Product]) -> tuple[Html, Html]:
        word = self.skin.word
        colours = sorted({item.colour for item in versions})
        sizes = sorted({item.size for item in versions})
        empty = Option(value="", label=word("shop.pick"))
        colour = self.skin.field(
            "colour", word("shop.colour"), options=[empty, *(_same(colour) for colour in colours)]
        )
        return colour, self.skin.choice(
            "size", word("shop.size"), "", [_same(size) for size in sizes]
        )

    def _table(self, request: Request) -> Response:
        chosen = {name: request.query.get(name, "") for name in ("brand", "colour", "kind")}
        found = [
            item
            for item in self.products
            if all(value in ("", getattr(item, name)) for name, value in chosen.items())
        ]
        shown = take_page(found, request, _PAGE_SIZE["facets"])
        rows = [
            tag(
                "tr",
                tag("td", item.name),
                tag("td", item.price),
                tag("td", self._add_form(request, item)),
            )
            for item in shown.items
        ]
        results = tag(
            "div",
            self._count_of(found),
            self._table_of(rows, "shop.name", "shop.price"),
            pager(self.skin, request, shown),
        )
        return self.shell.page(
            request,
            self.skin.word("shop.home"),
            tag("div", self._filters(chosen), results, class_="columns"),
        )

    def _filters(self, chosen: dict[str, str]) -> Html:
        word = self.skin.word
        fields = [
            self.skin.field(
                name,
                word(f"shop.{name}"),
                value=value,
                options=[
                    Option(value="", label=word("shop.any")),
                    *(
                        _same(each)
                        for each in sorted({getattr(item, name) for item in self.products})
                    ),
                ],
            )
            for name, value in chosen.items()
        ]
        button = self.skin.button_for(word("shop.filter"), kind="quiet")
        return self.skin.form("/", self.skin.arrange(*fields), button, method="get")

    def _search(self, words: str) -> list[Product]:
        """Returns the articles whose name holds every word, in one number or the other."""
        wanted = [word.strip(',."').casefold() for word in words.split()]
        return [
            item
            for item in self.products
            if all(word in f"{item.name} {item.plural}".casefold() for word in wanted)
        ]

    def _search_form(self, action: str, request: Request) -> Html:
        word = self.skin.word
        field = self.skin.field(
            "q", word("shop.query"), value=request.query.get("q", ""), kind="search"
        )
        button = self.skin.button_for(word("search"), kind="quiet")
        return self.skin.form(action, tag("div", field, button, class_="inline"), method="get")

    def _add_form(self, request: Request, item: Product) -> Html:
        button = self.skin.button_for(self.skin.word("shop.add"), spoken=item.name)
        back = url(request.path, **request.query)
        return self.skin.form(
            "/cart/add", self._quantity(item.id), button, product=item.id, back=back
        )

    def _quantity(self, key: str = "") -> Html:
        label = self.skin.word("shop.quantity")
        counts = [_same(str(count)) for count in range(1, _MAX_COUNT + 1)]
        if self.template in ("shelf", "facets"):
            return self.skin.field("quantity", label, value="1", options=counts, key=key)
        return self.skin.field("quantity", label, value="1", kind="number", key=key)

    def _table_of(self, rows: Sequence[Html], *columns: str) -> Html:
        heads = [tag("th", self.skin.word(column)) for column in columns]
        is_wider = bool(rows) and rows[0].count("<td>") > len(columns)
        return tag("table", tag("tr", *heads, tag("th") if is_wider else None), *rows)

    def _count_of(self, found: Sequence[Product]) -> Html:
        return tag("p", self.skin.word("shop.found" if found else "shop.none", count=len(found)))


def _same(text: str) -> Option:
    return Option(value=text, label=text)
