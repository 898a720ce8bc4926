"""Put three boxes, each of a colour, at three places."""

from __future__ import annotations

from ..instance import Instance
from ..variation import Draw, on_table
from .kind import Kind

__all__ = ["KIND"]


def _draw(draw: Draw) -> Instance:
    taken = [draw.start()]
    for _ in range(5):
        taken.append(draw.apart(taken))
    heavy = [draw.varied(0.6, 1.0, 1.2) if draw.is_unseen else None for _ in range(3)]
    boxes = tuple(
        draw.box(at, half_m=draw.varied(0.025, 0.015, 0.03), mass_kg=mass)
        for at, mass in zip(taken, heavy, strict=False)
    )
    pairs = enumerate(zip(boxes, taken[3:], strict=True))
    return Instance(
        boxes=boxes,
        places=tuple(on_table(number, box, at) for number, (box, at) in pairs),
        steps=360,
        conditions=draw.conditions(),
        noise_seed=draw.noise_seed(),
    )


KIND = Kind(
    name="sort_three",
    instruction="Put the red, the green and the blue box each at its goal, in this order of goals.",
    draw=_draw,
    unseen="heavy boxes",
)
