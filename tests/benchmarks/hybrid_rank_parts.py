"""Prints what ranking and metadata come to when they are tuned apart, and when together.

    python -m tests.benchmarks.hybrid_rank_parts

Every idea of the bank for the ranking beside every one for the metadata, and each beside the file
as it came. Apart: the best for one part beside the other as it came, then the best for the other
beside that. Together: the best pair. Chosen on the train queries, shown on those of validation by
0.8 P@12 + 0.2 MRR, with the 95 % interval of the difference to the naive target over subjects.
Candidates are called in this process. Two minutes on one core.
"""

from __future__ import annotations

import sys
import types
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agentlab.measure.intervals import mean_interval
from agentlab.meta.ideas.agent import apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from agentlab.retrieval.metrics import score_rankings
from tests.environments.hybrid_rank.world import TARGET, part

__all__ = ["Part", "main"]

AS_IT_CAME = "as it came"

Scores: TypeAlias = NDArray[np.float64]
"""One number for each query."""

Part = Mapping[str, bytes]
"""Versions of one file, by the idea that makes each."""


class Asked(NamedTuple):
    """A query with what is known of it."""

    told: Mapping[str, Any]
    """What a candidate is told."""

    gold: Mapping[str, int]
    cluster: str


def versions(file: str) -> Part:
    """Returns a file as it came, and with each idea that changes it alone."""
    found = {AS_IT_CAME: TARGET[file]}
    for idea in read_bank(find_folder("experiments/ideas/hybrid_rank")):
        files = apply_idea(idea, TARGET)
        assert files is not None
        if files[file] != TARGET[file]:
            found[idea.name] = files[file]
    return found


class Bench:
    """The queries, and each pair of parts measured once."""

    def __init__(self) -> None:
        world = part("environment").HybridRankEnvironment()
        (ranked,) = world._sets.values()
        self._world, self._ranked = world, ranked
        self._documents = [one.model_dump(mode="json") for one in ranked.collection.documents]
        self._training = [
            {**world.told(query, ranked), "gold": list(query.gold)}
            for query in ranked.dealt.training
        ]
        self._rankings, self._metadata = versions("ranker.py"), versions("metadata.py")
        self.asked = {split: list(self._asked(split)) for split in ("train", "validation")}
        self.pairs = [(one, two) for one in self._rankings for two in self._metadata]
        self.scores = {
            split: {pair: self._scores(split, *pair) for pair in self.pairs} for split in self.asked
        }

    def _asked(self, split: str) -> Iterator[Asked]:
        for task in self._world.tasks(split):
            batch = self._world.start(task, 0).batch
            for query in batch.queries:
                told = self._world.told(query, self._ranked)
                yield Asked(told, query.gold, batch.clusters[query.id])

    def _scores(self, split: str, ranking: str, metadata: str) -> Scores:
        ranks = _module("ranker", self._rankings[ranking])
        extractor = _module("metadata", self._metadata[metadata]).Extractor(self._documents)

        def read(told: Mapping[str, Any]) -> SimpleNamespace:
            return SimpleNamespace(**told, metadata=extractor.extract(told["text"]))

        learn: Any = getattr(ranks, "prepare", lambda documents, training: {})  # the candidate's
        prepared = learn(self._documents, [read(told) for told in self._training])
        ranker = ranks.Ranker(self._documents, prepared)
        asked = self.asked[split]
        found = score_rankings(
            [ranker.rank(read(one.told), 200) for one in asked],
            [one.gold for one in asked],
            ["p@12", "mrr"],
        )
        return np.asarray(0.8 * found["p@12"] + 0.2 * found["mrr"])

    def best(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, str]:
        """Returns the pair that does best on train."""
        return max(pairs, key=lambda pair: float(self.scores["train"][pair].mean()))

    def told(self, words: str, pair: tuple[str, str]) -> str:
        """Returns a line of the table."""
        found = self.scores["validation"][pair]
        change = self.interval(found - self.scores["validation"][AS_IT_CAME, AS_IT_CAME])
        train = self.scores["train"][pair].mean()
        return f"| {words} | {' | '.join(pair)} | {train:.3f} | {found.mean():.3f} | {change} |"

    def interaction(self, split: str, pair: tuple[str, str]) -> Scores:
        """Returns what a pair gains on each query beyond what its parts gain alone."""
        scores, (ranking, metadata) = self.scores[split], pair
        alone = scores[ranking, AS_IT_CAME] + scores[AS_IT_CAME, metadata]
        return np.asarray(scores[pair] + scores[AS_IT_CAME, AS_IT_CAME] - alone)

    def interval(self, changes: Scores) -> str:
        """Returns the mean of changes on validation, with its interval over subjects."""
        clusters = defaultdict(list)
        for asked, change in zip(self.asked["validation"], changes, strict=True):
            clusters[asked.cluster].append(change)
        seen = mean_interval(np.array([np.mean(values) for values in clusters.values()]))
        return f"{seen.estimate:+.3f} [{seen.low:+.3f}, {seen.high:+.3f}]"


def _module(name: str, source: bytes) -> Any:  # Any: a candidate's module
    module = types.ModuleType(name)
    exec(compile(source, f"{name}.py", "exec"), vars(module))
    return module


def main() -> None:
    """Prints the table."""
    bench = Bench()
    print("| | ranking | metadata | train | validation | to the naive target |")
    print("|---|---|---|---|---|---|")
    naive = (AS_IT_CAME, AS_IT_CAME)
    ranking, _ = bench.best([pair for pair in bench.pairs if pair[1] == AS_IT_CAME])
    _, metadata = bench.best([pair for pair in bench.pairs if pair[0] == AS_IT_CAME])
    ways = {
        "as it came": naive,
        "ranking alone": (ranking, AS_IT_CAME),
        "then metadata": bench.best([pair for pair in bench.pairs if pair[0] == ranking]),
        "metadata alone": (AS_IT_CAME, metadata),
        "then ranking": bench.best([pair for pair in bench.pairs if pair[1] == metadata]),
        "together": bench.best(bench.pairs),
    }
    for words, pair in ways.items():
        print(bench.told(words, pair))
    most = max(bench.pairs, key=lambda pair: float(bench.interaction("train", pair).mean()))
    print(f"\nmost coupled on train: {' and '.join(most)}; interaction on validation:")
    print(bench.interval(bench.interaction("validation", most)))
    for name, pair in {"alone": (most[0], AS_IT_CAME), "beside it": most}.items():
        base = bench.scores["validation"][AS_IT_CAME, pair[1]]
        print(f"{most[0]} {name}: {bench.interval(bench.scores['validation'][pair] - base)}")
    if "--all" in sys.argv[1:]:
        for pair in bench.pairs:
            print(bench.told("", pair))


if __name__ == "__main__":
    main()
