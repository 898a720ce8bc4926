"""Made-up targets and proposals whose true effect is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np

from agentlab.measure.pairing import FloatArray

__all__ = ["PROPOSALS", "Kind", "Level", "Plan", "Proposal", "World"]

Kind = Literal["binary", "graded", "fixed"]
"""`binary` and `graded` trials depend on a seed; `fixed` ones score the same items each time."""

PROPOSALS = 100
_HIT = 0.4
"""Share of the tasks that an edit touches."""

_SD = 0.15
"""Of one graded trial."""

_RHO = {"binary": 0.5, "graded": 0.7, "fixed": 1.0}
"""Share of a trial's luck that a common seed holds."""

_SHOCK = {"binary": 0.10, "graded": 0.05, "fixed": 0.12}
"""How much an edit's effect differs between the tasks that it touches."""

_POPULATION = 4000

_Z = np.linspace(-4.0, 4.0, 4001)
_P = np.array([NormalDist().cdf(z) for z in _Z])


class Plan(NamedTuple):
    """What is planted."""

    kind: Kind
    helpful: float
    """Share of the proposals; of the others half do nothing and half harm."""

    tasks: int = 30
    is_population: bool = False
    """Train, validation, test and truth are other draws of tasks; half of what does nothing on
    balance still moves single tasks."""

    fixed_gain: float | None = None
    """What each helpful proposal gains, in place of gains that differ."""

    proposals: int = PROPOSALS


class Proposal(NamedTuple):
    """An edit: what it does on average, and to each task of each split."""

    effect: float
    shifts: tuple[FloatArray, ...]


class Level(NamedTuple):
    """How good an agent is at each task."""

    train: FloatArray
    validation: FloatArray
    test: FloatArray
    everywhere: FloatArray
    """At the tasks by which truth is told."""

    @property
    def truth(self) -> float:
        """The true score."""
        return float(self.everywhere.mean())


class World:
    """One target and the proposals for it; the same for every rule of the same replicate."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan = plan
        self._rng = np.random.default_rng([seed, 1])
        self._rho = _RHO[plan.kind]
        sizes = [plan.tasks] * 3 + [_POPULATION if plan.is_population else plan.tasks]
        levels = [self._base(size) for size in sizes]
        self.baseline = Level(*(levels if plan.is_population else [levels[0]] * 4))
        self.proposals = [self._proposal(sizes) for _ in range(plan.proposals)]
        self.luck = np.random.default_rng([seed, 2])
        """Of the trials, drawn from as a rule goes."""

    @property
    def available(self) -> int:
        """Proposals that help."""
        return sum(proposal.effect > 0 for proposal in self.proposals)

    def changed(self, level: Level, proposal: Proposal) -> Level:
        """Returns the level after an edit."""
        if not any(shift.any() for shift in proposal.shifts):
            return level
        low, high = (-math.inf, math.inf) if self.plan.kind == "graded" else (0.0, 1.0)
        return Level(
            *(
                np.clip(tasks + shift, low, high)
                for tasks, shift in zip(level, proposal.shifts, strict=True)
            )
        )

    def seeds(self) -> FloatArray:
        """Returns the luck that trials on one seed per task have in common."""
        return self.luck.standard_normal(self.plan.tasks)

    def trials(self, tasks: FloatArray, seeds: FloatArray | None = None) -> FloatArray:
        """Returns one score per task, on given seeds or on seeds of nobody else."""
        if self.plan.kind == "fixed":
            return tasks
        common = self.seeds() if seeds is None else seeds
        own = self.luck.standard_normal(tasks.size)
        noise = math.sqrt(self._rho) * common + math.sqrt(1 - self._rho) * own
        if self.plan.kind == "graded":
            return np.asarray(tasks + _SD * noise)
        # So that a better agent solves what a worse one solved, as far as they share their luck.
        return (noise < np.interp(tasks, _P, _Z, left=-9.0, right=9.0)).astype(float)

    def _base(self, size: int) -> FloatArray:
        if self.plan.kind == "binary":
            return self._rng.beta(1.5, 1.5, size) * 0.9
        if self.plan.kind == "fixed":
            return self._rng.beta(2.0, 1.3, size)
        return self._rng.normal(0.5, 0.15, size)

    def _proposal(self, sizes: Sequence[int]) -> Proposal:
        plan, draw = self.plan, self._rng.random()
        scale = 1.0 if plan.kind == "binary" else 1 / 3
        if draw < plan.helpful:
            gain = scale * (0.03 + self._rng.exponential(0.06))
            effect = gain if plan.fixed_gain is None else plan.fixed_gain
        elif draw < (1 + plan.helpful) / 2:
            effect = -self._rng.exponential(0.05 if plan.kind == "binary" else 0.03)
        else:
            effect = 0.0
        is_moving = effect != 0.0 or (plan.is_population and self._rng.random() < 0.5)
        shifts = [self._shift(size, effect, is_moving=is_moving) for size in sizes]
        if not plan.is_population:
            shifts = [shifts[0]] * 4
        return Proposal(effect, tuple(shifts))

    def _shift(self, size: int, effect: float, *, is_moving: bool) -> FloatArray:
        if not is_moving:
            return np.zeros(size)
        hit = self._rng.random(size) < _HIT
        shift = np.where(
            hit, effect / _HIT + self._rng.normal(0.0, _SHOCK[self.plan.kind], size), 0.0
        )
        # Where the tasks are all that there is, their mean is the effect itself.
        is_all = size == _POPULATION or not self.plan.is_population
        return np.asarray(shift + (effect - shift.mean() if is_all else 0.0))
