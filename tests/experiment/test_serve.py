"""A run whose proposals come from a client; tests/cli/test_serve.py has real ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agentlab.core.progress import Silent
from agentlab.core.result import RunResult
from agentlab.errors import InputError, ProposerDown
from agentlab.experiment.serve import serve_run
from agentlab.experiment.session import run_experiment
from agentlab.meta.mcp.agent import McpAgent
from agentlab.meta.mcp.desk import ClientDesk, Said
from tests.experiment.noisy_run import brief_experiment


def in_a_run(folder: Path, candidates: int) -> Callable[[McpAgent], RunResult]:
    experiment = brief_experiment(
        budget={"candidates": candidates}, accept=["cache", "noise"]
    ).for_a_client()
    return lambda agent: run_experiment(experiment, runs=folder, observer=Silent(), proposer=agent)


def when_open(desk: ClientDesk) -> str:
    while "call `wait`" in (said := desk.call("wait", {})).text:
        pass
    return said.text


def propose(desk: ClientDesk, knobs: str) -> str:
    old = "KNOBS = (0.6, 0.3, 0.5)"
    desk.call("edit_file", {"path": "agent.py", "old": old, "new": f"KNOBS = {knobs}"})
    said = desk.call("submit", {"title": knobs, "hypothesis": "it is better"})
    assert not said.is_error, said
    return when_open(desk)


@pytest.mark.usefixtures("called")
def test_each_proposal_is_decided_before_the_next_is_asked_for(tmp_path: Path) -> None:
    desk = ClientDesk(patience_s=0.2)

    def client() -> list[str]:
        return [
            when_open(desk),
            propose(desk, "(0.0, 1.0, 0.0)"),
            propose(desk, "(0.9, 0.1, 0.6)"),
        ]

    with ThreadPoolExecutor() as pool:
        heard = pool.submit(client)
        result = serve_run(desk, in_a_run(tmp_path, 2))
        first, second, third = heard.result()
    assert "nothing was decided" in first
    assert "(0.0, 1.0, 0.0)" in second
    assert third == f"the run has ended: {result.verdict}"
    assert result.candidates.kept == 1


@pytest.mark.usefixtures("called")
def test_a_client_that_leaves_stops_the_run_which_can_go_on(tmp_path: Path) -> None:
    desk = ClientDesk()
    desk.leave()
    with pytest.raises(ProposerDown, match="the client has left") as stopped:
        serve_run(desk, in_a_run(tmp_path, 2))
    (folder,) = tmp_path.iterdir()
    assert stopped.value.__notes__ == [f"go on with: agentlab serve --mcp {folder}"]


def test_a_client_is_told_why_there_is_no_run() -> None:
    desk = ClientDesk()
    desk.leave()

    def refuses(_: McpAgent) -> RunResult:
        raise InputError("no such world")

    with pytest.raises(InputError):
        serve_run(desk, refuses)
    assert desk.call("submit", {}) == Said("the run has stopped: no such world", is_error=True)
