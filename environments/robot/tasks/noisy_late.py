"""Move a box that is seen badly with an arm that acts late."""

from __future__ import annotations

from ..instance import Instance
from ..variation import Draw, on_table
from .kind import Kind

__all__ = ["KIND"]


def _draw(draw: Draw) -> Instance:
    box = draw.box(draw.start())
    return Instance(
        boxes=(box,),
        places=(on_table(0, box, draw.apart([(box.x, box.y)])),),
        steps=125,
        conditions=draw.conditions(noise_m=0.008, delay_steps=4 if draw.is_unseen else 3),
        noise_seed=draw.noise_seed(),
    )


KIND = Kind(
    name="noisy_late",
    instruction="Put the red box at the goal and leave it there; the arm is late.",
    draw=_draw,
    unseen="later arms",
)
