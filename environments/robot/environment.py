"""A MuJoCo arm whose controller is rewritten: boxes to be moved, judged by the simulator."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from agentlab.core.candidate import Files
from agentlab.core.environment import Environment, Metric, Traits, Yardstick
from agentlab.core.goal import Goal
from agentlab.core.task import SplitName, Task
from agentlab.core.value import JsonValue
from agentlab.errors import InputError, nearest

from .demonstrations import Demonstrations, Scribe
from .ratings import RATED, Ratings
from .tasks import KINDS
from .variation import LANES, Draw, Variation, generator_of

if TYPE_CHECKING:
    from .episode import RobotEpisode, Tier
    from .instance import Instance
    from .model import Structure
    from .rollout import LocalTools
    from .simulator import Simulator

__all__ = ["ENVIRONMENT", "RobotEnvironment", "doctor"]

_LOWER: Mapping[str, tuple[str, str]] = {
    "time_s": ("s", "Simulated time until everything was in place for good."),
    "energy_j": ("J", "Work of the motors: force times velocity, whatever its sign."),
    "effort": ("m^2", "Sum of the squared moves of the tool's set-point."),
    "peak_contact_n": ("N", "The most that pressed on a box, of all control steps."),
    "wall_hits": ("", "Times that arm or box came to touch the wall."),
    "drops": ("", "Times that a box fell out of the gripper; one is enough to fail."),
    "sim_unstable": ("", "1 where the simulation broke down, which fails an episode."),
}
_HIGHER: Mapping[str, str] = {
    "success_final": "1 where all is in place at the end and stays, whatever was dropped before.",
    "success_any": "1 where all was in place at any step.",
    "quality": "Where it is solved, the mean of smooth, gentle and tidy, each 0 to 1; else 0.",
}


class RobotEnvironment(Environment):
    """One table; what lies on it comes from the seed."""

    traits = Traits(
        context_meter="read_tokens",
        is_deterministic=True,
        metrics=(
            *(
                Metric(name=name, direction="higher", description=description)
                for name, description in _HIGHER.items()
            ),
            *(
                Metric(name=name, direction="lower", unit=unit, description=description)
                for name, (unit, description) in _LOWER.items()
            ),
        ),
    )

    def __init__(
        self,
        tasks: Sequence[str] = ("place_over_wall",),
        variation: Variation = "nominal",
        tier: Tier = 2,
        ratings: str | None = None,
        demonstrations: int = 0,
    ) -> None:
        """Makes the environment; MuJoCo is loaded with the first episode.

        Args:
            tasks: Kinds of tasks, such as `place` and `place_over_wall`.
            variation: `nominal`, or `all`: masses, sizes, friction, noise, delay and motors vary.
            tier: 3 offers steps alone, 2 planning as well, 1 whole skills as well.
            ratings: A `.jsonl` of what persons or models said of trajectories; a metric for each.
            demonstrations: How many a target's `prepare` may look at, of the train split; 0 for
                targets without one.

        Raises:
            InputError: no such kind, variation or tier, no MuJoCo, or a bad line of ratings.
        """
        for name in tasks:
            if name not in KINDS:
                known = ", ".join(KINDS)
                raise InputError(f"no task '{name}'; there are {known}{nearest(name, list(KINDS))}")
        if variation not in ("nominal", "all"):
            raise InputError(f"variation: '{variation}' is neither 'nominal' nor 'all'")
        if tier not in (1, 2, 3):
            raise InputError(f"tier: {tier} is none of 1, 2 and 3")
        if not 0 <= demonstrations <= _MOST_SHOWN:
            raise InputError(f"demonstrations: {demonstrations} is not from 0 to {_MOST_SHOWN}")
        if find_spec("mujoco") is None:
            raise InputError(_MISSING)
        self._kinds = [KINDS[name] for name in tasks]
        self._variation: Variation = variation
        self._tier: Tier = tier
        self._ratings = Ratings(ratings) if ratings is not None else None
        self._demonstrations = demonstrations
        rated = RATED.values() if self._ratings is not None else ()
        self.traits = self.traits.model_copy(
            update={
                "metrics": (*self.traits.metrics, *rated),
                "needs_preparation": demonstrations > 0,
            }
        )
        self._free: dict[Structure, list[Simulator]] = {}

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns one task per kind and lane; the test's are of a family that the others lack."""
        is_unseen = split == "test"
        return [
            Task(
                id=f"{kind.name}/{family}/{lane.name}",
                group=f"{kind.name}/{family}",
                inputs={"kind": kind.name, "lane": number, "is_unseen": is_unseen},
            )
            for kind in self._kinds
            for family in (kind.unseen.replace(" ", "_") if is_unseen else "usual",)
            for number, lane in enumerate(LANES)
        ]

    def texts_of(self, task: Task) -> Sequence[str]:
        """Returns nothing: instances come from the seed."""
        return ()

    def instance(self, task: Task, seed: int) -> Instance:
        """Returns what a seed decides."""
        draw = Draw(
            generator_of(f"{task.id}/{self._variation}", seed),
            variation=self._variation,
            lane=LANES[int(str(task.inputs["lane"]))],
            is_unseen=bool(task.inputs["is_unseen"]),
        )
        return KINDS[str(task.inputs["kind"])].draw(draw)

    def start(self, task: Task, seed: int) -> RobotEpisode:
        """Sets the table; a scene of the same structure is compiled once."""
        from .episode import RobotEpisode
        from .simulator import Simulator

        instance = self.instance(task, seed)
        free = self._free.setdefault(instance.structure, [])
        simulator = free.pop() if free else Simulator(instance.structure)
        simulator.reset(instance)
        return RobotEpisode(
            KINDS[str(task.inputs["kind"])].instruction,
            instance,
            simulator,
            tier=self._tier,
            ratings=self._ratings,
            give_back=free.append,
        )

    def preparation(self, seed: int) -> Demonstrations | None:
        """Starts the episode in which a target sees demonstrations, drawn by the seed."""
        if not self._demonstrations:
            return None
        return Demonstrations(
            self._demonstrations, functools.partial(self._demonstration, seed=seed)
        )

    def _demonstration(self, number: int, *, seed: int) -> JsonValue:
        """Plays the expert once; the tasks take turns."""
        from .expert import solve
        from .rollout import rollout

        tasks = self.tasks("train")
        scribes: list[Scribe] = []

        def show(goal: Goal, tools: LocalTools) -> None:
            scribes.append(Scribe(tools))
            solve(goal, scribes[0])

        drawn = generator_of("demonstrations", seed).integers(2**31, size=_MOST_SHOWN)
        played = rollout(
            show, tasks[number % len(tasks)], "train", int(drawn[number]), environment=self
        )
        inputs = dict(played.goal.inputs)
        return {
            "instruction": played.goal.instruction,
            "inputs": inputs,
            "steps": scribes[0].steps,
        }

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns the expert, where it solved every seed that was tried."""
        missed = _MISSED if self._variation == "all" else ()
        if any(kind.name in missed for kind in self._kinds):
            return {}
        expert = Path(__file__).with_name("expert.py").read_bytes()
        return {"oracle": {"agent.py": expert + _LEARNS_NOTHING}}

    def fingerprint(self) -> Mapping[str, str]:
        """Returns the version of MuJoCo, by which physics differ, and of this folder."""
        return {
            "mujoco": metadata.version("mujoco"),
            "numpy": metadata.version("numpy"),
            "folder": _hash_of(Path(__file__).parent),
            **(self._ratings.fingerprint if self._ratings is not None else {}),
        }


def doctor() -> list[tuple[str, bool, str]]:
    """Returns what `agentlab doctor` says of this environment: name, whether it holds, detail."""
    if find_spec("mujoco") is None:
        return [("robot", False, _MISSING)]
    lines = [("robot", True, f"mujoco {metadata.version('mujoco')}")]
    if find_spec("PIL") is None:
        return [*lines, ("robot's pictures", False, _NO_PICTURES)]
    from .physics import mujoco  # noqa: F401 - so that a bad MUJOCO_GL is told and not raised
    from .pictures import painter_of_here

    return [*lines, ("robot's pictures", True, painter_of_here())]


_MOST_SHOWN = 20
"""Demonstrations that there are at most."""

_LEARNS_NOTHING = b"\n\ndef prepare(goal, tools):\n    return None\n"

_MISSED = ("push",)
"""Kinds of which the expert misses some seeds where everything varies: an oracle misses none."""

_MISSING = (
    "environments/robot needs MuJoCo, which is not installed: "
    "pip install 'agentlab-autoresearch[robot]'"
)


_NO_PICTURES = "need Pillow: pip install 'agentlab-autoresearch[robot]'"


def _hash_of(folder: Path) -> str:
    """Returns a digest of the files of a folder, the targets left out: they are what changes."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        inner = path.relative_to(folder)
        if not inner.parts[0].startswith("target"):
            found.update(inner.as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


ENVIRONMENT = RobotEnvironment
