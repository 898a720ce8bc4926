"""The simulator: a compiled scene, set to an instance in place, stepped and recorded.

The loop runs some thousand times a second: plain floats, arrays that are there already, and nothing
judged before the episode is over. NumPy and MuJoCo are all that it needs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from math import atan2, cos, sin, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arm import WORKSPACE, forward, inverse
from .instance import Instance
from .model import (
    ARM_JOINTS,
    COLOURS,
    CONTROL_S,
    SUBSTEPS,
    TIMESTEP_S,
    Structure,
    scene_xml,
)
from .physics import mujoco
from .recording import Recording

if TYPE_CHECKING:
    from .camera import Camera

__all__ = [
    "FIELDS",
    "HOME",
    "JOINTS",
    "JOINT_STEP_RAD",
    "MOVE",
    "OPENING_M",
    "REACH_M",
    "STILL",
    "TO",
    "Action",
    "Simulator",
    "goal_of",
]

REACH_M = 0.05
"""How far the tool's set-point moves in one control step at most."""

JOINT_STEP_RAD = 0.2
"""How far a joint's set-point moves in one control step at most."""

OPENING_M = 0.1
"""Between the fingers of an open gripper."""

HOME = (0.4, 0.0, 0.25)
"""Where the tool is at the start."""

MOVE, TO, JOINTS = 0, 1, 2


class Action(NamedTuple):
    """What the arm is told for one control step."""

    mode: int
    """`MOVE`: by so much. `TO`: towards a point. `JOINTS`: towards these angles."""

    target: tuple[float, ...]
    """Metres, or radians of the five joints."""

    yaw: float | None = None
    """Of the tool in the world, radians; None keeps it."""

    opening: float | None = None
    """0 is closed, 1 is open; None keeps it."""


STILL = Action(MOVE, (0.0, 0.0, 0.0))
"""The action that changes nothing: what a delayed arm does first."""

_REACH_SQUARE = REACH_M * REACH_M
(_X_MIN, _X_MAX), (_Y_MIN, _Y_MAX), (_Z_MIN, _Z_MAX) = WORKSPACE
_YAW_MAX = 3.1415
_SUBSTEPS = range(SUBSTEPS)
_ARM = len(ARM_JOINTS)
_BOX = _ARM + 2
"""Where the boxes begin in the coordinates: after the arm and two fingers; 7 numbers each."""


