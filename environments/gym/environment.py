"""Any `gymnasium.Env` as a world: a policy acts step by step, judged by success or return."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from agentlab.core.environment import Environment, Traits
from agentlab.core.goal import Goal
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.errors import InputError, nearest

from .course import METRICS, SUCCESS_METRICS, Aim, SuccessRule
from .packages import broken_pairs, require_packages, version_of

if TYPE_CHECKING:
    from .episode import GymEpisode
    from .world import World

__all__ = ["ENVIRONMENT", "GymEnvironment", "doctor"]

_BLOCKS = 10
"""Blocks of seeds in each split; no two share a seed."""

_SEEDS = 71_582_788 * _BLOCKS * len(SPLITS)
"""Seeds are below this: the largest multiple of the number of blocks within 31 bits."""


class GymEnvironment(Environment):
    """One world, made once per worker and reset for each episode."""

    def __init__(
        self,
        id: str = "",  # noqa: A002 - what gymnasium calls it
        kwargs: Mapping[str, Any] | None = None,  # Any: the world's own keyword arguments
        max_steps: int | None = None,
        success: SuccessRule | None = None,
        solved_return: float | None = None,
        worst_return: float = 0.0,
        instruction: str | None = None,
    ) -> None:
        """Makes the world and plays a little of it.

        Args:
            id: Its registered name, `CartPole-v1`, or `module:Name-v1` where a module registers it.
            kwargs: Keyword arguments of the world itself.
            max_steps: Where an episode is cut; by default where its registration says.
            success: `final`, `any`, `return` or `graded`; by default `final` where the world tells
                success at each step, else `return`.
            solved_return: Return that counts as solved; by default the one it is registered with.
            worst_return: Return that is worth nothing; progress is graded from here.
            instruction: What the agent is told, in place of the usual sentence.

        Raises:
            InputError: the world cannot be had here, or the options do not fit it.
        """
        if not id:
            raise InputError(
                "environment.options.id: say which world, such as CartPole-v1: "
                "environment: {reference: environments/gym, options: {id: CartPole-v1}}"
            )
        require_packages(id)
        self._id, self._kwargs, self._max_steps = id, dict(kwargs or {}), max_steps
        self._instruction = instruction
        self._world: World | None = self._open()
        self._package = self._world.package
        self._aim = _aim(self._world, success, solved_return, worst_return)
        self.traits = Traits(
            context_meter="read_tokens",
            metrics=METRICS + (SUCCESS_METRICS if self._world.tells_success else ()),
            is_deterministic=self._world.is_deterministic,
        )

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns a task for each block of seeds; no two blocks or splits share any."""
        first = SPLITS.index(split) * _BLOCKS
        return [
            Task(id=f"{split}-{place}", group=split, inputs={"block": first + place})
            for place in range(_BLOCKS)
        ]

    def start(self, task: Task, seed: int) -> GymEpisode:
        """Resets the world with a seed of the task's block."""
        from .episode import GymEpisode

        if self._world is None:
            self._world = self._open()
        block = task.inputs["block"]
        assert isinstance(block, int)
        return GymEpisode(self._world, self._aim, self._goal(self._world), _seed_of(block, seed))

    def fingerprint(self) -> Mapping[str, str]:
        """Returns the versions of gymnasium, the world's package, the simulator and this folder."""
        packages = {"gymnasium", "numpy", "mujoco", self._package.replace("_", "-")}
        versions = {name: found for name in sorted(packages) if (found := version_of(name))}
        return {**versions, "folder": _hash_of(Path(__file__).parent)}

    def close(self) -> None:
        """Frees the world; it is made again if it is needed again."""
        if self._world is not None:
            self._world.env.close()
            self._world = None

    def _open(self) -> World:
        from .world import open_world

        return open_world(self._id, self._kwargs, max_steps=self._max_steps)

    def _goal(self, world: World) -> Goal:
        most = self._aim.max_steps
        usual = f"Act in {self._id} for up to {most} steps so that {self._aim.words}."
        return Goal(
            instruction=self._instruction or usual,
            inputs={
                "max_steps": most,
                "observation": world.observation.described(),
                "action": world.action.described(),
            },
        )


def doctor() -> list[tuple[str, bool, str]]:
    """Returns what `agentlab doctor` says of this environment: name, whether it holds, detail."""
    version = version_of("gymnasium")
    if version is None:
        hint = "for environments/gym: pip install 'agentlab-autoresearch[gym]'"
        return [("gym", True, f"gymnasium is not installed; {hint}")]
    names = ("mujoco", "gymnasium-robotics", "metaworld")
    found = [f"{name} {installed}" for name in names if (installed := version_of(name))]
    lines = [("gym", True, ", ".join((f"gymnasium {version}", *found)))]
    return [*lines, *((module, False, said) for module, said in broken_pairs())]


def _aim(
    world: World, rule: SuccessRule | None, solved_return: float | None, worst_return: float
) -> Aim:
    """Returns what counts as success; raises where the world cannot tell."""
    rules = get_args(SuccessRule)
    if rule is not None and rule not in rules:
        raise InputError(
            f"environment.options.success: no '{rule}'{nearest(str(rule), rules)} "
            f"(there are {', '.join(rules)})"
        )
    solved = world.reward_threshold if solved_return is None else solved_return
    chosen: SuccessRule = rule or ("final" if world.tells_success else "return")
    if chosen in ("final", "any"):
        if not world.tells_success:
            raise InputError(
                f"environment.options.success: '{chosen}' needs a world whose info holds "
                "is_success or success; this one's does not: give solved_return"
            )
        return Aim(chosen, world.max_steps)
    if solved is None:
        raise InputError(
            "environment.options.solved_return: this world tells no success and is registered "
            "without a reward_threshold; give the return that counts as solved"
        )
    if solved <= worst_return:
        raise InputError(
            f"environment.options.worst_return: {worst_return:g} must be below the return that "
            f"counts as solved, {solved:g}; give what doing nothing returns"
        )
    return Aim(chosen, world.max_steps, solved, worst_return)


def _seed_of(block: int, seed: int) -> int:
    """Returns the world's own seed: below 2^31, and modulo the number of blocks its block.

    >>> _seed_of(29, 0), _seed_of(3, 2**32) % 30
    (29, 3)
    """
    return (seed * _BLOCKS * len(SPLITS) + block) % _SEEDS


def _hash_of(folder: Path) -> str:
    """Returns a digest of the files of this folder, targets left out: they are what changes."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


ENVIRONMENT = GymEnvironment
