"""Starting or joining a Ray cluster, with nothing secret in its environment.

The only modules that import ray are this one and `ray_executor`.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from agentlab.errors import InputError

__all__ = [
    "SLOT",
    "free_resources",
    "join_cluster",
    "leave_cluster",
    "resources",
    "slots_of_cluster",
]

SLOT = "agentlab_slot"
"""Custom resource: one per trial that may run at a time, so that 8 asked means 8."""

_ALLOWED = {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TERM"}
_ALLOWED_PREFIXES = (
    "RAY_",
    "LC_",
    "AGENTLAB_",
    "PYTHON",
    "VIRTUAL_ENV",
    "LD_",
    "PLAYWRIGHT_",
    "XDG_",
)


def join_cluster(address: str | None, slots: int) -> bool:
    """Starts a local Ray with so many slots, or joins the cluster at an address.

    Returns:
        Whether it did; where this process uses Ray already, it stays with that.

    Raises:
        InputError: the cluster cannot be reached or lets nobody in.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    if ray.is_initialized():
        return False
    with _own_signals():
        _init(ray, address, slots)
    return True


def _init(ray: Any, address: str | None, slots: int) -> None:  # Any: the module, loaded lazily
    if address is None:
        with _scrubbed_environment():
            ray.init(
                address="local",
                num_cpus=max(slots, os.cpu_count() or 1),
                resources={SLOT: float(slots)},
                include_dashboard=False,
                object_store_memory=256 << 20,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        return
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise InputError(
            f"executor.address: no Ray cluster at '{address}' ({error}); start one with "
            f"`ray start --head --resources='{{\"{SLOT}\": 8}}'` and set the same RAY_AUTH_MODE "
            "and RAY_AUTH_TOKEN on each node and here"
        ) from error


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keeps what the process does when asked to end; Ray would print its stack and be gone."""
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM)
    yield
    if is_main and before is not None:
        signal.signal(signal.SIGTERM, before)


def slots_of_cluster() -> dict[str, float]:
    """Returns what one slot takes of a node: our own resource where it is declared, else a CPU."""
    return {SLOT: 1.0} if resources().get(SLOT) else {"CPU": 1.0}


def resources() -> dict[str, float]:
    """Returns what the cluster has in all, by resource."""
    import ray

    found: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return found


def free_resources() -> dict[str, float]:
    """Returns what nobody has taken of the cluster yet, by resource."""
    import ray

    found: dict[str, float] = ray.available_resources()  # type: ignore[no-untyped-call]
    return found


def leave_cluster() -> None:
    """Ends the local Ray, or leaves the one that was joined."""
    import ray

    ray.shutdown()


@contextmanager
def _scrubbed_environment() -> Iterator[None]:
    """Hides keys from the processes that Ray starts: workers inherit what is set at this moment."""
    hidden = {
        name: os.environ.pop(name)
        for name in list(os.environ)
        if name not in _ALLOWED and not name.startswith(_ALLOWED_PREFIXES)
    }
    try:
        yield
    finally:
        os.environ.update(hidden)
