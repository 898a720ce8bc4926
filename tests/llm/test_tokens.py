from __future__ import annotations

import re
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.llm.tokens import TOKENIZER, count_tokens, is_printable


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("   \n\t ", 0),
        ("mug", 1),
        ("mugs, please!", 4),
        ("12345", 2),
        ("a1b2", 4),
        ("snake_case", 3),
        ("Würde", 1),
        ("Люди", 1),
        ("自由", 2),
        ("🙂🙂", 2),
        ("a\u200bb", 3),
    ],
)
def test_words_count_by_eight_letters_digits_by_three_and_signs_singly(
    text: str, tokens: int
) -> None:
    assert count_tokens(text) == tokens


_RUNS = st.lists(
    st.builds(
        str.__mul__, st.sampled_from(["a", "Z", "7", ".", " ", "\x1f", "\x7f"]), st.integers(0, 27)
    )
)


@given(st.text(st.characters(max_codepoint=127)) | _RUNS.map("".join))
def test_ascii_counts_as_among_other_letters(text: str) -> None:
    assert count_tokens(text) == count_tokens(f"{text} ü") - 1


@given(st.text(), st.text())
def test_texts_apart_count_as_much_as_their_parts(left: str, right: str) -> None:
    assert count_tokens(f"{left} {right}") == count_tokens(left) + count_tokens(right)


@given(st.text(), st.text())
def test_joining_words_never_costs_more_than_keeping_them_apart(left: str, right: str) -> None:
    assert count_tokens(left + right) <= count_tokens(left) + count_tokens(right)


@given(st.text())
def test_only_white_space_is_free(text: str) -> None:
    seen = len(re.findall(r"\S", text))

    assert -(-seen // 8) <= count_tokens(text) <= seen


def test_the_tokenizer_is_named_with_its_version() -> None:
    assert re.fullmatch(r"[a-z]+\d+/\d+", TOKENIZER)


@given(st.text(string.printable.replace("\v", "").replace("\f", "")))
def test_what_a_keyboard_types_is_printable(text: str) -> None:
    assert is_printable(text)


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\v", "\u200b", "\u00a0", "\u202e", "\ue000"])
def test_one_sign_that_cannot_be_seen_makes_a_text_unprintable(sign: str) -> None:
    assert not is_printable(f"before{sign}after")


@pytest.mark.serial
def test_a_page_of_a_megabyte_is_counted_in_a_fraction_of_a_second() -> None:
    text = '{"role": "button", "name": "Add 12 mugs to the cart"}\n' * 20_000
    began = time.process_time()

    assert count_tokens(text) == 22 * 20_000
    assert time.process_time() - began < 0.5
