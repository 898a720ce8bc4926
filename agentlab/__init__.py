"""Agents that optimise agents, with results you can believe.

The public names; each is imported when it is first used, so that `import agentlab` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentlab.core.bound import Bound
    from agentlab.core.candidate import Candidate
    from agentlab.core.decision import Decision, Estimate
    from agentlab.core.environment import Environment, Episode, Metric, Traits
    from agentlab.core.goal import Blob, Goal
    from agentlab.core.limits import Limits
    from agentlab.core.meta_agent import Lab, MetaAgent
    from agentlab.core.objective import (
        ConfirmRule,
        GateRule,
        GreedyRule,
        Guard,
        MinDeltaRule,
        Objective,
        PairedRule,
        StrictRule,
        Then,
    )
    from agentlab.core.outcome import ItemOutcome, Outcome
    from agentlab.core.result import RunResult
    from agentlab.core.splitting import split_by_group
    from agentlab.core.task import Task
    from agentlab.core.tool import ToolResult, tool
    from agentlab.data_file import DataFile, read_jsonl
    from agentlab.errors import AgentlabError, InfraError, InputError, ToolError
    from agentlab.experiment.api import optimize, resume
    from agentlab.experiment.config import MeasureConfig, RoundConfig
    from agentlab.search.budget import Budget

__all__ = [
    "AgentlabError",
    "Blob",
    "Bound",
    "Budget",
    "Candidate",
    "ConfirmRule",
    "DataFile",
    "Decision",
    "Environment",
    "Episode",
    "Estimate",
    "GateRule",
    "Goal",
    "GreedyRule",
    "Guard",
    "InfraError",
    "InputError",
    "ItemOutcome",
    "Lab",
    "Limits",
    "MeasureConfig",
    "MetaAgent",
    "Metric",
    "MinDeltaRule",
    "Objective",
    "Outcome",
    "PairedRule",
    "RoundConfig",
    "RunResult",
    "StrictRule",
    "Task",
    "Then",
    "ToolError",
    "ToolResult",
    "Traits",
    "__version__",
    "optimize",
    "read_jsonl",
    "resume",
    "split_by_group",
    "tool",
]

__version__: str

_MODULES = {
    "agentlab.core.bound": ("Bound",),
    "agentlab.core.candidate": ("Candidate",),
    "agentlab.core.decision": ("Decision", "Estimate"),
    "agentlab.core.environment": ("Environment", "Episode", "Metric", "Traits"),
    "agentlab.core.goal": ("Blob", "Goal"),
    "agentlab.core.limits": ("Limits",),
    "agentlab.core.meta_agent": ("Lab", "MetaAgent"),
    "agentlab.core.objective": (
        "ConfirmRule",
        "GateRule",
        "GreedyRule",
        "Guard",
        "MinDeltaRule",
        "Objective",
        "PairedRule",
        "StrictRule",
        "Then",
    ),
    "agentlab.core.outcome": ("ItemOutcome", "Outcome"),
    "agentlab.core.result": ("RunResult",),
    "agentlab.core.splitting": ("split_by_group",),
    "agentlab.core.task": ("Task",),
    "agentlab.core.tool": ("ToolResult", "tool"),
    "agentlab.data_file": ("DataFile", "read_jsonl"),
    "agentlab.errors": ("AgentlabError", "InfraError", "InputError", "ToolError"),
    "agentlab.experiment.api": ("optimize", "resume"),
    "agentlab.experiment.config": ("MeasureConfig", "RoundConfig"),
    "agentlab.search.budget": ("Budget",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:  # Any: whatever the module holds under this name
    if name == "__version__":
        from importlib import metadata

        value: Any = metadata.version("agentlab-autoresearch")
    elif name in _MODULE_OF:
        value = getattr(importlib.import_module(_MODULE_OF[name]), name)
    else:
        raise AttributeError(f"module 'agentlab' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
