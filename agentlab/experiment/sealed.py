"""The sealed test: whoever measures its tasks leaves a record of that in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import NamedTuple

from agentlab.errors import AgentlabError
from agentlab.experiment.config import Experiment
from agentlab.store.looks import Look, Looks, add_look, looks_of
from agentlab.store.run_folder import RunFolder, list_runs
from agentlab.store.store import RunInfo, Store

__all__ = ["look_by_evaluation", "look_by_promotion", "look_by_run"]


class _Sibling(NamedTuple):
    """A run of the same environment, so with the same test."""

    folder: RunFolder
    info: RunInfo
    looks: Looks


def look_by_run(
    experiment: Experiment, store: Store, folder: RunFolder, *, has_fresh_seeds: bool
) -> Callable[[str], None]:
    """Returns what a run calls, with the address of what it looks at, before it measures its test.

    What earlier runs beside it have seen of the same instances counts: those of the same
    environment and seed, of any seed in a fixed data set.
    """

    def look(address: str) -> None:
        beside = [other for other in list_runs(folder.path.parent) if other.name != folder.name]
        earlier = sum(
            sibling.looks.own
            for sibling in _siblings(experiment, beside)
            if not has_fresh_seeds or sibling.info.experiment.get("seed") == experiment.seed
        )
        add_look(store, folder.name, Look(by="run", at=_now(), address=address, earlier=earlier))

    return look


def look_by_evaluation(experiment: Experiment, folders: Iterable[RunFolder]) -> None:
    """Records that the test is measured outside a run, with each run whose test it is.

    Args:
        experiment: What is evaluated; runs of the same environment have the same test.
        folders: The runs that may be such.

    Raises:
        AgentlabError: it cannot be recorded, so it may not be looked at.
    """
    _record(experiment, folders, Look(by="evaluate", at=_now()))


def look_by_promotion(experiment: Experiment, folders: Iterable[RunFolder], address: str) -> None:
    """Records that a promotion measures the test of a benchmark, with each run whose test it is.

    Args:
        experiment: The benchmark.
        folders: The runs that may have the same test.
        address: Digest of what is compared on what; the same once more is no other look.

    Raises:
        AgentlabError: it cannot be recorded, so it may not be looked at.
    """
    _record(experiment, folders, Look(by="promote", at=_now(), address=address))


def _record(experiment: Experiment, folders: Iterable[RunFolder], look: Look) -> None:
    found = {folder.path.resolve(): folder for folder in folders}
    for sibling in _siblings(experiment, found.values()):
        with closing(Store(sibling.folder.store_url())) as store:
            add_look(store, sibling.info.name, look)


def _siblings(experiment: Experiment, folders: Iterable[RunFolder]) -> Iterator[_Sibling]:
    environment = experiment.environment.model_dump(mode="json")
    for folder in folders:
        try:
            with closing(Store(folder.store_url(), read_only=True)) as store:
                info = store.run(folder.name)
                looks = looks_of(store, folder.name)
        except AgentlabError:
            # A run that cannot be read (just begun, of a newer version) cannot be told apart.
            continue
        if info.experiment.get("environment") == environment:
            yield _Sibling(folder, info, looks)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
