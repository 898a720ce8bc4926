"""Prints what a query costs, from text to ranking, and what the cache of vectors saves.

    python -m tests.benchmarks.retrieval_speed [FOLDER ...]

Processor time of one thread: a query is encoded (all-MiniLM-L6-v2 as int8), compared with all
documents, searched by BM25, and both are fused, at 10,000 and 50,000 documents. Asked: at most 8
and 12 ms. Then searching by vectors alone, exact and narrowed, with the share of the exact best 100
that narrowing finds. Documents there are made of words by chance.

Then for each folder of documents and queries: what quantisation does to the mean reciprocal rank,
with the interval of the paired difference (asked: at most .003 lost), and an evaluation of 400
queries, cold and with cached vectors (asked: at most 0.5 s of processor time, a fiftieth of cold).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402

from agentlab.retrieval.collection import Collection, Query  # noqa: E402
from agentlab.retrieval.embedders.embedder import Embedder, Matrix, normalised  # noqa: E402
from agentlab.retrieval.embedders.named import open_embedder  # noqa: E402
from agentlab.retrieval.fusion import z_scores  # noqa: E402
from agentlab.retrieval.lexical import LexicalIndex  # noqa: E402
from agentlab.retrieval.metrics import score_rankings  # noqa: E402
from agentlab.retrieval.reader import read_collection  # noqa: E402
from agentlab.retrieval.search import Found, VectorIndex, top  # noqa: E402
from agentlab.retrieval.vector_cache import CachedEmbedder  # noqa: E402

_ROUNDS = 7
_QUERIES = 40
_EVALUATED = 400
_SHARE_OF_WORDS = 0.3
_SEED = 1


def main(folders: Sequence[str]) -> None:
    """Measures and prints."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; processor time of one thread")
    for count, asked_ms in ((10_000, 8), (50_000, 12)):
        _query_cost(count, asked_ms)
    for folder in folders:
        collection = read_collection(folder)
        print(f"{collection.name}: {len(collection.documents):,} documents")
        _quantisation(collection)
        _evaluation(collection)


def _query_cost(count: int, asked_ms: float) -> None:
    draw = np.random.default_rng(_SEED)
    vocabulary = np.array([f"word{number}" for number in range(20_000)])
    shares = 1 / np.arange(10, len(vocabulary) + 10)

    def text(words: int) -> str:
        return " ".join(draw.choice(vocabulary, size=words, p=shares / shares.sum()))

    texts = [text(15) for _ in range(count)]
    queries = [_sentence(draw) for _ in range(_QUERIES)]
    words = [text(8) for _ in range(_QUERIES)]
    embedder = open_embedder("onnx-int8")
    vectors, index = _vectors(count, draw), LexicalIndex(texts, is_stemmed=False)
    near = VectorIndex(vectors)
    encoded = embedder.embed(queries)

    def whole(number: int) -> Found:
        vector = embedder.embed([queries[number]])[0]
        lexical = z_scores(index.scores(words[number]))
        return top(
            (1 - _SHARE_OF_WORDS) * z_scores(near.scores(vector)) + _SHARE_OF_WORDS * lexical, 10
        )

    pieces: dict[str, Callable[[int], object]] = {
        "encode": lambda number: embedder.embed([queries[number]]),
        "vectors": lambda number: near.scores(encoded[number]),
        "BM25": lambda number: index.scores(words[number]),
        "whole": whole,
    }
    cost = {name: _cpu_ms(piece) for name, piece in pieces.items()}
    told = ", ".join(f"{name} {cost[name]:.2f}" for name in ("encode", "vectors", "BM25"))
    print(f"{count:,} documents: {cost['whole']:.2f} ms a query (asked: {asked_ms}); {told}")
    _narrowing(vectors, encoded)


