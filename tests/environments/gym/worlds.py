"""Small worlds that register themselves, as a package of worlds does."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

__all__ = ["REACH", "Reach"]

REACH = "tests.environments.gym.worlds:Reach-v0"


class Reach(gymnasium.Env[dict[str, Any], dict[str, Any]]):
    """A point is moved to a goal against a wind; action: where to, and whether to hold."""

    STEPS = 20
    observation_space = spaces.Dict(
        achieved_goal=spaces.Box(-10, 10, (2,)),
        desired_goal=spaces.Box(-10, 10, (2,)),
        held=spaces.Discrete(2),
    )
    action_space = spaces.Dict(
        move=spaces.Box(np.float32(-1), np.float32(1), (2,)), hold=spaces.Discrete(2)
    )

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self._here = self.np_random.uniform(-2, 2, 2)
        self._there = -np.sign(self._here) * self.np_random.uniform(2, 4, 2)
        self._held = 0
        return self._seen(), {}

    def step(self, action: dict[str, Any]) -> Any:
        assert self.action_space.contains(action)
        self._held = action["hold"]
        wind = 0.0 if self._held else 1.5
        self._here = np.clip(self._here + action["move"] + wind, -10, 10)
        is_there = bool(np.abs(self._here - self._there).max() < 0.2)
        return self._seen(), 0.0 if is_there else -1.0, False, False, {"is_success": is_there}

    def _seen(self) -> dict[str, Any]:
        return {
            "achieved_goal": self._here.astype(np.float32),
            "desired_goal": self._there.astype(np.float32),
            "held": self._held,
        }


class Endless(gymnasium.Env[Any, Any]):
    """Has no end."""

    observation_space = spaces.Discrete(2)
    action_space = spaces.Discrete(2)

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return 0, {}

    def step(self, action: Any) -> Any:
        return 0, 0.0, False, False, {}


class Talk(Endless):
    """Is answered in words."""

    action_space = spaces.Text(10)  # type: ignore[assignment]


class Stuck(Endless):
    """Raises at its first step."""

    def step(self, action: Any) -> Any:
        raise RuntimeError("stuck")


class Exploding(Endless):
    """Leaves the finite numbers where it is pushed."""

    observation_space = spaces.Box(-np.inf, np.inf, (1,))  # type: ignore[assignment]

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return np.zeros(1), {}

    def step(self, action: Any) -> Any:
        return np.array([np.nan if action else 0.0]), 1.0, False, False, {}


class Late(Endless):
    """Draws its task before it takes the seed."""

    observation_space = spaces.Box(0, 1, (1,))  # type: ignore[assignment]

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        drawn = self.np_random.random(1)
        gymnasium.Env.reset(self, seed=seed)
        return drawn, {}

    def step(self, action: Any) -> Any:
        return np.zeros(1), 0.0, False, False, {"success": 0.0}


class Whimsical(Late):
    """Draws what no seed decides."""

    draws = iter(np.linspace(0, 1, 1000))

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return np.array([next(self.draws)]), {}


STEPS = {Reach: Reach.STEPS, Endless: None, Talk: 5, Stuck: 5, Exploding: 5, Late: 5, Whimsical: 5}

for world, steps in STEPS.items():
    if f"{world.__name__}-v0" not in gymnasium.registry:
        gymnasium.register(
            id=f"{world.__name__}-v0",
            entry_point=world,  # type: ignore[arg-type]
            max_episode_steps=steps,
            reward_threshold=5 if world is Exploding else None,
        )
