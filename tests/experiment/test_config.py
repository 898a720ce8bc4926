"""What an experiment file may say, and that all of it is meant."""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import agentlab.sandbox.inside
from agentlab.core.candidate import TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.progress import Silent
from agentlab.core.value import Value
from agentlab.errors import InputError
from agentlab.experiment.build import (
    bench_of,
    build_executor,
    build_meta_agent,
    build_run,
    build_world,
)
from agentlab.experiment.coding import coding_problems
from agentlab.experiment.config import (
    CodingConfig,
    Experiment,
    IdeasConfig,
    MutationConfig,
    TargetConfig,
)
from agentlab.experiment.models import model_problems, setup_of
from agentlab.experiment.session import run_experiment
from agentlab.llm.model import CompletionRequest, Message
from agentlab.llm.setup import open_gateway
from agentlab.meta.recorded import RecordedAgent
from agentlab.testing.commands import write_command
from agentlab.testing.model_peer import ModelPeer, fails, says
from tests.calling import calling
from tests.experiment.noisy_run import brief_experiment, noisy_experiment

INSIDE = Path(agentlab.sandbox.inside.__file__).parent
LIMITS_INSIDE = {"cpu_s", "mem_mb", "processes", "file_mb", "artefact_mb"}
IDEA = """\
---
title: turn the first knob further
hypothesis: it stands too low
author: nobody
---
```edit agent.py
<<<<<<< SEARCH
KNOBS = (0.6, 0.3, 0.5)
=======
KNOBS = (0.7, 0.3, 0.5)
>>>>>>> REPLACE
```
"""


def models_within(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_within(field.annotation)
    for part in typing.get_args(annotation):
        yield from models_within(part)


MODELS = list(dict.fromkeys(models_within(Experiment)))
FIELDS = [(model, name) for model in MODELS for name in model.model_fields]


def test_the_walk_finds_nested_models_and_members_of_unions() -> None:
    assert {Experiment, EnvironmentSpec, IdeasConfig, MutationConfig} <= set(MODELS)


def _runs(bank: Path) -> Iterator[dict[str, Any]]:
    """Yields runs that between them read every field of a search: each meta-agent and rule."""
    guards = [{"metric": "context_tokens", "margin": 0.9}]
    ideas = {"kind": "ideas", "folder": str(bank)}
    shared = {
        "budget": {"candidates": 2},
        "measure": {"final_blocks": 1, "min_clusters": 2},
        "sandbox": "plain",
    }
    yield {
        "meta": [ideas, "mutation", "numeric", "crossover"],
        "objective": {"guards": guards, "then": {"minimise": "steps"}},
        "rounds": [{"open": ["rest"]}],
        **shared,
    }
    yield {"meta": ["canary"], **shared}
    for rule in ("strict", "greedy", {"name": "min_delta", "delta": 0.1}, "confirm"):
        yield {"objective": {"rule": rule}, **shared}


def _ranked() -> dict[str, Any]:
    """Returns a small run whose target prepares itself."""
    return {
        "environment": "agentlab.testing.environments.ranker:RankerEnvironment",
        "target": {
            "path": "agentlab/testing/environments/targets/ranker",
            "prepare": "agent.py:prepare",
        },
        "objective": {"maximise": "mrr"},
        "measure": {"min_clusters": 8},
        "accept": ["noise"],
        "sandbox": "plain",
        "budget": {"candidates": 2},
    }


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[type, str]]:
    """Which fields the runs read, by model; what the configuration does with its own left out."""
    found = set()

    def record(value: Value, name: str) -> Any:
        if not sys._getframe(1).f_code.co_filename.endswith("config.py"):
            found.add((type(value), name))
        return object.__getattribute__(value, name)

    runs = tmp_path_factory.mktemp("runs")
    bank = tmp_path_factory.mktemp("bank")
    (bank / "001-idea.md").write_text(IDEA)
    with pytest.MonkeyPatch.context() as patch:
        for model in (*MODELS, TargetSpec):
            patch.setattr(model, "__getattribute__", record, raising=False)
        with calling():
            for changes in _runs(bank):
                run_experiment(noisy_experiment(**changes), runs=runs, observer=Silent())
            program = write_command(tmp_path_factory.mktemp("bin") / "my-agent", "")
            command = {"kind": "command", "cli": "generic", "line": str(program), "isolated": False}
            changes = {"meta": [command], "budget": {"candidates": 1}}
            run_experiment(brief_experiment(**changes), runs=runs, observer=Silent())
        # What the workers read is read where they are.
        run_experiment(noisy_experiment(**_ranked()), runs=runs, observer=Silent())
        build_run(noisy_experiment(meta=["mcp"]), proposer=RecordedAgent([]))
        # What a cluster is told is read before it is started.
        on_ray = noisy_experiment(executor={"kind": "ray", "slots": 1})
        build_executor(on_ray, tell=Silent().note)
        # What the gateway's process reads is read here.
        _ask_a_model_that_fails_first()
        _make_a_coding_agent()
    return found


