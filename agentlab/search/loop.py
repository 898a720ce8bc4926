"""The search: ask for a batch, contest it, tell, until a budget ends it or nothing more comes.

It reads as if it ran one batch at a time. Slots stay busy all the same, because the batch after is
asked for before the gate decides (always before, so that the history is the same however fast the
gate was) and its first trials wait behind the gate's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.counting import counted
from agentlab.core.decision import Cause, Decision, Verdict
from agentlab.core.meta_agent import MetaAgent
from agentlab.core.objective import Objective
from agentlab.core.value import digest
from agentlab.errors import CandidateError
from agentlab.measure.rules.choice import rule_of
from agentlab.meta.canary import canary_of
from agentlab.meta.checks import check_candidate
from agentlab.meta.merge import rebase
from agentlab.search.budget import Spending
from agentlab.search.canaries import is_canary_batch
from agentlab.search.contest import Contest, Entrant, StageResult, decide
from agentlab.search.journal import Journal, Proposed
from agentlab.search.lab import RunLab
from agentlab.search.strategies.history import History
from agentlab.search.strategies.strategy import Strategy

__all__ = ["BUDGET", "Batch", "Found", "Place", "Search", "SearchSettings", "proposal_seed"]


_VAIN_BATCHES = 3
"""Batches in a row of which every attempt failed, after which a search ends."""

BUDGET = "budget: "
"""Begins the reason of a search that ended together with its run."""


class Place(NamedTuple):
    """Which part of a run a search is; without rounds, all of it."""

    round: int | None = None
    """Number of the round; None without rounds."""

    generation: int = 0
    """How many candidates were kept before."""

    batch: int = 1
    """Number of its first batch."""

    proposal: int = 1
    """Number of its first proposal."""

    canaries: int = 0
    """Canaries among the proposals before."""

    until: int | None = None
    """Proposals of the run at which it ends, canaries left out; None for all that the budget holds.
    """

    part: float = 1.0
    """Part of the run's other caps at which it ends."""


class SearchSettings(NamedTuple):
    """How a search goes about it."""

    target: TargetSpec
    objective: Objective
    strategy: Strategy
    patience: int | None
    """Proposals without a keep after which the search ends; None for no such end."""

    seed: int
    reserve_s: Callable[[], float]
    """Seconds that the final measurement is expected to take."""

    canaries: float = 0.0
    """Share of batches that are a canary alone: beside the run, not part of it."""
    place: Place = Place()
    asks_ahead: bool = True
    """Whether the batch after the current one is asked for before the gate decides; not of somebody
    who waits for the decision."""


class Batch(NamedTuple):
    """Proposals that compete with one another."""

    number: int
    entrants: tuple[Entrant, ...]


class Found(NamedTuple):
    """What a search ended with."""

    winner: Candidate
    generation: int
    """How many candidates were kept on the way to it."""

    decisions: tuple[Decision, ...]
    """Of the whole run so far."""

    stopped_by: str
    next_batch: int
    """Number of the first batch after it."""

    next_proposal: int
    """Number of the first proposal after it."""

    canaries: tuple[Decision, ...] = ()
    """What the gate made of canaries that were sent through it meanwhile."""


