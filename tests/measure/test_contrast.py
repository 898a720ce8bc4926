"""Contrasts: what they say of records, and that a bound which does not hold is seldom shown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from agentlab.core.bound import parse_bound
from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.trial import TrialRecord
from agentlab.measure.contrast import Contrast, contrast_of_bound, contrast_of_metric
from agentlab.measure.evidence import Tally
from agentlab.measure.pairing import FloatArray
from tests.measure.conftest import MakeRecords

Draw = Callable[[np.random.Generator], tuple[FloatArray, FloatArray]]

TASKS = 12
SIZES = 100 * np.exp(np.linspace(0, 3, TASKS))
"""Tokens that tasks take: from one to twenty times the least."""


def values(contrast: Contrast, mine: list[TrialRecord], theirs: list[TrialRecord]) -> list[float]:
    return [round(pair.value, 9) for pair in contrast.read(mine, theirs)]


def test_a_limit_is_about_the_candidate_alone(make_records: MakeRecords) -> None:
    contrast = contrast_of_bound(parse_bound("success >= 0.75"))
    assert values(contrast, make_records([1.0, 0.0, None, 0.5]), []) == [0.25, -0.75, -0.25]
    assert contrast.scale == 0.75


def test_a_limit_of_spending_counts_what_was_not_solved(make_records: MakeRecords) -> None:
    contrast = contrast_of_bound(parse_bound("context_tokens <= 100"))
    mine = make_records([1.0, 0.0], context=[40, 900])
    assert values(contrast, mine, make_records([1.0], context=50)) == [60.0, -800.0]
    assert contrast.scale == 1700.0, "twice 900, over 100"


def test_a_multiple_is_about_means_so_that_large_tasks_count_as_large(
    make_records: MakeRecords,
) -> None:
    contrast = contrast_of_bound(parse_bound("context_tokens <= 1.5x"))
    mine = make_records([1.0, 1.0, 0.0], context=[100, 1000, 5])
    theirs = make_records([1.0, 1.0, 1.0], context=[200, 800, 900])
    assert values(contrast, mine, theirs) == [200.0, 200.0], "where both solve"
    assert contrast.scale == 2000.0
    least = contrast_of_bound(parse_bound("success >= 0.9x"))
    assert values(least, make_records([1.0, 0.0]), make_records([0.0, 1.0])) == [1.0, -0.9]
    assert least.scale == 0.9


def test_a_percentile_is_a_share_of_trials(make_records: MakeRecords) -> None:
    contrast = contrast_of_bound(parse_bound("p90(context_tokens) <= 100"))
    mine = make_records([1.0] * 3, context=[100, 101, 10**9])
    assert values(contrast, mine, []) == [0.1, -0.9, -0.9]
    assert contrast.scale == pytest.approx(0.9)
    least = contrast_of_bound(parse_bound("p50(success) >= 1"))
    assert values(least, make_records([1.0, 0.5]), []) == [0.5, -0.5]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("mrr >= 0.5", [-0.5]), ("p95(mrr) <= 1", [-0.95]), ("mrr <= 1", []), ("steps <= 2", [2.0])],
)
def test_to_crash_is_not_to_be_left_out_where_that_would_help(
    make_records: MakeRecords, text: str, wanted: list[float]
) -> None:
    crashed = make_records([0.0], fate=Fate.CRASHED)
    assert values(contrast_of_bound(parse_bound(text)), crashed, []) == pytest.approx(wanted)


def test_a_sum_is_compared_in_its_own_unit(make_records: MakeRecords) -> None:
    contrast = contrast_of_metric("success - 0.001*context_tokens", lower_is_better=False)
    mine = make_records([1.0, 0.0], context=[100, 500])
    theirs = make_records([0.0, 0.0], context=[300, 400])
    assert values(contrast, mine, theirs) == [1.2, -0.1]
    assert contrast.scale == pytest.approx(2.0), "1 of success, 0.001 of twice 500 tokens"


def test_parts_that_are_shares_need_no_guess_how_large_they_are(make_records: MakeRecords) -> None:
    contrast = contrast_of_metric("0.8*success + 0.2*progress", lower_is_better=False)
    mine, theirs = make_records([1.0], progress=0.5), make_records([0.0], progress=1.0)
    assert values(contrast, mine, theirs) == [0.7]
    assert contrast.scale == 1.0


def test_items_of_a_batch_are_each_within_or_beyond() -> None:
    items = tuple(
        ItemOutcome(id=str(place), cluster=f"g{place}", success=1.0, metrics={"mrr": mrr})
        for place, mrr in enumerate((0.25, 1.0))
    )
    record = TrialRecord(
        key="k",
        bench="b",
        candidate="c",
        fate=Fate.SOLVED,
        outcome=Outcome(success=1, items=items),
    )
    found = contrast_of_bound(parse_bound("mrr >= 0.5")).read([record], [])
    assert [(pair.cluster, pair.value) for pair in found] == [("g0", -0.25), ("g1", 0.5)]


def spread(by: float, generator: np.random.Generator) -> FloatArray:
    """Returns factors whose mean is 1."""
    return generator.lognormal(-by * by / 2, by, TASKS)


def apart(by: float, times: float) -> Draw:
    return lambda luck: (times * SIZES * spread(by, luck), SIZES * spread(by, luck))


def alike(by: float, times: float) -> Draw:
    def draw(luck: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        theirs = SIZES * spread(by, luck)
        return times * theirs * spread(0.2, luck), theirs

    return draw


def seldom_much(times: float) -> Draw:
    """One trial of ten takes eight times as much, which the mean does not show elsewhere."""

    def draw(luck: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        theirs = SIZES * spread(0.2, luck)
        return times * theirs * np.where(luck.random(TASKS) < 0.1, 8.0, 1.0) / 1.7, theirs

    return draw


def records_of(contexts: FloatArray, block: int) -> list[TrialRecord]:
    return [
        TrialRecord(
            key="k",
            bench="b",
            candidate="c",
            task=str(task),
            seed=block,
            cluster=f"{block}/{task}",
            fate=Fate.SOLVED,
            outcome=Outcome(success=1),
            usage=Usage(context_tokens=round(context)),
        )
        for task, context in enumerate(contexts)
    ]


def share_held(text: str, draw: Draw, *, runs: int, blocks: int) -> float:
    """Returns in how many runs a bound is shown, or a gain, looked at after every block."""
    is_sum = "=" not in text
    held = 0
    for seed in range(runs):
        luck = np.random.default_rng(seed)
        contrast = (
            contrast_of_metric(text, lower_is_better=False)
            if is_sum
            else contrast_of_bound(parse_bound(text))
        )
        tally = Tally(text)
        for block in range(blocks):
            mine, theirs = draw(luck)
            pairs = contrast.read(records_of(mine, block), records_of(theirs, block))
            tally.add(((pair.cluster, pair.value) for pair in pairs), scale=contrast.scale)
            if tally.holds:
                held += 1
                break
    return held / runs


@pytest.mark.parametrize(
    "draw", [apart(0.3, 1.05), apart(1.0, 1.05), alike(0.5, 1.05), seldom_much(1.05)]
)
def test_a_multiple_that_is_just_passed_is_seldom_shown_however_often_one_looks(
    draw: Draw,
) -> None:
    # 3 of 60 are the bound; a binomial with p = 0.05 stays below 8 in 98 %.
    assert share_held("context_tokens <= 1.05x", draw, runs=60, blocks=16) < 8 / 60


@pytest.mark.parametrize("by", [0.3, 1.0])
def test_a_limit_or_percentile_that_is_just_passed_is_seldom_shown(by: float) -> None:
    draw = apart(by, 1.0)
    limit = f"context_tokens <= {SIZES.mean()}"
    assert share_held(limit, draw, runs=60, blocks=16) < 8 / 60
    pooled = np.concatenate([draw(np.random.default_rng(seed))[0] for seed in range(2000)])
    percentile = f"p90(context_tokens) <= {np.quantile(pooled, 0.9)}"
    assert share_held(percentile, draw, runs=60, blocks=16) < 8 / 60


@pytest.mark.parametrize("draw", [apart(0.3, 1.0), apart(1.0, 1.0), seldom_much(1.0)])
def test_a_sum_that_is_no_better_is_seldom_shown_whatever_its_parts(draw: Draw) -> None:
    text = "success - 0.001*context_tokens"
    assert share_held(text, draw, runs=60, blocks=16) < 8 / 60


def test_a_sum_that_is_better_is_shown() -> None:
    text = "success - 0.001*context_tokens"
    assert share_held(text, apart(0.3, 0.5), runs=10, blocks=30) == 1


def test_what_is_well_within_is_shown() -> None:
    assert share_held("context_tokens <= 1.05x", alike(0.3, 0.6), runs=10, blocks=30) == 1
    assert share_held("context_tokens <= 1200", apart(0.2, 1.0), runs=10, blocks=30) == 1
    assert share_held("p90(context_tokens) <= 3000", apart(0.2, 1.0), runs=10, blocks=30) == 1


@pytest.mark.parametrize(("percentile", "needed"), [(50, 7), (90, 43), (95, 88), (99, 451)])
def test_a_percentile_is_shown_by_so_many_clusters_that_are_all_within(
    percentile: int, needed: int
) -> None:
    contrast = contrast_of_bound(parse_bound(f"p{percentile}(steps) <= 10"))
    within = 1.0 - percentile / 100
    tally = Tally("steps")
    tally.add(((str(place), within) for place in range(needed - 1)), scale=contrast.scale)
    assert not tally.holds
    tally.add([("last", within)], scale=contrast.scale)
    assert tally.holds
