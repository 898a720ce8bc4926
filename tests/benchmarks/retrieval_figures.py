"""Prints how well shipped rankers find tools, beside MiniLM alone and weighted fusion.

    python -m tests.benchmarks.retrieval_figures FOLDER ... [--target NAME ...] [--pooled]
        [--tuning] [--most N] [--embedder NAME] [--cache FOLDER]

Each folder of documents and queries is split by `agentlab.retrieval.holdout.parts_of`: a ranker is
prepared on its training queries and ranks `unseen-test` and `random-test`. MiniLM is the cosine of
the query with "name: text", fusion 0.7 of its z-scores and 0.3 of those of BM25 on the same text.
Means over the folders of nDCG@10 and Hit@1, and how much more than fusion, with the 95 % interval
of a paired bootstrap that draws whole groups of tools within each folder.

`--pooled` searches the documents of all folders at once; those that are not in `HELD_BY` lend their
documents alone. `--tuning` looks at neither test: the training part is cut into five by groups and
by queries, as the tests are cut off the whole. That is where recipes are tuned. `--most` takes so
many queries of each set, part and fold at most, which ones their ids decide.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from agentlab.retrieval.collection import Collection, Query, pooled  # noqa: E402
from agentlab.retrieval.dealing import some_of  # noqa: E402
from agentlab.retrieval.embedders.embedder import Matrix  # noqa: E402
from agentlab.retrieval.embedders.named import open_embedder  # noqa: E402
from agentlab.retrieval.fusion import z_scores  # noqa: E402
from agentlab.retrieval.holdout import HeldBy, group_of, parts_of  # noqa: E402
from agentlab.retrieval.judging import cluster_of  # noqa: E402
from agentlab.retrieval.lexical import LexicalIndex  # noqa: E402
from agentlab.retrieval.metrics import score_rankings  # noqa: E402
from agentlab.retrieval.reader import read_collection  # noqa: E402
from agentlab.retrieval.search import VectorIndex, top  # noqa: E402
from agentlab.retrieval.vector_cache import CachedEmbedder  # noqa: E402

HELD_BY: Mapping[str, HeldBy] = {
    "metatool": "name",
    "seal-tools": "field",
    "bfcl": "name",
    "toolbench-solvable": "group",
    "apibench": "group",
}
TARGETS = Path(__file__).resolve().parents[2] / "environments/tool_search/targets"
METRICS = ("ndcg@10", "hit@1")
PARTS = ("unseen", "random")

_FOLDS = 5
_DRAWS = 2000
_SEED = 1
_WORDS = 0.3


class Fold(NamedTuple):
    """What a ranker is prepared on, and what it is asked."""

    training: Sequence[Query]
    asked: Mapping[str, Sequence[Query]]
    """By part."""


class Scored(NamedTuple):
    """What rankers made of the queries of a part of a set."""

    values: Mapping[str, Mapping[str, NDArray[np.float64]]]
    """By ranker and metric, a number for each query."""

    clusters: Sequence[str]


class Documents(list[dict[str, Any]]):  # Any: JSON
    """Documents as a target is told them."""

    def __init__(self, collection: Collection, embedder: CachedEmbedder) -> None:
        super().__init__(each.model_dump(mode="json") for each in collection.documents)
        self.vectors = embedder.embed(collection.texts())
        self.spent_s = 0.0
        """Processor time that went into vectors."""

        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Returns a row for each text."""
        began = time.process_time()
        vectors = self._embedder.embed(texts)
        self.spent_s += time.process_time() - began
        return vectors


class Reference:
    """MiniLM and BM25, and both together."""

    def __init__(self, collection: Collection, vectors: Matrix) -> None:
        self._near = VectorIndex(vectors)
        self._shared = LexicalIndex(collection.texts())
        self._ids = [document.id for document in collection.documents]

    def rank(self, name: str, query: SimpleNamespace, k: int) -> list[str]:
        """Returns the best k of a ranker."""
        scores = self._near.scores(query.vector)
        if name == "fusion":
            shared = z_scores(self._shared.scores(query.text))
            scores = (1 - _WORDS) * z_scores(scores) + _WORDS * shared
        return [self._ids[place] for place in top(scores, k).places]


