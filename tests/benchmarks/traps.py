"""Prints what the default settings and `greedy` make of each experiment in `experiments/traps`.

Each is run both ways as a person would run it, by the command, in new processes. Then the winner of
`greedy` and the target that it began with are measured on the groups of the test, on seeds that
nobody saw and with the fault mended where there is one: that is what the change is truly worth.
Asked: the default settings refuse what is planted; `greedy` keeps it, says nothing of the trap, and
is far from the truth. What is planted may help and yet bar the way to something better. That is not
to be refused: there the default settings must name the trap, and what `greedy` ends with is printed
beside what a run comes to that does as the report recommends.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.references import build_environment, builtin_root

__all__ = ["TRAPS", "Trap", "main"]

_FIRST_SEED = 1_000_000
"""Far from those that a run begins with."""

_TRIALS = 600
"""So many tell what is true of winner and baseline, to some 0.03."""

_FAR = 0.1
"""Further from the truth than this is more than the luck of either measurement."""


class Trap(NamedTuple):
    """What has to be known of a trap to run it both ways."""

    planted: str
    """Label of the proposal that is worth nothing, or bars the way to something better."""

    says: str
    """What the default settings say of it; all else is no refusal."""

    accept: tuple[str, ...] = ()
    """Settings without which `greedy` is not let in."""

    mended: tuple[str, ...] = ()
    """Settings with which a measurement tells the truth."""

    recommended: tuple[str, ...] = ()
    """Settings with which something better is found, where what is planted bars the way."""


TRAPS: Mapping[str, Trap] = {
    "cache": Trap(
        planted="002-place-and-season",
        says="tool `search` answers from a cache that is keyed without `prompt`",
        accept=("accept=[cache]",),
        mended=("environment.options.cached_by=content",),
    ),
    "co_optimisation": Trap(
        planted="001-trust-the-words-asked",
        says="ranking and prompt are coupled: tune them together",
        recommended=("rounds.1.earlier=open",),
    ),
    "leak": Trap(
        planted="001-remember",
        says="90 pairs of tasks in different splits say nearly the same, so",
        accept=("accept=[leaks]",),
        mended=("environment.options.leaked=0",),
    ),
    "lucky": Trap(
        planted="001-call-heads",
        says="neither shown nor ruled out",
    ),
    "overfit": Trap(
        planted="001-follow-the-landmark",
        says="no better than the incumbent on train tasks",
    ),
}
"""By the name of the file."""


class _Told(NamedTuple):
    """What a run tells of what is planted."""

    text: str
    gain: float | None
    """In success, where it was kept."""

    run: str
    """Its folder; empty where it was refused."""


def main() -> None:
    """Runs every trap both ways and prints a line for each."""
    names = sorted(path.stem for path in (builtin_root() / "experiments/traps").glob("*.yaml"))
    if unknown := [name for name in names if name not in TRAPS]:
        raise SystemExit(f"not described in {__file__}: {', '.join(unknown)}")
    print(f"{'trap':16} {'default says':66} {'greedy keeps it at':18}  truly")
    refused = fallen = 0
    for name in names:
        with tempfile.TemporaryDirectory(prefix="agentlab-traps-") as runs:
            is_refused, is_fallen_for = _both_ways(name, TRAPS[name], Path(runs))
        refused += is_refused
        fallen += is_fallen_for
    count = len(names)
    print(f"{refused} of {count} refused by default, {fallen} of {count} fallen for by greedy")


def _both_ways(name: str, trap: Trap, runs: Path) -> tuple[bool, bool]:
    """Prints the line of a trap; returns whether the default refused it and greedy fell for it."""
    default = _run(name, trap, runs)
    greedy = _run(name, trap, runs, settings=(*trap.accept, "objective.rule=greedy"))
    is_refused, is_warned = trap.says in default.text, trap.says in greedy.text
    said = trap.says if is_refused else "-"
    kept = "-" if greedy.gain is None else f"{greedy.gain:+.2f}"
    truth = _truth(name, trap, greedy.run, runs)
    truly, believed = f"{truth:+.2f}", greedy.gain or 0.0
    if trap.recommended:
        better = _run(name, trap, runs, settings=trap.recommended)
        believed = _truth(name, trap, better.run, runs)
        truly += f" of {believed:+.2f}"
    print(f"{name:16} {said:66} {kept:>18}  {truly}", flush=True)
    is_far = believed - truth > _FAR
    return is_refused, greedy.gain is not None and not is_warned and is_far


def _run(name: str, trap: Trap, runs: Path, settings: Sequence[str] = ()) -> _Told:
    ran = _agentlab("run", f"traps/{name}", *_set(settings), "--runs", str(runs), "--json")
    if ran.returncode == 2:
        return _Told(json.loads(ran.stdout)["error"]["message"], None, "")
    run = str(runs / _object(ran)["run"])
    decisions = _object(_agentlab("show", run, "--json"))["decisions"]
    *_, planted = (decision for decision in decisions if decision["label"] == trap.planted)
    if planted["verdict"] != "kept":
        return _Told(planted["reason"], None, run)
    gain = planted["differences"]["success"]["estimate"]
    report = " ".join(_agentlab("report", run).stdout.split())
    return _Told(report, gain, run)


def _truth(name: str, trap: Trap, run: str, runs: Path) -> float:
    """Returns what the winner of a run is better by than the target that it began with."""
    experiment = load_experiment(find_experiment(f"traps/{name}"))
    tasks = len(build_environment(experiment.environment).tasks("test"))
    seeds = f"{_FIRST_SEED}:{_FIRST_SEED + _TRIALS // tasks}"
    before, after = (
        _object(
            _agentlab(
                *("evaluate", f"traps/{name}", *winner, *_set(trap.mended), "--split", "test"),
                *("--seeds", seeds, "--runs", str(runs), "--json"),
            )
        )["metrics"]["success"]["estimate"]
        for winner in ((), ("--run", run))
    )
    return float(after - before)


def _set(settings: Sequence[str]) -> Iterator[str]:
    for setting in settings:
        yield from ("--set", setting)


def _agentlab(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "agentlab", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _object(ran: subprocess.CompletedProcess[str]) -> Any:  # Any: what `--json` printed
    if ran.returncode != 0:
        raise SystemExit(ran.stderr)
    return json.loads(ran.stdout)


if __name__ == "__main__":
    main()
