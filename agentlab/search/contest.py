"""One batch of siblings against the incumbent: smoke, halving, gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Cause, Decision, Estimate, Sample, Stage, Verdict
from agentlab.core.environment import Traits
from agentlab.core.objective import Objective
from agentlab.core.outcome import Fate
from agentlab.core.trial import Pair, TrialRecord
from agentlab.measure.evidence import Evidence
from agentlab.measure.halving import Standing, is_promising, standings, survivors
from agentlab.measure.metrics import is_spending, readings
from agentlab.measure.rules.choice import rule_for
from agentlab.measure.rules.rule import Case, Look
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule, halving_stream

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
    cause: Cause | None
    differences: dict[str, Estimate] = field(default_factory=dict)
    e_value: float | None = None
    pairs: int = 0
    tested: tuple[Sample, ...] = ()
    saved: dict[str, float] = field(default_factory=dict)


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
        self._rule = rule_for(objective)

    def charge(self, records: Sequence[TrialRecord]) -> None:
        """Charges trials that were looked at before their candidate entered, if it ever did."""
        self._count(records)

    def expect(self, candidates: Sequence[Candidate], generation: int) -> None:
        """Queues the first trials of a batch that is up next."""
        block = self._train_block(generation, 0)
        is_alone = self._is_about_solved or not self._rule.halves
        first = block[:1] if is_alone else block
        self._measuring.expect(candidates, first, is_next=False)

    def halve(
        self, entrants: Sequence[Entrant], incumbent: Candidate, generation: int
    ) -> tuple[Entrant | None, dict[int, StageResult], dict[int, int]]:
        """Returns the finalist, the results of all others, and the trials each cost."""
        results: dict[int, StageResult] = {}
        trials = dict.fromkeys((entrant.number for entrant in entrants), 0)
        alive = self._smoke(entrants, generation, results, trials)
        seen: list[Pair] = []
        for blocks in self._halving_blocks:
            if not alive:
                return None, results, trials
            seen = self._train_blocks(generation, blocks)
            alive = self._round(alive, incumbent, seen, results, trials)
        for entrant in alive[1:]:
            results[entrant.number] = StageResult(
                Verdict.UNDECIDED,
                "halving",
                "promising, but a sibling did better; may be tried again",
                "sibling",
            )
        return (alive[0] if alive else None), results, trials

    def gate(
        self,
        finalist: Entrant,
        incumbent: Candidate,
        generation: int,
        *,
        earlier: Sequence[Decision],
    ) -> tuple[StageResult, int]:
        """Returns what the rule decides, look by look, and the trials it cost.

        Args:
            finalist: Who is looked at.
            incumbent: Whom it is compared with.
            generation: How many were kept before; each has seeds of its own.
            earlier: All decisions of the run so far.
        """
        self._on_stage(finalist, "gate")
        looks = self._looks
        sides = [finalist.candidate, incumbent]
        evidence, hidden = (Evidence(self._objective, self._traits) for _ in range(2))
        cost = 0
        for index, look in enumerate(looks):
            if index + 1 < len(looks):
                after = self._pairs(looks[index + 1], index + 1, generation)
                self._measuring.expect(sides, after, is_next=True)
            found = self._measuring.on_all(sides, self._pairs(look, index, generation))
            mine, theirs = found[finalist.candidate.digest], found[incumbent.digest]
            cost += self._count([*mine, *theirs])
            (hidden if look.is_hidden else evidence).add(mine, theirs)
            case = Case(evidence, hidden, len(looks) - index - 1, earlier)
            reading = self._rule.read(case)
            if reading.verdict is not None:
                break
        self._measuring.forget_expected()
        assert reading.verdict is not None
        result = StageResult(
            reading.verdict,
            "gate",
            reading.reason,
            reading.cause,
            evidence.differences(),
            reading.e_value,
            reading.pairs,
            reading.tested,
            evidence.saved(),
        )
        return result, cost

    @property
    def _halving_blocks(self) -> Sequence[int]:
        if not self._rule.halves:
            return ()
        return _SPENDING_BLOCKS if self._is_about_solved else _HALVING_BLOCKS

    @property
    def _looks(self) -> Sequence[Look]:
        """The looks of the rule; of fresh blocks, fixed data have but one."""
        if self._schedule.has_fresh_seeds:
            return self._rule.looks
        return list(dict.fromkeys(self._rule.looks))

    def _pairs(self, look: Look, index: int, generation: int) -> list[Pair]:
        stream = f"gate{generation}" if look.is_fresh else "gate"
        return self._schedule.block(look.split, stream, index)

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
        worthwhile = self._rule.worthwhile
        going_on = survivors(ranking, worthwhile=worthwhile)
        for digest, standing in ranking.items():
            entrant = by_digest[digest]
            trials[entrant.number] += self._count(found[digest]) + shared
            shared = 0
            self._on_stage(entrant, "halving")
            if digest in going_on:
                continue
            evidence = Evidence(self._objective, self._traits)
            evidence.add(found[digest], theirs)
            results[entrant.number] = StageResult(
                *_left_behind(standing, worthwhile=worthwhile),
                evidence.differences(),
                pairs=len(pairs),
                tested=evidence.gain.sample,
                saved=evidence.saved(),
            )
        return [by_digest[digest] for digest in going_on]

    def _solved(self, records: Sequence[TrialRecord], pairs: Sequence[Pair]) -> list[Pair]:
        """Returns the pairs of which the records solve at least a part."""
        metric = self._objective.metric
        return [
            pair
            for record, pair in zip(records, pairs, strict=True)
            if any(reading.is_solved for reading in readings(record, metric))
        ]

    def _train_block(self, generation: int, index: int) -> list[Pair]:
        return self._schedule.block("train", halving_stream(generation), index)

    def _train_blocks(self, generation: int, count: int) -> list[Pair]:
        return self._schedule.blocks("train", halving_stream(generation), count)


def _broken(what: str, record: TrialRecord) -> StageResult:
    is_ours = record.fate is Fate.INFRA
    return StageResult(
        Verdict.UNDECIDED if is_ours else Verdict.INVALID,
        "smoke",
        f"{what} {record.fate.value}: {record.reason}",
        "our side" if is_ours else "broke",
    )


def _left_behind(standing: Standing, *, worthwhile: float) -> tuple[Verdict, Stage, str, Cause]:
    """Returns how halving ended for an entrant that does not go on."""
    gain = f"{standing.gain:+.3f}"
    if not standing.keeps_guards:
        return Verdict.DISCARDED, "halving", "a guard looked broken on train tasks", "guard"
    if is_promising(standing, worthwhile=worthwhile):
        reason = f"{gain} on train tasks, but siblings did better; may be tried again"
        return Verdict.UNDECIDED, "halving", reason, "sibling"
    reason = f"no better than the incumbent on train tasks ({gain})"
    return Verdict.DISCARDED, "halving", reason, "no better"


def decide(entrant: Entrant, incumbent: Candidate, result: StageResult, trials: int) -> Decision:
    """Returns the record of how an entrant ended; a canary is kept by nobody."""
    candidate = entrant.candidate
    is_false_keep = candidate.is_canary and result.verdict is Verdict.KEPT
    return Decision(
        number=entrant.number,
        candidate=candidate.digest,
        incumbent=incumbent.digest,
        source=candidate.source,
        label=candidate.label,
        verdict=Verdict.DISCARDED if is_false_keep else result.verdict,
        canary=result.verdict if candidate.is_canary else None,
        stage=result.stage,
        reason=f"a false keep: {result.reason}" if is_false_keep else result.reason,
        cause=result.cause,
        differences=result.differences,
        e_value=result.e_value,
        tested=result.tested,
        saved=result.saved,
        pairs=result.pairs,
        trials=trials,
    )
