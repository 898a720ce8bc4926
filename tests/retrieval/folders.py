"""Writes small folders of documents and queries."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

DOCUMENTS: list[Row] = [
    {"id": "d1", "name": "send_mail", "group": "mail/out", "text": "Sends a mail to somebody."},
    {"id": "d2", "name": "list_files", "group": "files", "text": "Lists files.", "owner": "us"},
    {"id": "d3", "text": "Deletes a file.", "params": {"path": "which one", "force": ""}},
]
QUERIES: list[Row] = [
    {"id": "q1", "text": "write to my boss", "gold": ["d1"]},
    {"id": "q2", "text": "get rid of a file", "gold": ["d3", "d2"], "split": "dev", "level": 2},
]

BEIR_DOCUMENTS: list[Row] = [
    {"_id": "d1", "title": "Mail", "text": "Sends a mail.", "metadata": {"year": 1}},
    {"_id": "d2", "text": "Lists files."},
]
BEIR_QUERIES: list[Row] = [
    {"_id": "q1", "text": "write to my boss"},
    {"_id": "q2", "text": "which files are there", "metadata": {}},
    {"_id": "q3", "text": "nobody judged this"},
]
HEADER = "query-id\tcorpus-id\tscore\n"


def lines(rows: Iterable[Row]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def plain_folder(
    folder: Path,
    *,
    documents: Iterable[Row] = DOCUMENTS,
    queries: Iterable[Row] = QUERIES,
    is_packed: bool = False,
) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in (("corpus", documents), ("queries", queries)):
        if is_packed:
            (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines(rows)))
        else:
            (folder / f"{name}.jsonl").write_bytes(lines(rows))
    return folder


def beir_folder(folder: Path, **judged: str) -> Path:
    """Writes BEIR's layout; `judged` are the lines of each qrels file without its header."""
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_bytes(lines(BEIR_DOCUMENTS))
    (folder / "queries.jsonl").write_bytes(lines(BEIR_QUERIES))
    for split, text in judged.items():
        (folder / "qrels" / f"{split}.tsv").write_text(HEADER + text)
    return folder
