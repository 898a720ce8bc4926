"""Are two small groups of episodes of one kind: an exact permutation test on their distances."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

__all__ = ["separation_p"]


def separation_p(distances: Sequence[Sequence[float]], first: int) -> float:
    """Returns the chance that groups of one kind lie as far apart as these two.

    The statistic is the mean distance between the groups minus the mean within them, over every
    way of dealing the members (Anderson, "A new method for non-parametric multivariate analysis of
    variance", Austral Ecology 2001). Two groups of 5 can give 1/126 at the least.

    >>> apart = [[0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0]]
    >>> round(separation_p(apart, 2), 3)
    0.333

    Args:
        distances: Between all members, the first group's first; symmetric, shape (n, n).
        first: Members of the first group; at least 2 in each.
    """
    everybody = range(len(distances))
    seen = _separation(distances, frozenset(range(first)))
    deals = [
        _separation(distances, frozenset(deal)) for deal in itertools.combinations(everybody, first)
    ]
    # What rounding makes of equal sums is equal.
    return sum(deal >= seen - 1e-9 for deal in deals) / len(deals)


def _separation(distances: Sequence[Sequence[float]], group: frozenset[int]) -> float:
    within: list[float] = []
    between: list[float] = []
    for one, other in itertools.combinations(range(len(distances)), 2):
        same = (one in group) == (other in group)
        (within if same else between).append(distances[one][other])
    return sum(between) / len(between) - sum(within) / len(within)
