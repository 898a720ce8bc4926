"""The scene as MuJoCo reads it: an arm, a gripper, boxes, a wall, a button, all of primitives.

What makes another model is the structure alone; sizes, masses and places are written into a
compiled model (`simulator.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from .arm import FOREARM_M, HAND_M, SHOULDER_M, UPPER_ARM_M

__all__ = [
    "ARM_JOINTS",
    "COLOURS",
    "CONTROL_S",
    "PALM_M",
    "SUBSTEPS",
    "TIMESTEP_S",
    "Structure",
    "scene_xml",
]

TIMESTEP_S = 0.004
SUBSTEPS = 10
CONTROL_S = SUBSTEPS * TIMESTEP_S
"""From one action to the next: 25 Hz."""

PALM_M = 0.07
"""From the wrist to the palm; the fingers begin there."""

ARM_JOINTS = ("turn", "shoulder", "elbow", "pitch", "roll")

COLOURS = {"red": ".8 .1 .1 1", "green": ".1 .6 .2 1", "blue": ".15 .3 .85 1"}
"""The boxes, in their order."""

# Bits of what may touch: arm and hand do not touch each other, and the forearm touches walls only.
_TABLE, _BOX, _HAND, _WALL = 1, 2, 4, 8


class Structure(NamedTuple):
    """What is in the scene beside arm and table."""

    boxes: int = 1
    has_wall: bool = False
    has_button: bool = False


def scene_xml(structure: Structure) -> str:
    """Returns the scene's MJCF."""
    return f"""<mujoco model="robot">
<compiler angle="radian"/>
<option timestep="{TIMESTEP_S}" integrator="implicitfast" cone="elliptic" impratio="10">
 <flag midphase="disable"/>
</option>
<visual>
 <global offwidth="640" offheight="480"/><quality shadowsize="0"/><map znear=".02"/>
</visual>
<default>
 <joint damping="2" armature="0.1"/>
 <geom contype="0" conaffinity="0" density="900"/>
 <default class="pad">
  <geom type="box" friction="1.5 .02 .001" condim="4" solimp=".95 .99 .001" solref=".01 1"
   contype="{_HAND}" conaffinity="{_TABLE | _BOX | _WALL}" mass="0.05"/>
 </default>
 <default class="box">
  <geom type="box" friction=".8 .01 .001" condim="4" mass=".2"
   contype="{_BOX}" conaffinity="{_TABLE | _BOX | _HAND | _WALL}"/>
 </default>
</default>
<worldbody>
 <light pos=".3 -.6 1.6" dir="0 .4 -1" diffuse=".8 .8 .8"/>
 <camera name="main" pos="1.25 -.75 .75" xyaxes=".55 .83 0 -.33 .22 .92"/>
 <geom name="floor" type="plane" pos="0 0 -.75" size="3 3 .1" rgba=".55 .58 .62 1"
  contype="{_TABLE}" conaffinity="{_BOX}"/>
 <geom name="table" type="box" pos=".45 0 -.02" size=".5 .5 .02" rgba=".85 .8 .7 1"
  friction=".1 .01 .001" condim="4" contype="{_TABLE}" conaffinity="{_BOX | _HAND}"/>
{_arm()}
{"".join(_box(number, colour) for number, colour in _colours(structure))}
{_WALL_XML if structure.has_wall else ""}
{_BUTTON_XML if structure.has_button else ""}
</worldbody>
<contact>
 <exclude body1="hand" body2="left"/><exclude body1="hand" body2="right"/>
 <exclude body1="left" body2="right"/>
</contact>
<actuator>
 <position joint="turn" kp="400" kv="40" forcerange="-90 90"/>
 <position joint="shoulder" kp="600" kv="60" forcerange="-90 90"/>
 <position joint="elbow" kp="400" kv="40" forcerange="-60 60"/>
 <position joint="pitch" kp="120" kv="12" forcerange="-25 25"/>
 <position joint="roll" kp="60" kv="6" forcerange="-15 15"/>
 <position joint="left" kp="600" kv="20" forcerange="-20 20"/>
 <position joint="right" kp="600" kv="20" forcerange="-20 20"/>
</actuator>
<sensor>
 <touch name="left" site="left"/><touch name="right" site="right"/>
{"".join(f'<touch name="{colour}" site="{colour}"/>' for _, colour in _colours(structure))}
 {'<touch name="wall" site="wall"/>' if structure.has_wall else ""}
</sensor>
</mujoco>"""


