"""Folders of documents and queries, in two layouts: read whole and checked before anything starts.

`corpus.jsonl` with `queries.jsonl` that name their own gold, or the layout of BEIR (Thakur et al.
2021), whose judgements lie in `qrels/*.tsv`. Each `.jsonl` may be a `.jsonl.gz`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agentlab.data_file import read_jsonl
from agentlab.errors import InputError
from agentlab.retrieval.collection import Collection, Document, Query

__all__ = ["read_collection"]

_MOST_TOLD = 5
"""So many bad lines of a file are told."""

_HEADER = "query-id\tcorpus-id\tscore"


class _PlainQuery(BaseModel):
    """A line of `queries.jsonl`."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    gold: list[str] = Field(min_length=1)
    split: str = ""


class _BeirDocument(BaseModel):
    """A line of BEIR's `corpus.jsonl`."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(alias="_id", min_length=1)
    title: str | None = ""
    text: str
    metadata: dict[str, JsonValue] | None = None


class _BeirQuery(BaseModel):
    """A line of BEIR's `queries.jsonl`."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(alias="_id", min_length=1)
    text: str = Field(min_length=1)
    metadata: dict[str, JsonValue] | None = None


class _Judgement(NamedTuple):
    """A line of `qrels/<split>.tsv`."""

    where: str
    """File and line."""

    query: str
    document: str
    grade: int


def read_collection(folder: Path | str) -> Collection:
    """Returns what a folder holds; its layout is BEIR's where it has a folder `qrels`.

    Otherwise a document is `{id, text[, name, group, params]}` and a query `{id, text, gold: [ids]
    [, split]}`. Keys beyond these are kept. Of BEIR's, a title becomes the name, a judgement above
    0 makes gold, the file's name is the query's split, and queries without gold are left out.

    Raises:
        InputError: a file is missing, or lines are bad: each with file and line.
    """
    place = Path(folder)
    if not place.is_dir():
        raise InputError(f"{place}: is no folder; it must hold corpus.jsonl and queries.jsonl")
    return _read_beir(place) if (place / "qrels").is_dir() else _read_plain(place)


def _read_plain(folder: Path) -> Collection:
    corpus = read_jsonl(_file_of(folder, "corpus"), Document, key="id")
    file = _file_of(folder, "queries")
    queries = read_jsonl(file, _PlainQuery, key="id")
    known = {document.id for document in corpus.rows}
    _raise_all(
        f"{file}:{number}: gold: {unknown!r} is the id of no document"
        for number, row in enumerate(queries.rows, start=1)
        for unknown in row.gold
        if unknown not in known
    )
    return Collection(
        name=folder.name,
        documents=corpus.rows,
        queries=tuple(
            Query(**{**row.model_dump(), "gold": dict.fromkeys(row.gold, 1)})
            for row in queries.rows
        ),
        fingerprint={**corpus.fingerprint, **queries.fingerprint},
    )


def _read_beir(folder: Path) -> Collection:
    corpus = read_jsonl(_file_of(folder, "corpus"), _BeirDocument, key="id")
    queries = read_jsonl(_file_of(folder, "queries"), _BeirQuery, key="id")
    files = sorted((folder / "qrels").glob("*.tsv"))
    if not files:
        raise InputError(f"{folder / 'qrels'}: holds no .tsv file with judgements")
    documents = {row.id for row in corpus.rows}
    asked = {row.id for row in queries.rows}
    gold: dict[str, dict[str, int]] = {}
    split: dict[str, str] = {}
    for file in files:
        judged = _judgements(file)
        _raise_all(_unknown(judged, asked, documents))
        for judgement in judged:
            if judgement.grade > 0:
                gold.setdefault(judgement.query, {})[judgement.document] = judgement.grade
                split.setdefault(judgement.query, file.stem)
    return Collection(
        name=folder.name,
        documents=tuple(
            Document(id=row.id, name=row.title or "", text=row.text, **(row.model_extra or {}))
            for row in corpus.rows
        ),
        queries=tuple(
            Query(id=row.id, text=row.text, gold=gold[row.id], split=split[row.id])
            for row in queries.rows
            if row.id in gold
        ),
        fingerprint={**corpus.fingerprint, **queries.fingerprint, **_hashes(files)},
    )


def _judgements(file: Path) -> list[_Judgement]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read as UTF-8 text ({error})") from error
    if not lines or lines[0].strip() != _HEADER:
        raise InputError(f"{file}:1: must be the header {_HEADER!r}, with tabs")
    judged: list[_Judgement] = []
    problems: list[str] = []
    for number, line in enumerate(lines[1:], start=2):
        match line.split("\t"):
            case [query, document, grade] if _is_whole(grade):
                judged.append(_Judgement(f"{file}:{number}", query, document, int(grade)))
            case _:
                problems.append(f"{file}:{number}: must be two ids and a whole number, with tabs")
    _raise_all(problems)
    return judged


def _is_whole(text: str) -> bool:
    return text.strip().removeprefix("-").isdecimal()


def _unknown(judged: Iterable[_Judgement], queries: set[str], documents: set[str]) -> Iterator[str]:
    for judgement in judged:
        if judgement.query not in queries:
            yield f"{judgement.where}: {judgement.query!r} is the id of no query"
        if judgement.document not in documents:
            yield f"{judgement.where}: {judgement.document!r} is the id of no document"


def _hashes(files: Iterable[Path]) -> Mapping[str, str]:
    return {
        f"qrels/{file.name}:sha256": hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }


def _file_of(folder: Path, name: str) -> Path:
    found = [
        path for ending in (".jsonl", ".jsonl.gz") if (path := folder / f"{name}{ending}").exists()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{folder}: holds {name}.jsonl and {name}.jsonl.gz; keep one of them")
    raise InputError(f"{folder}: holds neither {name}.jsonl nor {name}.jsonl.gz")


def _raise_all(problems: Iterable[str]) -> None:
    told = list(problems)
    if told:
        more = len(told) - _MOST_TOLD
        others = (f"and {more:,} more bad {'lines' if more > 1 else 'line'}",)
        raise InputError(*told[:_MOST_TOLD], *(others if more > 0 else ()))
