"""Records of a register and a question about one of them, with one right answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .chance import Chance
from .data import phrase, read_json
from .sides import SIDES

__all__ = ["Question", "Record", "Register", "draw_question", "draw_register"]

Record = Mapping[str, str]
"""Values by column."""


class Register(NamedTuple):
    """A table as it was drawn."""

    title: str
    heading: str
    columns: Sequence[str]
    """Names, that of the key first."""

    choices: Mapping[str, Sequence[str]]
    """Values by column, of the columns that have few."""

    numbers: Sequence[str]
    """The columns that hold whole numbers, no number twice in a column."""

    ranked: str
    """The one of them whose extremes are asked for."""

    records: Sequence[Record]


class Question(NamedTuple):
    """What is asked, and the right answer."""

    instruction: str
    truth: str
    column: str
    """The column that the answer stands in."""

    key: str
    """Key of the record that it is a value of."""


def draw_register(template: str, chance: Chance) -> Register:
    """Returns a register of a template's trade; its keys are near-alike, its last column a key."""
    drawn: Mapping[str, Any] = read_json("words/tables.json")[template]
    columns: Sequence[Mapping[str, Any]] = drawn["columns"]
    keys = _draw_keys(template, columns[0], drawn["rows"], chance)
    numbers = {
        column["name"]: chance.sample(range(column["low"], column["high"] + 1), len(keys))
        for column in columns
        if column["kind"] == "number"
    }
    records = []
    for place, key in enumerate(keys):
        record = {columns[0]["name"]: key}
        for column in columns[1:]:
            name = column["name"]
            if column["kind"] == "choice":
                record[name] = chance.choice(column["values"])
            elif column["kind"] == "number":
                record[name] = str(numbers[name][place])
            else:
                record[name] = chance.choice([other for other in keys if other != key])
        records.append(record)
    choices = {column["name"]: column["values"] for column in columns if "values" in column}
    names = [column["name"] for column in columns]
    return Register(
        drawn["title"], drawn["heading"], names, choices, list(numbers), drawn["ranked"], records
    )


def draw_question(template: str, register: Register, chance: Chance) -> Question:
    """Returns a question of one of four kinds, from a plain lookup to one in two steps."""
    kind = chance.kind({"key": 60, "where": 14, "most": 12, "other": 14})
    draw = {"key": _by_key, "where": _by_condition, "most": _by_rank, "other": _by_other}[kind]
    return draw(template, register, chance)


def _draw_keys(template: str, column: Mapping[str, Any], count: int, chance: Chance) -> list[str]:
    if column["kind"] == "code":
        start = chance.randrange(1000, 8000)
        return [
            f"{column['prefix']}{number}"
            for number in chance.sample(range(start, start + 90), count)
        ]
    words = read_json("words/people.json")[SIDES[template]]
    names = [f"{first} {last}" for first in words["first"] for last in words["last"]]
    return chance.sample(names, count)


def _by_key(template: str, register: Register, chance: Chance) -> Question:
    record = chance.choice(register.records)
    column = chance.choice(register.columns[1:])
    key = record[register.columns[0]]
    text = phrase("table", template, "key", chance, key=key, column=column.lower())
    return Question(text, record[column], column, key)


def _by_other(template: str, register: Register, chance: Chance) -> Question:
    record = chance.choice(register.records)
    key_column, column = register.columns[0], chance.choice(register.columns[1:-1])
    key = record[register.columns[-1]]
    other = next(other for other in register.records if other[key_column] == key)
    text = phrase("table", template, "other", chance, key=record[key_column], column=column.lower())
    return Question(text, other[column], column, key)


def _by_condition(template: str, register: Register, chance: Chance) -> Question:
    first, second = register.choices
    record = chance.choice(register.records)
    number = register.numbers[0]
    text = phrase(
        "table",
        template,
        "where",
        chance,
        first_column=first.lower(),
        first=record[first],
        second_column=second.lower(),
        second=record[second],
        number_column=number.lower(),
        number=record[number],
    )
    key = record[register.columns[0]]
    return Question(text, key, register.columns[0], key)


def _by_rank(template: str, register: Register, chance: Chance) -> Question:
    first, number = chance.choice(list(register.choices)), register.ranked
    chosen = chance.choice([record[first] for record in register.records])
    group = [record for record in register.records if record[first] == chosen]
    text = phrase(
        "table",
        template,
        "most",
        chance,
        first_column=first.lower(),
        first=chosen,
        number_column=number.lower(),
    )
    pick = max if "highest" in text else min
    record = pick(group, key=lambda record: int(record[number]))
    key = record[register.columns[0]]
    return Question(text, key, register.columns[0], key)
