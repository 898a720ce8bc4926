"""`agentlab serve`: let a client propose."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentlab.cli.options import ExecutorKind, Overrides, Runs, Seed, Slots, overrides_of

__all__ = ["serve"]

What = Annotated[
    str,
    typer.Argument(
        metavar="EXPERIMENT",
        help="A YAML file, the name of a built-in one, or a run to go on with.",
    ),
]
Mcp = Annotated[
    bool, typer.Option("--mcp", help="By the Model Context Protocol, on stdin and stdout.")
]
Http = Annotated[
    int | None,
    typer.Option(
        "--http",
        metavar="PORT",
        min=0,
        max=65535,
        help="By streamable HTTP on this port of loopback instead; 0 takes a free one.",
    ),
]


def serve(
    experiment: What,
    *,
    mcp: Mcp = False,
    http: Http = None,
    overrides: Overrides = None,
    seed: Seed = None,
    executor: ExecutorKind = None,
    slots: Slots = None,
    runs: Runs = Path("runs"),
) -> None:
    """Give the lab's tools to a client, which proposes in place of the experiment's meta-agents.

    The client reads the brief, edits, tries, submits, and waits for what the gate decides. A run
    whose client left goes on by giving its folder.
    """
    import contextlib

    from agentlab.cli.output import working
    from agentlab.meta.mcp.desk import ClientDesk
    from agentlab.meta.mcp.server import http_server, require_sdk, stdio_server
    from agentlab.store.run_folder import find_run

    if not mcp:
        raise typer.BadParameter("say what to serve: --mcp")
    require_sdk()
    places = (Path(experiment), runs / experiment)
    is_run = experiment == "latest" or any((p / "experiment.yaml").is_file() for p in places)
    folder = find_run(experiment, runs) if is_run else None
    desk = ClientDesk()
    with contextlib.ExitStack() as stack:
        screen = stack.enter_context(working(as_json=True))
        if http is None:
            stack.enter_context(stdio_server(desk))
        else:
            screen.note(f"serving on {stack.enter_context(http_server(desk, http))}")
        from agentlab.experiment.serve import serve_run

        if folder is not None:
            from agentlab.experiment.session import resume_run

            result = serve_run(
                desk, lambda agent: resume_run(folder, observer=screen, proposer=agent)
            )
        else:
            from agentlab.experiment.load import find_experiment, load_experiment
            from agentlab.experiment.session import run_experiment

            settings = overrides_of(overrides, seed=seed, executor=executor, slots=slots)
            file = find_experiment(experiment)
            config = load_experiment(file, settings).for_a_client()
            result = serve_run(
                desk,
                lambda agent: run_experiment(
                    config, runs=runs, observer=screen, proposer=agent, file=file
                ),
            )
        screen.note(f"{result.verdict}; in full: agentlab report {result.run}")
