"""Press a button down and keep it there."""

from __future__ import annotations

from ..instance import Instance
from ..variation import Draw
from .kind import Kind

__all__ = ["KIND"]


def _draw(draw: Draw) -> Instance:
    top = draw.uniform(0.13, 0.18) if draw.is_unseen else draw.uniform(0.05, 0.12)
    x, y = draw.start()
    # A box that has nothing to do with it.
    other = draw.box(draw.apart([(x, y)]))
    return Instance(
        boxes=(other,),
        places=(),
        steps=80,
        button=(x, y, top),
        conditions=draw.conditions(),
        noise_seed=draw.noise_seed(),
    )


KIND = Kind(
    name="press_button",
    instruction="Press the button down and keep it pressed.",
    draw=_draw,
    unseen="high buttons",
)
