from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.decision import Decision, Estimate, Verdict
from agentlab.core.outcome import Fate, ItemOutcome, Outcome
from agentlab.core.trial import TrialRecord
from agentlab.core.value import Value
from agentlab.store.export import to_csv, to_jsonl

MakeRecord = Callable[..., TrialRecord]


class Cell(Value):
    text: str


def rows(values: list[Value]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(to_csv(values)), newline="")))


def a_decision(number: int) -> Decision:
    return Decision(
        number=number,
        candidate="c",
        incumbent="i",
        source="ideas",
        label="an idea",
        verdict=Verdict.KEPT,
        stage="gate",
        reason="better,\nclearly",
        differences={"success": Estimate(estimate=-0.25, low=-0.5, high=0.0)},
    )


def test_a_line_of_json_is_the_whole_record(record: MakeRecord) -> None:
    records = [record(1, reason="\ud800\nnext line"), record(2, outcome=None)]
    lines = list(to_jsonl(records))
    assert [line.count("\n") for line in lines] == [1, 1]
    assert [TrialRecord.model_validate(json.loads(line)) for line in lines] == records


def test_a_trial_is_a_row_with_its_metrics_as_columns(record: MakeRecord) -> None:
    items = (ItemOutcome(id="q", cluster="g", success=0.5),)
    judged = record(1, outcome=Outcome(success=0.5, metrics={"mrr": 0.25}, items=items))
    broken = record(2, fate=Fate.CRASHED, outcome=None)
    first, second = rows([broken, judged])[::-1]
    assert (first["outcome.success"], first["outcome.metrics.mrr"]) == ("0.5", "0.25")
    assert json.loads(first["outcome.items"])[0]["id"] == "q"
    assert (second["fate"], second["outcome.success"]) == ("crashed", "")
    assert "outcome" not in first
    assert first["usage.tool_calls"] == "3"


def test_a_decision_is_a_row_with_its_intervals_as_columns() -> None:
    (row,) = rows([a_decision(3)])
    assert row["number"] == "3"
    assert row["reason"] == "better,\nclearly"
    assert row["differences.success.estimate"] == "-0.25"


def test_nothing_is_exported_as_nothing() -> None:
    assert list(to_csv([])) == []
    assert list(to_jsonl([])) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_a_formula_is_inert_in_a_spreadsheet(text: str) -> None:
    assert rows([Cell(text=text)]) == [{"text": f"'{text}"}]


@given(text=st.text(st.characters()))
def test_no_text_begins_as_a_formula_nor_breaks_the_table(text: str) -> None:
    (row,) = rows([Cell(text=text)]) or [{"text": ""}]
    assert not row["text"].startswith(("=", "+", "-", "@", "\t", "\r"))
    row["text"].encode()
