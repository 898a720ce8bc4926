"""Draws docs/pictures/robot_naive.png and robot_winner.png: one episode over the wall, of each.

    python -m scripts.draw_robot

The winner is what `agentlab run experiments/robot.yaml` kept: ideas of its bank, merged.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentlab.core.candidate import Files
from agentlab.meta.ideas.agent import apply_idea
from agentlab.meta.ideas.bank import read_bank
from agentlab.meta.merge import merge_files
from agentlab.references import find_folder, load_folder

KEPT = ("001", "002", "003", "008", "011", "012", "013", "014")
"""The ideas of the bundle that was kept, by the numbers of their files."""

_FOLDER = Path(__file__).resolve().parent.parent / "docs/pictures"
_SEED = 1
_SPLIT = "test"


def winner(target: Files) -> Files:
    """Returns the target with the kept ideas, each merged onto those before it."""
    files: Files = target
    for idea in read_bank(find_folder("experiments/ideas/robot")):
        if idea.name.startswith(KEPT):
            theirs = apply_idea(idea, target)
            assert theirs is not None
            merge = merge_files(target, files, theirs)
            if not merge.conflicts:
                files = merge.files
    return files


def strip_of(files: Files) -> bytes:
    """Returns a strip of one episode of a controller."""
    world = find_folder("environments/robot")
    package = load_folder(world).__name__.rpartition(".")[0]
    environment_module, rollout = (
        importlib.import_module(f"{package}.{name}") for name in ("environment", "rollout")
    )
    environment = environment_module.RobotEnvironment()
    names: dict[str, Any] = {}
    exec(files["agent.py"], names)
    (task,) = (one for one in environment.tasks(_SPLIT) if one.id.endswith("left-middle"))
    episode = environment.start(task, _SEED)
    names["solve"](episode.goal, rollout.LocalTools(episode))
    evidence: Mapping[str, bytes] = episode.evidence()
    episode.close()
    return evidence["strip.png"]


def main() -> None:
    """Draws both."""
    source = find_folder("environments/robot") / "target/agent.py"
    target: Files = {"agent.py": source.read_bytes()}
    for name, files in (("naive", target), ("winner", winner(target))):
        path = _FOLDER / f"robot_{name}.png"
        path.write_bytes(strip_of(files))
        print(f"drew docs/pictures/{path.name}")


if __name__ == "__main__":
    main()
