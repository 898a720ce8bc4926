"""Tables: find the record that meets the conditions and answer one of its values."""

from __future__ import annotations

import random
from html import escape

from agentlab.core.value import JsonValue

from .shell import Skin, page
from .site import Judgement, Request, Response
from .words import CITIES, DEPARTMENTS, FIRST, LAST

__all__ = ["TableSite"]

_COLUMNS = ("Name", "Department", "City", "Extension", "Desk")
_PER_PAGE = 12
_MOST_SHOWN = 10


class TableSite:
    """A staff directory; nothing in it changes, the answer decides."""

    start_path = "/"

    def __init__(self, template: str, skin: Skin, rng: random.Random) -> None:
        self._template = template
        self._skin = skin
        self.rows = _rows(rng, 20 if template == "flat" else 48)
        self.wanted = rng.choice(self.rows)
        self.asked = rng.choice(("Extension", "Desk"))
        self.truth = self.wanted[self.asked]
        self.instruction = _instruction(self.wanted, self.asked, self.rows, rng)

    def respond(self, request: Request) -> Response:
        """Serves the directory as its template shows it."""
        return {
            "flat": self._flat, "paged": self._paged, "filter": self._filter, "cards": self._cards,
        }[self._template](request)  # fmt: skip

    def judge(self, answer: JsonValue) -> Judgement:
        """Succeeds if the answer is the value and nothing but the value."""
        given = str(answer).strip().lower() if isinstance(answer, str | int) else ""
        is_right = given == self.truth.lower()
        near = any(given == value.lower() for value in self.wanted.values()) if given else False
        progress = 1.0 if is_right else 0.5 if near else 0.2 if given else 0.0
        return Judgement(
            is_right, progress, f"asked for '{self.truth}', the answer was {answer!r:.80}"
        )

    def _flat(self, request: Request) -> Response:
        return self._page(_table(self.rows))

    def _paged(self, request: Request) -> Response:
        number = _whole(request.query.get("page", "1"))
        start = (number - 1) * _PER_PAGE
        is_last = start + _PER_PAGE >= len(self.rows)
        link = (
            ""
            if is_last
            else f'<a href="/?page={number + 1}">{escape(self._skin.word("next"))}</a>'
        )
        return self._page(
            f"<p>Page {number}</p>{_table(self.rows[start : start + _PER_PAGE])}{link}"
        )

    def _filter(self, request: Request) -> Response:
        query = request.query.get("q", "")
        words = query.lower().split()
        found = [
            row
            for row in self.rows
            if all(word in " ".join(row.values()).lower() for word in words)
        ]
        form = f'<form action="/">{self._skin.field("q", label="search", value=query)}{self._skin.button("filter")}</form>'
        note = f"<p>{len(found)} entries, {min(len(found), _MOST_SHOWN)} shown</p>"
        return self._page(form + note + _table(found[:_MOST_SHOWN]))

    def _cards(self, request: Request) -> Response:
        shown = _whole(request.query.get("shown", "1")) * _PER_PAGE
        cards = "".join(
            '<div class="item">' + f"<h2>{escape(row['Name'])}</h2><dl>"
            + "".join(f"<dt>{column}</dt><dd>{escape(row[column])}</dd>" for column in _COLUMNS[1:])
            + "</dl></div>"
            for row in self.rows[:shown]
        )  # fmt: skip
        more = f"/?shown={shown // _PER_PAGE + 1}"
        link = (
            f'<a href="{more}">{escape(self._skin.word("more"))}</a>'
            if shown < len(self.rows)
            else ""
        )
        return self._page(cards + link)

    def _page(self, body: str) -> Response:
        return page(self._skin, "Staff directory", body)


def _table(rows: list[dict[str, str]]) -> str:
    head = "".join(f"<th>{column}</th>" for column in _COLUMNS)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(row[column])}</td>" for column in _COLUMNS) + "</tr>"
        for row in rows
    )
    return f"<table><tr>{head}</tr>{lines}</table>"


def _rows(rng: random.Random, count: int) -> list[dict[str, str]]:
    """Returns records of which some share a name; name, department and city together are unique."""
    people = rng.sample([f"{first} {last}" for first in FIRST for last in LAST], count * 3 // 4)
    names = people + rng.sample(people, count - len(people))
    rng.shuffle(names)
    extensions, desks = rng.sample(range(1000, 9999), count), rng.sample(range(100, 999), count)
    places: dict[str, set[tuple[str, str]]] = {}
    rows = []
    for name, extension, desk in zip(names, extensions, desks, strict=True):
        used = places.setdefault(name, set())
        free = [
            (d, c) for d in DEPARTMENTS for c in CITIES if all(d != x and c != y for x, y in used)
        ]
        department, city = rng.choice(free)
        used.add((department, city))
        values = (name, department, city, str(extension), f"{rng.choice('ABCDEF')}{desk}")
        rows.append(dict(zip(_COLUMNS, values, strict=True)))
    return rows


def _instruction(
    row: dict[str, str], asked: str, rows: list[dict[str, str]], rng: random.Random
) -> str:
    is_shared = sum(other["Name"] == row["Name"] for other in rows) > 1
    told = asked.lower()
    if is_shared:
        condition = rng.choice((f"in {row['City']}", f"from {row['Department']}"))
        return rng.choice((
            f"What is the {told} of {row['Name']} {condition}?",
            f"There are several people called {row['Name']}. Give the {told} of the one {condition}.",
        ))  # fmt: skip
    return rng.choice((
        f"What is the {told} of {row['Name']}?",
        f'Look up "{row["Name"]}" and answer with the {told}.',
        f"Who sits where: which {told} does {row['Name']} have?",
    ))  # fmt: skip


def _whole(text: str) -> int:
    return max(1, int(text)) if text.isdigit() and len(text) < 6 else 1
