"""One instance of a task: what lies where, how heavy it is, and under which conditions."""

from __future__ import annotations

from typing import NamedTuple

from .model import Structure

__all__ = ["Box", "Conditions", "Instance", "Place", "Wall"]


class Box(NamedTuple):
    """A cube on the table, or on another."""

    x: float
    y: float
    z: float
    yaw: float = 0.0
    half_m: float = 0.025
    """Half of its edge."""

    mass_kg: float = 0.2
    friction: float = 0.8
    """Against the table; the fingers' pads hold any box alike."""


class Place(NamedTuple):
    """Where a box belongs: its centre."""

    box: int
    """Which box, in their order."""

    x: float
    y: float
    z: float


class Wall(NamedTuple):
    """A wall on the table, along x."""

    x: float
    y: float
    """Of its middle."""

    height_m: float
    half_length_m: float = 0.2
    half_thickness_m: float = 0.01


class Conditions(NamedTuple):
    """What is not as it should be."""

    noise_m: float = 0.0
    """Standard deviation of where a box is seen, per axis and step."""

    delay_steps: int = 0
    """Control steps from an action to when it is done."""

    gain: float = 1.0
    """Stiffness of the arm's motors, relative."""


class Instance(NamedTuple):
    """Everything that a seed decides."""

    boxes: tuple[Box, ...]
    places: tuple[Place, ...]
    """Where boxes belong; empty where a button is to be pressed."""

    steps: int
    """Control steps that there are."""

    wall: Wall | None = None
    button: tuple[float, float, float] | None = None
    """Where the top of the button is."""

    is_gripper_shut: bool = False
    """Whether the gripper stays closed, whatever is asked."""

    conditions: Conditions = Conditions()
    noise_seed: int = 0

    @property
    def structure(self) -> Structure:
        """What model it needs."""
        return Structure(len(self.boxes), self.wall is not None, self.button is not None)
