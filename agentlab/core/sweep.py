"""What a sweep found: every point of its grid, and its columns beside the one of reference."""

from __future__ import annotations

from pydantic import Field

from agentlab.core.decision import Estimate
from agentlab.core.value import Value

__all__ = ["ColumnResult", "PointResult", "SweepResult"]


class PointResult(Value):
    """One run of a sweep."""

    experiment: str
    """The experiment's name."""

    column: str
    """What was varied, by its names: `bank`, or `bank, pareto` where two things are."""

    seed: int
    run: str = ""
    """The run's name; empty where it could not begin."""

    problem: str = ""
    """Why it has no result; empty where it has one."""

    verdict: str = ""
    metric: str = ""
    gain: Estimate | None = None
    """How much better the winner is than the baseline on the sealed test, in the metric's own unit;
    exactly 0 where nothing was kept, None where the test was not measured."""

    kept: int = 0
    proposals: int = 0
    trials: int = 0
    wall_s: float = 0.0


class ColumnResult(Value):
    """One column in one experiment, over all seeds."""

    experiment: str
    column: str
    metric: str
    seeds: int
    """Runs that have a result."""

    gain: Estimate
    """Mean over the seeds; its interval is what another seed may bring, and one seed has none."""

    lead: Estimate | None = None
    """The gain minus that of the reference, paired by seed; None for the reference itself, and
    where no seed has both."""

    wins: int = 0
    """Seeds on which it gained more than the reference."""

    losses: int = 0
    trials: float
    """Trials of a run, the mean."""

    wall_s: float
    """Seconds of a run, the mean."""

    @property
    def per_1000_trials(self) -> float:
        """The gain that a thousand trials bought."""
        return 1000 * self.gain.estimate / self.trials


class SweepResult(Value):
    """The end of a sweep."""

    name: str
    reference: str
    """The column that the others stand beside."""

    points: tuple[PointResult, ...] = ()
    columns: tuple[ColumnResult, ...] = Field(default=())
