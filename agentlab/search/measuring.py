"""Trials as the search asks for them: candidates on pairs, with their preparation first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.outcome import Fate
from agentlab.core.trial import Artefact, Pair, TracePolicy, Trial, TrialRecord
from agentlab.errors import InputError, NothingMeasurable
from agentlab.search.desk import TrialDesk
from agentlab.search.elsewhere import dealt_anew, elsewhere, told_of

__all__ = ["Measuring"]

_URGENT, _SOON, _LATER = 0, 1, 2


class Measuring:
    """Measures candidates on pairs; knows each candidate's artefact."""

    def __init__(
        self,
        desk: TrialDesk,
        *,
        bench: str,
        needs_preparation: bool,
        preparation_seed: int,
        trace_share: float = 0.0,
        is_seeded: bool = True,
        keeps_train_traces: bool = False,
    ) -> None:
        self._desk = desk
        self._bench = bench
        self._needs_preparation = needs_preparation
        self._preparation_seed = preparation_seed
        self._trace_share = trace_share
        self._is_seeded = is_seeded
        self._keeps_train_traces = keeps_train_traces
        self._prepared: dict[str, TrialRecord] = {}

    def prepare(self, candidates: Sequence[Candidate]) -> dict[str, TrialRecord]:
        """Runs each candidate's `prepare()` where the world asks for one.

        Returns:
            The records of those whose preparation failed, by digest: they cannot be measured.
        """
        if not self._needs_preparation:
            return {}
        trials = [
            Trial(
                bench=self._bench,
                candidate=candidate.digest,
                kind="prepare",
                preparation_seed=self._preparation_seed,
            )
            for candidate in candidates
        ]
        for record in self._desk.records(trials, _by_digest(candidates)):
            self._prepared[record.candidate] = record
        return {
            candidate.digest: self._prepared[candidate.digest]
            for candidate in candidates
            if self._prepared[candidate.digest].fate is not Fate.SOLVED
        }

    def require_prepared(self, candidate: Candidate) -> None:
        """Prepares the candidate that all others are compared with.

        Raises:
            InputError: its `prepare()` breaks.
            NothingMeasurable: our side could not run it.
        """
        for record in self.prepare([candidate]).values():
            problem = f"the target's prepare() {record.fate}: {record.reason}"
            raise (NothingMeasurable if record.fate is Fate.INFRA else InputError)(problem)

    def preparation(self, candidate: Candidate) -> list[TrialRecord]:
        """Returns the record of a candidate's preparation; empty where there was none."""
        record = self._prepared.get(candidate.digest)
        return [record] if record else []

    def on(
        self,
        candidate: Candidate,
        pairs: Sequence[Pair],
        *,
        trace: TracePolicy = "broken",
        repetition: int = 0,
    ) -> list[TrialRecord]:
        """Returns the candidate's records on the pairs, in their order.

        Those of a canary are of other instances of the same tasks.
        """
        found = self._run(candidate, self._places(candidate, pairs), trace, repetition)
        if not candidate.is_canary:
            return found
        if self._is_seeded and not any(record.items for record in found):
            return [told_of(record, pair) for record, pair in zip(found, pairs, strict=True)]
        return dealt_anew(self._run(candidate, pairs, trace, repetition))

    def on_all(
        self,
        candidates: Sequence[Candidate],
        pairs: Sequence[Pair],
        *,
        trace: TracePolicy = "broken",
    ) -> dict[str, list[TrialRecord]]:
        """Returns the records of several candidates on the same pairs, by digest."""
        for candidate in candidates:
            self._want(candidate, pairs, _URGENT, trace)
        return {
            candidate.digest: self.on(candidate, pairs, trace=trace) for candidate in candidates
        }

    def expect(
        self,
        candidates: Sequence[Candidate],
        pairs: Sequence[Pair],
        *,
        is_next: bool,
        trace: TracePolicy = "broken",
        repetition: int = 0,
    ) -> None:
        """Queues what will probably be asked for, to keep slots busy; costs nothing if not."""
        urgency = _SOON if is_next else _LATER
        for candidate in candidates:
            if not self._needs_preparation or candidate.digest in self._prepared:
                self._want(candidate, pairs, urgency, trace, repetition)

    def forget_expected(self) -> None:
        """Drops what was expected and has not started."""
        self._desk.forget_queued()

    def _run(
        self, candidate: Candidate, pairs: Sequence[Pair], trace: TracePolicy, repetition: int
    ) -> list[TrialRecord]:
        trials = self.trials(candidate, pairs, trace, repetition)
        return self._desk.records(trials, _by_digest([candidate]))

    def _places(self, candidate: Candidate, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """Returns where a candidate's trials of the pairs are run."""
        if candidate.is_canary and self._is_seeded:
            return [elsewhere(candidate.digest, pair) for pair in pairs]
        return pairs

    def _want(
        self,
        candidate: Candidate,
        pairs: Sequence[Pair],
        urgency: int,
        trace: TracePolicy,
        repetition: int = 0,
    ) -> None:
        trials = self.trials(candidate, self._places(candidate, pairs), trace, repetition)
        self._desk.want(trials, _by_digest([candidate]), urgency=urgency)

    def trials(
        self,
        candidate: Candidate,
        pairs: Sequence[Pair],
        trace: TracePolicy,
        repetition: int = 0,
    ) -> list[Trial]:
        """Returns the candidate's trials on the pairs; none is run."""
        artefact = self._artefact(candidate)
        return [
            Trial(
                bench=self._bench,
                candidate=candidate.digest,
                pair=pair,
                artefact=artefact,
                repetition=repetition,
                trace=self._trace_policy(pair, trace),
            )
            for pair in pairs
        ]

    def _trace_policy(self, pair: Pair, asked: TracePolicy) -> TracePolicy:
        if self._is_sampled(pair):
            return "pictured"
        return "always" if self._keeps_train_traces and pair.split == "train" else asked

    def _is_sampled(self, pair: Pair) -> bool:
        """Returns whether a pair belongs to the sample whose traces are kept, by its seed alone."""
        return pair.seed * 2654435761 % (1 << 32) < self._trace_share * (1 << 32)

    def _artefact(self, candidate: Candidate) -> Artefact | None:
        prepared = self._prepared.get(candidate.digest)
        return prepared.artefact if prepared else None


def _by_digest(candidates: Sequence[Candidate]) -> Mapping[str, Candidate]:
    return {candidate.digest: candidate for candidate in candidates}