class Simulator:
    """One compiled scene. `reset` makes it an instance; then it is stepped and observed."""

    def __init__(self, structure: Structure) -> None:
        # MuJoCo would write a log file into the current folder; its warnings are read in the end.
        mujoco.set_mju_user_warning(str)
        self.structure = structure
        self.model = mujoco.MjModel.from_xml_string(scene_xml(structure))
        self.data = mujoco.MjData(self.model)
        # Consts are computed in a state of their own.
        self._scratch = mujoco.MjData(self.model)
        self._ids = _Ids(self.model, structure)
        self._gains = self.model.actuator_gainprm[:_ARM, 0].copy()
        self._biases = self.model.actuator_biasprm[:_ARM, 1:3].copy()
        self._qpos, self._ctrl = self.data.qpos, self.data.ctrl
        # Views of the simulator's own memory are copied from in a quarter of an array's time.
        self._state = memoryview(self.data.qpos), memoryview(self.data.sensordata)
        self._set_points = memoryview(self.data.ctrl).cast("B").cast("d")
        self._force = memoryview(self.data.actuator_force)
        self._velocity = memoryview(self.data.actuator_velocity)
        self.boxes_at = range(_BOX, _BOX + 7 * structure.boxes, 7)
        """Where in the coordinates each box begins."""

        self._limits = [tuple(limit) for limit in self.model.jnt_range[:_ARM].tolist()]

    def reset(self, instance: Instance) -> None:
        """Sets the scene to an instance and the arm to its home, at rest."""
        mujoco.mj_resetData(self.model, self.data)
        self.instance = instance
        self._write(instance)
        # Masses change what the model knows of itself: without this the physics are not those of
        # any model.
        mujoco.mj_setConst(self.model, self._scratch)
        x, y, z = self._at = HOME
        self._yaw = 0.0
        joints = inverse(x, y, z, 0.0)
        opening = 0.0 if instance.is_gripper_shut else 1.0
        self._qpos[:_ARM], self._ctrl[:_ARM] = joints, joints
        self._qpos[_ARM:_BOX] = self._ctrl[_ARM:_BOX] = opening * OPENING_M / 2
        for number, box in enumerate(instance.boxes):
            start = _BOX + 7 * number
            turned = (cos(box.yaw / 2), 0.0, 0.0, sin(box.yaw / 2))
            self._qpos[start : start + 7] = (box.x, box.y, box.z, *turned)
        mujoco.mj_forward(self.model, self.data)
        self._queue = deque([STILL] * instance.conditions.delay_steps)
        self._noise: NDArray[np.float64] | None = None
        self._camera: Camera | None = None
        self.goal = goal_of(instance)
        self.steps = 0
        self.effort = 0.0
        self._openings = [opening]
        self._works, self._rows = bytearray(), bytearray()
        for view in self._state:
            self._rows += view

    def step(self, action: Action) -> None:
        """Runs one control step; an action that comes late is done late."""
        queue = self._queue
        if queue:
            queue.append(action)
            action = queue.popleft()
        mode, target, yaw, opening = action
        ctrl = self._set_points
        if mode == JOINTS:
            self._steer_joints(target)
        else:
            if yaw is not None:
                self._yaw = min(max(yaw, -_YAW_MAX), _YAW_MAX)
            x, y, z = self._at
            a, b, c = target
            if mode == TO:
                a, b, c = a - x, b - y, c - z
            square = a * a + b * b + c * c
            if square > _REACH_SQUARE:
                share = REACH_M / sqrt(square)
                a, b, c, square = a * share, b * share, c * share, _REACH_SQUARE
            self.effort += square
            x, y, z = x + a, y + b, z + c
            if not (_X_MIN <= x <= _X_MAX and _Y_MIN <= y <= _Y_MAX and _Z_MIN <= z <= _Z_MAX):
                x = min(max(x, _X_MIN), _X_MAX)
                y = min(max(y, _Y_MIN), _Y_MAX)
                z = min(max(z, _Z_MIN), _Z_MAX)
            self._at = x, y, z
            ctrl[0], ctrl[1], ctrl[2], ctrl[3], ctrl[4] = inverse(x, y, z, self._yaw)
        openings = self._openings
        if opening is not None and not self.instance.is_gripper_shut:
            opening = min(max(opening, 0.0), 1.0)
            ctrl[5] = ctrl[6] = opening * (OPENING_M / 2)
            openings.append(opening)
        else:
            openings.append(openings[-1])
        model, data, force, velocity = self.model, self.data, self._force, self._velocity
        step, works, rows = mujoco.mj_step, self._works, self._rows
        for _ in _SUBSTEPS:
            step(model, data)
            works += force
            works += velocity
        qpos, touch = self._state
        rows += qpos
        rows += touch
        self.steps += 1

    def observe(self, fields: Iterable[str]) -> dict[str, Any]:  # Any: floats and lists of them
        """Returns these fields as the policy sees them, to a tenth of a millimetre."""
        qpos = self._qpos.tolist()
        return {field: _READERS[field](self, qpos) for field in fields}

    @property
    def energy_j(self) -> float:
        """The motors' work so far: force times velocity at every substep, whatever its sign."""
        work = np.frombuffer(self._works).reshape(-1, 2, self.model.nu)
        # Where a state breaks down, so does its energy.
        with np.errstate(over="ignore", invalid="ignore"):
            return float(np.abs(work[:, 0] * work[:, 1]).sum()) * TIMESTEP_S

    def recording(self) -> Recording:
        """Returns what happened so far, for the judge."""
        return Recording.of(
            bytes(self._rows),
            self._openings,
            nq=self.model.nq,
            energy_j=self.energy_j,
            effort=self.effort,
            is_unstable=self._is_unstable(),
        )

    def off(self) -> list[float]:
        """Returns by how much the boxes are seen off now; all of it is drawn at the first look."""
        if self._noise is None:
            self._noise = _noise(self.instance)
        off: list[float] = self._noise[min(self.steps, len(self._noise) - 1)].tolist()
        return off

    def picture(self) -> list[str]:
        """Returns the rows of what the camera sees now."""
        from .camera import Camera

        if self._camera is None:
            self._camera = Camera(self.model, self.instance)
        return self._camera.rows(self._qpos)

    def _is_unstable(self) -> bool:
        """Tells whether MuJoCo gave up on the state, which it then throws away and starts again."""
        warned = any(self.data.warning[kind].number for kind in _FATAL)
        return warned or not bool(np.isfinite(self._qpos).all())

    def _steer_joints(self, target: tuple[float, ...]) -> None:
        ctrl = self._ctrl
        joints = []
        for number, (low, high) in enumerate(self._limits):
            now = float(ctrl[number])
            turn = min(max(target[number] - now, -JOINT_STEP_RAD), JOINT_STEP_RAD)
            joints.append(min(max(now + turn, low), high))
        ctrl[:_ARM] = joints
        x, y, z = forward((joints[0], joints[1], joints[2], joints[3], joints[4]))
        was = self._at
        self.effort += (x - was[0]) ** 2 + (y - was[1]) ** 2 + (z - was[2]) ** 2
        self._at, self._yaw = (x, y, z), joints[0] - joints[4]

    def _write(self, instance: Instance) -> None:
        """Writes an instance into the compiled model."""
        model, ids = self.model, self._ids
        for box, body, geom in zip(instance.boxes, ids.bodies, ids.geoms, strict=True):
            half = box.half_m
            model.geom_size[geom] = half
            model.geom_rbound[geom] = half * sqrt(3)
            model.geom_aabb[geom, 3:] = half
            model.geom_friction[geom, 0] = box.friction
            model.body_mass[body] = box.mass_kg
            # A cube's: m (2h)^2 / 6.
            model.body_inertia[body] = box.mass_kg * half * half * (4 / 6)
        for site in ids.goals:
            model.site_pos[site] = (0.0, 0.0, -1.0)
        for place in instance.places:
            model.site_pos[ids.goals[place.box]] = (place.x, place.y, place.z)
        if instance.wall is not None:
            wall, height = instance.wall, instance.wall.height_m / 2
            size = (wall.half_length_m, wall.half_thickness_m, height)
            model.body_pos[ids.wall_body] = (wall.x, wall.y, height)
            model.geom_size[ids.wall_geom] = size
            model.geom_aabb[ids.wall_geom, 3:] = size
            model.geom_rbound[ids.wall_geom] = sqrt(sum(value * value for value in size))
        if instance.button is not None:
            x, y, z = instance.button
            # Its geom is 1 cm thick to either side of the body.
            model.body_pos[ids.button_body] = (x, y, z - 0.01)
        gain = instance.conditions.gain
        model.actuator_gainprm[:_ARM, 0] = self._gains * gain
        model.actuator_biasprm[:_ARM, 1:3] = self._biases * gain


