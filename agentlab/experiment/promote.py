"""Winner against incumbent on every benchmark, measured, ruled upon, recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from agentlab.core.candidate import Candidate
from agentlab.core.progress import Observer
from agentlab.core.promotion import BenchmarkReport, Contender, Policy, Promotion
from agentlab.core.task import SplitName
from agentlab.core.trial import Pair, TrialRecord
from agentlab.core.value import digest
from agentlab.errors import NothingMeasurable
from agentlab.experiment.benchmarks import Benchmark, Side
from agentlab.experiment.build import bench_of, build_executor
from agentlab.experiment.content import file_hashes
from agentlab.experiment.kept_trials import KeptTrials, open_kept_trials
from agentlab.experiment.measurement import measure
from agentlab.experiment.models import open_models
from agentlab.experiment.sealed import look_by_promotion
from agentlab.measure.promotion import Terms, gain_alpha, level_of, margins_of, read_findings, rule
from agentlab.search.finals import look_address
from agentlab.search.schedule import Schedule
from agentlab.signing.ed25519 import PrivateKey
from agentlab.signing.envelope import seal
from agentlab.store.durable import write_durably
from agentlab.store.run_folder import RunFolder, list_runs

__all__ = ["promote", "save_promotion"]


def promote(
    winner: Side,
    incumbent: Side,
    benchmarks: Sequence[Benchmark],
    *,
    policy: Policy,
    margins: Mapping[str, float],
    split: SplitName,
    folder: RunFolder,
    observer: Observer,
    clock: Callable[[], datetime],
) -> Promotion:
    """Measures both on each benchmark and rules.

    Finished trials are kept beside the run, so that the same promotion asked for again goes on
    where it was, and one on more seeds measures only those that are new.

    Args:
        winner: Who would be promoted.
        incumbent: Who would be replaced.
        benchmarks: At least one.
        policy: What must be shown.
        margins: By metric, stronger than the benchmarks' guards.
        split: Whose tasks.
        folder: Of the winner's run.
        observer: Told how it goes.
        clock: Tells the time, UTC.

    Raises:
        InputError: another driver has the run, or something cannot be built where trials run.
        NothingMeasurable: our side failed too often; what finished is kept.
    """
    sides = (winner.candidate, incumbent.candidate)
    reports = []
    with folder.locked(), open_kept_trials(folder, now=clock()) as kept, _resumable():
        for number, benchmark in enumerate(benchmarks, start=1):
            name = f"{benchmark.experiment.name} ({number} of {len(benchmarks)})"
            level = level_of(benchmark.experiment.objective)
            alpha = gain_alpha(policy, level, benchmarks=len(benchmarks))
            measured = _measure(benchmark, sides, split, kept, observer, name, folder)
            reports.append(_report(benchmark, measured, sides, margins=margins, alpha=alpha))
    return Promotion(
        version=metadata.version("agentlab-autoresearch"),
        decided_at=clock().isoformat(timespec="seconds"),
        policy=policy,
        winner=_contender(winner),
        incumbent=_contender(incumbent),
        benchmarks=tuple(reports),
        ruling=rule(policy, reports),
    )


def save_promotion(
    promotion: Promotion, folder: RunFolder, *, key: PrivateKey | None, out: Path | None
) -> Path:
    """Writes the record below the run's folder and to `out`, signed if there is a key.

    Returns:
        Where it lies below the run's folder.

    Raises:
        InputError: it cannot be written.
    """
    data = seal("promotion", promotion.model_dump(mode="json"), key).to_bytes()
    folder.promotions.mkdir(exist_ok=True)
    stamp = datetime.fromisoformat(promotion.decided_at).strftime("%Y%m%d-%H%M%S")
    names = (f"{stamp}{suffix}.json" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    place = next(p for p in (folder.promotions / name for name in names) if not p.exists())
    write_durably(place, data)
    if out is not None:
        write_durably(out, data)
    return place


class _Measured(NamedTuple):
    pairs: Sequence[Pair]
    records: Mapping[str, Sequence[TrialRecord]]
    infra_trials: int
    fingerprint: Mapping[str, str]
    sandbox: str


def _measure(
    benchmark: Benchmark,
    sides: Sequence[Candidate],
    split: SplitName,
    kept: KeptTrials,
    observer: Observer,
    message: str,
    folder: RunFolder,
) -> _Measured:
    experiment, world = benchmark.experiment, benchmark.world
    schedule = Schedule(world.tasks, seed=experiment.seed, is_seeded=world.traits.is_seeded)
    pairs = schedule.series(split, "evaluate", experiment.measure.final_blocks)
    models = ExitStack()
    access = models.enter_context(open_models(experiment))
    executor = build_executor(experiment, tell=observer.note, access=access)
    try:
        opened = executor.open()
        if opened.sandbox == "plain":
            observer.note(f"{experiment.name}: candidates are NOT isolated")
        bench = bench_of(experiment, opened.fingerprint).digest
        if split == "test":
            address = digest([bench, look_address(sides, pairs)])
            look_by_promotion(experiment, list_runs(folder.path.parent), address)
        measured = measure(
            sides,
            pairs,
            world=world,
            executor=executor,
            bench=bench,
            preparation_seed=experiment.seed,
            ledger=kept.of(benchmark),
            artefacts=kept.artefacts,
            observer=observer,
            message=message,
        )
    finally:
        executor.close()
        models.close()
    return _Measured(
        pairs, measured.records, measured.infra_trials, opened.fingerprint, opened.sandbox
    )


def _report(
    benchmark: Benchmark,
    measured: _Measured,
    sides: Sequence[Candidate],
    *,
    margins: Mapping[str, float],
    alpha: float,
) -> BenchmarkReport:
    experiment, traits = benchmark.experiment, benchmark.world.traits
    blocks = experiment.measure.final_blocks if traits.is_seeded else None
    winner, incumbent = (measured.records[side.digest] for side in sides)
    terms = Terms(
        objective=experiment.objective,
        traits=traits,
        margins=margins_of(experiment.objective, margins),
        gain_alpha=alpha,
        blocks=blocks,
    )
    seeds: dict[str, list[int]] = {}
    for pair in measured.pairs:
        seeds.setdefault(pair.task.id, []).append(pair.seed)
    return BenchmarkReport(
        name=experiment.name,
        file=str(benchmark.file),
        experiment=benchmark.content.sha256,
        folders=benchmark.content.folders,
        fingerprint=dict(measured.fingerprint),
        sandbox=measured.sandbox,
        split=measured.pairs[0].split,
        seeds={task: tuple(found) for task, found in seeds.items()},
        blocks=blocks,
        trials=len(winner) + len(incumbent),
        infra_trials=measured.infra_trials,
        findings=read_findings(winner, incumbent, terms),
    )


def _contender(side: Side) -> Contender:
    return Contender(
        name=side.name, digest=side.candidate.digest, files=file_hashes(side.candidate.files)
    )


@contextmanager
def _resumable() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, NothingMeasurable) as error:
        error.add_note("the same command goes on where this one was")
        raise
