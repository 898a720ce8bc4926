"""The probe: is an edit of each editable file measured, whatever was measured before it?

In a world that is the same for the same seed, a candidate's episode in a new process and its
episode after other candidates are the same one. Where they are not, something kept an answer that
belongs to another candidate; the first call that parts them names it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.trial import Pair
from agentlab.errors import InfraError, NothingMeasurable
from agentlab.meta.probing import is_blank
from agentlab.search.caches.findings import Asked, Finding, asked_otherwise, swallowed
from agentlab.search.caches.odds import ROUNDS, distances, judge_by_repetition
from agentlab.search.caches.played import Played, where_they_part
from agentlab.search.caches.stage import Stage

__all__ = ["CHECK", "START", "CacheProbe", "Effort"]


class Effort(NamedTuple):
    """What a probe may take."""

    pairs: int
    """Train tasks on which edits are tried in turn."""

    edits: int
    """Edits tried per file; fewer where there are many files."""

    cold: int
    """Edits that are seen at once, how many are played in a new process as well."""

    repeats: bool
    """Whether a world that is not the same for the same seed is judged by repetition."""


CHECK = Effort(pairs=2, edits=10, cold=4, repeats=True)
"""For a person who asks: about 30 trials for a target of one file."""

START = Effort(pairs=1, edits=4, cold=1, repeats=False)
"""For the start of a run: about 8 trials for a target of one file."""

_FEWEST_EDITS = 2


class _Tried(NamedTuple):
    """An edit, played after the incumbent and other edits."""

    candidate: Candidate
    pair: Pair
    incumbent: Played
    warm: Played

    @property
    def is_seen(self) -> bool:
        """Whether it moved anything that is measured or answered."""
        return (
            self.warm.result != self.incumbent.result
            or self.warm.artefact != self.incumbent.artefact
            or self.warm.answers != self.incumbent.answers
        )

    @property
    def is_heard(self) -> bool:
        """Whether it changed what the candidate asks for."""
        return self.warm.asked != self.incumbent.asked

    @property
    def asked(self) -> Asked | None:
        """The first call that it changed."""
        return asked_otherwise(self.incumbent, self.warm)


class _Lost(Exception):
    """Our side could not play an episode."""


class _Unsteady(Exception):
    """The world is not the same for the same candidate and seed."""


class CacheProbe:
    """Plays the incumbent and edits of it, in new processes and one after the other."""

    def __init__(
        self,
        open_stage: Callable[[], Stage],
        baseline: Candidate,
        *,
        pairs: Sequence[Pair],
        is_deterministic: bool,
        effort: Effort,
    ) -> None:
        """Makes the probe.

        Args:
            open_stage: Returns a stage in a new process.
            baseline: The incumbent.
            pairs: Where edits are tried, in turn.
            is_deterministic: Whether the world says that it is the same for the same seed.
            effort: What it may take.
        """
        self._open_stage = open_stage
        self._baseline = baseline
        self._pairs = pairs
        self._is_deterministic = is_deterministic
        self._effort = effort
        self._has_calls = True

    def findings(self, edits: dict[str, Iterator[Candidate]]) -> list[Finding]:
        """Returns what was found of each file.

        Args:
            edits: By file, candidates that differ from the baseline there.

        Raises:
            InputError: the environment cannot be built.
        """
        count = max(_FEWEST_EDITS, min(self._effort.edits, 2 * self._effort.edits // len(edits)))
        found: list[Finding] = []
        try:
            with self._open_stage() as stage:
                incumbents = [self._play(stage, self._baseline, pair) for pair in self._pairs]
                is_steady = self._is_deterministic or self._repeats(incumbents)
                for path, candidates in edits.items():
                    taken = list(itertools.islice(candidates, count))
                    tried = [
                        self._tried(stage, candidate, place)
                        for place, candidate in enumerate(taken)
                    ]
                    found.append(self._finding(path, tried, is_steady=is_steady))
        except (_Lost, InfraError, NothingMeasurable) as error:
            left = [path for path in edits if path not in {finding.file for finding in found}]
            found += [Finding(path, "unknown", f"cannot be told: {error}") for path in left]
        return found

    def _tried(self, stage: Stage, candidate: Candidate, place: int) -> _Tried:
        pair = self._pairs[place % len(self._pairs)]
        incumbent = self._play(stage, self._baseline, pair)
        return _Tried(candidate, pair, incumbent, self._play(stage, candidate, pair))

    def _repeats(self, incumbents: Sequence[Played]) -> bool:
        """Returns whether the incumbent's episodes come out the same in another process."""
        with self._open_stage() as other:
            again = [self._play(other, self._baseline, pair) for pair in self._pairs]
        return all(
            where_they_part(one, two) is None for one, two in zip(incumbents, again, strict=True)
        )

    def _finding(self, path: str, tried: Sequence[_Tried], *, is_steady: bool) -> Finding:
        if not tried:
            return Finding(path, "warning", "no typed edit of it could be made to try its path")
        if not is_steady:
            return self._by_repetition(path, tried)
        try:
            return self._by_replay(path, tried)
        except _Unsteady as error:
            if self._is_deterministic:
                return Finding(
                    path,
                    "unknown",
                    f"cannot be told: {error}, though the world says that it is deterministic",
                )
            return self._by_repetition(path, tried)

    def _by_replay(self, path: str, tried: Sequence[_Tried]) -> Finding:
        seen = [one for one in tried if one.is_seen]
        heard = [one for one in tried if one.is_heard and not one.is_seen]
        dead = [one for one in tried if not one.is_heard and not one.is_seen]
        # What no tool was asked otherwise for is the least likely to be a cache's doing.
        seen.sort(key=lambda one: not one.is_heard)
        chosen = [*heard, *seen[: self._effort.cold]] or dead[: self._effort.cold]
        for one in chosen:
            fault = self._fault(tried, one)
            if fault is not None:
                return Finding(path, "fault", fault)
        if seen:
            return self._sound(path, seen, heard)
        return self._unseen(path, heard, len(tried))

    def _fault(self, tried: Sequence[_Tried], one: _Tried) -> str | None:
        """Plays an edit in a new process, the incumbent after it, and says what was swallowed."""
        cold, after = self._in_turn(one, is_incumbent_first=False)
        is_forward = self._parts(cold, one.warm) is not None
        if not is_forward and not self._parts(after, one.incumbent):
            return None
        # Once more, both ways: what comes out otherwise by chance is no cache's doing.
        first, warm = self._in_turn(one, is_incumbent_first=True)
        again, after_again = self._in_turn(one, is_incumbent_first=False)
        self._require_steady([(first, one.incumbent), (again, cold), (after_again, after)])
        label = f"edit '{one.candidate.label}'"
        if is_forward and (where := self._parts(cold, warm)):
            return swallowed(
                where, fresh=cold, kept=warm, earlier=first, who=label, after="the incumbent"
            )
        if where := self._parts(first, after):
            return swallowed(
                where, fresh=first, kept=after, earlier=cold, who="the incumbent", after=label
            )
        if where := self._parts(cold, one.warm):
            self._require_steady([(self._replayed(tried, one), one.warm)])
            return swallowed(
                where,
                fresh=cold,
                kept=one.warm,
                earlier=one.incumbent,
                who=label,
                after="other edits",
            )
        return None

    def _require_steady(self, repeated: Sequence[tuple[Played, Played]]) -> None:
        """Checks that repetitions agree; if only their calls do not, calls count no more.

        Raises:
            _Unsteady: what is measured differs as well.
        """
        parts = [where for pair in repeated if (where := self._parts(*pair)) is not None]
        if not parts:
            return
        if set(parts) == {"calls"} and all(one.result == other.result for one, other in repeated):
            self._has_calls = False
            return
        raise _Unsteady(f"the {parts[0]} of the same episode differs from process to process")

    def _replayed(self, tried: Sequence[_Tried], last: _Tried) -> Played:
        """Plays all that was played before an edit once more, and the edit."""
        with self._open_stage() as stage:
            for pair in self._pairs:
                self._play(stage, self._baseline, pair)
            for one in tried[: tried.index(last)]:
                self._play(stage, one.candidate, one.pair)
            return self._play(stage, last.candidate, last.pair)

    def _in_turn(self, one: _Tried, *, is_incumbent_first: bool) -> tuple[Played, Played]:
        order = [one.candidate, self._baseline]
        with self._open_stage() as stage:
            first, second = (
                self._play(stage, candidate, one.pair)
                for candidate in (reversed(order) if is_incumbent_first else order)
            )
        return first, second

    def _sound(self, path: str, seen: Sequence[_Tried], heard: Sequence[_Tried]) -> Finding:
        told = (
            f"{len(seen)} edits are measured, in a new process and after others alike"
            if len(seen) > 1
            else "an edit is measured, in a new process and after another alike"
        )
        answered = {asked.key for one in seen if (asked := one.asked) and asked.is_answered}
        deaf = [key for key in _deaf(heard) if key not in answered]
        if deaf:
            return Finding(path, "warning", f"{told}; but {_told_of(deaf[0])}")
        return Finding(path, "sound", told)

    def _unseen(self, path: str, heard: Sequence[_Tried], tried: int) -> Finding:
        deaf = _deaf(heard)
        if deaf and any(is_blank(one.candidate, of_all=True) for one in heard):
            return Finding(path, "fault", f"none of {tried} edits is measured: {_told_of(deaf[0])}")
        if deaf:
            return Finding(path, "warning", _told_of(deaf[0]))
        many = f"none of {tried} edits" if tried > 1 else "the one edit that was tried"
        return Finding(
            path,
            "warning",
            f"{many} changed anything that is measured on {len(self._pairs)} of the train tasks: "
            "is it used?",
        )

    def _by_repetition(self, path: str, tried: Sequence[_Tried]) -> Finding:
        if not self._effort.repeats:
            return Finding(
                path,
                "unknown",
                "cannot be told from single episodes, since this world varies for the same seed; "
                "`agentlab check` repeats them",
            )
        # A crash stands out the most, and no cache can swallow it.
        chosen = max(
            tried,
            key=lambda one: (
                one.is_heard and one.warm.fate.is_judged,
                distances([one.warm, one.incumbent])[0][1],
            ),
        )
        rounds = [
            (
                *self._in_turn(chosen, is_incumbent_first=True),
                *self._in_turn(chosen, is_incumbent_first=False),
            )
            for _ in range(ROUNDS)
        ]
        incumbent, warm, cold, _ = (list(group) for group in zip(*rounds, strict=True))
        return judge_by_repetition(
            path, chosen.candidate.label, incumbent=incumbent, cold=cold, warm=warm
        )

    def _parts(self, one: Played, other: Played) -> str | None:
        return where_they_part(one, other, has_calls=self._has_calls)

    @staticmethod
    def _play(stage: Stage, candidate: Candidate, pair: Pair) -> Played:
        played = stage.play(candidate, pair)
        if played.is_lost:
            raise _Lost(played.reason)
        return played


def _deaf(heard: Sequence[_Tried]) -> list[tuple[str, tuple[str, ...]]]:
    """Returns tools and arguments of which a whole text was taken away without an effect.

    All of these edits were played in a new process as well. Smaller ones do not tell: few tools
    mind a single word.
    """
    blunt = [
        one.asked
        for one in heard
        if is_blank(one.candidate, of_all=True) or is_blank(one.candidate, of_all=False)
    ]
    return [asked.key for asked in blunt if asked is not None and asked.is_telling]


def _told_of(deaf: tuple[str, tuple[str, ...]]) -> str:
    tool, arguments = deaf
    named = " and ".join(f"`{name}`" for name in arguments)
    return (
        f"tool `{tool}` answers the same with and without a text in {named}, in new processes too: "
        f"a cache that outlives them is keyed without {named}, or the tool does not read it"
    )
