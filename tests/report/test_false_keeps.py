"""Luck in words."""

from __future__ import annotations

from agentlab.core.objective import PairedRule
from agentlab.core.result import Canaries, ErrorBudget, Remeasured, RunResult
from agentlab.measure.false_keeps import canaries_of
from agentlab.report.false_keeps import curse_lines, false_keep_lines
from agentlab.report.markdown import to_markdown
from agentlab.report.record import RunRecord
from agentlab.report.sections import summary_lines
from tests.report.conftest import estimate
from tests.report.test_terminal import screen_of

CANARIES = Canaries(
    asked=6,
    at_gate=5,
    kept=1,
    varied=6,
    rate=estimate(1 / 6, 0.1),
    expected=0.05,
    tail=0.049,
    trials=300,
    is_seeded=True,
)
PROMISED = ErrorBudget(tested=7, false_keeps=0.07)


def result(**changes: object) -> RunResult:
    given = {"run": "r", "status": "completed", "verdict": "v", "rule": "paired"}
    return RunResult.model_validate({**given, **changes})


def test_a_rule_tells_what_it_promises_of_the_tests_that_it_made() -> None:
    assert false_keep_lines(result(error_budget=PROMISED)) == (
        "error budget of 'paired' over 7 tests: if no proposal were better, at most 0.07 kept on "
        "average",
    )
    strict = ErrorBudget(tested=7, false_keeps=0.02, fdr=0.1)
    (line,) = false_keep_lines(result(error_budget=strict, rule="strict"))
    assert line.endswith("of all that is kept, at most 10 % false on average")
    assert false_keep_lines(result()) == ()


def test_canaries_tell_their_rate_how_they_were_made_and_what_was_promised() -> None:
    seen, promised = false_keep_lines(result(canaries=CANARIES))
    assert seen == (
        "canaries: 1 of 6 kept, 16.7 % [6.67 %, 26.7 %]; 5 came to the gate; each a copy of the "
        "incumbent on other seeds of the same tasks, so that outcomes differ and their mean does "
        "not"
    )
    assert promised.startswith(
        "'paired' promises at most 0.05 on average; 1 or more have an exact chance of 0.049 at its "
        "level, if canaries were independent"
    )


def test_where_no_canary_ran_that_is_told() -> None:
    none = canaries_of([], PairedRule(), is_seeded=True, are_wanted=True)
    assert none is not None
    assert false_keep_lines(result(canaries=none)) == (
        "canaries: none ran, the search had too few batches; nothing is known of the gate",
    )


def test_what_canaries_cannot_tell_is_told() -> None:
    some = CANARIES.model_copy(update={"varied": 4, "is_seeded": False})
    lines = false_keep_lines(result(canaries=some))
    assert "outcomes were dealt anew among the items" in lines[0]
    assert lines[1].startswith("2 of them had no outcome that differed from the incumbent's")
    untested = CANARIES.model_copy(update={"expected": None, "tail": None})
    lines = false_keep_lines(result(canaries=untested, rule="greedy"))
    assert lines[1:] == ("'greedy' is no test and promises nothing about false keeps",)


def test_the_winners_curse_is_what_the_gate_saw_and_what_is_left_of_it() -> None:
    found = Remeasured(
        metric="success", at_gate=estimate(0.25, 0.1), again=estimate(0.125, 0.1), on="validation"
    )
    assert curse_lines(result(remeasured=found)) == (
        "success: the gate saw +0.25 [+0.15, +0.35]; measured again on fresh validation seeds "
        "+0.12 [+0.02, +0.23]; the second minus the first: -0.12",
    )
    (line,) = curse_lines(result(remeasured=found.model_copy(update={"on": "test"})))
    assert "measured again on the sealed test" in line
    assert curse_lines(result()) == ()


def test_screen_and_report_have_both_and_the_trials_add_up(hostile_record: RunRecord) -> None:
    changes = {"canaries": CANARIES, "error_budget": PROMISED}
    record = hostile_record._replace(result=hostile_record.result.model_copy(update=changes))
    assert "False keeps" in screen_of(record)
    assert "canaries: 1 of 6 kept" in screen_of(record)
    assert "## False keeps" in to_markdown(record)
    assert "300 on canaries; 196 on the baseline" in summary_lines(record)[1]
