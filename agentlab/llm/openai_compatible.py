"""Models behind a server that speaks the OpenAI chat protocol: makers, gateways, local ones."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from agentlab.errors import InputError, ModelFailure
from agentlab.llm.chat import answer_of, body_of, short
from agentlab.llm.event_stream import whole_of
from agentlab.llm.loop_thread import LoopThread
from agentlab.llm.model import Completion, CompletionRequest

__all__ = ["OpenAICompatibleModel", "retry_after_s"]

_TEMPORARY = (408, 425, 429)
_NEVER = (401, 402, 403, 404, 405)
_SMALLEST_ROOM = 2 << 20
_ROOM_PER_TOKEN = 256
"""Bytes that an answer may hold beside the smallest room, for each token that it may have."""


class _Response(NamedTuple):
    status: int
    headers: Mapping[str, str]
    text: str


class OpenAICompatibleModel:
    """Asks `POST {url}/chat/completions`, once for each question.

    Args:
        url: Where the protocol begins, such as `http://127.0.0.1:8000/v1`.
        key: Sent as the bearer token; none where the server wants none.
        stream: Whether to ask for the answer piece by piece, for a server or a proxy between that
            cuts connections on which nothing comes for a while.
    """

    def __init__(self, url: str, *, key: str | None = None, stream: bool = False) -> None:
        self._endpoint = f"{url.rstrip('/')}/chat/completions"
        if urlsplit(self._endpoint).scheme not in ("http", "https"):
            raise InputError(
                f"'{url}' is no address of a model: it begins with http:// or https://"
            )
        self._key = key
        self._stream = stream
        self._thread = LoopThread("agentlab-model")
        self._client = self._thread.run(self._connect(), timeout_s=60)

    def complete(self, request: CompletionRequest, *, timeout_s: float = 600.0) -> Completion:
        """Returns the model's answer; see `LanguageModel`."""
        response = self._post(self._body(request), request.settings.max_tokens, timeout_s)
        if response.status != HTTPStatus.OK:
            raise self._refused(response)
        return answer_of(self._json(response), request, endpoint=self._endpoint)

    def close(self) -> None:
        """Closes its connections."""
        self._thread.run(self._client.aclose(), timeout_s=60)
        self._thread.close()

    def _body(self, request: CompletionRequest) -> dict[str, Any]:
        # The maker's own server refuses, for its later models, what all others know.
        is_maker = urlsplit(self._endpoint).hostname == "api.openai.com"
        body = body_of(request, limit_key="max_completion_tokens" if is_maker else "max_tokens")
        if self._stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return body

    async def _connect(self) -> Any:  # Any: httpx is imported here alone
        try:
            import httpx
        except ImportError as error:
            raise InputError(
                "openai-compatible models need httpx: pip install 'agentlab-autoresearch[llm]'"
            ) from error
        key = {} if self._key is None else {"Authorization": f"Bearer {self._key}"}
        # A proxy is for what is elsewhere.
        direct = {"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None}
        # How long it may take in all is the deadline's matter.
        return httpx.AsyncClient(headers=key, timeout=None, mounts=direct)

    def _post(self, body: dict[str, Any], max_tokens: int, timeout_s: float) -> _Response:
        import httpx

        room = _SMALLEST_ROOM + _ROOM_PER_TOKEN * max_tokens
        try:
            return self._thread.run(self._send(body, room), timeout_s=timeout_s)
        except TimeoutError as error:
            raise self._failure(
                f"no whole answer within {timeout_s:.3g} s", is_temporary=True, may_cost=True
            ) from error
        except (httpx.ConnectError, httpx.ProxyError) as error:
            raise self._failure(f"no connection: {short(error)}", is_temporary=True) from error
        except httpx.TransportError as error:
            raise self._failure(
                f"the connection broke: {short(error) or type(error).__name__}",
                is_temporary=True,
                may_cost=True,
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise self._failure(
                f"no answer that can be read: {short(error)}", may_cost=True
            ) from error

    async def _send(self, body: dict[str, Any], room: int) -> _Response:
        async with self._client.stream("POST", self._endpoint, json=body) as response:
            content = bytearray()
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > room:
                    raise self._failure(
                        f"its answer is larger than {room} bytes", may_cost=response.is_success
                    )
            text = content.decode("utf-8", "replace")
            return _Response(response.status_code, response.headers, text)

    def _json(self, response: _Response) -> Any:  # Any: a server answers what it likes
        try:
            if response.headers.get("content-type", "").startswith("text/event-stream"):
                return whole_of(response.text)
            return json.loads(response.text)
        except (ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
            raise self._failure(
                f"its answer cannot be read: {short(reason)}; it begins with "
                f"{short(response.text[:80])!r}",
                may_cost=True,
            ) from error

    def _refused(self, response: _Response) -> ModelFailure | InputError:
        status, reason = response.status, self._without_key(_error_of(response))
        if status in _NEVER:
            return InputError(f"{self._endpoint}: status {status}: {reason}")
        if status < HTTPStatus.BAD_REQUEST:
            return InputError(
                f"{self._endpoint}: status {status}: no model answers at this address"
            )
        return self._failure(
            reason,
            status=status,
            is_temporary=status in _TEMPORARY or status >= HTTPStatus.INTERNAL_SERVER_ERROR,
            retry_after_s=retry_after_s(response.headers),
        )

    def _failure(
        self, reason: str, **details: Any
    ) -> ModelFailure:  # Any: as ModelFailure has them
        return ModelFailure(self._without_key(reason), endpoint=self._endpoint, **details)

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "***") if self._key else text


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Returns the seconds for which a server asks not to be asked again, or None.

    >>> retry_after_s({"retry-after": "2"}), retry_after_s({"retry-after": "soon"})
    (2.0, None)
    """
    milliseconds, given = headers.get("retry-after-ms"), headers.get("retry-after", "")
    for text, unit in ((milliseconds, 1000.0), (given, 1.0)):
        try:
            wait_s = float(text or "") / unit
        except ValueError:
            continue
        # Neither NaN nor a wait before now.
        return wait_s if 0 <= wait_s < float("inf") else None
    try:
        return max(0.0, email.utils.parsedate_to_datetime(given).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _error_of(response: _Response) -> str:
    """Returns what a server says of its refusal, in one short line."""
    try:
        body = json.loads(response.text)
    except (ValueError, RecursionError):
        return short(response.text) or "without a word"
    return short(
        body.get("error") or body.get("detail") or body if isinstance(body, dict) else body
    )
