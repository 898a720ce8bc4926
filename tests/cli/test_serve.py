"""A client of the official SDK, and the command that serves it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from agentlab.cli.main import call

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")

Talk = Callable[[Any], Awaitable[None]]

SERVE = [sys.executable, "-m", "agentlab", "serve", "noisy.yaml", "--mcp"]
ONE = ["--set", "budget.candidates=1", "--set", "accept=[cache, noise]"]
MORE = ["--set", "budget.candidates=3", "--set", "accept=[cache, noise]"]
HERE = str(Path(__file__).resolve().parents[2])


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": HERE, "NO_COLOR": "1"}


def over_stdio(talk: Talk, *options: str) -> None:
    """Has a client talk to a server that it starts."""
    import anyio
    from mcp.client.stdio import StdioServerParameters

    async def run() -> None:
        server = StdioServerParameters(
            command=SERVE[0], args=[*SERVE[1:], *options], env=environment(), cwd=str(Path.cwd())
        )
        with anyio.fail_after(100):
            async with mcp.Client(server) as client:
                await talk(client)

    anyio.run(run)


async def said(client: Any, name: str, **arguments: Any) -> str:
    result = await client.call_tool(name, arguments)
    return str(result.content[0].text)


async def when_open(client: Any) -> str:
    """Returns what the run says once it waits for a proposal, or is over."""
    while True:
        state = await said(client, "wait")
        if "call `wait`" not in state:
            return state


async def propose(client: Any, knobs: str, title: str) -> str:
    await said(
        client, "edit_file", path="agent.py", old="KNOBS = (0.6, 0.3, 0.5)", new=f"KNOBS = {knobs}"
    )
    assert "KNOBS" in await said(client, "show_diff")
    assert "submitted" in await said(client, "submit", title=title, hypothesis="it is better")
    return await when_open(client)


@pytest.mark.serial
def test_a_client_over_stdio_proposes_and_hears_what_was_decided(project: Path) -> None:
    heard: list[str] = []

    async def talk(client: Any) -> None:
        tools = await client.list_tools()
        assert {"read_brief", "edit_file", "submit"} <= {tool.name for tool in tools.tools}
        heard.append(await when_open(client))
        heard.append(await said(client, "read_brief"))
        assert "trials" in await said(client, "run_trials", blocks=1)
        heard.append(await propose(client, "(0.0, 1.0, 0.0)", "The far end"))
        heard.append(await propose(client, "(0.9, 0.1, 0.6)", "The optimum"))
        assert "finished" in await said(client, "finish")
        heard.append(await when_open(client))

    over_stdio(talk, *MORE)
    assert "nothing was decided so far" in heard[0]
    assert "Rewrite the target" in heard[1]
    assert re.search(r"The far end.*(discarded|undecided)", heard[2], re.DOTALL)
    assert re.search(r"The optimum.*kept", heard[3], re.DOTALL)
    assert heard[4].startswith("the run has ended: improved")


@pytest.mark.serial
def test_a_run_whose_client_left_goes_on_with_another(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def first(client: Any) -> None:
        await when_open(client)
        await propose(client, "(0.0, 1.0, 0.0)", "The far end")

    over_stdio(first, *MORE)
    (run,) = (project / "runs").iterdir()
    assert call(["resume", str(run)]) == 2
    assert "agentlab serve --mcp" in capsys.readouterr().err

    async def second(client: Any) -> None:
        assert "The far end" in await when_open(client)
        await propose(client, "(0.9, 0.1, 0.6)", "The optimum")
        await said(client, "finish")
        assert "improved" in await when_open(client)

    SERVE[4] = str(run)
    try:
        over_stdio(second)
    finally:
        SERVE[4] = "noisy.yaml"
    assert call(["show", run.name, "--json"]) == 0
    decisions = json.loads(capsys.readouterr().out)["decisions"]
    assert [one["label"] for one in decisions] == ["The far end", "The optimum"]


@pytest.mark.serial
def test_a_client_over_http_on_loopback_does_the_same(project: Path) -> None:
    import anyio

    with subprocess.Popen(
        [*SERVE, "--http", "0", *ONE], env=environment(), stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        url = ""
        while not url:
            line = server.stderr.readline()
            assert line, "it ended"
            found = re.search(r"serving on (http://127\.0\.0\.1:\d+/mcp)", line)
            url = found[1] if found else ""

        async def run() -> str:
            with anyio.fail_after(100):
                async with mcp.Client(url) as client:
                    await when_open(client)
                    return await propose(client, "(0.9, 0.1, 0.6)", "The optimum")

        assert "the run has ended: improved" in anyio.run(run)
        server.stderr.read()
        assert server.wait(60) == 0


def test_what_is_missing_is_told(project: Path, agentlab_call: Callable[..., Any]) -> None:
    assert "say what to serve: --mcp" in agentlab_call("serve", "noisy.yaml").err
    assert agentlab_call("serve", "nothing.yaml", "--mcp", "--http", "0").code == 2
