"""What a person asks for: run, resume, evaluate, check."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from agentlab.core.candidate import Candidate, Files
from agentlab.core.environment import Environment
from agentlab.core.meta_agent import MetaAgent
from agentlab.core.progress import Observer
from agentlab.core.result import EvaluationResult, RunResult, RunStatus
from agentlab.core.task import SplitName
from agentlab.core.trial import Pair, TrialRecord
from agentlab.errors import AgentlabError, InputError
from agentlab.experiment.baselines import announce_baselines, with_baselines
from agentlab.experiment.build import World, bench_of, build_executor, build_run, build_world
from agentlab.experiment.caches import require_sound_caches
from agentlab.experiment.config import Experiment
from agentlab.experiment.journal import StoreJournal, begin_run
from agentlab.experiment.load import experiment_to_yaml, load_experiment
from agentlab.experiment.measurement import NoLedger, measure
from agentlab.experiment.models import open_models
from agentlab.experiment.pictures import Scene, pictured
from agentlab.experiment.run import execute
from agentlab.experiment.sealed import look_by_evaluation, look_by_run
from agentlab.experiment.signed import check_signed, signature_file
from agentlab.experiment.splits import told_leaks
from agentlab.measure.scores import scores
from agentlab.meta.checks import check_candidate
from agentlab.search.schedule import Schedule
from agentlab.signing.settings import read_settings
from agentlab.store.evidence import clear_evidence
from agentlab.store.looks import looks_of
from agentlab.store.projection import project
from agentlab.store.run_folder import RunFolder, create_run_folder
from agentlab.store.store import Store
from agentlab.trials.executor import Executor

__all__ = ["evaluate", "resume_run", "run_experiment"]


def run_experiment(
    experiment: Experiment,
    *,
    runs: Path,
    observer: Observer,
    environment: Environment | None = None,
    proposer: MetaAgent | None = None,
    file: Path | None = None,
) -> RunResult:
    """Runs an experiment in a new folder below `runs`.

    Args:
        experiment: What to run.
        runs: Where its folder goes.
        observer: Told how it goes.
        environment: A live environment in place of the one that the experiment names.
        proposer: A live meta-agent in place of those that the experiment names.
        file: Where the experiment is from; its signature lies beside it.

    Raises:
        InputError: something about the experiment cannot work, or it is not signed where that is
            asked for; no folder is left behind.
        NothingMeasurable: our side failed too often; the run can be resumed.
    """
    signature = check_signed(experiment, file, read_settings())
    world = build_run(experiment, environment, proposer=proposer, tell=observer.note)
    experiment = experiment.for_data(is_seeded=world.traits.is_seeded)
    try:
        with open_models(experiment) as access:
            require_sound_caches(experiment, world, observer=observer, access=access)
    except KeyboardInterrupt as error:
        error.add_note("no run was begun yet and nothing is lost; start it again the same way")
        raise
    folder = create_run_folder(runs, experiment.name)
    observer.note(f"run {folder.path}")
    if signature is not None:
        signature_file(folder.experiment).write_bytes(signature)
    folder.experiment.write_text(experiment_to_yaml(experiment), encoding="utf-8")
    with folder.locked(), closing(_first_store(experiment, folder)) as store:
        begin_run(store, folder.name, experiment)
        return _drive(experiment, world, store, folder, observer)


def resume_run(
    folder: RunFolder,
    *,
    observer: Observer,
    environment: Environment | None = None,
    proposer: MetaAgent | None = None,
    verify_cache: float | None = None,
) -> RunResult:
    """Goes on with a run where it was interrupted; a completed one answers its result.

    Args:
        folder: Of the run.
        observer: Told how it goes.
        environment: The live environment that it was begun with, if it was one.
        proposer: The live meta-agent that it was begun with, if it was one.
        verify_cache: Another `measure.verify_cache` than the run began with; None for its own.

    Raises:
        InputError: another driver has the run, its environment has changed, or it is not signed
            where that is asked for.
        NothingMeasurable: our side failed too often again.
    """
    experiment = load_experiment(folder.experiment)
    if verify_cache is not None:
        experiment = experiment.with_verify_cache(verify_cache)
    with folder.locked(), closing(_store(experiment, folder)) as store:
        if folder.name not in {run.name for run in store.runs()}:
            # Killed between its folder and its store.
            begin_run(store, folder.name, experiment)
        run = store.run(folder.name)
        if run.status == "completed" and run.result is not None:
            return _with_looks(RunResult.model_validate(run.result), store, folder)
        if experiment.is_debug:
            raise InputError(
                f"{folder.path}: was run with --debug, which measures nothing, and is not gone on "
                f"with; start anew: agentlab run {folder.experiment}"
            )
        check_signed(experiment, folder.experiment, read_settings())
        if environment is None and experiment.environment.is_of_script:
            raise InputError(
                f"{folder.path}: its environment is an object of a script; go on there: "
                f"agentlab.resume('{folder.path}', environment=...)"
            )
        world = build_world(experiment, environment)._replace(proposer=proposer)
        baseline = store.candidates(folder.name)
        if baseline and baseline[0].digest != world.baseline.digest:
            # The run's own copy is the truth; the folder it came from may have moved on.
            original = store.candidate(folder.name, baseline[0].digest)
            world = world._replace(baseline=original)
        return _drive(experiment, world, store, folder, observer)


def evaluate(
    experiment: Experiment,
    *,
    files: Files | None,
    split: SplitName,
    seeds: range | None,
    observer: Observer,
    beside: Sequence[RunFolder] = (),
    evidence: Path | None = None,
) -> EvaluationResult:
    """Scores one target without a search.

    Args:
        experiment: Whose environment, limits and executor.
        files: The target's files, or None for the experiment's own.
        split: Which tasks.
        seeds: The seeds of each task, or None for as many as a run's final measurement takes.
        observer: Told how it goes.
        beside: Runs whose test this may be: a look at it is recorded with them.
        evidence: A folder for what the environment shows of the worst and the best trial.

    Raises:
        InputError: something about the experiment cannot work, or the folder is taken.
        NothingMeasurable: our side failed too often.
    """
    if evidence is not None:
        clear_evidence(evidence, ("worst", "best"))
    began = time.monotonic()
    world = build_world(experiment)
    candidate = Candidate(files=dict(files)) if files is not None else world.baseline
    check_candidate(candidate, candidate, experiment.target.spec())
    schedule = Schedule(world.tasks, seed=experiment.seed, is_seeded=world.traits.is_seeded)
    pairs = (
        schedule.series(split, "evaluate", experiment.measure.final_blocks)
        if seeds is None or not world.traits.is_seeded
        else [
            Pair(task=task, seed=seed, split=split, cluster=f"{task.id}#{seed}")
            for seed in seeds
            for task in world.tasks[split]
        ]
    )
    if split == "test":
        look_by_evaluation(experiment, beside)
    temporary = tempfile.TemporaryDirectory(prefix="agentlab-evaluate-")
    with (
        open_models(experiment) as access,
        closing(build_executor(experiment, tell=observer.note, access=access)) as executor,
        temporary as artefacts,
    ):
        opened = executor.open()
        measured = measure(
            [candidate],
            pairs,
            world=world,
            executor=executor,
            bench=bench_of(experiment).digest,
            preparation_seed=experiment.seed,
            ledger=NoLedger(),
            artefacts=Path(artefacts),
            observer=observer,
        )
        shown = []
        if evidence is not None:
            scene = Scene(
                experiment, executor, measured.measuring, world.tasks[split], Path(artefacts)
            )
            records = measured.records[candidate.digest]
            shown = pictured(scene, candidate, records, evidence, who="target")
    records, about = measured.records[candidate.digest], experiment.objective.metrics
    by_task: dict[str, list[TrialRecord]] = {}
    fates: dict[str, int] = {}
    reasons: dict[str, str] = {}
    for record in records:
        by_task.setdefault(record.task, []).append(record)
        fates[record.fate.value] = fates.get(record.fate.value, 0) + 1
        if not record.fate.is_judged:
            reasons.setdefault(record.fate.value, f"{record.task}: {record.reason}")
    return EvaluationResult(
        metrics=scores(records, world.traits, also=about),
        tasks={task: scores(found, world.traits, also=about) for task, found in by_task.items()},
        fates=fates,
        reasons=reasons,
        trials=len(records),
        wall_s=round(time.monotonic() - began, 2),
        sandbox=opened.sandbox,
        is_debug=experiment.is_debug,
        pictured=tuple(
            one.model_copy(update={"folder": f"{evidence}/{one.folder}"}) for one in shown
        ),
    )


def _drive(
    experiment: Experiment,
    world: World,
    store: Store,
    folder: RunFolder,
    observer: Observer,
) -> RunResult:
    with open_models(experiment, folder.path / "models") as access:
        executor = build_executor(experiment, world.live, tell=observer.note, access=access)
        return _drive_trials(executor, experiment, world, store, folder, observer)


def _drive_trials(
    executor: Executor,
    experiment: Experiment,
    world: World,
    store: Store,
    folder: RunFolder,
    observer: Observer,
) -> RunResult:
    status: RunStatus = "interrupted"
    journal = StoreJournal(store, folder)
    store.update_run(folder.name, status="running")
    if world.leaks:
        observer.note(f"leaks between splits, accepted: {'; '.join(told_leaks(world.leaks))}")
    try:
        with closing(executor):
            announce_baselines(experiment, observer)
            result = execute(
                experiment,
                world,
                executor,
                journal=journal,
                folder=folder,
                observer=observer,
                on_test=look_by_run(
                    experiment, store, folder, has_fresh_seeds=world.traits.is_seeded
                ),
            )
            result = with_baselines(
                experiment,
                world,
                executor,
                result=result,
                store=store,
                folder=folder,
                observer=observer,
            )
        result = _with_looks(result, store, folder)
        status = result.status
        store.update_run(folder.name, status=status, result=result.model_dump(mode="json"))
        return result
    except AgentlabError as error:
        status = "stopped"
        if not (isinstance(error, InputError) or experiment.is_debug):
            error.add_note(_how_to_resume(folder, world))
        raise
    except KeyboardInterrupt as error:
        if not experiment.is_debug:
            error.add_note(_how_to_resume(folder, world))
        raise
    finally:
        if status != "completed":
            store.update_run(folder.name, status=status)
        if not project(store, folder):
            observer.note("git is not installed: the run has no repository")


def _with_looks(result: RunResult, store: Store, folder: RunFolder) -> RunResult:
    """Returns a result that tells how often its test has been looked at by now."""
    return result.model_copy(update={"test_looks": looks_of(store, folder.name).all})


def _how_to_resume(folder: RunFolder, world: World) -> str:
    if world.live is not None:
        return f"go on with: agentlab.resume('{folder.path}', environment=...)"
    how = "serve --mcp" if world.proposer is not None else "resume"
    return f"go on with: agentlab {how} {folder.path}"


def _store(experiment: Experiment, folder: RunFolder) -> Store:
    return Store(experiment.store or folder.database_url)


def _first_store(experiment: Experiment, folder: RunFolder) -> Store:
    """Returns the store of a run that begins; where there is none to be had, there is no run."""
    try:
        return _store(experiment, folder)
    except AgentlabError:
        shutil.rmtree(folder.path)
        raise
