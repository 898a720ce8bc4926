"""`agentlab init`: what others need to work with agentlab in this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentlab.cli.options import Json

__all__ = ["init"]

Skill = Annotated[
    bool,
    typer.Option("--skill", help="A skill and a section of AGENTS.md, for coding agents."),
]
Folder = Annotated[Path, typer.Argument(metavar="[DIR]", help="The project; here by default.")]


def init(folder: Folder = Path(), *, skill: Skill = False, as_json: Json = False) -> None:
    """Write what a coding agent must know to drive the loop itself."""
    from agentlab.cli.output import print_json
    from agentlab.experiment.skill import write_skill

    if not skill:
        raise typer.BadParameter("say what to write: --skill")
    written = [str(path) for path in write_skill(folder)]
    if as_json:
        print_json({"written": written})
    else:
        typer.echo("\n".join(written) or "all of it is there already")
