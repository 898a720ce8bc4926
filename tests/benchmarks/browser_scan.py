"""What single edits of the browser's target do: every idea of a bank, and a sample of mutations.

    python -m tests.benchmarks.browser_scan [--ideas DIR] [--seeds 2] [--mutations 40] [--slots 2]

Measures each on the train tasks, paired with the target as it came, and prints one row each. A
scan, not a gate: with so few pairs a row says where to look, not what is true.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from agentlab.core.candidate import Candidate
from agentlab.core.trial import Trial, TrialRecord
from agentlab.experiment.build import bench_of, build_world
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.measure.pairing import improvements
from agentlab.meta.ideas.agent import apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.meta.mutation.edits import edits_of
from agentlab.references import find_folder
from agentlab.search.desk import TrialDesk
from agentlab.search.schedule import Schedule
from agentlab.trials.executor import Finished
from agentlab.trials.ray_executor import RayExecutor


class Forgetful:
    """A ledger that keeps nothing."""

    def trial(self, key: str) -> TrialRecord | None:
        return None

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        pass

    def save_trace(self, finished: Finished) -> None:
        pass


def ideas(folder: str, baseline: Candidate) -> Iterator[Candidate]:
    """Yields the target with each idea of a bank alone."""
    for idea in read_bank(find_folder(folder)):
        files = apply_idea(idea, baseline.files)
        if files is not None:
            yield Candidate(files=files, source="ideas", label=idea.name)


def mutations(baseline: Candidate, count: int) -> Iterator[Candidate]:
    """Yields the target with one random typed edit each."""
    source = baseline.files["agent.py"]
    for edit in random.Random(1).sample(edits_of(source), count):
        files = {**baseline.files, "agent.py": edit.apply()}
        label = f"{edit.operator}:{edit.line} {edit.what}"
        yield Candidate(files=files, source="mutation", label=label)


def main() -> None:
    """Scans and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ideas", default="experiments/ideas/browser_train_only", metavar="DIR")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--mutations", type=int, default=40)
    parser.add_argument("--slots", type=int, default=2)
    arguments = parser.parse_args()
    experiment = load_experiment(find_experiment("browser_context"))
    world = build_world(experiment)
    baseline = world.baseline
    candidates = [
        baseline,
        *ideas(arguments.ideas, baseline),
        *mutations(baseline, arguments.mutations),
    ]
    schedule = Schedule(world.tasks, seed=0, is_seeded=True)
    pairs = schedule.blocks("train", "scan", arguments.seeds)
    bench = bench_of(experiment)
    executor = RayExecutor(bench, slots=arguments.slots)
    by_digest = {candidate.digest: candidate for candidate in candidates}
    with tempfile.TemporaryDirectory() as artefacts:
        executor.open()
        desk = TrialDesk(executor, Forgetful(), artefacts=Path(artefacts))

        def measured(candidate: Candidate) -> list[TrialRecord]:
            trials = [
                Trial(bench=bench.digest, candidate=candidate.digest, pair=pair) for pair in pairs
            ]
            return desk.records(trials, by_digest)

        base = measured(baseline)
        print(f"{len(pairs)} pairs; success {_success(base):.3f}, context {_context(base):.0f}")
        print("| source | edit | success | difference | tokens where both solve |")
        print("|---|---|---|---|---|")
        for candidate in candidates[1:]:
            records = measured(candidate)
            saved = improvements(records, base, "context_tokens", lower_is_better=True).clusters
            tokens = f"{-saved.mean():+.0%}" if saved.size else "-"
            change = _success(records) - _success(base)
            row = (candidate.source, candidate.label, f"{_success(records):.3f}", f"{change:+.3f}")
            print(f"| {' | '.join(row)} | {tokens} |", flush=True)
    executor.close()


def _success(records: Sequence[TrialRecord]) -> float:
    return sum(record.success for record in records) / len(records)


def _context(records: Sequence[TrialRecord]) -> float:
    return sum(record.usage.context_tokens for record in records) / len(records)


if __name__ == "__main__":
    main()
