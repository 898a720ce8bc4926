"""`agentlab evaluate`: score one target."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agentlab.cli.options import (
    Debug,
    ExecutorKind,
    ExperimentFile,
    Json,
    Overrides,
    Runs,
    Seed,
    Slots,
    overrides_of,
)
from agentlab.core.counting import counted

if TYPE_CHECKING:
    from agentlab.core.candidate import Files
    from agentlab.core.result import EvaluationResult
    from agentlab.store.run_folder import RunFolder

__all__ = ["evaluate", "parse_seeds"]

Target = Annotated[
    str | None, typer.Option("--target", metavar="DIR", help="Another target than the file's own.")
]
Winner = Annotated[
    str | None, typer.Option("--run", metavar="RUN", help="The winner of a run as the target.")
]
Split = Annotated[
    Literal["train", "validation", "test"], typer.Option("--split", help="Whose tasks.")
]
Seeds = Annotated[
    str | None,
    typer.Option("--seeds", metavar="A:B", help="Seeds of each task: from A up to, not with, B."),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The environment's option `data`."),
]

Evidence = Annotated[
    Path | None,
    typer.Option(
        "--evidence", metavar="DIR", help="Show the worst and the best trial in pictures, there."
    ),
]

_METRICS_BY_TASK = 3
"""Told of each task; the others are in the JSON."""


def evaluate(
    experiment: ExperimentFile,
    *,
    target: Target = None,
    run: Winner = None,
    split: Split = "validation",
    seeds: Seeds = None,
    data: Data = None,
    evidence: Evidence = None,
    overrides: Overrides = None,
    seed: Seed = None,
    executor: ExecutorKind = None,
    slots: Slots = None,
    debug: Debug = False,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Score one target without searching.

    A look at the sealed test is recorded with each run whose test it is, and asks for a signature
    where a site does.
    """
    from agentlab.cli.output import print_json, working
    from agentlab.experiment.load import find_experiment, load_experiment
    from agentlab.experiment.places import told_with_places
    from agentlab.experiment.signed import check_signed
    from agentlab.signing.settings import read_settings

    if target is not None and run is not None:
        raise typer.BadParameter("give --target or --run, not both")
    span = parse_seeds(seeds) if seeds is not None else None
    settings = overrides_of(overrides, seed=seed, executor=executor, slots=slots, debug=debug)
    if data is not None:
        settings.append(f"environment.options.data={data.resolve()}")
    file = find_experiment(experiment)
    if split == "test":
        check_signed(load_experiment(file, settings), file, read_settings())
    if target is not None:
        settings.append(f"target.path={json.dumps(target)}")
    config = load_experiment(file, settings)
    files = _files(run, runs) if run is not None else None
    beside = _beside(run, runs) if split == "test" else []
    placed = told_with_places(file, settings)
    with placed, working(debug=config.is_debug, as_json=as_json) as screen:
        from agentlab.experiment import session

        result = session.evaluate(
            config,
            files=files,
            split=split,
            seeds=span,
            observer=screen,
            beside=beside,
            evidence=evidence,
        )
    if as_json:
        print_json(result.model_dump(mode="json"))
    else:
        _print(result, evidence)


def parse_seeds(text: str) -> range:
    """Returns the seeds of `A:B`.

    >>> parse_seeds("10:12")
    range(10, 12)
    """
    first, colon, last = text.partition(":")
    if not (colon and first.isdecimal() and last.isdecimal() and int(first) < int(last)):
        raise typer.BadParameter(f"--seeds {text}: write A:B with A below B, such as 0:20")
    return range(int(first), int(last))


def _files(run: str, runs: Path) -> Files:
    from agentlab.cli.reading import open_run, winner_of

    with open_run(run, runs) as opened:
        return winner_of(opened).files


def _beside(run: str | None, runs: Path) -> list[RunFolder]:
    from agentlab.store.run_folder import find_run, list_runs

    return [*list_runs(runs), *([find_run(run, runs)] if run is not None else [])]


def _print(result: EvaluationResult, evidence: Path | None) -> None:
    from rich.table import Table
    from rich.text import Text

    from agentlab.report.console import open_console
    from agentlab.report.escape import for_terminal
    from agentlab.report.format import duration, with_interval
    from agentlab.report.sections import metric_name
    from agentlab.report.terminal import print_pictures

    console = open_console()
    whole = Table("", "all tasks", box=None, pad_edge=False)
    for name, score in result.metrics.items():
        whole.add_row(metric_name(name), with_interval(score), style="bold" * (name == "success"))
    console.print(whole)
    names = list(result.metrics)[:_METRICS_BY_TASK]
    by_task = Table(
        "\nby task", *(f"\n{metric_name(name)}" for name in names), box=None, pad_edge=False
    )
    for title, scores in sorted(result.tasks.items()):
        cells = [with_interval(scores[name]) if name in scores else "" for name in names]
        by_task.add_row(Text(for_terminal(title)), *cells)
    console.print(by_task)
    fates = ", ".join(f"{number} {fate}" for fate, number in sorted(result.fates.items()))
    took = f"{counted(result.trials, 'trial')} in {duration(result.wall_s)}"
    console.print(f"\n{took}: {fates}; sandbox: {result.sandbox}")
    for fate, reason in sorted(result.reasons.items()):
        # Further lines are a candidate's words as well, and must not look like ours.
        lines = for_terminal(f"{fate}, the first at {reason}").splitlines()
        console.print(Text("  " + "\n    | ".join(lines)), soft_wrap=True)
    print_pictures(result.pictured, "", console)
    if evidence is not None and not result.pictured:
        console.print("\nno pictures: this environment shows nothing of a trial")
    if result.is_debug:
        console.print("debug: no limits were enforced, so this is no measurement", style="bold")
