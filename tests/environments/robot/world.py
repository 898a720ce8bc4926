"""The modules of the environment's folder, small scenes, and policies to try them with."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agentlab.references import find_folder, load_folder

__all__ = ["FOLDER", "carrying", "environment", "one_box", "part", "target", "trajectory"]

FOLDER: Path = find_folder("environments/robot")
_package = load_folder(FOLDER).__name__.rpartition(".")[0]


def part(name: str) -> Any:
    """Returns a module of the environment's folder, such as `simulator`."""
    return importlib.import_module(f"{_package}.{name}")


def environment(*tasks: str, variation: str = "nominal", tier: int = 1) -> Any:
    return part("environment").RobotEnvironment(tasks or ("place",), variation, tier)


def one_box(**changes: Any) -> Any:
    """Returns an instance: a box ahead to the left, its goal to the right."""
    scene = part("instance")
    box = {name: changes.pop(name) for name in scene.Box._fields if name in changes}
    return scene.Instance(
        boxes=(scene.Box(**{"x": 0.5, "y": 0.15, "z": 0.025, **box}),),
        places=(scene.Place(0, 0.45, -0.15, 0.025),),
        steps=100,
        **changes,
    )


def carrying(steps: int = 80) -> list[Any]:
    """Returns actions that take the box of `one_box` to its goal."""
    to, action = part("simulator").TO, part("simulator").Action
    legs = [
        (12, (0.5, 0.15, 0.12), 1.0),
        (10, (0.5, 0.15, 0.025), 1.0),
        (8, (0.5, 0.15, 0.025), 0.0),
        (8, (0.5, 0.15, 0.2), 0.0),
        (16, (0.45, -0.15, 0.2), 0.0),
        (14, (0.45, -0.15, 0.03), 0.0),
        (12, (0.45, -0.15, 0.03), 1.0),
    ]
    told = [action(to, point, 0.0, opening) for count, point, opening in legs for _ in range(count)]
    return told[:steps]


def trajectory(simulator: Any, instance: Any, actions: list[Any]) -> Any:
    """Returns the recording of these actions."""
    simulator.reset(instance)
    for action in actions:
        simulator.step(action)
    return simulator.recording()


def target(folder: str = "target", /, **constants: float) -> Callable[[Any, Any], Any]:
    """Returns a shipped target's `solve`, with other numbers where they are given."""
    made: dict[str, Any] = {"__name__": "robot_target"}
    with _importing_from(FOLDER / folder):
        exec(compile((FOLDER / folder / "agent.py").read_bytes(), "agent.py", "exec"), made)
    for name, value in constants.items():
        assert name in made, name
        made[name] = value
    solve: Callable[[Any, Any], Any] = made["solve"]
    return solve


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Finds a target's own modules, as in its sandbox, and forgets them."""
    known = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - known:
            sys.modules.pop(name)
