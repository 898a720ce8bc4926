"""The kinds of tasks, by name."""

from __future__ import annotations

from . import (
    noisy_late,
    place,
    place_air,
    place_over_wall,
    press_button,
    push,
    sort_three,
    stack_two,
)
from .kind import Kind

__all__ = ["KINDS", "Kind"]

KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        place,
        place_over_wall,
        push,
        place_air,
        stack_two,
        sort_three,
        press_button,
        noisy_late,
    )
}
