"""After a round: does what it changed, or could not improve, hang on what earlier rounds changed?

Where a round kept something, its change and the earlier ones are measured at their four
combinations. Where it kept nothing, one of its failures is: the one that looks most as if it failed
for the earlier change alone. It is chosen on the train pairs of halving, of which half is measured
already, and tested on fresh validation seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.components import Components
from agentlab.core.counting import counted
from agentlab.core.decision import Decision, Verdict
from agentlab.core.objective import Objective
from agentlab.core.rounds import Coupling, Finding
from agentlab.core.trial import Pair, TrialRecord
from agentlab.errors import CandidateError
from agentlab.measure.coupling import (
    CornerRecords,
    Square,
    corners_of,
    read_square,
    square_of,
)
from agentlab.meta.checks import check_candidate
from agentlab.search.journal import Journal
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule, halving_stream

__all__ = ["CouplingTest", "Ended"]

_SCREENED = 16
"""Failures of a round that are looked at, at most: those that did best."""

_SCREENING = ((1, 4), (3, 1))
"""Train blocks seen at the end of each step, and how many failures go on after it."""


class Ended(NamedTuple):
    """A round that ended."""

    number: int
    opened: tuple[str, ...]
    """Components that it is about; earlier ones that it opens as well are not among them."""

    is_joint: bool
    """Whether it could change what earlier rounds changed."""

    start: Candidate
    winner: Candidate
    generation: int
    decisions: Sequence[Decision]
    blocks: int
    """Fresh seeds per task that the test may take."""

    part: float
    """Part of the run's caps that it may come to."""


class _Change(NamedTuple):
    """A change made in a round, and the components of which it may hang."""

    decision: Decision
    corners: tuple[Candidate, ...]
    """In the order of `CornerRecords`."""

    earlier: tuple[str, ...]
    is_kept: bool


