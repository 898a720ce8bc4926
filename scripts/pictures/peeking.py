"""Why a test that is looked at often must be made for it: candidates that change nothing."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from agentlab.core.objective import PairedRule
from agentlab.measure.e_process import EProcess
from agentlab.measure.pairing import FloatArray
from scripts.pictures.svg import Axes, Ink, Picture, Scale, percent
from tests.benchmarks.rules.worlds import Plan, World

__all__ = ["Played", "peeking", "play"]

_CANDIDATES, _DRAWN = 1000, 60
_HELPFUL = 5
_GAIN = 0.10
_RULE = PairedRule()


class Played(NamedTuple):
    """Candidates against the target, block by block, with nothing given up."""

    pairs: FloatArray
    """Seen after each block, shape (blocks,)."""

    means: FloatArray
    """Mean improvement so far, shape (candidates, blocks)."""

    log_e: FloatArray
    """Evidence so far, of the same shape."""

    @property
    def ever_shown(self) -> float:
        """The share whose evidence reached the line at one look or another."""
        return float((self.log_e >= -math.log(_RULE.alpha)).any(axis=1).mean())

    @property
    def ever_higher(self) -> float:
        """The share whose score was the higher one at one look or another."""
        return float((self.means > 0).any(axis=1).mean())


def play(gain: float, candidates: int) -> Played:
    """Returns candidates whose true improvement on each of 30 binary tasks is the same."""
    world = World(Plan("binary", 0.1), 0)
    target = world.baseline.validation
    edited = np.clip(target + gain, 0.0, 1.0)
    means, log_e = [], []
    for _ in range(candidates):
        process, total = EProcess(), 0.0
        for block in range(_RULE.max_blocks):
            seeds = world.seeds()
            improvements = world.trials(edited, seeds) - world.trials(target, seeds)
            process, total = process.after(improvements), total + float(improvements.mean())
            means.append(total / (block + 1))
            log_e.append(process.log_e)
    shape = (candidates, _RULE.max_blocks)
    pairs = target.size * np.arange(1.0, _RULE.max_blocks + 1)
    return Played(pairs, np.reshape(means, shape), np.reshape(log_e, shape))


def peeking() -> str:
    """Returns the picture."""
    same, better = play(0.0, _CANDIDATES), play(_GAIN, _CANDIDATES)
    at_once = float((same.means[:, 0] > 0).mean())
    picture = Picture(
        f"{_DRAWN} candidates that change nothing, {_HELPFUL} that gain {_GAIN:.2f} (blue)",
        height=420,
        told=f"{_RULE.max_blocks} looks: of {_CANDIDATES} candidates that change nothing "
        f"{percent(at_once)} score higher at the first look and "
        f"{percent(same.ever_higher)} at one look or another; the evidence of "
        f"{percent(same.ever_shown, digits=1)} ever reaches 100.",
    )
    across = Scale(0, same.pairs[-1], (0, 500, 1000, 1440), "pairs seen")
    scores = Scale(-0.3, 0.3, (-0.2, -0.1, 0, 0.1, 0.2), "difference in success", "{:+g}")
    left = Axes(picture, 76, 78, 250, 230, across, scores)
    left.draw("by score: kept above 0")
    worth = Scale(0.02, 1e5, (0.1, 1, 10, 100, 1000, 10000), "e-value", "{:,g}", is_log=True)
    right = Axes(picture, 424, 78, 250, 230, across, worth)
    right.draw("by evidence: kept at 100")
    for one in range(_DRAWN):
        left.curve(same.pairs, same.means[one], "faint", width=1, opacity=0.45)
        right.curve(same.pairs, np.exp(same.log_e[one]), "faint", width=1, opacity=0.45)
    for one in range(_HELPFUL):
        left.curve(better.pairs, better.means[one], "first", width=1.8)
        # What has left the picture does not come back.
        inside = 1 + int(np.argmax(np.append(better.log_e[one] > math.log(worth.high), True)))
        right.curve(better.pairs[:inside], np.exp(better.log_e[one][:inside]), "first", width=1.8)
    for axes, line in ((left, 0.0), (right, 1 / _RULE.alpha)):
        axes.curve((0, same.pairs[-1]), (line, line), "second", width=2, dashes="7 4")
    in_truth = f"{_GAIN:+.2f} in truth"
    captions: tuple[tuple[Axes, float, str, Ink], ...] = (
        (left, 372, f"nothing changed: {percent(at_once)} at the first look,", "faint"),
        (left, 390, f"{percent(same.ever_higher)} at one look or another", "faint"),
        (left, 408, f"{in_truth}: {percent(better.ever_higher)} at one or another", "first"),
        (right, 372, f"nothing changed: {percent(same.ever_shown, digits=1)} at any look", "faint"),
        (right, 390, f"{in_truth}: {percent(better.ever_shown)} at one or another", "first"),
    )
    for axes, at, words, ink in captions:
        picture.text(axes.left, at, words, ink=ink)
    return picture.render()
