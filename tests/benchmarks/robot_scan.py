"""What single edits of the robot's target do: every idea of its bank, and a sample of typed edits.

    python -m tests.benchmarks.robot_scan [--kind place_over_wall] [--seeds 2] [--mutations 20]

Measures each on train and validation tasks, paired with the target as it came, and prints one row
each, and how many are better by themselves: those whose 95 % interval is above 0. A scan, not a
gate: of many that do nothing, one or two look better.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Estimate
from agentlab.core.measured import measured
from agentlab.core.trial import Trial, TrialRecord
from agentlab.experiment.build import bench_of, build_world
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.measure.intervals import mean_interval, paired_share_interval
from agentlab.measure.pairing import improvements
from agentlab.search.desk import TrialDesk
from agentlab.search.schedule import Schedule
from agentlab.trials.ray_executor import RayExecutor
from tests.benchmarks.browser_scan import Forgetful, ideas, mutations


def main() -> None:
    """Scans and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ideas", default="experiments/ideas/robot", metavar="DIR")
    parser.add_argument("--kind", default="place_over_wall")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--mutations", type=int, default=20)
    parser.add_argument("--slots", type=int, default=2)
    arguments = parser.parse_args()
    experiment = load_experiment(
        find_experiment("robot"), [f"environment.options.tasks=[{arguments.kind}]"]
    )
    world = build_world(experiment)
    baseline = world.baseline
    candidates = [
        baseline,
        *ideas(arguments.ideas, baseline),
        *mutations(baseline, arguments.mutations),
    ]
    schedule = Schedule(world.tasks, seed=0, is_seeded=True)
    pairs = [
        *schedule.blocks("train", "scan", arguments.seeds),
        *schedule.blocks("validation", "scan", arguments.seeds),
    ]
    bench = bench_of(experiment)
    executor = RayExecutor(bench, slots=arguments.slots)
    by_digest = {candidate.digest: candidate for candidate in candidates}
    better: dict[str, list[bool]] = {}
    with tempfile.TemporaryDirectory() as artefacts:
        executor.open()
        desk = TrialDesk(executor, Forgetful(), artefacts=Path(artefacts))

        def records_of(candidate: Candidate) -> list[TrialRecord]:
            trials = [
                Trial(bench=bench.digest, candidate=candidate.digest, pair=pair) for pair in pairs
            ]
            return desk.records(trials, by_digest)

        base = records_of(baseline)
        success, progress = _mean(base, "success"), _mean(base, "progress")
        print(f"{len(pairs)} pairs; success {success:.3f}, progress {progress:.3f}")
        print("| source | edit | success | difference | progress |")
        print("|---|---|---|---|---|")
        for candidate in candidates[1:]:
            records = records_of(candidate)
            changes = [_change(records, base, metric) for metric in ("success", "progress")]
            row = (candidate.source, candidate.label, f"{_mean(records, 'success'):.3f}")
            print(f"| {' | '.join((*row, *map(_words, changes)))} |", flush=True)
            better.setdefault(candidate.source, []).append(changes[0].low > 0)
            better.setdefault(f"{candidate.source}, in progress", []).append(changes[1].low > 0)
    executor.close()
    for source, found in better.items():
        print(f"{source}: {sum(found)} of {len(found)} better by themselves")


def _change(mine: Sequence[TrialRecord], theirs: Sequence[TrialRecord], metric: str) -> Estimate:
    clusters = improvements(mine, theirs, metric, lower_is_better=False).clusters
    return (paired_share_interval if metric == "success" else mean_interval)(clusters)


def _mean(records: Sequence[TrialRecord], metric: str) -> float:
    return sum(measured(record, metric) or 0.0 for record in records) / len(records)


def _words(change: Estimate) -> str:
    return f"{change.estimate:+.3f} [{change.low:+.2f}, {change.high:+.2f}]"


if __name__ == "__main__":
    main()
