"""Prints what keep rules make of planted proposals, ours beside those of other loops.

    python -m tests.benchmarks.keep_rules [--replicates 200] [--quick]

100 proposals a run; some help, half of the others do nothing, half harm. The truth is known, so a
keep is *false* where the true change is not above 0. `reported` is the score that a loop ends with:
ours is measured anew on fresh seeds, a peer's is the one that it remembers. Ours go through the
product's own halving, evidence and rules; trials include the incumbent's.
"""

from __future__ import annotations

import argparse
import functools
import math
import time
from collections.abc import Callable, Iterable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from agentlab.core.environment import Traits
from agentlab.core.objective import (
    ConfirmRule,
    GateRule,
    GreedyRule,
    Guard,
    KeepRule,
    MinDeltaRule,
    Objective,
    PairedRule,
    StrictRule,
)
from agentlab.core.outcome import Fate, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.measure.evidence import Evidence
from agentlab.measure.rules.choice import rule_of
from agentlab.measure.rules.rule import Case
from tests.benchmarks.rules.ours import Ended, play, play_fixed
from tests.benchmarks.rules.peers import PEERS, Peer, play_peer
from tests.benchmarks.rules.worlds import Kind, Plan, World

SEEDED: tuple[KeepRule, ...] = (
    PairedRule(),
    StrictRule(name="strict"),
    GreedyRule(name="greedy"),
    MinDeltaRule(name="min_delta", delta=0.01),
    ConfirmRule(name="confirm"),
)
_FIXED: tuple[KeepRule, ...] = (
    GateRule(name="gate"),
    GreedyRule(name="greedy"),
    MinDeltaRule(name="min_delta", delta=0.01),
)
_MOST_FALSE = {0.10: 0.03, 0.03: 0.05}
_LEAST_KEPT: dict[Kind, float] = {"binary": 0.35, "graded": 0.62}
_LOOKS, _TRIALS = 1000, 10
"""Blocks and their trials: 10,000 a side, in blocks of the browser's size."""


class Row(NamedTuple):
    """What a rule came to over all replicates."""

    keeps: float
    false: float
    false_share: float
    kept_share: float
    """Of the true improvements."""

    true_kept: float
    trials: float
    gain: float
    bias: float
    """Reported minus true."""


def row_of(plan: Plan, run: Callable[[World], Ended], replicates: int) -> Row:
    """Returns what a rule makes of worlds of a plan."""
    worlds = [World(plan, seed) for seed in range(replicates)]
    ended = [run(world) for world in worlds]
    gains = np.array([gain for one in ended for gain in one.gains])
    false = int((gains <= 1e-9).sum())
    true = gains.size - false
    return Row(
        gains.size / replicates,
        false / replicates,
        false / max(1, gains.size),
        true / sum(world.available for world in worlds),
        true / replicates,
        float(np.mean([one.trials for one in ended])),
        float(np.mean([one.gained for one in ended])),
        float(np.mean([one.reported - one.true for one in ended])),
    )


def print_table(
    plan: Plan, rules: Iterable[tuple[str, Callable[[World], Ended]]], replicates: int
) -> None:
    """Prints a rule a line, the first beside what is asked of it."""
    print(
        f"{'rule':30} {'keeps':>6} {'false':>6} {'share':>6} {'true kept':>16} {'trials':>8} "
        f"{'true gain':>9} {'reported - true':>15}"
    )
    for place, (name, run) in enumerate(rules):
        row = row_of(plan, run, replicates)
        kept = f"{row.true_kept:.2f} ({row.kept_share:.0%})"
        print(
            f"{name:30} {row.keeps:6.2f} {row.false:6.2f} {row.false_share:6.1%} {kept:>16} "
            f"{row.trials:8,.0f} {row.gain:+9.3f} {row.bias:+15.3f}",
            flush=True,
        )
        if place == 0:
            asked = f"false share at most {_MOST_FALSE[plan.helpful]:.0%}"
            least = None if plan.is_population else _LEAST_KEPT.get(plan.kind)
            asked += f", true kept at least {least:.0%}" if least else ""
            print(f"{'  asked':30} {asked}, reported - true within 0.010")


def ours(rules: Iterable[KeepRule]) -> list[tuple[str, Callable[[World], Ended]]]:
    """Returns the product's rules, by name."""
    objectives = [Objective(rule=rule) for rule in rules]
    return [(f"agentlab: {objective.rule.name}", _player(objective)) for objective in objectives]


def _player(objective: Objective) -> Callable[[World], Ended]:
    return lambda world: play(world, objective)


def peers() -> list[tuple[str, Callable[[World], Ended]]]:
    return [(name, functools.partial(_play_peer, rule=rule)) for name, rule in PEERS.items()]


def _play_peer(world: World, *, rule: Peer) -> Ended:
    return play_peer(world, rule)


