"""Prints how hard validation and test of the browser are, for the default target and others.

The others are bundles of the shipped ideas, leading and random ones. Validation and test are two
forms of one examination: a gain on one should be as large on the other, or validation tells little
of the test. Wanted: small differences, of success and of the gain over the default target.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from statistics import mean

from agentlab.core.candidate import Candidate
from agentlab.core.task import SplitName
from agentlab.core.trial import Pair, Trial
from agentlab.experiment.build import bench_of, build_world
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.meta.ideas.agent import IdeasAgent
from agentlab.meta.ideas.bank import read_bank
from agentlab.references import find_folder
from agentlab.trials.ray_executor import RayExecutor

_FORMS: tuple[SplitName, ...] = ("validation", "test")
_FIRST_SEED = 900_000
"""Far from the seeds of any run."""


def agents(baseline: Candidate) -> Iterator[tuple[str, Candidate]]:
    """Yields the default target, leading bundles of the bank in use, and random ones of both."""
    chance = random.Random(20261121)
    yield "default target", baseline
    for folder, sizes in (("browser", (19, 20)), ("browser_train_only", range(10, 16))):
        bank = read_bank(find_folder(f"experiments/ideas/{folder}"))
        ideas = IdeasAgent(bank, written_against=baseline)
        names = [idea.name for idea in bank]
        bundles = {f"{size} of {folder}": chance.sample(names, size) for size in sizes}
        if folder == "browser_train_only":
            parts = (len(names) * part // 4 for part in range(1, 5))
            bundles |= {f"first {size} of {folder}": names[:size] for size in parts}
        for told, chosen in bundles.items():
            bundle = ideas._onto([name for name in names if name in chosen], baseline)
            if bundle is not None:
                yield told, bundle


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--slots", type=int, default=3)
    arguments = parser.parse_args()
    experiment = load_experiment(find_experiment("browser"))
    world, bench = build_world(experiment), bench_of(experiment)
    executor = RayExecutor(bench, slots=arguments.slots)
    executor.open()
    measured: dict[str, dict[SplitName, float]] = {}
    print(f"{'agent':34} {'validation':>10} {'test':>10} {'difference':>10} {'of gains':>10}")
    for name, candidate in agents(world.baseline):
        places: dict[str, SplitName] = {}
        for split in _FORMS:
            for task in world.tasks[split]:
                for seed in range(_FIRST_SEED, _FIRST_SEED + arguments.seeds):
                    pair = Pair(task=task, seed=seed, split=split, cluster=f"{task.id}#{seed}")
                    trial = Trial(bench=bench.digest, candidate=candidate.digest, pair=pair)
                    places[trial.key] = split
                    executor.submit(trial, candidate)
        found: dict[SplitName, list[float]] = defaultdict(list)
        while executor.in_flight:
            if finished := executor.next_finished(10.0):
                found[places[finished.record.key]].append(finished.record.success)
        measured[name] = {split: mean(found[split]) for split in _FORMS}
        print(_row(name, measured[name], measured["default target"]), flush=True)
    executor.close()
    overall: dict[SplitName, float] = {
        split: mean(scores[split] for scores in measured.values()) for split in _FORMS
    }
    print(_row("mean", overall, measured["default target"]))


def _row(name: str, scores: dict[SplitName, float], default: dict[SplitName, float]) -> str:
    difference = scores["validation"] - scores["test"]
    of_gains = difference - (default["validation"] - default["test"])
    shown = (scores["validation"], scores["test"], difference, of_gains)
    return f"{name:34} " + " ".join(f"{value:10.3f}" for value in shown)


if __name__ == "__main__":
    main()