def ranker_of(target: Path) -> ModuleType:
    """Returns the module that a target's glue imports, with its own neighbours."""
    mine = {file.stem for file in target.glob("*.py")}
    for name in mine:
        sys.modules.pop(name, None)
    sys.path.insert(0, str(target))
    try:
        return importlib.import_module("ranker")
    finally:
        sys.path.remove(str(target))
        for name in mine:
            sys.modules.pop(name, None)


def tests_of(collection: Collection, held_by: HeldBy, most: int | None) -> Iterator[Fold]:
    """Yields the training part and both tests, so many queries of each at most."""
    parts = parts_of(collection, held_by)
    asked = {"unseen": parts["unseen-test"], "random": parts["random-test"]}
    yield Fold(parts["train"], {part: some_of(asked[part], most) for part in PARTS})


def folds_of(collection: Collection, held_by: HeldBy, most: int | None) -> Iterator[Fold]:
    """Yields the training part in folds, each cut as the tests are."""
    train = parts_of(collection, held_by)["train"]
    for number in range(_FOLDS):
        training: list[Query] = []
        asked: dict[str, list[Query]] = {part: [] for part in PARTS}
        for query in train:
            golds = collection.gold_documents(query)
            groups = [group_of(each, held_by) for each in golds]
            if number in {_fold("dev:" + group) for group in groups}:
                asked["unseen"] += [query] if _fold("dev:" + groups[0]) == number else []
            elif _fold("dev:" + query.id) == number:
                asked["random"].append(query)
            else:
                training.append(query)
        yield Fold(training, {part: some_of(asked[part], most) for part in PARTS})


