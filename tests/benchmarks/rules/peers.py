"""What other loops do with the same proposals, re-implemented; none of it is the product's.

They measure a candidate once, on seeds of its own, and compare it with the score that they
remember of the best so far, which was chosen for being high.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agentlab.measure.pairing import FloatArray
from tests.benchmarks.rules.ours import Ended
from tests.benchmarks.rules.worlds import Level, World

__all__ = ["PEERS", "Bench", "Peer", "play_peer"]

_MINIBATCH = 3
_MIN_DELTA = 0.01


class Bench:
    """Measures one candidate for a rule, and remembers what was measured before."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.incumbent = world.baseline
        self.candidate = world.baseline
        self.spent = 0
        self.best = self.scores(self.incumbent)
        """Scores of the best so far, one per task, as they came."""

        self.past = [float(self.best.mean())]
        """Mean scores of all that was measured in full."""

    def measure(self) -> FloatArray:
        """Returns the candidate's scores, one per task."""
        scores = self.scores(self.candidate)
        self.past.append(float(scores.mean()))
        return scores

    def scores(self, level: Level, tasks: int | None = None) -> FloatArray:
        """Returns scores on the first tasks, or on all."""
        found = self._world.trials(level.train)[:tasks]
        self.spent += found.size
        return found


Peer = Callable[[Bench], FloatArray | None]
"""Returns the scores to remember if it keeps the candidate, else None."""


def play_peer(world: World, rule: Peer) -> Ended:
    """Tries all proposals of a world one by one and reports the score that it remembers."""
    bench, kept = Bench(world), list[float]()
    for proposal in world.proposals:
        bench.candidate = world.changed(bench.incumbent, proposal)
        found = rule(bench)
        if found is not None:
            kept.append(bench.candidate.truth - bench.incumbent.truth)
            bench.incumbent, bench.best = bench.candidate, found
    true = bench.incumbent.truth
    return Ended(
        tuple(kept),
        bench.spent,
        float(bench.best.mean()),
        true,
        true - world.baseline.truth,
    )


def best_score_wins(bench: Bench) -> FloatArray | None:
    """Keeps a higher score."""
    scores = bench.measure()
    return scores if scores.mean() > bench.best.mean() else None


def by_min_delta(bench: Bench) -> FloatArray | None:
    """Keeps a score that is higher by a point."""
    scores = bench.measure()
    return scores if scores.mean() > bench.best.mean() + _MIN_DELTA else None


def by_confirming(bench: Bench) -> FloatArray | None:
    """Keeps what scores higher twice, and remembers the second score."""
    if best_score_wins(bench) is None:
        return None
    return best_score_wins(bench)


def by_minibatch(bench: Bench) -> FloatArray | None:
    """Measures in full what sums to more on a minibatch, and keeps a higher score (GEPA)."""
    mine = bench.scores(bench.candidate, _MINIBATCH)
    theirs = bench.scores(bench.incumbent, _MINIBATCH)
    return best_score_wins(bench) if mine.sum() > theirs.sum() else None


def by_deviation(bench: Bench) -> FloatArray | None:
    """Keeps a gain of two median absolute deviations of all scores so far (pi-autoresearch)."""
    past = np.array(bench.past)
    noise = float(np.median(np.abs(past - np.median(past)))) if past.size >= 3 else 0.0
    scores = bench.measure()
    gain = float(scores.mean() - bench.best.mean())
    return scores if gain > 0 and gain >= 2 * noise else None


def by_standard_error(bench: Bench) -> FloatArray | None:
    """Keeps a paired gain of one standard error (cap-evolve)."""
    scores = bench.measure()
    gains = scores - bench.best
    error = float(gains.std(ddof=1)) / gains.size**0.5
    return scores if gains.mean() > max(error, 1e-12) else None


PEERS: dict[str, Peer] = {
    "best score wins": best_score_wins,
    f"min delta {_MIN_DELTA:g}": by_min_delta,
    "confirm": by_confirming,
    "minibatch, then all (GEPA)": by_minibatch,
    "2 x MAD (pi-autoresearch)": by_deviation,
    "paired, 1 x SE (cap-evolve)": by_standard_error,
}
