"""From what was found to a judgement: sub-goals, each with its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agentlab.core.value import JsonValue

from .site import Judgement

__all__ = ["Check", "is_same_answer", "judged", "judged_answer"]

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class Check(NamedTuple):
    """One sub-goal."""

    is_reached: bool
    problem: str
    """What was found against what was asked, said where it is not reached."""


def judged(checks: Sequence[Check]) -> Judgement:
    """Returns success where all sub-goals are reached, and the share of them as progress."""
    problems = [check.problem for check in checks if not check.is_reached]
    progress = 1 - len(problems) / len(checks)
    return Judgement(not problems, progress, "; ".join(problems) or "all as asked")


def judged_answer(answer: JsonValue, truth: str, near: Sequence[str] = ()) -> Judgement:
    """Judges an answer.

    Args:
        answer: What the agent said.
        truth: What is right.
        near: Values of the right kind from the wrong place; half of the way.
    """
    if answer is None or answer == "":
        return Judgement(False, 0.0, f"no answer was given; right is '{truth}'")
    if is_same_answer(answer, truth):
        return Judgement(True, 1.0, "the answer is right")
    is_near = any(is_same_answer(answer, value) for value in near)
    where = ", which is a value of the right kind from another place" if is_near else ""
    said = str(answer)[:80]
    return Judgement(False, 0.5 * is_near, f"the answer was '{said}'{where}; right is '{truth}'")


def is_same_answer(answer: JsonValue, truth: str) -> bool:
    """Returns whether an answer says the truth: the same words, or its one number where it is one.

    >>> is_same_answer("The fee is 1,240 euros.", "1240 euros")
    True
    >>> is_same_answer("1240 or 1250", "1240 euros")
    False
    >>> is_same_answer(" maria keller. ", "Maria Keller")
    True
    """
    if not isinstance(answer, str | int | float) or isinstance(answer, bool):
        return False
    said = str(answer)
    if _tidy(said) == _tidy(truth):
        return True
    right = _numbers(truth)
    return truth[:1].isdigit() and len(right) == 1 and _numbers(said) == right


def _tidy(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .,;:!\"'")


def _numbers(text: str) -> set[float]:
    return {float(found.replace(",", "")) for found in _NUMBER.findall(text)}
