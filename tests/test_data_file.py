"""Data are whole and well formed, or one error says where they are not."""

from __future__ import annotations

import codecs
import dataclasses
import gzip
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, field_validator

import agentlab
from agentlab.errors import InputError


class Query(BaseModel):
    id: str
    text: str
    relevant: list[str] = []


GOOD = '{"id": "q1", "text": "rank", "relevant": ["d1"]}\n'


def written(folder: Path, content: str | bytes, name: str = "queries.jsonl") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def problems(file: Path, *, key: str | None = None, model: type[BaseModel] = Query) -> list[str]:
    """Returns what is told of a file, without its path."""
    with pytest.raises(InputError) as refused:
        agentlab.read_jsonl(file, model, key=key)
    assert all(problem.startswith(f"{file}:") for problem in refused.value.problems)
    return [problem.removeprefix(f"{file}:") for problem in refused.value.problems]


@pytest.mark.parametrize("name", ["queries.jsonl", "queries.jsonl.gz"])
def test_rows_come_in_the_order_of_lines_with_what_tells_the_file(
    tmp_path: Path, name: str
) -> None:
    text = (GOOD + '{"text": "so was\\u2028es", "id": "q2"}\r\n').encode()
    file = written(tmp_path, gzip.compress(text) if name.endswith(".gz") else text, name)
    data = agentlab.read_jsonl(file, Query, version="2.1", key="id")

    assert [row.id for row in data.rows] == ["q1", "q2"]
    assert data.rows[1].text == "so was\u2028es"
    assert (data.name, data.version) == (name, "2.1")
    assert data.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert data.fingerprint == {f"{name}:version": "2.1", f"{name}:sha256": data.sha256}
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.version = "3"  # type: ignore[misc]


def test_without_a_version_the_hash_alone_tells_the_file(tmp_path: Path) -> None:
    data = agentlab.read_jsonl(str(written(tmp_path, GOOD.rstrip())), Query)
    assert data.fingerprint == {"queries.jsonl:sha256": data.sha256}
    other = agentlab.read_jsonl(written(tmp_path, GOOD.replace("rank", "sort")), Query)
    assert other.sha256 != data.sha256


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "q2"}', "text: is required"),
        ('{"id": 7, "text": "x"}', "id: must be a string (given: 7)"),
        ('{"id": "q", "text": "x", "relevant": ["d", 7]}', "relevant.1: must be a string (given:"),
        ('{"id": "q", "txet": "", "text": ""}', "txet: unknown key; did you mean 'text'? (allowed"),
        ('{"id": 7}', "id: must be a string (given: 7); text: is required"),
        ('["q2", "x"]', "must be a JSON object"),
        ("7", "must be a JSON object"),
        ('{"id": "q2",', "is no JSON: EOF while parsing"),
        ('{"id": "q2", "text": "x"} {}', "is no JSON: trailing characters at column 27"),
        ('{"id": "q2", "text": "x", "id": "q3"}', "id: is there more than once"),
        ("", "is empty; each line must hold one JSON object"),
        ("[" * 100_000, "is no JSON: recursion limit exceeded"),
    ],
)
def test_a_bad_line_is_named_with_its_number_key_and_reason(
    tmp_path: Path, line: str, said: str
) -> None:
    file = written(tmp_path, f"{GOOD}{line}\n{GOOD}")
    (told,) = problems(file)
    assert told.startswith(f"2: {said}")


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "9" * 5000])
def test_what_only_some_readers_take_for_a_number_is_refused(tmp_path: Path, number: str) -> None:
    class Scored(BaseModel):
        score: float | int

    (told,) = problems(written(tmp_path, f'{{"score": {number}}}'), model=Scored)
    assert told.startswith("1: ")
    assert len(told) < 300


def test_five_bad_lines_are_told_and_the_number_of_the_others(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD + '{"id": "q"}\n' * 1006)
    *told, others = problems(file)
    assert [line.partition(":")[0] for line in told] == ["2", "3", "4", "5", "6"]
    assert others == " and 1,001 more bad lines"
    with pytest.raises(InputError) as refused:
        agentlab.read_jsonl(file, Query, most_told=1)
    assert len(refused.value.problems) == 2


