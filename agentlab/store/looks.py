"""How often the sealed test of a run has been looked at; kept in its log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from agentlab.core.value import Value
from agentlab.store.store import Store

__all__ = ["Look", "Looks", "add_look", "looks_of"]

_KIND = "look"


class Look(Value):
    """One measurement of test tasks, recorded before its first trial."""

    by: Literal["run", "evaluate", "promote"]
    """The run's own final measurement, `agentlab evaluate` or `agentlab promote`."""

    at: str
    """ISO 8601, UTC."""

    address: str = ""
    """Digest of candidates and pairs; what is gone on with looks at the same again."""

    earlier: int = 0
    """Looks that earlier runs had had at the same test: same environment, same seed."""


class Looks(NamedTuple):
    """All looks at the test of a run."""

    by_run: int
    by_evaluate: int
    earlier: int
    """By earlier runs of the same environment and seed, before this one looked."""

    by_promote: int = 0

    @property
    def own(self) -> int:
        """Those that are recorded with this run."""
        return self.by_run + self.by_evaluate + self.by_promote

    @property
    def all(self) -> int:
        """How often the test has been looked at."""
        return self.own + self.earlier


def looks_of(store: Store, run: str) -> Looks:
    """Returns the looks at the test of a run; a run with a result has had one."""
    found = _read(store, run)
    result = store.run(run).result or {}
    has_result = bool(result.get("baseline", {}).get("test"))
    by_run = [look for look in found if look.by == "run"]
    return Looks(
        by_run=max(len(by_run), int(has_result)),
        by_evaluate=sum(look.by == "evaluate" for look in found),
        by_promote=sum(look.by == "promote" for look in found),
        earlier=max((look.earlier for look in by_run), default=0),
    )


def add_look(store: Store, run: str, look: Look) -> None:
    """Records a look; the same again, by a run or a promotion that is gone on with, is no other."""
    is_again = look.address and any(
        (known.by, known.address) == (look.by, look.address) for known in _read(store, run)
    )
    if not is_again:
        store.append_event(run, _KIND, look.model_dump(mode="json"))


def _read(store: Store, run: str) -> Sequence[Look]:
    return [Look.model_validate(payload) for payload in store.events(run, _KIND)]
