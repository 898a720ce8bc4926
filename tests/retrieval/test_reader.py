"""A folder is read whole in either layout, or one error says which lines are bad."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.retrieval.reader import read_collection
from tests.retrieval.folders import (
    BEIR_DOCUMENTS,
    DOCUMENTS,
    HEADER,
    QUERIES,
    beir_folder,
    lines,
    plain_folder,
)


def problems(folder: Path) -> list[str]:
    """Returns what is told of a folder, without its path."""
    with pytest.raises(InputError) as refused:
        read_collection(folder)
    return [problem.removeprefix(f"{folder}").lstrip("/") for problem in refused.value.problems]


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_plain_folder_is_read_with_all_its_keys(tmp_path: Path, is_packed: bool) -> None:
    collection = read_collection(plain_folder(tmp_path / "tools", is_packed=is_packed))
    first, second = collection.queries

    assert collection.name == "tools"
    assert [document.id for document in collection.documents] == ["d1", "d2", "d3"]
    assert collection.documents[1].model_extra == {"owner": "us"}
    assert collection.documents[2].params == {"path": "which one", "force": ""}
    assert (first.gold, second.gold) == ({"d1": 1}, {"d3": 1, "d2": 1})
    assert (second.split, second.model_extra) == ("dev", {"level": 2})


def test_the_fingerprint_is_of_the_bytes_of_each_file(tmp_path: Path) -> None:
    folder = plain_folder(tmp_path / "tools")
    before = read_collection(folder).fingerprint
    plain_folder(folder, queries=QUERIES[:1])
    after = read_collection(folder).fingerprint

    assert before["corpus.jsonl:sha256"] == hashlib.sha256(lines(DOCUMENTS)).hexdigest()
    assert before["corpus.jsonl:sha256"] == after["corpus.jsonl:sha256"]
    assert before["queries.jsonl:sha256"] != after["queries.jsonl:sha256"]


def test_gold_that_is_no_document_is_told_with_its_line(tmp_path: Path) -> None:
    strange = {"id": "q3", "text": "?", "gold": ["d1", "d9"]}
    folder = plain_folder(tmp_path / "tools", queries=[*QUERIES, strange])

    assert problems(folder) == ["queries.jsonl:3: gold: 'd9' is the id of no document"]


def test_of_many_bad_lines_a_few_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    strange = [{"id": f"q{n}", "text": "?", "gold": ["no"]} for n in range(7)]
    told = problems(plain_folder(tmp_path / "tools", queries=strange))

    assert told[-1] == "and 2 more bad lines"
    assert len(told) == 6


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"id": "d1", "text": "again"}, "id: 'd1' is in line 1 already"),
        ({"id": "", "text": "nobody"}, "id: "),
        ({"id": "d4"}, "text: is required"),
        ({"id": "d4", "text": 7}, "text: "),
        ({"id": "d4", "text": "", "params": ["path"]}, "params: "),
    ],
)
def test_a_bad_document_is_told_with_its_line(tmp_path: Path, row: object, told: str) -> None:
    folder = plain_folder(tmp_path / "tools", documents=[*DOCUMENTS, row])  # type: ignore[list-item]
    (problem,) = problems(folder)

    assert problem.startswith(f"corpus.jsonl:4: {told}")


@pytest.mark.parametrize("gold", [[], "d1", [1]])
def test_a_query_names_at_least_one_document_by_its_id(tmp_path: Path, gold: object) -> None:
    (problem,) = problems(
        plain_folder(tmp_path / "tools", queries=[{"id": "q1", "text": "?", "gold": gold}])
    )

    assert problem.startswith("queries.jsonl:1: gold")


def test_a_folder_that_lacks_a_file_or_has_it_twice_is_refused(tmp_path: Path) -> None:
    folder = plain_folder(tmp_path / "tools")
    plain_folder(folder, is_packed=True)
    twice = problems(folder)
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.gz").unlink()

    assert twice == [": holds corpus.jsonl and corpus.jsonl.gz; keep one of them"]
    assert problems(folder) == [": holds neither corpus.jsonl nor corpus.jsonl.gz"]
    assert "is no folder" in problems(tmp_path / "missing")[0]


def test_beir_s_layout_is_read_with_its_grades(tmp_path: Path) -> None:
    folder = beir_folder(
        tmp_path / "scifact", train="q1\td1\t2\nq1\td2\t0\n", test="q2\td2\t1\nq2\td1\t-1\n"
    )
    collection = read_collection(folder)
    first, second = collection.queries

    assert collection.documents[0].name == BEIR_DOCUMENTS[0]["title"]
    assert collection.documents[1].name == ""
    assert (first.gold, first.split) == ({"d1": 2}, "train")
    assert (second.gold, second.split) == ({"d2": 1}, "test")
    assert set(collection.fingerprint) == {
        "corpus.jsonl:sha256",
        "queries.jsonl:sha256",
        "qrels/test.tsv:sha256",
        "qrels/train.tsv:sha256",
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("q1 d1 1", "must be two ids and a whole number, with tabs"),
        ("q1\td1\tgood", "must be two ids and a whole number, with tabs"),
        ("q1\td1\t\u00b2", "must be two ids and a whole number, with tabs"),
        ("q9\td1\t1", "'q9' is the id of no query"),
        ("q1\td9\t1", "'d9' is the id of no document"),
    ],
)
def test_a_bad_judgement_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    folder = beir_folder(tmp_path / "scifact", test=f"q1\td1\t1\n{line}\n")

    assert problems(folder) == [f"qrels/test.tsv:3: {told}"]


def test_judgements_need_their_header(tmp_path: Path) -> None:
    folder = beir_folder(tmp_path / "scifact")
    without = problems(folder)
    (folder / "qrels" / "test.tsv").write_text("q1\td1\t1\n")

    assert without == ["qrels: holds no .tsv file with judgements"]
    assert problems(folder) == [
        f"qrels/test.tsv:1: must be the header {HEADER.strip()!r}, with tabs"
    ]
