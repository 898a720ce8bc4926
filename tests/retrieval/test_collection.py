"""What documents say, and several collections in one."""

from __future__ import annotations

from pathlib import Path

from agentlab.retrieval.collection import Collection, Document, Query, pooled
from agentlab.retrieval.reader import read_collection
from tests.retrieval.folders import plain_folder


def test_a_document_s_text_is_made_of_the_fields_that_say_something(tmp_path: Path) -> None:
    collection = read_collection(plain_folder(tmp_path / "tools"))

    assert collection.texts() == [
        "send_mail: Sends a mail to somebody.",
        "list_files: Lists files.",
        "Deletes a file.",
    ]
    assert collection.texts(("owner", "name", "unheard_of"), between=" ") == [
        "send_mail",
        "us list_files",
        "",
    ]
    assert collection.texts(("params",))[2] == "path: which one; force"


def test_gold_documents_come_in_the_order_of_the_query(tmp_path: Path) -> None:
    collection = read_collection(plain_folder(tmp_path / "tools"))

    assert [d.id for d in collection.gold_documents(collection.queries[1])] == ["d3", "d2"]


def test_pooled_collections_keep_their_ids_apart() -> None:
    def one(name: str) -> Collection:
        return Collection(
            name=name,
            documents=(Document(id="d", text=name),),
            queries=(Query(id="q", text="?", gold={"d": 2}),),
            fingerprint={"corpus.jsonl:sha256": name},
        )

    pool = pooled("all", [one("a"), one("b")])

    assert pool.place_of == {"a/d": 0, "b/d": 1}
    assert [query.id for query in pool.queries] == ["a/q", "b/q"]
    assert pool.queries[1].gold == {"b/d": 2}
    assert pool.documents[1].text == "b"
    assert pool.fingerprint == {"a:corpus.jsonl:sha256": "a", "b:corpus.jsonl:sha256": "b"}
