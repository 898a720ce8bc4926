"""What an account holds: settings in sections, or a list of entries; and what is to be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .chance import Chance
from .data import phrase, read_json

__all__ = ["Entries", "Setting", "Settings", "draw_entries", "draw_settings"]


class Setting(NamedTuple):
    """One thing that can be set; its label is its name."""

    label: str
    kind: str
    """`tick`, `choice` or `text`."""

    values: Sequence[str]
    """What it may be; a tick is `yes` or empty, a text may be anything."""


class Settings(NamedTuple):
    """Settings by section, how they stand and how they shall stand."""

    title: str
    sections: Mapping[str, Sequence[Setting]]
    values: Mapping[str, str]
    wanted: Mapping[str, str]
    instruction: str


class Entries(NamedTuple):
    """A list of near-alike entries, and what shall be done to one of them."""

    title: str
    names: Sequence[str]
    action: str
    """`delete`, `archive` or `rename`."""

    name: str
    fresh: str
    """The name to give, where it is renamed."""

    instruction: str


def draw_settings(template: str, chance: Chance) -> Settings:
    """Returns settings with one change to make, or two in a section."""
    drawn: Mapping[str, Any] = read_json("words/accounts.json")[template]
    sections = {
        section: [_setting(entry) for entry in entries]
        for section, entries in drawn["sections"].items()
    }
    every = [setting for settings in sections.values() for setting in settings]
    values = {setting.label: chance.choice(setting.values) for setting in every}
    section = chance.choice(list(sections))
    changed = chance.sample(sections[section], chance.kind({1: 80, 2: 20}))
    wanted = dict(values)
    told = []
    for setting in changed:
        others = [value for value in setting.values if value != values[setting.label]]
        wanted[setting.label] = value = chance.choice(others)
        manner = ("on" if value else "off") if setting.kind == "tick" else setting.kind
        slots = {"label": setting.label, "value": value, "section": section}
        told.append(phrase("dialogs", template, manner, chance, **slots))
    return Settings(drawn["title"], sections, values, wanted, " ".join(told))


def draw_entries(template: str, chance: Chance) -> Entries:
    """Returns entries with one action to take on one of them."""
    drawn: Mapping[str, Any] = read_json("words/accounts.json")[template]
    pairs = [f"{name} {suffix}" for name in drawn["names"] for suffix in drawn["suffixes"]]
    names = chance.sample(pairs, 8)
    action = chance.kind({"delete": 1, "archive": 1, "rename": 1})
    name, fresh = chance.choice(names), chance.choice(drawn["fresh"])
    slots = {"one": drawn["one"], "name": name, "fresh": fresh}
    instruction = phrase("dialogs", template, action, chance, **slots)
    return Entries(drawn["title"], names, action, name, fresh, instruction)


def _setting(entry: Sequence[str]) -> Setting:
    kind, label, *values = entry
    return Setting(label, kind, values or ("yes", ""))
