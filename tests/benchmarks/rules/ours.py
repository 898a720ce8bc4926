"""The product's own rules on made-up worlds: its halving, its evidence, its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from agentlab.core.decision import Decision, Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Objective
from agentlab.measure.evidence import Evidence, Tally
from agentlab.measure.halving import Standing, survivors
from agentlab.measure.pairing import FloatArray
from agentlab.measure.rules.choice import rule_of
from agentlab.measure.rules.rule import Case
from agentlab.measure.t_test import t_statistic
from tests.benchmarks.rules.worlds import Level, World

__all__ = ["Ended", "clusters", "play", "play_fixed"]

_HALVING_BLOCKS = (1, 3)
_FINAL_CLUSTERS = 180


class Ended(NamedTuple):
    """What a rule made of a world."""

    gains: tuple[float, ...]
    """True gain of each keep."""

    trials: int
    reported: float
    true: float
    gained: float
    """True gain over the baseline."""


class _Blocks:
    """The incumbent on blocks of seeds, measured when first asked for and once only."""

    def __init__(self, world: World, tasks: FloatArray) -> None:
        self._world = world
        self._tasks = tasks
        self._known: list[tuple[FloatArray, FloatArray]] = []
        self._latest: dict[int, FloatArray] = {}

    def against(self, tasks: FloatArray, block: int) -> tuple[FloatArray, int]:
        """Returns a candidate's improvements on a block, and what it cost."""
        cost = tasks.size
        while len(self._known) <= block:
            seeds = self._world.seeds()
            self._known.append((seeds, self._world.trials(self._tasks, seeds)))
            cost += tasks.size
        seeds, theirs = self._known[block]
        mine = self._latest[block] = self._world.trials(tasks, seeds)
        return np.clip(mine - theirs, -1.0, 1.0), cost

    def taken_over(self, tasks: FloatArray) -> _Blocks:
        """Returns the same seeds with the latest candidate in the incumbent's place."""
        blocks = _Blocks(self._world, tasks)
        for block, (seeds, _) in enumerate(self._known):
            mine = self._latest.get(block)
            blocks._known.append(
                (seeds, self._world.trials(tasks, seeds) if mine is None else mine)
            )
        return blocks


class _Sides:
    """An incumbent, on blocks of its own."""

    def __init__(self, world: World, level: Level) -> None:
        self._world = world
        self.level = level
        self.train = _Blocks(world, level.train)
        self.gate = _Blocks(world, level.validation)

    def after(self, level: Level, *, is_fresh: bool) -> _Sides:
        """Returns the next incumbent's; at the gate on fresh seeds, or on those that it won on."""
        sides = _Sides(self._world, level)
        if not is_fresh:
            sides.gate = self.gate.taken_over(level.validation)
        return sides


def play(world: World, objective: Objective) -> Ended:
    """Tries all proposals of a world by a rule and measures the winner anew at the end."""
    rule = rule_of(objective.rule)
    sides = _Sides(world, world.baseline)
    spent, kept, decisions = 0, list[float](), list[Decision]()
    for at in range(0, len(world.proposals), rule.siblings):
        proposals = world.proposals[at : at + rule.siblings]
        siblings = [world.changed(sides.level, proposal) for proposal in proposals]
        finalist: Level | None = siblings[0]
        if rule.halves:
            finalist, cost = _halved(siblings, sides.train, rule.worthwhile)
            spent += cost
        if finalist is None:
            continue
        verdict, cost = _gated(finalist, sides, objective, decisions)
        spent += cost
        decisions.append(_decision(len(decisions) + 1, verdict))
        if verdict is Verdict.KEPT:
            kept.append(finalist.truth - sides.level.truth)
            sides = sides.after(finalist, is_fresh=any(look.is_fresh for look in rule.looks))
    blocks = -(-_FINAL_CLUSTERS // world.plan.tasks)
    winner = sides.level
    final = [world.trials(winner.test).mean() for _ in range(blocks)]
    return Ended(
        tuple(kept),
        spent,
        float(np.mean(final)),
        winner.truth,
        winner.truth - world.baseline.truth,
    )


def play_fixed(world: World, blocks: int) -> Ended:
    """Tries all proposals by a paired test at 0.01 whose size was set beforehand."""
    sides, spent, kept = _Sides(world, world.baseline), 0, list[float]()
    needed = NormalDist().inv_cdf(0.99)
    for proposal in world.proposals:
        candidate = world.changed(sides.level, proposal)
        seen = [sides.gate.against(candidate.validation, block) for block in range(blocks)]
        spent += sum(cost for _, cost in seen)
        if t_statistic(np.concatenate([gains for gains, _ in seen])) >= needed:
            kept.append(candidate.truth - sides.level.truth)
            sides = _Sides(world, candidate)
    true = sides.level.truth
    return Ended(tuple(kept), spent, true, true, true - world.baseline.truth)


def _gated(
    finalist: Level, sides: _Sides, objective: Objective, earlier: Sequence[Decision]
) -> tuple[Verdict, int]:
    """Returns what the rule decides look by look, as a contest asks it."""
    rule, spent = rule_of(objective.rule), 0
    evidence, hidden = Evidence(objective, Traits()), Evidence(objective, Traits())
    for index, look in enumerate(rule.looks):
        if look.split == "train":
            gains, cost = sides.train.against(finalist.train, 0)[0], 0
        else:
            gains, cost = sides.gate.against(finalist.validation, index)
        spent += cost
        (hidden if look.is_hidden else evidence).gain.add(
            clusters(gains, index), [str(task) for task in range(gains.size)]
        )
        left = len(rule.looks) - index - 1
        verdict = rule.read(Case(evidence, hidden, left, earlier)).verdict
        if verdict is not None:
            return verdict, spent
    raise AssertionError("a rule must decide at its last look")


def _halved(siblings: list[Level], train: _Blocks, worthwhile: float) -> tuple[Level | None, int]:
    """Returns the best sibling, if it is promising, as a contest halves a batch."""
    spent, seen = 0, 0
    tallies = {str(place): Tally("success") for place in range(len(siblings))}
    alive = list(tallies)
    for blocks in _HALVING_BLOCKS:
        for block in range(seen, blocks if worthwhile else 1):
            for place in alive:
                gains, cost = train.against(siblings[int(place)].train, block)
                tallies[place].add(clusters(gains, block))
                spent += cost
        seen = blocks
        standings = [
            (place, Standing(True, tallies[place].mean, 0.0, tallies[place].reach))
            for place in alive
        ]
        ranking = dict(sorted(standings, key=lambda entry: entry[1], reverse=True))
        alive = survivors(ranking, worthwhile=worthwhile)
        if not alive:
            return None, spent
    return siblings[int(alive[0])], spent


def clusters(gains: FloatArray, block: int) -> Iterator[tuple[str, float]]:
    """Yields a block's improvements, each a cluster of its own."""
    return ((f"{block}/{task}", gain) for task, gain in enumerate(gains.tolist()))


def _decision(number: int, verdict: Verdict) -> Decision:
    return Decision(
        number=number,
        candidate="",
        incumbent="",
        source="",
        label="",
        verdict=verdict,
        stage="gate",
        reason="",
    )
