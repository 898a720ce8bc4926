"""The word lists, phrases and style sheets under `tasks/browser`, read once."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from agentlab.references import builtin_root

__all__ = ["number_word", "phrase", "read_json", "read_text"]

_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@functools.cache
def read_text(path: str) -> str:
    """Returns a file of `tasks/browser`."""
    return (builtin_root() / "tasks" / "browser" / path).read_text(encoding="utf-8")


@functools.cache
def read_json(path: str) -> Any:  # Any: each file has a shape of its own, said in its README
    """Returns a JSON file of `tasks/browser`; whoever reads it leaves it as it is."""
    return json.loads(read_text(path))


def phrase(family: str, template: str, kind: str, chance: random.Random, /, **slots: object) -> str:
    """Returns an instruction: one of the wordings of a kind, its slots filled."""
    bank: Mapping[str, Mapping[str, Sequence[str]]] = read_json(f"phrases/{family}.json")
    return chance.choice(bank[template][kind]).format(**slots)


def number_word(number: int) -> str:
    """Returns a small number in letters, as a person writes it.

    >>> number_word(3)
    'three'
    """
    return _NUMBER_WORDS[number]
