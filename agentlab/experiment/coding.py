"""A coding agent of an experiment: what it needs, its models, where its answers are kept."""

from __future__ import annotations

import contextlib
import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path

from agentlab.experiment.config import CodingConfig
from agentlab.experiment.models import backend_problems, price_problems, setup_of
from agentlab.llm.gateway import Answer
from agentlab.llm.model import CompletionRequest
from agentlab.llm.process import GatewayProcess
from agentlab.llm.remote import RemoteGateway
from agentlab.meta.coding.agent import CodingAgent, CodingSettings
from agentlab.meta.lab.session import Allowance

__all__ = ["CodingModels", "coding_agent", "coding_problems"]

_NEEDED = ("langgraph", "langgraph.checkpoint.sqlite")


class CodingModels:
    """The gateway of one coding agent, started by the first question. Safe from several threads.

    Args:
        config: Which models, and what they may cost.
        folder: Where answers are kept and calls written down; in memory without.
    """

    def __init__(self, config: CodingConfig, *, folder: Path | None) -> None:
        self._config = config
        self._folder = folder
        self._lock = threading.Lock()
        self._process: GatewayProcess | None = None

    def ask(self, request: CompletionRequest) -> Answer:
        """Returns the answer to a request; see `ModelAccess`."""
        with self._lock:
            if self._process is None:
                self._process = GatewayProcess(setup_of(self._config), folder=self._folder)
        return RemoteGateway(self._process.address).ask(request)

    def close(self) -> None:
        """Ends the gateway's process."""
        if self._process is not None:
            self._process.close()


def coding_problems(config: CodingConfig, key: str) -> Iterator[str]:
    """Yields what a coding agent lacks, each behind the key of the experiment that it is about."""
    missing = [name for name in _NEEDED if not _is_installed(name)]
    if missing:
        yield (
            f"{key}kind: coding needs {', '.join(missing)}, which is not installed; "
            "try: pip install 'agentlab-autoresearch[llm]'"
        )
    yield from backend_problems(config, key)
    yield from price_problems(config, config.models, key, "models")


def coding_agent(
    config: CodingConfig,
    *,
    folder: Path | None,
    numbers_elsewhere: bool,
    opened: contextlib.ExitStack,
) -> CodingAgent:
    """Returns the agent; what it opens is closed with the stack.

    Args:
        config: How it goes about it.
        folder: Of the run, where answers and checkpoints are kept; none is in memory.
        numbers_elsewhere: Whether a numeric optimiser shares the run.
        opened: Takes what is to be closed.
    """
    models = CodingModels(config, folder=folder / "coding" if folder else None)
    opened.callback(models.close)
    agent = CodingAgent(
        models,
        CodingSettings(
            models=config.models,
            turns=config.turns,
            max_tokens=config.max_tokens,
            temperature=config.temperature,
            allowance=Allowance(config.trials, config.probes),
            brief_tokens=config.brief_tokens,
            guidance=config.guidance,
            numbers_elsewhere=numbers_elsewhere,
        ),
        checkpoints=folder / "coding.sqlite" if folder else None,
    )
    opened.callback(agent.close)
    return agent


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
