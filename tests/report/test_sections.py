from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.report.record import RunRecord
from agentlab.report.sections import (
    kept_rows,
    next_commands,
    places,
    score_sections,
    shown_path,
    summary_lines,
)


def test_the_sealed_test_comes_after_validation_with_a_row_per_metric(
    hostile_record: RunRecord,
) -> None:
    validation, test = score_sections(hostile_record)
    assert (validation.title, test.title) == ("validation, fresh seeds", "sealed test")
    assert [row.name for row in test.rows] == [
        "success",
        "context tokens",
        "  per solved task",
        "  where both solve",
        "simulated cost, USD",
        "steps",
    ]
    success = test.rows[0]
    assert success.baseline == "0.60 [0.54, 0.66]"
    assert success.winner == "0.77 [0.72, 0.82]"
    assert success.difference == "+0.17 [+0.11, +0.23]"
    assert success.is_clear
    assert not test.rows[1].is_clear


def test_context_per_solved_task_stands_below_context_without_a_difference(
    hostile_record: RunRecord,
) -> None:
    row = score_sections(hostile_record)[1].rows[2]
    assert (row.baseline, row.difference) == ("20.0k [19.1k, 20.9k]", "")


def test_a_split_that_was_not_measured_has_no_section(hostile_record: RunRecord) -> None:
    result = hostile_record.result
    bare = result.model_copy(
        update={name: type(result.baseline)() for name in ("baseline", "winner", "difference")}
    )
    assert score_sections(hostile_record._replace(result=bare)) == ()


def test_what_was_kept_comes_with_its_evidence(hostile_record: RunRecord) -> None:
    (row,) = kept_rows(hostile_record)
    assert row.number == 1
    assert row.evidence == "success +0.17 [+0.11, +0.23], 240 pairs, e-value 334"


def test_the_trials_are_accounted_for(hostile_record: RunRecord) -> None:
    counts, trials, sandbox = summary_lines(hostile_record)
    assert (
        counts == "2 proposals: 1 kept, 1 discarded, 0 undecided, 0 invalid; "
        "ended by budget: wall_s"
    )
    assert trials == (
        "1,000 trials in 7 min 12 s: on proposals that ended 24 at halving, 480 at gate; "
        "496 on the baseline and the final measurement; 3 lost to our side"
    )
    assert "NOT isolated" in sandbox


def test_only_what_exists_is_named_as_a_place(hostile_record: RunRecord) -> None:
    assert [name for name, _ in places(hostile_record)] == ["report"]


def test_commands_name_the_run_as_one_would_type_it(
    hostile_record: RunRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hostile_record.folder.parent)
    commands = [command for _, command in next_commands(hostile_record)]
    assert commands[0] == f"agentlab diff {hostile_record.folder.name}"
    assert shown_path(Path("/somewhere/else")) == "/somewhere/else"


def test_a_run_that_kept_nothing_offers_its_decisions_only(hostile_record: RunRecord) -> None:
    nothing = hostile_record.result.model_copy(update={"kept": ()})
    (command,) = next_commands(hostile_record._replace(result=nothing))
    assert command[1].startswith("agentlab show ")
