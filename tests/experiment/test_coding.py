"""A coding agent in a run: what it needs, finds and costs, and a kill at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.decision import Decision, Verdict
from agentlab.core.progress import Silent
from agentlab.errors import InputError, ModelDown
from agentlab.experiment.build import build_meta_agent, build_world
from agentlab.experiment.coding import coding_problems
from agentlab.experiment.config import CodingConfig
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.meta.coding.agent import CodingAgent
from agentlab.meta.coding.conversation import SYSTEM
from agentlab.search.journal import Proposed
from agentlab.store.run_folder import RunFolder, list_runs
from agentlab.store.store import Store
from agentlab.testing.model_peer import ModelPeer, PeerReply, PeerRequest, fails, says
from tests.experiment.doors import LOOKS, brain, doors_experiment

pytest.importorskip("langgraph.checkpoint.sqlite")
pytest.importorskip("httpx")

ROOT = Path(__file__).parents[2]


def decided(folder: RunFolder) -> list[Decision]:
    with closing(Store(folder.database_url, read_only=True)) as store:
        return store.decisions(folder.name)


def proposed(folder: RunFolder) -> list[Proposed]:
    with closing(Store(folder.database_url, read_only=True)) as store:
        return [Proposed(**event) for event in store.events(folder.name, "proposed")]


def winner_source(folder: RunFolder) -> str:
    with closing(Store(folder.database_url, read_only=True)) as store:
        kept = [d for d in store.decisions(folder.name) if d.verdict is Verdict.KEPT]
        return store.candidate(folder.name, kept[-1].candidate).files["agent.py"].decode()


@pytest.mark.usefixtures("called")
def test_the_structural_edit_is_found_among_decoys_and_kept(tmp_path: Path) -> None:
    with ModelPeer(brain) as peer:
        run_experiment(doors_experiment(peer.url), runs=tmp_path, observer=Silent())

    (folder,) = list_runs(tmp_path)
    assert winner_source(folder) == LOOKS
    kept = [d for d in decided(folder) if d.verdict is Verdict.KEPT]
    assert [d.label for d in kept] == ["peer: Looks, then opens."]
    assert len(decided(folder)) == 4


@pytest.mark.usefixtures("called")
def test_what_was_tried_and_asked_is_in_the_log(tmp_path: Path) -> None:
    with ModelPeer(brain) as peer:
        run_experiment(doors_experiment(peer.url), runs=tmp_path, observer=Silent())
        asked = peer.count

    (folder,) = list_runs(tmp_path)
    attempts = [attempt for batch in proposed(folder) for attempt in batch.attempts]
    assert sum(attempt.calls for attempt in attempts) == asked
    assert all(attempt.cost_usd > 0 and attempt.trials for attempt in attempts)
    numbers = [attempt.number for attempt in attempts if attempt.candidate]
    assert numbers == [decision.number for decision in decided(folder)]


@pytest.mark.usefixtures("called")
def test_what_others_wrote_never_speaks_as_the_system(tmp_path: Path) -> None:
    with ModelPeer(brain) as peer:
        run_experiment(doors_experiment(peer.url), runs=tmp_path, observer=Silent())

    systems = {
        message["content"]
        for request in peer.requests
        for message in request.body["messages"]
        if message["role"] == "system"
    }
    assert systems == {SYSTEM}


@pytest.mark.usefixtures("called")
def test_the_run_pays_for_its_models(tmp_path: Path) -> None:
    with ModelPeer(brain) as peer:
        experiment = doors_experiment(peer.url, budget={"candidates": 40, "cost_usd": 0.05})
        run_experiment(experiment, runs=tmp_path, observer=Silent())

    (folder,) = list_runs(tmp_path)
    spent = [sum(a.cost_usd for a in batch.attempts) for batch in proposed(folder)]
    assert sum(spent[:-1]) < 0.05 <= sum(spent) or len(decided(folder)) < 40


@pytest.mark.usefixtures("called")
def test_a_model_with_nothing_to_say_ends_the_search_with_its_reason(tmp_path: Path) -> None:
    with ModelPeer([says("no")]) as peer:
        result = run_experiment(doors_experiment(peer.url), runs=tmp_path, observer=Silent())

    assert result.stopped_by == (
        "no more proposals; the last came to nothing: the model called no tool, 3 turns in a row"
    )


@pytest.mark.usefixtures("called")
@pytest.mark.parametrize("status", [401, 500])
def test_a_model_that_is_down_stops_the_run_which_can_be_resumed(
    tmp_path: Path, status: int
) -> None:
    is_down = True

    def script(request: PeerRequest) -> PeerReply:
        return fails(status) if is_down else brain(request)

    with ModelPeer(script) as peer:
        experiment = doors_experiment(peer.url, patience={"first_wait_s": 0.01})
        with pytest.raises((ModelDown, InputError), match=f"status {status}"):
            run_experiment(experiment, runs=tmp_path, observer=Silent())
        assert peer.count <= 10
        is_down = False
        (folder,) = list_runs(tmp_path)
        resume_run(folder, observer=Silent())

    assert winner_source(folder) == LOOKS


def test_numbers_are_left_to_a_numeric_optimiser_that_shares_the_run() -> None:
    experiment = doors_experiment("http://127.0.0.1:9/v1")
    baseline = build_world(experiment).baseline
    with ExitStack() as stack:
        alone = build_meta_agent(experiment.meta, baseline, opened=stack)
        assert isinstance(alone, CodingAgent)
        assert not alone._settings.numbers_elsewhere
        both = doors_experiment("http://127.0.0.1:9/v1", meta=[experiment.meta[0], "numeric"])
        shared = build_meta_agent(both.meta, baseline, opened=stack)
        assert shared._agents["coding"]._settings.numbers_elsewhere  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"models": ["peer"], "prices": {}}, "meta.0.models: no price for model 'peer'"),
        ({"url": "ftp://x"}, "meta.0.url: the address of a server that speaks the OpenAI protocol"),
        (
            {"key_variable": "NO_SUCH_KEY"},
            "meta.0.key_variable: the environment has no NO_SUCH_KEY",
        ),
    ],
)
def test_what_it_lacks_is_told_before_the_run(changes: dict[str, Any], problem: str) -> None:
    given = {
        "kind": "coding",
        "models": ["peer"],
        "prices": {"peer": {"prompt": 1, "completion": 1}},
        "url": "http://127.0.0.1:9/v1",
    }
    config = CodingConfig.model_validate({**given, **changes})

    (told,) = coding_problems(config, "meta.0.")

    assert told.startswith(problem)


KILLS = int(os.environ.get("AGENTLAB_TEST_KILLS", "2"))
"""More of them take longer: each is a driver that starts anew."""

SIBLINGS = 2
"""Questions in progress at one time: those a kill may cost."""


def asked_again_though_heard(requests: Sequence[PeerRequest]) -> list[int]:
    """Returns the numbers of questions that were put again after a later one showed its answer."""
    heard: set[str] = set()
    again = []
    for request in requests:
        messages = request.body["messages"]
        seed = request.body.get("seed")
        if json.dumps([seed, messages]) in heard:
            again.append(request.number)
        places = [n for n, message in enumerate(messages) if message["role"] == "assistant"]
        heard |= {json.dumps([seed, messages[:place]]) for place in places}
    return again


_RUN = """
import sys
from pathlib import Path
from agentlab.core.progress import Silent
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.store.run_folder import list_runs
from tests.calling import calling
from tests.experiment.doors import doors_experiment
runs = Path(sys.argv[1])
with calling():
    if found := list_runs(runs):
        resume_run(found[0], observer=Silent())
    else:
        run_experiment(doors_experiment(sys.argv[2]), runs=runs, observer=Silent())
