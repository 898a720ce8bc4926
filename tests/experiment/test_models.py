from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.progress import Silent
from agentlab.errors import InputError
from agentlab.experiment.build import bench_of, build_world
from agentlab.experiment.config import Experiment, ModelsConfig
from agentlab.experiment.models import model_problems, open_models
from agentlab.experiment.session import run_experiment
from agentlab.llm.call_log import spent_in
from agentlab.llm.model import CompletionRequest, Message
from agentlab.llm.remote import RemoteGateway
from agentlab.testing.environments.caller import reply
from agentlab.testing.model_peer import ModelPeer, PeerReply, PeerRequest, says

AGENT = """
import json, os, urllib.request

def solve(goal, tools):
    prompt = "\\n".join(goal.inputs["diary"]) + "\\n" + goal.instruction
    body = {"model": "nano", "messages": [{"role": "user", "content": prompt}], "max_tokens": 99}
    url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
    request = urllib.request.Request(url, json.dumps(body).encode())
    answer = json.loads(urllib.request.urlopen(request).read())
    return answer["choices"][0]["message"]["content"]
"""


def script(request: PeerRequest) -> PeerReply:
    """Reads a diary as the world's own model does."""
    messages = (Message(role="user", content=request.text),)
    return says(reply(CompletionRequest(model="x", messages=messages)))


def experiment_of(folder: Path, url: str, **models: object) -> Experiment:
    target = folder / "target"
    target.mkdir(exist_ok=True)
    (target / "agent.py").write_text(AGENT)
    return Experiment.model_validate(
        {
            "name": "llm",
            "environment": "agentlab.testing.environments.caller:CallerEnvironment",
            "target": str(target),
            "meta": ["mutation"],
            "models": {"names": {"nano": "gpt-5-nano"}, "url": url, **models},
            "budget": {"candidates": 1, "trials": 30},
            "measure": {"final_blocks": 1, "min_clusters": 2},
            "limits": {"processes": 32},
            "executor": {"kind": "inline"},
            "accept": ["noise", "cache"],
        }
    )


def test_a_run_asks_by_its_gateway_and_writes_every_call_down(tmp_path: Path) -> None:
    with ModelPeer(script) as peer:
        experiment = experiment_of(tmp_path, peer.url)
        result = run_experiment(experiment, runs=tmp_path / "runs", observer=Silent())

    folder = next((tmp_path / "runs").iterdir())
    spent = spent_in(folder / "models" / "calls.jsonl")
    assert result.status == "completed"
    assert peer.count >= 8
    assert spent.cost_usd > 0
    assert spent.tokens > 0


def test_the_cost_of_a_world_whose_targets_ask_models_is_metered(tmp_path: Path) -> None:
    experiment = experiment_of(tmp_path, "http://127.0.0.1:9/v1")
    without = experiment.model_copy(update={"models": None})

    assert build_world(experiment).traits.cost_kind == "metered"
    assert bench_of(without).models is None
    assert bench_of(experiment).digest != bench_of(without).digest


def test_without_models_nothing_is_started(tmp_path: Path) -> None:
    experiment = experiment_of(tmp_path, "http://x").model_copy(update={"models": None})

    with open_models(experiment) as address:
        assert address is None


def test_the_gateway_is_there_for_as_long_as_it_is_needed(tmp_path: Path) -> None:
    question = CompletionRequest(model="gpt-5-nano", messages=(Message(role="user", content="x"),))
    with (
        ModelPeer(script) as peer,
        open_models(experiment_of(tmp_path, peer.url), tmp_path / "models") as address,
    ):
        assert address is not None
        assert RemoteGateway(address).ask(question).completion.text == "unknown"

    assert (tmp_path / "models" / "calls.jsonl").is_file()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"url": None}, "models.url: the address of a server"),
        ({"key_variable": "NO_SUCH_KEY"}, "models.key_variable: the environment has no NO_SUCH"),
        ({"names": ["my-own"]}, "models.names: no price for model 'my-own'"),
    ],
)
def test_what_is_wrong_is_told_by_its_key(given: dict[str, object], problem: str) -> None:
    config = ModelsConfig.model_validate({"names": ["gpt-5-nano"], "url": "http://x", **given})

    assert [told[: len(problem)] for told in model_problems(config)] == [problem]


def test_a_debuggers_run_has_no_models(tmp_path: Path) -> None:
    given = experiment_of(tmp_path, "http://x").model_dump()
    with pytest.raises(ValueError, match="models: are asked from inside a sandbox"):
        Experiment.model_validate({**given, "executor": {"kind": "debug"}})


def test_a_mistake_in_the_models_is_told_before_anything_runs(tmp_path: Path) -> None:
    experiment = experiment_of(tmp_path, "localhost")

    with pytest.raises(InputError, match=r"models\.url"):
        run_experiment(experiment, runs=tmp_path / "runs", observer=Silent())
    assert not (tmp_path / "runs").exists()
