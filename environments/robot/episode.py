"""One live episode: what an agent is told, and the calls by which it sees and moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import pi
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from agentlab.core.environment import Episode
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.tool import Tools, tool
from agentlab.errors import ToolError

from . import skills
from .arm import WORKSPACE, inverse, is_reachable
from .instance import Instance
from .judging import HELD_STEPS, TOLERANCE_M, Judgement, judge
from .model import COLOURS, CONTROL_S
from .quality import quality_of
from .ratings import Ratings
from .recording import Recording
from .simulator import (
    JOINTS,
    MOVE,
    OPENING_M,
    REACH_M,
    STILL,
    TO,
    Action,
    Simulator,
    goal_of,
)
from .telling import tell

__all__ = ["RobotEpisode", "Tier"]

Tier = Literal[1, 2, 3]
"""Which tools there are: 3 steps alone, 2 planning as well, 1 whole skills as well."""

Metres = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
Radians = Annotated[float, Field(ge=-2 * pi, le=2 * pi, allow_inf_nan=False)]
Point = Annotated[list[Metres], Field(min_length=3, max_length=3)]
Angles = Annotated[list[Radians], Field(min_length=5, max_length=5)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
FieldName = Literal[
    "tool", "tool_yaw", "joints", "grip", "box", "box_yaw", "goal", "button", "time", "camera"
]
Fields = Annotated[list[FieldName], Field(max_length=10)]

_SKILLS = ("pick", "place")
_PLANNING = ("inverse_kinematics", "plan_waypoints")
_SEEN: list[FieldName] = ["tool", "grip", "box"]


class RobotEpisode(Episode):
    """The simulator holds the truth; what the policy sees may be off, and come late."""

    def __init__(
        self,
        instruction: str,
        instance: Instance,
        simulator: Simulator,
        *,
        tier: Tier = 2,
        ratings: Ratings | None = None,
        give_back: Callable[[Simulator], None],
    ) -> None:
        """Begins at the arm's home.

        Args:
            instruction: What to do, in words.
            instance: What the seed decided.
            simulator: Already reset to the instance.
            tier: Which tools there are.
            ratings: What persons and models said of trajectories.
            give_back: Takes the simulator when the episode is closed.
        """
        self.goal = Goal(instruction=instruction, inputs=_inputs(instance))
        self.instance = instance
        self._simulator = simulator
        self._tier = tier
        self._ratings = ratings
        self._give_back = give_back
        self._recording: Recording | None = None

    @property
    def tools(self) -> Tools:
        """The calls of this tier."""
        left_out = (*_SKILLS, *_PLANNING)[: (0, 2, 4)[self._tier - 1]]
        return Tools({name: made for name, made in Tools.of(self).items() if name not in left_out})

    @tool
    def step(
        self,
        move: Point | None = None,
        to: Point | None = None,
        yaw: Radians | None = None,
        grip: Share | None = None,
        joints: Angles | None = None,
        fields: Fields = _SEEN,
        repeat: Annotated[int, Field(ge=1, le=10)] = 1,
    ) -> JsonValue:
        """Acts for one control step of 40 ms and returns the fields asked for; those are charged.

        Args:
            move: Moves the tool's set-point by so much, metres; 5 cm at most.
            to: Moves it towards this point instead, metres.
            yaw: Turns the tool to this angle in the world, radians; kept until told otherwise.
            grip: 0 closes the gripper, 1 opens it; kept until told otherwise.
            joints: Turns the five joints towards these angles instead, radians; 0.2 at most.
            fields: Of `tool, tool_yaw, joints, grip, box, box_yaw, goal, button, time, camera`; the
                camera's picture is 64 strings, each the base64 of a row of 64 pixels of 3 bytes.
            repeat: Acts so many steps with this, and returns what is seen after the last.
        """
        if move is not None:
            action = Action(MOVE, (move[0], move[1], move[2]), yaw, grip)
        elif to is not None:
            action = Action(TO, (to[0], to[1], to[2]), yaw, grip)
        elif joints is not None:
            action = Action(JOINTS, tuple(joints), yaw, grip)
        else:
            action = Action(MOVE, STILL.target, yaw, grip)
        if (move is not None) + (to is not None) + (joints is not None) > 1:
            raise ToolError("bad_arguments", "step takes one of move=, to= and joints=")
        for _ in range(repeat):
            self._act(action)
        return self._simulator.observe(fields)

    @tool(step=False)
    def observe(self, fields: Fields = _SEEN) -> JsonValue:
        """Returns what is seen now without acting; no time passes."""
        return self._simulator.observe(fields)

    @tool(step=False)
    def inverse_kinematics(self, point: Point, yaw: Radians = 0.0) -> JsonValue:
        """Returns the five joint angles that bring the tool to a point, or None out of reach."""
        x, y, z = point
        if not is_reachable(x, y, z):
            return None
        return [round(angle, 4) for angle in inverse(x, y, z, yaw)]

    @tool(step=False)
    def plan_waypoints(self, start: Point, goal: Point, clearance: Metres = 0.08) -> JsonValue:
        """Returns the points to pass from start to goal, over the wall where it is between them.

        Args:
            start: Where from, metres.
            goal: Where to; the last of the points.
            clearance: How far above the wall's top to pass, metres.
        """
        a, b = (start[0], start[1], start[2]), (goal[0], goal[1], goal[2])
        way = skills.plan(a, b, clearance_m=clearance, wall=self.instance.wall)
        return [list(point) for point in way]

    @tool
    def pick(self, box: Annotated[int, Field(ge=0, le=2)] = 0, fields: Fields = _SEEN) -> JsonValue:
        """Takes hold of a box, lifts it, and returns the fields asked for."""
        if box >= len(self.instance.boxes):
            raise ToolError("no_such_box", f"there are {len(self.instance.boxes)} boxes")
        return self._play(skills.pick(self._simulator, box), fields)

    @tool
    def place(self, goal: Point, fields: Fields = _SEEN) -> JsonValue:
        """Brings what is held to a point, over the wall where there is one, and lets it go."""
        return self._play(skills.place(self._simulator, (goal[0], goal[1], goal[2])), fields)

    def judge(self, answer: JsonValue) -> Outcome:
        """Judges where the boxes are after the arm has kept still; the answer says nothing."""
        instance, recording = self.instance, self.finish()
        found = judge(instance, recording)
        return Outcome(
            success=float(found.is_solved),
            progress=found.progress,
            metrics={
                "success_final": float(found.is_final),
                "success_any": float(found.is_any),
                "time_s": round(found.time_s, 2),
                "energy_j": round(found.energy_j, 4),
                "effort": round(found.effort, 6),
                "peak_contact_n": round(found.peak_contact_n, 2),
                "wall_hits": float(found.wall_hits),
                "drops": float(len(found.drops)),
                "sim_unstable": float(found.is_unstable),
                "quality": self._quality(found),
                **(self._ratings.metrics(recording) if self._ratings is not None else {}),
            },
            feedback=tell(instance, recording, found),
        )

    def finish(self) -> Recording:
        """Keeps the arm still for as long as boxes must stay in place, and returns the record."""
        if self._recording is None:
            for _ in range(HELD_STEPS):
                self._simulator.step(STILL)
            self._recording = self._simulator.recording()
        return self._recording

    def evidence(self) -> Mapping[str, bytes]:
        """Returns a strip of pictures, a clip, and the trajectory of the joints and boxes."""
        from .filming import film

        return film(self.goal.instruction, self.instance, self._simulator.model, self.finish())

    def close(self) -> None:
        """Gives the simulator back."""
        self._give_back(self._simulator)

    def _quality(self, found: Judgement) -> float:
        """Returns the rubric's mean; what was not done has none."""
        if not found.is_solved:
            return 0.0
        return round(quality_of(self.instance, self.finish(), found).mean, 4)

    def _act(self, action: Action) -> None:
        if self._simulator.steps >= self.instance.steps:
            raise ToolError("time_is_up", f"all {self.instance.steps} steps are done")
        self._simulator.step(action)

    def _play(self, actions: Iterator[Action], fields: list[FieldName]) -> JsonValue:
        for action in actions:
            self._act(action)
        return self._simulator.observe(fields)


def _inputs(instance: Instance) -> dict[str, JsonValue]:
    """Returns what may be known beforehand."""
    inputs: dict[str, JsonValue] = {
        "goal": [*goal_of(instance)],
        "boxes": [colour for colour, _ in zip(COLOURS, instance.boxes, strict=False)],
        "half_sizes": [round(box.half_m, 4) for box in instance.boxes],
        "tolerance": TOLERANCE_M,
        "steps": instance.steps,
        "step_s": CONTROL_S,
        "max_move": REACH_M,
        "max_opening": OPENING_M,
        "workspace": [list(limits) for limits in WORKSPACE],
    }
    if instance.wall is not None:
        wall = instance.wall
        inputs["wall"] = {
            "x": [wall.x - wall.half_length_m, wall.x + wall.half_length_m],
            "y": [
                round(wall.y - wall.half_thickness_m, 4),
                round(wall.y + wall.half_thickness_m, 4),
            ],
            "height": round(wall.height_m, 4),
        }
    return inputs
