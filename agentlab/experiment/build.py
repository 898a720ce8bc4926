"""From a checked experiment to live objects; mistakes that only they can show end here."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

from agentlab.core.bound import Bound
from agentlab.core.candidate import Candidate, Files, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec, Traits, Yardstick
from agentlab.core.meta_agent import MetaAgent
from agentlab.core.objective import Guard, Objective
from agentlab.core.task import SPLITS, SplitName, Task
from agentlab.core.trial import Bench, ModelAddress
from agentlab.errors import AgentlabError, CandidateError, InputError, UnknownReference
from agentlab.experiment.coding import coding_agent, coding_problems
from agentlab.experiment.commands import command_settings
from agentlab.experiment.config import Experiment, MetaConfig, TargetConfig
from agentlab.experiment.mistakes import Mistakes
from agentlab.experiment.models import model_problems, names_of
from agentlab.experiment.rounds import component_problems
from agentlab.experiment.splits import leaks_of, split_problems
from agentlab.measure.bounds import bound_problem
from agentlab.measure.leaks import Leak
from agentlab.measure.metrics import require_metric
from agentlab.measure.rules.choice import rule_problem
from agentlab.meta.canary import CanaryAgent, marked_file
from agentlab.meta.checks import check_candidate, entry_problems
from agentlab.meta.command.agent import CommandAgent
from agentlab.meta.crossover import CrossoverAgent
from agentlab.meta.ideas.agent import IdeasAgent
from agentlab.meta.ideas.bank import Idea, read_bank
from agentlab.meta.mutation.agent import MutationAgent
from agentlab.meta.numeric.agent import NumericAgent
from agentlab.meta.portfolio import Portfolio
from agentlab.references import build_environment, builtin_root, find_folder
from agentlab.store.run_folder import RunFolder
from agentlab.trials.executor import Executor
from agentlab.trials.inline import InlineExecutor

__all__ = [
    "World",
    "bench_of",
    "build_executor",
    "build_meta_agent",
    "build_run",
    "build_world",
    "find_ideas",
    "read_target",
]

_SKIPPED = {"__pycache__", ".git", ".venv", "node_modules"}
_MAX_TARGET_BYTES = 16 << 20

_LINE_OF_DATA = re.compile(r".+?\.jsonl(\.gz)?:\d+: ")


class World(NamedTuple):
    """The driver's view of environment and target."""

    traits: Traits
    tasks: Mapping[SplitName, Sequence[Task]]
    baseline: Candidate
    yardsticks: Mapping[Yardstick, Files]
    """Agents whose success is known beforehand, as the environment offers them."""

    live: Environment | None = None
    """An environment that was handed over as an object; it lives in this process alone."""

    leaks: tuple[Leak, ...] = ()
    """Tasks of different splits that say nearly the same, where that is accepted."""

    proposer: MetaAgent | None = None
    """A meta-agent that was handed over as an object, in place of those of the experiment."""


def build_world(experiment: Experiment, live: Environment | None = None) -> World:
    """Builds the environment once, here, and reads the target.

    Args:
        experiment: What to build.
        live: An environment to take in place of the one that the experiment names.

    Raises:
        InputError: what the configuration alone could not show, all of it.
    """
    mistakes = Mistakes()
    with mistakes.kept():
        described = _described(experiment, live)
    with mistakes.kept():
        baseline = _baseline(experiment.target)
    mistakes.tell()
    world = described._replace(baseline=baseline)
    _check(experiment, world)
    return world


