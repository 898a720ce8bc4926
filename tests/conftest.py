"""What all tests share: how examples are drawn, who runs beside whom, and Ray."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from agentlab.trials.ray_cluster import join_cluster, leave_cluster
from tests.calling import calling

# A slow machine is no failure, and the same commit gives the same result.
settings.register_profile("agentlab", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("agentlab")

LONG = ("docs", "experiment", "cli")
"""Folders whose files take long, and so come before the others."""

ONE_AT_A_TIME = ("packaging", "browser", "ray")
"""Marks whose tests share something costly: one worker of xdist takes them all, and early."""

SLOTS = 3
"""As many as a test asks for; few enough that two executors of two do not fit."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps together what shares something costly: by mark, else by file; the longest first."""
    for item in items:
        marks = [mark for mark in ONE_AT_A_TIME if item.get_closest_marker(mark)]
        item.add_marker(pytest.mark.xdist_group(marks[0] if marks else str(item.path)))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Returns how early a test runs: what takes long must not begin when all else is done."""
    for place, mark in enumerate(ONE_AT_A_TIME):
        if item.get_closest_marker(mark):
            return place
    folder = item.path.parent.name
    return len(ONE_AT_A_TIME) + (LONG.index(folder) if folder in LONG else len(LONG))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Starts the Ray that tests share: their executors stay with the one that is there."""
    if item.get_closest_marker("ray"):
        join_cluster(None, SLOTS)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Ends it where the next test needs none."""
    needs_more = nextitem is not None and nextitem.get_closest_marker("ray")
    if item.get_closest_marker("ray") and not needs_more:
        leave_cluster()


@pytest.fixture
def called() -> Iterator[None]:
    """Has inline executors call candidates in this process; see `tests.calling`."""
    with calling():
        yield
