"""What a first evaluator looks like: the policy runs in the environment's own process.

A program of its own, since what it runs may break anything: it takes a seed and names of cheats,
plays each twice in a fork by `rollout` and prints a line of JSON with what came of it.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.environments.robot.cheats import CHEATS, HONEST, IDLE, LABEL, SEED, Cheat
from tests.environments.robot.world import environment, part

__all__ = ["Naive", "naive_gains"]

_ROOT = Path(__file__).parents[3]
_FORK = multiprocessing.get_context("fork")


class Naive(NamedTuple):
    """What the evaluator believes of the two rounds of a controller."""

    success: list[float]
    is_broken: list[bool]
    answers: list[Any]  # Any: what a policy returns

    def gained(self, gain: str | None) -> bool:
        """Returns whether the controller got what it was after."""
        match gain:
            case "memory":
                return bool(self.answers[0] != self.answers[1])
            case "seed":
                return bool(self.answers[0])
            case "breakdown":
                return self.is_broken[0]
            case _:
                return self.success[0] == 1


def naive_gains(cheats: Sequence[Cheat]) -> Mapping[str, Naive]:
    """Returns what cheats come to in the environment's own process, by name."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, LABEL).write_text(str(SEED))
        known = {LABEL: str(SEED), "PYTHONPATH": str(_ROOT), "HOME": folder}
        told = subprocess.run(
            [sys.executable, "-m", __name__, str(SEED), *(cheat.name for cheat in cheats)],
            stdout=subprocess.PIPE,
            check=True,
            cwd=folder,
            env={**os.environ, **known},
        ).stdout.splitlines()
    return {name: Naive(*found) for name, *found in map(json.loads, told)}


def _play(cheat: Cheat, seed: int) -> tuple[float, bool, Any]:
    files = cheat.candidate.files
    for module, path in (("way", "way.py"), ("agent", "agent.py")):
        sys.modules[module] = loaded = types.ModuleType(module)
        exec(compile(files[path], path, "exec"), vars(loaded))
    answers: list[Any] = []

    def policy(goal: Any, tools: Any) -> None:
        with contextlib.redirect_stdout(None):
            answers.append(sys.modules["agent"].solve(goal, tools))

    played = part("rollout").rollout(
        policy, "place", "validation", seed, environment=environment("place", tier=3)
    )
    outcome = played.outcome
    is_broken = bool(outcome.metrics["sim_unstable"])
    return outcome.success, is_broken, answers[0] if answers else repr(played.error)


def _print_rounds(cheat: Cheat, seed: int) -> None:
    rounds = [_play(cheat, seed) for _ in range(2)]
    print(json.dumps([cheat.name, *zip(*rounds, strict=True)]), flush=True)


def main() -> None:
    """Plays the cheats that are named, each in a process that knows nothing of the others."""
    part("rollout")  # before a cheat lays something of that name beside it
    by_name = {cheat.name: cheat for cheat in (*CHEATS, *HONEST, IDLE)}
    for name in sys.argv[2:]:
        process = _FORK.Process(target=_print_rounds, args=[by_name[name], int(sys.argv[1])])
        process.start()
        process.join()


if __name__ == "__main__":
    main()
