"""Where a run's ceiling is: what bounds it, whether it is flat, what did not work, what is next."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentlab.core.decision import Cause, Estimate
from agentlab.core.task import SplitName
from agentlab.core.value import Value

__all__ = [
    "Bounds",
    "Ceiling",
    "CeilingVerdict",
    "EditKind",
    "Mechanism",
    "NearMiss",
    "Plateau",
    "Step",
    "Stretch",
    "Unsolved",
    "Yardsticks",
]

CeilingVerdict = Literal[
    "keep going",
    "noise-limited",
    "benchmark saturated",
    "parametric ceiling",
    "architectural ceiling",
    "you can stop tuning this",
]
"""What a run says about going on with it; `agentlab.measure.ceiling_rules` has the rules."""

EditKind = Literal["numbers", "structure"]
"""`numbers`: an edit after which nothing but numbers differs. `structure`: any other."""


class Yardsticks(Value):
    """What is known of a run from elsewhere: each may be missing."""

    floors: dict[str, float] = Field(default_factory=dict)
    """By metric: by so much two measurements of the same target, each as long as the gate, differ
    in 1 of 20 cases; absolute for `success`, else relative (0.1 is 10 %)."""

    oracle: float | None = None
    """Mean success of a program that knows the answers, in [0, 1]."""

    null: float | None = None
    """Mean success of a program that does nothing, in [0, 1]."""


class Unsolved(Value):
    """A task on which no trial of any candidate had any success."""

    task: str
    split: SplitName
    trials: int
    """Trials on it, of all candidates together."""

    seeds: int
    """Different seeds among them: candidates are compared on the same few."""

    is_never: bool
    """Whether it was tried on so many that luck with the seeds is ruled out."""


class Bounds(Value):
    """Between what a run's success lies, and how finely it could be told."""

    null: float | None = None
    """Success of a program that does nothing; None where it was not measured."""

    baseline: Estimate | None = None
    """Success of the target as it came, on fresh validation seeds."""

    winner: Estimate | None = None
    """The same of the winner."""

    oracle: float | None = None
    """Success of a program that knows the answers; None where there is none."""

    tasks: int = 0
    """Tasks of train and validation that were tried."""

    unsolved: tuple[Unsolved, ...] = ()
    """Those of them that no candidate ever solved, not even in part."""

    best_per_task: Estimate | None = None
    """Success if each task had the candidate that suits it best: chosen on one half of the seeds,
    measured on the other, so that luck in choosing adds nothing. None where no candidate was
    measured on two seeds of a task."""

    best_per_task_lead: Estimate | None = None
    """That, minus the winner on the same seeds. Clearly above 0: what helps was found apart, and
    no candidate has all of it."""

    best_per_task_highest: float | None = None
    """The same with each task's best score as it came: too high by the luck of the choice."""

    noise_floor: float | None = None
    """By so much two measurements as long as the gate differ in 1 of 20 cases though nothing was
    changed, in the objective's metric; else from the spread of what the gate compared."""


class Stretch(Value):
    """The proposals since the last that was kept, of one kind or of all."""

    proposals: int
    """Those that were tried: not refused, not lost to our side, not the same as another."""

    chance: float
    """Chance that the next is kept, at most, with 95 % confidence."""

    is_flat: bool
    """Whether that is so small that one may call it a plateau."""


class Plateau(Value):
    """Whether there is still something to be found in the way it was looked for."""

    kept: int
    all: Stretch
    numbers: Stretch
    structure: Stretch
    at_gate: int
    """Proposals that came to the gate since the last that was kept."""

    open_at_gate: int
    """Those of them that ended undecided for noise."""

    missed: float | None
    """A true improvement as large as this is seen by the gate 4 times out of 5; a smaller one may
    have been missed. None where nothing was compared, or none would show."""

    is_relative: bool
    """Whether 0.1 means 10 % better, or 0.1 more."""


class Mechanism(Value):
    """What became of the proposals of one source."""

    source: str
    proposals: int
    kept: int
    numbers: int
    """Proposals that changed nothing but numbers."""

    causes: dict[Cause, int]
    """Why the others were not kept, most frequent first."""


class NearMiss(Value):
    """A proposal that came near to being kept."""

    number: int
    source: str
    label: str
    change: Estimate | None
    """Candidate minus incumbent in the objective's metric, as the gate saw it."""

    pairs: int
    cause: Cause


class Step(Value):
    """What one could do next."""

    said: str
    """What, and why."""

    command: str = ""
    """A command line that does it, in which `RUN` stands for the run's folder; or a setting of the
    experiment file. Empty where it takes thought."""


class Ceiling(Value):
    """The ceiling report."""

    verdict: CeilingVerdict
    rule: str
    """Name of the rule that spoke."""

    reasons: tuple[str, ...]
    """The rule's statistic first, then what else bears on it."""

    bounds: Bounds
    plateau: Plateau
    mechanisms: tuple[Mechanism, ...] = ()
    misses: tuple[NearMiss, ...] = ()
    """The nearest first, at most three."""

    steps: tuple[Step, ...] = ()
    """The most worthwhile first."""
