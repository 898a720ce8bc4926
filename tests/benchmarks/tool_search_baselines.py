"""Prints how well each way to rank that ships finds actions, side by side with paired intervals.

    python -m tests.benchmarks.tool_search_baselines [--data FOLDER --split-by group] [NAME ...]

Each target is played as a candidate is, on the test: connectors that no training query is about.
Global it ranks all actions, scoped those of the right connector. Beside Hit@1 and nDCG@10 stands
by how much Hit@1 is above the fusion's (or of whom `--beside` names), query by query, with 95 %
intervals: one over the actions that were asked for, one over whole connectors, which are few and so
wide. A name is one below `targets/`, `start`, or a folder, such as the repository of a run; by
default all that ship. Nothing was tuned on these queries.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from agentlab.core.decision import Estimate
from agentlab.core.environment import EnvironmentSpec
from agentlab.measure.intervals import mean_interval
from agentlab.references import build_environment, find_folder
from agentlab.retrieval.ranking_environment import RankingEnvironment
from tests.retrieval.playing import files_of, play

__all__ = ["BASELINES", "main", "measured"]

BASELINES = (
    "bm25",
    "minilm",
    "synonyms",
    "routes",
    "tool2vec",
    "toolshed",
    "fusion",
    "query_map",
    "sentences",
    "learned",
    "start",
)
"""Folders below `targets/`; `start` is the target that the experiments begin with."""

_FOLDER = "environments/tool_search"


class Measured(NamedTuple):
    """What a target did on each query, by its id."""

    hit: Mapping[str, float]
    ndcg: Mapping[str, float]
    actions: Mapping[str, str]
    connectors: Mapping[str, str]
    cpu_ms: float
    """Processor time of the candidate for each query, loading and all."""


def measured(spec: EnvironmentSpec, name: str) -> Measured:
    """Returns what a target does on the test, in a world of its own."""
    world = build_environment(spec)
    assert isinstance(world, RankingEnvironment)
    groups = {
        query.id: batch.collection.gold_documents(query)[0].group or query.id
        for task in world.tasks("test")
        for batch in (world.start(task, 0).batch,)
        for query in batch.queries
    }
    records = play(world, files_of(_folder_of(name)), "test")[1:]
    items = [item for record in records for item in record.items]
    return Measured(
        hit={item.id: item.metrics["hit@1"] for item in items},
        ndcg={item.id: item.metrics["ndcg@10"] for item in items},
        actions={item.id: item.cluster for item in items},
        connectors=groups,
        cpu_ms=1000 * sum(record.usage.cpu_s for record in records) / len(items),
    )


def _folder_of(name: str) -> Path:
    folder = find_folder(_FOLDER)
    if name == "start":
        return folder / "target"
    return Path(name) if Path(name).is_dir() else folder / "targets" / name


def paired(
    one: Mapping[str, float], other: Mapping[str, float], clusters: Mapping[str, str]
) -> Estimate:
    """Returns the mean difference with its interval; a cluster is the mean of its queries."""
    found: dict[str, list[float]] = defaultdict(list)
    for name, value in one.items():
        found[clusters[name]].append(value - other[name])
    sizes = np.array([len(values) for values in found.values()])
    sums = np.array([sum(values) for values in found.values()])
    return mean_interval(sums / sizes.mean())


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--data", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--split-by", default=None)
    parser.add_argument("--test", default="unseen")
    parser.add_argument("--embedder", default="onnx-int8")
    parser.add_argument("--beside", default="fusion", metavar="NAME")
    parser.add_argument("--most-queries", type=int, default=None)
    given = parser.parse_args(arguments)
    options = {
        "data": given.data or "mock-actions",
        "split_by": given.split_by,
        "test": given.test,
        "embedder": given.embedder,
        "most_queries": given.most_queries,
    }
    for scoped in (False, True) if not given.data else (False,):
        spec = EnvironmentSpec(reference=_FOLDER, options={**options, "scoped": scoped})
        print(f"\n{'scoped' if scoped else 'global'}")
        _table(spec, given.names or BASELINES, beside_name=given.beside)


def _table(spec: EnvironmentSpec, names: Sequence[str], *, beside_name: str) -> None:
    beside = measured(spec, beside_name)
    print(f"{len(beside.hit)} queries")
    print(f"| | Hit@1 | nDCG@10 | Hit@1 above {beside_name}'s | by connector | CPU ms per query |")
    print("|---|---|---|---|---|---|")
    for name in names:
        found = beside if name == beside_name else measured(spec, name)
        means = [float(np.mean(list(scores.values()))) for scores in (found.hit, found.ndcg)]
        gains = [
            paired(found.hit, beside.hit, clusters)
            for clusters in (found.actions, found.connectors)
        ]
        told = " | ".join(f"{g.estimate:+.3f} [{g.low:+.3f}, {g.high:+.3f}]" for g in gains)
        print(f"| {name} | {means[0]:.3f} | {means[1]:.3f} | {told} | {found.cpu_ms:.1f} |")


if __name__ == "__main__":
    main()
