"""The gateway in a process of its own, the only one that holds keys of models."""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import sys
from pathlib import Path
from typing import Self

from agentlab.core.trial import ModelAddress
from agentlab.core.value import Value
from agentlab.errors import InfraError, InputError
from agentlab.llm.server import GatewayServer
from agentlab.llm.setup import ModelSetup, open_gateway

__all__ = ["GatewayProcess", "main"]

_END_S = 10.0
_LOOK_S = 0.5


class GatewayProcess:
    """Runs a gateway for as long as this object, or this process, lives.

    Args:
        setup: Which models, and what they may cost.
        folder: Where answers are kept and calls written down.

    Raises:
        InputError: a key, an address or a package is missing.
        InfraError: the process does not start.
    """

    def __init__(self, setup: ModelSetup, *, folder: Path | None = None) -> None:
        token = secrets.token_hex(16)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "agentlab.llm.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            # Ctrl-C is for the driver.
            start_new_session=True,
        )
        # What it is told goes through the pipe: arguments can be seen by every process.
        order = {"setup": setup.model_dump(mode="json"), "token": token}
        told = self._exchange({**order, "folder": str(folder) if folder else None})
        if told.problems:
            self.close()
            raise InputError(*(f"models.{problem}" for problem in told.problems))
        self.address = ModelAddress(url=told.url, token=token, deadline_s=setup.patience.deadline_s)
        """Where it is; goes to workers."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _exchange(self, order: dict[str, object]) -> _Started:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = b""
        if not line:
            self.close()
            raise InfraError("the gateway to models did not start")
        return _Started.model_validate_json(line)


class _Started(Value):
    """What the process says when it stands, or cannot."""

    url: str = ""
    problems: tuple[str, ...] = ()


def main() -> None:
    """Serves until the standard input ends: whoever started it is gone, or wants it gone."""
    starter = os.getppid()
    order = json.loads(sys.stdin.readline())
    setup = ModelSetup.model_validate(order["setup"])
    folder = Path(order["folder"]) if order["folder"] else None
    try:
        with open_gateway(setup, os.environ, folder=folder) as gateway:
            server = GatewayServer(gateway, order["token"])
            _say(_Started(url=server.url))
            _wait_for_end(starter)
            # Calls in progress are written down as begun; nobody waits for them any more.
            os._exit(0)
    except InputError as error:
        _say(_Started(problems=error.problems))


def _wait_for_end(starter: int) -> None:
    """Returns when the standard input ends, or its starter has: others may still hold the pipe."""
    while os.getppid() == starter:
        ready, _, _ = select.select([sys.stdin], [], [], _LOOK_S)
        if ready and not sys.stdin.read(1):
            return


def _say(started: _Started) -> None:
    print(started.model_dump_json(), flush=True)  # noqa: T201 - whoever started it reads it


if __name__ == "__main__":
    main()
