"""What the gate decided of a candidate, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from agentlab.core.value import Value

__all__ = ["Cause", "Decision", "Estimate", "Sample", "Stage", "Verdict"]


class Estimate(Value):
    """A number and its 95 % interval."""

    estimate: float
    low: float
    high: float


class Verdict(StrEnum):
    """What became of a proposal."""

    KEPT = "kept"
    DISCARDED = "discarded"
    UNDECIDED = "undecided"
    INVALID = "invalid"


Stage = Literal["static", "smoke", "halving", "gate"]
"""How far a proposal came: checks alone, one trial, among its siblings, the paired test."""


Cause = Literal[
    "refused",
    "nothing new",
    "conflict",
    "broke",
    "our side",
    "guard",
    "no better",
    "noise",
    "sibling",
]
"""Why a proposal was not kept. `refused`: it did not pass the checks. `nothing new`: the same as
another. `conflict`: it could not be brought onto what was kept meanwhile, so it was not tried.
`broke`: crashed, too slow, or beyond a limit at its
first trial. `our side`: that trial was lost. `guard`: one was broken, or not shown to hold. `no
better`: an improvement was out of reach. `noise`: neither shown nor ruled out. `sibling`: one of
its batch was looked at in its place."""


class Sample(Value):
    """Paired improvements as a test saw them; higher is better whatever the metric's direction."""

    metric: str
    margin: float = 0.0
    """0: it must be better. Above 0: a guard, it must not be worse by more than this."""

    mean: float
    """In its own unit for `success`, `progress`, sums and bounds, else relative: 0.1 is 10 %
    better."""

    spread: float
    """Standard deviation over clusters."""

    clusters: int
    blocks: int
    """Looks that it took."""

    is_binary: bool
    """Whether every cluster is a win, a loss or a tie."""

    scale: float = 1.0
    """The most that one may be below 0: bets are made in parts of it."""


class Decision(Value):
    """The end of one proposal. Decisions are numbered as proposals are, never by arrival."""

    number: int = Field(ge=1)
    """The proposal's number in the run, from 1."""

    candidate: str
    """Digest of the candidate that was measured (after it was rebased onto the incumbent)."""

    incumbent: str
    """Digest of the candidate that it was compared with."""

    source: str
    label: str
    verdict: Verdict
    stage: Stage
    reason: str
    """One sentence for a person and for the meta-agent."""

    cause: Cause | None = None
    """Why it was not kept; None if the rule was in favour, and of runs of older versions."""

    differences: dict[str, Estimate] = Field(default_factory=dict)
    """Candidate minus incumbent by metric, at the stage where it ended."""

    saved: dict[str, float] = Field(default_factory=dict)
    """Share of the incumbent's context and cost that is saved where both solve, over all pairs of
    that stage: 0.4 is 40 % less, below 0 it is more."""

    e_value: float | None = None
    """Evidence that it improves the aim that decided; 1/alpha keeps it, 2/alpha of two aims."""

    canary: Verdict | None = None
    """Of a canary, what the rule said. It is never kept, so `verdict` is another where it would be:
    a false keep. None for a proposal."""

    tested: tuple[Sample, ...] = ()
    """What the test of the aim that decided saw, then each guard that is not shown to hold."""

    pairs: int = 0
    """Pairs on which it was compared at that stage."""

    trials: int = 0
    """Trials that this proposal cost, the incumbent's included."""

    round: int | None = None
    """Number of the round that it was proposed in; None in a run without rounds."""

    @property
    def is_canary(self) -> bool:
        """Whether it was about a canary and not a proposal."""
        return self.canary is not None

    @property
    def is_passed(self) -> bool:
        """Whether the rule said that it is better, canary or not."""
        return (self.canary or self.verdict) is Verdict.KEPT