class CouplingTest:
    """Tests the components of a round against those of earlier ones; a function of the records."""

    def __init__(
        self,
        measuring: Measuring,
        schedule: Schedule,
        *,
        objective: Objective,
        components: Components,
        target: TargetSpec,
        baseline: Candidate,
        journal: Journal,
        count: Callable[[Sequence[TrialRecord]], int],
        is_spent: Callable[[float], bool],
    ) -> None:
        """Wires the test.

        Args:
            measuring: Gives records.
            schedule: Gives pairs.
            objective: What is looked at.
            components: Which file belongs to which part.
            target: What may be edited in the whole run.
            baseline: The target as it came.
            journal: Knows the candidates, keeps what is found.
            count: Charges records to the budget and returns how many were new.
            is_spent: Tells whether a part of the run's caps is spent.
        """
        self._measuring = measuring
        self._schedule = schedule
        self._objective = objective
        self._components = components
        self._target = target
        self._baseline = baseline
        self._journal = journal
        self._count = count
        self._is_spent = is_spent
        self._trials = 0

    def of(self, ended: Ended) -> Coupling | None:
        """Returns what is found, and keeps it; None where nothing could be coupled."""
        self._trials = 0
        found = self._found(ended) if ended.blocks else None
        if found is not None:
            found = found.model_copy(update={"is_joint": ended.is_joint, "trials": self._trials})
            self._journal.save_coupling(found)
        return found

    def _found(self, ended: Ended) -> Coupling | None:
        earlier = self._earlier(ended)
        if not earlier:
            return None
        kept = [one for one in ended.decisions if one.verdict is Verdict.KEPT]
        if kept:
            changed = self._components.changed(ended.start.files, ended.winner.files)
            is_about_it = bool(set(changed) & set(ended.opened))
            change = self._change(ended, kept[-1], earlier) if is_about_it else None
        else:
            failed = [] if ended.is_joint else self._failed(ended)
            if not failed:
                return None
            change = self._screened(ended, failed, earlier)
            if change is None:
                return _unscreened(ended, len(failed), earlier)
        return self._tested(ended, change) if change is not None else None

    def _earlier(self, ended: Ended) -> tuple[str, ...]:
        """Returns the components that are not the round's own and are not as they came."""
        changed = self._components.changed(self._baseline.files, ended.winner.files)
        return tuple(name for name in changed if name not in ended.opened)

    def _failed(self, ended: Ended) -> list[Decision]:
        """Returns what was measured and not kept, the best first, each candidate once."""
        metric, sign = self._objective.metric, 1 if self._objective.direction == "higher" else -1

        def gain(decision: Decision) -> float:
            change = decision.differences.get(metric)
            return sign * change.estimate if change else 0.0

        found = {
            decision.candidate: decision
            for decision in ended.decisions
            if decision.stage in ("halving", "gate")
        }
        return sorted(found.values(), key=gain, reverse=True)[:_SCREENED]

    def _change(self, ended: Ended, decision: Decision, earlier: tuple[str, ...]) -> _Change | None:
        """Returns a change at its four combinations, None where they are no valid candidates."""
        is_kept = decision.verdict is Verdict.KEPT
        both = ended.winner if is_kept else self._journal.candidate(decision.candidate)
        later = self._mixed(both, earlier, self._baseline)
        first = self._mixed(both, ended.opened, ended.start)
        neither = self._mixed(later, ended.opened, ended.start)
        corners = (neither, first, later, both)
        for candidate in corners:
            try:
                check_candidate(candidate, self._baseline, self._target)
            except CandidateError:
                return None
        return _Change(decision, corners, earlier, is_kept)

    def _mixed(self, candidate: Candidate, names: Sequence[str], other: Candidate) -> Candidate:
        """Returns a candidate with some components of another.

        It is nobody's proposal, so the journal does not have it: should one come to the same, it
        keeps its own name.
        """
        files = {
            path: content
            for whole, is_taken in ((candidate, False), (other, True))
            for path, content in whole.files.items()
            if (self._components.of(path) in names) is is_taken
        }
        return candidate.with_files(files, parent=candidate.digest)

    def _screened(
        self, ended: Ended, failed: Sequence[Decision], earlier: tuple[str, ...]
    ) -> _Change | None:
        """Returns the failure that looks most as if it failed for the earlier change alone."""
        changes = (self._change(ended, decision, earlier) for decision in failed)
        alive = [change for change in changes if change is not None]
        for blocks, survivors in _SCREENING:
            pairs = self._schedule.blocks("train", halving_stream(ended.generation), blocks)
            looked = [(self._square(change, pairs), change) for change in alive]
            looked.sort(key=lambda one: one[0].promise, reverse=True)
            alive = [change for square, change in looked[:survivors] if square.reach > 0]
        return alive[0] if alive else None

    def _square(self, change: _Change, pairs: Sequence[Pair]) -> Square:
        records = self._measured(change, pairs) or CornerRecords([], [], [], [])
        return square_of(records, self._objective)

    def _tested(self, ended: Ended, change: _Change) -> Coupling | None:
        """Tests a change on fresh seeds, block by block; None where it cannot be measured."""
        seen = CornerRecords([], [], [], [])
        coupling = None
        earlier = self._journal.coupling(ended.number)
        # A clock may have ended it; after a resume it ends at the same place.
        looks = earlier.looks if earlier else ended.blocks
        for index in range(looks if self._schedule.has_fresh_seeds else 1):
            block = self._schedule.block("validation", f"coupling{ended.number}", index)
            records = self._measured(change, block)
            if records is None:
                break
            seen = CornerRecords(*([*old, *new] for old, new in zip(seen, records, strict=True)))
            coupling = self._read(ended, change, seen, looks=index + 1)
            is_over = earlier is None and self._is_spent(ended.part)
            is_futile = not change.is_kept and square_of(seen, self._objective).reach <= 0
            if coupling.finding != "undecided" or is_futile or is_over:
                break
        return coupling

    def _measured(self, change: _Change, pairs: Sequence[Pair]) -> CornerRecords | None:
        """Returns the records of all four; None where one of them cannot be prepared."""
        unprepared = self._measuring.prepare(change.corners)
        for candidate in change.corners:
            self._trials += self._count(self._measuring.preparation(candidate))
        if unprepared:
            return None
        found = self._measuring.on_all(change.corners, pairs)
        for records in found.values():
            self._trials += self._count(records)
        return CornerRecords(*(found[candidate.digest] for candidate in change.corners))

    def _read(self, ended: Ended, change: _Change, seen: CornerRecords, *, looks: int) -> Coupling:
        square = square_of(seen, self._objective)
        reading = read_square(square, self._objective, is_kept=change.is_kept)
        return Coupling(
            round=ended.number,
            earlier=change.earlier,
            later=ended.opened,
            proposal=change.decision.number,
            label=change.decision.label,
            is_kept=change.is_kept,
            finding=reading.finding,
            reason=_reason(reading.finding, change, square.pairs),
            corners=corners_of(seen, self._objective),
            alone=reading.alone,
            on_top=reading.on_top,
            interaction=reading.interaction,
            e_value=reading.e_value,
            pairs=square.pairs,
            looks=looks,
        )


def _reason(finding: Finding, change: _Change, pairs: int) -> str:
    others, number = " and ".join(change.earlier), change.decision.number
    if finding == "independent":
        return f"#{number} gains about the same whatever became of {others}"
    if finding == "undecided":
        return f"neither shown nor ruled out after {counted(pairs, 'pair')}"
    if change.is_kept:
        return f"what #{number} gains hangs on what became of {others}"
    return f"#{number} is better with {others} as it came, and not with what it was tuned to"


def _unscreened(ended: Ended, looked: int, earlier: tuple[str, ...]) -> Coupling:
    others = " and ".join(earlier)
    return Coupling(
        round=ended.number,
        earlier=earlier,
        later=ended.opened,
        finding="undecided",
        reason=(
            f"of {looked} changes that were not kept, none looked better on train tasks with "
            f"{others} as it came"
        ),
    )
