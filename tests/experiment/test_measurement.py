"""Candidates on given pairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.progress import Progress, Silent
from agentlab.core.trial import TrialRecord
from agentlab.experiment.build import bench_of, build_executor
from agentlab.experiment.measurement import Measured, NoLedger, measure
from agentlab.search.schedule import Schedule
from tests.experiment.contenders import INCUMBENT, WINNER, benchmarks, write_benchmark


class Listening(Silent):
    def __init__(self) -> None:
        self.heard: list[Progress] = []

    def progress(self, progress: Progress) -> None:
        self.heard.append(progress)


class Ledger(NoLedger):
    def __init__(self) -> None:
        self.kept: dict[str, TrialRecord] = {}

    def trial(self, key: str) -> TrialRecord | None:
        return self.kept.get(key)

    def save_trials(self, records: object) -> None:
        assert isinstance(records, list)
        self.kept |= {record.key: record for record in records}


@pytest.mark.parametrize("keeps", [True, False])
def test_both_are_measured_on_the_same_pairs_once(tmp_path: Path, keeps: bool) -> None:
    (benchmark,) = benchmarks(write_benchmark(tmp_path, "one"))
    experiment, world = benchmark.experiment, benchmark.world
    pairs = Schedule(world.tasks, seed=1, is_seeded=True).series("test", "evaluate", 1)
    ledger: Ledger | NoLedger = Ledger() if keeps else NoLedger()
    observer = Listening()

    def once() -> Measured:
        executor = build_executor(experiment, tell=print)
        try:
            return measure(
                [WINNER.candidate, INCUMBENT.candidate],
                pairs,
                world=world,
                executor=executor,
                bench=bench_of(experiment).digest,
                preparation_seed=1,
                ledger=ledger,
                artefacts=tmp_path / "artefacts",
                observer=observer,
                message="one of two",
            )
        finally:
            executor.close()

    measured = once()
    winner, incumbent = (measured.records[side.candidate.digest] for side in (WINNER, INCUMBENT))
    wanted = [(pair.task.id, pair.seed) for pair in pairs]
    assert [(record.task, record.seed) for record in winner] == wanted
    assert [(record.task, record.seed) for record in incumbent] == wanted
    assert {record.success for record in winner} == {1.0}
    last = observer.heard[-1]
    assert (last.phase, last.message, last.done, last.planned) == ("test", "one of two", 24, 24)
    heard = len(observer.heard)
    again = once()
    assert (len(observer.heard) == heard) == keeps, "what is known is not measured again"
    assert [r.outcome for r in again.records[WINNER.candidate.digest]] == [
        record.outcome for record in winner
    ]
