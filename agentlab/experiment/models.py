"""The gateway to the models that a target may ask, for as long as something runs."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agentlab.core.trial import ModelAddress, ModelNames
from agentlab.errors import InputError
from agentlab.experiment.config import BackendConfig, Experiment, ModelsConfig
from agentlab.llm.process import GatewayProcess
from agentlab.llm.purse import Caps
from agentlab.llm.setup import ModelSetup

__all__ = [
    "backend_problems",
    "model_problems",
    "names_of",
    "open_models",
    "price_problems",
    "setup_of",
]

_NEEDED = {"openai-compatible": "httpx", "litellm": "litellm"}


@contextmanager
def open_models(
    experiment: Experiment, folder: Path | None = None
) -> Iterator[ModelAddress | None]:
    """Starts the gateway's process, which alone holds keys; yields where it is, or None without.

    Args:
        experiment: Whose models.
        folder: Where answers are kept and calls written down; in memory without.

    Raises:
        InputError: a key, an address or a package is missing.
        InfraError: the process does not start.
    """
    if experiment.models is None:
        yield None
        return
    with GatewayProcess(setup_of(experiment.models), folder=folder) as gateway:
        yield gateway.address


def setup_of(config: BackendConfig) -> ModelSetup:
    """Returns what the gateway needs to know."""
    return ModelSetup(
        backend=config.backend,
        url=config.url,
        key_variable=config.key_variable,
        stream=config.stream,
        prices=config.prices,
        caps=Caps(cost_usd=config.cost_usd, tokens=config.tokens),
        patience=config.patience,
    )


def names_of(config: ModelsConfig) -> ModelNames:
    """Returns what of the models decides an answer, and so is in the key of every trial."""
    backend = config.backend if config.url is None else f"{config.backend} {config.url}"
    return ModelNames(backend=backend, names=config.names)


def model_problems(config: ModelsConfig) -> Iterator[str]:
    """Yields what is wrong with the models of an experiment, each behind its key."""
    yield from backend_problems(config, "models.")
    yield from price_problems(config, config.names.values(), "models.", "names")


def backend_problems(config: BackendConfig, key: str) -> Iterator[str]:
    """Yields what a backend lacks, each behind its key."""
    needed = _NEEDED[config.backend]
    if importlib.util.find_spec(needed) is None:
        yield (
            f"{key}backend: '{config.backend}' needs {needed}, which is not installed; "
            "try: pip install 'agentlab-autoresearch[llm]'"
        )
    if config.key_variable and not os.environ.get(config.key_variable):
        yield f"{key}key_variable: the environment has no {config.key_variable}"
    if config.backend == "openai-compatible" and not (config.url or "").startswith(
        ("http://", "https://")
    ):
        yield f"{key}url: the address of a server that speaks the OpenAI protocol, http(s)://..."


def price_problems(
    config: BackendConfig, models: Iterable[str], key: str, field: str
) -> Iterator[str]:
    """Yields the models that have no price, behind the field that names them."""
    table = setup_of(config).price_table
    for name in models:
        try:
            table.cost_usd(name, 0, 0)
        except InputError as error:
            yield f"{key}{field}: {error} under {key}prices"
