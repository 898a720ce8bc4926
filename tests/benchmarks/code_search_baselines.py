"""Prints how well each way to rank that ships finds functions, side by side with paired intervals.

    python -m tests.benchmarks.code_search_baselines [--data FOLDER] [NAME ...]

Each target is played as a candidate is, on what no tuning looked at: functions of modules that are
held out, or of a folder queries that are. It is taught with all other queries that may be told.
Beside Hit@1, MRR and nDCG@10 stands by how much the last two are above those of the vectors alone
(`minilm`), query by query, with 95 % intervals over modules, or over queries. Then the same by
words alone, above those of the target that a run begins with. Names are folders of targets; all of
them by default.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from agentlab.core.environment import EnvironmentSpec
from agentlab.core.outcome import ItemOutcome
from agentlab.references import build_environment, find_folder
from agentlab.retrieval.dealing import Dealt
from agentlab.retrieval.holdout import parts_of
from agentlab.retrieval.ranking_environment import RankedSet, RankingEnvironment
from agentlab.retrieval.reader import read_collection
from tests.benchmarks.tool_search_baselines import paired
from tests.retrieval.playing import files_of, play

__all__ = ["BASELINES", "main"]

BASELINES = ("minilm", "start", "fields", "learned")
"""Folders below `targets/`; `start` is the target that the experiment begins with."""

_FOLDER = "environments/code_search"


class _Measured:
    """What a target did on each query."""

    def __init__(self, items: Sequence[ItemOutcome], cpu_s: float, prepared_s: float) -> None:
        self.metrics = {item.id: item.metrics for item in items}
        self.clusters = {item.id: item.cluster for item in items}
        self.cpu_ms = 1000 * cpu_s / len(items)
        self.prepared_s = prepared_s

    def of(self, metric: str) -> dict[str, float]:
        """Returns a metric of each query."""
        return {name: metrics[metric] for name, metrics in self.metrics.items()}


def _held_out(data: Path | None) -> RankedSet:
    """Returns a set whose test is the held part, and in which all else is for training."""
    if data is None:
        spec = EnvironmentSpec(reference=_FOLDER, options={"embedder": "none"})
        built = build_environment(spec)
        assert isinstance(built, RankingEnvironment)
        collection = built.start(built.tasks("test")[0], 0).batch.collection
        parts = parts_of(collection, "group")
    else:
        collection = read_collection(data)
        parts = parts_of(collection, "none")
    dealt = Dealt(
        training=parts["train"],
        train=(),
        validation=(),
        test=parts["random-test" if data else "unseen-test"],
    )
    return RankedSet(collection, dealt, "none" if data else "group", fields=("text",))


def _measured(name: str, ranked: RankedSet, embedder: str) -> _Measured:
    # A world of its own for each: it is closed with the trials that it was for.
    world = RankingEnvironment([ranked], embedder=embedder, batch=50, depth=100)
    folder = find_folder(_FOLDER)
    files = files_of(folder / "target" if name == "start" else folder / "targets" / name)
    prepared, *records = play(world, files, "test")
    items = [item for record in records for item in record.items]
    return _Measured(items, sum(record.usage.cpu_s for record in records), prepared.usage.cpu_s)


def _table(ranked: RankedSet, embedder: str, names: Sequence[str], beside: str) -> None:
    reference = _measured(beside, ranked, embedder)
    print(f"\n| {len(reference.metrics)} queries | Hit@1 | MRR | nDCG@10 ", end="")
    print(f"| MRR above {beside}'s | nDCG@10 above {beside}'s | CPU ms per query | prepared in s |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        found = reference if name == beside else _measured(name, ranked, embedder)
        means = " | ".join(
            f"{np.mean(list(found.of(metric).values())):.3f}"
            for metric in ("hit@1", "mrr", "ndcg@10")
        )
        gains = [
            paired(found.of(metric), reference.of(metric), found.clusters)
            for metric in ("mrr", "ndcg@10")
        ]
        told = " | ".join(f"{g.estimate:+.3f} [{g.low:+.3f}, {g.high:+.3f}]" for g in gains)
        costs = f"{found.cpu_ms:.1f} | {found.prepared_s:.1f}"
        print(f"| {name} | {means} | {told} | {costs} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--data", type=Path, default=None, metavar="FOLDER")
    parser.add_argument("--embedder", default="onnx-int8")
    given = parser.parse_args(arguments)
    names = given.names or BASELINES
    ranked = _held_out(given.data)
    _table(ranked, given.embedder, names, "minilm")
    by_words = [name for name in names if name != "minilm"]
    _table(ranked, "none", by_words, "start")


if __name__ == "__main__":
    main()
