"""`agentlab run`: run an experiment."""

from __future__ import annotations

from pathlib import Path

from agentlab.cli.options import (
    AcceptNoise,
    Baselines,
    Canaries,
    Debug,
    ExecutorKind,
    ExperimentFile,
    Ideas,
    Json,
    Overrides,
    Runs,
    Seed,
    Slots,
    VerifyCache,
    overrides_of,
)

__all__ = ["run"]


def run(
    experiment: ExperimentFile,
    *,
    overrides: Overrides = None,
    seed: Seed = None,
    executor: ExecutorKind = None,
    slots: Slots = None,
    ideas: Ideas = None,
    baselines: Baselines = None,
    verify_cache: VerifyCache = None,
    canaries: Canaries = None,
    debug: Debug = False,
    accept_noise: AcceptNoise = False,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Improve a target: propose, measure, keep what is really better."""
    from agentlab.cli.output import working
    from agentlab.cli.reading import finish
    from agentlab.experiment.load import find_experiment, load_experiment
    from agentlab.experiment.places import told_with_places

    settings = overrides_of(
        overrides,
        seed=seed,
        executor=executor,
        slots=slots,
        baselines=baselines,
        verify_cache=verify_cache,
        canaries=canaries,
        debug=debug,
    )
    file = find_experiment(experiment)
    config = load_experiment(file, settings)
    if accept_noise:
        config = config.accepting("noise")
    if ideas is not None:
        config = config.with_ideas(_bank(ideas))
    placed = told_with_places(file, settings)
    with placed, working(debug=config.is_debug, as_json=as_json) as screen:
        from agentlab.experiment.session import run_experiment

        result = run_experiment(config, runs=runs, observer=screen, file=file)
    finish(result, runs / result.run, as_json=as_json)


def _bank(folder: Path) -> Path:
    from agentlab.errors import InputError
    from agentlab.references import builtin_root

    if not any(place.is_dir() for place in (folder, builtin_root() / folder)):
        raise InputError(f"--ideas {folder}: no such folder")
    return folder
