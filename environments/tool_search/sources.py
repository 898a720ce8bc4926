"""What an experiment's `data` names: the project's own sets, folders, folders of folders, hubs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from agentlab.errors import InputError, nearest
from agentlab.retrieval.collection import Collection, pooled
from agentlab.retrieval.dealing import SplitBy
from agentlab.retrieval.hub import read_hub
from agentlab.retrieval.reader import read_collection

from .catalogue import BUILT_IN

__all__ = ["read_sets", "rule_of"]


def read_sets(named: Sequence[str], *, is_pooled: bool) -> list[Collection]:
    """Returns the collections of some names; pooled, one collection of them all.

    Args:
        named: `mock-actions`, `mock-connectors`, a folder with a set, a folder of such folders, or
            `hub:NAME`, see `read_hub`.
        is_pooled: Whether they become one.

    Raises:
        InputError: a name is nothing of that, or what it holds is not well formed.
    """
    found = [collection for name in named for collection in _read(name)]
    if not found:
        raise InputError(f"data: names nothing; such as: {', '.join(BUILT_IN)}, path/to/folder")
    if is_pooled and len(found) > 1:
        return [pooled("+".join(each.name for each in found), found)]
    return found


def rule_of(collection: Collection, given: SplitBy | Mapping[str, SplitBy] | None) -> SplitBy:
    """Returns how a set is split: as given for all or for its name, else by what it has.

    Queries that name their splits stay there if those hold connectors apart, as the project's own
    do. Elsewhere groups are held out, and where there are none, names.
    """
    if isinstance(given, str):
        return given
    if given is not None and collection.name in given:
        return given[collection.name]
    if collection.name in BUILT_IN:
        return "own"
    has_groups = all(document.group for document in collection.documents)
    return "group" if has_groups else "name"


def _read(name: str) -> Iterator[Collection]:
    if name in BUILT_IN:
        yield BUILT_IN[name]()
        return
    if name.startswith("hub:"):
        yield read_hub(name.removeprefix("hub:"))
        return
    folder = Path(name)
    if not folder.is_dir():
        raise InputError(
            f"data: {name!r} is no folder{nearest(name, list(BUILT_IN))} "
            f"(built in: {', '.join(BUILT_IN)})"
        )
    inner = [each for each in sorted(folder.iterdir()) if each.is_dir() and _is_set(each)]
    if not _is_set(folder) and inner:
        yield from map(read_collection, inner)
    else:
        yield read_collection(folder)


def _is_set(folder: Path) -> bool:
    return any(folder.glob("corpus.jsonl*"))
