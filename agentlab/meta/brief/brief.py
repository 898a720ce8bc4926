"""The brief: all that an agent is told before it makes one proposal."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.core.meta_agent import Workshop
from agentlab.core.trial import TrialRecord
from agentlab.meta.brief.calibration import calibration_of, calibration_words
from agentlab.meta.brief.episodes import failing_episode, side_by_side
from agentlab.meta.brief.goal import budget_words, goal_words, rule_words
from agentlab.meta.brief.past import past_line
from agentlab.meta.brief.pieces import Piece, fitted
from agentlab.meta.brief.plateau import plateau_advice
from agentlab.meta.brief.scores import score_lines, task_scores
from agentlab.meta.lab.approaches import CLOSED_AFTER, closed_approaches, failures_of
from agentlab.meta.lab.fence import fenced
from agentlab.report.escape import one_line

__all__ = ["Brief", "BriefSettings"]

_ALWAYS = float("inf")
_EPISODES = 4
"""Tasks of which episodes are shown, at most."""

_PAST = 24
_NOTES = 8


class BriefSettings(NamedTuple):
    """What of a brief does not come from the log."""

    source: str
    """The meta-agent's name."""

    tokens: int = 12_000
    """Size of the brief, by our own count."""

    guidance: tuple[str, ...] = ()
    """What the experiment advises, the most important first."""

    numbers_elsewhere: bool = False
    """Whether a numeric optimiser shares the run, so that numbers are none of the agent's work."""


class Brief:
    """The briefs of siblings that start from one parent, the same for the same log.

    What they have in common is put together once.
    """

    def __init__(
        self,
        workshop: Workshop,
        parent: Candidate,
        records: Sequence[TrialRecord],
        settings: BriefSettings,
    ) -> None:
        """Reads the log.

        Args:
            workshop: What is known.
            parent: What the proposals start from.
            records: The parent's train trials.
            settings: Of the source.
        """
        self._settings = settings
        self._weak = [score.task for score in task_scores(records) if score.success < 1]
        self._must = list(_must(workshop, parent, records, settings))
        self._files = list(_files(workshop, parent))
        self._past = [*_past(workshop), *_memory(workshop, settings)]
        self._episode = functools.cache(functools.partial(_episode, workshop, tuple(records)))

    def of(self, *, place: int = 0, siblings: int = 1) -> str:
        """Returns the brief for one proposal.

        Args:
            place: Which of a batch it is, from 0; each begins with another weakness.
            siblings: How many there are.
        """
        weak = _rotated(self._weak, place)
        pieces = [
            *self._must,
            *_focus(weak[0] if weak else None, place, siblings),
            *self._files,
            *(self._episode(task, rank) for rank, task in enumerate(weak[:_EPISODES])),
            *self._past,
        ]
        return fitted([piece for piece in pieces if piece is not None], self._settings.tokens)


def _must(
    workshop: Workshop,
    parent: Candidate,
    records: Sequence[TrialRecord],
    settings: BriefSettings,
) -> Iterator[Piece]:
    yield Piece("Goal", goal_words(workshop.objective), _ALWAYS)
    yield Piece("Rules", rule_words(workshop.target, parent), _ALWAYS)
    if settings.numbers_elsewhere:
        numbers = (
            "A numeric optimiser shares this run and tries other numbers by itself, at no cost: "
            "propose mechanisms, not constants. An edit of numbers alone is refused."
        )
        yield Piece("Rules", numbers, _ALWAYS)
    if settings.guidance:
        steps = "\n".join(f"{n}. {line}" for n, line in enumerate(settings.guidance, 1))
        yield Piece("Guidance, the most important first", steps, _ALWAYS)
    if advice := plateau_advice(workshop.history):
        yield Piece("Where the run stands", advice, _ALWAYS)
    yield Piece("Where the run stands", budget_words(workshop.budget_left), _ALWAYS)
    scores = fenced("scores", score_lines(records, workshop.objective), limit=8000)
    yield Piece("The parent on train tasks", scores, 100.0)


def _focus(focus: str | None, place: int, siblings: int) -> Iterator[Piece]:
    if siblings > 1:
        text = (
            f"You make proposal {place + 1} of {siblings} that are thought out side by side, each "
            "by itself. To be unlike the others, "
        )
        yield Piece(
            "Your part",
            text
            + (
                f"begin with what goes wrong on the task {one_line(focus)}."
                if focus
                else f"take the idea that is number {place + 1} by what it promises."
            ),
            _ALWAYS,
        )


def _files(workshop: Workshop, parent: Candidate) -> Iterator[Piece]:
    """Yields the files that may be edited, the entry first and the shorter before the longer."""
    entry = workshop.target.entry.partition(":")[0]
    paths = [path for path in parent.files if workshop.target.is_editable(path)]
    ordered = sorted(paths, key=lambda path: (path != entry, len(parent.files[path]), path))
    for rank, path in enumerate(ordered):
        try:
            text = parent.files[path].decode("utf-8")
        except UnicodeDecodeError:
            continue
        yield Piece("The parent's files", fenced(path, text, limit=200_000), 90.0 - rank)


def _episode(
    workshop: Workshop, records: Sequence[TrialRecord], task: str, rank: int
) -> Piece | None:
    if (pair := side_by_side(workshop, records, task)) is not None:
        return Piece("Episodes to learn from", pair, 80.0 - 10 * rank)
    if (failed := failing_episode(workshop, records, task)) is not None:
        return Piece("Episodes to learn from", failed, 75.0 - 10 * rank)
    return None


def _past(workshop: Workshop) -> Iterator[Piece]:
    """Yields what became of proposals, in their order; what was kept and the last weigh most."""
    recent = workshop.history[-_PAST:]
    for age, decision in enumerate(reversed(recent)):
        kept = 10.0 if decision.verdict is Verdict.KEPT else 0.0
        ours = -20.0 if decision.cause == "our side" else 0.0
        yield Piece("What was tried", past_line(workshop, decision), 60.0 - 2 * age + kept + ours)


def _memory(workshop: Workshop, settings: BriefSettings) -> Iterator[Piece]:
    closed = closed_approaches(workshop)
    failures = failures_of(workshop)
    lessons = [
        f"- {approach}: closed after {CLOSED_AFTER} failures; the last: "
        f"{one_line(failures[approach][-1].reason, limit=160)}"
        for approach in closed
    ]
    if lessons:
        yield Piece("Closed approaches", fenced("closed", "\n".join(lessons)), 95.0)
    if words := calibration_words(calibration_of(workshop, settings.source)):
        yield Piece("How right your predictions were", words, 70.0)
    notes = [note for attempt in workshop.attempts for note in attempt.notes][-_NOTES:]
    for age, note in enumerate(reversed(notes)):
        yield Piece("Notes of earlier attempts", fenced("note", note, limit=600), 50.0 - age)
    failed = [a.failure for a in workshop.attempts if a.failure and a.source == settings.source]
    if failed:
        last = fenced("failed attempts", "\n".join(map(one_line, failed[-3:])))
        yield Piece("Attempts that came to nothing", last, 45.0)


def _rotated(tasks: Sequence[str], place: int) -> list[str]:
    start = place % len(tasks) if tasks else 0
    return [*tasks[start:], *tasks[:start]]
