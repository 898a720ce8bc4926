"""A search on the noisy world, wired by hand with everything kept in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.rounds import Coupling
from agentlab.core.task import SPLITS
from agentlab.core.trial import Bench, TrialRecord
from agentlab.search.desk import TrialDesk
from agentlab.search.journal import Proposed
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule
from agentlab.testing.environments import noisy
from agentlab.trials.executor import Finished
from tests.calling import CallingExecutor

__all__ = ["BASELINE", "BENCH", "MemoryJournal", "Wiring"]

BASELINE = Candidate(
    files={"agent.py": (Path(noisy.__file__).parent / "targets/noisy/agent.py").read_bytes()}
)
BENCH = Bench(
    environment=EnvironmentSpec(reference="agentlab.testing.environments.noisy:NoisyEnvironment"),
    target=TargetSpec(),
    limits=Limits(wall_s=3),
)


class MemoryJournal:
    """A journal that lives as long as the test."""

    def __init__(self) -> None:
        self.trials: dict[str, TrialRecord] = {}
        self.candidates = {BASELINE.digest: BASELINE}
        self.batches: dict[int, Proposed] = {}
        self.decisions: list[Decision] = []
        self.stops: list[tuple[int, str]] = []
        self.couplings: dict[int, Coupling] = {}

    def trial(self, key: str) -> TrialRecord | None:
        return self.trials.get(key)

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        self.trials |= {record.key: record for record in records}

    def save_trace(self, finished: Finished) -> None:
        pass

    def add_candidate(self, candidate: Candidate) -> None:
        self.candidates[candidate.digest] = candidate

    def candidate(self, digest: str) -> Candidate:
        return self.candidates[digest]

    def proposed(self, batch: int) -> Proposed | None:
        return self.batches.get(batch)

    def save_proposed(self, proposed: Proposed) -> None:
        self.batches[proposed.batch] = proposed

    def save_decisions(self, decisions: Sequence[Decision], elapsed_s: float) -> None:
        self.decisions.extend(decisions)

    def stopped(self, round_number: int = 1) -> tuple[int, str] | None:
        return self.stops[round_number - 1] if round_number <= len(self.stops) else None

    def save_stopped(self, batch: int, reason: str) -> None:
        self.stops.append((batch, reason))

    def coupling(self, round_number: int) -> Coupling | None:
        return self.couplings.get(round_number)

    def save_coupling(self, coupling: Coupling) -> None:
        self.couplings.setdefault(coupling.round, coupling)


class Wiring:
    """Executor, desk, schedule and measuring of one bench."""

    def __init__(self, folder: Path) -> None:
        self.executor = CallingExecutor(BENCH)
        self.journal = MemoryJournal()
        self.desk = TrialDesk(self.executor, self.journal, artefacts=folder)
        self.environment = noisy.NoisyEnvironment()
        self.traits = self.environment.traits
        tasks = {split: self.environment.tasks(split) for split in SPLITS}
        self.schedule = Schedule(tasks, seed=1, is_seeded=True)
        self.measuring = Measuring(
            self.desk, bench=BENCH.digest, needs_preparation=False, preparation_seed=1
        )
