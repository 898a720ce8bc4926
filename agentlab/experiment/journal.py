"""The search's journal, kept in a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from types import MappingProxyType

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision
from agentlab.core.rounds import Coupling
from agentlab.core.trial import Bench, TrialRecord
from agentlab.errors import InputError
from agentlab.experiment.config import Experiment
from agentlab.search.journal import Proposed
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import RunInfo, Store
from agentlab.store.traces import save_trace
from agentlab.trials.executor import Finished

__all__ = ["StoreJournal", "begin_run"]


_NONE: Mapping[str, TrialRecord] = MappingProxyType({})


def begin_run(
    store: Store,
    name: str,
    experiment: Experiment,
    *,
    status: str = "running",
    now: datetime | None = None,
) -> None:
    """Keeps a new run of this version of agentlab.

    Args:
        store: Where.
        name: Of the run.
        experiment: What it runs.
        status: How it stands.
        now: When it begins, UTC; None for this moment.

    Raises:
        InputError: there is one of that name.
    """
    store.create_run(
        RunInfo(
            name=name,
            created_at=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
            version=metadata.version("agentlab-autoresearch"),
            status=status,
            experiment=experiment.model_dump(mode="json"),
            result=None,
        )
    )


class StoreJournal:
    """One run's part of a store; what an earlier session left is read once, at the start."""

    def __init__(
        self, store: Store, folder: RunFolder, *, known: Mapping[str, TrialRecord] = _NONE
    ) -> None:
        """Reads what earlier sessions left.

        Args:
            store: Where the run is kept.
            folder: The run's.
            known: Trials of another run, by key, that need not be measured again.
        """
        self._store = store
        self._run = folder.name
        self._folder = folder
        self._trials = {**known, **{record.key: record for record in store.trials(self._run)}}
        batches = (Proposed(**event) for event in store.events(self._run, "proposed"))
        self._proposed = {proposed.batch: proposed for proposed in batches}
        decisions = store.events(self._run, "decisions")
        self._decided = {entry["number"] for event in decisions for entry in event["decisions"]}
        self._candidates: dict[str, Candidate] = {}
        stops = store.events(self._run, "stopped")
        self._stopped = [(stop["batch"], stop["reason"]) for stop in stops]
        tests = (Coupling(**event) for event in store.events(self._run, "coupling"))
        self._couplings = {test.round: test for test in tests}
        self.elapsed_before_s = max((event["elapsed_s"] for event in decisions), default=0.0)
        """Seconds that earlier sessions of this run took, up to their last decision."""

    def require_bench(self, bench: Bench) -> None:
        """Checks that what earlier sessions measured can be compared, and keeps the versions.

        Raises:
            InputError: it was measured on another bench.
        """
        before = self._store.fingerprint(self._run)
        if any(record.bench != bench.digest for record in self._trials.values()):
            names = sorted(before.keys() | bench.fingerprint.keys()) if before else []
            changed = [name for name in names if before.get(name) != bench.fingerprint.get(name)]
            what = ", ".join(changed) or "python, a package, the environment or a limit"
            raise InputError(
                f"{self._folder.path}: its trials cannot be gone on with: {what} is not what it "
                f"was; start a new run with: agentlab run {self._folder.experiment}"
            )
        if bench.fingerprint != before:
            payload = {"fingerprint": bench.fingerprint}
            self._store.append_event(self._run, "bench", payload)

    def trial(self, key: str) -> TrialRecord | None:
        """Returns a trial that an earlier session measured, or None."""
        return self._trials.get(key)

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        """Keeps trials."""
        self._store.save_trials(self._run, records)

    def save_trace(self, finished: Finished) -> None:
        """Keeps the frames and the evidence of a trial."""
        save_trace(self._folder.traces, finished.record.key, finished.trace, finished.evidence)

    def add_candidate(self, candidate: Candidate) -> None:
        """Keeps a candidate's files."""
        if candidate.digest not in self._candidates:
            self._candidates[candidate.digest] = candidate
            self._store.add_candidate(self._run, candidate)

    def candidate(self, digest: str) -> Candidate:
        """Returns a candidate of this run."""
        if digest not in self._candidates:
            self._candidates[digest] = self._store.candidate(self._run, digest)
        return self._candidates[digest]

    def proposed(self, batch: int) -> Proposed | None:
        """Returns a batch that was asked for earlier, or None."""
        return self._proposed.get(batch)

    def save_proposed(self, proposed: Proposed) -> None:
        """Keeps a batch before any trial of it is run."""
        self._proposed[proposed.batch] = proposed
        self._store.append_event(self._run, "proposed", proposed.model_dump(mode="json"))

    def save_decisions(self, decisions: Sequence[Decision], elapsed_s: float) -> None:
        """Keeps the decisions of a batch, once."""
        fresh = [decision for decision in decisions if decision.number not in self._decided]
        if fresh:
            self._decided |= {decision.number for decision in fresh}
            payload = {
                "elapsed_s": round(elapsed_s, 3),
                "decisions": [decision.model_dump(mode="json") for decision in fresh],
            }
            self._store.append_event(self._run, "decisions", payload)

    def stopped(self, round_number: int = 1) -> tuple[int, str] | None:
        """Returns the batch before which the search of a round stopped and why, or None."""
        return self._stopped[round_number - 1] if round_number <= len(self._stopped) else None

    def save_stopped(self, batch: int, reason: str) -> None:
        """Keeps why the search of a round stopped."""
        self._stopped.append((batch, reason))
        self._store.append_event(self._run, "stopped", {"batch": batch, "reason": reason})

    def coupling(self, round_number: int) -> Coupling | None:
        """Returns what a round's test for coupling found earlier, or None."""
        return self._couplings.get(round_number)

    def save_coupling(self, coupling: Coupling) -> None:
        """Keeps what a round's test for coupling found, once."""
        if coupling.round not in self._couplings:
            self._couplings[coupling.round] = coupling
            self._store.append_event(self._run, "coupling", coupling.model_dump(mode="json"))
