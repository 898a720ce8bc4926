from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.llm.call import CallRecord, CallState
from agentlab.llm.call_log import CallLog, spent_in
from agentlab.llm.purse import Spending


def record(number: int, state: CallState, *, tokens: int = 10) -> CallRecord:
    return CallRecord(
        number=number,
        key="k",
        model="m",
        state=state,
        prompt_tokens=tokens,
        completion_tokens=0,
        cost_usd=tokens / 100,
    )


def log(path: Path, *records: CallRecord) -> None:
    log = CallLog(path)
    for each in records:
        log(each)
    log.close()


def test_what_was_settled_or_lost_is_spent_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "run" / "calls.jsonl"
    log(
        path,
        record(1, "reserved", tokens=99),
        record(1, "settled"),
        record(2, "reserved"),
        record(2, "failed"),
        record(3, "reserved"),
        record(3, "lost", tokens=30),
        record(4, "cached"),
    )

    assert spent_in(path) == pytest.approx((0.4, 40))


def test_a_call_that_a_kill_left_open_may_have_been_paid(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    log(path, record(1, "reserved", tokens=50))
    # The next process counts from 1 again.
    log(path, record(1, "reserved"), record(1, "settled", tokens=5))

    assert spent_in(path) == pytest.approx((0.55, 55))
    assert CallLog(path).spent.tokens == 55


def test_a_line_that_a_kill_cut_is_left_out_and_the_file_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    log(path, record(1, "reserved", tokens=50))
    with path.open("a") as file:
        file.write('{"number": 1, "ke')
    log(path, record(2, "reserved"), record(2, "failed"))

    assert spent_in(path).tokens == 50
    assert len(path.read_text().splitlines()) == 3


def test_a_line_that_is_no_record_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text("{}\n{}\n")

    with pytest.raises(InputError, match=r"calls.jsonl:1: no record"):
        spent_in(path)


def test_no_file_is_nothing_spent(tmp_path: Path) -> None:
    assert spent_in(tmp_path / "none") == Spending()
