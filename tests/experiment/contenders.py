"""Two that are compared, and benchmarks on which one of them, the other or neither is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agentlab.core.candidate import Candidate
from agentlab.experiment.benchmarks import Benchmark, Side, load_benchmarks
from agentlab.signing.settings import SigningSettings

__all__ = ["HOME", "INCUMBENT", "TIED", "WINNER", "benchmarks", "write_benchmark"]


def turning(*knobs: float) -> bytes:
    return f"""\
def solve(goal, tools):
    for knob, value in enumerate({knobs}):
        tools.turn(knob, value)
""".encode()


INCUMBENT = Side("the incumbent", Candidate(files={"agent.py": turning(0.6, 0.3, 0.5)}))
WINNER = Side("the winner", Candidate(files={"agent.py": turning(0.9, 0.1, 0.6)}))

AWAY = (0.9, 0.1, 0.6)
"""Where the winner solves everything, and the incumbent two in five."""

HOME = (0.6, 0.3, 0.5)
"""The other way round."""

TIED = (0.75, 0.2, 0.55)
"""Where both solve the very same."""


def write_benchmark(folder: Path, name: str, optimum: Sequence[float] = AWAY, **more: Any) -> str:
    """Writes an experiment file and returns its path; `more` are lines by their key."""
    lines = {
        "name": name,
        "environment": "{reference: 'agentlab.testing.environments.noisy:NoisyEnvironment', "
        f"options: {{optimum: {list(optimum)}}}}}",
        "target": "agentlab/testing/environments/targets/noisy",
        "meta": "[mutation]",
        "budget": "{candidates: 1}",
        "executor": "{kind: inline}",
        "sandbox": "plain",
        "measure": "{final_blocks: 5}",
        **more,
    }
    file = folder / f"{name}.yaml"
    file.write_text("".join(f"{key}: {value}\n" for key, value in lines.items()))
    return str(file)


def benchmarks(
    *files: str,
    overrides: Sequence[str] = (),
    sides: Sequence[Side] = (WINNER, INCUMBENT),
    margins: Mapping[str, float] | None = None,
    settings: SigningSettings = SigningSettings(),  # noqa: B008 - frozen
) -> list[Benchmark]:
    """Returns the benchmarks of files, loaded for both."""
    return load_benchmarks(
        files, sides, overrides=overrides, margins=margins or {}, settings=settings
    )
