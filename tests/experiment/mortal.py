"""A world that kills its own driver as a trial begins: the same trial, however fast the machine."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from agentlab.core.task import SplitName, Task
from agentlab.testing.environments.noisy import NoisyEnvironment, NoisyEpisode
from tests.experiment.processes import Process, family

__all__ = ["DIES_AT", "Mortal", "left_behind"]

DIES_AT = "AGENTLAB_TEST_DIES_AT"
"""The variable that says at which trial, `3:FILE`; the file takes who was alive."""

_trials = count(1)


class Mortal(NoisyEnvironment):
    """The noisy world made small; validation has groups of its own, so survival is measured."""

    def tasks(self, split: SplitName) -> Sequence[Task]:
        return [Task(id=f"{split}-{number}", group=split) for number in range(6)]

    def start(self, task: Task, seed: int) -> NoisyEpisode:
        at, _, file = os.environ.get(DIES_AT, "0:").partition(":")
        if next(_trials) == int(at):
            Path(file).write_text(json.dumps(list(family(os.getpid()))))
            os.kill(os.getpid(), signal.SIGKILL)
        return super().start(task, seed)


def left_behind(file: Path) -> set[Process]:
    """Returns who was alive when a driver was killed."""
    return {Process(*process) for process in json.loads(file.read_text())}
