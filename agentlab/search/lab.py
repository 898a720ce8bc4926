"""The lab of a running experiment: what a meta-agent may see of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import Probed
from agentlab.core.objective import Objective
from agentlab.core.trial import TraceFrame, TrialRecord
from agentlab.search.serving import Serving
from agentlab.search.tries import Tries

__all__ = ["RunLab"]

Result = TypeVar("Result")


class RunLab:
    """A view of the log: it grows with decisions, in the order of proposals."""

    def __init__(
        self,
        *,
        target: TargetSpec,
        objective: Objective,
        baseline: Candidate,
        candidate: Callable[[str], Candidate],
        tries: Tries | None = None,
        budget_left: Callable[[], Mapping[str, float]] = dict,
    ) -> None:
        """Opens the lab of a run.

        Args:
            target: What may be edited.
            objective: What is optimised.
            baseline: The target as it came.
            candidate: Returns a candidate by its digest.
            tries: Runs what is tried; without, nothing can be.
            budget_left: Returns what is left of each cap.
        """
        self._tries = tries
        self._budget_left = budget_left
        self._attempts: list[Attempt] = []
        self._reported: list[Attempt] = []
        self._target = target
        self._objective = objective
        self._candidate = candidate
        self._decisions: list[Decision] = []
        self._first = 0
        self._proposed = {baseline.digest}
        self._train: dict[str, dict[str, TrialRecord]] = {}
        self._by_key: dict[str, TrialRecord] = {}

    @property
    def target(self) -> TargetSpec:
        """What may be edited for now and how it is called."""
        return self._target

    @property
    def objective(self) -> Objective:
        """What is optimised, and the guards."""
        return self._objective

    @property
    def decisions(self) -> Sequence[Decision]:
        """What became of earlier proposals of this round, by number.

        What failed beside other components may do better beside these, so a round begins with none.
        """
        return self._decisions[self._first :]

    @property
    def history(self) -> Sequence[Decision]:
        """What became of the proposals of all rounds, by number."""
        return self._decisions

    @property
    def proposed(self) -> frozenset[str]:
        """Digests of all candidates proposed so far, and of the baseline."""
        return frozenset(self._proposed)

    def candidate(self, digest: str) -> Candidate:
        """Returns a candidate of this run by its digest."""
        return self._candidate(digest)

    def train_records(self, candidate: str) -> Sequence[TrialRecord]:
        """Returns the train trials of a candidate that the search has looked at."""
        return tuple(self._train.get(candidate, {}).values())

    @property
    def attempts(self) -> Sequence[Attempt]:
        """What agents that think did so far, in the order of their proposals."""
        return self._attempts

    @property
    def train_tasks(self) -> Sequence[str]:
        """Ids of the train tasks; none where nothing can be tried."""
        return self._tries.tasks if self._tries else ()

    @property
    def budget_left(self) -> Mapping[str, float]:
        """What is left of each cap of the run, by its name."""
        return self._budget_left()

    def try_on_train(
        self, candidate: Candidate, *, tasks: Sequence[str], blocks: int
    ) -> Sequence[TrialRecord]:
        """Returns trials of a candidate on train tasks, on the seeds that siblings will meet."""
        if self._tries is None or not tasks:
            return ()
        generation = sum(decision.verdict is Verdict.KEPT for decision in self._decisions)
        return self._tries.on_train(candidate, tasks=tasks, blocks=blocks, generation=generation)

    def trials(self, keys: Sequence[str]) -> Sequence[TrialRecord]:
        """Returns train trials that were looked at before."""
        return [self._by_key.get(key) or self._tried(key) for key in keys]

    def _tried(self, key: str) -> TrialRecord:
        assert self._tries is not None, "nothing was tried"
        return self._tries.record(key)

    def trace(self, key: str) -> Sequence[TraceFrame]:
        """Returns the frames of a train trial; none where they were not kept."""
        return self._tries.trace(key) if self._tries else ()

    def probe(self, script: str, keys: Sequence[str]) -> Probed:
        """Runs a diagnostic script over the traces of train trials."""
        if self._tries is None:
            return Probed("", None, "nothing can be tried in this lab")
        return self._tries.probe(script, self.trials(keys))

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """Returns what jobs answer, each thought out in a thread of its own."""
        return (self._tries.serving if self._tries else Serving()).together(jobs)

    def add_attempt(self, attempt: Attempt) -> None:
        """Takes an attempt, which counts once the search has taken it over."""
        self._reported.append(attempt)

    def take_reported(self) -> tuple[Attempt, ...]:
        """Returns the attempts that were reported since this was asked last."""
        reported, self._reported = tuple(self._reported), []
        return reported

    def add_attempts(self, attempts: Sequence[Attempt]) -> list[TrialRecord]:
        """Takes note of attempts of the log and returns the trials that they looked at."""
        self._attempts.extend(attempts)
        records = [record for one in attempts for record in self.trials(one.trials)]
        self.add_train_records(records)
        return records

    def begin_round(self, target: TargetSpec) -> None:
        """Begins a round.

        Args:
            target: What may be edited in it.
        """
        self._target = target
        self._first = len(self._decisions)

    def forget_proposed(self, candidates: Sequence[Candidate]) -> None:
        """Lets a batch that was asked for and never decided be proposed again."""
        self._proposed.difference_update(candidate.digest for candidate in candidates)

    def add_proposed(self, candidates: Sequence[Candidate]) -> None:
        """Takes note of a batch."""
        self._proposed.update(candidate.digest for candidate in candidates)

    def add_train_records(self, records: Sequence[TrialRecord]) -> None:
        """Takes note of train trials."""
        for record in records:
            self._train.setdefault(record.candidate, {})[record.key] = record
            self._by_key[record.key] = record

    def add_decisions(self, decisions: Sequence[Decision]) -> None:
        """Takes note of what became of a batch."""
        self._decisions.extend(decisions)
