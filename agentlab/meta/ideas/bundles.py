"""Ideas that help only together: what did no harm alone is tried in one candidate.

A task often fails for several reasons at once, and then no single edit moves success. Graded
progress on train tasks tells which edits moved something; the gate sees success alone.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterator, Mapping, Sequence

from agentlab.core.decision import Verdict
from agentlab.core.meta_agent import Lab
from agentlab.meta.gains import gain

__all__ = ["best_of", "bundles", "gains"]

_MOST = 20
"""Random bundles of a kind looked at, at most."""

_CLOSE = 0.6
"""How often the best bundle is varied rather than another one drawn."""


def gains(lab: Lab, source: str) -> dict[str, float]:
    """Returns what each proposal of a source gained on train tasks, harmful ones left out.

    Gain is the mean difference in success plus that in progress to the incumbent of its time.
    Harmful is what broke, or lost success or progress.
    """
    found = {}
    for decision in lab.decisions:
        if decision.source == source and decision.verdict is not Verdict.INVALID:
            gained = gain(lab, decision.candidate, decision.incumbent)
            if not gained.is_harmful:
                found[decision.label] = gained.success + gained.progress
    return found


def bundles(
    ideas: Sequence[str], best: Sequence[str], generator: random.Random
) -> Iterator[tuple[str, ...]]:
    """Yields sets of at least two ideas, in the order in which they are worth a try.

    As long as none is any good, the first quarter, half and so on: authors begin with what they
    believe in. Then variations of the best one, and now and then another at random.

    Args:
        ideas: Those that did no harm so far, in the order of the bank.
        best: The ideas of the best bundle so far; none if there is none.
        generator: Source of all randomness.
    """
    prefixes = (tuple(ideas[: len(ideas) * part // 4]) for part in range(1, 5) if not best)
    others = (_drawn(ideas, dict.fromkeys(ideas, 0.7), generator) for _ in range(_MOST))
    shares = {name: 0.85 if name in best else 0.15 for name in ideas}
    nearby = (_drawn(ideas, shares, generator) for _ in range(_MOST if best else 0))
    is_close = generator.random() < _CLOSE
    drawn = itertools.chain(nearby, others) if is_close else itertools.chain(others, nearby)
    yield from (names for names in itertools.chain(prefixes, drawn) if len(names) > 1)


def _drawn(
    names: Sequence[str], shares: Mapping[str, float], generator: random.Random
) -> tuple[str, ...]:
    return tuple(name for name in names if generator.random() < shares[name])


def best_of(lab: Lab, source: str, labels: Collection[str]) -> str | None:
    """Returns the label that got furthest: by evidence at the gate, else by its gain; or None."""
    gained = gains(lab, source)
    evidence = {decision.label: decision.e_value or 0.0 for decision in lab.decisions}
    able = [label for label in labels if gained.get(label, 0.0) > 0]
    return max(able, key=lambda label: (evidence[label], gained[label]), default=None)
