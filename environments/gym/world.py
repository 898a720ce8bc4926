"""A `gymnasium.Env`, made and tried: its spaces, its limits, whether it tells success."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

import gymnasium
from gymnasium import error

from agentlab.errors import InputError, nearest

from .spaces import FlatSpace

__all__ = ["World", "begin", "is_success", "open_world"]

_SUCCESS_KEYS = ("is_success", "success")


class World(NamedTuple):
    """A made environment; warm, played many times."""

    env: gymnasium.Env[Any, Any]
    action: FlatSpace
    observation: FlatSpace
    max_steps: int
    reward_threshold: float | None
    tells_success: bool
    """Whether `info` holds `is_success` or `success`."""

    is_deterministic: bool
    """Whether it says that a seed decides everything, and the same seed began in the same way."""

    resets: int
    """Resets with a seed that it takes to begin as the seed says."""

    package: str
    """The package that its code is in."""


def open_world(name: str, options: Mapping[str, Any], *, max_steps: int | None) -> World:
    """Makes a world by its registered name, and plays a little of it.

    Args:
        name: Such as `CartPole-v1`, or `module:Name-v1` where a module registers it.
        options: Keyword arguments of the world itself.
        max_steps: Where an episode is cut; None is where its registration says.

    Raises:
        InputError: there is none of this name, it cannot be made or played, or has no end.
    """
    with warnings.catch_warnings():
        # What a package says of its other worlds, or of its own imports, is nobody's here.
        warnings.simplefilter("ignore")
        gymnasium.logger.min_level = gymnasium.logger.ERROR
        env = _made(name, options, max_steps)
        spec = env.spec
        assert spec is not None, "make() gives one"
        if not spec.max_episode_steps:
            raise InputError(f"environment.options: '{name}' has no end of its own; give max_steps")
        action = FlatSpace(env.action_space, "action")
        observation = FlatSpace(env.observation_space, "observation")
        try:
            resets = _resets_needed(env, observation)
            tells = _tells_success(env, action)
        except Exception as problem:  # foreign code: its bug is the person's to mend
            raise InputError(
                f"environment.options: '{name}' cannot be played: {_said(problem)}"
            ) from problem
    return World(
        env=env,
        action=action,
        observation=observation,
        max_steps=spec.max_episode_steps,
        reward_threshold=spec.reward_threshold,
        tells_success=tells,
        is_deterministic=not spec.nondeterministic and resets is not None,
        resets=resets or 1,
        package=str(spec.entry_point).partition(":")[0].partition(".")[0],
    )


def is_success(info: Mapping[str, Any]) -> bool | None:
    """Returns whether a step succeeds by what the world says of it; None where it says nothing."""
    for key in _SUCCESS_KEYS:
        if key in info:
            return bool(info[key])
    return None


def _made(name: str, options: Mapping[str, Any], max_steps: int | None) -> gymnasium.Env[Any, Any]:
    try:
        return gymnasium.make(
            name, max_episode_steps=max_steps, disable_env_checker=True, **options
        )
    except (error.UnregisteredEnv, error.NamespaceNotFound, error.DeprecatedEnv) as problem:
        raise InputError(
            f"environment.options.id '{name}': {_said(problem)}{_hint(name)}"
        ) from problem
    except error.DependencyNotInstalled as problem:
        raise InputError(
            f"environment.options.id '{name}': {_said(problem)}; "
            "try: pip install 'agentlab-autoresearch[gym]'"
        ) from problem
    except Exception as problem:  # foreign code: what it is given is the person's to mend
        raise InputError(
            f"environment.options: '{name}' cannot be made: {_said(problem)}"
        ) from problem


def begin(env: gymnasium.Env[Any, Any], seed: int, resets: int) -> Any:  # Any: an observation
    """Resets with a seed, as often as it takes, and returns the first observation."""
    for _ in range(resets - 1):
        env.reset(seed=seed)
    return env.reset(seed=seed)[0]


def _resets_needed(env: gymnasium.Env[Any, Any], observation: FlatSpace) -> int | None:
    """Returns how many resets make a seed begin in one way; None if neither one nor two do.

    Some worlds draw their task before they take the seed: the second reset draws from the first's.
    """
    for resets in (1, 2):
        first, _, again = (observation.numbers(begin(env, seed, resets)) for seed in (1, 2, 1))
        if first == again:
            return resets
    return None


def _tells_success(env: gymnasium.Env[Any, Any], action: FlatSpace) -> bool:
    env.reset(seed=0)
    while True:
        _, _, terminated, truncated, info = env.step(action.neutral())
        if is_success(info) is not None:
            return True
        if terminated or truncated:
            return False


def _hint(name: str) -> str:
    known = nearest(name, gymnasium.registry)
    return known or ("" if ":" in name else "; where a module registers it: module:Name-v1")


def _said(problem: Exception) -> str:
    lines = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {lines[0].rstrip('.')}" if lines else type(problem).__name__
