"""The last gate: what paired records on every benchmark say about a winner and an incumbent.

To be no worse on all is an intersection-union test (Berger, "Multiparameter hypothesis testing and
acceptance sampling", Technometrics 1982): each part at its own level keeps the level of the whole.
To be better on at least one is not, so its level is divided by the number of benchmarks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentlab.core.counting import counted
from agentlab.core.decision import Estimate
from agentlab.core.environment import Traits
from agentlab.core.measured import is_absolute
from agentlab.core.objective import AnyGuard, GateRule, Guard, Objective, PairedRule
from agentlab.core.promotion import BenchmarkReport, Evidence, Finding, Policy, Reason, Ruling
from agentlab.core.trial import TrialRecord
from agentlab.measure.contrast import contrast_of_metric
from agentlab.measure.detectable import Design, blocks_needed
from agentlab.measure.evidence import GUARD_ALPHA, Tally
from agentlab.measure.metrics import lower_is_better
from agentlab.measure.rules.choice import rule_of
from agentlab.measure.rules.either import at_half_level
from agentlab.measure.scores import difference_interval, score

__all__ = [
    "DEFAULT_MARGIN",
    "Terms",
    "gain_alpha",
    "level_of",
    "margins_of",
    "read_findings",
    "rule",
]

DEFAULT_MARGIN = 0.05
"""For a metric that no guard gives a margin."""

_FAR = 20
"""As many times the measured blocks as are tried; what takes more is not in sight."""

_MOST_CLUSTERS = 20_000
"""That are played per game, so that a benchmark of many items is answered in seconds."""


class Terms(NamedTuple):
    """What a benchmark asks."""

    objective: Objective
    traits: Traits
    margins: Mapping[str, float]
    """By metric: the objective's and each guard's."""

    gain_alpha: float
    """Level at which a gain is shown."""

    blocks: int | None
    """Seeds per task; None for a fixed data set."""


def margins_of(objective: Objective, given: Mapping[str, float]) -> dict[str, float]:
    """Returns the margin of each metric that is tested, those of the objective first.

    A bound in numbers says nothing of an incumbent, so that its metric has the margin of a metric
    that no guard gives one; a bound such as `<= 1.05x` gives its own.

    Args:
        objective: Metric and guards.
        given: By metric, stronger than the guards.
    """
    aims = (objective.metric, *([objective.then.metric] if objective.then else []))
    margins = dict.fromkeys(aims, DEFAULT_MARGIN)
    margins |= {guard.metric: _margin_of(guard) for guard in objective.guards}
    return margins | {metric: given[metric] for metric in given if metric in margins}


def _margin_of(guard: AnyGuard) -> float:
    """Returns how much worse a guard lets a metric be than the incumbent's."""
    if isinstance(guard, Guard):
        return guard.margin
    worse = guard.limit - 1 if guard.operator == "<=" else 1 - guard.limit
    return worse if guard.is_relative and 0 < worse < 1 else DEFAULT_MARGIN


def level_of(objective: Objective) -> float:
    """Returns the level at which a benchmark's rule shows a gain, or the default one."""
    rule = at_half_level(objective.rule) if objective.then else objective.rule
    return rule.alpha if isinstance(rule, PairedRule | GateRule) else PairedRule().alpha


def gain_alpha(policy: Policy, alpha: float, *, benchmarks: int) -> float:
    """Returns the level at which one of so many benchmarks shows a gain.

    >>> gain_alpha("no_regression", 0.01, benchmarks=4), gain_alpha("beats_all", 0.01, benchmarks=4)
    (0.0025, 0.01)
    """
    return alpha if policy == "beats_all" else alpha / benchmarks


def read_findings(
    winner: Sequence[TrialRecord], incumbent: Sequence[TrialRecord], terms: Terms
) -> tuple[Finding, ...]:
    """Returns what the records show of each metric."""
    objective = terms.objective
    worthwhile = rule_of(objective.rule).worthwhile
    aims = {aim.metric: aim.direction for aim in (objective, objective.then) if aim is not None}
    found = []
    for metric, margin in terms.margins.items():
        is_lower = lower_is_better(metric, terms.traits)
        if metric in aims:
            is_lower = aims[metric] == "lower"
        contrast = contrast_of_metric(metric, lower_is_better=is_lower)
        pairs = contrast.read(winner, incumbent)
        better, unharmed = Tally(metric), Tally(metric, margin=margin)
        for tally in (better, unharmed):
            block = ((pair.cluster, pair.value) for pair in pairs)
            tally.add(block, [pair.task for pair in pairs], scale=contrast.scale)
        clusters = better.clusters.size
        found.append(
            Finding(
                metric=metric,
                margin=margin,
                winner=score(winner, metric),
                incumbent=score(incumbent, metric),
                improvement=difference_interval(metric, better.clusters) if clusters else None,
                clusters=clusters,
                no_regression=_evidence(unharmed, -margin, terms),
                gain=_evidence(better, worthwhile, terms) if metric in aims else None,
            )
        )
    return tuple(found)


