"""Move a box to the other side of a wall: it must go up, across and down."""

from __future__ import annotations

from ..instance import Instance, Wall
from ..variation import Draw, on_table
from .kind import Kind

__all__ = ["KIND"]

_CLEAR_M = 0.14
"""From the middle of the table to the boxes, so that a hand fits between box and wall."""


def _draw(draw: Draw) -> Instance:
    height = draw.varied(0.15, 0.14, 0.17) if draw.is_unseen else draw.varied(0.12, 0.08, 0.13)
    box = draw.box(draw.start(beyond_m=_CLEAR_M))
    across = draw.start(-draw.lane.side, beyond_m=_CLEAR_M)
    return Instance(
        boxes=(box,),
        places=(on_table(0, box, across),),
        steps=125,
        wall=Wall(x=0.46, y=draw.uniform(-0.03, 0.03), height_m=height),
        conditions=draw.conditions(),
        noise_seed=draw.noise_seed(),
    )


KIND = Kind(
    name="place_over_wall",
    instruction="Put the red box at the goal, on the other side of the wall, and leave it there.",
    draw=_draw,
    unseen="high walls",
)
