"""What one could do next: concrete settings and commands, for a ceiling and its reasons."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from agentlab.core.bound import Bound
from agentlab.core.ceiling import CeilingVerdict, Step
from agentlab.core.counting import counted
from agentlab.core.decision import Decision, Sample, Verdict
from agentlab.core.objective import Objective
from agentlab.measure.ceiling_rules import CeilingCase, never_solved, percent
from agentlab.measure.detectable import blocks_needed
from agentlab.measure.evidence import guard_words
from agentlab.measure.failures import cause_of
from agentlab.measure.plateau import stretch_needed
from agentlab.measure.rules.choice import rule_of

__all__ = ["Setting", "steps_for"]

_MOST = 4
_NAMED = 4
"""Tasks or files that a step names."""

_SPENT = ("cost_usd", "context_tokens", "steps")
_MARGIN = 0.02

_FARTHEST = 20
"""As many times the rule's blocks as are thought of."""


class Setting(NamedTuple):
    """What of the experiment a step may change."""

    objective: Objective
    sources: Sequence[Mapping[str, str]]
    """Meta-agents as the experiment names them; `kind` is which."""

    tasks: int
    """Validation tasks."""

    frozen: Sequence[str]
    """Files of the target that may not be edited."""

    editable: Sequence[str]
    """Patterns of those that may."""

    metrics: Sequence[str]
    """What was reported."""

    is_seeded: bool
    is_used_up: bool
    """Whether the meta-agents had nothing more to propose."""

    is_of_script: bool
    """Whether its environment is an object that no command can build again."""

    def has(self, kind: str) -> bool:
        """Returns whether a meta-agent of this kind shares the run."""
        return any(source["kind"] == kind for source in self.sources)


class _Asked(NamedTuple):
    case: CeilingCase
    setting: Setting
    decisions: Sequence[Decision]


def steps_for(
    verdict: CeilingVerdict, case: CeilingCase, setting: Setting, decisions: Sequence[Decision]
) -> tuple[Step, ...]:
    """Returns what follows from a verdict, then what is worth a look whatever the verdict.

    Args:
        verdict: The ceiling's.
        case: What it rests on.
        setting: What can be changed.
        decisions: All of the run.
    """
    asked = _Asked(case, setting, decisions)
    steps = [*_OF_VERDICT[verdict](asked), *_broken(asked), *_unsolved(asked), *_guarded(asked)]
    return tuple(dict.fromkeys(steps))[:_MOST]


def _keep_going(asked: _Asked) -> Iterator[Step]:
    case, setting = asked.case, asked.setting
    lead = case.bounds.best_per_task_lead
    if case.is_success and lead is not None and lead.low > 0:
        yield from _with_source("crossover", "bring together what was found apart", setting)
    if case.has_numbers and case.plateau.structure.is_flat:
        yield from _with_source("numeric", "move the numbers, several at once", setting)
    if setting.is_used_up:
        yield _other_sources(setting)
        return
    more = stretch_needed(0)
    changes: dict[str, Any] = {"budget.candidates": more}
    if case.plateau.kept:
        changes["target.path"] = "RUN/repository"
    else:
        changes["seed"] = 2
    start = "from the winner" if case.plateau.kept else "with other draws"
    yield Step(
        said=f"go on {start}: {counted(more, 'proposal')} without a keep would be a plateau",
        command=_again(setting, changes),
    )


def _other_sources(setting: Setting) -> Step:
    said = "the meta-agents have nothing more to propose: give them more ideas"
    if setting.has("mutation"):
        return Step(said=said)
    sources = [dict(source) for source in setting.sources]
    return Step(
        said=f"{said}, or add typed edits",
        command=_again(setting, {"meta": [*sources, {"kind": "mutation"}]}),
    )


def _with_source(kind: str, what: str, setting: Setting) -> Iterator[Step]:
    if not setting.has(kind):
        sources = [dict(source) for source in setting.sources]
        yield Step(said=what, command=_again(setting, {"meta": [*sources, {"kind": kind}]}))


def _see_more(asked: _Asked) -> Iterator[Step]:
    """More pairs, for what was nearly shown, or for half of what could be shown."""
    case, setting = asked.case, asked.setting
    if not setting.is_seeded:
        yield Step(
            said="add tasks: fixed data have no fresh seeds, and four times as many show half as "
            "large an improvement"
        )
        return
    blocks, wanted = _blocks_to_see(asked)
    if blocks:
        yield Step(
            said=f"more seeds: {counted(setting.tasks, 'task')} x {counted(blocks, 'seed')} to "
            f"see {wanted}",
            command=_again(setting, {"objective.rule.max_blocks": blocks}),
        )
    elif case.detectable is not None:
        yield Step(
            said="calm the measure: more seeds alone would take too many; grade success between 0 "
            "and 1, or take the chance out of the world that no seed repeats"
        )


def _harder(asked: _Asked) -> Iterator[Step]:
    setting = asked.setting
    yield Step(said="take harder tasks: on these nothing is left to show")
    spent = [metric for metric in _SPENT if metric in setting.metrics]
    if spent:
        others = [g for g in setting.objective.guards if g.metric not in (spent[0], "success")]
        held = [str(g) if isinstance(g, Bound) else g.model_dump() for g in others]
        changes = {
            "objective.maximise": None,
            "objective.minimise": spent[0],
            "objective.guards": [{"metric": "success", "margin": _MARGIN}, *held],
        }
        yield Step(
            said=f"look for the same success for less {spent[0].replace('_', ' ')}",
            command=_again(setting, changes),
        )


