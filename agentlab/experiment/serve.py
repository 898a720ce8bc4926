"""A run whose proposals come from a client: the run here, the server beside it."""

from __future__ import annotations

from collections.abc import Callable

from agentlab.core.result import RunResult
from agentlab.errors import AgentlabError
from agentlab.meta.mcp.agent import McpAgent
from agentlab.meta.mcp.desk import ClientDesk

__all__ = ["serve_run"]

_TOLD_S = 60.0


def serve_run(desk: ClientDesk, run: Callable[[McpAgent], RunResult]) -> RunResult:
    """Runs with a client as the meta-agent and tells it how the run ended.

    Args:
        desk: Where its calls arrive.
        run: Runs with a meta-agent, or goes on with a run.

    Raises:
        AgentlabError: what ended the run; the client is told.
    """
    try:
        result = run(McpAgent(desk))
    except AgentlabError as error:
        desk.end(f"the run has stopped: {error}")
        desk.wait_until_told(0.0 if desk.is_gone else _TOLD_S)
        raise
    except BaseException:
        desk.end("the run was interrupted")
        raise
    desk.end(f"the run has ended: {result.verdict}")
    desk.wait_until_told(_TOLD_S)
    return result
