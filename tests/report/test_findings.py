"""What a run found beside its numbers."""

from __future__ import annotations

import pytest

from agentlab.core.front import Front, FrontPoint, Growth
from agentlab.core.result import Survival
from agentlab.report.findings import findings, front_lines, survival_lines
from agentlab.report.record import RunRecord
from tests.report.conftest import estimate

FRONT = Front(
    axes=("success", "context_tokens"),
    slack=0.05,
    points=(
        FrontPoint(
            number=1,
            candidate="c1",
            is_kept=True,
            success=0.17,
            saved={"context_tokens": 0.4},
            pairs=240,
        ),
        FrontPoint(
            number=2,
            candidate="c2",
            is_kept=False,
            success=-0.01,
            saved={"context_tokens": 0.5},
            pairs=12,
        ),
    ),
    hypervolume=0.1,
    growth=(Growth(number=0, hypervolume=0.0025), Growth(number=1, hypervolume=0.1)),
)


def test_the_front_is_told_with_how_it_grew(hostile_record: RunRecord) -> None:
    result = hostile_record.result.model_copy(update={"front": FRONT})
    first, second, grown = front_lines(hostile_record._replace(result=result))
    assert first.endswith("success +0.17, 40 % fewer context tokens, 240 pairs")
    assert second == "#2 two: success -0.01, 50 % fewer context tokens, 12 pairs, not kept"
    assert grown == "hypervolume 0.0025 -> 0.1 (#1), from a reference 0.05 worse than the baseline"
    assert not set(first) & set("\x1b\x07\r\u202e")


def test_a_front_that_says_nothing_is_not_shown(hostile_record: RunRecord) -> None:
    assert front_lines(hostile_record) == ()
    for changes in ({"axes": ("success",)}, {"points": ()}):
        front = FRONT.model_copy(update=changes)
        result = hostile_record.result.model_copy(update={"front": front})
        assert front_lines(hostile_record._replace(result=result)) == ()


def test_a_long_front_is_cut_short(hostile_record: RunRecord) -> None:
    front = FRONT.model_copy(update={"points": FRONT.points[:1] * 11})
    result = hostile_record.result.model_copy(update={"front": front})
    lines = front_lines(hostile_record._replace(result=result))
    assert len(lines) == 8 + 2
    assert lines[8] == "and 3 earlier ones"


def test_what_survives_is_told_with_its_intervals(hostile_record: RunRecord) -> None:
    overfit = Survival(
        metric="success",
        seen_on="train",
        seen=estimate(0.2, 0.05),
        unseen=estimate(-0.14, 0.05),
        gap=estimate(-0.34, 0.07),
        share=estimate(-0.7, 0.3),
    )
    unclear = overfit.model_copy(update={"share": None})
    result = hostile_record.result.model_copy(update={"survival": (overfit, unclear)})
    first, second = survival_lines(result)

    assert first == (
        "success: +0.20 [+0.15, +0.25] on groups seen, -0.14 [-0.19, -0.09] on unseen; "
        "gap -0.34 [-0.41, -0.27]; -70 % of it survives [-100, -40]"
    )
    assert second == first.partition("; -70")[0]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ((0.8, 0.1), "80 % of it survives [70, 90]"),
        ((1.6, 0.2), "all of it survives"),
        ((0.2, 1.6), ""),
    ],
)
def test_a_share_is_told_where_it_means_something(
    hostile_record: RunRecord, share: tuple[float, float], said: str
) -> None:
    found = Survival(
        metric="success",
        seen_on="train",
        seen=estimate(0.2, 0.05),
        unseen=estimate(0.2, 0.05),
        gap=estimate(0.0, 0.07),
        share=estimate(*share),
    )
    (line,) = survival_lines(hostile_record.result.model_copy(update={"survival": (found,)}))
    assert line.partition("0.07]; ")[2] == said
    assert survival_lines(hostile_record.result) == ()


def test_only_blocks_that_tell_something_have_a_title(hostile_record: RunRecord) -> None:
    told = dict(findings(hostile_record))
    assert all(told.values())
    assert "Rounds" not in told
    result = hostile_record.result.model_copy(update={"front": FRONT})
    assert "Front of success, context and cost" in dict(
        findings(hostile_record._replace(result=result))
    )
