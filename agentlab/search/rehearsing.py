"""Runs the trials before the first proposal: few, bounded, and where it can those of the search.

The target is measured on the train pairs that the first batch will be halved on, so the search asks
for these again and finds them. Beside them it is run a second time on some, and on as many go the
agents whose success is known beforehand and typed edits of the target, which show how candidates
differ from it. All together take at most a tenth of any cap of the budget: what they tell is worth
about as much as one more batch in ten, and a run that they stop is spared the other nine tenths.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate, Files, TargetSpec
from agentlab.core.environment import Traits, Yardstick
from agentlab.core.objective import Objective
from agentlab.core.trial import Pair, TrialRecord
from agentlab.measure.metrics import is_spending, readings
from agentlab.measure.rehearsal import Rehearsal
from agentlab.search.budget import Budget
from agentlab.search.measuring import Measuring
from agentlab.search.schedule import Schedule

__all__ = ["EDITS", "NULL_AGENT", "Cast", "rehearse", "yardstick_candidate"]

EDITS = 3
"""Typed edits that are tried, at most."""

NULL_AGENT: Files = {
    "agent.py": b"def solve(goal, tools):\n    return None\n\n\n"
    b"def prepare(goal, tools):\n    return None\n"
}
"""Gives up at once."""

_SHARE = 0.1
"""Part of each cap of the budget that this may take."""

_MOST_TRIALS = 120
_FEWEST_PAIRS, _MOST_PAIRS = 24, 40
"""Pairs of the target: enough for a spread, no more than the first batch needs."""

_BLOCKS = 3
"""Train blocks that the first batch is halved on."""

_COMPARED = 12
"""Pairs on which something is compared with the target."""


class Cast(NamedTuple):
    """Who is measured."""

    target: Candidate
    edits: Sequence[Candidate]
    yardsticks: Mapping[Yardstick, Candidate]


def yardstick_candidate(name: Yardstick, files: Files, target: TargetSpec) -> Candidate:
    """Returns a yardstick as a candidate, under the entry names that an experiment uses."""
    own = files["agent.py"]
    placed = dict(files)
    entries = [(target.entry, "solve"), (target.prepare or "agent.py:prepare", "prepare")]
    for entry, called in entries:
        path, _, function = entry.partition(":")
        placed.setdefault(path, own)
        if function != called:
            placed[path] += f"\n{function} = {called}\n".encode()
    return Candidate(files=placed, source="yardstick", label=name)


def rehearse(
    measuring: Measuring,
    schedule: Schedule,
    cast: Cast,
    *,
    objective: Objective,
    traits: Traits,
    budget: Budget,
    slots: int,
) -> Rehearsal:
    """Measures what a run should know before its first proposal.

    A function of the schedule and of the records: a run that goes on measures none of it twice.

    Args:
        measuring: Gives records; the target is prepared already.
        schedule: Gives pairs.
        cast: Who is measured.
        objective: Whose metric the edits are compared in.
        traits: Whether repetitions are there to find noise, or to prove that there is none.
        budget: What the whole run may spend.
        slots: Trials at one time, each of which has the seconds of the budget.
    """
    target, has_seeds = cast.target, schedule.has_fresh_seeds
    first = schedule.block("train", "halving0", 0)[:_MOST_PAIRS]
    blocks = max(_BLOCKS, math.ceil(_FEWEST_PAIRS / len(first)))
    pairs = schedule.blocks("train", "halving0", blocks)[:_MOST_PAIRS]
    # Of fixed data these are the pairs of the gate, and of the final measurement.
    fixed = [] if has_seeds else schedule.block("validation", "gate0", 0)[:_MOST_PAIRS]
    measuring.expect([target], fixed, is_next=True)
    measured = measuring.on(target, first, trace="unsolved")
    validation = measuring.on(target, fixed)
    spent = [*measured, *validation]
    purse = _Purse(budget, spent, measuring.preparation(target), slots=slots)

    compared = pairs[:_COMPARED]
    named = [(name, cast.yardsticks[name]) for name in sorted(cast.yardsticks)]
    yardsticks = {n: c for n, c in named if purse.take_all(len(compared) + purse.preparation)}
    # A repetition that must agree needs few pairs; one that measures noise needs more.
    wanted = _COMPARED if traits.is_deterministic else 2 * _COMPARED
    more = purse.take(len(pairs) - len(first))
    seen = pairs[: len(first) + more]
    again = seen[: purse.take(min(wanted, len(seen)))]
    edits = [e for e in cast.edits if purse.take_all(len(compared) + purse.preparation)]

    unprepared = measuring.prepare([*yardsticks.values(), *edits])
    able = {name: each for name, each in yardsticks.items() if each.digest not in unprepared}
    measuring.expect([target], seen, is_next=True, trace="unsolved")
    measuring.expect([target], again, is_next=True, repetition=1)
    measuring.expect(list(able.values()), compared, is_next=True)
    measured = measuring.on(target, seen, trace="unsolved")
    known = {
        name: measuring.on(each, compared) if name in able else [unprepared[each.digest]]
        for name, each in yardsticks.items()
    }
    return Rehearsal(
        target=measured,
        again=measuring.on(target, again, repetition=1),
        edits=_edits(
            [edit for edit in edits if edit.digest not in unprepared],
            measuring,
            _telling(measured, seen, objective.metric),
        ),
        null=known.get("null", []),
        oracle=known.get("oracle", []),
        validation=validation,
    )


class _Purse:
    """How many trials may still be run; all are taken to cost what the first did."""

    def __init__(
        self,
        budget: Budget,
        spent: Sequence[TrialRecord],
        preparation: Sequence[TrialRecord],
        *,
        slots: int,
    ) -> None:
        used = [*spent, *preparation]
        wall_s = sum(record.usage.wall_s for record in used)
        cost_usd = sum(record.usage.cost_usd for record in used)
        tokens = sum(r.usage.prompt_tokens + r.usage.completion_tokens for r in used)
        caps = [
            (budget.trials, float(len(spent))),
            (budget.wall_s, wall_s / slots),
            (budget.cost_usd, cost_usd),
            (budget.tokens, float(tokens)),
        ]
        shares = [used / (cap * _SHARE) for cap, used in caps if cap is not None]
        per_trial = max(shares, default=0.0) / max(1, len(spent))
        left = _MOST_TRIALS - len(spent)
        if per_trial > 0:
            left = min(left, math.floor((1 - per_trial * len(spent)) / per_trial))
        self._left = max(0, left)
        trial_s = sum(record.usage.wall_s for record in spent) / max(1, len(spent))
        prepared_s = sum(record.usage.wall_s for record in preparation)
        self.preparation = math.ceil(prepared_s / trial_s) if trial_s else len(preparation)
        """A preparation, counted in trials."""

    def take(self, wanted: int) -> int:
        """Returns how many trials are granted, of so many wanted."""
        granted = max(0, min(wanted, self._left))
        self._left -= granted
        return granted

    def take_all(self, wanted: int) -> bool:
        """Returns whether so many are granted; if not, none is."""
        return wanted <= self._left and self.take(wanted) == wanted


def _edits(
    edits: Sequence[Candidate], measuring: Measuring, pairs: Sequence[Pair]
) -> list[list[TrialRecord]]:
    """Returns the records of edits on the pairs, those left out that break on each."""
    found = measuring.on_all(edits, pairs)
    return [
        records
        for records in (found[edit.digest] for edit in edits)
        if any(record.fate.is_judged for record in records)
    ]


def _telling(records: Sequence[TrialRecord], pairs: Sequence[Pair], metric: str) -> list[Pair]:
    """Returns the pairs to compare on: of what is spent, those first that the target solves."""
    if not is_spending(metric):
        return list(pairs[:_COMPARED])
    solved = [
        pair
        for record, pair in zip(records, pairs, strict=True)
        if any(reading.is_solved for reading in readings(record, metric))
    ]
    return (solved or list(pairs))[:_COMPARED]
