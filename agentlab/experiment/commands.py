"""From what an experiment says of a coding agent to how it is asked on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from agentlab.errors import InputError
from agentlab.experiment.config import CommandConfig
from agentlab.meta.command.agent import CommandSettings
from agentlab.meta.command.registry import CLIS, Cli, words_of
from agentlab.sandbox.probe import probe

__all__ = ["command_settings"]


def command_settings(config: CommandConfig, where: str = "meta: ") -> CommandSettings:
    """Returns how a coding agent is asked.

    Args:
        config: What the experiment says.
        where: Begins each problem: the key of the source, up to the dot.

    Raises:
        InputError: it is not installed, a key or a place is missing, or there are no walls.
    """
    cli = CLIS[config.cli]
    program, *words = words_of(config.line or cli.line)
    found = shutil.which(program)
    problems = [
        *_program_problems(config, cli, program, found, where),
        *(
            f"{where}keys: the environment variable {name} is not set"
            for name in config.keys
            if name not in os.environ
        ),
        *(
            f"{where}mounts: there is no {place}"
            for place in config.mounts
            if not Path(place).expanduser().exists()
        ),
        *(_wall_problems(where) if config.isolated else ()),
    ]
    if problems or found is None:
        raise InputError(*problems)
    return CommandSettings(
        name=config.name or config.cli,
        cli=cli,
        program=Path(found).absolute(),
        words=tuple(words),
        model=config.model,
        cost_usd=config.cost_usd,
        wall_s=config.wall_s,
        keys={name: os.environ[name] for name in (*cli.keys, *config.keys) if name in os.environ},
        variables=config.variables,
        mounts=tuple(Path(place).expanduser().absolute() for place in config.mounts),
        has_network=config.network,
        is_isolated=config.isolated,
        parallel=config.parallel,
    )


def _program_problems(
    config: CommandConfig, cli: Cli, program: str, found: str | None, where: str
) -> Iterator[str]:
    if found is None:
        key = "line" if config.line else "cli"
        how = f"; install it: {cli.install}" if cli.install else ""
        yield f"{where}{key}: there is no program '{program}' on the PATH{how}"


def _wall_problems(where: str) -> Iterator[str]:
    report = probe()
    if not report.is_isolated:
        remedy = f"; try: {report.remedy}" if report.remedy else ""
        yield (
            f"{where}isolated: a coding agent runs behind walls, which cannot be had here: "
            f"{report.reason}{remedy}; or `isolated: false`, which lets it do whatever you can"
        )
