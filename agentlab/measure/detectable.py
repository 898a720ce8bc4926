"""How small an improvement the gate can see, and what it takes to see a smaller one.

The rule is played on made-up data rather than put into a formula: that of a test with one look is
off by half, since the e-process is looked at after every block, its bets end at the whole stake,
and the gate gives up where an improvement seems out of reach.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from agentlab.core.decision import Sample
from agentlab.measure.evidence import FUTILITY_Z
from agentlab.measure.pairing import FloatArray

__all__ = ["POWER", "Design", "blocks_needed", "detectable_improvement", "is_detectable"]

POWER = 0.8
"""How often what is there shall be seen."""

_GAMES = 400
_BETS = np.linspace(0.01, 0.99, 33)
"""Every third bet of the e-process: its mixture hardly changes."""

_STEPS = 10


class Design(NamedTuple):
    """How the gate looks at a candidate."""

    clusters_per_block: int
    blocks: int
    alpha: float
    worthwhile: float
    """An improvement that must stay in reach, or the gate gives up; 0 never gives up."""


def detectable_improvement(design: Design, *, spread: float, is_binary: bool) -> float | None:
    """Returns the smallest true improvement that the gate keeps in 4 of 5 games; None: not even 1.

    Args:
        design: How it looks.
        spread: Standard deviation of the improvements of clusters.
        is_binary: Whether every cluster is a win, a loss or a tie.
    """

    def is_seen(mean: float) -> bool:
        return is_detectable(mean, design, spread=spread, is_binary=is_binary)

    low, high = 0.0, 1.0
    if not is_seen(high):
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_seen(middle) else (middle, high)
    return high


def is_detectable(mean: float, design: Design, *, spread: float, is_binary: bool) -> bool:
    """Returns whether the gate keeps a true improvement of this mean in 4 of 5 games."""
    games = _games(mean, spread, design, is_binary=is_binary)
    return list(_kept_by_block(games, design, is_binary=is_binary))[-1] >= POWER


def blocks_needed(design: Design, sample: Sample) -> int | None:
    """Returns after how many blocks 4 of 5 games see what a sample estimates.

    Args:
        design: How the gate looks; `blocks` is the most that is tried, and it never gives up.
        sample: What was seen of a candidate, taken for the truth.

    Returns:
        None where it is out of reach, or nothing to see.
    """
    if sample.mean + sample.margin <= 0:
        return None
    patient, scale = design._replace(worthwhile=0.0), sample.scale
    mean, spread, margin = sample.mean / scale, sample.spread / scale, sample.margin / scale
    games = _games(mean, spread, patient, is_binary=sample.is_binary)
    shares = _kept_by_block(games, patient, is_binary=sample.is_binary, margin=margin)
    for block, kept in enumerate(shares, start=1):
        if kept >= POWER:
            return block
    return None


def _games(mean: float, spread: float, design: Design, *, is_binary: bool) -> FloatArray:
    """Returns made-up improvements of clusters, shape (games, blocks, clusters per block)."""
    random = np.random.default_rng(1)
    shape = (_GAMES, design.blocks, design.clusters_per_block)
    if not is_binary:
        return np.clip(mean + spread * random.standard_normal(shape), -1.0, 1.0)
    # Wins and losses; no fewer wins than it takes to have this mean.
    decided = min(1.0, max(spread**2 + mean**2, abs(mean)))
    drawn = random.random(shape)
    wins = (decided + mean) / 2
    return np.where(drawn < wins, 1.0, np.where(drawn < decided, -1.0, 0.0))


def _kept_by_block(
    games: FloatArray, design: Design, *, is_binary: bool, margin: float = 0.0
) -> Iterator[float]:
    """Yields the share of games that the gate has kept after each block."""
    wealth = np.zeros((len(games), _BETS.size))
    kept, gone = np.zeros(len(games), dtype=bool), np.zeros(len(games), dtype=bool)
    for block in range(design.blocks):
        going_on = np.flatnonzero(~kept & ~gone)
        if not going_on.size:
            yield float(kept.mean())
            continue
        seen = games[going_on, : block + 1]
        wealth[going_on] += _growth(seen[:, block], margin, is_binary=is_binary)
        highest = wealth[going_on].max(axis=1)
        mean = np.exp(wealth[going_on] - highest[:, None]).mean(axis=1)
        if design.worthwhile:
            gone[going_on] = _reach(seen) < design.worthwhile
        is_shown = highest + np.log(mean) >= -math.log(design.alpha)
        kept[going_on] = ~gone[going_on] & is_shown
        yield float(kept.mean())


def _growth(clusters: FloatArray, margin: float, *, is_binary: bool) -> FloatArray:
    """Returns what a block adds to the log wealth of each bet, shape (games, bets)."""
    if not is_binary:
        shifted = (clusters + margin) / (1.0 - margin)
        grown: FloatArray = np.log1p(shifted[:, :, None] * _BETS).sum(axis=1)
        return grown
    # Wins, losses and ties are counted: a logarithm for each of three outcomes, not for each game.
    counts = [(clusters == outcome).sum(axis=1)[:, None] for outcome in (-1.0, 0.0, 1.0)]
    worth = [np.log1p((o + margin) / (1.0 - margin) * _BETS) for o in (-1.0, 0.0, 1.0)]
    total: FloatArray = sum(
        (count * each for count, each in zip(counts, worth, strict=True)),
        start=np.zeros((len(clusters), _BETS.size)),
    )
    return total


def _reach(games: FloatArray) -> FloatArray:
    """Returns the most that the true improvement may plausibly be, as the gate reckons it."""
    seen = games.reshape(len(games), -1)
    if seen.shape[1] < 2:
        return np.ones(len(games))
    error = seen.std(axis=1, ddof=1) / math.sqrt(seen.shape[1])
    reach: FloatArray = seen.mean(axis=1) + FUTILITY_Z * error
    return reach
