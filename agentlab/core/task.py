"""Tasks, and the splits that keep what is measured apart from what is tuned on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentlab.core.value import JsonValue, Value

__all__ = ["SPLITS", "SplitName", "Task"]

SplitName = Literal["train", "validation", "test"]
"""`train`: its traces are seen. `validation`: what the gate decided is seen. `test`: sealed."""

SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")


class Task(Value):
    """One thing to do in a world; a seed makes an instance of it."""

    id: str
    """Unique within the environment, stable between versions."""

    group: str = ""
    """What is held out as a whole (connector, skin, scene, module); empty where tasks have none."""

    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    """What the environment needs to start it; never sent to the candidate as it stands."""

    @property
    def group_or_id(self) -> str:
        """What is held out with it: its group; a task without one is a group of its own."""
        return self.group or self.id
