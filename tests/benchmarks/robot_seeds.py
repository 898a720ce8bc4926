"""Prints what the robot's experiments come to, seed by seed, on validation and on the sealed test.

    python -m tests.benchmarks.robot_seeds [robot_place] [--seeds 1:6] [--set KEY=VALUE]

The whole run, from its first checks to the test, with the candidates called in this process: the
same history as `agentlab run --seed N`, without sandbox and wire, and without the cap on seconds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from agentlab.core.result import Scores
from agentlab.experiment.load import find_experiment, load_experiment
from tests.experiment.in_process import run_in_process


def main() -> None:
    """Runs and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("experiment", nargs="?", default="robot_place")
    parser.add_argument("--seeds", default="1:6", metavar="FIRST:END")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    arguments = parser.parse_args()
    first, end = map(int, arguments.seeds.split(":"))
    print("| seed | proposals | kept | trials | validation | sealed test | CPU s |")
    print("|---|---|---|---|---|---|---|")
    for seed in range(first, end):
        overrides = ["budget.wall_s=null", f"seed={seed}", *arguments.set]
        experiment = load_experiment(find_experiment(arguments.experiment), overrides)
        began = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            found = run_in_process(experiment, Path(folder) / "run")
        scores = [
            f"{_success(before)} -> {_success(after)}"
            for before, after in (
                (found.baseline.validation, found.winner.validation),
                (found.baseline.test, found.winner.test),
            )
        ]
        counts = (found.candidates.proposed, found.candidates.kept, f"{found.trials:,}")
        row = (seed, *counts, *scores, round(time.process_time() - began))
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def _success(scores: Scores) -> str:
    return f"{scores['success'].estimate:.2f}"


if __name__ == "__main__":
    main()
