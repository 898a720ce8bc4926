"""The meta-agent that asks a coding agent by its command line, in a worktree of its own."""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.meta_agent import Lab, Workshop
from agentlab.core.value import digest
from agentlab.errors import CandidateError, ProposerDown
from agentlab.meta.brief.brief import Brief, BriefSettings
from agentlab.meta.checks import check_candidate
from agentlab.meta.command.attempts import Attempted, AttemptsFolder
from agentlab.meta.command.handing_in import PROMPT, hand_in, predicted
from agentlab.meta.command.process import Ended, run_command
from agentlab.meta.command.registry import Cli, Filled, fill
from agentlab.meta.command.walls import HOME, WORKTREE, Desk, places_of, walled
from agentlab.meta.command.worktree import BRIEF, lay_out, read_hypothesis, take_edits

__all__ = ["CommandAgent", "CommandSettings"]

_MOST_BROKEN = 3
_TITLE = 72
_STATED = re.compile(r"^\W*hypothesis\W*:\W*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_PATH = "/usr/local/bin:/usr/bin:/bin"


class CommandSettings(NamedTuple):
    """How a coding agent is asked."""

    name: str
    """What it is called in every table."""

    cli: Cli
    program: Path
    """The file that its command line begins with."""

    words: tuple[str, ...]
    """The rest of its command line, with placeholders."""

    model: str | None = None
    cost_usd: float | None = None
    """What one attempt may cost, US dollars, where the agent has such a limit."""

    wall_s: float = 900.0
    keys: Mapping[str, str] = {}
    """Environment variables that nobody may read, by name."""

    variables: Mapping[str, str] = {}
    """Further environment variables."""

    mounts: tuple[Path, ...] = ()
    """Further places that it may see, read-only."""

    has_network: bool = True
    is_isolated: bool = True
    parallel: int = 1
    """Attempts at one time."""


class CommandAgent:
    """Proposes what a coding agent leaves behind in its worktree."""

    def __init__(
        self,
        settings: CommandSettings,
        *,
        attempts: Path | None = None,
    ) -> None:
        """Prepares it; nothing is started.

        Args:
            settings: How it is asked.
            attempts: Folder in which attempts are kept, so that a resumed run pays none twice.
        """
        self.name = settings.name
        self._settings = settings
        self._attempts = AttemptsFolder(attempts)
        self._broken = 0

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns what as many attempts left behind, each made from the next of the parents.

        What came to nothing is reported to the lab with its reason.

        Raises:
            ProposerDown: the command did not work three times in a row.
        """
        assert isinstance(lab, Workshop)
        if count < 1 or not any(lab.target.is_editable(path) for path in parents[0].files):
            return []
        found: list[Candidate] = []
        stop = threading.Event()
        pool = ThreadPoolExecutor(self._settings.parallel)
        try:
            orders = [self._order(lab, parents, place, count, seed) for place in range(count)]
            ended = pool.map(lambda order: self._attempt(order, stop), orders)
            for order, attempt in zip(orders, ended, strict=True):
                self._count(attempt)
                found += self._told(attempt, order, lab, found)
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
        return found

    def _order(
        self, lab: Workshop, parents: Sequence[Candidate], place: int, count: int, seed: int
    ) -> _Order:
        parent = parents[place % len(parents)]
        records = lab.try_on_train(parent, tasks=lab.train_tasks, blocks=1)
        told = Brief(lab, parent, records, BriefSettings(self.name)).of(place=place, siblings=count)
        key = digest(["command", self.name, seed, place, parent.digest])
        return _Order(key, place, seed, parent, f"{hand_in(lab.target)}\n{told}", lab.target)

    def _attempt(self, order: _Order, stop: threading.Event) -> Attempted:
        earlier = self._attempts.get(order.key)
        if earlier is not None:
            return earlier
        with tempfile.TemporaryDirectory(
            prefix="agentlab-command-", ignore_cleanup_errors=True
        ) as folder:
            attempt = self._made(order, Desk.below(Path(folder)), stop)
        self._attempts.put(order.key, attempt)
        return attempt

    def _made(self, order: _Order, desk: Desk, stop: threading.Event) -> Attempted:
        settings = self._settings
        lay_out(desk.worktree, order.parent.files, order.brief)
        _copy_logins(settings.cli.logins, desk.home)
        ended = run_command(
            self._command(order, desk),
            folder=desk.worktree,
            variables=self._variables(order, desk),
            wall_s=settings.wall_s,
            stop=stop,
        )
        said = _without(ended.said, settings.keys.values())
        edits = take_edits(desk.worktree, order.parent.files, order.target)
        is_late = ended.code is None
        is_broken = is_late or (ended.code != 0 and not edits.changed and not edits.problems)
        problem = "; ".join(edits.problems)
        if is_late or not (edits.changed or edits.problems):
            problem = _why_nothing(ended, said, settings.wall_s)
        return Attempted(
            changed={} if problem else {path: c.decode() for path, c in edits.changed.items()},
            hypothesis=read_hypothesis(desk.worktree) or _stated(said, settings.cli.reply),
            problem=problem,
            is_broken=is_broken,
            cost_usd=_spent(said, settings.cli.spent),
            wall_s=round(ended.wall_s, 3),
            brief=order.brief,
            said=said,
        )

    def _command(self, order: _Order, desk: Desk) -> list[str]:
        settings = self._settings
        worktree = WORKTREE if settings.is_isolated else desk.worktree
        values = Filled(
            prompt=PROMPT,
            brief=str(worktree / BRIEF),
            worktree=str(worktree),
            files=tuple(p for p in sorted(order.parent.files) if order.target.is_editable(p)),
            model=settings.model,
            cost_usd=settings.cost_usd,
        )
        return walled(
            [str(settings.program), *fill(settings.words, values)],
            desk,
            places=[*places_of(settings.program), *settings.mounts],
            has_network=settings.has_network,
            is_isolated=settings.is_isolated,
        )

    def _variables(self, order: _Order, desk: Desk) -> dict[str, str]:
        settings = self._settings
        return {
            "PATH": f"{settings.program.parent}:{_PATH}",
            "HOME": str(HOME if settings.is_isolated else desk.home),
            "USER": "agent",
            "LOGNAME": "agent",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "NO_COLOR": "1",
            "AGENTLAB_SEED": str(order.seed),
            "AGENTLAB_ATTEMPT": str(order.place),
            **settings.cli.variables,
            **settings.variables,
            **settings.keys,
        }

    def _count(self, attempt: Attempted) -> None:
        self._broken = self._broken + 1 if attempt.is_broken else 0
        if self._broken >= _MOST_BROKEN:
            raise ProposerDown(
                f"{self.name} did not work {self._broken} times in a row; the last time it "
                f"{attempt.problem}"
            )

    def _told(
        self, attempt: Attempted, order: _Order, lab: Workshop, siblings: Sequence[Candidate]
    ) -> list[Candidate]:
        """Reports an attempt and returns the candidate that it came to, if it did."""
        parent = order.parent
        changed = {path: text.encode() for path, text in attempt.changed.items()}
        candidate = Candidate(
            files={**parent.files, **changed},
            parent=parent.digest,
            hypothesis=attempt.hypothesis or "none was told",
            source=self.name,
            label=_title(attempt),
            provenance="model",
        )
        problem = attempt.problem or _problem(candidate, parent, lab, siblings)
        lab.add_attempt(
            Attempt(
                source=self.name,
                model=self._settings.model or "",
                candidate=None if problem else candidate.digest,
                failure=problem,
                approach=_title(attempt),
                prediction=predicted(attempt.hypothesis, lab.train_tasks),
                cost_usd=attempt.cost_usd or 0.0,
            )
        )
        return [] if problem else [candidate]


class _Order(NamedTuple):
    """What one attempt is asked for."""

    key: str
    place: int
    seed: int
    parent: Candidate
    brief: str
    target: TargetSpec


def _problem(
    candidate: Candidate, parent: Candidate, lab: Lab, siblings: Sequence[Candidate]
) -> str:
    try:
        check_candidate(candidate, parent, lab.target)
    except CandidateError as error:
        return "; ".join(error.problems)
    if candidate.digest in lab.proposed | {sibling.digest for sibling in siblings}:
        return "the same files as an earlier proposal"
    return ""


def _why_nothing(ended: Ended, said: str, wall_s: float) -> str:
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "nothing")
    if ended.code is None:
        how = f"did not end within {wall_s:g} s, so it was ended, and all that it had started"
    else:
        how = "changed nothing" if ended.code == 0 else f"ended with exit {ended.code}"
    return f"{how}; it said: {last.strip()[:300]}"


def _title(attempt: Attempted) -> str:
    first = attempt.hypothesis.strip().partition("\n")[0].strip("# *\t")
    return first[:_TITLE] or ", ".join(sorted(attempt.changed))[:_TITLE]


def _stated(said: str, reply: str) -> str:
    """Returns the last hypothesis that an agent stated in what it printed, or nothing."""
    if reply:
        try:
            said = str(json.loads(said[said.index("{") :])[reply])
        except (ValueError, KeyError, TypeError, RecursionError):
            return ""
    stated = _STATED.findall(said)
    return stated[-1].strip() if stated else ""


def _spent(said: str, pattern: str) -> float | None:
    found = re.findall(pattern, said) if pattern else []
    try:
        return float(found[-1]) if found else None
    except ValueError:
        return None


def _without(said: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        said = said.replace(secret, "***") if len(secret) > 5 else said
    return said


def _copy_logins(logins: Sequence[str], home: Path) -> None:
    for login in logins:
        source = Path.home() / login
        if source.is_file():
            place = home / login
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(source.read_bytes())
            place.chmod(0o600)
