"""Prints how many of 200 candidates that change nothing on average the real loop keeps.

    python -m tests.benchmarks.aa [--candidates 200] [--seeds 5] [--quick]

The first A/A goes through everything, sandbox and store included; the others through the same loop,
journal and rules, with candidates that are called in this process, so that several seeds and levels
of noise can be had. The chances of success are those of the baseline: 0.5 is the noisiest. Beside
each stands the exact chance of as many keeps at the rule's level and the interval of the rate.
"""

from __future__ import annotations

import argparse
import functools
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.core.progress import Silent
from agentlab.core.result import Canaries, RunResult
from agentlab.experiment.config import Experiment
from agentlab.experiment.session import run_experiment
from agentlab.measure.binomial import exact_interval
from tests.experiment.in_process import run_in_process
from tests.experiment.noisy_run import noisy_experiment

_OPTIMA = {0.1: (0.9, 0.3, 1.1), 0.4: (0.9, 0.1, 0.6), 0.5: (0.9, 0.1, 0.5), 0.9: (0.7, 0.3, 0.5)}
"""Where the knobs belong, by the chance of success that the baseline then has."""

_MOST_KEPT = 3
"""Of 200 candidates, by the default rule."""


class Row(NamedTuple):
    """One A/A, or several together."""

    name: str
    found: Sequence[Canaries]


def experiment_at(chance: float, rule: str, candidates: int, seed: int) -> Experiment:
    """Returns the A/A of the noisy world at a level of noise."""
    reference = "agentlab.testing.environments.noisy:NoisyEnvironment"
    return noisy_experiment(
        environment={"reference": reference, "options": {"optimum": _OPTIMA[chance]}},
        objective={"rule": rule},
        sandbox="plain",
        seed=seed,
    ).for_aa(candidates)


def through_everything(experiment: Experiment) -> RunResult:
    """Runs an A/A as the command does."""
    with tempfile.TemporaryDirectory() as runs:
        return run_experiment(experiment, runs=Path(runs), observer=Silent())


def in_this_process(experiment: Experiment) -> RunResult:
    """Runs an A/A whose candidates are called rather than sandboxed."""
    with tempfile.TemporaryDirectory() as folder:
        return run_in_process(experiment, Path(folder))


def rows(candidates: int, seeds: int) -> Iterator[Row]:
    """Yields the A/As."""
    whole = experiment_at(0.4, "paired", candidates, 1)
    yield Row("paired, success 0.4, in the sandbox", _found(through_everything, [whole]))
    make = functools.partial(experiment_at, candidates=candidates)
    for chance in _OPTIMA:
        several = [make(chance, "paired", seed=seed) for seed in range(1, seeds + 1)]
        yield Row(f"paired, success {chance:g}", _found(in_this_process, several))
    for rule in ("strict", "greedy", "confirm"):
        several = [make(0.4, rule, seed=seed) for seed in range(1, seeds + 1)]
        yield Row(f"{rule}, success 0.4", _found(in_this_process, several))


def _found(
    run: Callable[[Experiment], RunResult], experiments: Sequence[Experiment]
) -> list[Canaries]:
    results = [run(experiment) for experiment in experiments]
    return [result.canaries for result in results if result.canaries is not None]


def print_row(row: Row) -> None:
    """Prints keeps run by run, the rate of all, and what is to be expected of one run."""
    kept, asked = sum(one.kept for one in row.found), sum(one.asked for one in row.found)
    rate = exact_interval(kept, asked)
    expected, worst = row.found[0].expected, max(row.found, key=lambda one: one.kept)
    promise = "none" if expected is None else f"{expected:.2f}"
    tail = "" if worst.tail is None else f"{worst.tail:.3f}"
    print(
        f"{row.name:36} {' '.join(str(one.kept) for one in row.found):20} {rate.estimate:7.2%} "
        f"[{rate.low:.2%}, {rate.high:.2%}] {sum(one.at_gate for one in row.found):7,} "
        f"{promise:>10} {tail:>8} {sum(one.trials for one in row.found):9,}",
        flush=True,
    )


def main() -> None:
    """Runs and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=200, help="of each A/A")
    parser.add_argument("--seeds", type=int, default=5, help="runs of each kind")
    parser.add_argument("--quick", action="store_true", help="a tenth of the candidates, two seeds")
    arguments = parser.parse_args()
    candidates = max(8, arguments.candidates // 10) if arguments.quick else arguments.candidates
    seeds = 2 if arguments.quick else arguments.seeds
    began = time.monotonic()
    print(
        f"{candidates} candidates that change nothing on average; asked of 200 by the default "
        f"rule: at most {_MOST_KEPT} kept\n"
        f"{'rule and noise':36} {'kept, run by run':20} {'rate':>7} {'95 % interval':16} "
        f"{'at gate':>7} {'expected':>10} {'chance':>8} {'trials':>9}"
    )
    for row in rows(candidates, seeds):
        print_row(row)
    print(
        "expected: false keeps on average that the rule allows in one run, at most; chance: exact, "
        "of as many\nas in the worst run or more, at the rule's level, if candidates were "
        f"independent\ntook {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