def _colours(structure: Structure) -> list[tuple[int, str]]:
    return list(enumerate(COLOURS))[: structure.boxes]


def _arm() -> str:
    white, dark = ".9 .9 .9 1", ".3 .3 .35 1"
    return f"""
 <body name="base">
  <geom type="cylinder" size=".06 {SHOULDER_M / 2}" pos="0 0 {SHOULDER_M / 2}" rgba="{dark}"/>
  <body name="shoulder" pos="0 0 {SHOULDER_M}">
   <joint name="turn" axis="0 0 1" range="-2.6 2.6"/>
   <geom type="sphere" size=".06" rgba=".9 .5 .1 1"/>
   <body name="upper_arm" gravcomp="1">
    <joint name="shoulder" axis="0 1 0" range="-2.6 2"/>
    <geom type="capsule" size=".04" fromto="0 0 0 {UPPER_ARM_M} 0 0" rgba="{white}"/>
    <body name="forearm" pos="{UPPER_ARM_M} 0 0" gravcomp="1">
     <joint name="elbow" axis="0 1 0" range="-.1 2.9"/>
     <geom type="capsule" size=".035" fromto="0 0 0 {FOREARM_M} 0 0" rgba="{white}"
      contype="{_HAND}" conaffinity="{_WALL}"/>
     <body name="wrist" pos="{FOREARM_M} 0 0" gravcomp="1">
      <joint name="pitch" axis="0 1 0" range="-3 3"/>
      <geom type="capsule" size=".03" fromto="0 0 0 .06 0 0" rgba="{dark}"
       contype="{_HAND}" conaffinity="{_WALL}"/>
      <body name="hand" pos="{PALM_M} 0 0" gravcomp="1">
       <joint name="roll" axis="1 0 0" range="-4 4"/>
       <geom name="palm" class="pad" size=".01 .07 .02" mass=".2" rgba="{dark}"/>
       <site name="tool" pos="{HAND_M - PALM_M} 0 0" size=".005"/>
       {_finger("left", 1)}
       {_finger("right", -1)}
      </body>
     </body>
    </body>
   </body>
  </body>
 </body>"""


def _finger(name: str, side: int) -> str:
    return f"""<body name="{name}" pos=".04 0 0" gravcomp="1">
        <joint name="{name}" type="slide" axis="0 {side} 0" range="0 .05" damping="20"
         armature="1"/>
        <geom name="{name}" class="pad" pos="0 {0.008 * side} 0" size=".04 .008 .015"
         rgba=".1 .1 .1 1"/>
        <site name="{name}" type="sphere" size=".1" rgba="0 0 0 0"/>
       </body>"""


def _box(number: int, colour: str) -> str:
    rgba = COLOURS[colour]
    return f"""
 <site name="goal_{colour}" type="sphere" size=".015" rgba="{rgba.removesuffix("1")}.5"/>
 <body name="{colour}" pos="{0.35 + 0.12 * number} 0 .025">
  <freejoint name="{colour}"/>
  <geom name="{colour}" class="box" size=".025 .025 .025" rgba="{rgba}"/>
  <site name="{colour}" type="sphere" size=".1" rgba="0 0 0 0"/>
 </body>"""


_WALL_XML = f"""
 <body name="wall" pos=".45 0 .06">
  <geom name="wall" type="box" size=".2 .01 .06" rgba=".5 .45 .6 1" condim="4" mass="0"
   contype="{_WALL}" conaffinity="{_BOX | _HAND}"/>
  <site name="wall" type="sphere" size="1" rgba="0 0 0 0"/>
 </body>"""

_BUTTON_XML = f"""
 <body name="button" pos=".45 0 .04">
  <joint name="button" type="slide" axis="0 0 1" range="-.02 0" stiffness="200" damping="5"
   limited="true"/>
  <geom name="button" type="cylinder" size=".03 .01" mass=".1" rgba=".9 .7 .1 1"
   contype="{_WALL}" conaffinity="{_HAND}"/>
 </body>"""
