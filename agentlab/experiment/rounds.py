"""From what an experiment says of components and rounds to the rounds of a search."""

from __future__ import annotations

from collections.abc import Sequence

from agentlab.core.candidate import Files
from agentlab.core.ceiling import Step
from agentlab.core.components import REST, Components, OpenTarget
from agentlab.core.result import RunResult
from agentlab.core.rounds import RoundResult
from agentlab.experiment.config import Experiment, RoundConfig, TargetConfig
from agentlab.measure.rules.choice import rule_of
from agentlab.search.rounds import Round

__all__ = ["component_problems", "components_of", "rounds_of", "with_rounds"]


def components_of(target: TargetConfig) -> Components:
    """Returns which file belongs to which part of a target."""
    return Components(globs=target.components or {})


def rounds_of(experiment: Experiment) -> tuple[Round, ...]:
    """Returns the rounds of an experiment; none where it is one search."""
    is_test = rule_of(experiment.objective.rule).is_test
    target, components = experiment.target, components_of(experiment.target)
    opened: tuple[str, ...] = ()
    found = []
    for one in experiment.rounds or ():
        about = one.open
        now = tuple(dict.fromkeys((*about, *opened))) if one.earlier == "open" else about
        spec = target.spec().model_dump()
        found.append(
            Round(
                name=one.name or _name(about, one),
                about=about,
                target=OpenTarget(**spec, components=components, open=now),
                proposals=one.proposals,
                coupling_blocks=one.coupling_blocks if is_test else 0,
            )
        )
        opened = (*opened, *about)
    return tuple(found)


def component_problems(experiment: Experiment, files: Files) -> list[str]:
    """Returns what is wrong with the components of a target, given its files."""
    target = experiment.target
    spec, components = target.spec(), components_of(target)
    editable = [path for path in sorted(files) if spec.is_editable(path)]
    owners: dict[str, str] = {}
    problems = []
    for name, patterns in components.globs.items():
        key = f"target.components.{name}"
        if name == REST:
            problems.append(f"{key}: '{REST}' is what no other component names; call it otherwise")
        for pattern in patterns:
            alone = Components(globs={name: (pattern,)})
            matched = [path for path in editable if alone.of(path) == name]
            if not matched:
                problems.append(f"{key}: '{pattern}' {_unmatched(alone, name, files, editable)}")
            for path in matched:
                owner = owners.setdefault(path, name)
                if owner != name:
                    problems.append(f"{key}: '{pattern}' matches {path}, which is of '{owner}'")
        if not patterns:
            problems.append(f"{key}: needs at least one pattern")
    for number, one in enumerate(experiment.rounds or ()):
        if REST in one.open and len(owners) == len(editable):
            problems.append(
                f"rounds.{number}.open: '{REST}' holds no file; every editable one is of a "
                "component"
            )
    return problems


def with_rounds(result: RunResult, rounds: Sequence[RoundResult]) -> RunResult:
    """Returns a result that tells of its rounds, and in its verdict what is coupled."""
    coupled = {
        one.number: " and ".join((*found.earlier, *found.later))
        for one in rounds
        if (found := one.coupling) and found.finding == "coupled" and not found.is_joint
    }
    told = "".join(f"; {names} are coupled: tune them together" for names in coupled.values())
    ceiling = result.ceiling
    if ceiling is not None:
        steps = [_together(number, names) for number, names in coupled.items()]
        ceiling = ceiling.model_copy(update={"steps": (*steps, *ceiling.steps)})
    return result.model_copy(
        update={"rounds": tuple(rounds), "verdict": result.verdict + told, "ceiling": ceiling}
    )


def _together(number: int, names: str) -> Step:
    return Step(
        said=f"tune {names} together: each was judged beside what the other was then",
        command=f"agentlab run RUN/experiment.yaml --set rounds.{number - 1}.earlier=open",
    )


def _name(about: Sequence[str], one: RoundConfig) -> str:
    earlier = " with earlier ones" if one.earlier == "open" else ""
    return f"{' and '.join(about)}{earlier}"


def _unmatched(alone: Components, name: str, files: Files, editable: Sequence[str]) -> str:
    frozen = [path for path in sorted(files) if alone.of(path) == name]
    if frozen:
        return f"matches {', '.join(frozen)}, not editable by target.editable"
    return f"matches none of {', '.join(editable)}"
