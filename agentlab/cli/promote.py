"""`agentlab promote`: the last gate, winner against incumbent on every benchmark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agentlab.cli.options import ExecutorKind, Json, Overrides, Runs, Slots, overrides_of

if TYPE_CHECKING:
    from agentlab.cli.reading import OpenedRun
    from agentlab.experiment.benchmarks import Side
    from agentlab.store.run_folder import RunFolder

__all__ = ["parse_margins", "promote"]

Run = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's name or folder, or latest: its winner.")
]
More = Annotated[
    list[str] | None, typer.Argument(metavar="FILE", help="More benchmarks, as after --benchmarks.")
]
Benchmarks = Annotated[
    list[str] | None,
    typer.Option(
        "--benchmarks",
        metavar="FILE [FILE]...",
        help="Experiment files: their environments, limits, objectives, final_blocks.",
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="RUN|DIR",
        help="The incumbent: the winner of a run, or a folder; the run's baseline by default.",
    ),
]
Policy = Annotated[
    Literal["no_regression", "beats_all"],
    typer.Option(
        "--policy",
        help="no_regression: no loss anywhere, a gain on one at least. beats_all: a gain on each.",
    ),
]
Margin = Annotated[
    list[str] | None,
    typer.Option(
        "--margin",
        metavar="METRIC=SHARE",
        help="How much worse is no regression yet; by default as the guards say, else 0.05.",
    ),
]
Split = Annotated[Literal["validation", "test"], typer.Option("--split", help="Whose tasks.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the record there as well.")
]


def promote(
    run: Run,
    more: More = None,
    *,
    benchmarks: Benchmarks = None,
    against: Against = None,
    policy: Policy = "no_regression",
    margin: Margin = None,
    split: Split = "test",
    out: Out = None,
    overrides: Overrides = None,
    executor: ExecutorKind = None,
    slots: Slots = None,
    runs: Runs = Path("runs"),
    as_json: Json = False,
) -> None:
    """Measure a winner against the incumbent on every benchmark, and say whether it may replace it.

    Exits with 0 if it is promoted, with 1 if it is refused or undecided. The record is written
    either way, signed if there is a key.
    """
    from datetime import UTC, datetime

    from agentlab.cli.output import print_json, working
    from agentlab.report.console import open_console
    from agentlab.report.promotion import print_promotion
    from agentlab.signing.settings import read_settings

    files = [*(benchmarks or ()), *(more or ())]
    if not files:
        raise typer.BadParameter("give at least one benchmark: --benchmarks FILE [FILE]...")
    margins = parse_margins(margin or ())
    settings = read_settings()
    key = settings.private_key()
    _require_place(out)
    folder, winner, incumbent = _sides(run, against, runs)
    _require_key_outside(settings.private_key_file(), folder)
    with working(as_json=as_json) as screen:
        from agentlab.experiment import benchmarks as loading
        from agentlab.experiment import promote as promoting

        loaded = loading.load_benchmarks(
            files,
            (winner, incumbent),
            overrides=overrides_of(overrides, executor=executor, slots=slots),
            margins=margins,
            settings=settings,
        )
        promotion = promoting.promote(
            winner,
            incumbent,
            loaded,
            policy=policy,
            margins=margins,
            split=split,
            folder=folder,
            observer=screen,
            clock=lambda: datetime.now(UTC),
        )
        place = promoting.save_promotion(promotion, folder, key=key, out=out)
    signer = key.public.fingerprint if key is not None else None
    if as_json:
        record = promotion.model_dump(mode="json")
        print_json({"promotion": record, "record": str(place), "signed_by": signer})
    else:
        print_promotion(promotion, place, open_console(), signer=signer)
    if promotion.ruling.verdict != "promoted":
        raise typer.Exit(1)


def parse_margins(given: list[str] | tuple[str, ...]) -> dict[str, float]:
    """Returns the margins of `METRIC=SHARE`.

    >>> parse_margins(["success=0.02"])
    {'success': 0.02}
    """
    margins: dict[str, float] = {}
    for text in given:
        metric, _, share = text.partition("=")
        try:
            margins[metric] = float(share)
        except ValueError:
            margins[metric] = 0.0
        if not (metric and 0 < margins[metric] < 1):
            raise typer.BadParameter(
                f"--margin {text}: write METRIC=SHARE with a share between 0 and 1, "
                "such as success=0.02"
            )
    return margins


def _require_place(out: Path | None) -> None:
    """Finds out before anything is measured whether the record can be written."""
    import os

    if out is not None and (out.is_dir() or not os.access(out.parent, os.W_OK)):
        what = "is a folder" if out.is_dir() else "cannot be written there"
        raise typer.BadParameter(f"--out {out}: {what}")


def _require_key_outside(key: Path | None, folder: RunFolder) -> None:
    from agentlab.errors import InputError

    if key is not None and key.resolve().is_relative_to(folder.path.resolve()):
        raise InputError(f"{key}: a private key has no place in the folder of a run; move it")


def _sides(run: str, against: str | None, runs: Path) -> tuple[RunFolder, Side, Side]:
    from agentlab.cli.reading import open_run
    from agentlab.errors import InputError
    from agentlab.experiment.benchmarks import Side

    with open_run(run, runs) as opened:
        winner = _winner(opened)
        baseline = opened.store.candidate(opened.info.name, 0)
    incumbent = (
        _incumbent(against, runs)
        if against is not None
        else Side(f"baseline of {opened.info.name}", baseline)
    )
    if winner.candidate.digest == incumbent.candidate.digest:
        raise InputError(
            f"{winner.name} and {incumbent.name} are the same files: there is nothing to promote"
        )
    return opened.folder, winner, incumbent


def _winner(run: OpenedRun) -> Side:
    from agentlab.cli.reading import is_debug, status_of, winner_of
    from agentlab.errors import InputError
    from agentlab.experiment.benchmarks import Side

    name, status = run.info.name, status_of(run)
    if is_debug(run):
        raise InputError(f"run '{name}' was for a debugger and measured nothing")
    if status != "completed":
        raise InputError(
            f"run '{name}' is {status}, so its winner may still change; "
            f"go on with: agentlab resume {name}"
        )
    return Side(f"winner of {name}", winner_of(run))


def _incumbent(reference: str, runs: Path) -> Side:
    """Returns the winner of another run, or the files of a folder."""
    from agentlab.cli.reading import open_run
    from agentlab.core.candidate import Candidate
    from agentlab.errors import UnknownReference
    from agentlab.experiment.benchmarks import Side
    from agentlab.experiment.build import read_target

    try:
        with open_run(reference, runs) as opened:
            return _winner(opened)
    except UnknownReference as error:
        try:
            files = read_target(reference)
        except UnknownReference as no_folder:
            raise UnknownReference(*error.problems, *no_folder.problems) from error
    return Side(f"folder {reference}", Candidate(files=dict(files)))
