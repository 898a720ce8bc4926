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
from agentlab.core.objective import AnyGuard, Guard, Objective
from agentlab.core.trial import TrialRecord
from agentlab.measure.contrast import Contrast, contrast_of_bound, contrast_of_metric
from agentlab.measure.e_process import EProcess
from agentlab.measure.metrics import lower_is_better
from agentlab.measure.pairing import Clusters, FloatArray, by_cluster, paired_differences
from agentlab.measure.savings import Savings
from agentlab.measure.scores import difference_interval, reported_metrics

__all__ = ["FUTILITY_Z", "GUARD_ALPHA", "Evidence", "Tally", "guard_words"]

FUTILITY_Z = 1.5
"""What lies so many standard errors above the mean is called out of reach."""

GUARD_ALPHA = 0.05
"""A guard holds when its violation is rejected at this level."""


class Tally:
    """Improvements in one metric, or room within a bound; positive is better."""

    def __init__(self, metric: str, *, margin: float = 0.0) -> None:
        """Starts with nothing seen.

        Args:
            metric: Whose improvements.
            margin: 0 where it must be better; above 0 how much worse is still acceptable.
        """
        self.metric = metric
        self.margin = margin
        self.scale = 1.0
        """The most that a value may be below 0; bets are made in parts of it."""

        self.blocks = 0
        self.latest = 0.0
        """Mean over the clusters of the latest block alone; 0 where it holds none."""

        self._seen = Clusters()
        self._tasks = Clusters()
        self._evidence = EProcess(margin)

    def add(
        self,
        block: Iterable[tuple[str, float]],
        tasks: Sequence[str] | None = None,
        *,
        scale: float = 1.0,
    ) -> None:
        """Takes one more block.

        Args:
            block: Improvements, none below minus the scale, each with its cluster.
            tasks: The task of each; without, every cluster is a task of its own.
            scale: The most that one may be below 0, by all that was seen.
        """
        values = list(block)
        names = [cluster for cluster, _ in values] if tasks is None else tasks
        self._tasks.add((name, value) for name, (_, value) in zip(names, values, strict=True))
        settled = self.clusters.size
        changed = self._seen.add(values)
        if changed < settled or scale != self.scale:
            # A cluster that comes back has another mean, and on another scale a bet is another, so
            # that all bets begin anew.
            self._evidence, settled, self.scale = EProcess(self.margin / scale), 0, scale
        self._evidence = self._evidence.after(self.clusters[settled:] / scale)
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
        """The most that the true mean may plausibly be; the scale with fewer than two clusters."""
        size = self.clusters.size
        return self.mean + FUTILITY_Z * self.spread / math.sqrt(size) if size > 1 else self.scale

    def log_e_in_reach(self, blocks: int) -> float:
        """Returns the evidence after more blocks if the true mean is the most that it may be."""
        more = round(blocks * self.clusters.size / max(1, self.blocks))
        return self._evidence.log_e_expected(
            self.reach / self.scale, self.spread / self.scale, more
        )

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
                scale=self.scale,
                mean=self.mean,
                spread=self.spread,
                clusters=clusters.size,
                blocks=self.blocks,
                is_binary=bool(is_binary.all()),
            ),
        )


class Evidence:
    """A candidate against the incumbent, on the same pairs."""

    def __init__(
        self, objective: Objective, traits: Traits, *, first: Objective | None = None
    ) -> None:
        """Starts with nothing seen.

        Args:
            objective: Metric and guards.
            traits: Directions of the environment's metrics.
            first: The objective whose second aim this is; None where it is no second aim.
        """
        self.objective = objective
        self.first = first
        self.gain = Tally(objective.metric)
        self.guards: dict[AnyGuard, Tally] = {
            guard: Tally(guard.metric, margin=guard.margin)
            if isinstance(guard, Guard)
            else Tally(str(guard))
            for guard in objective.guards
        }
        is_lower = objective.direction == "lower"
        self._asked = [
            (self.gain, contrast_of_metric(objective.metric, lower_is_better=is_lower)),
            *((tally, _contrast(guard, traits, first)) for guard, tally in self.guards.items()),
        ]
        second = objective.second
        self.second = Evidence(second, traits, first=objective) if second else None
        """The same pairs, read for the second aim; None where there is none."""

        reported = () if first else reported_metrics(traits, objective.metrics)
        self._changes = {metric: Clusters() for metric in reported}
        self._savings = Savings(traits)

    def add(self, candidate: Sequence[TrialRecord], incumbent: Sequence[TrialRecord]) -> None:
        """Takes one more block of both."""
        for tally, contrast in self._asked:
            pairs = contrast.read(candidate, incumbent)
            block = [(pair.cluster, pair.value) for pair in pairs]
            tally.add(block, [pair.task for pair in pairs], scale=contrast.scale)
        if self.second is not None:
            self.second.add(candidate, incumbent)
        for metric, clusters in self._changes.items():
            changes = paired_differences(candidate, incumbent, metric)
            clusters.add((change.cluster, change.value) for change in changes)
        self._savings.add(candidate, incumbent)

    @property
    def broken_guards(self) -> list[AnyGuard]:
        """Guards that are plainly broken."""
        return [guard for guard, tally in self.guards.items() if tally.is_broken]

    @property
    def open_guards(self) -> list[AnyGuard]:
        """Guards that are not shown to hold."""
        return [guard for guard, tally in self.guards.items() if not tally.holds]

    @property
    def tested(self) -> tuple[Sample, ...]:
        """What the test of the objective saw, then each guard that is not shown to hold."""
        tallies = (self.gain, *(self.guards[guard] for guard in self.open_guards))
        return tuple(sample for tally in tallies for sample in tally.sample)

    def differences(self) -> dict[str, Estimate]:
        """Returns candidate minus incumbent in each reported metric, with its interval."""
        seen = {metric: clusters.means for metric, clusters in self._changes.items()}
        return {
            metric: difference_interval(metric, means)
            for metric, means in seen.items()
            if means.size
        }

    def saved(self) -> dict[str, float]:
        """Returns what share of context and cost is saved where both solve; below 0 it is more."""
        return self._savings.shares()


def guard_words(guards: Sequence[AnyGuard]) -> str:
    """Returns guards in words."""
    return ", ".join(
        f"{guard.metric} within {guard.margin:g}" if isinstance(guard, Guard) else str(guard)
        for guard in guards
    )


def _contrast(guard: AnyGuard, traits: Traits, first: Objective | None) -> Contrast:
    if not isinstance(guard, Guard):
        return contrast_of_bound(guard)
    is_lower = lower_is_better(guard.metric, traits)
    if first is not None and guard.metric == first.metric:
        is_lower = first.direction == "lower"
    return contrast_of_metric(guard.metric, lower_is_better=is_lower)
