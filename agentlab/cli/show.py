"""`agentlab show`: what was decided, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentlab.cli.options import Json, Run, Runs

if TYPE_CHECKING:
    from agentlab.cli.reading import OpenedRun
    from agentlab.report.tasks import Changes

__all__ = ["show"]

Number = Annotated[
    int | None, typer.Argument(metavar="[NUMBER]", help="One proposal; all of them by default.")
]


def show(
    run: Run = "latest",
    number: Number = None,
    *,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Show all decisions of a run, or one in full."""
    from agentlab.cli.reading import open_run

    with open_run(run, runs) as opened:
        if number is None:
            _show_all(opened, as_json=as_json)
        else:
            _show_one(opened, number, as_json=as_json)


def _show_all(run: OpenedRun, *, as_json: bool) -> None:
    from agentlab.cli.output import print_json
    from agentlab.cli.reading import record_of
    from agentlab.core.objective import Objective
    from agentlab.report.console import open_console
    from agentlab.report.decisions import print_decisions
    from agentlab.report.escape import one_line
    from agentlab.report.sections import looks_line, shown_path
    from agentlab.report.terminal import print_pictures
    from agentlab.store.looks import looks_of

    looks = looks_of(run.store, run.info.name)
    decisions = run.store.decisions(run.info.name)
    result = record_of(run).result if run.info.result is not None else None
    ceiling = result.ceiling if result else None
    pictured = result.pictured if result else ()
    if as_json:
        entries = [decision.model_dump(mode="json") for decision in decisions]
        told = ceiling.model_dump(mode="json") if ceiling else None
        print_json(
            {
                "run": run.info.name,
                "test_looks": looks.all,
                "fingerprint": run.store.fingerprint(run.info.name),
                "decisions": entries,
                "ceiling": told,
                "pictured": [one.model_dump(mode="json") for one in pictured],
            }
        )
    else:
        metric = Objective.model_validate(run.info.experiment["objective"]).metric
        console = open_console()
        print_decisions(decisions, metric, console)
        if looked := looks_line(looks):
            console.print(f"\n{looked}", style="bold", soft_wrap=True)
        if ceiling:
            said = f"ceiling: {ceiling.verdict}; {ceiling.reasons[0]}; in full: agentlab report"
            console.print(f"\n{one_line(said, limit=500)}", soft_wrap=True)
        print_pictures(pictured, f"{shown_path(run.folder.path)}/", console)


def _show_one(run: OpenedRun, number: int, *, as_json: bool) -> None:
    from agentlab.cli.output import print_json
    from agentlab.cli.reading import decision_numbered
    from agentlab.core.objective import Objective
    from agentlab.core.result import RunResult
    from agentlab.report.console import open_console
    from agentlab.report.decisions import print_candidate, task_rows
    from agentlab.report.sections import shown_path
    from agentlab.report.tasks import changes_of, splits_told
    from agentlab.report.terminal import print_pictures

    name = run.info.name
    decision = decision_numbered(run, number)
    candidate = run.store.candidate(name, decision.candidate)
    objective = Objective.model_validate(run.info.experiment["objective"])
    mine = run.store.trials(name, candidate=decision.candidate, kind="solve")
    theirs = run.store.trials(name, candidate=decision.incumbent, kind="solve")
    told = splits_told(objective)
    rows = [row for row in task_rows(mine, theirs) if row.split in told]
    changes = changes_of(mine, theirs, objective)
    pictured = [
        one
        for one in (RunResult.model_validate(run.info.result).pictured if run.info.result else ())
        if one.candidate in (decision.candidate, decision.incumbent)
    ]
    if as_json:
        print_json(
            {
                "run": name,
                "decision": decision.model_dump(mode="json"),
                "hypothesis": candidate.hypothesis,
                "parent": candidate.parent,
                "tasks": [row._asdict() for row in rows],
                "changes": [_as_json(found) for found in changes],
                "pictured": [one.model_dump(mode="json") for one in pictured],
            }
        )
    else:
        console = open_console()
        print_candidate(decision, candidate.hypothesis, rows, changes, console)
        print_pictures(pictured, f"{shown_path(run.folder.path)}/", console)


def _as_json(changes: Changes) -> dict[str, object]:
    return {
        "metric": changes.metric,
        "gains": [change._asdict() for change in changes.gains],
        "losses": [change._asdict() for change in changes.losses],
    }
