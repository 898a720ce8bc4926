"""A register: find the record that was asked for among near-alike ones, and answer a value of it.

Templates: `paged` (a table page by page, with search and sorting), `filtered` (lists to filter by,
some columns only on the record's own page), `cards` (labels beside values, page by page), `grid`
(rows without a table element, half of them at a time).
"""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.value import JsonValue

from .chance import Chance
from .judging import judged_answer
from .markup import Html, tag
from .paging import pager, take_page
from .records import Record, draw_question, draw_register
from .shell import Link, Shell, draw_notices, url
from .site import Judgement, Request, Response
from .skin import Option, Skin

__all__ = ["TEMPLATES", "TableSite"]

TEMPLATES = ("paged", "filtered", "cards", "grid")
_PAGE_SIZE = {"paged": 12, "filtered": 60, "cards": 10, "grid": 24}
_HIDDEN = {"filtered": 2, "paged": 0, "cards": 0, "grid": 0}
"""How many of the last columns stand on the record's own page alone."""


class TableSite:
    """One register; nothing on it can be changed, only the answer counts."""

    def __init__(self, template: str, skin: Skin, chance: Chance) -> None:
        self.register = draw_register(template, chance)
        self.question = draw_question(template, self.register, chance)
        self.skin = skin
        self.template = template
        self.instruction = self.question.instruction
        self.start_path = "/"
        self.shell = Shell(
            skin,
            self.register.title,
            [Link(self.register.heading, "/")],
            notices=draw_notices(chance, 0.15),
        )

    def respond(self, request: Request) -> Response:
        """Answers with a list of records, or with one of them."""
        answered = self.shell.answer(request)
        if answered is not None:
            return answered
        if request.path == "/":
            return self._list(request)
        key = request.query.get("key")
        for record in self.register.records:
            if request.path == "/record" and record[self.register.columns[0]] == key:
                return self._record(request, record)
        return self.shell.missing(request)

    def judge(self, answer: JsonValue) -> Judgement:
        """Judges the answer; a value of the same column in another record is half of the way."""
        near = [record[self.question.column] for record in self.register.records]
        return judged_answer(answer, self.question.truth, near)

    def _list(self, request: Request) -> Response:
        found = self._found(request)
        shown = take_page(found, request, _PAGE_SIZE[self.template])
        view = {"cards": self._cards, "grid": self._grid}.get(self.template, self._table)
        word = self.skin.word
        return self.shell.page(
            request,
            self.register.heading,
            self._filters(request) if self.template == "filtered" else self._search(request),
            tag("p", word("table.count", count=len(found)) if found else word("table.none")),
            view(request, shown.items),
            pager(self.skin, request, shown),
        )

    def _found(self, request: Request) -> Sequence[Record]:
        """Returns the records that the query asks for, in its order."""
        query = request.query
        words = query.get("q", "").casefold().split()
        found = [
            record
            for record in self.register.records
            if all(word in " ".join(record.values()).casefold() for word in words)
            and all(query.get(name, "") in ("", record[name]) for name in self.register.choices)
        ]
        column = query.get("sort", "")
        if column in self.register.numbers:
            return sorted(found, key=lambda record: int(record[column]))
        if column in self.register.columns:
            return sorted(found, key=lambda record: record[column])
        return found

    def _shown_columns(self) -> Sequence[str]:
        columns = self.register.columns
        shown = columns[: len(columns) - _HIDDEN[self.template]]
        return [shown[0], *reversed(shown[1:])] if self.skin.is_reversed else shown

    def _table(self, request: Request, records: Sequence[Record]) -> Html:
        columns = self._shown_columns()
        has_more = _HIDDEN[self.template] > 0
        heads = [tag("th", self._head(request, column)) for column in columns]
        rows = [
            tag(
                "tr",
                *(tag("td", record[column]) for column in columns),
                tag("td", self._opener(record)) if has_more else None,
            )
            for record in records
        ]
        return tag("table", tag("tr", *heads, tag("th") if has_more else None), *rows)

    def _head(self, request: Request, column: str) -> Html:
        """Returns a column's name, which sorts by it."""
        href = url("/", **{**request.query, "sort": column, "page": ""})
        return tag("a", column, href=href, title=self.skin.word("table.sort", column=column))

    def _opener(self, record: Record) -> Html:
        key = record[self.register.columns[0]]
        return tag("a", self.skin.word("table.details", key=key), href=url("/record", key=key))

    def _cards(self, request: Request, records: Sequence[Record]) -> Html:
        key, *columns = self._shown_columns()
        cards = [
            tag("li", tag("h2", record[key]), _pairs(record, columns), class_="card")
            for record in records
        ]
        return tag("ul", *cards, class_="items grid")

    def _grid(self, request: Request, records: Sequence[Record]) -> Html:
        columns = self._shown_columns()
        heads = [tag("div", self._head(request, column), role="columnheader") for column in columns]
        rows = [
            tag(
                "div",
                *(tag("div", record[column], role="cell") for column in columns),
                class_="row",
                role="row",
            )
            for record in records
        ]
        return tag("div", tag("div", *heads, class_="row head", role="row"), *rows, role="table")

    def _record(self, request: Request, record: Record) -> Response:
        key, *columns = self.register.columns
        back = tag("a", self.skin.word("table.back"), href="/")
        return self.shell.page(
            request, record[key], self.skin.arrange(_pairs(record, columns), back)
        )

    def _search(self, request: Request) -> Html:
        word = self.skin.word
        field = self.skin.field(
            "q", word("table.search"), value=request.query.get("q", ""), kind="search"
        )
        button = self.skin.button_for(word("table.go"), kind="quiet")
        return self.skin.form("/", tag("div", field, button, class_="inline"), method="get")

    def _filters(self, request: Request) -> Html:
        word = self.skin.word
        fields = [
            self.skin.field(
                name,
                name,
                value=request.query.get(name, ""),
                options=[
                    Option(value="", label=word("table.all")),
                    *(Option(value=value, label=value) for value in values),
                ],
            )
            for name, values in self.register.choices.items()
        ]
        button = self.skin.button_for(word("table.filter"), kind="quiet")
        return self.skin.form(
            "/", tag("div", self.skin.arrange(*fields), button, class_="inline"), method="get"
        )


def _pairs(record: Record, columns: Sequence[str]) -> Html:
    lines = [part for name in columns for part in (tag("dt", name), tag("dd", record[name]))]
    return tag("dl", *lines)