def test_of_a_key_that_must_be_unique_both_lines_are_told(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD + GOOD.replace("q1", "q2") + GOOD)
    assert len(agentlab.read_jsonl(file, Query).rows) == 3
    assert problems(file, key="id") == ["3: id: 'q1' is in line 1 already; each must be unique"]


def test_a_model_may_be_laxer_and_the_rows_with_it(tmp_path: Path) -> None:
    class Lax(BaseModel):
        model_config = ConfigDict(strict=False, extra="ignore")
        id: int

    file = written(tmp_path, '{"id": "7", "more": 1}\n')
    assert agentlab.read_jsonl(file, Lax).rows == (Lax(id=7),)


def test_what_a_model_itself_finds_wrong_is_told_in_its_words(tmp_path: Path) -> None:
    class Even(BaseModel):
        n: int

        @field_validator("n")
        @classmethod
        def _even(cls, n: int) -> int:
            if n % 2:
                raise ValueError("must be even")
            return n

    assert problems(written(tmp_path, '{"n": 3}'), model=Even) == ["1: n: must be even (given: 3)"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.jsonl", " is empty"),
        (gzip.compress(b""), "a.jsonl.gz", " is empty"),
        (codecs.BOM_UTF8 + GOOD.encode(), "a.jsonl", "1: begins with a byte order mark"),
        (GOOD.encode() + b'{"id": "\xff"}', "a.jsonl", "2: is not UTF-8 (byte 0xff at column 9)"),
        (GOOD.encode("utf-16"), "a.jsonl", "1: is not UTF-8"),
        (GOOD.encode(), "a.jsonl.gz", "1: no gzip data from here on"),
        (b"", "a.json", " must be a .jsonl or .jsonl.gz file"),
    ],
    ids=["empty", "empty gzip", "mark", "latin-1", "utf-16", "no gzip", "suffix"],
)
def test_what_is_no_such_file_is_told_as_what_it_is(
    tmp_path: Path, content: bytes, name: str, said: str
) -> None:
    assert problems(written(tmp_path, content, name))[0].startswith(said)


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.9999])
def test_a_gzip_file_that_was_cut_says_where(tmp_path: Path, kept: float) -> None:
    rows = "".join(f'{{"id": "{hashlib.md5(bytes([n])).hexdigest()}"}}\n' for n in range(200))
    whole = gzip.compress(rows.encode())
    (told,) = problems(written(tmp_path, whole[: int(len(whole) * kept)], "a.jsonl.gz"))
    assert "its gzip data end here, too early" in told


def test_a_gzip_file_with_a_flipped_byte_is_refused(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(GOOD.encode()))
    whole[-6] ^= 1  # of the checksum: every line reads well
    (told,) = problems(written(tmp_path, bytes(whole), "a.jsonl.gz"))
    assert "the file is damaged" in told


def test_what_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert "No such file" in problems(tmp_path / "gone.jsonl")[0]
    (tmp_path / "folder.jsonl").mkdir()
    assert "Is a directory" in problems(tmp_path / "folder.jsonl")[0]


@given(st.text(), st.text())
def test_whatever_stands_in_a_line_is_shown_harmless_and_short(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: str
) -> None:
    file = tmp_path_factory.mktemp("data") / "a.jsonl"
    lines = [{key: value}, {"id": [value], "text": value}, {"id": value * 1000, "text": {key: 1}}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for told in problems(file, key="id"):
        assert told.isprintable()
        assert len(told) < 1000


@given(st.lists(st.builds(Query, id=st.text(), text=st.text()), min_size=1))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Query]
) -> None:
    file = tmp_path_factory.mktemp("data") / "a.jsonl"
    file.write_text("".join(row.model_dump_json() + "\n" for row in rows), encoding="utf-8")
    assert list(agentlab.read_jsonl(file, Query).rows) == rows
