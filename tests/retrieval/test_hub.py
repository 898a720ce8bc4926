"""Sets of the hub: by columns, from tables as its client gives them, and from files on disk."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.retrieval.hub import Table, read_hub, tables_of
from tests.retrieval.folders import lines

COIR = {
    "CoIR/x-queries-corpus": [
        Table("corpus", [{"_id": "d1", "title": "sum", "text": "def sum(): ..."}]),
        Table("queries", [{"_id": "q1", "text": "add up", "partition": "test"}]),
    ],
    "CoIR/x-qrels": [
        Table("test", [{"query_id": "q1", "corpus_id": "d1", "score": 1}]),
        Table("train", [{"query_id": "q1", "corpus_id": "gone", "score": 1}]),
    ],
}
DOCUMENTATION = json.dumps({"name": "growth", "description": "Computes growth."})
TOOLRET = {
    "m/ToolRet-Tools": [
        Table("tools", [{"id": "t1", "documentation": DOCUMENTATION, "category": "code"}]),
    ],
    "m/ToolRet-Queries": [
        Table(
            "queries", [{"id": "q1", "query": "grow", "labels": '[{"id": "t1", "relevance": 2}]'}]
        ),
    ],
}


def test_a_corpus_with_judgements_in_a_second_repository() -> None:
    collection = read_hub("CoIR/x-queries-corpus+CoIR/x-qrels", COIR.__getitem__)

    (query,) = collection.queries
    assert (query.text, query.gold, query.split) == ("add up", {"d1": 1}, "test")
    assert collection.texts() == ["sum: def sum(): ..."]


def test_tools_that_are_told_as_json_and_queries_that_hold_their_labels() -> None:
    collection = read_hub("m/ToolRet-Tools+m/ToolRet-Queries", TOOLRET.__getitem__)

    assert collection.texts() == ["growth: Computes growth."]
    assert collection.documents[0].group == "code"
    assert collection.queries[0].gold == {"t1": 2}


def test_other_content_is_another_fingerprint() -> None:
    def other(name: str) -> Iterable[Table]:
        return [
            Table(split, [{**row, "title": "add"} for row in rows]) for split, rows in COIR[name]
        ]

    name = "CoIR/x-queries-corpus+CoIR/x-qrels"
    first, second = read_hub(name, COIR.__getitem__), read_hub(name, other)

    assert first.fingerprint["hub"] == second.fingerprint["hub"]
    assert first.fingerprint["content"] != second.fingerprint["content"]


def test_what_has_none_of_the_shapes_is_an_error_that_says_what_it_holds() -> None:
    with pytest.raises(InputError, match="hub:m/x: holds 1 documents and 0 queries"):
        read_hub("m/x", lambda _: [Table("train", [{"id": "d1", "text": "x"}])])


def test_without_the_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)

    with pytest.raises(InputError, match=r"hub:m/x: to fetch it: pip install .*\[hub\]"):
        list(tables_of("m/x"))


def test_the_client_reads_files_on_disk_as_it_reads_the_hub_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("datasets")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    for name, rows in (
        ("queries", COIR["CoIR/x-queries-corpus"][1].rows),
        ("corpus", COIR["CoIR/x-queries-corpus"][0].rows),
    ):
        (tmp_path / "x").mkdir(exist_ok=True)
        (tmp_path / "x" / f"{name}.jsonl").write_bytes(lines(rows))
    (tmp_path / "x/README.md").write_text(
        "---\nconfigs:\n"
        "- config_name: corpus\n  data_files: corpus.jsonl\n"
        "- config_name: queries\n  data_files: queries.jsonl\n---\n"
    )
    (tmp_path / "x-qrels").mkdir()
    (tmp_path / "x-qrels/test.jsonl").write_bytes(lines(COIR["CoIR/x-qrels"][0].rows))

    collection = read_hub(f"{tmp_path}/x+{tmp_path}/x-qrels")

    assert collection.queries[0].gold == {"d1": 1}
    assert collection.documents[0].name == "sum"


def test_what_the_hub_does_not_have_is_told(tmp_path: Path) -> None:
    pytest.importorskip("datasets")

    with pytest.raises(InputError, match="cannot be had"):
        list(tables_of(str(tmp_path / "nothing")))
