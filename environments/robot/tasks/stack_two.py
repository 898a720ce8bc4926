"""Put one box upon another."""

from __future__ import annotations

from ..instance import Instance, Place
from ..variation import Draw
from .kind import Kind

__all__ = ["KIND"]


def _draw(draw: Draw) -> Instance:
    high = draw.varied(0.035, 0.04, 0.045) if draw.is_unseen else draw.varied(0.03, 0.025, 0.04)
    first = draw.box(draw.start(), half_m=draw.varied(0.025, 0.015, 0.03))
    # It stays where it is: the heavier of the two.
    second = draw.box(draw.apart([(first.x, first.y)]), half_m=high, mass_kg=1.0)
    on_top = 2 * second.half_m + first.half_m
    return Instance(
        boxes=(first, second),
        places=(Place(0, second.x, second.y, on_top),),
        steps=125,
        conditions=draw.conditions(),
        noise_seed=draw.noise_seed(),
    )


KIND = Kind(
    name="stack_two",
    instruction="Put the red box upon the green box and leave it there.",
    draw=_draw,
    unseen="high stacks",
)
