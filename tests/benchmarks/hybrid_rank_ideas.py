"""Prints what baselines, and each idea of the bank alone, are worth beside the naive ranker.

    python -m tests.benchmarks.hybrid_rank_ideas

On the train and validation queries of the built-in places, the test being a run's to open: 0.8 P@12
+ 0.2 MRR, both parts, and the difference to the naive target with its 95 % interval, paired by
query and clustered by subject. Candidates run as in a trial, without walls. A minute on one core.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from agentlab.measure.intervals import mean_interval
from agentlab.meta.ideas.agent import apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from tests.environments.hybrid_rank.world import FOLDER, TARGET, part
from tests.retrieval.playing import play

__all__ = ["contenders", "main"]

Files = Mapping[str, bytes]


class Scored(NamedTuple):
    """A query's scores."""

    cluster: str
    precision: float
    mrr: float

    @property
    def total(self) -> float:
        """The metric of the published loop."""
        return 0.8 * self.precision + 0.2 * self.mrr


def contenders() -> Iterator[tuple[str, Files]]:
    """Yields the naive target, the baselines, and the target with each idea."""
    yield "naive", TARGET
    for folder in sorted((FOLDER / "targets").iterdir()):
        yield folder.name, {**TARGET, "ranker.py": (folder / "ranker.py").read_bytes()}
    for idea in read_bank(find_folder("experiments/ideas/hybrid_rank")):
        files = apply_idea(idea, TARGET)
        assert files is not None
        yield idea.name, files


def scored(files: Files) -> dict[str, Scored]:
    """Returns the scores of each query, by its id."""
    world = part("environment").HybridRankEnvironment()
    return {
        item.id: Scored(item.cluster, item.metrics["p@12"], item.metrics["mrr"])
        for split in ("train", "validation")
        for record in play(world, dict(files), split)[1:]
        for item in record.items
    }


def difference(found: Mapping[str, Scored], naive: Mapping[str, Scored]) -> str:
    """Returns the mean difference with its interval over clusters."""
    clusters = defaultdict(list)
    for name, score in found.items():
        clusters[score.cluster].append(score.total - naive[name].total)
    seen = mean_interval(np.array([np.mean(values) for values in clusters.values()]))
    return f"{seen.estimate:+.3f} [{seen.low:+.3f}, {seen.high:+.3f}]"


def main() -> None:
    """Prints the table."""
    naive: Mapping[str, Scored] = {}
    print("| | 0.8 P@12 + 0.2 MRR | P@12 | MRR | to the naive ranker |\n|---|---|---|---|---|")
    for name, files in contenders():
        found = scored(files)
        naive = naive or found
        means = np.mean([(row.total, row.precision, row.mrr) for row in found.values()], axis=0)
        figures = " | ".join(f"{mean:.3f}" for mean in means)
        print(f"| {name} | {figures} | {difference(found, naive)} |", flush=True)


if __name__ == "__main__":
    main()