class _Ids:
    """Where in the model the things are that an instance changes."""

    def __init__(self, model: Any, structure: Structure) -> None:  # Any: a MuJoCo model
        colours = list(COLOURS)[: structure.boxes]
        self.bodies = [model.body(colour).id for colour in colours]
        self.geoms = [model.geom(colour).id for colour in colours]
        self.goals = [model.site(f"goal_{colour}").id for colour in colours]
        self.wall_body = model.body("wall").id if structure.has_wall else -1
        self.wall_geom = model.geom("wall").id if structure.has_wall else -1
        self.button_body = model.body("button").id if structure.has_button else -1


_FATAL = (
    mujoco.mjtWarning.mjWARN_BADQPOS,
    mujoco.mjtWarning.mjWARN_BADQVEL,
    mujoco.mjtWarning.mjWARN_BADQACC,
    mujoco.mjtWarning.mjWARN_BADCTRL,
    mujoco.mjtWarning.mjWARN_CONTACTFULL,
    mujoco.mjtWarning.mjWARN_CNSTRFULL,
)


def goal_of(instance: Instance) -> list[float]:
    """Returns where to: the centres of the boxes' places, else the top of the button."""
    if instance.button is not None:
        return [round(value, 4) for value in instance.button]
    return [round(value, 4) for place in instance.places for value in place[1:]]


def _noise(instance: Instance) -> NDArray[np.float64]:
    """Returns by how much the boxes are seen off, a row for each step from the first."""
    draw = np.random.default_rng(instance.noise_seed)
    size = (instance.steps + 1, 3 * len(instance.boxes))
    return draw.normal(0.0, instance.conditions.noise_m, size)


Coordinates = list[float]


def _told(value: float) -> float:
    """Returns a value to a tenth of a millimetre, in a fifth of the time of `round`.

    >>> _told(0.12345678), _told(-0.00001), _told(-0.0251)
    (0.1235, 0.0, -0.0251)
    """
    return (value * 1e4 + 0.5) // 1 / 1e4


def _tool(_: Simulator, qpos: Coordinates) -> list[float]:
    x, y, z = forward((qpos[0], qpos[1], qpos[2], qpos[3], qpos[4]))
    return [_told(x), _told(y), _told(z)]


def _box(simulator: Simulator, qpos: Coordinates) -> list[float]:
    seen = [value for at in simulator.boxes_at for value in qpos[at : at + 3]]
    if simulator.instance.conditions.noise_m:
        seen = [value + error for value, error in zip(seen, simulator.off(), strict=True)]
    return [_told(value) for value in seen]


def _box_yaw(simulator: Simulator, qpos: Coordinates) -> list[float]:
    return [_told(_yaw_of(qpos[at + 3 : at + 7])) for at in simulator.boxes_at]


def _yaw_of(quaternion: list[float]) -> float:
    w, x, y, z = quaternion
    return atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def _button(simulator: Simulator, qpos: Coordinates) -> float:
    return _told(qpos[-1]) if simulator.structure.has_button else 0.0


_READERS: dict[str, Callable[[Simulator, Coordinates], Any]] = {
    "tool": _tool,
    "tool_yaw": lambda _, qpos: _told(qpos[0] - qpos[4]),
    "joints": lambda _, qpos: [_told(value) for value in qpos[:_ARM]],
    "grip": lambda _, qpos: _told(qpos[_ARM] + qpos[_ARM + 1]),
    "box": _box,
    "box_yaw": _box_yaw,
    "goal": lambda simulator, _: simulator.goal,
    "button": _button,
    "time": lambda simulator, _: round(simulator.steps * CONTROL_S, 2),
    "camera": lambda simulator, _: simulator.picture(),
}
FIELDS = tuple(_READERS)
"""What can be observed."""