"""


@pytest.mark.serial
@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_pays_for_no_answer_twice(tmp_path: Path) -> None:
    with ModelPeer(brain) as peer:
        whole_runs = tmp_path / "whole"
        run_experiment(doors_experiment(peer.url), runs=whole_runs, observer=Silent())
        asked = peer.count
    driver: list[subprocess.Popen[bytes]] = []
    kill_at = sorted(random.Random(3).sample(range(1, asked), KILLS))

    def mortal(request: PeerRequest) -> PeerReply:
        # Before it is answered, so what was asked is not paid; or while something else is done.
        if kill_at and request.number >= kill_at[0]:
            kill_at.pop(0)
            driver[-1].kill()
            return says("nobody hears this")._replace(ending="broken")
        return brain(request)

    with ModelPeer(mortal) as peer:
        command = [sys.executable, "-c", _RUN, str(tmp_path / "killed"), peer.url]
        kills = -1
        returncode = -signal.SIGKILL
        while returncode == -signal.SIGKILL:
            kills += 1
            driver.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ}))
            returncode = driver[-1].wait(300)

    assert returncode == 0
    assert kills == KILLS
    assert asked <= peer.count <= asked + kills * SIBLINGS
    assert asked_again_though_heard(peer.requests) == []
    (whole,), (killed,) = list_runs(whole_runs), list_runs(tmp_path / "killed")
    assert decided(killed) == decided(whole)