def build_run(
    experiment: Experiment,
    live: Environment | None = None,
    *,
    proposer: MetaAgent | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> World:
    """Builds the world and tries the meta-agents, so that all mistakes are told at once.

    Args:
        experiment: What to build.
        live: An environment to take in place of the one that the experiment names.
        proposer: A meta-agent to take in place of those that it names.
        tell: Told which ideas are left out.

    Raises:
        InputError: what the configuration alone could not show, all of it.
    """
    mistakes = Mistakes()
    with mistakes.kept():
        world = build_world(experiment, live)
    for place, source in enumerate(experiment.meta):
        if source.kind == "ideas":
            with mistakes.kept():
                _bank(source.folder, f"meta.{place}.folder: ")
        elif source.kind == "command":
            with mistakes.kept():
                command_settings(source, f"meta.{place}.")
        if source.kind == "coding":
            with mistakes.kept():
                if problems := tuple(coding_problems(source, f"meta.{place}.")):
                    raise InputError(*problems)
    mistakes.tell()
    if proposer is None:
        build_meta_agent(experiment.meta, world.baseline, tell=tell)
    return world._replace(proposer=proposer)


def _described(experiment: Experiment, live: Environment | None) -> World:
    """Returns what the environment says; there is no target in it yet."""
    environment = live or _environment(experiment.environment)
    reference = experiment.environment.reference
    try:
        traits = environment.traits
        traits = traits.with_models() if experiment.models else traits
        given = {split: environment.tasks(split) for split in SPLITS}
        tasks = _tasks(reference, given)
        leaks = leaks_of(environment, tasks)
        yardsticks = dict(environment.yardsticks())
    except AgentlabError:
        raise
    except Exception as error:  # foreign code: its bug is the person's to mend
        raise InputError(
            f"environment: '{reference}': tasks(), texts_of() or yardsticks() raised "
            f"{type(error).__name__}: {error}"
        ) from error
    finally:
        if live is None:
            environment.close()
    return World(traits, tasks, Candidate(files={}), yardsticks, live, leaks)


def _baseline(target: TargetConfig) -> Candidate:
    """Returns the target as it came.

    Raises:
        InputError: it is no target; each problem begins with the key that it is about.
    """
    try:
        baseline = Candidate(files=dict(read_target(target.path)), label="baseline")
    except UnknownReference as error:
        error.retell(lambda problem: f"target.path: {problem}")
        raise
    try:
        check_candidate(baseline, baseline, target.spec())
    except CandidateError as error:
        entries = {"entry": target.entry, "prepare": target.prepare}
        keys = {
            problem: f"target.{key}"
            for key, entry in entries.items()
            for problem in (entry_problems(baseline, entry) if entry else ())
        }
        error.retell(lambda problem: f"{keys.get(problem, 'target')}: {problem}")
        raise
    return baseline


def _tasks(
    reference: str,
    given: Mapping[SplitName, Any],  # Any: whatever foreign code returned
) -> dict[SplitName, tuple[Task, ...]]:
    """Returns the tasks by split; raises where they are none, or two have one name."""
    problems = [
        f"environment: '{reference}': tasks('{split}') {problem}"
        for split, tasks in given.items()
        if (problem := _task_problem(tasks)) is not None
    ]
    if problems:
        raise InputError(*problems)
    return {split: tuple(tasks) for split, tasks in given.items()}


def _task_problem(tasks: Any) -> str | None:  # Any: as above
    if not isinstance(tasks, Sequence):
        return f"is of type {type(tasks).__name__}; it must be a list of agentlab.Task"
    for task in tasks:
        if not isinstance(task, Task):
            return f"holds {type(task).__name__}; it must be a list of agentlab.Task"
    twice = [(name, n) for name, n in Counter(task.id for task in tasks).items() if n > 1]
    return f"has '{twice[0][0]}' {twice[0][1]} times; each id must be unique" if twice else None


def bench_of(
    experiment: Experiment,
    fingerprint: Mapping[str, str] | None = None,
    *,
    access: ModelAddress | None = None,
) -> Bench:
    """Returns what all trials of an experiment share.

    Args:
        experiment: Which.
        fingerprint: Versions, as the first worker saw them.
        access: Where the models that the target may ask are to be found.
    """
    return Bench(
        environment=experiment.environment,
        target=experiment.target.spec(),
        limits=experiment.limits,
        sandbox=experiment.sandbox,
        fingerprint=dict(fingerprint or {}),
        models=names_of(experiment.models) if experiment.models else None,
        access=access,
    )


def build_executor(
    experiment: Experiment,
    live: Environment | None = None,
    *,
    tell: Callable[[str], None],
    access: ModelAddress | None = None,
) -> Executor:
    """Returns the executor, not yet opened.

    Args:
        experiment: Whose trials it runs.
        live: An environment that lives in this process.
        tell: Told what a person debugging should read.
        access: Where the models that the target may ask are to be found.

    Raises:
        InputError: an environment that lives in this process is to run in others.
    """
    config, bench = experiment.executor, bench_of(experiment, access=access)
    if config.kind == "inline":
        return InlineExecutor(bench, environment=live)
    if config.kind == "debug":
        from agentlab.trials.debug import DebugWorker

        source = find_folder(experiment.target.path)
        make_worker = functools.partial(DebugWorker, source=source, tell=tell)
        return InlineExecutor(bench, environment=live, make_worker=make_worker)
    if live is not None:
        raise InputError(
            "executor: 'ray' builds the environment in other processes; name it as "
            "'package.module:Class', or use executor 'inline'"
        )
    from agentlab.trials.ray_executor import RayExecutor

    slots = (os.cpu_count() or 1) if config.slots == "auto" else config.slots
    return RayExecutor(bench, slots=slots, address=config.address)


def build_meta_agent(
    sources: Sequence[MetaConfig],
    baseline: Candidate,
    *,
    tell: Callable[[str], None] = lambda _: None,
    folder: Path | None = None,
    opened: contextlib.ExitStack | None = None,
) -> MetaAgent:
    """Returns the meta-agent; several sources share a run through a bandit.

    Args:
        sources: Who proposes.
        baseline: The target as it came.
        tell: Told what is left out.
        folder: Of the run, where what models and coding agents answered is kept; none is in memory.
        opened: Takes what is to be closed after the run.
    """
    stack = opened or contextlib.ExitStack()
    has_numeric = any(source.kind == "numeric" for source in sources)
    agents = [
        coding_agent(source, folder=folder, numbers_elsewhere=has_numeric, opened=stack)
        if source.kind == "coding"
        else _meta_agent(source, baseline, folder)
        for source in sources
    ]
    for agent in agents:
        if isinstance(agent, IdeasAgent) and agent.misfits:
            names = ", ".join(agent.misfits)
            tell(f"left out, their old lines are not, or not once, in the target: {names}")
    return agents[0] if len(agents) == 1 else Portfolio(agents)


def read_target(reference: str) -> Files:
    """Returns the files of a target's folder, without caches and hidden files.

    Raises:
        InputError: no such folder, nothing in it, or far too much.
    """
    folder = find_folder(reference)
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not any(part in _SKIPPED or part[0] == "." for part in inner.parts):
            files[inner.as_posix()] = path.read_bytes()
    size = sum(len(content) for content in files.values())
    if not files:
        raise InputError(f"target.path: '{folder}' holds no files")
    if size > _MAX_TARGET_BYTES:
        raise InputError(f"target.path: '{folder}' holds {size >> 20} MiB; large files are blobs")
    return files


def find_ideas(reference: str) -> Path:
    """Returns the folder of a bank of ideas.

    Raises:
        InputError: there is none.
    """
    for place in (Path(reference), builtin_root() / reference):
        if place.is_dir():
            return place
    raise InputError(f"no folder of ideas '{reference}'")


def _environment(spec: EnvironmentSpec) -> Environment:
    try:
        return build_environment(spec)
    except InputError as error:
        error.retell(_of_environment)
        raise
    except AgentlabError:
        raise
    except Exception as error:  # foreign code, as above
        raise InputError(
            f"environment: '{spec.reference}' cannot be built: {type(error).__name__}: {error}"
        ) from error


def _bank(folder: str, key: str = "") -> Sequence[Idea]:
    """Returns the ideas of a folder; what is wrong with them is told behind the key."""
    try:
        return read_bank(find_ideas(folder))
    except InputError as error:
        error.retell(lambda problem: f"{key}{problem}")
        raise


def _meta_agent(source: MetaConfig, baseline: Candidate, folder: Path | None) -> MetaAgent:
    if source.kind == "mcp":
        raise InputError(
            "meta.0.kind: mcp is a client that proposes; serve it: agentlab serve --mcp EXPERIMENT"
        )
    if source.kind == "ideas":
        return IdeasAgent(_bank(source.folder), written_against=baseline)
    if source.kind == "command":
        attempts = RunFolder(folder).attempts if folder else None
        return CommandAgent(command_settings(source), attempts=attempts)
    return _WITHOUT_OPTIONS[source.kind]()


_WITHOUT_OPTIONS: Mapping[str, Callable[[], MetaAgent]] = {
    "mutation": MutationAgent,
    "numeric": NumericAgent,
    "crossover": CrossoverAgent,
    "canary": CanaryAgent,
}


def _check(experiment: Experiment, world: World) -> None:
    traits, tasks, baseline = world.traits, world.tasks, world.baseline
    unaccepted = () if "leaks" in experiment.accept else world.leaks
    problems = [
        *split_problems(tasks, traits, experiment.measure, unaccepted),
        *_yardstick_problems(world.yardsticks),
        *_metric_problems(experiment.objective, traits),
        *_rule_problems(experiment.objective, traits),
    ]
    if not any(experiment.target.spec().is_editable(path) for path in baseline.files):
        problems.append(
            f"target.editable: {', '.join(experiment.target.editable)} matches none of "
            f"{', '.join(sorted(baseline.files))}"
        )
    has_canaries = experiment.is_aa or experiment.search.canaries > 0
    if has_canaries and marked_file(baseline.files, experiment.target.spec()) is None:
        problems.append(
            "target.editable: a canary is a copy with a comment more, and none of these is a "
            f"Python file: {', '.join(experiment.target.editable)}"
        )
    problems += component_problems(experiment, baseline.files)
    if experiment.models is not None:
        problems += model_problems(experiment.models)
    if traits.needs_preparation and experiment.target.prepare is None:
        problems.append("target.prepare: this environment needs one, such as 'agent.py:prepare'")
    if problems:
        raise InputError(*problems)


def _yardstick_problems(yardsticks: Mapping[Yardstick, Files]) -> Iterator[str]:
    for name, files in yardsticks.items():
        if name not in get_args(Yardstick):
            yield f"environment: yardsticks() has '{name}'; there are oracle and null"
            continue
        candidate = Candidate(files=dict(files))
        try:
            check_candidate(candidate, candidate, TargetSpec())
        except CandidateError as error:
            yield from (f"environment: yardsticks(), {name}: {each}" for each in error.problems)


def _metric_problems(objective: Objective, traits: Traits) -> list[str]:
    first = "minimise" if objective.minimise else "maximise"
    problems = _unknown(objective.metric, traits, f"objective.{first}")
    if objective.then is not None:
        problems += _unknown(objective.then.metric, traits, "objective.then")
    for place, guard in enumerate(objective.guards):
        where = f"objective.guards.{place}"
        if isinstance(guard, Guard):
            problems += _unknown(guard.metric, traits, f"{where}.metric")
        else:
            problems += _bound_problems(guard, traits, f"{where}: '{guard}'")
    return problems


def _bound_problems(bound: Bound, traits: Traits, where: str) -> list[str]:
    if problems := _unknown(bound.metric, traits, where):
        meant = re.fullmatch(r"(p\d+)_(.+)", bound.metric)
        hint = f"; a percentile is written {meant[1]}({meant[2]})" if meant else ""
        return [problem + hint for problem in problems]
    problem = bound_problem(bound, traits)
    return [f"{where}: {problem}"] if problem else []


def _unknown(metric: str, traits: Traits, where: str) -> list[str]:
    try:
        require_metric(metric, traits, where)
    except InputError as error:
        return list(error.problems)
    return []


def _rule_problems(objective: Objective, traits: Traits) -> list[str]:
    suited = objective.for_data(is_seeded=traits.is_seeded)
    problem = rule_problem(suited.rule, is_seeded=traits.is_seeded)
    return [f"objective.rule: {problem}"] if problem else []


def _of_environment(problem: str) -> str:
    """Returns a problem with the key that it is about; a bad line of data has its own place."""
    return problem if _LINE_OF_DATA.match(problem) else f"environment: {problem}"
