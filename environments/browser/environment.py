"""A world of web sites in a real Chromium: own pages on loopback, judged by the server's state."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from agentlab.core.environment import Environment, Metric, Traits
from agentlab.core.task import SplitName, Task
from agentlab.errors import InputError
from agentlab.references import builtin_root

from .episode import BrowserEpisode
from .find import browser_version, find_browser
from .pool import BrowserPool
from .server import SiteServer
from .sites import make_site, site_tasks

__all__ = ["ENVIRONMENT", "BrowserEnvironment", "doctor"]


class BrowserEnvironment(Environment):
    """One browser and one server per worker; an origin of its own for each episode."""

    traits = Traits(
        context_meter="read_tokens",
        cost_kind="simulated",
        is_deterministic=True,
        metrics=(
            Metric(
                name="actions_failed",
                direction="lower",
                description="Tool calls that were answered with an error.",
            ),
            Metric(
                name="blocked_requests",
                direction="lower",
                description="Requests to other origins; one is enough to fail an episode.",
            ),
        ),
    )

    def __init__(self, families: Sequence[str] | None = None) -> None:
        """Makes the environment; nothing is started before the first episode.

        Args:
            families: Only tasks of these families of sites; all by default.
        """
        self._families = set(families) if families is not None else None
        self._server: SiteServer | None = None
        self._pool: BrowserPool | None = None

    def tasks(self, split: SplitName) -> Sequence[Task]:
        """Returns the tasks: one per family, template and skin; the test's are unseen elsewhere."""
        return [
            task
            for task in site_tasks(split)
            if self._families is None or task.id.split("/")[0] in self._families
        ]

    def start(self, task: Task, seed: int) -> BrowserEpisode:
        """Starts an instance of a site at an origin never used before."""
        if self._server is None or self._pool is None:
            self._server = SiteServer()
            server = self._server
            self._pool = BrowserPool(pending=lambda: server.pending)
        site = make_site(task, seed)
        return BrowserEpisode(site, self._server.open(site), self._pool)

    def fingerprint(self) -> Mapping[str, str]:
        """Returns the versions of browser, driver, and of everything in this folder."""
        return {
            "browser": browser_version(find_browser()),
            "playwright": metadata.version("playwright"),
            "folder": _hash_of(Path(__file__).parent),
            "tasks": _hash_of(builtin_root() / "tasks" / "browser"),
        }

    def close(self) -> None:
        """Ends browser and server."""
        if self._pool is not None:
            self._pool.discard()
            self._pool = None
        if self._server is not None:
            self._server.close()
            self._server = None


def doctor() -> list[tuple[str, bool, str]]:
    """Returns what `agentlab doctor` says of this environment: name, whether it holds, detail."""
    try:
        path = find_browser()
    except InputError as error:
        return [("browser", False, str(error))]
    return [("browser", True, f"{browser_version(path)} ({path})")]


def _hash_of(folder: Path) -> str:
    """Returns a digest of the files of a folder, the target left out: it is what changes."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and inner.parts[0] != "target" and "__pycache__" not in inner.parts:
            found.update(inner.as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


ENVIRONMENT = BrowserEnvironment
