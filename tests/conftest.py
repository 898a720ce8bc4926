"""What all tests share: how examples are drawn, and who runs beside whom."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A slow machine is no failure, and the same commit gives the same result.
settings.register_profile("agentlab", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("agentlab")

ONE_AT_A_TIME = ("ray", "packaging")
"""Marks whose tests share something costly: one worker of xdist takes them all."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps together the tests that start Ray, and those that build distributions."""
    for item in items:
        for mark in ONE_AT_A_TIME:
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.xdist_group(mark))
