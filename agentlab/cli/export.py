"""`agentlab export`: the winner as something that other programs use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agentlab.cli.options import Json, Run, Runs

if TYPE_CHECKING:
    from agentlab.cli.reading import OpenedRun
    from agentlab.core.candidate import Files
    from agentlab.retrieval.ranking_environment import RankingEnvironment

__all__ = ["export"]

Form = Annotated[
    Literal["package"],
    typer.Option("--as", help="What it becomes: a folder that Python imports."),
]
To = Annotated[
    Path, typer.Option("--to", metavar="DIR", help="The folder; its name is the module's.")
]


def export(
    run: Run = "latest",
    *,
    to: To = Path("winner"),
    form: Form = "package",
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Write the winner of a run that ranks documents as a package with `rank(query)`.

    It needs no agentlab, only what its requirements.txt lists; `python -m NAME QUERY` works, too.
    """
    from contextlib import closing

    from agentlab.cli.output import print_json
    from agentlab.cli.reading import open_run, winner_of
    from agentlab.retrieval.package import write_package

    del form  # there is one
    with open_run(run, runs) as opened:
        winner = winner_of(opened)
        artefact = _artefact(opened, winner.digest)
        with closing(_world(opened)) as world:
            written = write_package(
                to,
                world,
                files=winner.files,
                artefact=artefact,
                packages=opened.info.experiment["target"].get("packages") or (),
                title=f"The winner of {opened.info.name}",
            )
    told = {**written._asdict(), "folder": str(written.folder), "candidate": winner.digest}
    if as_json:
        print_json(told)
        return
    needed = ", ".join(written.requirements)
    typer.echo(f"{written.folder}: {written.size_mb:.1f} MB; it needs {needed}")
    typer.echo(f"try: python -m {written.folder.name} 'what you look for'")


def _artefact(opened: OpenedRun, candidate: str) -> Files:
    """Returns what the winner's `prepare` left behind in the run."""
    from agentlab.errors import InputError
    from agentlab.trials.artefacts import read_artefact

    if not opened.info.experiment["target"].get("prepare"):
        return {}
    records = opened.store.trials(opened.info.name, candidate=candidate, kind="prepare")
    made = [record.artefact for record in records if record.artefact is not None]
    if not made:
        raise InputError(f"{opened.info.name}: the winner has made nothing yet; is the run whole?")
    try:
        return read_artefact(opened.folder.artefacts, made[-1])
    except FileNotFoundError as error:
        raise InputError(f"{opened.info.name}: {error} is gone; run it again") from error


def _world(opened: OpenedRun) -> RankingEnvironment:
    """Returns the environment of a run, if it is still what it was and ranks documents."""
    from agentlab.core.environment import EnvironmentSpec
    from agentlab.errors import InputError
    from agentlab.references import build_environment
    from agentlab.retrieval.ranking_environment import RankingEnvironment

    told = opened.info.experiment["environment"]
    spec = EnvironmentSpec(reference=told["reference"], options=told.get("options") or {})
    world = build_environment(spec)
    if not isinstance(world, RankingEnvironment):
        world.close()
        raise InputError(f"{spec.reference}: ranks no documents, so there is no rank(query)")
    was = opened.store.fingerprint(opened.info.name)
    changed = [
        name
        for name, value in world.fingerprint().items()
        # Its code may have changed; what the package holds comes from its data and its embedder.
        if name != "folder" and was.get(f"environment:{name}", value) != value
    ]
    if changed:
        world.close()
        raise InputError(
            f"{spec.reference}: is not what the run measured: {', '.join(changed)} changed since"
        )
    return world
