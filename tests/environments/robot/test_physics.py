"""MuJoCo can be had wherever a simulator runs."""

from __future__ import annotations

import os
import subprocess
import sys


def test_a_simulator_can_be_made_whatever_is_said_of_opengl() -> None:
    program = (
        "import os, sys\nimport environments.robot.simulator\n"
        "print(os.environ['MUJOCO_GL'], 'glfw' in sys.modules)"
    )
    environment = {**os.environ, "MUJOCO_GL": "elg", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "elg False\n"
