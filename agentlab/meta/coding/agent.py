"""The meta-agent that is a language model with the lab's tools; several think side by side."""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab, Workshop
from agentlab.core.tool import Tools
from agentlab.core.trial import TrialRecord
from agentlab.core.value import digest
from agentlab.llm.gateway import ModelAccess
from agentlab.llm.model import ModelTool, Settings
from agentlab.meta.brief.brief import Brief, BriefSettings
from agentlab.meta.coding.conversation import model_tools, opening
from agentlab.meta.coding.models import choose_model
from agentlab.meta.lab.session import Allowance
from agentlab.meta.lab.tools import LabTools

if TYPE_CHECKING:
    from agentlab.meta.coding.graph import CodingGraph, Ended

__all__ = ["CodingAgent", "CodingSettings"]


class CodingSettings(NamedTuple):
    """How a coding agent goes about it."""

    models: tuple[str, ...]
    """Their names; several are dealt the proposals by what they gain for what they cost."""

    turns: int = 30
    """Questions to the model for one proposal, at most."""

    max_tokens: int = 8192
    """Of one answer."""

    temperature: float | None = None
    allowance: Allowance = Allowance()
    brief_tokens: int = 12_000
    guidance: tuple[str, ...] = ()
    numbers_elsewhere: bool = False
    """Whether a numeric optimiser shares the run."""


class _Start(NamedTuple):
    """What attempts from one parent have in common."""

    parent: Candidate
    records: Sequence[TrialRecord]
    brief: Brief


class _Made(NamedTuple):
    candidate: Candidate | None
    attempt: Attempt


class CodingAgent:
    """Proposes what a model submits. A question is put once: what was answered is remembered."""

    name = "coding"

    def __init__(
        self, models: ModelAccess, settings: CodingSettings, *, checkpoints: Path | None = None
    ) -> None:
        """Makes the agent.

        Args:
            models: Where questions are put, metered; from several threads.
            settings: How it goes about it.
            checkpoints: A file for them, to go on within a proposal; none is in memory.
        """
        self._access = models
        self._settings = settings
        self._checkpoints = checkpoints
        self._done: list[str] = []

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns what as many attempts submitted, each from the next of the parents in turn.

        What came to nothing is reported to the lab with its reason.

        Raises:
            AgentlabError: no model can be asked at all.
        """
        assert isinstance(lab, Workshop)
        for thread in self._done:
            self._graph.forget(thread)
        self._done = []
        starts = [parents[place % len(parents)] for place in range(count)]
        if not any(lab.target.is_editable(path) for path in parents[0].files):
            return []
        known = {
            parent.digest: self._start(lab, parent)
            for parent in {start.digest: start for start in starts}.values()
        }
        models = self._models(lab, count, random.Random(seed))
        jobs = [
            functools.partial(
                self._attempt,
                lab,
                known[parent.digest],
                model=models[place],
                place=place,
                seed=seed,
                siblings=count,
            )
            for place, parent in enumerate(starts)
        ]
        made = _each_once(lab.together(jobs))
        for one in made:
            lab.add_attempt(one.attempt)
        return [one.candidate for one in made if one.candidate is not None]

    def close(self) -> None:
        """Closes its checkpoints."""
        if "_graph" in vars(self):
            self._graph.close()

    def _start(self, lab: Workshop, parent: Candidate) -> _Start:
        settings = self._settings
        told = BriefSettings(
            self.name, settings.brief_tokens, settings.guidance, settings.numbers_elsewhere
        )
        records = _known(lab, parent)
        return _Start(parent, records, Brief(lab, parent, records, told))

    def _models(self, lab: Workshop, count: int, generator: random.Random) -> list[str]:
        chosen: list[str] = []
        for _ in range(count):
            pending = [Attempt(source=self.name, model=model) for model in chosen]
            attempts = [*lab.attempts, *pending]
            chosen.append(choose_model(self._settings.models, attempts, lab.history, generator))
        return chosen

    def _attempt(
        self,
        lab: Workshop,
        start: _Start,
        *,
        model: str,
        place: int,
        seed: int,
        siblings: int,
    ) -> _Made:
        from agentlab.meta.coding.graph import Work

        settings = self._settings
        told = start.brief.of(place=place, siblings=siblings)
        work = Work(
            models=self._access,
            workshop=lab,
            parent=start.parent,
            model=model,
            opening=tuple(opening(told)),
            tools=_tools(lab, start.parent),
            settings=Settings(
                max_tokens=settings.max_tokens,
                temperature=settings.temperature,
                # Siblings that are told the same shall not answer the same.
                seed=(seed + place) % (1 << 31),
            ),
            allowance=settings.allowance,
            turns=settings.turns,
            numbers_elsewhere=settings.numbers_elsewhere,
        )
        thread = digest([seed, place, model, start.parent.digest, told])
        self._done.append(thread)
        return _made(self._graph.run(work, thread=thread), start, model)

    @functools.cached_property
    def _graph(self) -> CodingGraph:
        from agentlab.meta.coding.graph import CodingGraph

        return CodingGraph(self._checkpoints)


def _known(lab: Workshop, parent: Candidate) -> list[TrialRecord]:
    """Returns a parent's train trials: what the run has, and what halving will want next."""
    tried = lab.try_on_train(parent, tasks=lab.train_tasks, blocks=1)
    return list({r.key: r for r in [*lab.train_records(parent.digest), *tried]}.values())


def _made(ended: Ended, start: _Start, model: str) -> _Made:
    session = ended.session
    submitted = session.submitted
    seen = [record.key for record in start.records if record.fate.counts]
    parent = start.parent
    attempt = Attempt(
        source=CodingAgent.name,
        model=model,
        failure=ended.failure,
        notes=session.notes,
        trials=tuple(dict.fromkeys([*seen, *session.trials])),
        probes=session.probes,
        cost_usd=ended.cost_usd,
        tokens=ended.tokens,
        calls=ended.calls,
    )
    if ended.failure or submitted is None:
        return _Made(None, attempt)
    candidate = Candidate(
        files={**parent.files, **{path: text.encode() for path, text in session.edits.items()}},
        parent=parent.digest,
        hypothesis=submitted.hypothesis,
        source=CodingAgent.name,
        label=f"{model}: {submitted.title}",
        provenance="model",
    )
    named = {
        "candidate": candidate.digest,
        "approach": submitted.approach,
        "prediction": submitted.prediction,
    }
    return _Made(candidate, attempt.model_copy(update=named))


def _each_once(made: Sequence[_Made]) -> list[_Made]:
    """Returns what was made; of attempts that came to the same files the first counts."""
    seen: set[str] = set()
    found = []
    for one in made:
        is_twin = one.candidate is not None and one.candidate.digest in seen
        found.append(_in_vain(one.attempt) if is_twin else one)
        seen.update([one.candidate.digest] if one.candidate else [])
    return found


def _in_vain(attempt: Attempt) -> _Made:
    twice = {"candidate": None, "failure": "a sibling submitted the same files"}
    return _Made(None, attempt.model_copy(update=twice))


@functools.cache
def _schemas() -> dict[str, tuple[ModelTool, ...]]:
    return {}


def _tools(lab: Workshop, parent: Candidate) -> tuple[ModelTool, ...]:
    """Returns the tools as a model is told of them; their schemas are made once."""
    known = _schemas()
    if not known:
        known["lab"] = model_tools(Tools.of(LabTools(lab, parent)))
    return known["lab"]
