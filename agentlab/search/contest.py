"""One batch of siblings against the incumbent: smoke, halving, gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Estimate, Sample, Stage, Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate
from agentlab.core.trial import Pair, TrialRecord
from agentlab.measure.gate import read_gate, sample_of
from agentlab.measure.halving import standings
from agentlab.measure.metrics import is_spending, readings
from agentlab.measure.pairing import improvements
from agentlab.measure.scores import differences
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule

__all__ = ["Contest", "Entrant", "StageResult", "decide"]

_HALVING_BLOCKS = (1, 3)
"""Train blocks that have been seen at the end of each halving step."""

_SPENDING_BLOCKS = (3, 6)
"""The same where something spent is to fall: only what the incumbent solves is measured of them."""


class Entrant(NamedTuple):
    """A proposal in a contest."""

    number: int
    candidate: Candidate


@dataclass
class StageResult:
    """How a stage ended for an entrant."""

    verdict: Verdict
    stage: Stage
    reason: str
    differences: dict[str, Estimate] = field(default_factory=dict)
    e_value: float | None = None
    pairs: int = 0
    tested: tuple[Sample, ...] = ()


class Contest:
    """Decides a batch. A function of the entrants, the incumbent and the records."""

    def __init__(
        self,
        measuring: Measuring,
        schedule: Schedule,
        *,
        objective: Objective,
        traits: Traits,
        count: Callable[[Sequence[TrialRecord]], int],
        on_stage: Callable[[Entrant, Stage], None],
        on_train: Callable[[Sequence[TrialRecord]], None],
    ) -> None:
        """Wires the contest.

        Args:
            measuring: Gives records.
            schedule: Gives pairs.
            objective: What decides.
            traits: Directions of metrics.
            count: Charges records to the budget and returns how many were new.
            on_stage: Told when an entrant enters a stage.
            on_train: Told the train records that were looked at.
        """
        self._measuring = measuring
        self._schedule = schedule
        self._objective = objective
        self._traits = traits
        self._count = count
        self._on_stage = on_stage
        self._on_train = on_train
        # Spending is compared where both solve. Where outcomes repeat, the rest tells nothing;
        # where they do not, what the incumbent solved once would be too high a bar.
        self._is_about_solved = is_spending(objective.metric) and traits.is_deterministic

    def expect(self, candidates: Sequence[Candidate], generation: int) -> None:
        """Queues the first trials of a batch that is up next."""
        block = self._train_block(generation, 0)
        first = block[:1] if self._is_about_solved else block
        self._measuring.expect(candidates, first, is_next=False)

    def halve(
        self, entrants: Sequence[Entrant], incumbent: Candidate, generation: int
    ) -> tuple[Entrant | None, dict[int, StageResult], dict[int, int]]:
        """Returns the finalist, the results of all others, and the trials each cost."""
        results: dict[int, StageResult] = {}
        trials = dict.fromkeys((entrant.number for entrant in entrants), 0)
        alive = self._smoke(entrants, generation, results, trials)
        seen: list[Pair] = []
        for blocks in _SPENDING_BLOCKS if self._is_about_solved else _HALVING_BLOCKS:
            if not alive:
                return None, results, trials
            seen = self._train_blocks(generation, blocks)
            alive = self._round(alive, incumbent, seen, results, trials)
        for entrant in alive[1:]:
            results[entrant.number] = StageResult(
                Verdict.UNDECIDED,
                "halving",
                "promising, but a sibling did better; may be tried again",
            )
        return (alive[0] if alive else None), results, trials

    def gate(
        self, finalist: Entrant, incumbent: Candidate, generation: int
    ) -> tuple[StageResult, int]:
        """Returns what the paired test on fresh seeds decides, and the trials it cost."""
        self._on_stage(finalist, "gate")
        blocks = self._objective.rule.max_blocks if self._schedule.has_fresh_seeds else 1
        stream, pairs = f"gate{generation}", list[Pair]()
        sides = [finalist.candidate, incumbent]
        cost = 0
        for index in range(blocks):
            pairs += self._schedule.block("validation", stream, index)
            if index + 1 < blocks:
                after = self._schedule.block("validation", stream, index + 1)
                self._measuring.expect(sides, after, is_next=True)
            found = self._measuring.on_all(sides, pairs)
            mine, theirs = found[finalist.candidate.digest], found[incumbent.digest]
            cost += self._count([*mine, *theirs])
            reading = read_gate(
                mine,
                theirs,
                objective=self._objective,
                traits=self._traits,
                blocks=index + 1,
                is_last=index + 1 == blocks,
            )
            if reading.verdict is not None:
                break
        self._measuring.forget_expected()
        assert reading.verdict is not None
        result = StageResult(
            reading.verdict,
            "gate",
            reading.reason,
            differences(mine, theirs, self._traits),
            reading.e_value,
            reading.pairs,
            reading.tested,
        )
        return result, cost

    def _smoke(
        self,
        entrants: Sequence[Entrant],
        generation: int,
        results: dict[int, StageResult],
        trials: dict[int, int],
    ) -> list[Entrant]:
        """Returns the entrants that run at all, after one trial each."""
        unprepared = self._measuring.prepare([entrant.candidate for entrant in entrants])
        able = [entrant for entrant in entrants if entrant.candidate.digest not in unprepared]
        for entrant in entrants:
            trials[entrant.number] += self._count(self._measuring.preparation(entrant.candidate))
            if failed := unprepared.get(entrant.candidate.digest):
                results[entrant.number] = _broken("prepare", failed)
        pair = self._train_block(generation, 0)[:1]
        found = self._measuring.on_all([entrant.candidate for entrant in able], pair)
        alive = []
        for entrant in able:
            self._on_stage(entrant, "smoke")
            (record,) = found[entrant.candidate.digest]
            trials[entrant.number] += self._count([record])
            if record.fate.is_judged or record.fate is Fate.INFRA:
                alive.append(entrant)
            else:
                results[entrant.number] = _broken("its first trial", record)
        return alive

    def _round(
        self,
        alive: Sequence[Entrant],
        incumbent: Candidate,
        pairs: Sequence[Pair],
        results: dict[int, StageResult],
        trials: dict[int, int],
    ) -> list[Entrant]:
        """Measures all on the pairs and returns the promising better half, best first."""
        # The incumbent comes first and keeps its traces: what fails in it is what to mend.
        self._measuring.expect([incumbent], pairs, is_next=True, trace="unsolved")
        by_digest = {entrant.candidate.digest: entrant for entrant in alive}
        siblings = [entrant.candidate for entrant in alive]
        if self._is_about_solved:
            theirs = self._measuring.on(incumbent, pairs)
            pairs = self._solved(theirs, pairs) or pairs
            found = self._measuring.on_all(siblings, pairs)
        else:
            found = self._measuring.on_all([incumbent, *siblings], pairs)
            theirs = found[incumbent.digest]
        for records in (theirs, *found.values()):
            self._on_train(records)
        shared = self._count(theirs)
        ranking = standings(
            {digest: found[digest] for digest in by_digest},
            theirs,
            objective=self._objective,
            traits=self._traits,
        )
        survivors: list[Entrant] = []
        for place, (digest, standing) in enumerate(ranking.items()):
            entrant = by_digest[digest]
            trials[entrant.number] += self._count(found[digest]) + shared
            shared = 0
            self._on_stage(entrant, "halving")
            if standing.is_promising and place < (len(alive) + 1) // 2:
                survivors.append(entrant)
                continue
            results[entrant.number] = StageResult(
                Verdict.UNDECIDED if standing.is_promising else Verdict.DISCARDED,
                "halving",
                _halving_reason(standing.keeps_guards, standing.gain),
                differences(found[digest], theirs, self._traits),
                pairs=len(pairs),
                tested=self._tested(found[digest], theirs),
            )
        return survivors

    def _tested(
        self, mine: Sequence[TrialRecord], theirs: Sequence[TrialRecord]
    ) -> tuple[Sample, ...]:
        metric, lower = self._objective.metric, self._objective.direction == "lower"
        gain = improvements(mine, theirs, metric, lower_is_better=lower)
        return sample_of(metric, gain, blocks=1)

    def _solved(self, records: Sequence[TrialRecord], pairs: Sequence[Pair]) -> list[Pair]:
        """Returns the pairs of which the records solve at least a part."""
        metric = self._objective.metric
        return [
            pair
            for record, pair in zip(records, pairs, strict=True)
            if any(reading.is_solved for reading in readings(record, metric))
        ]

    def _train_block(self, generation: int, index: int) -> list[Pair]:
        return self._schedule.block("train", f"halving{generation}", index)

    def _train_blocks(self, generation: int, count: int) -> list[Pair]:
        return self._schedule.blocks("train", f"halving{generation}", count)


def _broken(what: str, record: TrialRecord) -> StageResult:
    verdict = Verdict.UNDECIDED if record.fate is Fate.INFRA else Verdict.INVALID
    return StageResult(verdict, "smoke", f"{what} {record.fate.value}: {record.reason}")


def _halving_reason(keeps_guards: bool, gain: float) -> str:
    if not keeps_guards:
        return "a guard looked broken on train tasks"
    if gain > 0:
        return f"better by {gain:.3f} on train tasks, but siblings did better; may be tried again"
    return f"no better than the incumbent on train tasks ({gain:+.3f})"


def decide(entrant: Entrant, incumbent: Candidate, result: StageResult, trials: int) -> Decision:
    """Returns the record of how an entrant ended."""
    candidate = entrant.candidate
    return Decision(
        number=entrant.number,
        candidate=candidate.digest,
        incumbent=incumbent.digest,
        source=candidate.source,
        label=candidate.label,
        verdict=result.verdict,
        stage=result.stage,
        reason=result.reason,
        differences=result.differences,
        e_value=result.e_value,
        tested=result.tested,
        pairs=result.pairs,
        trials=trials,
    )
