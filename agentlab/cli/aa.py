"""`agentlab aa`: how often the loop keeps what is no better."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentlab.cli.options import (
    ExecutorKind,
    ExperimentFile,
    Json,
    Overrides,
    Runs,
    Seed,
    Slots,
    overrides_of,
)

__all__ = ["aa"]

Candidates = Annotated[
    int, typer.Option("--candidates", min=1, help="Proposals that change nothing on average.")
]


def aa(
    experiment: ExperimentFile,
    *,
    candidates: Candidates = 100,
    overrides: Overrides = None,
    seed: Seed = None,
    executor: ExecutorKind = None,
    slots: Slots = None,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Measure how often an experiment's loop keeps what is no better.

    Candidates are copies of the target, measured on other instances than those that they are
    compared on: outcomes differ and their mean does not. The loop is the real one; the sealed test
    is not looked at. A run that is interrupted goes on with `agentlab resume`.
    """
    from agentlab.cli.output import working
    from agentlab.cli.reading import finish
    from agentlab.experiment.load import find_experiment, load_experiment
    from agentlab.experiment.places import told_with_places

    file = find_experiment(experiment)
    settings = overrides_of(overrides, seed=seed, executor=executor, slots=slots)
    config = load_experiment(file, settings).for_aa(candidates)
    with told_with_places(file, settings), working(as_json=as_json) as screen:
        from agentlab.experiment.session import run_experiment

        result = run_experiment(config, runs=runs, observer=screen, file=file)
    finish(result, runs / result.run, as_json=as_json)
