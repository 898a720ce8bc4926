"""Move a box from one place on the table to another."""

from __future__ import annotations

from ..instance import Instance
from ..variation import Draw, on_table
from .kind import Kind

__all__ = ["KIND"]


def _draw(draw: Draw) -> Instance:
    heavy = draw.varied(0.6, 1.0, 1.3) if draw.is_unseen else None
    box = draw.box(draw.start(), mass_kg=heavy)
    return Instance(
        boxes=(box,),
        places=(on_table(0, box, draw.apart([(box.x, box.y)])),),
        steps=100,
        conditions=draw.conditions(),
        noise_seed=draw.noise_seed(),
    )


KIND = Kind(
    name="place",
    instruction="Put the red box at the goal and leave it there.",
    draw=_draw,
    unseen="heavy boxes",
)
