"""Hold a box still at a point above the table."""

from __future__ import annotations

from ..instance import Instance, Place
from ..variation import Draw
from .kind import Kind

__all__ = ["KIND"]


def _draw(draw: Draw) -> Instance:
    low, high = (0.25, 0.30) if draw.is_unseen else (0.08, 0.22)
    box = draw.box(draw.start())
    x, y = draw.apart([(box.x, box.y)])
    return Instance(
        boxes=(box,),
        places=(Place(0, x, y, box.half_m + draw.uniform(low, high)),),
        steps=100,
        conditions=draw.conditions(),
        noise_seed=draw.noise_seed(),
    )


KIND = Kind(
    name="place_air",
    instruction="Bring the red box to the goal, which is in the air, and hold it there.",
    draw=_draw,
    unseen="high goals",
)
