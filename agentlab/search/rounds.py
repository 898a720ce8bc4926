"""One search after another, each from the best so far, each with components of its own open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.components import OpenTarget
from agentlab.core.decision import Decision, Verdict
from agentlab.core.rounds import Coupling, RoundResult
from agentlab.search.coupling import Ended
from agentlab.search.lab import RunLab
from agentlab.search.loop import BUDGET, Found, Place

__all__ = ["Round", "RoundsFound", "run_rounds"]

_HELD_BACK = 0.1
"""Part of a round's share of the budget that is left for the test of its components."""


class Round(NamedTuple):
    """What a round may do."""

    name: str
    about: tuple[str, ...]
    """The components that it is about."""

    target: OpenTarget
    """What may be edited: those, and what earlier rounds opened where that is open again."""

    proposals: int | None
    """How many it may make; None for its share of the run's."""

    coupling_blocks: int
    """Fresh seeds per task that the test of its components may take; 0: it is not made."""

    @property
    def is_joint(self) -> bool:
        """Whether what earlier rounds changed may be changed again."""
        return self.target.open != self.about


class RoundsFound(NamedTuple):
    """What all rounds ended with."""

    found: Found
    results: tuple[RoundResult, ...]


def run_rounds(
    rounds: Sequence[Round],
    baseline: Candidate,
    *,
    search: Callable[[Candidate, OpenTarget, Place], Found],
    test: Callable[[Ended], Coupling | None],
    lab: RunLab,
    candidates: int | None,
    tell: Callable[[str], None],
) -> RoundsFound:
    """Runs the rounds to the last, or to the end of the budget.

    Args:
        rounds: At least one.
        baseline: The target as it came.
        search: Searches from a candidate.
        test: Tests for coupling what a round came to.
        lab: What the meta-agent sees.
        candidates: Proposals of the whole run; None for no cap.
        tell: Told what begins.
    """
    found: Found | None = None
    results: list[RoundResult] = []
    canaries: list[Decision] = []
    for number, one in enumerate(rounds, start=1):
        told = f"round {number} of {len(rounds)}, {one.name}"
        tell(told)
        lab.begin_round(one.target)
        start = found.winner if found else baseline
        part = number / len(rounds)
        place = Place(
            round=number,
            generation=found.generation if found else 0,
            batch=found.next_batch if found else 1,
            proposal=found.next_proposal if found else 1,
            canaries=len(canaries),
            part=part * (1 - _HELD_BACK) if one.coupling_blocks else part,
        )
        until = _until(one, place, candidates, part)
        found = search(start, one.target, place._replace(until=until))
        canaries += found.canaries
        tell(f"{told}: are its components coupled?")
        decisions = tuple(lab.decisions)
        ended = Ended(
            number=number,
            opened=one.about,
            is_joint=one.is_joint,
            start=start,
            winner=found.winner,
            generation=found.generation,
            decisions=decisions,
            blocks=one.coupling_blocks,
            part=part,
        )
        results.append(_result(number, one, decisions, found, test(ended)))
        if found.stopped_by.startswith(BUDGET):
            break
    assert found is not None
    return RoundsFound(found._replace(canaries=tuple(canaries)), tuple(results))


def _until(one: Round, place: Place, candidates: int | None, part: float) -> int | None:
    """Returns after how many proposals of the run a round ends."""
    if one.proposals is not None:
        return place.proposal - 1 - place.canaries + one.proposals
    return None if candidates is None else round(candidates * part)


def _result(
    number: int,
    one: Round,
    decisions: Sequence[Decision],
    found: Found,
    coupling: Coupling | None,
) -> RoundResult:
    return RoundResult(
        number=number,
        name=one.name,
        open=one.target.open,
        proposals=len(decisions),
        kept=sum(decision.verdict is Verdict.KEPT for decision in decisions),
        trials=sum(decision.trials for decision in decisions),
        stopped_by=found.stopped_by,
        coupling=coupling,
    )
