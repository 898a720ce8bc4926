"""`agentlab replay`: decide a run once more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from agentlab.cli.options import Json, Run, Runs

__all__ = ["replay"]

Rule = Annotated[
    Literal["paired", "strict", "gate", "greedy", "confirm"] | None,
    typer.Option("--rule", help="Another rule to decide by: what would it have kept?"),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Measure all trials again; else they come from the store.")
]


def replay(
    run: Run = "latest",
    *,
    rule: Rule = None,
    fresh: Fresh = False,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Decide a run's proposals once more, offline; the decisions must be the same.

    Nothing is proposed, no model is asked, the run is not changed and the sealed test is not looked
    at. Exit code 1 where decisions differ by the run's own rule.
    """
    from agentlab.cli.output import print_json, working
    from agentlab.report.console import open_console
    from agentlab.report.replay import print_replay
    from agentlab.store.run_folder import find_run

    folder = find_run(run, runs)
    with working(as_json=as_json) as screen:
        from agentlab.experiment.replay import replay_run

        found = replay_run(folder, observer=screen, rule=rule, fresh=fresh)
    if as_json:
        differing = [one.number for one in found.differing]
        print_json({**found.model_dump(mode="json"), "differing": differing})
    else:
        print_replay(found, open_console())
    if found.differing and not found.is_other_rule:
        raise typer.Exit(1)
