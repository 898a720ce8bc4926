"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import typer

__all__ = [
    "AcceptNoise",
    "Baselines",
    "Canaries",
    "Debug",
    "ExecutorKind",
    "ExperimentFile",
    "Ideas",
    "Json",
    "Overrides",
    "Run",
    "Runs",
    "Seed",
    "Slots",
    "VerifyCache",
    "overrides_of",
]

ExperimentFile = Annotated[
    str, typer.Argument(metavar="EXPERIMENT", help="A YAML file, or the name of a built-in one.")
]
Run = Annotated[
    str, typer.Argument(metavar="[RUN]", help="A run's name or folder; the latest by default.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]
Runs = Annotated[Path, typer.Option("--runs", metavar="DIR", help="The folder of runs.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the file; repeatable."),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Override the seed.")]
ExecutorKind = Annotated[
    Literal["ray", "inline"] | None,
    typer.Option("--executor", help="Where trials run."),
]
Slots = Annotated[int | None, typer.Option("--slots", min=1, help="Trials at one time.")]
VerifyCache = Annotated[
    float | None,
    typer.Option(
        "--verify-cache",
        metavar="SHARE",
        min=0,
        max=1,
        help="Run so many of the trials answered from the store again, such as 0.05.",
    ),
]
Ideas = Annotated[
    Path | None,
    typer.Option("--ideas", metavar="DIR", help="Another bank of ideas, or a folder of patches."),
]
Baselines = Annotated[
    str | None,
    typer.Option(
        "--baselines",
        metavar="NAMES",
        help="Simpler searches for as many trials, as columns beside the result: random,numeric. "
        "Each takes about as long again.",
    ),
]
Canaries = Annotated[
    float | None,
    typer.Option(
        "--canaries",
        metavar="SHARE",
        help="Share of batches, such as 0.1, that are a copy of the incumbent which changes "
        "nothing on average: the run then tells how often its own gate was wrong.",
    ),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        help="For a debugger: the target runs in this process, one trial at a time, WITHOUT "
        "sandbox; breakpoint() works, its exceptions come with their traceback. No measurement.",
    ),
]


AcceptNoise = Annotated[
    bool,
    typer.Option(
        "--accept-noise",
        help="Go on where the trials before the first proposal speak against it.",
    ),
]


class _Setting(NamedTuple):
    key: str
    value: object


def overrides_of(
    given: list[str] | None,
    *,
    seed: int | None = None,
    executor: str | None = None,
    slots: int | None = None,
    baselines: str | None = None,
    verify_cache: float | None = None,
    canaries: float | None = None,
    debug: bool = False,
) -> list[str]:
    """Returns what options say as overrides of the file; an option is stronger than `--set`.

    Raises:
        BadParameter: a debugger has one slot, in this process.
    """
    if debug and (executor or slots):
        raise typer.BadParameter("--debug runs in this process; leave out --executor and --slots")
    settings = (
        _Setting("seed", seed),
        _Setting("executor.kind", "debug" if debug else executor),
        _Setting("executor.slots", slots),
        _Setting("measure.baselines", f"[{baselines}]" if baselines is not None else None),
        _Setting("measure.verify_cache", verify_cache),
        _Setting("search.canaries", canaries),
    )
    named = [f"{key}={value}" for key, value in settings if value is not None]
    return [*(given or ()), *named]