def _fold(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % _FOLDS


def score(
    searched: Collection,
    fold: Fold,
    targets: Sequence[str],
    embedder: CachedEmbedder,
    clusters: Mapping[str, str],
) -> Mapping[str, Scored]:
    """Returns by part what the references and targets make of its queries."""
    documents = Documents(searched, embedder)
    told = {part: _told(fold.asked[part], embedder) for part in PARTS}
    reference = Reference(searched, documents.vectors)
    rankings: dict[str, dict[str, list[list[str]]]] = defaultdict(dict)
    for part, queries in told.items():
        for name in ("minilm", "fusion"):
            rankings[part][name] = [reference.rank(name, query, 10) for query in queries]
    for name in targets:
        module = ranker_of(TARGETS / name)
        training = _told(fold.training, embedder, with_gold=True)
        began, documents.spent_s = time.process_time(), 0.0
        prepared = module.prepare(documents, training) if hasattr(module, "prepare") else {}
        spent_s = time.process_time() - began - documents.spent_s
        print(f"  {searched.name}: {name} prepared in {spent_s:.1f} s", file=sys.stderr)
        ranker = module.Ranker(documents, prepared)
        for part, queries in told.items():
            rankings[part][name] = [ranker.rank(query, 10) for query in queries]
    return {
        part: Scored(
            {
                name: score_rankings(found, [query.gold for query in fold.asked[part]], METRICS)
                for name, found in rankings[part].items()
            },
            [clusters[query.id] for query in fold.asked[part]],
        )
        for part in PARTS
    }


def _told(
    queries: Sequence[Query], embedder: CachedEmbedder, *, with_gold: bool = False
) -> list[SimpleNamespace]:
    rows = embedder.embed([query.text for query in queries])
    return [
        SimpleNamespace(
            id=query.id,
            text=query.text,
            vector=row,
            scope=None,
            **({"gold": list(query.gold)} if with_gold else {}),
        )
        for query, row in zip(queries, rows, strict=True)
    ]


def joined(parts: Sequence[Scored]) -> Scored:
    """Returns the folds of a set as one."""
    names = parts[0].values
    return Scored(
        {
            name: {
                metric: np.concatenate([part.values[name][metric] for part in parts])
                for metric in METRICS
            }
            for name in names
        },
        [cluster for part in parts for cluster in part.clusters],
    )


def interval(differences: Sequence[NDArray[np.float64]], sets: Sequence[Scored]) -> list[float]:
    """Returns the 95 % interval of the mean over sets of a mean over queries; draws clusters."""
    draw, means = np.random.default_rng(_SEED), np.zeros(_DRAWS)
    for values, scored in zip(differences, sets, strict=True):
        _, number = np.unique(np.array(scored.clusters), return_inverse=True)
        sums, sizes = np.bincount(number, weights=values), np.bincount(number)
        taken = draw.integers(len(sums), size=(_DRAWS, len(sums)))
        means += sums[taken].sum(axis=1) / sizes[taken].sum(axis=1) / len(differences)
    return [float(edge) for edge in np.quantile(means, (0.025, 0.975))]


def show(part: str, sets: Mapping[str, Scored], against: str) -> None:
    """Prints a table of a part."""
    scored = list(sets.values())
    counts = ", ".join(f"{name} {len(each.clusters)}" for name, each in sets.items())
    print(f"\n{part}: {counts}\n")
    print(f"| ranker | {' | '.join(METRICS)} | {' | '.join(f'over {against}' for _ in METRICS)} |")
    print("|---" * (1 + 2 * len(METRICS)) + "|")
    for name in scored[0].values:
        means, lifts = [], []
        for metric in METRICS:
            mine = [each.values[name][metric] for each in scored]
            by_set = " ".join(f"{values.mean():.3f}" for values in mine)
            means.append(f"{np.mean([values.mean() for values in mine]):.4f} ({by_set})")
            change = [each.values[name][metric] - each.values[against][metric] for each in scored]
            low, high = interval(change, scored)
            mean = np.mean([values.mean() for values in change])
            lifts.append(f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]")
        print(f"| {name} | {' | '.join(means)} | {' | '.join(lifts)} |")


def main(given: Sequence[str]) -> None:
    """Ranks and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--target", action="append", default=[])
    parser.add_argument("--against", default="fusion")
    parser.add_argument("--pooled", action="store_true")
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("--embedder", default="onnx-int8")
    parser.add_argument("--most", type=int)
    parser.add_argument("--cache", type=Path)
    asked = parser.parse_args(given)
    embedder = CachedEmbedder(open_embedder(asked.embedder), asked.cache)
    collections = {each.name: each for each in map(read_collection, asked.folders)}
    tested = {name: each for name, each in collections.items() if name in HELD_BY}
    found: dict[str, dict[str, list[Scored]]] = {part: defaultdict(list) for part in PARTS}
    cut = folds_of if asked.tuning else tests_of
    folds = {name: list(cut(each, HELD_BY[name], asked.most)) for name, each in tested.items()}
    clusters = {
        name: {query.id: cluster_of(query, each, HELD_BY[name]) for query in each.queries}
        for name, each in tested.items()
    }
    if asked.pooled:
        _pooled(collections, folds, clusters, asked.target, embedder, found)
    else:
        for name, collection in tested.items():
            for fold in folds[name]:
                for part, scored in score(
                    collection, fold, asked.target, embedder, clusters[name]
                ).items():
                    found[part][name].append(scored)
    for part in PARTS:
        show(part, {name: joined(each) for name, each in found[part].items()}, asked.against)


def _pooled(
    collections: Mapping[str, Collection],
    folds: Mapping[str, Sequence[Fold]],
    clusters: Mapping[str, Mapping[str, str]],
    targets: Sequence[str],
    embedder: CachedEmbedder,
    found: Mapping[str, dict[str, list[Scored]]],
) -> None:
    """Ranks each set's queries among the documents of all."""
    whole = pooled("pooled", list(collections.values()))
    query_of = {query.id: query for query in whole.queries}
    for number in range(len(next(iter(folds.values())))):
        mine = {name: each[number] for name, each in folds.items()}

        def named(name: str, queries: Sequence[Query]) -> list[Query]:
            return [query_of[f"{name}/{query.id}"] for query in queries]

        fold = Fold(
            [q for name, each in mine.items() for q in named(name, each.training)],
            {
                part: [q for name, each in mine.items() for q in named(name, each.asked[part])]
                for part in PARTS
            },
        )
        own = {f"{name}/{key}": c for name, each in clusters.items() for key, c in each.items()}
        for part, scored in score(whole, fold, targets, embedder, own).items():
            set_of = np.array([query.id.partition("/")[0] for query in fold.asked[part]])
            for name in mine:
                where = np.flatnonzero(set_of == name)
                found[part][name].append(
                    Scored(
                        {
                            ranker: {metric: each[where] for metric, each in values.items()}
                            for ranker, values in scored.values.items()
                        },
                        [scored.clusters[int(place)] for place in where],
                    )
                )


if __name__ == "__main__":
    main(sys.argv[1:])
