"""Stages on the keeping world, and targets for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.objective import Objective
from agentlab.core.task import Task
from agentlab.core.trial import Bench, Pair
from agentlab.meta.probing import probing_edits
from agentlab.search.caches.stage import Setting

__all__ = ["SPLIT_TARGET", "WHOLE_TARGET", "edits_of", "pairs", "setting"]

SPLIT_TARGET = Candidate(
    files={
        "agent.py": (
            b"from style import STYLE\n\n\ndef solve(goal, tools):\n"
            b"    return tools.look_up(word=goal.inputs['word'], style=STYLE)\n"
        ),
        "style.py": b'STYLE = "plain and short and kind"\n',
        "unused.py": b'NOTE = "nobody ever reads this note"\n',
    }
)
WHOLE_TARGET = Candidate(
    files={
        "agent.py": (
            b'STYLE = "plain and short and kind"\n\n\ndef solve(goal, tools):\n'
            b"    return tools.look_up(goal.inputs['word'], STYLE)\n"
        )
    }
)


def setting(on_trials: Callable[[int], None] = lambda _: None, **options: object) -> Setting:
    """Returns what stages on the keeping world share."""
    return Setting(
        bench=Bench(
            environment=EnvironmentSpec(
                reference="tests.search.caches.worlds:KeepingWorld", options=dict(options)
            ),
            target=TargetSpec(),
            limits=Limits(wall_s=10),
            sandbox="plain",
        ),
        needs_preparation=False,
        preparation_seed=1,
        on_trials=on_trials,
    )


def pairs(count: int = 2) -> list[Pair]:
    """Returns pairs of the keeping world."""
    return [
        Pair(task=Task(id=f"open-{n}", group="open"), seed=n, split="train", cluster=str(n))
        for n in range(count)
    ]


def edits_of(baseline: Candidate) -> dict[str, Iterator[Candidate]]:
    """Returns edits of every file."""
    return {
        path: probing_edits(baseline, path, target=TargetSpec(), objective=Objective(), seed=1)
        for path in sorted(baseline.files)
    }
