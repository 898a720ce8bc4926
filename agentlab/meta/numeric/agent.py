"""The meta-agent that moves numbers: several at once, by how far earlier moves got."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Decision, Verdict
from agentlab.core.meta_agent import Lab
from agentlab.meta.batch import first_new
from agentlab.meta.gains import gain
from agentlab.meta.numeric.evolution import Number, Numbers, Told, proposals
from agentlab.meta.numeric.sites import Site, numbers_of, sites_of, with_numbers
from agentlab.meta.seen import Seen

__all__ = ["NumericAgent"]

_TRIES = 50
"""Settings looked at for each proposal, at most."""

_PRIOR_PAIRS = 12
"""As many pairs without any difference are added to what was seen, so that luck on few pairs does
not count for more than a little on many."""

_MOST_TOLD = 6
"""Numbers that a label names."""


class NumericAgent:
    """Proposes other settings of the target's numbers; knows only the lab."""

    name = "numeric"

    def __init__(self) -> None:
        self._seen = Seen()
        self._read: dict[str, Numbers] = {}

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns up to `count` candidates with other numbers, around the best setting so far."""
        parent = parents[0]
        sites = {
            f"{path}:{site.key}": (path, site)
            for path, content in _sources(parent, lab)
            for site in sites_of(content)
            if site.is_quantity
        }
        if count < 1 or not sites:
            return []
        numbers = {key: site.value for key, (_, site) in sites.items()}
        told = list(self._told(lab))
        settings = proposals(parent.digest, numbers, told, random.Random(seed))
        drawn = itertools.islice(settings, _TRIES * count)
        return first_new(
            (_made(setting, sites, parent, lab) for setting in drawn),
            lab,
            self._seen,
            count=count,
        )

    def _told(self, lab: Lab) -> Iterator[Told]:
        """Yields what became of the settings that were measured, in their order."""
        for decision in lab.decisions:
            if decision.source == self.name and decision.stage != "static":
                candidate = lab.candidate(decision.candidate)
                parent = lab.candidate(str(candidate.parent))
                value = _value(lab, decision, parent.digest)
                if value is not None:
                    before = self._numbers(parent, lab, like=parent)
                    after = self._numbers(candidate, lab, like=parent)
                    yield Told(parent.digest, before, after, value)

    def _numbers(self, candidate: Candidate, lab: Lab, *, like: Candidate) -> Numbers:
        if candidate.digest not in self._read:
            self._read[candidate.digest] = {
                f"{path}:{key}": value
                for path, content in _sources(candidate, lab)
                for key, value in numbers_of(content, like=like.files.get(path, content)).items()
            }
        return self._read[candidate.digest]


def _sources(candidate: Candidate, lab: Lab) -> Iterator[tuple[str, bytes]]:
    for path, content in sorted(candidate.files.items()):
        if path.endswith(".py") and lab.target.is_editable(path):
            yield path, content


def _value(lab: Lab, decision: Decision, parent: str) -> float | None:
    """Returns how much better a setting was than what it was made from; None if nobody knows.

    Graded progress counts as success does: it moves where success does not. What the gate saw is
    added to it, so that what was luck on train tasks is not gone on from.
    """
    if decision.verdict is Verdict.INVALID:
        return -1.0
    seen = gain(lab, decision.candidate, parent)
    if not seen.pairs:
        return None
    is_success = lab.objective.metric == "success"
    # Where something else is wanted, success is only not to be lost.
    steered = seen.progress if is_success else min(0.0, seen.success)
    total, pairs = (seen.objective + steered) * seen.pairs, seen.pairs
    if decision.stage == "gate" and decision.tested and decision.incumbent == parent:
        sample = decision.tested[0]
        total += sample.mean * sample.clusters
        pairs += sample.clusters
    return total / (pairs + _PRIOR_PAIRS)


def _made(
    setting: Mapping[str, Number],
    sites: Mapping[str, tuple[str, Site]],
    parent: Candidate,
    lab: Lab,
) -> Candidate:
    changed = [
        (path, site, setting[key])
        for key, (path, site) in sites.items()
        if setting[key] != site.value
    ]
    files = {
        path: with_numbers(content, {site.key: value for at, site, value in changed if at == path})
        for path, content in parent.files.items()
    }
    moves = [f"{path}:{site.line} {site.text} -> {value!r}" for path, site, value in changed]
    more = f" and {len(moves) - _MOST_TOLD} more" if len(moves) > _MOST_TOLD else ""
    names = dict.fromkeys(f"`{site.name}`" for _, site, _ in changed if site.name)
    aim = f"{lab.objective.direction} {lab.objective.metric}"
    return Candidate(
        files=files,
        parent=parent.digest,
        hypothesis=f"other {', '.join(names) or 'numbers'}; expect {aim}",
        source=NumericAgent.name,
        label=f"set {', '.join(moves[:_MOST_TOLD])}{more}",
        provenance="typed",
    )
