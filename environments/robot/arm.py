"""The arm's geometry: five joints and a tool that points down, solved in closed form.

Base yaw, shoulder, elbow, wrist pitch, wrist roll. Positive shoulder, elbow and pitch turn
downwards. The tool's position is the point between the finger tips, 1 cm above their ends.
Everything here is plain floats: it runs once per control step.
"""

from __future__ import annotations

from math import acos, atan2, cos, hypot, pi, sin

__all__ = [
    "FOREARM_M",
    "HAND_M",
    "SHOULDER_M",
    "UPPER_ARM_M",
    "WORKSPACE",
    "Joints",
    "forward",
    "inverse",
    "is_reachable",
]

UPPER_ARM_M = 0.40
FOREARM_M = 0.36
HAND_M = 0.14
"""From the wrist to the tool's position."""

SHOULDER_M = 0.30
"""Height of the shoulder above the table."""

WORKSPACE = ((0.15, 0.70), (-0.45, 0.45), (0.01, 0.45))
"""Least and largest x, y and z to which the tool is sent, metres; further is clipped."""

Joints = tuple[float, float, float, float, float]
"""Angles in the order above, radians."""

_SQUARES = UPPER_ARM_M * UPPER_ARM_M + FOREARM_M * FOREARM_M
_PRODUCT = 2 * UPPER_ARM_M * FOREARM_M


def inverse(x: float, y: float, z: float, yaw: float) -> Joints:
    """Returns the joints that bring the tool to a point; out of reach, the arm is stretched to it.

    Args:
        x: Forward, metres.
        y: To the left, metres.
        z: Above the table, metres.
        yaw: Of the tool in the world, radians.

    Straight ahead, with the elbow at a right angle:

    >>> from math import degrees
    >>> [round(degrees(angle)) for angle in inverse(0.36, 0.0, 0.56, 0.0)]
    [0, -90, 90, 90, 0]
    """
    turn = atan2(y, x)
    reach = hypot(x, y)
    rise = z + (HAND_M - SHOULDER_M)
    cosine = (reach * reach + rise * rise - _SQUARES) / _PRODUCT
    elbow = 0.0 if cosine >= 1.0 else pi if cosine <= -1.0 else acos(cosine)
    shoulder = -atan2(rise, reach) - atan2(
        FOREARM_M * sin(elbow), UPPER_ARM_M + FOREARM_M * cos(elbow)
    )
    return turn, shoulder, elbow, pi / 2 - shoulder - elbow, turn - yaw


def forward(joints: Joints) -> tuple[float, float, float]:
    """Returns the tool's position at these joints, whatever its pitch.

    >>> [round(value, 2) for value in forward((0.0, 0.0, 0.0, 0.0, 0.0))]
    [0.9, 0.0, 0.3]
    """
    turn, shoulder, elbow, pitch, _ = joints
    lower = shoulder + elbow
    hand = lower + pitch
    reach = UPPER_ARM_M * cos(shoulder) + FOREARM_M * cos(lower) + HAND_M * cos(hand)
    fall = UPPER_ARM_M * sin(shoulder) + FOREARM_M * sin(lower) + HAND_M * sin(hand)
    return reach * cos(turn), reach * sin(turn), SHOULDER_M - fall


def is_reachable(x: float, y: float, z: float) -> bool:
    """Tells whether the tool gets to a point of the workspace with the hand pointing down."""
    inside = all(low <= at <= high for at, (low, high) in zip((x, y, z), WORKSPACE, strict=True))
    distance = hypot(hypot(x, y), z + HAND_M - SHOULDER_M)
    return inside and UPPER_ARM_M - FOREARM_M < distance < UPPER_ARM_M + FOREARM_M
