"""`agentlab runs`: list runs."""

from __future__ import annotations

from pathlib import Path

from agentlab.cli.options import Json, Runs

__all__ = ["runs"]


def runs(*, folder: Runs = Path("runs"), as_json: Json = False) -> None:
    """List the runs of a folder, the oldest first."""
    from rich.table import Table
    from rich.text import Text

    from agentlab.cli.output import print_json
    from agentlab.cli.reading import open_run, status_of
    from agentlab.report.escape import one_line
    from agentlab.report.record import read_decisions
    from agentlab.report.terminal import open_console
    from agentlab.store.run_folder import list_runs

    rows: list[dict[str, object]] = []
    for found in list_runs(folder):
        with open_run(str(found.path), folder) as run:
            decisions = read_decisions(run.store, run.info.name)
            rows.append(
                {
                    "run": run.info.name,
                    "status": status_of(run),
                    "created_at": run.info.created_at,
                    "proposals": len(decisions),
                    "kept": sum(decision.verdict == "kept" for decision in decisions),
                    "verdict": (run.info.result or {}).get("verdict", ""),
                }
            )
    if as_json:
        print_json({"runs": rows})
        return
    console = open_console()
    if not rows:
        console.print(f"no runs in {folder}; start one: agentlab run EXPERIMENT")
        return
    table = Table(
        "run", "status", "started", "proposals", "kept", "verdict", box=None, pad_edge=False
    )
    for row in rows:
        table.add_row(*(Text(one_line(str(value))) for value in row.values()))
    console.print(table)
