from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.decision import Estimate, Sample
from agentlab.core.result import Verified
from agentlab.report.record import RunRecord
from agentlab.report.sections import (
    baseline_names,
    change_lines,
    evidence,
    kept_rows,
    looks_line,
    metric_name,
    next_commands,
    places,
    score_sections,
    shown_path,
    summary_lines,
)
from agentlab.report.tasks import Changes, TaskChange
from agentlab.store.looks import Looks
from tests.report.conftest import estimate


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


def test_a_search_to_compare_with_has_a_column_in_every_row(compared_record: RunRecord) -> None:
    for section in score_sections(compared_record):
        by_name = {row.name: row.others for row in section.rows}
        assert by_name["success"] == ("0.64 [0.58, 0.70]",)
        assert by_name["steps"] == ("",), "it was not told"
        assert all(len(others) == 1 for others in by_name.values())
    assert baseline_names(compared_record.result) == ("random",)


def test_a_search_to_compare_with_tells_its_cost_and_the_lead(compared_record: RunRecord) -> None:
    assert summary_lines(compared_record)[2] == (
        "random, to compare: 1,012 trials for the search's 1,000, 81 proposals, 9 gone on from; "
        "on the test, the winner minus this: +0.13 [+0.08, +0.18]"
    )


def test_only_what_exists_is_named_as_a_place(hostile_record: RunRecord) -> None:
    assert [name for name, _ in places(hostile_record)] == ["report"]


def test_a_folder_with_a_space_is_quoted_in_commands(hostile_record: RunRecord) -> None:
    commands = next_commands(hostile_record._replace(folder=Path.cwd() / "my runs/a-1"))
    assert commands[0][1] == "agentlab diff 'my runs/a-1'"
    assert commands[2][1].startswith("agentlab evaluate 'my runs/a-1'/experiment.yaml --run 'my ")


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


def test_a_test_that_is_sealed_no_more_is_told_with_who_looked(hostile_record: RunRecord) -> None:
    assert looks_line(Looks(by_run=1, by_evaluate=0, earlier=0)) == ""
    looks = Looks(by_run=1, by_evaluate=2, earlier=1)
    line = (
        "the test of this run has been looked at 4 times: 1 by earlier runs on the same instances, "
        "1 by this run, 2 by agentlab evaluate"
    )

    assert looks_line(looks) == line
    assert line in summary_lines(hostile_record._replace(looks=looks))


def test_leaks_that_were_accepted_are_told(hostile_record: RunRecord) -> None:
    result = hostile_record.result.model_copy(update={"accepted_leaks": 3})

    assert any("3 pairs" in line for line in summary_lines(hostile_record._replace(result=result)))
    assert not any("pairs of tasks" in line for line in summary_lines(hostile_record))


@pytest.mark.parametrize(
    ("verified", "line"),
    [
        (
            Verified(answered=240, rerun=12, differing=0, disagrees=False),
            "verified 12 of 240 trials answered from the store: all the same when run again",
        ),
        (
            Verified(answered=240, rerun=12, differing=1, disagrees=True, example="task t: x"),
            "verified 12 of 240 trials answered from the store: THE STORE DISAGREES: 1 came out "
            "otherwise; task t: x",
        ),
        (
            Verified(
                answered=240,
                rerun=12,
                differing=3,
                change=Estimate(estimate=0.1, low=-0.2, high=0.4),
                disagrees=False,
            ),
            "verified 12 of 240 trials answered from the store: 3 came out otherwise, success "
            "+0.10 [-0.20, +0.40], as this world varies",
        ),
        (
            Verified(answered=0, rerun=0, differing=0, disagrees=False),
            "verified 0 of 0 trials answered from the store: nothing to compare",
        ),
    ],
)
def test_trials_that_were_run_again_are_told(
    hostile_record: RunRecord, verified: Verified, line: str
) -> None:
    result = hostile_record.result.model_copy(update={"verified": verified})
    assert line in summary_lines(hostile_record._replace(result=result))
    assert not any("verified" in told for told in summary_lines(hostile_record))


def test_what_was_kept_comes_with_gains_and_losses_by_task(hostile_record: RunRecord) -> None:
    changes = Changes("success", (TaskChange("a", 0.2, 0.8, 5),), ())
    record = hostile_record._replace(changes={1: (changes,)})
    (row,) = kept_rows(record)
    assert row.changes == ("success: + a 0.20 -> 0.80",)
    assert change_lines(record, record.decisions[1]) == ()


def test_a_sum_is_shown_as_it_is_written() -> None:
    assert metric_name("0.8*p_at_12 + 0.2*mrr") == "0.8*p_at_12 + 0.2*mrr"
    assert metric_name("context_tokens") == "context tokens"


def test_where_a_second_aim_decided_its_difference_is_the_evidence(
    hostile_record: RunRecord,
) -> None:
    sample = Sample(
        metric="context_tokens",
        mean=0.4,
        spread=0.1,
        clusters=9,
        blocks=1,
        is_binary=False,
    )
    changes = {"success": estimate(0, 0.1), "context_tokens": estimate(-40, 10)}
    given = {"tested": (sample,), "differences": changes}
    decided = hostile_record.decisions[0].model_copy(update=given)
    assert evidence(decided, "success").startswith("context tokens -40.0 [-50.0, -30.0]")


def test_one_of_a_kind_is_told_in_the_singular(hostile_record: RunRecord) -> None:
    one = hostile_record.result.candidates.model_copy(update={"proposed": 1, "discarded": 0})
    result = hostile_record.result.model_copy(update={"candidates": one, "trials": 1})
    lines = summary_lines(hostile_record._replace(result=result, decisions=()))
    assert lines[0].startswith("1 proposal: 1 kept")
    assert lines[1].startswith("1 trial in ")
    kept = hostile_record.result.kept[0].model_copy(update={"pairs": 1})
    assert ", 1 pair, " in evidence(kept, "success")
