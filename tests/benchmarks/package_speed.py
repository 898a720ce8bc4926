"""Prints how large a package of a ranker is, how it starts, and what a query takes.

    python -m tests.benchmarks.package_speed FOLDER [QUERY ...]

FOLDER is what `agentlab export` wrote. Its size is told alone and with all that its requirements
install here, as a serverless function counts it (250 MB unpacked are allowed). Cold is a new
Python process up to its first answer, the median of five; warm is each later query.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

__all__ = ["main"]

_STARTS = 5
_QUERIES = ("read a file line by line", "remove duplicates from a list", "parse a date")
_ASK = """
import json, sys, time
begun = time.perf_counter(), time.process_time()
import {name}
queries = json.load(sys.stdin)
{name}.rank(queries[0])
cold = time.perf_counter() - begun[0], time.process_time() - begun[1]
warm = []
for query in queries * 30:
    at = time.perf_counter(), time.process_time()
    {name}.rank(query)
    warm.append((time.perf_counter() - at[0], time.process_time() - at[1]))
print(json.dumps([cold, warm]))
"""
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def installed_mb(names: Sequence[str]) -> dict[str, float]:
    """Returns the size of each distribution and of what it requires, MB by name."""
    found: dict[str, float] = {}
    waiting = list(names)
    while waiting:
        name = re.split(r"[^\w.-]", waiting.pop(), maxsplit=1)[0].lower().replace("_", "-")
        if name in found:
            continue
        try:
            files = metadata.files(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another platform
        places = [Path(str(file.locate())) for file in files if file.suffix != ".pyc"]
        found[name] = sum(each.stat().st_size for each in places if each.is_file()) / 1e6
        waiting += [each for each in metadata.requires(name) or [] if "extra ==" not in each]
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("queries", nargs="*")
    given = parser.parse_args(arguments)
    folder: Path = given.folder.resolve()
    own = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    needed = installed_mb((folder / "requirements.txt").read_text().split())
    print(f"package {own:.1f} MB; with its requirements {own + sum(needed.values()):.0f} MB")
    print(", ".join(f"{name} {size:.1f}" for name, size in sorted(needed.items())))
    runs = []
    for _ in range(_STARTS):
        said = subprocess.run(
            [sys.executable, "-c", _ASK.format(name=folder.name)],
            cwd=folder.parent,
            env={"PATH": os.environ["PATH"], **_THREADS},
            input=json.dumps(given.queries or _QUERIES),
            capture_output=True,
            text=True,
            check=True,
        )
        runs.append(json.loads(said.stdout))
    cold = [statistics.median(run[0][kind] for run in runs) * 1000 for kind in (0, 1)]
    print(f"cold: {cold[0]:.0f} ms, {cold[1]:.0f} ms of processor time")
    warm = [[1000 * each[kind] for run in runs for each in run[1]] for kind in (0, 1)]
    ends = [statistics.quantiles(times, n=20) for times in warm]
    print(f"warm: median {ends[0][9]:.1f} ms, 95 % within {ends[0][18]:.1f} ms; ", end="")
    print(f"processor time {ends[1][9]:.1f} and {ends[1][18]:.1f} ms")


if __name__ == "__main__":
    main()
