"""The lab of a running experiment: what a meta-agent may see of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision
from agentlab.core.objective import Objective
from agentlab.core.trial import TrialRecord

__all__ = ["RunLab"]


class RunLab:
    """A view of the log: it grows with decisions, in the order of proposals."""

    def __init__(
        self,
        *,
        target: TargetSpec,
        objective: Objective,
        baseline: Candidate,
        candidate: Callable[[str], Candidate],
    ) -> None:
        self._target = target
        self._objective = objective
        self._candidate = candidate
        self._decisions: list[Decision] = []
        self._first = 0
        self._proposed = {baseline.digest}
        self._train: dict[str, dict[str, TrialRecord]] = {}

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

    def add_decisions(self, decisions: Sequence[Decision]) -> None:
        """Takes note of what became of a batch."""
        self._decisions.extend(decisions)
