"""How far a result may be luck: the rule's promise, what canaries saw, the winner's curse."""

from __future__ import annotations

from agentlab.core.counting import counted
from agentlab.core.result import Canaries, ErrorBudget, RunResult
from agentlab.report.format import count, difference
from agentlab.report.sections import metric_name

__all__ = ["curse_lines", "false_keep_lines"]


def false_keep_lines(result: RunResult) -> tuple[str, ...]:
    """Returns what the rule promises and what canaries say of it; nothing if neither is known."""
    lines: list[str] = []
    if result.error_budget is not None:
        lines.append(_promised(result.error_budget, result.rule))
    if result.canaries is not None:
        lines += _seen(result.canaries, result.rule)
    return tuple(lines)


def curse_lines(result: RunResult) -> tuple[str, ...]:
    """Returns the gain that the gates saw beside the one that was measured where nobody chose."""
    found = result.remeasured
    if found is None:
        return ()
    where = "on fresh validation seeds" if found.on == "validation" else "on the sealed test"
    shrunk = found.again.estimate - found.at_gate.estimate
    return (
        f"{metric_name(found.metric)}: the gate saw {difference(found.at_gate)}; measured again "
        f"{where} {difference(found.again)}; the second minus the first: {shrunk:+.2g}",
    )


def _promised(budget: ErrorBudget, rule: str) -> str:
    if budget.fdr is not None:
        return (
            f"error budget of '{rule}' over {counted(budget.tested, 'test')}: of all that is "
            f"kept, at most {_percent(budget.fdr)} false on average"
        )
    return (
        f"error budget of '{rule}' over {counted(budget.tested, 'test')}: if no proposal were "
        f"better, at most {budget.false_keeps:.2g} kept on average"
    )


def _seen(canaries: Canaries, rule: str) -> list[str]:
    what = (
        "each a copy of the incumbent on other seeds of the same tasks"
        if canaries.is_seeded
        else "each a copy of the incumbent whose outcomes were dealt anew among the items"
    )
    if not canaries.asked:
        return ["canaries: none ran, the search had too few batches; nothing is known of the gate"]
    rate = canaries.rate
    lines = [
        f"canaries: {canaries.kept} of {count(canaries.asked)} kept, {_percent(rate.estimate)} "
        f"[{_percent(rate.low)}, {_percent(rate.high)}]; {count(canaries.at_gate)} came to the "
        f"gate; {what}, so that outcomes differ and their mean does not"
    ]
    if canaries.varied < canaries.asked:
        lines.append(
            f"{count(canaries.asked - canaries.varied)} of them had no outcome that differed from "
            "the incumbent's: those say nothing of the gate"
        )
    if canaries.expected is None or canaries.tail is None:
        return [*lines, f"'{rule}' is no test and promises nothing about false keeps"]
    return [
        *lines,
        f"'{rule}' promises at most {canaries.expected:.2g} on average; {canaries.kept} or more "
        f"have an exact chance of {canaries.tail:.2g} at its level, if canaries were independent "
        "(they share the incumbent's trials, so false keeps would come together)",
    ]


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"
