from __future__ import annotations

from pathlib import Path
from typing import Any

from agentlab.core.rounds import Corners, Coupling, RoundResult
from agentlab.report.markdown import to_markdown
from agentlab.report.record import RunRecord
from agentlab.report.rounds import round_lines
from agentlab.report.sections import summary_lines
from tests.report.conftest import HOSTILE, estimate


def record_with(record: RunRecord, **changes: Any) -> RunRecord:
    coupling = Coupling(
        round=2,
        earlier=("ranking",),
        later=("prompt",),
        proposal=6,
        label=HOSTILE,
        finding="coupled",
        reason="#6 is better with ranking as it came",
        corners=Corners(
            neither=estimate(0.41, 0.05),
            earlier=estimate(0.57, 0.05),
            later=estimate(0.71, 0.05),
            both=estimate(0.49, 0.05),
        ),
        interaction=estimate(-0.38, 0.1),
        e_value=886.8,
        pairs=80,
        trials=580,
    ).model_copy(update=changes)
    first = RoundResult(
        number=1,
        name="ranking",
        open=("ranking",),
        proposals=6,
        kept=1,
        trials=400,
        stopped_by="its share of candidates",
    )
    second = first.model_copy(
        update={"number": 2, "name": "prompt", "open": ("prompt",), "kept": 0, "coupling": coupling}
    )
    result = record.result.model_copy(update={"rounds": (first, second)})
    decisions = tuple(one.model_copy(update={"round": 1}) for one in record.decisions)
    return record._replace(result=result, decisions=decisions)


def test_without_rounds_there_is_nothing_to_say(hostile_record: RunRecord) -> None:
    assert round_lines(hostile_record.result) == ()
    assert "Rounds" not in to_markdown(hostile_record)


def test_each_round_has_a_line_and_a_coupling_its_figures_and_what_to_do(
    hostile_record: RunRecord,
) -> None:
    lines = round_lines(record_with(hostile_record).result)
    assert lines[0] == (
        "1 ranking: 1 of 6 proposals kept with ranking open, 400 trials; ended by its share of "
        "candidates"
    )
    assert lines[2] == "ranking and prompt are coupled: #6 is better with ranking as it came"
    assert lines[3].startswith("ranking as it came: 0.41 [0.36, 0.46], with #6 ")
    assert lines[4].startswith("ranking changed: 0.57 [0.52, 0.62], with #6 ")
    assert lines[5] == "interaction -0.38 [-0.48, -0.28] on 80 pairs, e-value 887, 580 trials"
    assert "{open: [prompt], earlier: open}" in lines[6]


def test_what_was_tuned_together_or_is_not_coupled_needs_no_advice(
    hostile_record: RunRecord,
) -> None:
    for changes in ({"is_joint": True}, {"finding": "independent"}, {"finding": "undecided"}):
        lines = round_lines(record_with(hostile_record, **changes).result)
        assert not any("earlier: open" in line for line in lines)


def test_what_a_candidate_calls_itself_is_shown_as_text(
    hostile_record: RunRecord, tmp_path: Path
) -> None:
    record = record_with(hostile_record)
    assert all("\x1b" not in line and "\u202e" not in line for line in round_lines(record.result))
    report = to_markdown(record)
    assert "<img" not in report.replace("\\<img", "")
    assert "| | round | proposal |" in report
    assert "| 1 | 1 | " in report


def test_trials_of_the_test_are_told_apart(hostile_record: RunRecord) -> None:
    (line,) = [one for one in summary_lines(record_with(hostile_record)) if "trials in" in one]
    assert "580 on whether components are coupled" in line
