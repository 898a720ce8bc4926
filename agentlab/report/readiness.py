"""What is known before the first proposal, in lines that `check`, a run and its report show."""

from __future__ import annotations

from typing import NamedTuple

from agentlab.core.measured import is_absolute
from agentlab.core.readiness import MetricNoise, Readiness, Subject
from agentlab.report.escape import one_line
from agentlab.report.format import count, duration, figure, improvement

__all__ = ["ReadyLine", "plan_line", "readiness_lines"]


class ReadyLine(NamedTuple):
    """One thing that was measured."""

    name: str
    ok: bool
    detail: str


def readiness_lines(readiness: Readiness) -> tuple[ReadyLine, ...]:
    """Returns a line for each thing that was measured; where a problem is, the line says it."""
    said: dict[Subject, list[str]] = {}
    for problem in readiness.problems:
        said.setdefault(problem.about, []).append(problem.said)
    measured: dict[Subject, str] = {
        "repetition": _repetition(readiness),
        "smallest effect": _smallest(readiness),
        "null agent": _known(readiness.null, "was not measured: the budget is too small"),
        "oracle": _known(readiness.oracle, "the environment offers none"),
    }
    lines = [ReadyLine(f"noise, {found.metric}", True, _noise(found, readiness))
             for found in readiness.noise]  # fmt: skip
    if readiness.beyond:
        held = "; ".join(one_line(guard) for guard in readiness.beyond)
        measured["guards"] = f"the target is beyond {held}: only what holds that at once is kept"
    for about, detail in measured.items():
        lines.append(_line(about, said.pop(about, []), detail, readiness))
    lines += [_line(about, problems, "", readiness) for about, problems in said.items()]
    lines.append(ReadyLine("to see half of it", True, plan_line(readiness)))
    return tuple(lines)


def plan_line(readiness: Readiness) -> str:
    """Returns what it takes to see an improvement half as large as what shows."""
    plan = readiness.plan
    wanted = "to see " + improvement(plan.improvement, is_relative=readiness.is_relative)
    if not plan.has_fresh_seeds:
        return f"{wanted} takes more validation tasks: fixed data have no fresh seeds"
    if plan.seeds is None or plan.trials is None or plan.needed_s is None:
        return f"{wanted} takes more than 20 times as many seeds as are planned"
    cost = "" if plan.cost_usd is None else f" and {plan.cost_usd:.2g} USD ({plan.cost_kind})"
    return (
        f"{wanted} takes {plan.tasks} tasks x {plan.seeds} seeds: {count(plan.trials)} trials, "
        f"about {duration(plan.needed_s)}{cost} for each candidate at the gate"
    )


def _line(about: Subject, problems: list[str], detail: str, readiness: Readiness) -> ReadyLine:
    if not problems:
        return ReadyLine(about, True, detail)
    accepted = " (accepted)" if readiness.is_accepted else ""
    return ReadyLine(about, readiness.is_accepted, "; ".join(problems) + accepted)


def _repetition(readiness: Readiness) -> str:
    pairs = readiness.repeated_pairs
    if not pairs:
        return "was not measured: the budget is too small"
    same = f"the same outcome in {pairs - readiness.differing_pairs} of {pairs} repetitions"
    if readiness.is_deterministic:
        return f"{same}, as the environment says; noise is what differs between seeds"
    return same


def _noise(found: MetricNoise, readiness: Readiness) -> str:
    is_relative = not is_absolute(found.metric)
    parts = [f"mean {figure(found.mean)}"]
    if found.floor is not None:
        apart = improvement(found.floor, is_relative=is_relative).lstrip("+")
        seeds = "on other seeds" if readiness.is_deterministic else "on the same seeds"
        parts.append(f"two measurements of the same agent, {seeds}, lie up to {apart} apart")
    if found.pairing is not None:
        source = (
            f"{count(readiness.edits)} typed edits" if found.edited is not None else "repetition"
        )
        share = f"{abs(found.pairing) * 100:.0f} % of the noise"
        gives = f"take away {share}" if found.pairing >= 0 else f"add {share}"
        parts.append(f"common seeds {gives} (by {source})")
    return "; ".join(parts)


def _smallest(readiness: Readiness) -> str:
    compared = f"{count(readiness.pairs)} paired comparisons"
    if readiness.detectable is None:
        return f"with {compared} not even the largest improvement shows"
    least = improvement(readiness.detectable, is_relative=readiness.is_relative)
    noise = readiness.noise[0]
    source = (
        "of typed edits" if noise.edited is not None else "of other seeds, as no edit told more"
    )
    return (
        f"{compared} show an improvement of {least} four times out of five, with the noise {source}"
    )


def _known(success: float | None, otherwise: str) -> str:
    return otherwise if success is None else f"success {success:.2f}"
