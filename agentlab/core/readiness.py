"""What is known before the first proposal: the noise, what shows through it, what is wrong."""

from __future__ import annotations

from typing import Literal

from agentlab.core.decision import Estimate
from agentlab.core.outcome import CostKind
from agentlab.core.value import Value

__all__ = ["MetricNoise", "Plan", "Problem", "Readiness", "Subject"]

Subject = Literal["repetition", "metrics", "smallest effect", "guards", "null agent", "oracle"]
"""What a problem is about."""


class Problem(Value):
    """Why a run would show nothing, or nothing that can be believed."""

    about: Subject
    said: str
    """What is wrong, where, and what to change."""


class MetricNoise(Value):
    """How a metric varies though nobody changed the target.

    Spreads are standard deviations of the difference between two trials: in the metric's own unit
    for `success`, else relative (0.1 is 10 %). What is spent is compared where both solve.
    """

    metric: str
    mean: float
    """Of the target on train tasks, in the metric's own unit."""

    repeated: float | None
    """On the same task and seed; None where nothing was repeated."""

    reseeded: float | None
    """On two seeds of one task, of fixed data on two items; None where too little was measured."""

    edited: float | None
    """Between the target and a typed edit of it on the same task and seed; None where no edit that
    was tried made a difference."""

    pairing: float | None
    """Share of the noise that common tasks and seeds take away: 1 - (edited / reseeded)^2, with
    `repeated` in place of an unknown `edited`; below 0 they add to it."""

    floor: float | None
    """By so much two measurements of the same target differ in 1 of 20 cases, each as long as the
    gate: on the same seeds, or on other seeds where the world is deterministic."""


class Plan(Value):
    """What it takes to see an improvement half as large as what shows, for one candidate."""

    improvement: float
    tasks: int
    """Validation tasks, all of which are in a block."""

    seeds: int | None
    """Seeds of each, the same as `objective.rule.max_blocks`; None where more than 20 times as many
    as planned, or where there are no fresh seeds."""

    has_fresh_seeds: bool

    trials: int | None
    """Trials for that, the incumbent's included."""

    needed_s: float | None
    """Seconds for that, as fast as the trials so far."""

    cost_usd: float | None
    """US dollars for that; None where the world has no cost."""

    cost_kind: CostKind = "none"


class Readiness(Value):
    """What the trials before the first proposal tell of a run."""

    trials: int
    """Trials that it took; the search looks at them again where it needs them."""

    success: Estimate
    """Of the target on train tasks."""

    is_deterministic: bool
    """Whether the world says that it repeats itself by seed."""

    repeated_pairs: int
    """Pairs on which the target was run twice."""

    differing_pairs: int
    """Those of them that gave another outcome the second time."""

    edits: int
    """Typed edits that made a difference, from which `edited` is pooled."""

    noise: tuple[MetricNoise, ...]
    """The objective's metric first, then success and the guards'."""

    metric: str
    """The objective's."""

    detectable: float | None
    """The smallest true improvement that the gate keeps in 4 of 5 cases, with the noise of typed
    edits, or of other seeds where there is none; None where not even the largest would show."""

    is_relative: bool
    """Whether an improvement of 0.1 means 10 % better, or 0.1 more."""

    pairs: int
    """Paired comparisons that each candidate at the gate can have."""

    plan: Plan
    null: float | None
    """Mean success of the agent that does nothing; None where it was not measured."""

    oracle: float | None
    """Mean success of the environment's oracle; None where it offers none."""

    beyond: tuple[str, ...] = ()
    """Guards that the target itself is plainly beyond: only what holds them at once is kept."""

    undeclared: tuple[str, ...] = ()
    """Metrics that the environment reports and does not declare: nothing reads them."""

    problems: tuple[Problem, ...] = ()
    is_accepted: bool = False
    """Whether the run goes on in spite of the problems."""
