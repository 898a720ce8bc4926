"""The running example of the page: the heating controller of the quickstart, as written there."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from agentlab.core.readiness import Readiness
from agentlab.measure.pairing import FloatArray
from tests.docs.conftest import ROOT, write_files_of

__all__ = ["GAIN", "play", "readiness"]

GAIN = 0.15
"""Of the target."""


def readiness() -> Readiness:
    """Returns what `agentlab check heating.yaml` finds."""
    with tempfile.TemporaryDirectory() as folder:
        write_files_of(ROOT / "docs/quickstart.md", Path(folder))
        ran = subprocess.run(
            [sys.executable, "-m", "agentlab", "check", "heating.yaml", "--json"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
    return Readiness.model_validate(json.loads(ran.stdout)["readiness"])


def play(gain: float, seeds: range) -> FloatArray:
    """Returns the success of the controller with a gain, shape (seeds, houses of validation)."""
    with tempfile.TemporaryDirectory() as folder:
        write_files_of(ROOT / "docs/quickstart.md", Path(folder))
        world: Any = runpy.run_path(str(Path(folder) / "improve.py"))["Heating"]()  # Any: a page's
    houses = world.tasks("validation")
    found = [_episode(world.start(house, seed), gain) for seed in seeds for house in houses]
    return np.reshape(found, (len(seeds), len(houses)))


def _episode(room: Any, gain: float) -> float:  # Any: a class that the page defines
    temperature = room.goal.inputs["temperature"]
    for _ in range(room.goal.inputs["minutes"]):
        temperature = room.heat(gain * (21.0 - temperature))
    return float(room.judge("done").success)
