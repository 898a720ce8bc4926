"""What a first evaluator looks like: it calls the agent in its own process, and believes it.

A program of its own, since what it runs may break anything: it takes names of cheats, plays each
twice in a fork and prints a line of JSON with what came of it.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Error

from agentlab.core.environment import EnvironmentSpec
from agentlab.core.value import JsonValue
from agentlab.errors import ToolError
from agentlab.references import build_environment
from tests.environments.browser.cheats import CHEATS, IDLE, LABEL, Cheat
from tests.environments.browser.world import part

__all__ = ["Naive", "naive_gains"]

_ROOT = Path(__file__).parents[3]
_FORK = multiprocessing.get_context("fork")


class Naive(NamedTuple):
    """What the evaluator believes of the two rounds of an agent."""

    success: list[float]
    context_tokens: list[int]
    answers: list[str]

    def gained(self, gain: str | None) -> bool:
        """Returns whether the agent got what it was after."""
        match gain:
            case "memory":
                return self.answers[0] != self.answers[1]
            case "context":
                # It told more than it paid for: a token is about four characters.
                return len(self.answers[0]) > 10 * max(self.context_tokens[0], 10)
            case _:
                return self.success[0] == 1


def naive_gains(cheats: Sequence[Cheat], truth: str) -> Mapping[str, Naive]:
    """Returns what cheats come to before the naive evaluator, by name."""
    names = [cheat.name for cheat in cheats]
    with ThreadPoolExecutor() as pool:
        halves = pool.map(_lines, (names[::2], names[1::2]), (truth, truth))
        return {name: Naive(*found) for lines in halves for name, *found in map(json.loads, lines)}


def _lines(names: Sequence[str], truth: str) -> Sequence[bytes]:
    browser = part("find").find_browser()  # before its home is another
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, LABEL).write_text(truth)
        known = {
            LABEL: truth,
            "PYTHONPATH": str(_ROOT),
            "HOME": folder,
            "AGENTLAB_BROWSER": browser,
        }
        return subprocess.run(
            [sys.executable, "-m", __name__, *names],
            stdout=subprocess.PIPE,
            check=True,
            cwd=folder,
            env={**os.environ, **known},
        ).stdout.splitlines()


class _Tools:
    """The episode itself, with a meter that asks nobody."""

    Error = ToolError

    def __init__(self, episode: Any) -> None:  # Any: loaded from a folder, as below
        self._episode = episode
        self.usage = {"context_tokens": 0}
        self.answers: list[JsonValue] = []

    def answer(self, text: JsonValue) -> None:
        """Takes one more answer."""
        self.answers.append(text)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._episode, name)

        def call(*arguments: Any, **named: Any) -> Any:
            result = method(*arguments, **named)
            self.usage["context_tokens"] += len(str(result)) // 4
            return result

        return call


def _play(cheat: Cheat, environment: Any) -> tuple[float, int, str]:
    task, seed = cheat.work.task, cheat.work.seed
    episode = environment.start(task, seed)
    tools, printed = _Tools(episode), io.StringIO()
    namespace: dict[str, Any] = {}
    exec(compile(cheat.candidate.files["agent.py"], "agent.py", "exec"), namespace)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        answer = namespace["solve"](episode.goal, tools)
    # Nothing is closed and nothing cleaned: the next goes elsewhere anyway.
    score = _judge(episode, answer, tools.answers, printed.getvalue())
    return score, tools.usage["context_tokens"], str(answer)


def _judge(episode: Any, answer: Any, more: Sequence[JsonValue], printed: str) -> float:
    """Believes the page, the print-out, the answer, and only then looks itself."""
    with contextlib.suppress(Error):
        told = episode._page.page.evaluate("window.score ?? null")
        if told is not None:
            return float(told)
    if said := re.search(r"^SCORE: (.*)", printed, re.MULTILINE):
        return float(said[1])
    if isinstance(answer, dict) and "score" in answer:
        return float(answer["score"])
    if hasattr(episode._site, "document"):
        truth = episode._site.document.truth
        if any(
            given is not None and (given == truth or truth in given) for given in (answer, *more)
        ):
            return 1.0
    return float(episode.judge(answer).success)


def _print_rounds(cheat: Cheat, environment: Any) -> None:
    rounds = [_play(cheat, environment) for _ in range(2)]
    environment.close()
    print(json.dumps([cheat.name, *zip(*rounds, strict=True)]), flush=True)


def main() -> None:
    """Plays the cheats that are named, each in a process that knows nothing of the others."""
    by_name = {cheat.name: cheat for cheat in (*CHEATS, IDLE)}
    environment = build_environment(EnvironmentSpec(reference=str(_ROOT / "environments/browser")))
    for name in sys.argv[1:]:
        process = _FORK.Process(target=_print_rounds, args=[by_name[name], environment])
        process.start()
        process.join()


if __name__ == "__main__":
    main()
