"""Which models a run asks, where, for how much money; and the gateway that this makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Literal, Protocol

from pydantic import ConfigDict, Field

from agentlab.core.value import Value
from agentlab.errors import InputError
from agentlab.llm.answer_folder import AnswerFolder
from agentlab.llm.cache import AnswerCache
from agentlab.llm.call_log import CallLog
from agentlab.llm.gateway import Gateway
from agentlab.llm.model import LanguageModel
from agentlab.llm.patience import Patience
from agentlab.llm.prices import Price, PriceTable, builtin_prices
from agentlab.llm.purse import Caps, Spending

__all__ = ["ModelSetup", "open_gateway", "open_model"]


class ModelSetup(Value):
    """A backend of models, what it may cost and how long it is waited for."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    backend: Literal["openai-compatible", "litellm"] = "openai-compatible"
    """`openai-compatible`: a server that speaks the OpenAI chat protocol, at `url`. `litellm`:
    whatever provider LiteLLM knows, by its names."""

    url: str | None = None
    """Where the protocol begins, such as `http://127.0.0.1:8000/v1`."""

    key_variable: str | None = None
    """Environment variable that holds the key; only the gateway's process reads it."""

    stream: bool = False
    """Whether answers come piece by piece: for what cuts silent connections between here and the
    server."""

    prices: dict[str, Price] = Field(default_factory=dict)
    """US dollars per million tokens by model, `{prompt, completion}`; they win over the built-in
    table, and a model that neither has is refused."""

    caps: Caps = Caps()
    """What all calls of the run may cost; the one that might pass it is not made."""

    patience: Patience = Patience()
    """What is done about a model that is slow, busy or broken."""

    @property
    def price_table(self) -> PriceTable:
        """What it costs."""
        return builtin_prices().with_prices(self.prices)


@contextmanager
def open_model(setup: ModelSetup, environ: Mapping[str, str]) -> Iterator[LanguageModel]:
    """Yields the backend, and closes its connections after.

    Raises:
        InputError: its key, its address or its package is missing.
    """
    key = None
    if setup.key_variable is not None:
        key = environ.get(setup.key_variable)
        if not key:
            raise InputError(f"key_variable: the environment has no {setup.key_variable}")
    with closing(_backend(setup, key)) as model:
        yield model


@contextmanager
def open_gateway(
    setup: ModelSetup, environ: Mapping[str, str], *, folder: Path | None = None
) -> Iterator[Gateway]:
    """Yields the gateway before the backend of a setup, and closes both after.

    Args:
        setup: Which.
        environ: Where the key is.
        folder: Where answers are kept and calls written down, so that a run that is resumed pays
            nothing twice and its caps hold over all its processes; in memory without.

    Raises:
        InputError: something of it is missing.
    """
    with ExitStack() as opened:
        model = opened.enter_context(open_model(setup, environ))
        log = opened.enter_context(closing(CallLog(folder / "calls.jsonl"))) if folder else None
        yield Gateway(
            model,
            prices=setup.price_table,
            caps=setup.caps,
            patience=setup.patience,
            cache=AnswerCache(AnswerFolder(folder / "answers") if folder else None),
            spent=log.spent if log else Spending(),
            on_record=log,
        )


class _Backend(LanguageModel, Protocol):
    def close(self) -> None: ...


def _backend(setup: ModelSetup, key: str | None) -> _Backend:
    if setup.backend == "litellm":
        from agentlab.llm.litellm_model import LiteLLMModel

        return LiteLLMModel(url=setup.url, key=key)
    from agentlab.llm.openai_compatible import OpenAICompatibleModel

    if setup.url is None:
        raise InputError("url: an openai-compatible backend needs its address")
    return OpenAICompatibleModel(setup.url, key=key, stream=setup.stream)
