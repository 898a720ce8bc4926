"""`agentlab resume`: go on with a run."""

from __future__ import annotations

from pathlib import Path

from agentlab.cli.options import Json, Run, Runs, VerifyCache

__all__ = ["resume"]


def resume(
    run: Run = "latest",
    *,
    verify_cache: VerifyCache = None,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Go on with an interrupted run.

    A completed run shows its result.
    """
    from agentlab.cli.output import working
    from agentlab.cli.reading import finish
    from agentlab.store.run_folder import find_run

    folder = find_run(run, runs)
    with working() as screen:
        from agentlab.experiment.session import resume_run

        result = resume_run(folder, observer=screen, verify_cache=verify_cache)
    finish(result, folder.path, as_json=as_json)
