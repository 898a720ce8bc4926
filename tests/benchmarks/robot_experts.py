"""Prints what the robot's expert, its naive target and doing nothing are worth, kind by kind.

Of each kind, split and variation, 200 seeds (`--seeds`), in this process and without a sandbox:
the share solved with its 95 % interval, in place at the end and at any step; then energy,
simulated time and control steps of the solved ones. The naive target and doing nothing are tried
on the test split. The seeds are no run's: an experiment opens its test split once, and what is
written here was looked at more than once. Asked of the expert on the test split: 0.95 where
everything varies, 0.98 nominal; of doing nothing 0; of the naive target at most 0.10 over the
wall and 0.15 on `place`.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple

from agentlab.measure.binomial import exact_interval
from tests.environments.robot.world import environment, part, target

_LEVELS = ("nominal", "all")
_SPLITS = ("test", "train")


class Row(NamedTuple):
    """One policy on one kind, split and variation."""

    solved: int
    episodes: int
    final: float
    any: float
    energy_j: float
    time_s: float
    steps: float

    def told(self) -> str:
        """Returns it as a line of the table."""
        found = exact_interval(self.solved, self.episodes)
        share = f"{found.estimate:.3f} ({found.low:.3f} to {found.high:.3f})"
        spent = f"{self.energy_j:8.1f} {self.time_s:7.2f} {self.steps:6.0f}" if self.solved else ""
        return f"{share:24} {self.final:6.3f} {self.any:6.3f} {spent}"


def measure(
    policy: Any, kind: str, split: Any, *, variation: str, seeds: Sequence[int]
) -> Row:  # Any: a policy's solve, a split's name
    """Plays one policy on so many seeds, whose lanes take turns."""
    world = environment(kind, variation=variation, tier=2)
    rollout, held = part("rollout").rollout, part("judging").HELD_STEPS
    played = [rollout(policy, kind, split, seed, environment=world) for seed in seeds]
    metrics = [one.outcome.metrics for one in played]
    solved = [one for one in played if one.outcome.success == 1]

    def mean(name: str) -> float:
        return statistics.fmean([one.outcome.metrics[name] for one in solved] or [0.0])

    return Row(
        solved=len(solved),
        episodes=len(played),
        final=statistics.fmean(one["success_final"] for one in metrics),
        any=statistics.fmean(one["success_any"] for one in metrics),
        energy_j=mean("energy_j"),
        time_s=mean("time_s"),
        steps=statistics.fmean([len(one.recording.qpos) - 1 - held for one in solved] or [0]),
    )


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--kinds", nargs="*", default=list(part("tasks").KINDS))
    parser.add_argument("--levels", nargs="*", default=_LEVELS)
    parser.add_argument("--splits", nargs="*", default=_SPLITS)
    chosen = parser.parse_args()
    policies = {
        "expert": part("expert").solve,
        "naive": target(),
        "nothing": lambda goal, tools: None,
    }
    head = f"{'solved':24} {'final':>6} {'any':>6} {'energy_j':>8} {'time_s':>7} {'steps':>6}"
    for split, level in itertools.product(chosen.splits, chosen.levels):
        print(f"\n{level}, {split}, {chosen.seeds} seeds\n{'':25} {head}")
        for kind, name in itertools.product(chosen.kinds, policies):
            if split == "test" or name == "expert":
                seeds = range(chosen.seeds)
                row = measure(policies[name], kind, split, variation=level, seeds=seeds)
                print(f"{kind:16} {name:8} {row.told()}", flush=True)


if __name__ == "__main__":
    main()
