"""`agentlab check`: is an experiment ready to run."""

from __future__ import annotations

from agentlab.cli.options import (
    AcceptNoise,
    ExecutorKind,
    ExperimentFile,
    Json,
    Overrides,
    Slots,
    overrides_of,
)

__all__ = ["check"]


def check(
    experiment: ExperimentFile,
    *,
    overrides: Overrides = None,
    executor: ExecutorKind = None,
    slots: Slots = None,
    accept_noise: AcceptNoise = False,
    as_json: Json = False,
) -> None:
    """Try an experiment without searching.

    Builds everything that it names and measures what a run knows before its first proposal: noise,
    the smallest improvement that would show, and whether world and judge are what they say.
    """
    from agentlab.cli.checks import show_checks
    from agentlab.cli.output import working
    from agentlab.experiment.load import find_experiment, load_experiment
    from agentlab.experiment.places import told_with_places

    settings = overrides_of(overrides, executor=executor, slots=slots)
    file = find_experiment(experiment)
    config = load_experiment(file, settings)
    if accept_noise:
        config = config.accepting("noise")
    with told_with_places(file, settings), working() as screen:
        from agentlab.experiment import checking

        checked = checking.check(config, observer=screen)
    known = checked.readiness
    show_checks(
        checked.lines,
        good=f"ready: agentlab run {experiment}",
        bad="not ready",
        as_json=as_json,
        numbers={"readiness": known.model_dump(mode="json") if known else None},
    )
