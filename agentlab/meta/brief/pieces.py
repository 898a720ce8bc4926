"""A text put together of pieces by what matters most, within a number of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agentlab.core.counting import counted
from agentlab.llm.tokens import count_tokens

__all__ = ["Piece", "fitted"]


class Piece(NamedTuple):
    """A part of a text that stands or falls as a whole."""

    heading: str
    """Pieces of one heading stand together, in their order; that of the first piece of it."""

    text: str
    weight: float
    """The greater, the sooner it is taken; `inf` is taken whatever the tokens."""


def fitted(pieces: Sequence[Piece], tokens: int) -> str:
    """Returns the pieces that fit, in their order, and a word on what does not.

    >>> print(fitted([Piece("A", "one two", 1.0), Piece("B", "three", 2.0)], 8))
    ## B
    <BLANKLINE>
    three
    <BLANKLINE>
    Left out for want of room: 1 part on A.
    """
    left = tokens
    taken: set[int] = set()
    for place in sorted(range(len(pieces)), key=lambda place: (-pieces[place].weight, place)):
        cost = count_tokens(pieces[place].text) + count_tokens(pieces[place].heading) + 2
        if cost <= left or pieces[place].weight == float("inf"):
            taken.add(place)
            left -= cost
    headings = list(dict.fromkeys(piece.heading for piece in pieces))
    blocks = []
    for heading in headings:
        texts = [p.text for n, p in enumerate(pieces) if n in taken and p.heading == heading]
        if texts:
            blocks.append(f"## {heading}\n\n" + "\n\n".join(texts))
    dropped = [piece.heading for place, piece in enumerate(pieces) if place not in taken]
    if dropped:
        told = (
            f"{counted(dropped.count(each), 'part')} on {each}" for each in dict.fromkeys(dropped)
        )
        blocks.append(f"Left out for want of room: {', '.join(told)}.")
    return "\n\n".join(blocks)
