"""Texts that two splits have in common: what was learnt on one is then known on the other.

A text is the set of its character 5-grams, and two texts say the same where those sets are alike
enough. The thresholds come from the 20,134 queries of ten public sets (web search, choice of tools,
calls of functions): 96 pairs are found, each the same request nearly word for word, while requests
that differ in what they ask for, or say the same in words of their own, stay below. Of copies it
finds 99 in 100 with a word of politeness in front, 90 in a whole frame of it, 92 with a letter left
out, 87 with a word left out; of questions of some six words 98, 32, 66 and 47.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from agentlab.core.task import SPLITS, SplitName, Task

__all__ = ["ALIKE", "Leak", "common_passage", "find_leaks"]

ALIKE = 0.7
"""Jaccard similarity, in what is their own, from which on two texts say the same."""

_ALIKE_IN_ALL = 0.6
"""The same in everything they say, the wording that many share included."""

_LENGTH = 5
"""Characters of a shingle."""

_LEAST = 12
"""Shingles of its own that a text needs to be compared."""

_COMPARED = 1_000
"""Characters of a text that are compared, from its beginning."""

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


class Leak(NamedTuple):
    """Two tasks, held apart by the splits, that say the same."""

    task: str
    splits: frozenset[SplitName]
    """Where the group of the first task is."""

    text: str
    """What it says; anything may stand in it."""

    other: str
    other_splits: frozenset[SplitName]
    other_text: str
    similarity: float
    """Jaccard similarity in what is their own, from `ALIKE` to 1."""


class _Text(NamedTuple):
    """A text, whoever says it."""

    normal: str
    """Its words alone."""

    said_by: Mapping[str, str]
    """As each task says it, by the task's id."""

    numbers: tuple[str, ...]
    own: tuple[int, ...]
    """Its shingles, the rarest first, without those that too many share."""


def find_leaks(
    tasks: Mapping[SplitName, Sequence[Task]], texts: Mapping[str, Sequence[str]]
) -> tuple[Leak, ...]:
    """Returns the pairs of tasks that say the same though their groups are held apart.

    Groups are held apart where no split has tasks of both. Not compared are names (ASCII without a
    space) and short texts. Wording that more tasks share than the square root of their number is
    how a world speaks, not what a task says: such a text is left out, and so are such shingles of
    texts that are not the same to the word. Texts with other numbers in them are not alike.

    Args:
        tasks: The tasks of each split.
        texts: What each task says, piece by piece, by its id.

    Returns:
        The most similar first; each pair of tasks once, by the texts that are most alike, and of
        its two tasks the one of train or validation before that of the test.
    """
    homes = _homes(tasks)
    found: dict[tuple[str, str], Leak] = {}
    for first, second, similarity in _alike(_compared(texts)):
        for task, text in first.said_by.items():
            for other, other_text in second.said_by.items():
                here, there = homes[task], homes[other]
                if here & there:
                    continue
                sides = ((task, here, text), (other, there, other_text))
                one, two = sorted(sides, key=lambda side: min(map(SPLITS.index, side[1])))
                leak = Leak(*one, *two, similarity)
                pair = (leak.task, leak.other)
                if found.setdefault(pair, leak).similarity < similarity:
                    found[pair] = leak
    return tuple(sorted(found.values(), key=lambda leak: (-leak.similarity, leak.task, leak.other)))


def common_passage(text: str, other: str) -> str:
    """Returns the longest passage of a text that stands in the other as well, in any case.

    >>> common_passage("Please buy a red bicycle!", "BUY A RED BICYCLE, NOW")
    'buy a red bicycle'
    """
    one, two = text[:_COMPARED], other[:_COMPARED]
    same = SequenceMatcher(None, one.lower(), two.lower(), autojunk=False).find_longest_match()
    return one[same.a : same.a + same.size].strip()


def _homes(tasks: Mapping[SplitName, Sequence[Task]]) -> dict[str, frozenset[SplitName]]:
    """Returns by the id of a task the splits that its group is in."""
    splits: dict[str, set[SplitName]] = defaultdict(set)
    for split, found in tasks.items():
        for task in found:
            splits[task.group_or_id].add(split)
    return {
        task.id: frozenset(splits[task.group_or_id]) for found in tasks.values() for task in found
    }


def _compared(texts: Mapping[str, Sequence[str]]) -> list[_Text]:
    """Returns what is to be compared: each text once, without the wording that many share."""
    said_by: dict[str, dict[str, str]] = defaultdict(dict)
    for task, pieces in texts.items():
        for piece in pieces:
            if not _is_name(piece):
                said_by[_normal(piece)].setdefault(task, piece)
    most = max(2, math.isqrt(len({task for tasks in said_by.values() for task in tasks})))
    shingles = {normal: _shingles(normal) for normal in said_by}
    holders = Counter[str]()
    for normal, found in shingles.items():
        for shingle in found:
            holders[shingle] += len(said_by[normal])
    rare = sorted((count, shingle) for shingle, count in holders.items() if count <= most)
    rank = {shingle: place for place, (_, shingle) in enumerate(rare)}
    return [
        _Text(
            normal,
            tasks,
            tuple(sorted(_NUMBER.findall(normal))),
            tuple(sorted(rank[shingle] for shingle in shingles[normal] if shingle in rank)),
        )
        for normal, tasks in said_by.items()
        if len(shingles[normal]) >= _LEAST and len(tasks) <= most
    ]


def _is_name(text: str) -> bool:
    return text.isascii() and len(text.split()) < 2


def _normal(text: str) -> str:
    """Returns the words of a text as one writes them without care."""
    given = unicodedata.normalize("NFKC", text[:_COMPARED]).casefold()
    return " ".join(_WORD.findall(given))


def _shingles(normal: str) -> set[str]:
    padded = f" {normal} "
    return {padded[at : at + _LENGTH] for at in range(len(padded) - _LENGTH + 1)}


def _alike(texts: Sequence[_Text]) -> Iterator[tuple[_Text, _Text, float]]:
    """Yields all pairs that are alike; a text that several tasks say is alike with itself.

    Exact, by prefix filtering: of two such texts the few rarest shingles have one in common, so
    only those are indexed (Bayardo, Ma, Srikant, "Scaling up all pairs similarity search", 2007).
    """
    index: dict[int, list[_Text]] = defaultdict(list)
    for text in sorted(texts, key=lambda text: len(text.own)):
        if len(text.said_by) > 1:
            yield text, text, 1.0
        size = len(text.own)
        if size < _LEAST:
            continue
        rarest = text.own[: size - math.ceil(ALIKE * size) + 1]
        own = set(text.own)
        met = {id(other): other for shingle in rarest for other in index[shingle]}
        for other in met.values():
            if len(other.own) < ALIKE * size or other.numbers != text.numbers:
                continue
            similarity = _jaccard(own, other.own)
            if similarity >= ALIKE and _are_alike_in_all(text, other):
                yield other, text, similarity
        for shingle in rarest:
            index[shingle].append(text)


def _are_alike_in_all(text: _Text, other: _Text) -> bool:
    return _jaccard(_shingles(text.normal), _shingles(other.normal)) >= _ALIKE_IN_ALL


def _jaccard(one: Set[Any], other: Collection[Any]) -> float:
    common = sum(shingle in one for shingle in other)
    return common / (len(one) + len(other) - common)
