"""Push a box to a place with a gripper that stays shut."""

from __future__ import annotations

from ..instance import Instance
from ..variation import Draw, on_table
from .kind import Kind

__all__ = ["KIND"]


def _draw(draw: Draw) -> Instance:
    slippery = draw.varied(0.3, 0.1, 0.2) if draw.is_unseen else None
    box = draw.box(draw.start(), friction=slippery)
    return Instance(
        boxes=(box,),
        places=(on_table(0, box, draw.apart([(box.x, box.y)])),),
        steps=180,
        is_gripper_shut=True,
        conditions=draw.conditions(),
        noise_seed=draw.noise_seed(),
    )


KIND = Kind(
    name="push",
    instruction="Push the red box to the goal; the gripper stays closed.",
    draw=_draw,
    unseen="slippery boxes",
)
