"""What a candidate printed is kept in part and cannot act on a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.sandbox.printed import Printed


@pytest.fixture
def printed() -> Iterator[Printed]:
    printed = Printed()
    yield printed
    printed.close()


def test_a_little_is_kept_whole(printed: Printed) -> None:
    os.write(printed.fd, b"one\n\ttwo \xc3\xa9")
    assert printed.text() == "one\n\ttwo \u00e9"


def test_of_a_lot_the_head_and_the_tail_are_kept(printed: Printed) -> None:
    os.write(printed.fd, b"a" * 20_000 + b"b" * 60_000 + b"c" * 20_000)
    head, left_out, tail = printed.text().split("\n")
    assert (head, tail) == ("a" * 16384, "c" * 16384)
    assert left_out == f"[{100_000 - 2 * 16384} bytes left out]"


@given(st.binary(max_size=300))
def test_nothing_of_it_moves_a_terminal(content: bytes) -> None:
    printed = Printed()
    os.write(printed.fd, content)
    text = printed.text()
    printed.close()
    assert all(sign.isprintable() or sign in "\n\t" for sign in text)
    text.encode()
