"""A world: it hands out tasks, starts episodes, judges them. It lives on the trusted side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

from pydantic import Field, JsonValue

from agentlab.core.candidate import Files
from agentlab.core.goal import Blob, Goal
from agentlab.core.outcome import CostKind, Outcome
from agentlab.core.task import SplitName, Task
from agentlab.core.tool import Tools
from agentlab.core.value import Value

__all__ = [
    "ContextMeter",
    "Environment",
    "EnvironmentSpec",
    "Episode",
    "Metric",
    "Traits",
    "Yardstick",
]

ContextMeter = Literal["read_tokens", "prompt_tokens", "result_tokens", "none"]
"""What counts as context: `read_tokens` what tools returned to the candidate, `prompt_tokens` what
went to a language model, `result_tokens` what the answer holds, `none` nothing (a guard on context
is then refused)."""


Yardstick = Literal["oracle", "null"]
"""An agent whose success is known beforehand: the oracle solves every task at every seed, the null
agent none."""


class Metric(Value):
    """A number that an environment reports beside success."""

    name: str
    direction: Literal["higher", "lower"]
    """Which way is better."""

    unit: str = ""
    description: str = ""


class Traits(Value):
    """What kind of world this is; the run decides by it how to measure."""

    context_meter: ContextMeter = "none"
    cost_kind: CostKind = "none"

    metrics: tuple[Metric, ...] = ()
    """The environment's own metrics, beside success, context_tokens, cost_usd and steps."""

    is_seeded: bool = True
    """Whether a seed makes a fresh instance. A fixed data set has no fresh seeds."""

    is_deterministic: bool = False
    """Whether the same candidate, task and seed always give the same outcome."""

    needs_preparation: bool = False
    """Whether `preparation` starts an episode for the target's `prepare()`."""

    hides_library: bool = False
    """Whether candidates run with a standard library without sources and docstrings, since these
    would tell the answers. Behind walls only; a plain process can read any file."""

    def with_models(self) -> Traits:
        """Returns the traits where targets ask models: what these cost is metered.

        Their prompts are the context, where nothing else is.
        """
        context: ContextMeter = (
            "prompt_tokens" if self.context_meter == "none" else self.context_meter
        )
        return self.model_copy(update={"cost_kind": "metered", "context_meter": context})


@runtime_checkable
class Episode(Protocol):
    """One live run of a task. Its attributes are the hidden state; its marked methods the tools."""

    goal: Goal
    """What the candidate is told."""

    def judge(self, answer: JsonValue) -> Outcome:
        """Returns what the episode was worth, from the world's own state and the answer.

        Called once, after the candidate answered. The answer is plain data that the candidate
        chose: check its shape, and call a wrong shape a failure (success 0), not an error.
        """
        ...

    def close(self) -> None:
        """Frees what the episode holds; called exactly once, whatever happened."""
        return

    @property
    def tools(self) -> Tools:
        """The calls that the candidate may make; by default the methods marked with `@tool`."""
        return Tools.of(self)

    def evidence(self) -> Mapping[str, bytes]:
        """Returns files that show a person what happened (a screenshot, a clip), by name.

        Asked for after the verdict, of few trials: the worst and the best of a run's winner and
        baseline, or of an evaluation. Pictures (`.png`, `.gif`, `.jpg`, `.webp`) are shown in the
        report; of all files 8 MiB are kept.
        """
        return {}


class Environment(Protocol):
    """A world. Subclass it: only `tasks` and `start` must be written.

    An instance is warm: it is made once per worker and starts many episodes, one at a time, all
    from the same thread.
    """

    traits: Traits = Traits()

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the tasks of a split, in a fixed order.

        Seeded worlds may return the same tasks for train and validation, whose seeds never meet;
        the test split must hold groups that the others do not.
        """
        ...

    def start(self, task: Task, seed: int) -> Episode:
        """Starts a task; the seed decides everything that is random in it.

        Raises:
            InfraError: our side failed; the trial is retried.
        """
        ...

    def texts_of(self, task: Task) -> Sequence[str]:
        """Returns what a task says, piece by piece; no two splits may say the same.

        By default every text in its inputs. Answer the questions or documents where they are kept
        elsewhere, and nothing where instances come from the seed. Called before anything is
        started, once for each task.
        """
        return tuple(_texts_in(task.inputs))

    def preparation(self, seed: int) -> Episode | None:
        """Starts the episode in which a target's `prepare()` runs, or None where there is none."""
        return None

    def blobs(self) -> Sequence[Blob]:
        """Returns the read-only files to mount in the sandbox, the same for every candidate."""
        return ()

    def yardsticks(self) -> Mapping[Yardstick, Files]:
        """Returns agents whose success is known beforehand, as files of a target.

        Each holds `agent.py` with `solve(goal, tools)`, and `prepare` where the world asks for one.
        They run as candidates do, before the first proposal, to check world and judge; they are
        proposed to nobody, and nobody is shown them. An oracle may hold labels in its files: no
        candidate sees those. Offer none that would need hidden state through a tool. The null
        agent, if it is not given, answers None at once.
        """
        return {}

    def fingerprint(self) -> Mapping[str, str]:
        """Returns the versions that an outcome depends on (browser, simulator, data), by name."""
        return {}

    def close(self) -> None:
        """Frees what the environment holds."""
        return


def _texts_in(value: JsonValue | Mapping[str, JsonValue]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts_in(part)


class EnvironmentSpec(Value):
    """What travels between processes in place of an environment."""

    reference: str
    """`environments/browser` (a folder) or `package.module:Class`."""

    options: dict[str, Any] = Field(default_factory=dict)  # Any: the class's own keyword arguments
    """Keyword arguments of the environment's class."""

    @property
    def is_of_script(self) -> bool:
        """Whether its class lives in a script, where no command can build it again."""
        return self.reference.startswith("__main__:")
