"""The lab's tools: what an agent can do on its way to a proposal, whoever drives it.

One `LabTools` is one attempt at a proposal. A coding agent calls it in the driver; a server offers
the same methods to a client. `Tools.of(LabTools(...))` gives names, descriptions, schemas and
checked calls; what an agent did wrong is a `ToolError` whose message it is meant to read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from agentlab.core.attempt import Prediction
from agentlab.core.candidate import Candidate
from agentlab.core.counting import counted
from agentlab.core.meta_agent import Workshop
from agentlab.core.tool import tool
from agentlab.core.trial import TrialRecord
from agentlab.core.value import JsonValue
from agentlab.errors import ToolError, nearest
from agentlab.meta.edit_kind import edit_kind
from agentlab.meta.lab.approaches import CLOSED_AFTER, approach_key, closed_approaches
from agentlab.meta.lab.check import complaint
from agentlab.meta.lab.fence import fenced
from agentlab.meta.lab.session import Allowance, LabSession, Submission
from agentlab.meta.lab.shown import compared, decision_lines, record_line, trace_lines
from agentlab.meta.lab.workspace import Workspace
from agentlab.report.patch import unified_diff

__all__ = ["LabTools"]

_MOST_LINES = 400
_MOST_HITS = 60
_MOST_NOTES = 8
_NOTE_CHARACTERS = 500
_CHECKED = 12
"""Train tasks on which a proposal is tried before it leaves."""

_PROBED = 24
"""Episodes that a probe is given, at most."""

Text = Annotated[str, Field(max_length=400_000)]


class LabTools:
    """An attempt at one proposal, made from one parent. One thread at a time.

    All that a candidate, a page or a task wrote comes back fenced by `fenced`: it is data.
    """

    def __init__(
        self,
        workshop: Workshop,
        parent: Candidate,
        *,
        allowance: Allowance = Allowance(),  # noqa: B008 (a frozen value)
        session: LabSession | None = None,
        numbers_elsewhere: bool = False,
    ) -> None:
        """Begins an attempt, or goes on with one.

        Args:
            workshop: Of the run.
            parent: Whose files are edited.
            allowance: What it may try.
            session: What was done before.
            numbers_elsewhere: Whether edits of numbers alone are left to a numeric optimiser.
        """
        self._numbers_elsewhere = numbers_elsewhere
        before = session or LabSession()
        self._workshop = workshop
        self._allowance = allowance
        self._workspace = Workspace(parent, workshop.target, edits=before.edits)
        self._trials = list(before.trials)
        self._probes = list(before.probes)
        self._notes = list(before.notes)
        self._submitted = before.submitted

    @property
    def session(self) -> LabSession:
        """What was done so far; another `LabTools` can be made of it."""
        return LabSession(
            edits=self._workspace.edits,
            trials=tuple(self._trials),
            probes=tuple(self._probes),
            notes=tuple(self._notes),
            submitted=self._submitted,
        )

    @property
    def workspace(self) -> Workspace:
        """The files as they stand."""
        return self._workspace

    @tool(step=False)
    def list_files(self) -> str:
        """Lists the target's files: size, whether they may be edited, whether they are changed."""
        rows = []
        for path, content in sorted(self._workspace.files.items()):
            may = "editable" if self._workshop.target.is_editable(path) else "frozen"
            changed = ", changed" if path in self._workspace.edits else ""
            rows.append(f"{path}  {len(content)} bytes, {may}{changed}")
        return fenced("files", "\n".join(rows))

    @tool(step=False)
    def read_file(
        self,
        path: str,
        first_line: Annotated[int, Field(ge=1)] = 1,
        lines: Annotated[int, Field(ge=1, le=_MOST_LINES)] = _MOST_LINES,
    ) -> str:
        """Returns lines of a file as it stands, without numbers; at most 400 at a time."""
        found = self._workspace.text(path).removesuffix("\n").split("\n")
        shown = found[first_line - 1 : first_line - 1 + lines]
        last = first_line - 1 + len(shown)
        label = f"{path}, lines {first_line} to {last} of {len(found)}"
        return fenced(label, "\n".join(shown), limit=60_000)

    @tool(step=False)
    def search(self, text: str, path: str = "") -> str:
        """Finds the lines that hold a text, in all files or in one; at most 60."""
        hits = []
        for name in sorted(self._workspace.files):
            if path not in ("", name):
                continue
            try:
                lines = self._workspace.text(name).split("\n")
            except ToolError:
                continue
            hits += [f"{name}:{n}: {line}" for n, line in enumerate(lines, 1) if text in line]
        if not hits:
            return "nothing found"
        return fenced(f"search, {counted(len(hits), 'line')}", "\n".join(hits[:_MOST_HITS]))

    @tool
    def edit_file(self, path: str, new: Text, old: Text = "") -> str:
        """Puts `new` in the place of `old`, which must stand in the file exactly once.

        Without `old`, `new` is the whole file. What is frozen stays as it is.
        """
        self._require_open()
        if old:
            line = self._workspace.replace(path, old, new)
            done = f"{path}: changed at line {line}"
        else:
            self._workspace.write(path, new)
            done = f"{path}: written, {counted(len(new.splitlines()), 'line')}"
        problems = self._workspace.problems()
        return (
            f"{done}. To be mended before it can run: {'; '.join(problems)}" if problems else done
        )

    @tool
    def run_trials(
        self, tasks: list[str] | None = None, blocks: Annotated[int, Field(ge=1, le=3)] = 1
    ) -> str:
        """Runs the files as they stand on train tasks and compares them with the incumbent.

        Args: tasks, all train tasks if not given; blocks, how many seeds of each, 1 to 3. It is
        charged to the run's budget; the gate decides later on other tasks and seeds.
        """
        wanted = self._known_tasks(tasks)
        self._require_allowed(len(wanted) * blocks)
        candidate = self._valid()
        mine = self._workshop.try_on_train(candidate, tasks=wanted, blocks=blocks)
        theirs = self._workshop.try_on_train(self._workspace.parent, tasks=wanted, blocks=blocks)
        self._looked_at([*mine, *theirs])
        return fenced("trials", compared(mine, theirs, self._workshop.objective))

    @tool
    def run_probe(self, script: Text) -> str:
        """Runs your own Python over the traces of the trials you have seen; it is never a score.

        The script defines `probe(episodes)` and returns plain data. Each episode is a dict with
        task, seed, candidate, fate, success, feedback and frames. Standard library, no network.
        """
        if len(self._probes) >= self._allowance.probes:
            raise ToolError("allowance", f"all {self._allowance.probes} probes are used")
        keys = [record.key for record in self._seen()][-_PROBED:]
        probed = self._workshop.probe(script, keys)
        self._probes.append(probed.key)
        if probed.failure:
            return fenced("the probe failed", probed.failure, limit=2000)
        return fenced(f"probe over {counted(len(keys), 'episode')}", _as_text(probed.answer))

    @tool(step=False)
    def show_trace(
        self,
        task: str,
        outcome: Literal["failed", "solved", "any"] = "any",
        own: bool = True,
    ) -> str:
        """Shows one episode on a train task, message by message.

        Args: task; outcome, which kind of episode; own, of the files you tried, else the parent's.
        """
        wanted = self._known_tasks([task])[0]
        for record in reversed(self._seen()):
            is_own = record.candidate != self._workspace.parent.digest
            is_solved = record.success >= 1
            if record.task != wanted or is_own is not own:
                continue
            if outcome == "any" or is_solved == (outcome == "solved"):
                frames = self._workshop.trace(record.key)
                return fenced(record_line(record), trace_lines(frames))
        whose = "your files" if own else "the parent"
        raise ToolError("not_found", f"no such episode of {whose} on '{wanted}' was seen so far")

    @tool(step=False)
    def show_diff(self) -> str:
        """Shows your changes so far as a unified diff."""
        difference = unified_diff(self._workspace.parent.files, self._workspace.files)
        return fenced("your changes", difference) if difference else "no changes so far"

    @tool(step=False)
    def show_history(self, number: int | None = None) -> str:
        """Shows what became of earlier proposals, or all of one: its diff and the gate's reason."""
        history = self._workshop.history
        if number is None:
            rows = [line for decision in history[-40:] for line in decision_lines(decision)[:1]]
            return fenced("earlier proposals", "\n".join(rows)) if rows else "no proposals so far"
        for decision in history:
            if decision.number == number:
                candidate = self._workshop.candidate(decision.candidate)
                parent = self._workshop.candidate(decision.incumbent)
                rows = [*decision_lines(decision), candidate.hypothesis, ""]
                difference = unified_diff(parent.files, candidate.files)
                return fenced(f"proposal {number}", "\n".join(rows) + difference)
        raise ToolError("not_found", f"no proposal {number}; there are {len(history)}")

    @tool(step=False)
    def note(self, text: Annotated[str, Field(min_length=1, max_length=_NOTE_CHARACTERS)]) -> str:
        """Keeps a lesson for later proposals: what was found, what did not work and why."""
        if len(self._notes) >= _MOST_NOTES:
            raise ToolError("allowance", f"{_MOST_NOTES} notes are enough")
        self._notes.append(text)
        return "kept"

    @tool
    def submit(
        self,
        title: Annotated[str, Field(min_length=1, max_length=100)],
        hypothesis: Annotated[str, Field(min_length=1, max_length=2000)],
        approach: Annotated[str, Field(max_length=60)] = "",
        tasks: list[str] | None = None,
        direction: Literal["better", "same", "worse"] = "better",
        size: Annotated[float, Field(ge=0, le=1)] = 0.0,
    ) -> str:
        """Hands the files in as your proposal, with a hypothesis that can turn out to be false.

        Args: title, a few words; hypothesis, why it helps and how one would see that it does not;
        approach, the mechanism in two or three words; tasks, the train tasks that change, all if
        not given; direction and size of that change.
        """
        self._require_open()
        self._require_new(self._valid(), approach)
        named = () if tasks is None else tuple(self._known_tasks(tasks))
        self._submitted = Submission(
            title=title,
            hypothesis=hypothesis,
            approach=approach,
            prediction=Prediction(tasks=named, direction=direction, size=size),
        )
        return "submitted"

    def check(self) -> str:
        """Returns why the files should not be handed in as they stand, or nothing.

        They are run on train tasks, on the seeds that siblings are compared on next.
        """
        tasks = list(self._workshop.train_tasks)[:_CHECKED]
        mine = self._workshop.try_on_train(self._valid(), tasks=tasks, blocks=1)
        theirs = self._workshop.try_on_train(self._workspace.parent, tasks=tasks, blocks=1)
        self._looked_at([*mine, *theirs])
        return complaint(mine, theirs, self._workshop.objective)

    def reopen(self) -> None:
        """Takes the submission back, for it to be mended."""
        self._submitted = None

    def _require_new(self, candidate: Candidate, approach: str) -> None:
        if candidate.digest in self._workshop.proposed:
            raise ToolError("refused", "these very files were proposed before, or nothing changed")
        if approach_key(approach) in closed_approaches(self._workshop):
            raise ToolError(
                "closed", f"'{approach}' failed {CLOSED_AFTER} times and is closed; try another"
            )
        is_numbers = edit_kind(self._workspace.parent.files, candidate.files) == "numbers"
        if is_numbers and self._numbers_elsewhere:
            raise ToolError(
                "numbers", "only numbers differ, which a numeric optimiser tries; change the way"
            )

    def _valid(self) -> Candidate:
        if problems := self._workspace.problems():
            raise ToolError("refused", "; ".join(problems))
        parent = self._workspace.parent.digest
        return Candidate(files=self._workspace.files, parent=parent, provenance="model")

    def _known_tasks(self, tasks: Sequence[str] | None) -> list[str]:
        known = self._workshop.train_tasks
        if not tasks:
            return list(known)
        for task in tasks:
            if task not in known:
                raise ToolError("unknown_task", f"no train task '{task}'{nearest(task, known)}")
        return list(dict.fromkeys(tasks))

    def _require_allowed(self, trials: int) -> None:
        left = self._allowance.trials - len(self._own_trials())
        if trials > left:
            raise ToolError("allowance", f"{counted(trials, 'trial')} asked for, {left} are left")

    def _require_open(self) -> None:
        if self._submitted is not None:
            raise ToolError("closed", "the proposal is handed in")

    def _own_trials(self) -> list[str]:
        known = {record.key for record in self._known()}
        return [key for key in self._trials if key not in known]

    def _looked_at(self, records: Sequence[TrialRecord]) -> None:
        self._trials += [r.key for r in records if r.fate.counts and r.key not in self._trials]

    def _known(self) -> Sequence[TrialRecord]:
        return self._workshop.train_records(self._workspace.parent.digest)

    def _seen(self) -> list[TrialRecord]:
        records = [*self._known(), *self._workshop.trials(self._trials)]
        return list({record.key: record for record in records}.values())


def _as_text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
