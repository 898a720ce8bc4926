"""A small world that keeps what its tool answered, wherever it is told to."""

from __future__ import annotations

import hashlib
import json
import random
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from agentlab.core.environment import Environment, Episode, Traits
from agentlab.core.goal import Goal
from agentlab.core.outcome import Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import tool
from agentlab.core.value import JsonValue

__all__ = ["KeepingEpisode", "KeepingWorld", "Where"]

Where = Literal["nowhere", "object", "module", "temporary", "file"]

_IN_MODULE: dict[str, str] = {}


class KeepingWorld(Environment):
    """Looks words up in a style; keeps answers by the word alone."""

    def __init__(
        self,
        keeps: Where = "nowhere",
        path: str = "",
        *,
        counts: bool = False,
        varies: float = 0.0,
        is_deterministic: bool = True,
    ) -> None:
        """Makes the world.

        Args:
            keeps: Where answers are kept.
            path: A file, for answers that outlive the process and for chance that goes on.
            counts: Whether the judge tells the first episode of a process from later ones.
            varies: The chance that an episode fails whatever happened in it.
            is_deterministic: What the world says of itself.
        """
        self.traits = Traits(context_meter="read_tokens", is_deterministic=is_deterministic)
        self._keeps = keeps
        self._path = Path(path)
        self._counts = counts
        self._varies = varies
        self._in_object: dict[str, str] = {}
        self.episodes = 0

    def tasks(self, split: SplitName) -> Sequence[Task]:
        group = "sealed" if split == "test" else "open"
        return [Task(id=f"{group}-{number}", group=group) for number in range(4)]

    def start(self, task: Task, seed: int) -> KeepingEpisode:
        self.episodes += 1
        return KeepingEpisode(task, seed, self)

    def look_up(self, word: str, style: str) -> str:
        kept = self._kept()
        if word not in kept:
            kept[word] = hashlib.sha256(f"{word}/{style}".encode()).hexdigest()[:8]
            self._keep(kept)
        return kept[word]

    def judged(self, answer: JsonValue) -> Outcome:
        is_found = isinstance(answer, str) and re.fullmatch("[0-9a-f]{8}", answer)
        grade = int(str(answer)[:4], 16) / 0x10000 if is_found else 0.0
        late = self._counts and self.episodes > 1
        return Outcome(success=0.0 if late or self._is_unlucky() else grade)

    def _is_unlucky(self) -> bool:
        if not self._varies:
            return False
        drawn = len(self._path.read_text()) if self._path.exists() else 0
        self._path.write_text("x" * (drawn + 1))
        return random.Random(drawn).random() < self._varies

    def _kept(self) -> dict[str, str]:
        match self._keeps:
            case "nowhere":
                return {}
            case "object":
                return self._in_object
            case "module":
                return _IN_MODULE
            case _:
                file = self._file()
                kept: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
                return kept

    def _keep(self, kept: Mapping[str, str]) -> None:
        if self._keeps in ("temporary", "file"):
            self._file().write_text(json.dumps(kept))

    def _file(self) -> Path:
        if self._keeps == "file":
            return self._path
        return Path(tempfile.gettempdir()) / "agentlab-test-keeping.json"


class KeepingEpisode(Episode):
    """One word to look up."""

    def __init__(self, task: Task, seed: int, world: KeepingWorld) -> None:
        self.goal = Goal(instruction="look it up", inputs={"word": f"{task.id}/{seed}"})
        self._world = world

    @tool
    def look_up(self, word: str, style: str) -> list[str]:
        """Returns what a word is in a style."""
        return [self._world.look_up(word, style)]

    def judge(self, answer: JsonValue) -> Outcome:
        return self._world.judged(answer[0] if isinstance(answer, list) and answer else answer)
