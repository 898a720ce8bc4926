"""What the sandbox's tests share: a world, and a sandbox of each layer within it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.sandbox.plain import open_plain
from agentlab.sandbox.probe import probe
from agentlab.sandbox.sandbox import Sandbox
from tests.sandbox.world import World


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """What lies around a sandbox in a real run."""
    world = World()
    yield world
    world.close()


@pytest.fixture(scope="session")
def isolated(world: World) -> Iterator[Sandbox]:
    """A sandbox behind all walls; the test is skipped where the machine gives none."""
    report = probe()
    if not report.is_isolated:
        pytest.skip(f"no walls here: {report.reason}")
    sandbox = open_bubblewrap(artefacts=world.artefacts)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def networked(isolated: Sandbox, world: World) -> Iterator[Sandbox]:
    """The same, where candidates have a loopback of their own."""
    sandbox = open_bubblewrap(artefacts=world.artefacts, has_loopback=True)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def plain(world: World) -> Iterator[Sandbox]:
    """A sandbox of limits alone."""
    sandbox = open_plain(artefacts=world.artefacts)
    yield sandbox
    sandbox.close()


@pytest.fixture(params=["isolated", "plain"])
def either(request: pytest.FixtureRequest) -> Sandbox:
    """Each layer in turn."""
    sandbox: Sandbox = request.getfixturevalue(request.param)
    return sandbox
