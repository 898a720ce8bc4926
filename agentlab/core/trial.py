"""The unit of work, of storage and of scheduling: candidate x task x seed x repetition."""

from __future__ import annotations

import functools
from typing import Literal

from pydantic import Field

from agentlab.core.candidate import TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate, ItemOutcome, Outcome, Usage
from agentlab.core.task import SplitName, Task
from agentlab.core.value import JsonValue, Value, digest

__all__ = [
    "Artefact",
    "Bench",
    "ModelAddress",
    "ModelNames",
    "Pair",
    "TraceFrame",
    "TracePolicy",
    "Trial",
    "TrialRecord",
]


TracePolicy = Literal["broken", "unsolved", "always", "pictured"]
"""`broken`: neither solved nor failed. `unsolved`: those and the failed ones. `always`: all.
`pictured`: all, with the environment's evidence, which may take longer than the trial."""


class ModelAddress(Value):
    """Where a gateway to models is; holds no key of theirs, worthless when the run has ended."""

    url: str
    token: str
    """Lets a question in."""

    deadline_s: float = Field(gt=0)
    """Seconds that a question may take."""


class ModelNames(Value):
    """Which language models a target may ask."""

    backend: str
    """Who answers, such as the address of a server: another one is another model."""

    names: dict[str, str]
    """What the target calls a model, to what the backend does."""


class Bench(Value):
    """What all trials of a run share: it is sent to a worker once and keeps it warm."""

    environment: EnvironmentSpec
    target: TargetSpec
    limits: Limits
    sandbox: Literal["auto", "bubblewrap", "plain"] = "auto"
    """The layer to use; `auto` takes the strongest that the machine gives."""

    fingerprint: dict[str, str] = Field(default_factory=dict)
    """Versions that an outcome depends on, as the first worker saw them."""

    models: ModelNames | None = None
    """Language models that the target may ask by its vendor's SDK."""

    access: ModelAddress | None = None
    """Where these models are asked; decides no outcome."""

    @functools.cached_property
    def digest(self) -> str:
        """Content address of everything but the candidate that decides an outcome."""
        without = {"sandbox", "access"} | ({"models"} if self.models is None else set())
        return digest(self.model_dump(mode="json", exclude=without))


class Pair(Value):
    """A task and a seed on which candidates are compared: the unit of pairing."""

    task: Task
    seed: int = Field(ge=0)
    split: SplitName
    cluster: str
    """The unit that can be called independent, such as task x seed block."""


class Artefact(Value):
    """What a target's `prepare()` left behind: opaque to the trusted side."""

    digest: str
    """Content address, 32 hex digits; also the name of its folder."""

    size_bytes: int = Field(ge=0)


class Trial(Value):
    """One candidate on one pair, or its preparation; what travels to a worker."""

    bench: str
    """Digest of the bench that it belongs to."""

    candidate: str
    """Digest of the candidate's files, which the worker is given beside the trial."""

    kind: Literal["solve", "prepare"] = "solve"
    pair: Pair | None = None
    """None for a preparation."""

    preparation_seed: int = 0
    artefact: Artefact | None = None
    repetition: int = Field(default=0, ge=0)

    trace: TracePolicy = "broken"
    """Which trials keep their frames, and whether the environment is asked for evidence."""

    @functools.cached_property
    def key(self) -> str:
        """Content address of the trial: the cache and the resume."""
        content = self.model_dump(mode="json", exclude={"trace": True, "pair": {"cluster"}})
        return digest(content)


class TraceFrame(Value):
    """One message over the wire."""

    at_s: float
    """Seconds since the start frame."""

    sender: Literal["candidate", "environment"]
    frame: dict[str, JsonValue]


class TrialRecord(Value):
    """A finished trial, as it is stored."""

    key: str
    bench: str
    candidate: str
    kind: Literal["solve", "prepare"] = "solve"
    task: str = ""
    split: SplitName | None = None
    seed: int = 0
    cluster: str = ""
    repetition: int = 0
    fate: Fate
    reason: str = ""
    """Why it ended so, one line; the limit's name, the exception, the violation."""

    outcome: Outcome | None = None
    """None where nothing was judged."""

    usage: Usage = Usage()
    artefact: Artefact | None = None
    """What a preparation left behind."""

    sandbox: str = ""
    """The layers in force, such as `bubblewrap+landlock+seccomp`, or `plain` (not isolated)."""

    @property
    def success(self) -> float:
        """Success in [0, 1]; 0 for whatever was not judged."""
        return self.outcome.success if self.outcome else 0.0

    @property
    def items(self) -> tuple[ItemOutcome, ...]:
        """Per-item scores; empty where the trial is its own item."""
        return self.outcome.items if self.outcome else ()
