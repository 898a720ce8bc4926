"""`agentlab sweep`: a grid of experiments, and which column of it is better."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentlab.cli.options import ExecutorKind, Json, Overrides, Runs, Slots, overrides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentlab.experiment.sweep_file import Point

__all__ = ["sweep"]

SweepFile = Annotated[Path, typer.Argument(metavar="SWEEP", help="A YAML file.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Print the points and what they may take; run nothing.")
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write a line for each point there.")
]


def sweep(
    file: SweepFile,
    *,
    dry_run: DryRun = False,
    csv: Csv = None,
    overrides: Overrides = None,
    executor: ExecutorKind = None,
    slots: Slots = None,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Run a grid of experiments: which meta-agent or strategy is better, and by how much.

    Begun again, it goes on where it stopped.
    """
    from agentlab.cli.output import print_json, working
    from agentlab.experiment.sweep_file import load_sweep
    from agentlab.report.console import open_console

    settings = overrides_of(overrides, executor=executor, slots=slots)
    grid = load_sweep(_found(file), settings)
    if dry_run:
        _plan(grid.points, as_json=as_json)
        return
    with working(as_json=as_json) as screen:
        from agentlab.experiment.sweep import run_sweep

        try:
            result = run_sweep(grid, runs=runs, observer=screen, on_end=_write_report)
        except KeyboardInterrupt as error:
            error.__notes__ = [f"go on with: agentlab sweep {file}"]
            raise
    from agentlab.report.sweep import print_sweep, to_csv

    if csv is not None:
        csv.write_text(to_csv(result.points), encoding="utf-8")
    if as_json:
        print_json(result.model_dump(mode="json"))
    else:
        print_sweep(result, open_console())
    if any(point.problem for point in result.points):
        raise typer.Exit(1)


def _found(file: Path) -> Path:
    from agentlab.experiment.load import find_experiment

    return find_experiment(str(file))


def _write_report(folder: Path) -> None:
    from agentlab.cli.reading import open_run, record_of
    from agentlab.report.markdown import to_markdown

    with open_run(str(folder), folder.parent) as run:
        run.folder.report.write_text(to_markdown(record_of(run)), encoding="utf-8")


def _plan(points: Sequence[Point], *, as_json: bool) -> None:
    from agentlab.cli.output import print_json
    from agentlab.core.counting import counted
    from agentlab.report.console import open_console
    from agentlab.report.format import duration

    budgets = {
        point.experiment.name: point.experiment.budget.model_dump(exclude_none=True)
        for point in points
    }
    caps = [budget["wall_s"] for budget in budgets.values() if "wall_s" in budget]
    most_s = sum(caps) if len(caps) == len(budgets) else None
    if as_json:
        print_json({"points": budgets, "most_wall_s": most_s})
        return
    console = open_console()
    for name, budget in budgets.items():
        caps_in_words = ", ".join(f"{key} {value:g}" for key, value in budget.items())
        console.print(f"{name}: {caps_in_words}", soft_wrap=True)
    bound = f"at most {duration(most_s)}" if most_s is not None else "no cap on their time"
    console.print(f"{counted(len(points), 'run')}, one after another: {bound}")
