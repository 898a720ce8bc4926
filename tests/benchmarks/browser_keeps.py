"""Prints what keep rules would make of the browser's proposals: a simulation with measured effects.

    python -m tests.benchmarks.browser_keeps [--runs 200] [--rate 3.8]

Shares and sizes of effects are those of `docs/browser-scan.md`: most edits change nothing, some
harm, some stir without gain, few help a little, a bundle now and then helps a lot. Train tasks and
validation tasks are hit independently, so that what helps one side need not help the other. A world
is deterministic by seed, as the browser is: without an effect every pair is a tie. Rules spend the
trials that a wall clock allows at the rate measured, the final measurement left out.

False is a keep whose true effect on validation's tasks is not above 0. `paired` is the product's
own rule, by its own halving and evidence; the other two are what loops do: keep what scored higher
on 20, or on 60, train trials than the incumbent on the same seeds.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np

from agentlab.core.decision import Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Objective, PairedRule
from agentlab.measure.evidence import Evidence, Tally
from agentlab.measure.halving import Standing, survivors
from agentlab.measure.pairing import FloatArray
from agentlab.measure.rules.paired import Paired
from agentlab.measure.rules.rule import Case
from tests.benchmarks.rules.ours import clusters

_TRAIN, _VALIDATION = 20, 10
_SIBLINGS = 4
_FINAL_TRIALS = 320
_KINDS = ("none", "harm", "stir", "help", "bundle")
_SHARES = (0.70, 0.15, 0.06, 0.07, 0.02)
_BUNDLE = 0.3
_HIT = 0.4
"""The share of tasks that an effect touches."""


class Agent(NamedTuple):
    """Probabilities of success, one per task."""

    train: FloatArray
    validation: FloatArray


class World:
    """A target, proposals for it, and trials of both."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.spent = 0
        self.baseline = Agent(
            self._rng.beta(0.5, 1.5, _TRAIN), self._rng.beta(0.5, 1.5, _VALIDATION)
        )

    def proposal(self, agent: Agent) -> Agent:
        """Returns the agent after an edit."""
        kind = str(self._rng.choice(_KINDS, p=_SHARES))
        draw = self._rng.exponential
        size = {"harm": -draw(0.05), "help": draw(0.03), "bundle": _BUNDLE}.get(kind, 0.0)
        spread = 0.0 if kind == "none" else 0.1
        return Agent(*(self._changed(tasks, size, spread) for tasks in agent))

    def differences(self, mine: FloatArray, theirs: FloatArray, blocks: int) -> FloatArray:
        """Returns paired differences in success, on fresh seeds; counts the trials of one side."""
        self.spent += blocks * mine.size
        luck = self._rng.random((blocks, mine.size))
        return ((luck < mine).astype(float) - (luck < theirs)).ravel()

    def _changed(self, tasks: FloatArray, size: float, spread: float) -> FloatArray:
        hit = self._rng.random(tasks.size) < _HIT
        shock = self._rng.normal(0, spread, tasks.size) if spread else np.zeros(tasks.size)
        return np.clip(tasks + np.where(hit, size / _HIT + shock, 0.0), 0.0, 1.0)


class Kept(NamedTuple):
    """What a rule's run came to."""

    tried: int
    kept: int
    false: int
    gain: float
    """True gain on validation's tasks."""


def run_paired(world: World, trials: int, *, max_blocks: int, worthwhile: float) -> Kept:
    """Batches, halving on train, then the gate on fresh validation seeds."""
    agent, tried, kept, false = world.baseline, 0, 0, 0
    while world.spent < trials:
        batch = [world.proposal(agent) for _ in range(_SIBLINGS)]
        tried += len(batch)
        for blocks in (1, 2):
            world.spent += blocks * _TRAIN  # the incumbent's own
            tallies = {str(place): Tally("success") for place in range(len(batch))}
            for place, tally in tallies.items():
                gains = world.differences(batch[int(place)].train, agent.train, blocks)
                tally.add(clusters(gains, 0))
            standings = [(p, Standing(True, t.mean, 0.0, t.reach)) for p, t in tallies.items()]
            ranking = dict(sorted(standings, key=lambda entry: entry[1], reverse=True))
            batch = [batch[int(place)] for place in survivors(ranking, worthwhile=worthwhile)]
        if batch and _gate(world, batch[0], agent, max_blocks, worthwhile):
            kept += 1
            false += int(batch[0].validation.mean() <= agent.validation.mean())
            agent = batch[0]
    return Kept(tried, kept, false, _gain(agent, world))


def run_higher(world: World, trials: int, *, blocks: int) -> Kept:
    """Keeps whatever scored higher on train."""
    agent, tried, kept, false = world.baseline, 0, 0, 0
    while world.spent < trials:
        one = world.proposal(agent)
        tried += 1
        world.spent += blocks * _TRAIN  # the incumbent's own
        if world.differences(one.train, agent.train, blocks).mean() > 0:
            kept += 1
            false += int(one.validation.mean() <= agent.validation.mean())
            agent = one
    return Kept(tried, kept, false, _gain(agent, world))


def _gate(world: World, mine: Agent, theirs: Agent, max_blocks: int, worthwhile: float) -> bool:
    rule = Paired(PairedRule(max_blocks=max_blocks, worthwhile=worthwhile))
    evidence = Evidence(Objective(), Traits())
    for block in range(max_blocks):
        world.spent += _VALIDATION
        gains = world.differences(mine.validation, theirs.validation, 1)
        evidence.gain.add(clusters(gains, block))
        verdict = rule.read(Case(evidence, evidence, max_blocks - block - 1, ())).verdict
        if verdict is not None:
            return verdict is Verdict.KEPT
    raise AssertionError("the rule decides at its last look")


def _gain(agent: Agent, world: World) -> float:
    return float(agent.validation.mean() - world.baseline.validation.mean())


def main() -> None:
    """Simulates and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--rate", type=float, default=3.8, help="trials per second")
    arguments = parser.parse_args()
    print(f"{arguments.runs} runs each, {arguments.rate:g} trials/s")
    print(f"{'rule':34} {'wall s':>6} {'tried':>6} {'kept':>6} {'false':>6} {'gain':>7}")
    for wall_s in (300, 540, 1080):
        trials = round(wall_s * arguments.rate) - _FINAL_TRIALS
        seeds = range(arguments.runs)
        for name, found in (
            *(
                (
                    f"higher on {blocks * _TRAIN} train trials",
                    [run_higher(World(seed), trials, blocks=blocks) for seed in seeds],
                )
                for blocks in (1, 3)
            ),
            *(
                (
                    f"paired, {blocks} blocks, worthwhile {worthwhile:g}",
                    [
                        run_paired(World(seed), trials, max_blocks=blocks, worthwhile=worthwhile)
                        for seed in seeds
                    ],
                )
                for blocks, worthwhile in ((12, 0.02), (24, 0.02), (24, 0.05), (48, 0.05))
            ),
        ):
            tried, kept, false, gain = np.array(found).mean(axis=0)
            share = f"{false / kept:6.0%}" if kept else "     -"
            print(f"{name:34} {wall_s:6} {tried:6.0f} {kept:6.2f} {share} {gain:+7.3f}", flush=True)


if __name__ == "__main__":
    main()