def _other_than_numbers(asked: _Asked) -> Iterator[Step]:
    numbers = asked.case.plateau.numbers
    yield Step(said=f"stop tuning constants: {numbers.proposals} edits of numbers, none kept")
    command = "agentlab run RUN/experiment.yaml --ideas DIR"
    yield Step(
        said="propose structure: ideas, each a changed function or rule with its hypothesis",
        command="" if asked.setting.is_of_script else command,
    )
    yield from _with_source("mutation", "let typed edits change more than numbers", asked.setting)


def _other_parts(asked: _Asked) -> Iterator[Step]:
    yield from _unsolved(asked)
    frozen = list(asked.setting.frozen)
    if frozen:
        opened = [*asked.setting.editable, *frozen[:_NAMED]]
        yield Step(
            said=f"open other components: {_listed(frozen)} could not be edited",
            command=_again(asked.setting, {"target.editable": opened}),
        )
    else:
        yield Step(
            said="change what the agent is given: other tools, other observations, another model; "
            "all of its files were open to edits"
        )


def _stop(asked: _Asked) -> Iterator[Step]:
    kept = asked.case.plateau.kept
    if kept:
        yield Step(said="take the winner as it is", command="agentlab diff RUN")
    else:
        yield Step(said="leave the target as it is, and look for gains elsewhere")
    missed = asked.case.plateau.missed
    blocks, wanted = _blocks_to_see(asked)
    if missed is not None and blocks and asked.setting.is_seeded:
        yield Step(
            said=f"only if {wanted} would matter: {counted(asked.setting.tasks, 'task')} x "
            f"{counted(blocks, 'seed')}",
            command=_again(asked.setting, {"objective.rule.max_blocks": blocks}),
        )


def _broken(asked: _Asked) -> Iterator[Step]:
    """Where a good part of the proposals never ran."""
    broke = [d for d in asked.decisions if cause_of(d) in ("broke", "refused")]
    if broke and 4 * len(broke) >= len(asked.decisions):
        yield Step(
            said=f"{percent(len(broke) / len(asked.decisions))} of the proposals did not run at "
            "all; see one",
            command=f"agentlab show RUN {broke[-1].number}",
        )


def _unsolved(asked: _Asked) -> Iterator[Step]:
    never = never_solved(asked.case.bounds)
    if not never or not asked.case.is_success:
        return
    looked = next((d.number for d in reversed(asked.decisions) if d.stage == "gate"), None)
    yield Step(
        said=f"tasks that no candidate ever solved: {_listed([task.task for task in never])}",
        command=f"agentlab show RUN {looked}" if looked else "agentlab show RUN",
    )


def _guarded(asked: _Asked) -> Iterator[Step]:
    stopped = [d for d in asked.decisions if cause_of(d) == "guard"]
    tried = [d for d in asked.decisions if d.verdict is not Verdict.KEPT and d.tested]
    if stopped and 2 * len(stopped) >= len(tried):
        named = guard_words(asked.setting.objective.guards)
        yield Step(
            said=f"a guard stopped {len(stopped)} of "
            f"{counted(len(asked.decisions), 'proposal')}: is {named} what is wanted?",
            command=f"agentlab show RUN {stopped[-1].number}",
        )


def _blocks_to_see(asked: _Asked) -> tuple[int | None, str]:
    """Returns seeds per task, and what they would show; None where that is far."""
    seen = asked.case.detectable
    if seen is None:
        return None, ""
    if seen.nearest is not None:
        gain = _improvement(seen.nearest.gain, is_relative=seen.is_relative)
        return seen.nearest.blocks_needed, f"what #{seen.nearest.number} promised ({gain})"
    samples = [d.tested[0] for d in asked.decisions if d.tested and d.stage == "gate"]
    samples = samples or [d.tested[0] for d in asked.decisions if d.tested]
    rule = rule_of(asked.setting.objective.rule)
    design = rule.design(
        clusters_per_block=max(1, seen.pairs // len(rule.looks)),
        blocks=len(rule.looks) * _FARTHEST,
        gates=asked.case.plateau.at_gate,
    )
    if design is None or not samples:
        return None, ""
    half = (seen.improvement or 1.0) / 2
    squares = [sample.spread**2 * sample.clusters for sample in samples]
    spread = math.sqrt(sum(squares) / sum(sample.clusters for sample in samples))
    sample = samples[0].model_copy(update={"mean": half, "spread": spread, "margin": 0.0})
    needed = blocks_needed(design, Sample.model_validate(sample))
    return needed, _improvement(half, is_relative=seen.is_relative)


def _improvement(value: float, *, is_relative: bool) -> str:
    return f"{value * 100:.2g} %" if is_relative else f"{value:+.2g}"


def _again(setting: Setting, changes: Mapping[str, Any]) -> str:
    """Returns the command that runs the experiment with other settings, or the settings alone."""
    settings = [f"{key}={_as_yaml(value)}" for key, value in changes.items()]
    if setting.is_of_script:
        return ", ".join(settings)
    given = [f"--set {shlex.quote(change)}" for change in settings]
    return " ".join(["agentlab run RUN/experiment.yaml", *given])


def _as_yaml(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


_OF_VERDICT: Mapping[CeilingVerdict, Callable[[_Asked], Iterator[Step]]] = {
    "keep going": _keep_going,
    "noise-limited": _see_more,
    "benchmark saturated": _harder,
    "parametric ceiling": _other_than_numbers,
    "architectural ceiling": _other_parts,
    "you can stop tuning this": _stop,
}
