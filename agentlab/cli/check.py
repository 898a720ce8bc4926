"""`agentlab check`: is an experiment ready to run."""

from __future__ import annotations

from agentlab.cli.options import (
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
    as_json: Json = False,
) -> None:
    """Try an experiment without searching.

    Builds everything that it names and runs its target once on each train task.
    """
    from agentlab.cli.checks import show_checks
    from agentlab.cli.output import working
    from agentlab.experiment.load import find_experiment, load_experiment

    settings = overrides_of(overrides, executor=executor, slots=slots)
    config = load_experiment(find_experiment(experiment), settings)
    with working() as screen:
        from agentlab.experiment import session

        lines = session.check(config, observer=screen)
    show_checks(
        lines,
        good=f"ready: agentlab run {experiment}",
        bad="not ready",
        as_json=as_json,
    )