class Search:
    """Runs the loop; everything it decides is a function of journal, records and seed."""

    def __init__(
        self,
        meta_agent: MetaAgent,
        contest: Contest,
        journal: Journal,
        *,
        lab: RunLab,
        baseline: Candidate,
        spending: Spending,
        settings: SearchSettings,
        on_decision: Callable[[Decision], None],
        elapsed_s: Callable[[], float],
    ) -> None:
        self._meta_agent = meta_agent
        self._contest = contest
        self._journal = journal
        self._lab = lab
        self._baseline = baseline
        self._incumbent = baseline
        self._place = settings.place
        self._generation = self._place.generation
        self._asked = self._place.proposal - 1
        self._canaries: list[Decision] = []
        self._canaries_asked = self._place.canaries
        self._kept_at = self._asked - self._canaries_asked
        self._first_numbers: list[int] = []
        self._in_vain: list[str] = []
        self._line = {baseline.digest}
        self._spending = spending
        self._settings = settings
        self._on_decision = on_decision
        self._elapsed_s = elapsed_s

    def run(self) -> Found:
        """Searches to the end and returns what was found."""
        batch = self._ask(self._place.batch)
        stopped_by = self._reason_to_stop(batch)
        while stopped_by is None:
            entrants, results = self._rebased(batch)
            finalist, halved, trials = self._contest.halve(
                entrants, self._incumbent, self._generation
            )
            results |= halved
            upcoming = self._ask(batch.number + 1) if self._settings.asks_ahead else None
            if upcoming is not None:
                candidates = [entrant.candidate for entrant in upcoming.entrants]
                self._contest.expect(candidates, self._generation)
            if finalist is not None:
                result, cost = self._contest.gate(
                    finalist, self._incumbent, self._generation, earlier=self._lab.history
                )
                results[finalist.number] = result
                trials[finalist.number] += cost
            self._tell(batch, entrants, results, trials)
            batch = upcoming or self._ask(batch.number + 1)
            stopped_by = self._reason_to_stop(batch)
        self._lab.forget_proposed([entrant.candidate for entrant in batch.entrants])
        return Found(
            self._incumbent,
            self._generation,
            tuple(self._lab.history),
            stopped_by,
            next_batch=batch.number + 1,
            next_proposal=self._first_numbers[-1],
            canaries=tuple(self._canaries),
        )

    def _own(self, number: int) -> int:
        """Returns a proposal's number among those that are no canaries."""
        return number - self._place.canaries - len(self._canaries)

    def _ask(self, number: int) -> Batch:
        """Returns a batch, from the journal if it was asked for before."""
        proposed = self._journal.proposed(number)
        if proposed is None:
            proposed = self._propose(number)
            self._journal.save_proposed(proposed)
        self._charge(proposed.attempts)
        candidates = [self._journal.candidate(digest) for digest in proposed.candidates]
        self._lab.add_proposed([one for one in candidates if not self._is_beside(one)])
        self._canaries_asked += sum(map(self._is_beside, candidates))
        self._first_numbers.append(proposed.first_number)
        self._asked = proposed.first_number + len(candidates) - 1
        return Batch(
            number,
            tuple(
                Entrant(proposed.first_number + place, candidate)
                for place, candidate in enumerate(candidates)
            ),
        )

    def _propose(self, number: int) -> Proposed:
        history = History(
            self._lab,
            self._incumbent,
            baseline=self._baseline.digest,
            batch=number - self._place.batch + 1,
            first_numbers=self._first_numbers,
        )
        parents = self._settings.strategy.parents(history)
        seed = proposal_seed(self._settings.seed, number)
        siblings = rule_of(self._settings.objective.rule).siblings
        asked = self._asked - self._canaries_asked
        count = self._spending.proposals_left(asked, at_most=siblings)
        if self._place.until is not None:
            count = max(0, min(count, self._place.until - asked))
        if not self._settings.asks_ahead and self._is_spent():
            count = 0
        candidates: Sequence[Candidate] = ()
        if count and is_canary_batch(number, share=self._settings.canaries):
            candidates = [self._canary(f"canary {self._asked + 1}")]
        elif count:
            candidates = self._meta_agent.propose(self._lab, parents, count=count, seed=seed)
        for candidate in candidates:
            self._journal.add_candidate(candidate)
        return Proposed(
            batch=number,
            first_number=self._asked + 1,
            candidates=tuple(candidate.digest for candidate in candidates),
            attempts=self._numbered(candidates),
        )

    def _numbered(self, candidates: Sequence[Candidate]) -> tuple[Attempt, ...]:
        """Returns the attempts at a batch, each with the number of what came of it."""
        numbers = {one.digest: self._asked + place for place, one in enumerate(candidates, 1)}
        return tuple(
            attempt.model_copy(update={"number": numbers.get(attempt.candidate or "")})
            for attempt in self._lab.take_reported()
        )

    def _charge(self, attempts: Sequence[Attempt]) -> None:
        """Pays for what was tried on the way to a batch, once, also where the log tells of it."""
        self._contest.charge(self._lab.add_attempts(attempts))
        for attempt in attempts:
            self._spending.add_attempt(attempt)
        failed = [attempt.failure for attempt in attempts if attempt.failure]
        self._in_vain = (
            [*self._in_vain, failed[-1]] if failed and len(failed) == len(attempts) else []
        )

    def _rebased(self, batch: Batch) -> tuple[list[Entrant], dict[int, StageResult]]:
        """Brings each candidate onto the incumbent and checks it before it costs a trial."""
        entrants: list[Entrant] = []
        results: dict[int, StageResult] = {}
        numbers: dict[str, int] = {}
        for entrant in batch.entrants:
            candidate = self._onto_incumbent(entrant.candidate)
            if candidate is None:
                results[entrant.number] = _refused(
                    Verdict.UNDECIDED,
                    "conflicts with a candidate that was kept meanwhile",
                    "conflict",
                )
                continue
            try:
                check_candidate(candidate, self._baseline, self._settings.target)
            except CandidateError as error:
                results[entrant.number] = _refused(
                    Verdict.INVALID, "; ".join(error.problems), "refused"
                )
                continue
            if candidate.digest == self._incumbent.digest:
                results[entrant.number] = _refused(
                    Verdict.DISCARDED, "changes nothing", "nothing new"
                )
                continue
            if (twin := numbers.setdefault(candidate.digest, entrant.number)) != entrant.number:
                results[entrant.number] = _refused(
                    Verdict.DISCARDED, f"the same as proposal {twin}", "nothing new"
                )
                continue
            self._journal.add_candidate(candidate)
            entrants.append(Entrant(entrant.number, candidate))
        return entrants, results

    def _canary(self, name: str) -> Candidate:
        return canary_of(self._incumbent, name, target=self._settings.target)

    def _is_beside(self, candidate: Candidate) -> bool:
        """Returns whether a candidate is none of the meta-agent's, and not part of its history."""
        return candidate.is_canary and self._settings.canaries > 0

    def _onto_incumbent(self, candidate: Candidate) -> Candidate | None:
        if candidate.is_canary:
            return self._canary(candidate.label)
        if candidate.parent in (None, self._incumbent.digest):
            return candidate
        if self._settings.strategy.has_branches and candidate.parent not in self._line:
            return candidate
        base = self._journal.candidate(candidate.parent or "")
        return rebase(candidate, onto=self._incumbent, base=base)

    def _tell(
        self,
        batch: Batch,
        entrants: Sequence[Entrant],
        results: dict[int, StageResult],
        trials: dict[int, int],
    ) -> None:
        measured = {entrant.number: entrant for entrant in entrants}
        decisions = [
            decide(
                measured.get(entrant.number, entrant),
                self._incumbent,
                results[entrant.number],
                trials.get(entrant.number, 0),
            ).model_copy(update={"round": self._place.round})
            for entrant in batch.entrants
        ]
        told = [] if any(self._is_beside(one.candidate) for one in batch.entrants) else decisions
        self._lab.add_decisions(told)
        self._spending.candidates += len(told)
        self._canaries += [] if told else decisions
        self._journal.save_decisions(decisions, self._elapsed_s())
        for decision in decisions:
            if decision.verdict is Verdict.KEPT:
                self._incumbent = measured[decision.number].candidate
                self._line.add(self._incumbent.digest)
                self._generation += 1
                self._kept_at = self._own(decision.number)
            self._on_decision(decision)

    def _reason_to_stop(self, batch: Batch) -> str | None:
        """Returns why the search ends before this batch, the same after a resume."""
        if (earlier := self._journal.stopped(self._place.round or 1)) is not None:
            return earlier[1] if batch.number >= earlier[0] else None
        reason = self._stop_reason(batch)
        if reason is not None:
            self._journal.save_stopped(batch.number, reason)
        return reason

    def _is_spent(self) -> bool:
        patience = self._settings.patience
        told = self._own(self._asked)
        return self._spending.reached(reserve_s=self._settings.reserve_s()) is not None or (
            patience is not None and told - self._kept_at >= patience
        )

    def _stop_reason(self, batch: Batch) -> str | None:
        reserve_s = self._settings.reserve_s()
        told = self._own(self._first_numbers[-1] - 1)  # once the batch after them was asked for
        if reached := self._spending.reached(reserve_s=reserve_s):
            return f"{BUDGET}{reached}"
        if reached := self._spending.reached(reserve_s=reserve_s, part=self._place.part):
            return f"its share of {reached}"
        if self._place.until is not None and told >= self._place.until:
            return "its share of candidates"
        patience = self._settings.patience
        is_tired = patience is not None and told - self._kept_at >= patience
        was_asked = self._settings.asks_ahead or not is_tired
        if not batch.entrants and was_asked and not 0 < len(self._in_vain) < _VAIN_BATCHES:
            why = f"; the last came to nothing: {self._in_vain[-1]}" if self._in_vain else ""
            return f"no more proposals{why}"
        return f"{counted(patience or 0, 'proposal')} without a keep" if is_tired else None


def proposal_seed(seed: int, batch: int) -> int:
    """Returns the seed by which a meta-agent proposes a batch of a run."""
    return int(digest([seed, "propose", batch])[:8], 16)


def _refused(verdict: Verdict, reason: str, cause: Cause) -> StageResult:
    return StageResult(verdict, "static", reason, cause)
