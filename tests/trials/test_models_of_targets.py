"""A target that asks models by its vendor's SDK, or by HTTP alone, from inside its sandbox."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.outcome import Fate
from agentlab.core.task import Task
from agentlab.core.trial import Bench, ModelAddress, ModelNames, Pair, Trial
from agentlab.errors import InfraError
from agentlab.llm.cache import AnswerCache
from agentlab.llm.gateway import Caps, Gateway
from agentlab.llm.model import Completion
from agentlab.llm.prices import builtin_prices
from agentlab.llm.scripted import ScriptedModel
from agentlab.llm.server import GatewayServer
from agentlab.sandbox.interpreter import with_requirements
from agentlab.sandbox.probe import probe
from agentlab.trials.executor import Finished
from agentlab.trials.worker import TrialWorker

NAMES = {"small": "gpt-4o"}
ANSWER = Completion(text="France", prompt_tokens=1000, completion_tokens=100, model="gpt-4o")
PRICE = builtin_prices().cost_usd("gpt-4o", 1000, 100)

BY_HTTP = """
import json, os, urllib.request

def ask(**more):
    body = {"model": "small", "messages": [{"role": "user", "content": "where?"}], **more}
    url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
    request = urllib.request.Request(url, json.dumps(body).encode())
    answer = json.loads(urllib.request.urlopen(request).read())
    return answer["choices"][0]["message"]["content"]

def solve(goal, tools):
    return ask()
"""
BY_OPENAI = """
from openai import OpenAI

def solve(goal, tools):
    said = OpenAI().chat.completions.create(
        model="small", messages=[{"role": "user", "content": "where?"}], max_completion_tokens=200
    )
    return said.choices[0].message.content
"""
BY_ANTHROPIC = """
from anthropic import Anthropic

def solve(goal, tools):
    with Anthropic().messages.stream(
        model="small", max_tokens=200, messages=[{"role": "user", "content": "where?"}]
    ) as stream:
        return "".join(stream.text_stream)
"""


@pytest.fixture(params=["bubblewrap", "plain"])
def layer(request: pytest.FixtureRequest) -> str:
    """Each layer in turn."""
    if request.param == "bubblewrap" and not probe().is_isolated:
        pytest.skip("no walls here")
    return str(request.param)


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(lambda _: ANSWER)


class Stage:
    """Runs candidates that may ask models, against a gateway."""

    def __init__(self, folder: Path, layer: str, gateway: Gateway) -> None:
        self._folder = folder
        self._layer = layer
        self._server = GatewayServer(gateway, "token")

    def run(
        self, source: str, *trials: dict[str, Any], packages: tuple[str, ...] = ()
    ) -> list[Finished]:
        candidate = Candidate(files={"agent.py": textwrap.dedent(source).encode()})
        address = ModelAddress(url=self._server.url, token="token", deadline_s=20)
        with closing(TrialWorker(self.bench(packages, address), artefacts=self._folder)) as worker:
            return [
                worker.run(
                    Trial(
                        bench="b", candidate=candidate.digest, pair=PAIR, trace="always", **trial
                    ),
                    candidate,
                )
                for trial in trials or ({},)
            ]

    def bench(self, packages: tuple[str, ...], address: ModelAddress | None) -> Bench:
        return Bench(
            environment=EnvironmentSpec(
                reference="agentlab.testing.environments.noisy:NoisyEnvironment"
            ),
            target=TargetSpec(packages=packages),
            limits=Limits(wall_s=60, processes=32),
            sandbox=self._layer,  # type: ignore[arg-type]
            models=ModelNames(backend="scripted", names=NAMES),
            access=address,
        )

    def close(self) -> None:
        self._server.close()


PAIR = Pair(task=Task(id="open-0", group="open"), seed=1, split="train", cluster="c")


@pytest.fixture
def stage(tmp_path: Path, layer: str, model: ScriptedModel) -> Iterator[Stage]:
    tmp_path.chmod(0o755)
    stage = Stage(tmp_path, layer, Gateway(model, cache=AnswerCache()))
    yield stage
    stage.close()


def test_what_it_asks_is_answered_metered_and_in_the_trace(stage: Stage) -> None:
    (finished,) = stage.run(BY_HTTP)

    usage = finished.record.usage
    assert finished.trace[-1].frame == {"answer": "France"}
    assert (usage.prompt_tokens, usage.completion_tokens, usage.tool_calls) == (1000, 100, 1)
    assert usage.cost_usd == pytest.approx(PRICE)
    assert usage.cost_kind == "metered"
    assert "where?" in str(finished.trace[0].frame)


def test_a_trial_is_paid_once_and_counts_each_time_and_a_repetition_anew(
    stage: Stage, model: ScriptedModel
) -> None:
    ends = stage.run(BY_HTTP, {}, {}, {"repetition": 1})

    assert [end.record.usage.cost_usd for end in ends] == [pytest.approx(PRICE)] * 3
    assert len(model.requests) == 2


def test_threads_may_ask_at_one_time(stage: Stage, model: ScriptedModel) -> None:
    source = BY_HTTP.replace(
        "    return ask()",
        "    from concurrent.futures import ThreadPoolExecutor\n"
        "    with ThreadPoolExecutor(4) as pool:\n"
        "        return list(pool.map(lambda n: ask(max_tokens=200 + n), range(12)))",
    )

    (finished,) = stage.run(source)

    assert finished.trace[-1].frame == {"answer": ["France"] * 12}
    assert finished.record.usage.cost_usd == pytest.approx(12 * PRICE)
    assert len(model.requests) == 12


def test_money_that_the_run_has_no_more_of_leaves_the_trial_unscored(
    tmp_path: Path, layer: str, model: ScriptedModel
) -> None:
    tmp_path.chmod(0o755)
    stage = Stage(tmp_path, layer, Gateway(model, caps=Caps(tokens=0)))
    (finished,) = stage.run(BY_HTTP)
    stage.close()

    assert finished.record.fate is Fate.INFRA
    assert finished.record.reason.startswith("tokens: 0 of 0")
    assert model.requests == []


def test_a_limit_of_the_trial_holds_for_what_models_cost(stage: Stage) -> None:
    source = BY_HTTP.replace("return ask()", "return [ask(max_tokens=200 + n) for n in range(999)]")

    (finished,) = stage.run(source)

    assert (finished.record.fate, finished.record.reason) == (Fate.LIMIT, "tool_calls")


@pytest.mark.parametrize(
    ("package", "source"), [("openai", BY_OPENAI), ("anthropic", BY_ANTHROPIC)]
)
@pytest.mark.timeout(300)
def test_an_agent_that_knows_nothing_of_this_runs_by_its_vendors_sdk(
    package: str, source: str, stage: Stage, model: ScriptedModel
) -> None:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{package} is not installed")

    (finished,) = stage.run(source, packages=tuple(with_requirements([package])))

    assert finished.trace[-1].frame == {"answer": "France"}
    assert finished.record.usage.cost_usd == pytest.approx(PRICE)
    assert len(model.requests) == 1


def test_a_bench_of_models_without_a_gateway_does_not_open(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(InfraError, match="no gateway"):
        TrialWorker(stage.bench((), None), artefacts=tmp_path)


def test_models_decide_the_key_of_a_trial_and_where_they_are_does_not(stage: Stage) -> None:
    address = ModelAddress(url="http://here", token="t", deadline_s=1)
    without = stage.bench((), None).model_copy(update={"models": None})

    assert stage.bench((), None).digest == stage.bench((), address).digest
    assert stage.bench((), None).digest != without.digest
