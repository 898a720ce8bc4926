"""A text of what matters most, within a number of tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentlab.llm.tokens import count_tokens
from agentlab.meta.brief.pieces import Piece, fitted

WORDS = st.text(alphabet="abc ", max_size=60)
PIECES = st.lists(
    st.builds(Piece, st.sampled_from(["Goal", "Past", "Notes"]), WORDS, st.floats(0, 9)),
    max_size=12,
)


@given(PIECES, st.integers(0, 60))
def test_it_is_no_longer_than_allowed_but_for_the_word_on_what_is_left_out(
    pieces: list[Piece], tokens: int
) -> None:
    shown = fitted(pieces, tokens)
    kept = shown.split("Left out for want of room")[0]

    assert count_tokens(kept) <= tokens


def test_what_weighs_most_is_taken_and_stands_in_its_own_order() -> None:
    pieces = [Piece("A", "one", 1.0), Piece("B", "two", 3.0), Piece("A", "three", 2.0)]

    assert (
        fitted(pieces, 11)
        == "## A\n\nthree\n\n## B\n\ntwo\n\nLeft out for want of room: 1 part on A."
    )
    assert fitted(pieces, 100) == "## A\n\none\n\nthree\n\n## B\n\ntwo"


def test_what_must_be_said_is_said_whatever_the_room() -> None:
    assert "## Goal\n\nwin" in fitted([Piece("Goal", "win", float("inf"))], 0)


def test_a_smaller_piece_is_taken_where_a_greater_does_not_fit() -> None:
    shown = fitted([Piece("A", "word " * 50, 9.0), Piece("B", "short", 1.0)], 10)

    assert "short" in shown
    assert "word" not in shown
