"""The meta-agent that is a client: it waits for calls of the lab's tools until one submits."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import NamedTuple

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate
from agentlab.core.meta_agent import Lab, Workshop
from agentlab.core.tool import Tools
from agentlab.core.trial import TrialRecord
from agentlab.core.value import JsonValue
from agentlab.errors import ProposerDown, ToolError
from agentlab.meta.brief.brief import Brief, BriefSettings
from agentlab.meta.lab.session import Allowance
from agentlab.meta.lab.shown import decision_lines
from agentlab.meta.lab.tools import LabTools
from agentlab.meta.mcp.desk import Call, ClientDesk, Said

__all__ = ["McpAgent", "OfferedTool", "offered_tools"]

_NOTHING: dict[str, JsonValue] = {"type": "object", "properties": {}, "additionalProperties": False}
_OWN = {
    "read_brief": (
        "Read this first, and again after each decision: the goal, what may be edited, how the "
        "target does on train tasks, what was tried and what became of it, what is left."
    ),
    "wait": (
        "Waits until the run wants a proposal, some 20 seconds at a time, and says what the gate "
        "decided of the last one. Call it after `submit`, and again for as long as it says so."
    ),
    "finish": "Ends the search. Winner and baseline are then measured on the sealed test, once.",
}


class OfferedTool(NamedTuple):
    """One tool as a client is told of it."""

    name: str
    description: str
    schema: dict[str, JsonValue]


def offered_tools() -> tuple[OfferedTool, ...]:
    """Returns all tools of the lab, and those by which a client follows a run."""
    # Of no attempt: names and schemas are the same for all.
    lab = Tools.of(object.__new__(LabTools))
    own = [OfferedTool(name, description, _NOTHING) for name, description in _OWN.items()]
    return (
        *own,
        *(
            OfferedTool(name, inspect.getdoc(getattr(LabTools, name)) or "", one.schema)
            for name, one in lab.items()
        ),
    )


class McpAgent:
    """Proposes what a client submits, one proposal at a time."""

    name = "mcp"

    def __init__(self, desk: ClientDesk, *, allowance: Allowance = Allowance()) -> None:  # noqa: B008 (a frozen value)
        """Makes it.

        Args:
            desk: Where the client's calls arrive.
            allowance: What one proposal may try.
        """
        self._desk = desk
        self._allowance = allowance

    def propose(
        self, lab: Lab, parents: Sequence[Candidate], *, count: int, seed: int
    ) -> Sequence[Candidate]:
        """Returns what the client submits; nothing once it has finished.

        Raises:
            ProposerDown: the client has left.
        """
        assert isinstance(lab, Workshop)
        parent = parents[0]
        if count < 1 or not any(lab.target.is_editable(path) for path in parent.files):
            return []
        records = lab.try_on_train(parent, tasks=lab.train_tasks, blocks=1)
        talk = _Talk(lab, parent, records, LabTools(lab, parent, allowance=self._allowance))
        self._desk.open()
        try:
            # In a thread of its own, whose trials this one runs.
            lab.together([lambda: talk.hold(self._desk)])
        finally:
            self._desk.close(f"proposal {len(lab.history) + 1} is being measured")
        if talk.is_left:
            raise ProposerDown("the client has left; what it proposed before is kept")
        return talk.candidates()


class _Talk:
    """The calls of a client about one proposal."""

    def __init__(
        self, lab: Workshop, parent: Candidate, records: Sequence[TrialRecord], tools: LabTools
    ) -> None:
        self._lab = lab
        self._parent = parent
        self._records = records
        self._tools = tools
        self._is_finished = False
        self.is_left = False

    def hold(self, desk: ClientDesk) -> None:
        """Answers calls until one ends the talk."""
        while not (self._is_finished or self.is_left or self._tools.session.submitted):
            call = desk.next_call()
            if call is None:
                self.is_left = True
                return
            try:
                call.answer.set_result(self._answer(call))
            except BaseException as error:
                call.answer.set_exception(error)
                raise

    def candidates(self) -> list[Candidate]:
        """Reports the attempt and returns what was submitted, if anything was."""
        session = self._tools.session
        submitted = session.submitted
        if submitted is None:
            return []
        edits = {path: text.encode() for path, text in session.edits.items()}
        candidate = Candidate(
            files={**self._parent.files, **edits},
            parent=self._parent.digest,
            hypothesis=submitted.hypothesis,
            source=McpAgent.name,
            label=submitted.title,
            provenance="model",
        )
        seen = [record.key for record in self._records if record.fate.counts]
        self._lab.add_attempt(
            Attempt(
                source=McpAgent.name,
                candidate=candidate.digest,
                approach=submitted.approach,
                prediction=submitted.prediction,
                notes=session.notes,
                trials=tuple(dict.fromkeys([*seen, *session.trials])),
                probes=session.probes,
            )
        )
        return [candidate]

    def _answer(self, call: Call) -> Said:
        if call.name == "finish":
            self._is_finished = True
            return Said("finished; call `wait` for the result")
        if call.name == "wait":
            return Said(self._state())
        if call.name == "read_brief":
            settings = BriefSettings(McpAgent.name)
            return Said(Brief(self._lab, self._parent, self._records, settings).of())
        tool = Tools.of(self._tools).get(call.name)
        if tool is None:
            return Said(f"no tool {call.name!r}", is_error=True)
        try:
            said = str(tool.call(call.arguments).value)
        except ToolError as error:
            return Said(f"{error.kind}: {error.message}", is_error=True)
        return Said(f"{said}; call `wait` for the decision" if call.name == "submit" else said)

    def _state(self) -> str:
        decided = self._lab.history
        last = "\n".join(decision_lines(decided[-1])) if decided else "nothing was decided so far"
        return f"{last}\nThe run waits for a proposal: read_brief, edit, try, submit; or finish."
