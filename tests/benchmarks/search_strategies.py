"""Prints how many trials each meta-agent and each strategy takes to a given improvement.

    python -m tests.benchmarks.search_strategies [--seeds 10] [--trials 3000] [--worlds noisy]

On worlds whose landscape is planted, so that the true chance of success of a candidate is known and
not estimated. The loop is the product's own: batches, halving, gate on fresh seeds; only the trials
are run in this process, without sandbox and wire, since here they are arithmetic.

An improvement is reached when the incumbent's true chance has closed that much of the gap between
the target as it came and the optimum. Medians over seeds; `-` where fewer than half of them got
there with the trials given. False is a keep that lowered the true chance.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Verdict
from agentlab.core.environment import Environment, EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.objective import Objective
from agentlab.core.task import SPLITS
from agentlab.core.trial import Bench
from agentlab.experiment.build import build_meta_agent
from agentlab.experiment.config import CrossoverConfig, MetaConfig, MutationConfig, NumericConfig
from agentlab.search.budget import Budget, Spending
from agentlab.search.contest import Contest
from agentlab.search.desk import TrialDesk
from agentlab.search.lab import RunLab
from agentlab.search.loop import Search, SearchSettings
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule
from agentlab.search.strategies.strategy import STRATEGIES, StrategyName
from agentlab.testing.environments import landscapes, noisy
from tests.search.arithmetic import Arithmetic
from tests.search.wiring import MemoryJournal

_TARGETS = Path(noisy.__file__).parent / "targets"
_GAPS = (0.25, 0.5, 0.75)
_META: Mapping[str, MetaConfig] = {
    "mutation": MutationConfig(kind="mutation"),
    "numeric": NumericConfig(kind="numeric"),
    "crossover": CrossoverConfig(kind="crossover"),
}


class World(NamedTuple):
    """A landscape, and the target in it."""

    environment: Environment
    source: bytes
    knobs: int


class Setting(NamedTuple):
    """Who proposes, and from what."""

    meta: tuple[str, ...]
    strategy: StrategyName = "greedy"

    def __str__(self) -> str:
        return f"{'+'.join(self.meta)}, {self.strategy}"


_SETTINGS = (
    Setting(("mutation",)),
    Setting(("numeric",)),
    Setting(("mutation", "crossover")),
    Setting(("numeric", "crossover")),
    Setting(("mutation", "numeric")),
    Setting(("mutation",), "pareto"),
    Setting(("mutation",), "tree"),
    Setting(("mutation",), "islands"),
    Setting(("numeric",), "tree"),
    Setting(("numeric",), "islands"),
    Setting(("mutation", "numeric", "crossover"), "tree"),
)


def _world(name: str) -> World:
    source = (_TARGETS / name / "agent.py").read_bytes()
    worlds: Mapping[str, tuple[type[Environment], int]] = {
        "noisy": (noisy.NoisyEnvironment, 3),
        "rugged": (landscapes.RuggedEnvironment, 4),
        "sparse": (landscapes.SparseEnvironment, 12),
        "graded": (landscapes.GradedEnvironment, 5),
    }
    kind, knobs = worlds[name]
    return World(kind(), source, knobs)


def true_chance(candidate: Candidate, world: World) -> float:
    """Returns the chance of success that the world has planted for a candidate."""

    class Hands:
        knobs = [0.5 if world.knobs == 3 else 0.0] * world.knobs

        def turn(self, knob: int, to: float) -> None:
            self.knobs[knob % world.knobs] = to

    hands = Hands()
    names: dict[str, Any] = {}
    exec(candidate.files["agent.py"], names)
    names["solve"](None, hands)
    if isinstance(world.environment, noisy.NoisyEnvironment):
        reached = [min(1.0, max(0.0, knob)) for knob in hands.knobs]
        return max(0.0, 1 - sum(abs(k - o) for k, o in zip(reached, noisy.OPTIMUM, strict=True)))
    land: landscapes.Landscape = getattr(world.environment, "landscape")  # noqa: B009
    return land.chance(hands.knobs)


class Course(NamedTuple):
    """What became of one search."""

    reached: tuple[float, ...]
    """Trials to each share of the gap; infinite where it was not reached."""

    gap: float
    """Share that was closed at the end."""

    false: int
    kept: int
    tried: int


def search(setting: Setting, world: World, *, seed: int, trials: int, folder: Path) -> Course:
    """Returns the course of one search."""
    baseline = Candidate(files={"agent.py": world.source})
    journal = MemoryJournal()
    journal.add_candidate(baseline)
    bench = Bench(
        environment=EnvironmentSpec(reference="benchmark"), target=TargetSpec(), limits=Limits()
    )
    objective = Objective()
    spending = Spending(Budget(trials=trials), elapsed_s=lambda: 0.0)
    lab = RunLab(
        target=bench.target,
        objective=objective,
        baseline=baseline,
        candidate=journal.candidate,
    )
    tasks = {split: world.environment.tasks(split) for split in SPLITS}
    desk = TrialDesk(Arithmetic(world.environment), journal, artefacts=folder)
    contest = Contest(
        Measuring(desk, bench=bench.digest, needs_preparation=False, preparation_seed=1),
        Schedule(tasks, seed=seed, is_seeded=True),
        objective=objective,
        traits=world.environment.traits,
        count=spending.add,
        on_stage=lambda entrant, stage: None,
        on_train=lab.add_train_records,
    )
    keeps: list[tuple[int, float]] = [(0, true_chance(baseline, world))]

    def decided(decision: Decision) -> None:
        if decision.verdict is Verdict.KEPT:
            chance = true_chance(journal.candidate(decision.candidate), world)
            keeps.append((spending.trials, chance))

    found = Search(
        build_meta_agent([_META[name] for name in setting.meta], baseline),
        contest,
        journal,
        lab=lab,
        baseline=baseline,
        spending=spending,
        settings=SearchSettings(
            target=bench.target,
            objective=objective,
            strategy=STRATEGIES[setting.strategy],
            patience=None,
            seed=seed,
            reserve_s=lambda: 0.0,
        ),
        on_decision=decided,
        elapsed_s=lambda: 0.0,
    ).run()
    start = keeps[0][1]
    closed = [(at, (chance - start) / (1 - start)) for at, chance in keeps]
    return Course(
        reached=tuple(
            min((at for at, share in closed if share >= gap), default=float("inf")) for gap in _GAPS
        ),
        gap=closed[-1][1],
        false=sum(after < before for (_, before), (_, after) in itertools.pairwise(closed)),
        kept=len(keeps) - 1,
        tried=len(found.decisions),
    )


def _row(courses: Sequence[Course]) -> str:
    def shown(trials: float) -> str:
        return f"{trials:7,.0f}" if trials < float("inf") else "      -"

    reached = "".join(shown(median(c.reached[place] for c in courses)) for place in range(3))
    kept, false = sum(c.kept for c in courses), sum(c.false for c in courses)
    tried = median(course.tried for course in courses)
    gap = median(course.gap for course in courses)
    return f"{reached} {gap:8.0%} {tried:6.0f} {kept:5} {false:5}"


def main() -> None:
    """Searches and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--trials", type=int, default=3000)
    parser.add_argument("--worlds", default="noisy,rugged,sparse,graded")
    arguments = parser.parse_args()
    print(f"{arguments.seeds} seeds, {arguments.trials:,} trials each; medians; kept, false: sums")
    for name in arguments.worlds.split(","):
        world = _world(name)
        start = true_chance(Candidate(files={"agent.py": world.source}), world)
        print(f"\n{name}: the target as it came has a chance of {start:.2f}, the optimum 1")
        heads = "".join(f"{gap:7.0%}" for gap in _GAPS)
        print(f"{'trials to close':42}{heads} {'in the end':>8} tried  kept false")
        for setting in _SETTINGS:
            began = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                courses = [
                    search(setting, world, seed=seed, trials=arguments.trials, folder=Path(folder))
                    for seed in range(arguments.seeds)
                ]
            took_s = time.monotonic() - began
            print(f"{setting!s:42}{_row(courses)}   {took_s:.0f} s", flush=True)


if __name__ == "__main__":
    main()
