"""A way to the gateway from another process: HTTP on this machine, with a token for one run."""

from __future__ import annotations

import http.client
import json
from typing import Any, Literal
from urllib.parse import urlsplit

from agentlab.core.trial import ModelAddress
from agentlab.core.value import Value
from agentlab.errors import (
    AgentlabError,
    BudgetSpent,
    InfraError,
    InputError,
    ModelDown,
    ModelFailure,
)
from agentlab.llm.gateway import Answer
from agentlab.llm.model import Completion, CompletionRequest

__all__ = ["RemoteGateway", "Reply", "Trouble", "reply_of"]

_ROOM_S = 60.0
"""What the gateway may take beyond its own deadline."""


class Trouble(Value):
    """An error of ours as it travels."""

    kind: Literal["BudgetSpent", "InputError", "ModelDown", "ModelFailure", "InfraError"]
    message: str
    reason: str = ""
    endpoint: str = ""
    status: int | None = None
    is_temporary: bool = False
    may_cost: bool = False

    @classmethod
    def of(cls, error: AgentlabError) -> Trouble:
        """Returns what travels of an error."""
        if isinstance(error, ModelFailure):
            return cls(
                kind="ModelFailure",
                message=str(error),
                reason=error.reason,
                endpoint=error.endpoint,
                status=error.status,
                is_temporary=error.is_temporary,
                may_cost=error.may_cost,
            )
        if isinstance(error, BudgetSpent):
            return cls(kind="BudgetSpent", message=str(error))
        if isinstance(error, InputError):
            return cls(kind="InputError", message=str(error))
        if isinstance(error, ModelDown):
            return cls(kind="ModelDown", message=str(error))
        return cls(kind="InfraError", message=str(error))

    def error(self) -> AgentlabError:
        """Returns the error."""
        if self.kind == "ModelFailure":
            return ModelFailure(
                self.reason,
                endpoint=self.endpoint,
                status=self.status,
                is_temporary=self.is_temporary,
                may_cost=self.may_cost,
            )
        kinds = {kind.__name__: kind for kind in (BudgetSpent, InputError, ModelDown, InfraError)}
        return kinds[self.kind](self.message)


class Reply(Value):
    """What the gateway answers over the line: an answer or a trouble."""

    completion: Completion | None = None
    cost_usd: float = 0.0
    is_cached: bool = False
    trouble: Trouble | None = None


def reply_of(answer: Answer | AgentlabError) -> Reply:
    """Returns what travels of an answer, or of the error in its place."""
    if isinstance(answer, AgentlabError):
        return Reply(trouble=Trouble.of(answer))
    return Reply(completion=answer.completion, cost_usd=answer.cost_usd, is_cached=answer.is_cached)


class RemoteGateway:
    """Asks a gateway in another process; see `ModelAccess`. Safe to use from several threads."""

    def __init__(self, address: ModelAddress) -> None:
        self._address = address
        self._host = urlsplit(address.url).netloc

    def ask(self, request: CompletionRequest) -> Answer:
        """Returns the answer to a request."""
        reply = self._post(request.model_dump_json())
        if reply.trouble is not None:
            raise reply.trouble.error()
        assert reply.completion is not None
        return Answer(reply.completion, reply.cost_usd, reply.is_cached)

    def _post(self, body: str) -> Reply:
        timeout_s = self._address.deadline_s + _ROOM_S
        connection = http.client.HTTPConnection(self._host, timeout=timeout_s)
        try:
            connection.request("POST", "/ask", body.encode(), _headers(self._address.token))
            response = connection.getresponse()
            said: Any = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise InfraError(f"the gateway to models at {self._address.url}: {error}") from error
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise InfraError(f"the gateway to models answers {response.status}: {said}")
        return Reply.model_validate(said)


def _headers(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", "content-type": "application/json"}
