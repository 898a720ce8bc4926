"""The agent that rewrites the target, and the lab it works in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar, runtime_checkable

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Decision
from agentlab.core.objective import Objective
from agentlab.core.trial import TraceFrame, TrialRecord
from agentlab.core.value import JsonValue

__all__ = ["Lab", "MetaAgent", "Probed", "Workshop"]

Result = TypeVar("Result")


class Lab(Protocol):
    """What a meta-agent may see of a run: never the validation traces, never the test."""

    @property
    def target(self) -> TargetSpec:
        """What may be edited and how it is called."""
        ...

    @property
    def objective(self) -> Objective:
        """What is optimised, and the guards."""
        ...

    @property
    def decisions(self) -> Sequence[Decision]:
        """What became of earlier proposals, by number; the same for any number of slots."""
        ...

    @property
    def proposed(self) -> frozenset[str]:
        """Digests of all candidates proposed so far, and of the baseline."""
        ...

    def candidate(self, digest: str) -> Candidate:
        """Returns a candidate of this run by its digest."""
        ...

    def train_records(self, candidate: str) -> Sequence[TrialRecord]:
        """Returns the finished train trials of a candidate, with their feedback."""
        ...


class Probed(NamedTuple):
    """What became of a diagnostic script."""

    key: str
    """Content address of the script and of what it was given."""

    answer: JsonValue
    """What its function returned; None where it did not."""

    failure: str
    """Why there is no answer, one line; empty where there is one."""


@runtime_checkable
class Workshop(Lab, Protocol):
    """A lab in which things can be tried before they are proposed.

    What is tried is paid by the run's budget once it is named in an `Attempt`. All methods may be
    called from several threads at one time; what each answers depends on its arguments and the log
    alone.
    """

    @property
    def history(self) -> Sequence[Decision]:
        """What became of the proposals of all rounds, by number."""
        ...

    @property
    def attempts(self) -> Sequence[Attempt]:
        """What agents that think did so far, in the order of their proposals."""
        ...

    @property
    def train_tasks(self) -> Sequence[str]:
        """Ids of the train tasks, in their order."""
        ...

    @property
    def budget_left(self) -> Mapping[str, float]:
        """What is left of each cap of the run that has one, by its name, as of the log."""
        ...

    def try_on_train(
        self, candidate: Candidate, *, tasks: Sequence[str], blocks: int
    ) -> Sequence[TrialRecord]:
        """Returns the trials of a candidate on train tasks, on seeds the incumbent is known on.

        The candidate has passed the static checks; it need not be one of this run. Waits for what
        is not measured yet.
        """
        ...

    def trials(self, keys: Sequence[str]) -> Sequence[TrialRecord]:
        """Returns train trials that were looked at before, by their keys."""
        ...

    def trace(self, key: str) -> Sequence[TraceFrame]:
        """Returns the frames of a train trial; none where they were not kept."""
        ...

    def probe(self, script: str, keys: Sequence[str]) -> Probed:
        """Runs a diagnostic script in the sandbox over the traces of train trials.

        Args:
            script: Python with `probe(episodes)`; the standard library and nothing else.
            keys: Trials whose records and frames it is given.
        """
        ...

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """Returns what jobs answer, in their order; each may use the workshop meanwhile.

        Raises:
            Exception: what the first of them raised, once all have ended.
        """
        ...

    def add_attempt(self, attempt: Attempt) -> None:
        """Reports an attempt; once for each, in the order of the proposals."""
        ...


class MetaAgent(Protocol):
    """Proposes candidates. All it knows is the lab; all that is random in it is the seed."""

    @property
    def name(self) -> str:
        """Short word that names the source of a candidate in every table."""
        ...

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns up to `count` candidates, each made from one of the parents.

        The same lab, parents, count and seed give the same candidates. An empty answer says that
        it has nothing more to propose from these parents. Editable files only; each candidate
        parses and differs from all in `lab.proposed`.
        """
        ...
