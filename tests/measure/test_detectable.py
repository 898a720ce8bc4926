"""What the gate can see is what it sees when it is played with the rule itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from agentlab.core.decision import Sample
from agentlab.measure.detectable import (
    Design,
    blocks_needed,
    detectable_improvement,
    is_detectable,
)
from agentlab.measure.e_process import log_e_value
from agentlab.measure.pairing import FloatArray

DESIGN = Design(clusters_per_block=20, blocks=12, alpha=0.01, worthwhile=0.02)


def sample(mean: float, spread: float, *, is_binary: bool = True, margin: float = 0.0) -> Sample:
    return Sample(
        metric="success",
        margin=margin,
        mean=mean,
        spread=spread,
        clusters=240,
        blocks=12,
        is_binary=is_binary,
    )


def wins_and_losses(mean: float, decided: float, size: int, seed: int) -> FloatArray:
    shares = [(decided + mean) / 2, 1 - decided, (decided - mean) / 2]
    outcomes = np.array([1.0, 0.0, -1.0])
    return np.random.default_rng(seed).choice(outcomes, size=size, p=shares)


def is_kept(clusters: FloatArray, design: Design) -> bool:
    """The rule itself, as the gate has it: e-value and futility after each block."""
    for block in range(1, design.blocks + 1):
        seen = clusters[: block * design.clusters_per_block]
        reach = seen.mean() + 1.5 * seen.std(ddof=1) / math.sqrt(seen.size)
        if reach < design.worthwhile:
            return False
        if log_e_value(seen) >= math.log(1 / design.alpha):
            return True
    return False


@pytest.mark.parametrize("decided", [0.1, 0.2, 0.4])
@pytest.mark.parametrize("blocks", [4, 12])
def test_what_is_called_detectable_is_kept_in_four_of_five_games(
    decided: float, blocks: int
) -> None:
    design = DESIGN._replace(blocks=blocks)
    least = detectable_improvement(design, spread=math.sqrt(decided), is_binary=True)
    assert least is not None
    decided = max(decided + least**2, least)
    size = blocks * design.clusters_per_block
    games = [is_kept(wins_and_losses(least, decided, size, seed), design) for seed in range(300)]
    assert np.mean(games) == pytest.approx(0.8, abs=0.08)


def test_what_is_called_needed_shows_what_was_estimated_in_four_of_five_games() -> None:
    seen = sample(0.05, math.sqrt(0.2 - 0.05**2))
    blocks = blocks_needed(DESIGN._replace(blocks=200), seen)
    assert blocks is not None
    assert blocks > 12
    design = DESIGN._replace(blocks=blocks, worthwhile=-1.0)
    size = blocks * 20
    games = [is_kept(wins_and_losses(0.05, 0.2, size, seed), design) for seed in range(200)]
    assert np.mean(games) == pytest.approx(0.8, abs=0.09)


def test_more_looks_see_less_and_more_noise_hides_more() -> None:
    def least(blocks: int, spread: float) -> float:
        found = detectable_improvement(
            DESIGN._replace(blocks=blocks), spread=spread, is_binary=True
        )
        assert found is not None
        return found

    assert least(12, 0.4) < least(6, 0.4) < least(3, 0.4)
    assert least(12, 0.3) < least(12, 0.6)


def test_a_graded_metric_without_noise_is_seen_by_its_size_alone() -> None:
    least = detectable_improvement(DESIGN, spread=0.0, is_binary=False)
    assert least == pytest.approx(0.03, abs=0.02)


def test_what_no_improvement_could_show_is_said() -> None:
    tiny = Design(clusters_per_block=4, blocks=1, alpha=0.01, worthwhile=0.02)
    assert detectable_improvement(tiny, spread=0.5, is_binary=True) is None


def test_a_first_block_of_one_cluster_gives_up_on_nothing() -> None:
    single = Design(clusters_per_block=1, blocks=12, alpha=0.01, worthwhile=0.02)
    assert is_detectable(1.0, single, spread=0.0, is_binary=True)
    assert not is_detectable(0.1, single, spread=0.0, is_binary=True)


@pytest.mark.parametrize("mean", [0.0, -0.1])
def test_what_looks_no_better_needs_no_number(mean: float) -> None:
    assert blocks_needed(DESIGN, sample(mean, 0.3)) is None


def test_a_guard_that_holds_by_its_margin_needs_blocks_too() -> None:
    guard = sample(0.0, 0.3, margin=0.05)
    wide = sample(0.0, 0.3, margin=0.1)
    design = DESIGN._replace(blocks=200, alpha=0.05)
    needed, fewer = blocks_needed(design, guard), blocks_needed(design, wide)
    assert needed is not None
    assert fewer is not None
    assert fewer < needed
