"""Whether two names mean one model."""

from __future__ import annotations

import re

__all__ = ["AnsweredNames", "without_day", "without_maker"]

# Who sells the model under its own name; at anybody else's the price may be another.
_MAKER = re.compile(r"^(openai|anthropic|gemini|mistral|xai|deepseek)/")
_DAY = re.compile(r"-20\d\d-?\d\d-?\d\d$")


def without_maker(name: str) -> str:
    """Returns a model's name without its maker.

    >>> without_maker("openai/gpt-5"), without_maker("azure/gpt-5")
    ('gpt-5', 'azure/gpt-5')
    """
    return _MAKER.sub("", name)


def without_day(name: str) -> str:
    """Returns a model's name without the day of its release.

    >>> without_day("gpt-4o-2024-08-06")
    'gpt-4o'
    """
    return _DAY.sub("", name)


class AnsweredNames:
    """Remembers under which name each model answers.

    A name that is asked for without a day may be answered with one, but always with the same: an
    alias that comes to mean another release is another model.
    """

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def is_other(self, asked: str, answered: str) -> bool:
        """Returns whether the answer is from another model than the one asked for."""
        first = self._first.setdefault(asked, answered)
        if answered != first:
            return True
        wanted, given = without_maker(asked), without_maker(answered)
        return given != wanted and without_day(given) != wanted
