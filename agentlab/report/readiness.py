"""What is known before the first proposal, in lines that `check`, a run and its report show."""

from __future__ import annotations

from typing import NamedTuple

from agentlab.core.counting import counted
from agentlab.core.measured import is_absolute
from agentlab.core.readiness import MetricNoise, Readiness, Subject
from agentlab.report.escape import one_line
from agentlab.report.format import duration, figure, improvement

__all__ = ["ReadyLine", "plan_line", "readiness_lines"]


class ReadyLine(NamedTuple):
    """One thing that was measured."""

    name: str
    ok: bool
    detail: str
    word: str = ""
    """What holds where neither "ok" nor its contrary is true: `unknown`, `none`, `accepted`,
    `warning`."""


def readiness_lines(readiness: Readiness) -> tuple[ReadyLine, ...]:
    """Returns a line for each thing that was measured; where a problem is, the line says it."""
    said: dict[Subject, list[str]] = {}
    for problem in readiness.problems:
        said.setdefault(problem.about, []).append(problem.said)
    measured: dict[Subject, ReadyLine] = {
        "repetition": _repetition(readiness),
        "smallest effect": ReadyLine("smallest effect", True, _smallest(readiness)),
        "null agent": _known(
            "null agent", readiness.null, ("was not measured: the budget is too small", "unknown")
        ),
        "oracle": _known("oracle", readiness.oracle, ("the environment offers none", "none")),
    }
    lines = [ReadyLine(f"noise, {found.metric}", True, _noise(found, readiness))
             for found in readiness.noise]  # fmt: skip
    if readiness.beyond:
        held = "; ".join(one_line(guard) for guard in readiness.beyond)
        told = f"the target is beyond {held}: only what holds that at once is kept"
        measured["guards"] = ReadyLine("guards", True, told, "warning")
    for about, line in measured.items():
        problems = said.pop(about, [])
        lines.append(_problem(about, problems, readiness) if problems else line)
    lines += [_problem(about, problems, readiness) for about, problems in said.items()]
    if readiness.undeclared:
        named = ", ".join(one_line(name) for name in readiness.undeclared)
        told = (
            f"reported by the environment's judge but not declared in its traits.metrics: {named}; "
            "nothing reads what is not declared, as Metric(name=..., direction=...)"
        )
        lines.append(ReadyLine("undeclared", True, told, "warning"))
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
        f"{wanted} takes {counted(plan.tasks, 'task')} x {counted(plan.seeds, 'seed')}: "
        f"{counted(plan.trials, 'trial')}, about {duration(plan.needed_s)}{cost} for "
        "each candidate at the gate"
    )


def _problem(about: Subject, problems: list[str], readiness: Readiness) -> ReadyLine:
    if readiness.is_accepted:
        return ReadyLine(about, True, "; ".join(problems) + " (accepted)", "accepted")
    return ReadyLine(about, False, "; ".join(problems))


def _repetition(readiness: Readiness) -> ReadyLine:
    pairs = readiness.repeated_pairs
    if not pairs:
        told = "was not measured: the budget is too small"
        return ReadyLine("repetition", True, told, "unknown")
    same = (
        f"the same outcome in {pairs - readiness.differing_pairs} of {counted(pairs, 'repetition')}"
    )
    if readiness.is_deterministic:
        same += ", as the environment says; noise is what differs between seeds"
    return ReadyLine("repetition", True, same)


def _noise(found: MetricNoise, readiness: Readiness) -> str:
    is_relative = not is_absolute(found.metric)
    parts = [f"mean {figure(found.mean)}"]
    if found.floor is not None:
        apart = improvement(found.floor, is_relative=is_relative).lstrip("+")
        seeds = "on other seeds" if readiness.is_deterministic else "on the same seeds"
        parts.append(f"two measurements of the same agent, {seeds}, lie up to {apart} apart")
    if found.pairing is not None:
        source = (
            counted(readiness.edits, "typed edit") if found.edited is not None else "repetition"
        )
        share = f"{abs(found.pairing) * 100:.0f} % of the noise"
        gives = f"take away {share}" if found.pairing >= 0 else f"add {share}"
        parts.append(f"common seeds {gives} (by {source})")
    return "; ".join(parts)


def _smallest(readiness: Readiness) -> str:
    compared = counted(readiness.pairs, "paired comparison")
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


def _known(about: Subject, success: float | None, otherwise: tuple[str, str]) -> ReadyLine:
    if success is None:
        return ReadyLine(about, True, *otherwise)
    return ReadyLine(about, True, f"success {success:.2f}")
