"""How small an improvement the default rule shows, by the pairs that it may take."""

from __future__ import annotations

import math

from agentlab.core.objective import PairedRule
from agentlab.core.readiness import Readiness
from agentlab.measure.detectable import detectable_improvement
from agentlab.measure.rules.choice import rule_of
from agentlab.measure.rules.rule import Rule
from scripts.pictures.quickstart import readiness
from scripts.pictures.svg import Axes, Ink, Picture, Scale

__all__ = ["power"]

_BLOCKS = (2, 3, 4, 6, 8, 12, 24, 48)


def power() -> str:
    """Returns the picture."""
    known = readiness()
    noise, rule = known.noise[0], rule_of(PairedRule())
    assert noise.edited is not None
    assert noise.reseeded is not None
    assert known.detectable is not None
    picture = Picture(
        "The smallest improvement that is kept four times out of five",
        height=410,
        told=f"With the quickstart's pairing {known.pairs} pairs show {known.detectable:+.3f}.",
    )
    block = known.pairs // len(rule.looks)
    across = Scale(
        block * _BLOCKS[0],
        block * _BLOCKS[-1],
        (24, 48, 96, 192, 384, 576),
        "pairs at the gate, at most",
        "{:,.0f}",
        is_log=True,
    )
    up = Scale(
        0.02, 0.5, (0.02, 0.05, 0.1, 0.2, 0.5), "improvement in success", "{:+g}", is_log=True
    )
    axes = Axes(picture, 76, 56, 596, 280, across, up)
    axes.draw()
    curves: tuple[tuple[float, Ink, str, str], ...] = (
        (noise.reseeded, "second", "9 5", f"unpaired: noise {noise.reseeded:.2f}"),
        (noise.edited, "first", "", f"paired: noise {noise.edited:.2f}"),
    )
    for spread, ink, dashes, words in curves:
        shown = [_shown(rule, block, blocks, spread) for blocks in _BLOCKS]
        found = [
            (block * blocks, least)
            for blocks, least in zip(_BLOCKS, shown, strict=True)
            if least is not None
        ]
        axes.curve(
            [at for at, _ in found], [least for _, least in found], ink, width=2.5, dashes=dashes
        )
        at, least = found[len(found) // 2]
        if ink == "first":
            picture.text(axes.x(at) - 6, axes.y(least) + 14, words, anchor="end", ink=ink)
        else:
            picture.text(axes.x(at) + 6, axes.y(least) - 8, words, ink=ink)
    _mark(axes, known)
    picture.text(
        20,
        398,
        f"Level {PairedRule().alpha:g}, looked at after every {block} pairs, given up when "
        f"{rule.worthwhile:+g} is out of reach.",
        ink="faint",
    )
    return picture.render()


def _shown(rule: Rule, block: int, blocks: int, spread: float) -> float | None:
    design = rule.design(clusters_per_block=block, blocks=blocks, gates=0)
    assert design is not None
    return detectable_improvement(design, spread=spread, is_binary=False)


def _mark(axes: Axes, known: Readiness) -> None:
    """Marks what `agentlab check` said of the quickstart."""
    assert known.detectable is not None
    assert math.isfinite(known.detectable)
    words = f"what `agentlab check` says: {known.detectable:+.3f}"
    x, y = axes.x(known.pairs), axes.y(known.detectable)
    axes.picture.dot(x, y, "ink")
    axes.picture.text(
        x - 10,
        y + 20,
        words,
        anchor="end",
        kind="bold",
    )
