"""What paired records say of a candidate, added to block by block.

It is a function of the records and of the blocks in which they came, and what was seen is not gone
through again: a look costs its own block, however many came before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from agentlab.core.decision import Estimate, Sample
from agentlab.core.environment import Traits
from agentlab.core.objective import Guard, Objective
from agentlab.core.trial import TrialRecord
from agentlab.measure.e_process import EProcess
from agentlab.measure.metrics import lower_is_better
from agentlab.measure.pairing import (
    Clusters,
    FloatArray,
    by_cluster,
    paired_differences,
    paired_improvements,
)
from agentlab.measure.scores import difference_interval, reported_metrics

__all__ = ["FUTILITY_Z", "GUARD_ALPHA", "Evidence", "Tally", "guard_words"]

FUTILITY_Z = 1.5
"""What lies so many standard errors above the mean is called out of reach."""

GUARD_ALPHA = 0.05
"""A guard holds when its violation is rejected at this level."""


class Tally:
    """Improvements in one metric; positive is better."""

    def __init__(self, metric: str, *, margin: float = 0.0) -> None:
        """Starts with nothing seen.

        Args:
            metric: Whose improvements.
            margin: 0 where it must be better; above 0 how much worse is still acceptable.
        """
        self.metric = metric
        self.margin = margin
        self.blocks = 0
        self.latest = 0.0
        """Mean over the clusters of the latest block alone; 0 where it holds none."""

        self._seen = Clusters()
        self._tasks = Clusters()
        self._evidence = EProcess(margin)

    def add(self, block: Iterable[tuple[str, float]], tasks: Sequence[str] | None = None) -> None:
        """Takes one more block.

        Args:
            block: Improvements in [-1, 1], each with its cluster.
            tasks: The task of each; without, every cluster is a task of its own.
        """
        values = list(block)
        names = [cluster for cluster, _ in values] if tasks is None else tasks
        self._tasks.add((name, value) for name, (_, value) in zip(names, values, strict=True))
        settled = self.clusters.size
        changed = self._seen.add(values)
        if changed < settled:
            # A cluster that comes back has another mean, so that all bets begin anew.
            self._evidence, settled = EProcess(self.margin), 0
        self._evidence = self._evidence.after(self.clusters[settled:])
        self.blocks += 1
        alone = by_cluster(values).clusters
        self.latest = float(alone.mean()) if alone.size else 0.0

    @property
    def clusters(self) -> FloatArray:
        """Mean improvement per cluster, shape (clusters,)."""
        return self._seen.means

    @property
    def tasks(self) -> FloatArray:
        """Mean improvement per task, shape (tasks,)."""
        return self._tasks.means

    @property
    def pairs(self) -> int:
        """Pairs that went into them."""
        return self._seen.pairs

    @property
    def mean(self) -> float:
        """Mean over the clusters; 0 where nothing was seen."""
        clusters = self.clusters
        return float(clusters.mean()) if clusters.size else 0.0

    @property
    def spread(self) -> float:
        """Standard deviation over the clusters; 0 with fewer than two."""
        clusters = self.clusters
        return float(np.std(clusters, ddof=1)) if clusters.size > 1 else 0.0

    @property
    def log_e(self) -> float:
        """Log of the evidence that it is better, or no worse by more than the margin."""
        return self._evidence.log_e

    @property
    def reach(self) -> float:
        """The most that the true mean may plausibly be; 1 with fewer than two clusters."""
        size = self.clusters.size
        return self.mean + FUTILITY_Z * self.spread / math.sqrt(size) if size > 1 else 1.0

    def log_e_in_reach(self, blocks: int) -> float:
        """Returns the evidence after more blocks if the true mean is the most that it may be."""
        more = round(blocks * self.clusters.size / max(1, self.blocks))
        return self._evidence.log_e_expected(self.reach, self.spread, more)

    @property
    def holds(self) -> bool:
        """Whether it is shown that a guard holds."""
        return self.log_e >= math.log(1 / GUARD_ALPHA)

    @property
    def is_broken(self) -> bool:
        """Whether a guard is plainly broken."""
        return self.clusters.size > 0 and self.reach < -self.margin

    @property
    def sample(self) -> tuple[Sample, ...]:
        """What a test saw, for the record; nothing where it saw nothing."""
        clusters = self.clusters
        if not clusters.size:
            return ()
        is_binary = (clusters == 0) | (np.abs(clusters) == 1)
        return (
            Sample(
                metric=self.metric,
                margin=self.margin,
                mean=self.mean,
                spread=self.spread,
                clusters=clusters.size,
                blocks=self.blocks,
                is_binary=bool(is_binary.all()),
            ),
        )


class Evidence:
    """A candidate against the incumbent, on the same pairs."""

    def __init__(self, objective: Objective, traits: Traits) -> None:
        """Starts with nothing seen.

        Args:
            objective: Metric and guards.
            traits: Directions of the environment's metrics.
        """
        self._objective = objective
        self._traits = traits
        self.gain = Tally(objective.metric)
        self.guards: dict[Guard, Tally] = {
            guard: Tally(guard.metric, margin=guard.margin) for guard in objective.guards
        }
        self._changes = {metric: Clusters() for metric in reported_metrics(traits)}

    def add(self, candidate: Sequence[TrialRecord], incumbent: Sequence[TrialRecord]) -> None:
        """Takes one more block of both."""
        tallies = [
            (self.gain, self._objective.direction == "lower"),
            *(
                (tally, lower_is_better(guard.metric, self._traits))
                for guard, tally in self.guards.items()
            ),
        ]
        for tally, lower in tallies:
            pairs = list(
                paired_improvements(candidate, incumbent, tally.metric, lower_is_better=lower)
            )
            block = [(pair.cluster, pair.value) for pair in pairs]
            tally.add(block, [pair.task for pair in pairs])
        for metric, clusters in self._changes.items():
            changes = paired_differences(candidate, incumbent, metric)
            clusters.add((change.cluster, change.value) for change in changes)

    @property
    def broken_guards(self) -> list[Guard]:
        """Guards that are plainly broken."""
        return [guard for guard, tally in self.guards.items() if tally.is_broken]

    @property
    def open_guards(self) -> list[Guard]:
        """Guards that are not shown to hold."""
        return [guard for guard, tally in self.guards.items() if not tally.holds]

    def differences(self) -> dict[str, Estimate]:
        """Returns candidate minus incumbent in each reported metric, with its interval."""
        seen = {metric: clusters.means for metric, clusters in self._changes.items()}
        return {
            metric: difference_interval(metric, means)
            for metric, means in seen.items()
            if means.size
        }


def guard_words(guards: Sequence[Guard]) -> str:
    """Returns guards in words."""
    return ", ".join(f"{guard.metric} within {guard.margin:g}" for guard in guards)
