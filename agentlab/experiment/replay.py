"""A run decided once more: its proposals from the store, its trials from there or measured again.

By default trials are taken from the store as well. Then a replay is a check of the loop alone: the
same proposals and the same records must give the same decisions to the last digit, within seconds
and without the world they were measured in. Measured again, they are a check of the measurement,
which a world that varies need not pass. Nothing is written, and the sealed test is not looked at.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision
from agentlab.core.environment import Environment
from agentlab.core.meta_agent import Probed
from agentlab.core.progress import Observer
from agentlab.core.replay import Replay, ReplayedDecision
from agentlab.core.rounds import Coupling
from agentlab.core.trial import TrialRecord
from agentlab.errors import InputError
from agentlab.experiment.build import World, bench_of, build_executor, build_world
from agentlab.experiment.config import Experiment
from agentlab.experiment.lazy_executor import LazyExecutor
from agentlab.experiment.load import load_experiment
from agentlab.experiment.parts import Outside, build_parts
from agentlab.experiment.run import search_run
from agentlab.experiment.teller import Teller
from agentlab.meta.recorded import RecordedAgent
from agentlab.search.budget import Budget, Spending
from agentlab.search.desk import TrialDesk
from agentlab.search.journal import Proposed
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import Store
from agentlab.store.traces import read_frames
from agentlab.trials.executor import Executor, Finished, Opened

__all__ = ["ReplayRule", "replay_run"]

ReplayRule = Literal["paired", "strict", "gate", "greedy", "confirm"]
"""Rules that need no number of their own."""


def replay_run(
    folder: RunFolder,
    *,
    observer: Observer,
    rule: ReplayRule | None = None,
    fresh: bool = False,
    environment: Environment | None = None,
) -> Replay:
    """Decides all proposals of a run once more.

    Args:
        folder: Of the run.
        observer: Told how it goes.
        rule: Another rule to decide by. Then the same proposals are made in the same order, each
            brought onto what that rule kept before; trials that the run did without are measured.
        fresh: Whether all trials are measured again.
        environment: The live environment that it was begun with, if it was one.

    Raises:
        InputError: nothing can be replayed, or not here.
        NothingMeasurable: our side failed too often.
    """
    experiment = load_experiment(folder.experiment)
    with closing(Store(folder.store_url(), read_only=True)) as store:
        record = _Record(store, folder, experiment)
        _require_replayable(record, rule, environment)
        decided = experiment if rule is None else _by_rule(experiment, rule, record)
        world = build_world(decided, environment)._replace(baseline=record.baseline)
        journal = _ReplayJournal(record, is_same=rule is None, is_fresh=fresh)
        observer.note(f"run {folder.name}: {len(record.decisions)} decisions, once more")
        desk = _search(decided, world, record, journal, observer)
    return Replay(
        run=folder.name,
        rule=decided.objective.rule.name,
        is_other_rule=rule is not None,
        is_fresh=fresh,
        decisions=_side_by_side(record, journal.decided, is_same=rule is None),
        trials_reused=len(journal.reused),
        trials_measured=desk.measured,
    )


class _Record:
    """What a store holds of a run."""

    def __init__(self, store: Store, folder: RunFolder, experiment: Experiment) -> None:
        self.experiment = experiment
        self.folder = folder
        self._store = store
        name = folder.name
        self.trials = {record.key: record for record in store.trials(name)}
        self.proposed = [Proposed(**event) for event in store.events(name, "proposed")]
        self.decisions = store.decisions(name)
        self.stops = [(stop["batch"], stop["reason"]) for stop in store.events(name, "stopped")]
        self.couplings = [Coupling(**event) for event in store.events(name, "coupling")]
        self.fingerprint = store.fingerprint(name)
        self._candidates: dict[str, Candidate] = {}

    @property
    def baseline(self) -> Candidate:
        return self._store.candidate(self.folder.name, 0)

    def candidate(self, digest: str) -> Candidate:
        if digest not in self._candidates:
            self._candidates[digest] = self._store.candidate(self.folder.name, digest)
        return self._candidates[digest]

    def recorded(self) -> list[Candidate]:
        """Returns what was proposed and decided, in its order, canaries left out."""
        first = {batch.first_number: batch.candidates for batch in self.proposed}
        numbered = {start + n: one for start, batch in first.items() for n, one in enumerate(batch)}
        told = [decision for decision in self.decisions if not decision.is_canary]
        return [self.candidate(numbered[decision.number]) for decision in told]


class _ReplayJournal:
    """A log that answers what a run was given and did not decide; what is decided it remembers."""

    def __init__(self, record: _Record, *, is_same: bool, is_fresh: bool) -> None:
        self._record = record
        self._trials = {} if is_fresh else record.trials
        self._batches = {batch.batch: batch for batch in record.proposed} if is_same else {}
        self._stops = list(record.stops) if is_same else []
        self._added: dict[str, Candidate] = {}
        self.reused: set[str] = set()
        self.decided: list[Decision] = []

    def trial(self, key: str) -> TrialRecord | None:
        found = self._trials.get(key)
        if found is not None:
            self.reused.add(key)
        return found

    def save_trials(self, records: Sequence[TrialRecord]) -> None:
        """Keeps nothing."""

    def save_trace(self, finished: Finished) -> None:
        """Keeps nothing."""

    def add_candidate(self, candidate: Candidate) -> None:
        self._added.setdefault(candidate.digest, candidate)

    def candidate(self, digest: str) -> Candidate:
        return self._added.get(digest) or self._record.candidate(digest)

    def proposed(self, batch: int) -> Proposed | None:
        return self._batches.get(batch)

    def save_proposed(self, proposed: Proposed) -> None:
        self._batches[proposed.batch] = proposed

    def save_decisions(self, decisions: Sequence[Decision], elapsed_s: float) -> None:
        self.decided += decisions

    def stopped(self, round_number: int = 1) -> tuple[int, str] | None:
        return self._stops[round_number - 1] if round_number <= len(self._stops) else None

    def save_stopped(self, batch: int, reason: str) -> None:
        self._stops.append((batch, reason))

    def coupling(self, round_number: int) -> Coupling | None:
        found = (one for one in self._record.couplings if one.round == round_number)
        return next(found, None)

    def save_coupling(self, coupling: Coupling) -> None:
        """Keeps nothing."""


def _search(
    experiment: Experiment,
    world: World,
    record: _Record,
    journal: _ReplayJournal,
    observer: Observer,
) -> TrialDesk:
    bench = bench_of(experiment, record.fingerprint)

    def build() -> Executor:
        return build_executor(experiment, world.live, tell=observer.note)

    def check(opened: Opened) -> None:
        if dict(opened.fingerprint) != record.fingerprint:
            names = record.fingerprint.keys() | opened.fingerprint.keys()
            changed = [
                name
                for name in sorted(names)
                if record.fingerprint.get(name) != opened.fingerprint.get(name)
            ]
            raise InputError(
                f"{record.folder.path}: a trial must be measured, and {', '.join(changed)} is not "
                "what it was in the run"
            )

    teller = Teller(experiment, observer, before_s=0.0)
    # What it took then is in the log; what it takes now ends nothing.
    spending = Spending(experiment.budget, elapsed_s=lambda: 0.0)
    executor = LazyExecutor(build, check)
    temporary = tempfile.TemporaryDirectory(prefix="agentlab-replay-")
    with closing(executor), temporary as folder:
        artefacts = _artefacts(record, Path(folder))
        desk = TrialDesk(executor, journal, artefacts=artefacts, on_tick=lambda: teller.tick(desk))
        parts = build_parts(
            experiment,
            world,
            desk,
            bench=bench.digest,
            outside=Outside(
                candidate=journal.candidate,
                trace=lambda key: read_frames(record.folder.traces, key),
                probe=lambda *_: Probed("", None, "nothing is tried in a replay"),
                earlier=record.trials.get,
                budget_left=spending.left,
            ),
        )
        journal.add_candidate(world.baseline)
        search_run(experiment, parts, RecordedAgent(record.recorded()), journal, spending, teller)
    return desk


def _artefacts(record: _Record, folder: Path) -> Path:
    """Returns a folder that shows what preparations left behind, and takes more."""
    if record.folder.artefacts.is_dir():
        for place in record.folder.artefacts.iterdir():
            (folder / place.name).symlink_to(place.absolute())
    return folder


def _by_rule(experiment: Experiment, rule: ReplayRule, record: _Record) -> Experiment:
    """Returns an experiment by which as many proposals are decided by another rule."""
    given = experiment.model_dump(mode="json")
    given["objective"]["rule"] = {"name": rule}
    given["budget"] = Budget(candidates=max(1, len(record.recorded()))).model_dump()
    given["search"] |= {"patience": None, "canaries": 0.0}
    return Experiment.model_validate(given)


def _side_by_side(
    record: _Record, decided: Sequence[Decision], *, is_same: bool
) -> tuple[ReplayedDecision, ...]:
    before = record.decisions if is_same else [one for one in record.decisions if not one.is_canary]
    return tuple(
        ReplayedDecision(
            number=one.number, before=one, after=decided[place] if place < len(decided) else None
        )
        for place, one in enumerate(before)
    )


def _require_replayable(
    record: _Record, rule: ReplayRule | None, environment: Environment | None
) -> None:
    experiment, path = record.experiment, record.folder.path
    if experiment.is_debug:
        raise InputError(f"{path}: was run with --debug, which measures nothing")
    if environment is None and experiment.environment.is_of_script:
        raise InputError(
            f"{path}: its environment is an object of a script; replay it there: "
            f"agentlab.replay('{path}', environment=...)"
        )
    if not record.decisions:
        raise InputError(f"{path}: nothing was decided in it yet")
    if rule is not None and (experiment.rounds or experiment.is_aa):
        what = "rounds" if experiment.rounds else "an A/A"
        raise InputError(f"--rule: a run of {what} can be replayed by its own rule only")
