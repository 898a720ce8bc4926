from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from agentlab.report.runs import RunRow, print_runs

ROW = RunRow(
    "co_optimisation-20261121-173011-2",
    "interrupted, debug",
    "2026-11-21T17:30:11+00:00",
    "1200",
    "14",
    "improved: success 0.31 -> 0.58 on the sealed test, kept 14 of 1200 proposals",
)


def printed(*rows: RunRow, width: int) -> str:
    stream = io.StringIO()
    print_runs(rows, Console(file=stream, width=width, highlight=False, markup=False))
    return stream.getvalue()


def test_where_it_is_wide_everything_is_shown() -> None:
    head, first = printed(ROW, width=200).splitlines()
    assert head.split() == ["run", "status", "started", "proposals", "kept", "verdict"]
    for value in ROW:
        assert value in first


def test_at_80_columns_the_name_stands_whole_and_other_columns_give_way() -> None:
    out = printed(ROW, width=80)
    assert ROW.run in out
    assert out.splitlines()[0].split() == ["run", "status", "verdict"]
    assert "…" not in out
    assert " ".join(out.split()).count("14 of 1200") == 1, "the verdict is wrapped, not cut"


@given(
    st.lists(
        st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}-20261121-173011", fullmatch=True),
        min_size=1,
        max_size=4,
    ),
    st.integers(min_value=20, max_value=200),
)
def test_no_name_is_cut_at_any_width(names: list[str], width: int) -> None:
    lines = printed(*(ROW._replace(run=name) for name in names), width=width).splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")][1:] == names


@pytest.mark.parametrize("width", [20, 80, 200])
def test_what_a_broken_run_says_is_shown_harmless(width: int) -> None:
    out = printed(ROW._replace(verdict="\x1b[2J" * 40, status="unreadable"), width=width)
    assert "\x1b" not in out