def print_planted(replicates: int) -> None:
    """Prints all rules on 30 tasks that are all there is, and on 60 items of a population."""
    for helpful in _MOST_FALSE:
        for kind in ("binary", "graded"):
            print(f"\n== {kind}, 30 tasks, {helpful:.0%} of 100 proposals help")
            print_table(Plan(kind, helpful), [*ours(SEEDED), *peers()], replicates)
        print(f"\n== fixed data, 60 items a split, {helpful:.0%} of 100 proposals help")
        plan = Plan("fixed", helpful, tasks=60, is_population=True)
        print_table(plan, [*ours(_FIXED), *peers()], replicates)


def print_population(replicates: int) -> None:
    """Prints whether what is kept is better on tasks that nobody has seen."""
    for helpful in _MOST_FALSE:
        for kind in ("binary", "graded"):
            plan = Plan(kind, helpful, tasks=60, is_population=True)
            print(f"\n== {kind}, 60 tasks a split of a population, {helpful:.0%} help")
            print_table(plan, ours(SEEDED[:3]), replicates)


def print_against_fixed_design(replicates: int) -> None:
    """Prints the trials of the default rule beside those of a test of fixed size."""
    plan = Plan("binary", 0.10, fixed_gain=0.10, proposals=50)
    spread = _paired_spread(plan)
    normal = NormalDist()
    pairs = ((normal.inv_cdf(0.99) + normal.inv_cdf(0.8)) * spread / 0.10) ** 2
    blocks = math.ceil(pairs / plan.tasks)
    print(
        f"\n== 50 proposals of which 10 % gain 0.10: alpha 0.01 and power 0.8 take {pairs:.0f} "
        f"pairs (spread of a pair {spread:.2f}), {blocks} blocks"
    )
    fixed = row_of(plan, lambda world: play_fixed(world, blocks), replicates)
    paired = row_of(plan, _player(Objective()), replicates)
    for name, row in (("fixed design", fixed), ("agentlab: paired", paired)):
        print(
            f"{name:30} {row.trials:8,.0f} trials, kept {row.kept_share:.0%} of what helps, "
            f"false share {row.false_share:.1%}"
        )
    print(f"fewer trials: {1 - paired.trials / fixed.trials:.0%}; asked: at least 30 %")


def _paired_spread(plan: Plan) -> float:
    """Returns the standard deviation of a pair's difference between an agent and a better one."""
    found = []
    for seed in range(200):
        world = World(plan, seed)
        better = next((one for one in world.proposals if one.effect > 0), None)
        if better is not None:
            seeds, tasks = world.seeds(), world.changed(world.baseline, better).validation
            theirs = world.trials(world.baseline.validation, seeds)
            found.append(world.trials(tasks, seeds) - theirs)
    return float(np.std(np.concatenate(found)))


def print_cost() -> None:
    """Prints what a decision costs when 10,000 trials a side have been seen."""
    objective = Objective(guards=(Guard(metric="context_tokens", margin=0.1),))
    traits = Traits(context_meter="read_tokens")
    rule = rule_of(objective.rule)
    evidence, hidden = Evidence(objective, traits), Evidence(objective, traits)
    blocks = [(_records("c", block), _records("i", block)) for block in range(_LOOKS)]
    spent = []
    for candidate, incumbent in blocks:
        began = time.process_time()
        evidence.add(candidate, incumbent)
        rule.read(Case(evidence, hidden, 1, ()))
        spent.append(time.process_time() - began)
    began = time.process_time()
    evidence.differences()
    told = time.process_time() - began
    print(
        f"\n== a decision, processor time, with {evidence.gain.pairs:,} trials a side\n"
        f"the last 100 looks {np.mean(spent[-100:]) * 1000:.2f} ms each, the first 100 "
        f"{np.mean(spent[:100]) * 1000:.2f} ms; all differences at the end {told * 1000:.2f} ms; "
        "asked: 5 ms"
    )


def _records(candidate: str, block: int) -> list[TrialRecord]:
    luck = np.random.default_rng([block, len(candidate), ord(candidate[0])]).random(_TRIALS)
    return [
        TrialRecord(
            key=f"{candidate}{block}/{task}",
            bench="b",
            candidate=candidate,
            task=f"t{task}",
            split="validation",
            seed=block,
            cluster=f"t{task}#{block}",
            fate=Fate.SOLVED if draw < 0.5 else Fate.FAILED,
            outcome=Outcome(success=float(draw < 0.5)),
            usage=Usage(context_tokens=int(1000 * draw) + 1, steps=task),
        )
        for task, draw in enumerate(luck.tolist())
    ]


def main() -> None:
    """Simulates and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=200, help="runs of each rule")
    parser.add_argument("--quick", action="store_true", help="a tenth of them")
    arguments = parser.parse_args()
    replicates = max(2, arguments.replicates // 10) if arguments.quick else arguments.replicates
    began = time.monotonic()
    print(f"{replicates} replicates of each")
    print_cost()
    print_against_fixed_design(replicates)
    print_planted(replicates)
    print_population(replicates)
    print(f"\ntook {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
