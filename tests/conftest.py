"""What all tests share: how examples are drawn, and who runs beside whom."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A slow machine is no failure, and the same commit gives the same result.
settings.register_profile("agentlab", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("agentlab")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests that start Ray on one worker of xdist: one local Ray at a time."""
    for item in items:
        if item.get_closest_marker("ray"):
            item.add_marker(pytest.mark.xdist_group("ray"))
