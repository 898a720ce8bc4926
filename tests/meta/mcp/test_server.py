"""What a client finds where the server is; tests/cli/test_serve.py has it drive whole runs."""

from __future__ import annotations

import http.client
import importlib.util
import json
import socket
import urllib.parse

import pytest

from agentlab.errors import InputError
from agentlab.meta.mcp.agent import offered_tools
from agentlab.meta.mcp.desk import ClientDesk
from agentlab.meta.mcp.server import http_server, require_sdk

HAS_SDK = importlib.util.find_spec("mcp") is not None


@pytest.mark.skipif(HAS_SDK, reason="the extra mcp is installed")
def test_without_the_sdk_one_is_told_what_to_install() -> None:
    with pytest.raises(InputError, match=r"pip install 'agentlab-autoresearch\[mcp\]'"):
        require_sdk()


def test_a_port_that_is_taken_is_bad_input() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(InputError, match=f"--http {port}: cannot be listened on"),
            http_server(ClientDesk(), port),
        ):
            pass


@pytest.mark.skipif(not HAS_SDK, reason="the extra mcp is not installed")
def test_tools_are_offered_and_a_run_that_is_busy_is_told_as_an_error() -> None:
    import anyio
    import mcp

    desk = ClientDesk(patience_s=0.01)
    with http_server(desk, 0) as url:

        async def talk() -> None:
            async with mcp.Client(url) as client:
                tools = await client.list_tools()
                assert [tool.name for tool in tools.tools] == [one.name for one in offered_tools()]
                busy = await client.call_tool("submit", {"title": "t", "hypothesis": "h"})
                assert busy.is_error
                assert "getting ready" in busy.content[0].text
                desk.end("the run has ended: improved")
                assert not (await client.call_tool("wait", {})).is_error

        anyio.run(talk)


@pytest.mark.skipif(not HAS_SDK, reason="the extra mcp is not installed")
@pytest.mark.parametrize(
    ("headers", "code"),
    [({}, 200), ({"Origin": "https://evil.example"}, 403), ({"Host": "evil.example"}, 421)],
)
def test_a_page_from_elsewhere_may_not_call(headers: dict[str, str], code: int) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "page", "version": "1"},
        },
    }
    usual = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    with http_server(ClientDesk(), 0) as url:
        given = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(given.netloc, timeout=30)
        connection.request("POST", given.path, json.dumps(hello), {**usual, **headers})
        assert connection.getresponse().status == code
        connection.close()