def rule(policy: Policy, benchmarks: Sequence[BenchmarkReport]) -> Ruling:
    """Returns what a policy makes of the findings: a function of the record alone.

    Args:
        policy: Which.
        benchmarks: At least one.
    """
    unharmed = [
        _Question(report, f, f.no_regression) for report in benchmarks for f in report.findings
    ]
    gains = [
        _Question(report, f, f.gain) for report in benchmarks for f in report.findings if f.gain
    ]
    shown = [gain for gain in gains if gain.evidence.answer == "yes"]
    hopeless = [gain for gain in gains if gain.evidence.answer == "no"]
    worse = [question for question in unharmed if question.evidence.answer == "no"]
    if policy == "no_regression":
        no_gain = hopeless if len(hopeless) == len(gains) else []
        open_gains = [] if shown else [gain for gain in gains if gain.evidence.answer == "open"]
    else:
        no_gain = hopeless
        open_gains = [gain for gain in gains if gain.evidence.answer == "open"]
    refused = [*map(_is_worse, worse), *map(_no_gain, no_gain)]
    if refused:
        return Ruling(verdict="refused", reasons=tuple(refused))
    open_regressions = [question for question in unharmed if question.evidence.answer == "open"]
    undecided = [*map(_may_be_worse, open_regressions), *map(_may_be_better, open_gains)]
    if undecided:
        return Ruling(verdict="undecided", reasons=tuple(undecided))
    return Ruling(verdict="promoted", reasons=tuple(map(_gained, shown)))


class _Question(NamedTuple):
    benchmark: BenchmarkReport
    finding: Finding
    evidence: Evidence

    def reason(self, text: str) -> Reason:
        return Reason(benchmark=self.benchmark.name, metric=self.finding.metric, text=text)


def _evidence(tally: Tally, least: float, terms: Terms) -> Evidence:
    """Returns whether more than minus the margin is shown, or `least` is out of reach."""
    alpha = GUARD_ALPHA if tally.margin else terms.gain_alpha
    log_e = tally.log_e
    if log_e >= math.log(1 / alpha):
        answer, needed = "yes", None
    elif tally.reach < least:
        answer, needed = "no", None
    else:
        answer, needed = "open", _blocks_needed(tally, terms, alpha=alpha)
    return Evidence.model_validate(
        {
            "answer": answer,
            "e_value": math.exp(min(log_e, 700.0)),
            "e_needed": 1 / alpha,
            "blocks_needed": needed,
        }
    )


def _blocks_needed(tally: Tally, terms: Terms, *, alpha: float) -> int | None:
    if terms.blocks is None or not tally.clusters.size:
        return None
    (sample,) = tally.sample
    per_block = max(1, round(sample.clusters / terms.blocks))
    most = max(terms.blocks + 1, min(_FAR * terms.blocks, _MOST_CLUSTERS // per_block))
    found = blocks_needed(Design(per_block, most, alpha, 0.0), sample)
    return max(found, terms.blocks + 1) if found else None


def _is_worse(question: _Question) -> Reason:
    return question.reason(f"worse by more than {question.finding.margin:g}: {_seen(question)}")


def _no_gain(question: _Question) -> Reason:
    return question.reason(f"no gain worth having is in reach: {_seen(question)}")


def _may_be_worse(question: _Question) -> Reason:
    beyond = f"a loss of more than {question.finding.margin:g} is not ruled out"
    return question.reason(f"{beyond}: {_seen(question)}; {_more(question)}")


def _may_be_better(question: _Question) -> Reason:
    return question.reason(
        f"a gain is neither shown nor ruled out: {_seen(question)}; {_more(question)}"
    )


def _gained(question: _Question) -> Reason:
    return question.reason(f"better: {_seen(question)}")


def _seen(question: _Question) -> str:
    finding, evidence = question.finding, question.evidence
    if finding.improvement is None:
        return "there is nothing to compare"
    e_value = f"e = {evidence.e_value:,.3g} of {evidence.e_needed:,.3g}"
    return (
        f"{_signed(finding.improvement, finding.metric)}, {e_value}, "
        f"{counted(finding.clusters, 'cluster')}"
    )


def _signed(improvement: Estimate, metric: str) -> str:
    """Returns an improvement with its interval, in percent where it is relative."""
    scale, unit = (1, "") if is_absolute(metric) else (100, " %")
    middle, low, high = (
        f"{scale * number:+.3g}"
        for number in (improvement.estimate, improvement.low, improvement.high)
    )
    return f"{middle}{unit} [{low}, {high}]"


def _more(question: _Question) -> str:
    blocks, needed = question.benchmark.blocks, question.evidence.blocks_needed
    if blocks is None:
        return "a fixed data set has no more to give"
    if question.finding.improvement is None:
        return "on no pair both have a value"
    if needed is None:
        return "if that is true, no number of seeds in sight would show it"
    return (
        f"if that is true, about {needed - blocks} more seeds per task would show it: "
        f"--set measure.final_blocks={needed}"
    )
