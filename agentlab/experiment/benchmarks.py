"""Experiment files as benchmarks: their worlds, limits and splits, for files from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.errors import InputError, nearest
from agentlab.experiment.build import World, build_world
from agentlab.experiment.config import Experiment
from agentlab.experiment.content import Content, content_of
from agentlab.experiment.load import find_experiment, load_experiment
from agentlab.experiment.places import told_with_places
from agentlab.experiment.signed import check_signed
from agentlab.measure.promotion import margins_of
from agentlab.meta.checks import check_candidate
from agentlab.signing.settings import SigningSettings

__all__ = ["Benchmark", "Side", "load_benchmarks"]


class Side(NamedTuple):
    """Winner or incumbent: files from elsewhere."""

    name: str
    """Where they are from."""

    candidate: Candidate


class Benchmark(NamedTuple):
    """One benchmark, ready to be measured on."""

    file: Path
    experiment: Experiment
    world: World
    content: Content


def load_benchmarks(
    references: Sequence[str],
    sides: Sequence[Side],
    *,
    overrides: Sequence[str] = (),
    margins: Mapping[str, float],
    settings: SigningSettings,
) -> list[Benchmark]:
    """Returns the benchmarks, each of them built once.

    Args:
        references: Experiment files, or names of built-in ones.
        sides: Who is measured on them.
        overrides: `key.sub=value`, for each benchmark.
        margins: By metric; each metric must be one that some benchmark tests.
        settings: What this site asks.

    Raises:
        InputError: every problem of every benchmark, before anything is measured.
    """
    problems: list[str] = []
    found: list[Benchmark] = []
    for reference in references:
        try:
            found.append(_load(reference, overrides, settings))
        except InputError as error:
            problems += error.problems
    for benchmark in found:
        for side in sides:
            problems += _misfit(benchmark, side)
    names = [benchmark.experiment.name for benchmark in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.append(f"{names.count(name)} benchmarks are called '{name}'; give each its name")
    problems += _unknown_margins(found, margins) if len(found) == len(references) else []
    if problems:
        raise InputError(*problems)
    return found


def _load(reference: str, overrides: Sequence[str], settings: SigningSettings) -> Benchmark:
    file = find_experiment(reference)
    experiment = load_experiment(file, overrides)
    check_signed(experiment, file, settings)
    if experiment.is_debug:
        raise InputError(f"{file}: executor.kind: 'debug' measures nothing")
    with told_with_places(file, overrides):
        world = build_world(experiment)
    return Benchmark(file, experiment, world, content_of(experiment))


def _misfit(benchmark: Benchmark, side: Side) -> list[str]:
    """Returns why a benchmark cannot call somebody's files."""
    try:
        check_candidate(side.candidate, side.candidate, benchmark.experiment.target.spec())
    except InputError as error:
        return [f"{benchmark.file}: {side.name}: {problem}" for problem in error.problems]
    return []


def _unknown_margins(benchmarks: Sequence[Benchmark], margins: Mapping[str, float]) -> list[str]:
    tested = sorted({m for b in benchmarks for m in margins_of(b.experiment.objective, {})})
    return [
        f"--margin {metric}: no benchmark tests it{nearest(metric, tested)} "
        f"(tested: {', '.join(tested)})"
        for metric in margins
        if metric not in tested
    ]
