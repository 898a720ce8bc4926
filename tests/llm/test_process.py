from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agentlab.errors import InfraError, InputError
from agentlab.llm.call_log import spent_in
from agentlab.llm.model import CompletionRequest
from agentlab.llm.process import GatewayProcess
from agentlab.llm.remote import RemoteGateway
from agentlab.llm.setup import ModelSetup
from agentlab.testing.model_peer import ModelPeer, says

Ask = Callable[..., CompletionRequest]


def test_it_answers_writes_down_and_ends(tmp_path: Path, request_of: Ask) -> None:
    with (
        ModelPeer([says("hello")]) as peer,
        GatewayProcess(ModelSetup(url=peer.url), folder=tmp_path) as gateway,
    ):
        models = RemoteGateway(gateway.address)
        first, second = models.ask(request_of()), models.ask(request_of())

    assert (first.completion.text, first.is_cached, second.is_cached) == ("hello", False, True)
    assert spent_in(tmp_path / "calls.jsonl").cost_usd == pytest.approx(first.cost_usd)
    with pytest.raises(InfraError, match="the gateway to models at"):
        models.ask(request_of())


def test_its_key_is_in_no_argument_and_in_no_address(
    monkeypatch: pytest.MonkeyPatch, request_of: Ask
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    with ModelPeer([says("hello")]) as peer:
        setup = ModelSetup(url=peer.url, key_variable="MY_KEY")
        with GatewayProcess(setup) as gateway:
            RemoteGateway(gateway.address).ask(request_of())
            arguments = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]

    assert peer.requests[0].headers["authorization"] == "Bearer sk-very-secret"
    assert "secret" not in gateway.address.model_dump_json()
    assert not any(gateway.address.token.encode() in each for each in arguments)


def test_what_is_missing_is_told_by_its_key() -> None:
    with pytest.raises(InputError, match=r"models\.key_variable: the environment has no NO_SUCH"):
        GatewayProcess(ModelSetup(url="http://here", key_variable="NO_SUCH"))


_STARTER = """
import os, time
from agentlab.llm.process import GatewayProcess
from agentlab.llm.setup import ModelSetup

gateway = GatewayProcess(ModelSetup(url="http://127.0.0.1:9/v1"))
# A child that lives on holds the pipe to the gateway, too.
if os.fork():
    print(gateway.address.url, flush=True)
time.sleep(60)
"""


def test_it_ends_with_whoever_started_it_however_that_ends() -> None:
    command = [sys.executable, "-c", _STARTER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, process_group=0) as starter:
        assert starter.stdout is not None
        port = int(starter.stdout.readline().rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port), 20).close()
        starter.kill()
        ended = _refuses_before(port, time.monotonic() + 20)
        os.killpg(starter.pid, signal.SIGKILL)

    assert ended


def _refuses_before(port: int, deadline: float) -> bool:
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 20).close()
        except OSError:
            return True
    return False
