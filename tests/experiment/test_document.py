from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.errors import InputError
from agentlab.experiment.document import read_document


def problem_of(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_document(data, "f.yaml")
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("data", "where", "words"),
    [
        (b"", "f.yaml:", "is empty"),
        (b"# nothing but a comment\n", "f.yaml:", "is empty"),
        (b"\n- a\n- b\n", "f.yaml:2:", "is a list"),
        (b"hello\n", "f.yaml:1:", "is a single value"),
        (b"a: 1\nb: 2: 3\n", "f.yaml:2:5:", "is not YAML"),
        (b"a:\n\tb: 1\n", "f.yaml:2:1:", "indent with spaces"),
        (b"a: [1, 2\n", "f.yaml:2:1:", "is not YAML"),
        (b"a: 1\nb: \xff\xfe\n", "f.yaml:2:", "is not UTF-8"),
        (b"\x7fELF\0\0\0", "f.yaml:", "is binary"),
        (b"a: 1\n" * 30_000, "f.yaml:", "is too large"),
        (b"a: &x [1]\nb: *x\n", "f.yaml:2:", "aliases are not supported"),
        (b"[" * 5000, "f.yaml:1:", "nested more than"),
        (b"a: 1\n---\nb: 2\n", "f.yaml:2:1:", "another document"),
        (b"a: !!python/object/apply:os.system [true]\n", "f.yaml:1:4:", "is not YAML"),
        (b"a: " + b"9" * 5000, "f.yaml:", "a number that is none"),
        (b"a: 2026-99-99\n", "f.yaml:", "a date"),
        (b"a: 1\nb: 2\na: 3\n", "f.yaml:3:", "'a' stands twice (first in line 1)"),
        (b"a: {b: 1,\n  b: 2}\n", "f.yaml:2:", "'b' stands twice"),
        (b"a: 1\n2: 3\n", "f.yaml:2:", "'2' is no key"),
        (b"? [a]\n: 1\n", "f.yaml:1:", "is no key"),
        (b"a: b\x1b[31m\n", "f.yaml:", "is not YAML"),
    ],
)
def test_what_is_no_mapping_is_refused_with_its_line(data: bytes, where: str, words: str) -> None:
    problem = problem_of(data)
    assert problem.startswith(where)
    assert words in problem
    assert "\x1b" not in problem


def test_a_self_expanding_file_is_refused_at_once() -> None:
    bomb = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    began = time.process_time()
    assert "f.yaml:2: *a0: aliases" in problem_of("\n".join(bomb).encode())
    assert time.process_time() - began < 1


def test_all_duplicates_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_document(b"a: 1\na: 2\nb: {c: 1, c: 2}\n", "f.yaml")
    assert len(caught.value.problems) == 2


def test_an_override_beats_the_file_and_a_later_one_beats_an_earlier() -> None:
    document = read_document(b"a: {b: 1, c: [1, {d: 2}]}\n", "f.yaml")
    for text in ("a.b=5", "a.b=6", "a.c.0=x", "a.c.1.d=[1, 2]", "e.f=null"):
        document.override(text)
    assert document.value == {"a": {"b": 6, "c": ["x", {"d": [1, 2]}]}, "e": {"f": None}}


def test_an_override_opens_the_short_forms() -> None:
    document = read_document(b"environment: e\ntarget: t\nmeta: [ideas]\n", "f.yaml")
    for text in ("environment.options.n=1", "target.entry=x.py:f", "meta.0.folder=d"):
        document.override(text)
    assert document.value == {
        "environment": {"reference": "e", "options": {"n": 1}},
        "target": {"path": "t", "entry": "x.py:f"},
        "meta": [{"kind": "ideas", "folder": "d"}],
    }


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("a", "write it as key=value"),
        ("=1", "write it as key=value"),
        ("a.b=[", "not YAML"),
        ("c.7=1", "'7' is no place in a list of 2"),
        ("c.x=1", "'x' is no place"),
        ("b.x=1", "'b' is a single value"),
    ],
)
def test_an_override_that_fits_nowhere_is_refused(override: str, words: str) -> None:
    document = read_document(b"a: {}\nb: 1\nc: [1, 2]\n", "f.yaml")
    with pytest.raises(InputError, match="--set") as caught:
        document.override(override)
    assert words in str(caught.value)


def test_a_place_is_the_line_of_the_key_or_the_override_that_gave_it() -> None:
    document = read_document(b"a:\n  b: 1\nc: 2\n", "f.yaml")
    document.override("c=3")
    assert document.place(("a", "b")) == "f.yaml:2"
    assert document.place(("a", "nothing")) == "f.yaml:1"
    assert document.place(("c",)) == "--set c=3"


@given(st.binary(max_size=300))
def test_any_bytes_give_a_mapping_or_a_clear_refusal(data: bytes) -> None:
    try:
        document = read_document(data, "f.yaml")
    except InputError as error:
        problems = error.problems
    else:
        assert isinstance(document.value, dict)
        problems = ()
    assert all(problem.startswith("f.yaml") for problem in problems)
