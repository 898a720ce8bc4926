"""Settings of numbers, carried over: what one version sets, set in another."""

from __future__ import annotations

from agentlab.core.candidate import Files
from agentlab.meta.numeric.evolution import Number
from agentlab.meta.numeric.sites import numbers_of, sites_of, with_numbers

__all__ = ["with_settings"]


def with_settings(base: Files, ours: Files, theirs: Files) -> dict[str, bytes] | None:
    """Returns ours with each number that theirs sets otherwise than base.

    Lines that stand beside each other may both be set, which a merge of lines calls a conflict; a
    number that both sides set is as theirs has it. None where theirs is more than other numbers, or
    one of them is no longer there.
    """
    if base.keys() != theirs.keys():
        return None
    files = dict(ours)
    for path in sorted(theirs):
        if theirs[path] != base[path]:
            wanted = _settings(base[path], theirs[path])
            places = {site.key for site in sites_of(ours.get(path, b""))}
            if not wanted or not wanted.keys() <= places:
                return None
            files[path] = with_numbers(ours[path], wanted)
    return files


def _settings(base: bytes, theirs: bytes) -> dict[str, Number]:
    """Returns the numbers that were set; none where anything else was changed."""
    before, after = numbers_of(base, like=base), numbers_of(theirs, like=base)
    if with_numbers(base, after) != theirs:
        return {}
    return {key: value for key, value in after.items() if value != before.get(key)}
