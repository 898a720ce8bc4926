"""A small scene of every kind of shape, and an episode in it: an arm that carries a box."""

from __future__ import annotations

from typing import Any

import numpy as np

from environments.robot.physics import mujoco
from environments.robot.pictures import Frame

__all__ = ["arm_model", "episode"]

_SCENE = """
<mujoco>
  <asset>
    <material name="orange" rgba=".93 .5 .2 1"/>
    <mesh name="wedge" vertex="0 0 0  .06 0 0  0 .06 0  0 0 .06"/>
  </asset>
  <worldbody>
    <light pos="0 0 3" dir="0 0 -1"/>
    <geom type="plane" size="1 1 .1" rgba=".82 .84 .87 1"/>
    <geom name="wall" type="box" size=".015 .12 .06" pos=".35 0 .06" rgba=".55 .6 .7 1"/>
    <geom name="wedge" type="mesh" mesh="wedge" pos="0 -.3 .03" rgba=".6 .3 .6 1"/>
    <geom name="hidden" type="sphere" size="9" group="3"/>
    <body>
      <geom type="cylinder" size=".07 .03" pos="0 0 .03" rgba=".2 .22 .26 1"/>
      <body pos="0 0 .06">
        <joint axis="0 0 1"/>
        <geom type="capsule" fromto="0 0 0 0 0 .14" size=".045" rgba=".95 .95 .96 1"/>
        <site name="touch" type="box" size=".2 .2 .2"/>
        <body pos="0 0 .16">
          <joint axis="0 1 0"/>
          <geom type="capsule" fromto="0 0 0 0 0 .26" size=".035" material="orange"/>
          <geom type="ellipsoid" size=".05 .04 .04" pos="0 0 .26" rgba=".25 .27 .3 1"/>
        </body>
      </body>
    </body>
    <body name="box" pos=".25 .1 .025">
      <freejoint/>
      <geom name="box" type="box" size=".025 .025 .025" mass=".2" rgba=".15 .5 .85 1"/>
    </body>
  </worldbody>
</mujoco>
"""


def arm_model() -> Any:  # Any: mujoco comes without types
    return mujoco.MjModel.from_xml_string(_SCENE)


def episode(steps: int = 80, step_s: float = 0.04) -> list[Frame]:
    """Returns frames of an arm that turns and bows, and of a box that is lifted over the wall."""
    frames = []
    for step in range(steps + 1):
        share = step / steps
        arm = [0.4 - 0.8 * share, 0.5 + 0.6 * share]
        lift = 0.12 * np.sin(np.pi * share)
        box = [0.25 + 0.2 * share, 0.1 - 0.22 * share, 0.025 + lift]
        frames.append(Frame(step * step_s, np.array([*arm, *box, 1.0, 0.0, 0.0, 0.0])))
    return frames
