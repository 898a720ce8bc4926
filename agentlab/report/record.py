"""What a report is made of, read from the store of a finished run."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.core.decision import Decision
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.objective import Objective
from agentlab.core.outcome import CostKind
from agentlab.core.result import RunResult
from agentlab.core.trial import TrialRecord
from agentlab.errors import AgentlabError
from agentlab.report.tasks import Changes, changes_of
from agentlab.store.looks import Looks, looks_of
from agentlab.store.run_folder import RunFolder
from agentlab.store.store import Store

__all__ = ["RunRecord", "read_record"]


class RunRecord(NamedTuple):
    """A finished run."""

    result: RunResult
    decisions: tuple[Decision, ...]
    hypotheses: Mapping[str, str]
    """What each candidate should change, by digest; written by whoever proposed it."""

    metric: str
    """What the objective is about."""

    cost_kind: CostKind
    folder: Path
    is_of_script: bool = False
    """Whether its environment was an object of a script, which no command can build again."""

    looks: Looks = Looks(0, 0, 0)
    """Who has looked at the sealed test by now."""

    changes: Mapping[int, tuple[Changes, ...]] = {}
    """What each proposal won and lost by task, by its number."""


def read_record(store: Store, folder: RunFolder) -> RunRecord:
    """Returns what the store holds of a finished run.

    Raises:
        AgentlabError: the run has no result yet.
    """
    run = store.run(folder.name)
    if run.result is None:
        raise AgentlabError(
            f"run '{folder.name}' has no result yet ({run.status}); "
            f"see: agentlab status {folder.name}, or go on: agentlab resume {folder.name}"
        )
    candidates = store.candidates(folder.name)
    looks = looks_of(store, folder.name)
    decisions = tuple(store.decisions(folder.name))
    objective = Objective.model_validate(run.experiment["objective"])
    baseline = store.trials(folder.name, candidate=candidates[0].digest) if candidates else []
    return RunRecord(
        result=RunResult.model_validate(run.result).model_copy(update={"test_looks": looks.all}),
        decisions=decisions,
        hypotheses={info.digest: info.hypothesis for info in candidates},
        metric=objective.metric,
        cost_kind=next((record.usage.cost_kind for record in baseline), "none"),
        folder=folder.path,
        is_of_script=EnvironmentSpec.model_validate(run.experiment["environment"]).is_of_script,
        looks=looks,
        changes=_changes(store, folder.name, decisions, objective),
    )


def _changes(
    store: Store, run: str, decisions: Sequence[Decision], objective: Objective
) -> dict[int, tuple[Changes, ...]]:
    @functools.lru_cache(maxsize=2)
    def trials(candidate: str) -> list[TrialRecord]:
        return store.trials(run, candidate=candidate, kind="solve")

    return {
        decision.number: found
        for decision in decisions
        if decision.pairs
        and (found := changes_of(trials(decision.candidate), trials(decision.incumbent), objective))
    }
