"""Models of every provider that LiteLLM knows, by its names: `anthropic/...`, `bedrock/...`.

LiteLLM is asked to translate and to call once. It neither tries again, which the gateway does with
the money in view, nor prices, nor remembers.
"""

from __future__ import annotations

import os
from typing import Any

from agentlab.errors import InputError, ModelFailure
from agentlab.llm.chat import answer_of, body_of, short
from agentlab.llm.loop_thread import LoopThread
from agentlab.llm.model import Completion, CompletionRequest
from agentlab.llm.openai_compatible import retry_after_s

__all__ = ["LiteLLMModel"]

_TEMPORARY = (408, 425, 429)
_NEVER = ("AuthenticationError", "PermissionDeniedError", "NotFoundError")


class LiteLLMModel:
    """Asks by LiteLLM, once for each question.

    Args:
        url: An address in place of the provider's own.
        key: In place of the key that LiteLLM finds in the environment of this process.
    """

    def __init__(self, *, url: str | None = None, key: str | None = None) -> None:
        # Its import fetches a list of prices from the internet otherwise, and prices are ours.
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        try:
            import litellm
        except ImportError as error:
            raise InputError(
                "litellm models need LiteLLM: pip install 'agentlab-autoresearch[llm]'"
            ) from error
        litellm.suppress_debug_info = True
        # A setting that a provider does not know (a seed, mostly) is left out.
        litellm.drop_params = True
        self._litellm: Any = litellm  # Any: the package comes without usable types
        self._given = {"api_base": url, "api_key": key}
        self._key = key
        self._thread = LoopThread("agentlab-litellm")

    def complete(self, request: CompletionRequest, *, timeout_s: float = 600.0) -> Completion:
        """Returns the model's answer; see `LanguageModel`."""
        endpoint = f"litellm {request.model}"
        try:
            reply = self._thread.run(self._call(request, timeout_s), timeout_s=timeout_s)
        except TimeoutError as error:
            raise ModelFailure(
                f"no whole answer within {timeout_s:.3g} s",
                endpoint=endpoint,
                is_temporary=True,
                may_cost=True,
            ) from error
        except Exception as error:
            raise self._told(error, endpoint) from error
        return answer_of(reply, request, endpoint=endpoint)

    def close(self) -> None:
        """Ends its thread."""
        self._thread.close()

    async def _call(self, request: CompletionRequest, timeout_s: float) -> Any:
        reply = await self._litellm.acompletion(
            **body_of(request),
            **{name: value for name, value in self._given.items() if value is not None},
            timeout=timeout_s,
            num_retries=0,
            max_retries=0,
            # Without it a request with tools imports a server that is not installed.
            _skip_mcp_handler=True,
        )
        return reply.model_dump()

    def _told(self, error: Exception, endpoint: str) -> ModelFailure | InputError:
        reason = short(error).removeprefix("litellm.") or type(error).__name__
        if self._key:
            reason = reason.replace(self._key, "***")
        status = getattr(error, "status_code", None)
        status = status if isinstance(status, int) else None
        if type(error).__name__ in _NEVER:
            return InputError(f"{endpoint}: {reason}")
        is_lost = type(error).__name__ in ("APIConnectionError", "Timeout")
        # The response that an error carries is often one that LiteLLM made up.
        told = getattr(error, "litellm_response_headers", None)
        headers = told or getattr(getattr(error, "response", None), "headers", None) or {}
        return ModelFailure(
            reason,
            endpoint=endpoint,
            status=status,
            is_temporary=is_lost or status is None or status in _TEMPORARY or status >= 500,
            retry_after_s=retry_after_s(headers),
            may_cost=is_lost,
        )
