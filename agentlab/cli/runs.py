"""`agentlab runs`: list runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agentlab.cli.options import Json, Runs

if TYPE_CHECKING:
    from agentlab.store.run_folder import RunFolder

__all__ = ["runs"]


def runs(*, folder: Runs = Path("runs"), as_json: Json = False) -> None:
    """List the runs of a folder, the oldest first."""
    from agentlab.cli.output import print_json
    from agentlab.report.console import open_console
    from agentlab.report.runs import RunRow, print_runs
    from agentlab.store.run_folder import list_runs

    rows = [_row(found, folder) for found in list_runs(folder)]
    if as_json:
        print_json({"runs": rows})
        return
    console = open_console()
    if not rows:
        console.print(f"no runs in {folder}; start one: agentlab run EXPERIMENT")
        return
    for row in rows:
        if row.pop("is_debug"):
            row["status"] = f"{row['status']}, debug"
        if (looks := row.pop("test_looks")) not in (0, 1):
            row["verdict"] = f"(test looked at {looks} times) {row['verdict']}"
    print_runs([RunRow(*map(str, row.values())) for row in rows], console)


def _row(found: RunFolder, folder: Path) -> dict[str, object]:
    from agentlab.cli.reading import is_debug, open_run, status_of
    from agentlab.errors import AgentlabError
    from agentlab.store.looks import looks_of

    row: dict[str, object] = {"run": found.name}
    try:
        with open_run(str(found.path), folder) as run:
            decisions = run.store.decisions(run.info.name)
            return row | {
                "status": status_of(run),
                "created_at": run.info.created_at,
                "proposals": sum(not decision.is_canary for decision in decisions),
                "kept": sum(decision.verdict == "kept" for decision in decisions),
                "verdict": (run.info.result or {}).get("verdict", ""),
                "is_debug": is_debug(run),
                "test_looks": looks_of(run.store, run.info.name).all,
            }
    except AgentlabError as error:
        nothing = {"created_at": "", "proposals": 0, "kept": 0, "is_debug": False, "test_looks": 0}
        return row | {"status": "unreadable", **nothing, "verdict": str(error)}