def _ask_a_model_that_fails_first() -> None:
    with ModelPeer([fails(503), says("hello")]) as peer:
        experiment = noisy_experiment(models={"names": ["gpt-5-nano"], "url": peer.url})
        assert experiment.models is not None
        assert not list(model_problems(experiment.models))
        question = Message(role="user", content="x")
        with open_gateway(setup_of(experiment.models), {}) as gateway:
            gateway.ask(CompletionRequest(model="gpt-5-nano", messages=(question,)))
        bench_of(experiment)


def _make_a_coding_agent() -> None:
    coding = {"kind": "coding", "models": ["gpt-5-nano"], "url": "http://127.0.0.1:9/v1"}
    experiment = noisy_experiment(meta=[coding])
    config = experiment.meta[0]
    assert isinstance(config, CodingConfig)
    assert setup_of(config).url == config.url
    list(coding_problems(config, "meta.0."))
    build_meta_agent(experiment.meta, build_world(experiment).baseline)


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=str)
def test_every_field_is_read_where_a_run_needs_it(
    model: type[BaseModel], name: str, reads: set[tuple[type, str]]
) -> None:
    if model is Limits and name in LIMITS_INSIDE:
        # Read beyond the wire; tests/sandbox/test_limits.py passes each of them.
        inside = [file.read_text(encoding="utf-8") for file in INSIDE.glob("*.py")]
        assert any(f'limits["{name}"]' in text for text in inside)
    else:
        stays = model is not TargetConfig or name in ("path", "components")
        travelling = model if stays else TargetSpec
        assert (travelling, name) in reads


@pytest.mark.parametrize(
    ("model", "name"),
    [(model, name) for model, name in FIELDS if model.__module__ == Experiment.__module__],
    ids=str,
)
def test_every_field_says_what_it_is(model: type[BaseModel], name: str) -> None:
    assert model.model_fields[name].description


def test_crossover_alone_is_refused(good_lines: list[str]) -> None:
    from agentlab.experiment.load import parse_experiment

    lines = [line.replace("[mutation]", "[crossover]") for line in good_lines]
    with pytest.raises(InputError, match=r"crossover alone has nothing to merge; add mutation"):
        parse_experiment("\n".join(lines).encode(), "f.yaml")
    lines = [line.replace("[mutation]", "[crossover, numeric]") for line in good_lines]
    assert len(parse_experiment("\n".join(lines).encode(), "f.yaml").meta) == 2


def test_canaries_as_proposals_stand_alone(good_lines: list[str]) -> None:
    from agentlab.experiment.load import parse_experiment

    lines = [line.replace("[mutation]", "[mutation, canary]") for line in good_lines]
    with pytest.raises(InputError, match="canary stands alone; for canaries beside a run: search"):
        parse_experiment("\n".join(lines).encode(), "f.yaml")
    lines = [line.replace("[mutation]", "[canary]") for line in good_lines]
    assert parse_experiment("\n".join(lines).encode(), "f.yaml").is_aa


def test_another_bank_of_ideas_takes_the_place_of_the_first(good_lines: list[str]) -> None:
    from agentlab.experiment.load import parse_experiment

    experiment = parse_experiment("\n".join(good_lines).encode(), "f.yaml")
    changed = experiment.with_ideas(Path("mine")).with_ideas(Path("yours"))
    assert [source.kind for source in changed.meta] == ["ideas", "mutation"]
    assert [s.folder for s in changed.meta if isinstance(s, IdeasConfig)] == ["yours"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{kind: command, cli: generic}", "generic needs a `line`"),
        ("{kind: command, cli: claud-code}", "claude-code"),
        ("{kind: command, cli: aider, cost_usd: 1}", "cost_usd: aider keeps no such limit"),
        ("{kind: command, cli: aider, line: 'aider {breif}'}", "did you mean 'brief'?"),
        ("{kind: command, cli: aider, wall_s: 0}", "wall_s"),
        ("{kind: command, cli: aider, keys: ['A B']}", "keys"),
        ("{kind: command, cli: aider}, {kind: command, cli: aider, model: x}", "called 'aider'"),
        ("{kind: command, cli: aider, name: mutation}, mutation", "called 'mutation'"),
    ],
)
def test_a_coding_agent_that_cannot_be_asked_so_is_refused(
    source: str, said: str, good_lines: list[str]
) -> None:
    from agentlab.experiment.load import parse_experiment

    lines = [line.replace("[mutation]", f"[{source}]") for line in good_lines]
    with pytest.raises(InputError, match=re.escape(said)):
        parse_experiment("\n".join(lines).encode(), "x.yaml")
