"""One browser for all tests of the tools."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.environments.browser.world import World


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    world = World()
    yield world
    world.close()
