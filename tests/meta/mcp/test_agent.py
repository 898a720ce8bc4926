"""A client as a meta-agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.decision import Verdict
from agentlab.errors import ProposerDown
from agentlab.meta.mcp.agent import McpAgent, offered_tools
from agentlab.meta.mcp.desk import ClientDesk, Said
from tests.meta.lab.workshop import PlainWorkshop
from tests.meta.plain_lab import SOURCE

Client = Callable[..., Said]


@pytest.fixture
def lab() -> PlainWorkshop:
    baseline = Candidate(files={"agent.py": SOURCE, "frozen.txt": b"do not touch"})
    return PlainWorkshop(baseline, target=TargetSpec(editable=("agent.py",)))


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def propose(
    lab: PlainWorkshop, pool: ThreadPoolExecutor, talk: Callable[[Client], None]
) -> Sequence[Candidate]:
    """Returns what a client proposes that talks so."""
    desk = ClientDesk()

    def client(name: str, **arguments: Any) -> Said:
        return desk.call(name, arguments)

    told = pool.submit(talk, client)
    found = McpAgent(desk).propose(lab, [lab.baseline], count=4, seed=1)
    told.result()
    return found


def test_a_client_reads_edits_submits_and_has_proposed(
    lab: PlainWorkshop, pool: ThreadPoolExecutor
) -> None:
    def talk(client: Client) -> None:
        assert "Rewrite the target" in client("read_brief").text
        assert "LIMIT = 200" in client("read_file", path="agent.py").text
        assert not client("edit_file", path="agent.py", old="LIMIT = 200", new="LIMIT = 9").is_error
        said = client("submit", title="Less", hypothesis="it is too much", size=0.1)
        assert said.text == "submitted; call `wait` for the decision"

    (candidate,) = propose(lab, pool, talk)
    assert b"LIMIT = 9" in candidate.files["agent.py"]
    assert (candidate.source, candidate.label, candidate.provenance) == ("mcp", "Less", "model")
    (attempt,) = lab.attempts
    assert attempt.candidate == candidate.digest
    assert attempt.prediction is not None
    assert attempt.prediction.size == 0.1


def test_what_may_not_be_is_answered_as_an_error_and_the_talk_goes_on(
    lab: PlainWorkshop, pool: ThreadPoolExecutor
) -> None:
    answers: list[Said] = []

    def talk(client: Client) -> None:
        answers.append(client("edit_file", path="frozen.txt", new="mine"))
        answers.append(client("edit_file", path="../x.py", new="mine"))
        answers.append(client("edit_file", file="agent.py"))
        answers.append(client("no_such_tool"))
        answers.append(client("submit", title="Nothing", hypothesis="none"))
        answers.append(client("finish"))

    assert propose(lab, pool, talk) == []
    assert [said.is_error for said in answers] == [True] * 5 + [False]
    assert "frozen" in answers[0].text
    assert lab.attempts == []


def test_waiting_tells_what_was_decided_last(lab: PlainWorkshop, pool: ThreadPoolExecutor) -> None:
    lab.decide("mcp", "Less", Verdict.DISCARDED)

    def talk(client: Client) -> None:
        said = client("wait").text
        assert "Less" in said
        assert "discarded" in said
        client("finish")

    assert propose(lab, pool, talk) == []


def test_a_client_that_leaves_is_no_end_of_the_search(lab: PlainWorkshop) -> None:
    desk = ClientDesk()
    desk.leave()
    with pytest.raises(ProposerDown, match="the client has left"):
        McpAgent(desk).propose(lab, [lab.baseline], count=1, seed=1)


def test_each_tool_is_offered_with_its_description_and_schema() -> None:
    offered = {one.name: one for one in offered_tools()}
    assert {
        "read_brief", "wait", "finish", "list_files", "read_file", "search", "edit_file",
        "run_trials", "run_probe", "show_trace", "show_diff", "show_history", "note", "submit",
    } == set(offered)  # fmt: skip
    assert all(one.description and one.schema["type"] == "object" for one in offered.values())
    assert "Args: title" in offered["submit"].description
