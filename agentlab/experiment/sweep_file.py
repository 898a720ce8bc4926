"""Sweep files: YAML in, the points of a grid out, all mistakes at once with their lines."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ConfigDict, Field, ValidationError

from agentlab.core.value import Value
from agentlab.errors import InputError, nearest
from agentlab.experiment.config import Experiment
from agentlab.experiment.document import Document, Location, read_document
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.experiment.problems import explain

__all__ = ["Point", "Sweep", "SweepConfig", "load_sweep"]

_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"

Settings = dict[str, Any]  # Any: whatever a key of an experiment takes
"""Keys of an experiment, such as `budget.candidates`, and what they are set to."""


class SweepConfig(Value):
    """A grid of experiments: files, what is varied, seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str = Field(pattern=_NAME)
    """The folder of its runs: letters, digits, `_`, `.` and `-`, at most 64."""

    experiments: tuple[str, ...] = Field(min_length=1)
    """Files, or names of built-in experiments; `./` and `../` begin where this file lies."""

    vary: dict[str, dict[str, Settings]] = Field(min_length=1)
    """What is varied: of each axis (meta, strategy, model, ...) its values by name, and what each
    sets in an experiment: `meta: {blind: {meta: [mutation]}, as_it_is: {}}`."""

    seeds: tuple[int, ...] = Field(default=(1, 2, 3), min_length=1)
    """Each point of the grid is run with each."""

    set: Settings = Field(default_factory=dict)
    """What is set in all of them."""

    reference: str | None = None
    """The column that the others stand beside; by default the first."""


class Point(NamedTuple):
    """One run of a sweep."""

    column: str
    experiment: Experiment
    """Resolved; its name is the point's."""

    of: str
    """The experiment's own name."""

    file: Path


class Sweep(NamedTuple):
    """A sweep file, checked."""

    name: str
    reference: str
    points: Sequence[Point]


def load_sweep(path: Path, overrides: Sequence[str] = ()) -> Sweep:
    """Returns the sweep of a file, with overrides of experiments on top of what it sets.

    Raises:
        InputError: every problem of the file, and of the experiments that it makes.
    """
    try:
        document = read_document(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        config = SweepConfig.model_validate(document.value)
    except ValidationError as error:
        raise InputError(*explain(error, document, SweepConfig)) from error
    columns = dict(_columns(config))
    reference = config.reference or next(iter(columns), "")
    if reference not in columns:
        raise InputError(
            f"{document.place(('reference',))}: reference: no column "
            f"'{reference}'{nearest(reference, columns)} (there are: {'; '.join(columns)})"
        )
    points, problems = list[Point](), list[str]()
    for place, given in enumerate(config.experiments):
        for (column, settings), seed in itertools.product(columns.items(), config.seeds):
            told = {**_settings(config.set, ("set",)), **settings}
            lines = [*(setting.line for setting in told.values()), f"seed={seed}", *overrides]
            try:
                points.append(_point(_beside(path, given), column, lines))
            except InputError as error:
                places = {setting.line: setting.location for setting in told.values()}
                where = document.place(("experiments", place))
                problems += (
                    _placed(problem, document, places, where) for problem in error.problems
                )
    if problems:
        raise InputError(*dict.fromkeys(problems))
    _require_distinct(points, document)
    return Sweep(config.name, reference, points)


class _Setting(NamedTuple):
    line: str
    """`key=value`."""

    location: Location
    """Where the sweep says so."""


def _settings(given: Settings, location: Location) -> dict[str, _Setting]:
    return {
        key: _Setting(f"{key}={json.dumps(value)}", (*location, key))
        for key, value in given.items()
    }


def _columns(config: SweepConfig) -> Iterator[tuple[str, dict[str, _Setting]]]:
    """Yields each combination of values, by their names."""
    for chosen in itertools.product(*config.vary.values()):
        merged: dict[str, _Setting] = {}
        for axis, name in zip(config.vary, chosen, strict=True):
            merged |= _settings(config.vary[axis][name], ("vary", axis, name))
        yield ", ".join(chosen), merged


def _placed(problem: str, document: Document, places: Mapping[str, Location], where: str) -> str:
    """Returns a problem of an experiment, with the place in the sweep that made it."""
    for line, location in places.items():
        given = f"--set {line}: "
        if problem.startswith(given):
            return f"{document.place(location)}: {problem.removeprefix(given)}"
    return f"{where}: {problem}"


def _point(reference: str, column: str, overrides: Sequence[str]) -> Point:
    file = find_experiment(reference)
    experiment = load_experiment(file, overrides)
    name = f"{experiment.name[:30]}-{'+'.join(column.split(', '))}-s{experiment.seed}"
    safe = "".join(sign if sign.isalnum() or sign in "_.-" else "_" for sign in name)[:64]
    named = experiment.model_copy(update={"name": safe})
    return Point(column, named, experiment.name, file)


def _beside(path: Path, given: str) -> str:
    return str((path.parent / given).resolve()) if given.startswith(("./", "../")) else given


def _require_distinct(points: Sequence[Point], document: Document) -> None:
    """Refuses two points that would be one run: names that differ in signs alone, a seed twice."""
    names = [point.experiment.name for point in points]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{document.name}: two points are both called '{twice[0]}'; rename one")