def _narrowing(vectors: Matrix, queries: Matrix) -> None:
    exact = VectorIndex(vectors, exact_up_to=len(vectors))
    narrowed = VectorIndex(vectors, exact_up_to=0)
    shared = [
        len(
            {*exact.best(query, 100).places.tolist()} & {*narrowed.best(query, 100).places.tolist()}
        )
        for query in queries
    ]
    costs = [
        _cpu_ms(lambda number, each=each: each.best(queries[number], 100))  # type: ignore[misc]
        for each in (exact, narrowed)
    ]
    print(
        f"  the best 100 by vectors: {costs[0]:.2f} ms exact, {costs[1]:.2f} ms narrowed, which "
        f"finds {np.mean(shared):.1f} %"
    )


def _sentence(draw: np.random.Generator) -> str:
    parts = ("send", "list", "every", "file", "from", "my", "team", "last", "week", "mail", "paid")
    return " ".join(draw.choice(parts, size=11))


def _vectors(count: int, draw: np.random.Generator) -> Matrix:
    """Returns vectors that lie along some directions more than along others, as texts' do."""
    spread = 1 / np.sqrt(np.arange(1, 385))
    return normalised((draw.normal(size=(count, 384)) * spread).astype(np.float32))


def _cpu_ms(work: Callable[[int], object]) -> float:
    """Returns the least mean of several rounds: what is above it was spent by others."""
    rounds = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for number in range(_QUERIES):
            work(number)
        rounds.append(1000 * (time.process_time() - began) / _QUERIES)
    return min(rounds)


def _some_queries(collection: Collection, count: int) -> list[Query]:
    draw = np.random.default_rng(_SEED)
    chosen = draw.permutation(len(collection.queries))[:count]
    return [collection.queries[place] for place in sorted(chosen)]


def _quantisation(collection: Collection) -> None:
    queries = _some_queries(collection, 2000)
    ranks = {}
    for name in ("onnx", "onnx-int8"):
        embedder = open_embedder(name)
        documents = embedder.embed(collection.texts())
        asked = embedder.embed([query.text for query in queries])
        rankings = [
            [collection.documents[place].id for place in top(documents @ query, 1000).places]
            for query in asked
        ]
        ranks[name] = score_rankings(rankings, [query.gold for query in queries], ["mrr"])["mrr"]
    change = ranks["onnx-int8"] - ranks["onnx"]
    margin = 1.96 * change.std() / np.sqrt(len(change))
    print(
        f"  MRR of {len(queries)} queries: fp32 {ranks['onnx'].mean():.4f}, int8 "
        f"{ranks['onnx-int8'].mean():.4f}: {change.mean():+.4f} +- {margin:.4f} (asked: -.003)"
    )


def _evaluation(collection: Collection) -> None:
    queries = _some_queries(collection, _EVALUATED)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("onnx-int8", "onnx"):
            model = open_embedder(name)
            cold = _evaluate(collection, queries, model, Path(folder))
            warm = min(_evaluate(collection, queries, model, Path(folder)) for _ in range(_ROUNDS))
            print(
                f"  {len(queries)} queries evaluated by {name}: {cold:.2f} s cold, {warm:.3f} s "
                f"cached (asked: 0.5), {cold / warm:.0f} x (asked: 50)"
            )


def _evaluate(
    collection: Collection, queries: Sequence[Query], model: Embedder, folder: Path
) -> float:
    """Returns the processor time of an evaluation by someone who holds data and model already."""
    embedder = CachedEmbedder(model, folder)
    began = time.process_time()
    texts = collection.texts()
    near = VectorIndex(embedder.embed(texts))
    index = LexicalIndex(texts, is_stemmed=False)
    by_vectors = z_scores(near.scores(embedder.embed([query.text for query in queries])))
    by_words = z_scores(np.stack([index.scores(query.text) for query in queries]))
    ids = np.array([document.id for document in collection.documents], dtype=object)
    rankings = [
        ids[top(fused, 100).places].tolist()
        for fused in (1 - _SHARE_OF_WORDS) * by_vectors + _SHARE_OF_WORDS * by_words
    ]
    score_rankings(rankings, [query.gold for query in queries], ["hit@1", "mrr", "ndcg@10", "p@12"])
    spent = time.process_time() - began
    embedder.close()
    return spent


if __name__ == "__main__":
    main(sys.argv[1:])
