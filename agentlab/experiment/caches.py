"""Whether a cache on the way hides edits: asked by `agentlab check` and before a run."""

from __future__ import annotations

from agentlab.core.progress import Observer, Progress
from agentlab.core.trial import ModelAddress
from agentlab.errors import InputError
from agentlab.experiment.build import World, bench_of
from agentlab.experiment.config import Experiment
from agentlab.meta.probing import probing_edits
from agentlab.search.caches.findings import Finding
from agentlab.search.caches.probe import CHECK, START, CacheProbe, Effort
from agentlab.search.caches.stage import Setting, Stage
from agentlab.search.schedule import Schedule
from agentlab.trials.apart import Origin
from agentlab.trials.inline import InlineExecutor

__all__ = ["cache_findings", "require_sound_caches"]


def require_sound_caches(
    experiment: Experiment,
    world: World,
    *,
    observer: Observer,
    access: ModelAddress | None = None,
) -> None:
    """Refuses a run in which a cache would answer a candidate with another one's answers.

    Args:
        experiment: Whose run.
        world: Its world.
        observer: Told how it goes.
        access: Where the models that the target may ask are to be found.

    Raises:
        InputError: it was seen to, and the experiment does not accept it.
    """
    if "cache" in experiment.accept or experiment.is_debug:
        return
    found = cache_findings(experiment, world, observer=observer, effort=START, access=access)
    faults = [f"{finding.file}: {finding.text}" for finding in found if finding.level == "fault"]
    if faults:
        raise InputError(
            *faults,
            "what such a run keeps may be an answer to an earlier candidate; mend the cache, or "
            "begin all the same with: --set accept=[cache]",
        )
    for finding in found:
        if finding.level != "sound":
            observer.note(f"caches, {finding.file}: {finding.text}")


def cache_findings(
    experiment: Experiment,
    world: World,
    *,
    observer: Observer,
    effort: Effort = CHECK,
    access: ModelAddress | None = None,
) -> list[Finding]:
    """Returns what the probe finds of each editable file."""
    spec = experiment.target.spec()
    paths = [path for path in sorted(world.baseline.files) if spec.is_editable(path)]
    if world.live is not None:
        reason = "cannot be told of an environment that lives in this process alone"
        return [Finding(path, "unknown", reason) for path in paths]
    played = 0

    def count(trials: int) -> None:
        nonlocal played
        played += trials
        observer.progress(Progress(phase="check", message="edits, against caches", trials=played))

    setting = Setting(
        bench=bench_of(experiment, access=access),
        needs_preparation=world.traits.needs_preparation,
        preparation_seed=experiment.seed,
        on_trials=count,
    )
    schedule = Schedule(world.tasks, seed=experiment.seed, is_seeded=world.traits.is_seeded)
    edits = {
        path: probing_edits(
            world.baseline,
            path,
            target=spec,
            objective=experiment.objective,
            seed=experiment.seed,
        )
        for path in paths
    }
    with Origin(experiment.sandbox) as origin:

        def open_stage() -> Stage:
            return Stage(setting, InlineExecutor(setting.bench, make_worker=origin.worker))

        probe = CacheProbe(
            open_stage,
            world.baseline,
            pairs=schedule.block("train", "probe", 0)[: effort.pairs],
            is_deterministic=world.traits.is_deterministic,
            effort=effort,
        )
        return probe.findings(edits)
