"""Looking into a run, also while it goes on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from agentlab.core.candidate import Candidate
    from agentlab.core.decision import Decision
    from agentlab.core.result import RunResult
    from agentlab.report.record import RunRecord
    from agentlab.store.run_folder import RunFolder
    from agentlab.store.store import RunInfo, Store

__all__ = [
    "OpenedRun",
    "decision_numbered",
    "finish",
    "is_debug",
    "open_run",
    "record_of",
    "status_of",
    "winner_of",
]


class OpenedRun(NamedTuple):
    """A run and its store, opened for reading."""

    folder: RunFolder
    store: Store
    info: RunInfo


@contextlib.contextmanager
def open_run(reference: str, runs: Path) -> Iterator[OpenedRun]:
    """Opens a run for reading; its driver is not disturbed.

    Raises:
        UnknownReference: there is no such run.
    """
    from agentlab.store.run_folder import find_run
    from agentlab.store.store import Store

    folder = find_run(reference, runs)
    store = Store(folder.store_url(), read_only=True)
    try:
        yield OpenedRun(folder, store, store.run(folder.name))
    finally:
        store.close()


def status_of(run: OpenedRun) -> str:
    """Returns a run's status; a driver that died could not say so itself."""
    if run.info.status == "running" and not run.folder.owner():
        return "interrupted"
    return run.info.status


def is_debug(run: OpenedRun) -> bool:
    """Returns whether a run was for a debugger and measured nothing."""
    executor = run.info.experiment.get("executor") or {}
    return bool(executor.get("kind") == "debug")


def winner_of(run: OpenedRun) -> Candidate:
    """Returns the candidate that was kept last, or the baseline."""
    name = run.info.name
    kept = [decision for decision in run.store.decisions(name) if decision.verdict == "kept"]
    return run.store.candidate(name, kept[-1].candidate if kept else 0)


def decision_numbered(run: OpenedRun, number: int) -> Decision:
    """Returns the decision on a proposal.

    Raises:
        UnknownReference: there is none of that number, or not yet.
    """
    from agentlab.errors import UnknownReference

    decisions = run.store.decisions(run.info.name)
    for decision in decisions:
        if decision.number == number:
            return decision
    known = f"1 to {decisions[-1].number}" if decisions else "none yet"
    raise UnknownReference(f"no decision #{number} in run '{run.info.name}' (there are: {known})")


def record_of(run: OpenedRun) -> RunRecord:
    """Returns what the store holds of a finished run; an older one's ceiling is reckoned anew.

    Raises:
        AgentlabError: the run has no result yet.
    """
    from agentlab.report.record import read_record

    record = read_record(run.store, run.folder)
    if record.result.ceiling is not None:
        return record
    # Reckoning takes the meta-agents' room, which costs a second to enter.
    from agentlab.experiment.ceiling import with_stored_ceiling

    result = with_stored_ceiling(record.result, run.store, run.info.name)
    return record._replace(result=result)


def finish(result: RunResult, folder: Path, *, as_json: bool) -> None:
    """Writes the report of a run that ended, and prints what it found."""
    from agentlab.cli.output import print_json
    from agentlab.report.console import open_console
    from agentlab.report.markdown import to_markdown
    from agentlab.report.terminal import print_record

    with open_run(str(folder), folder.parent) as run:
        record = record_of(run)
    report = run.folder.report
    report.touch()
    report.write_text(to_markdown(record), encoding="utf-8")
    if as_json:
        shown = result.model_copy(update={"ceiling": record.result.ceiling})
        print_json(shown.model_dump(mode="json"))
    else:
        print_record(record, open_console())
