"""MuJoCo, imported without OpenGL.

A simulator needs none, and where it is broken, or misnamed in MUJOCO_GL, MuJoCo would not import.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

__all__ = ["mujoco"]


@contextlib.contextmanager
def _without_opengl() -> Iterator[None]:
    """Lets `import mujoco` within leave OpenGL alone, whatever MUJOCO_GL says."""
    before = os.environ.get("MUJOCO_GL")
    os.environ["MUJOCO_GL"] = "disable"
    try:
        yield
    finally:
        del os.environ["MUJOCO_GL"]
        if before is not None:
            os.environ["MUJOCO_GL"] = before


with _without_opengl():
    import mujoco
