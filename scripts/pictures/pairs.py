"""What common seeds take away: the same edit of the quickstart's target, paired and not."""

from __future__ import annotations

import numpy as np

from agentlab.core.objective import PairedRule
from agentlab.measure.noise import pairing_of
from agentlab.measure.pairing import FloatArray
from scripts.pictures.quickstart import GAIN, play
from scripts.pictures.svg import Axes, Ink, Picture, Scale, percent

__all__ = ["pairs"]

_EDITED = 0.18
_EDGES = np.arange(-30.5, 32.0, 2.0) / 30
"""Around every two values: success is counted in minutes of thirty."""


def pairs() -> str:
    """Returns the picture."""
    blocks = PairedRule().max_blocks
    target = play(GAIN, range(blocks))
    paired = (play(_EDITED, range(blocks)) - target).ravel()
    unpaired = (play(_EDITED, range(blocks, 2 * blocks)) - target).ravel()
    share = pairing_of(float(paired.std()), float(unpaired.std()))
    assert share is not None
    picture = Picture(
        f"One edit (GAIN {GAIN:g} -> {_EDITED:g}), {paired.size} comparisons: "
        "what common seeds buy",
        height=390,
        told=f"Paired on task and seed, the differences have a standard deviation of "
        f"{paired.std():.2f}; on other seeds {unpaired.std():.2f}.",
    )
    across = Scale(-1, 1, (-1, -0.5, 0, 0.5, 1), "", "{:+g}")
    _histogram(picture, across, 82, paired, "first", "same house, same weather (paired)")
    across = across._replace(title="difference in success of one comparison")
    _histogram(picture, across, 226, unpaired, "second", "same house, other weather (unpaired)")
    picture.text(
        20,
        374,
        f"Pairing takes {percent(share)} of the variance away: without it the same certainty costs "
        f"{1 / (1 - share):.0f} times the trials.",
    )
    return picture.render()


def _histogram(
    picture: Picture, across: Scale, top: float, values: FloatArray, ink: Ink, title: str
) -> None:
    counts, _ = np.histogram(values, _EDGES)
    most = int(-(-counts.max() // 50) * 50)
    axes = Axes(picture, 76, top, 600, 82, across, Scale(0, most, (0, most), "count"))
    axes.draw(title)
    for count, low, high in zip(counts, _EDGES, _EDGES[1:], strict=False):
        picture.box(
            axes.x(low) + 0.5,
            axes.y(count),
            axes.x(high) - axes.x(low) - 1,
            axes.top + axes.height - axes.y(count),
            ink,
        )
    words = f"mean {values.mean():+.2f}, standard deviation {values.std():.2f}"
    picture.text(axes.left + axes.width, top - 12, words, anchor="end", ink=ink)
