"""Which numbers are quantities, and sources with others in their place."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.meta.numeric.sites import numbers_of, sites_of, with_numbers


def quantities(source: str) -> list[int | float]:
    return [site.value for site in sites_of(source.encode()) if site.is_quantity]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("GAIN = 0.5", [0.5]),
        ("KNOBS = (0.6, -0.3, 5)", [0.6, -0.3, 5]),
        ("f(items, limit=200)", [200]),
        ("def f(retries=0, bias=0.0): pass", [0, 0.0]),
        ("RETRIES: int = 1", [1]),
        ("WEIGHTS = {'title': 1, 'text': 0}", [1, 0]),
        ("x[:200] + text[5:]", [200, 5]),
        ("n > 0.35 and n < 12", [0.35, 12]),
        ("score ** 2 + 1.0 * bonus", [2, 1.0]),
        ("count ** 0.5", [0.5]),
        ("(1.5 - x) / 3", [1.5, 3]),
    ],
)
def test_what_is_more_or_less_is_a_quantity(source: str, found: list[int | float]) -> None:
    assert quantities(source) == found


@pytest.mark.parametrize(
    "source",
    [
        "x[0] + x[-1] + x[3]",
        "n > 0 and len(x) > 1 and n < 1.0",
        "status == 7 or 3 != x or x in (200, 404)",
        "i += 1",
        "def f():\n    total = 0\n    return total - 1",
        "PORT = 8080; api_version = 3; connect(port=99, seed=7)",
        "n % 2 or n & 7 or n >> 3",
        "((a - b) ** 2 + (c - d) ** 2) ** 0.5",
        "MASK = 0xff",
        "{5: a, 6: b}",
        "x: Literal[5] = y",
        "match x:\n    case 7: pass",
    ],
)
def test_what_names_a_thing_is_none(source: str) -> None:
    assert quantities(source) == []


def test_a_number_says_where_it_is_and_what_it_is_called() -> None:
    (site,) = (s for s in sites_of(b"\n\nLIMIT = - 4  # four\n") if s.is_quantity)
    assert (site.line, site.name, site.text, site.value) == (3, "LIMIT", "- 4", -4)


def test_a_place_keeps_its_key_whatever_the_number_and_the_rest_of_the_file() -> None:
    before = b"A = 5\ndef f(x):\n    return x * 3\ndef g(x):\n    return x * 3\n"
    after = b"import re\nB = 1\nA = 1e-05\ndef g(x):\n    y = 7\n    return x * 0.25\n"
    keys = {site.value: site.key for site in sites_of(before)}
    again = {site.value: site.key for site in sites_of(after)}
    assert len(keys) == 2, "equal numbers"
    assert len({site.key for site in sites_of(before)}) == 3
    assert again[1e-05] == keys[5]
    assert again[0.25] == keys[3], "g's, which comes last"


def test_all_but_the_numbers_stays_byte_for_byte() -> None:
    source = (
        "# caf\u00e9 3\r\nKNOBS = ( 0.6,\t- 0.3 , )  # three \u2248 0.5\r\n"
        "BIG = 10_000\r\nTEXT = '7'\r\n"
    ).encode()
    keys = [site.key for site in sites_of(source)]
    made = with_numbers(source, dict(zip(keys, (0.25, -1.5, 20_000), strict=True)))
    assert made.decode() == (
        "# caf\u00e9 3\r\nKNOBS = ( 0.25,\t- 1.5 , )  # three \u2248 0.5\r\n"
        "BIG = 20_000\r\nTEXT = '7'\r\n"
    )
    assert with_numbers(source, {}) == source


@given(
    st.lists(
        st.one_of(st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False)),
        min_size=4,
        max_size=4,
    )
)
def test_what_is_written_is_read_back(values: list[int | float]) -> None:
    source = b"A = 5\nB = (2.5, -3)\ndef f(x):\n    return x - 7\n"
    keys = [site.key for site in sites_of(source)]
    made = with_numbers(source, dict(zip(keys, values, strict=True)))
    ast.parse(made)
    assert [site.value for site in sites_of(made)] == values
    assert [site.key for site in sites_of(made)] == keys
    assert numbers_of(made, like=source) == dict(zip(keys, values, strict=True))


@pytest.mark.parametrize(
    "source",
    [b"A = 5\nB = 7\n", b"A = 5\nB = 2\nC = 3\n", b"x = 1\nA = 5\nB = 7\n", b"A = f()\nB = 7\n"],
)
def test_numbers_are_read_beside_any_other_source(source: bytes) -> None:
    expected = {site.key: site.value for site in sites_of(source)}
    assert numbers_of(source, like=b"A = 1\nB = -2.5\n") == expected


@pytest.mark.parametrize("source", [b"def f(:\n", b"\xff\xfe = 3", b""])
def test_what_cannot_be_read_has_no_numbers(source: bytes) -> None:
    assert sites_of(source) == ()
    assert with_numbers(source, {"x": 1}) == source


@pytest.mark.parametrize(
    "source",
    [
        "# -*- coding: latin-1 -*-\nNAME = '\u00e9'\nA = 0.5\n".encode("latin-1"),
        "\ufeffA = 0.5\n".encode(),
    ],
)
def test_a_file_that_is_not_plain_utf_8_is_left_alone(source: bytes) -> None:
    assert sites_of(source) == ()
