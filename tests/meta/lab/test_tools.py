"""The lab's tools, called as an agent calls them."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from agentlab.core.candidate import Candidate
from agentlab.core.decision import Verdict
from agentlab.core.meta_agent import Probed
from agentlab.core.tool import Tools
from agentlab.errors import ToolError
from agentlab.meta.lab.session import Allowance, LabSession
from agentlab.meta.lab.tools import LabTools
from tests.meta.lab.workshop import PlainWorkshop, frames_of, record

BETTER = "def solve(goal, tools):\n    return 1\n"


@pytest.fixture
def lab(workshop: PlainWorkshop) -> LabTools:
    workshop.success = lambda candidate, task: float(candidate.digest != workshop.baseline.digest)
    return LabTools(workshop, workshop.baseline)


def call(lab: LabTools, tool: str, **arguments: JsonValue) -> str:
    return str(Tools.of(lab)[tool].call(arguments).value)


def submit(lab: LabTools, **arguments: JsonValue) -> str:
    return call(lab, "submit", title="one", hypothesis="it helps", **arguments)


def test_the_tools_are_these(lab: LabTools) -> None:
    assert " ".join(Tools.of(lab)) == (
        "list_files read_file search edit_file run_trials run_probe show_trace show_diff "
        "show_history note submit"
    )


def test_every_tool_says_what_it_does(lab: LabTools) -> None:
    assert all(
        tool.description and tool.schema["type"] == "object" for tool in Tools.of(lab).values()
    )


def test_files_are_listed_with_what_may_be_edited(lab: LabTools) -> None:
    listed = call(lab, "list_files")

    assert "frozen.txt  12 bytes, frozen" in listed
    assert "agent.py" in listed


def test_lines_of_a_file_are_read_as_data(lab: LabTools) -> None:
    shown = call(lab, "read_file", path="agent.py", first_line=3, lines=1)

    assert shown == '<data of="agent.py, lines 3 to 3 of 17">\nLIMIT = 200\n</data>'


def test_a_text_is_found_in_all_files(lab: LabTools) -> None:
    assert "agent.py:3: LIMIT = 200" in call(lab, "search", text="LIMIT")
    assert call(lab, "search", text="LIMIT", path="frozen.txt") == "nothing found"


def test_an_edit_shows_in_the_diff(lab: LabTools) -> None:
    assert call(lab, "show_diff") == "no changes so far"

    done = call(lab, "edit_file", path="agent.py", old="LIMIT = 200", new="LIMIT = 20")

    assert done == "agent.py: changed at line 3"
    assert "+LIMIT = 20\n" in call(lab, "show_diff")


def test_an_edit_that_cannot_run_says_what_is_to_be_mended(lab: LabTools) -> None:
    assert "does not parse" in call(lab, "edit_file", path="agent.py", new="def solve(:\n")


def test_trials_are_compared_with_the_parent_and_written_down(lab: LabTools) -> None:
    call(lab, "edit_file", path="agent.py", new=BETTER)

    shown = call(lab, "run_trials", tasks=["a"], blocks=3)

    assert "success, better is positive: +1.000 +- 0.000 over 3 pairs" in shown
    assert len(lab.session.trials) == 6


def test_trials_beyond_the_allowance_are_not_run(workshop: PlainWorkshop) -> None:
    lab = LabTools(workshop, workshop.baseline, allowance=Allowance(trials=1))
    call(lab, "edit_file", path="agent.py", new=BETTER)

    with pytest.raises(ToolError, match="2 trials asked for, 1 are left"):
        call(lab, "run_trials")
    assert workshop.tried == []


def test_an_unknown_task_is_told_with_the_nearest(workshop: PlainWorkshop) -> None:
    workshop.tasks = ("house-1", "house-2")

    with pytest.raises(ToolError, match="did you mean"):
        call(LabTools(workshop, workshop.baseline), "run_trials", tasks=["house1"])


def test_files_that_would_be_refused_are_not_run(lab: LabTools, workshop: PlainWorkshop) -> None:
    call(lab, "edit_file", path="agent.py", new="x = 1\n")

    with pytest.raises(ToolError, match="defines no 'solve'"):
        call(lab, "run_trials")
    assert workshop.tried == []


def test_a_probe_answers_and_is_counted(lab: LabTools, workshop: PlainWorkshop) -> None:
    assert '"n": 1' in call(lab, "run_probe", script="def probe(episodes): ...")
    assert lab.session.probes == ("probe",)

    workshop.answer = Probed("other", None, "crashed: KeyError")
    assert "KeyError" in call(lab, "run_probe", script="def probe(episodes): ...")
    call(lab, "run_probe", script="def probe(episodes): ...")
    with pytest.raises(ToolError, match="all 3 probes are used"):
        call(lab, "run_probe", script="def probe(episodes): ...")


def test_a_trace_of_the_parent_is_shown(lab: LabTools, workshop: PlainWorkshop) -> None:
    failed = record(workshop.baseline, "a", 0.0)
    workshop.records[workshop.baseline.digest] = [failed]
    workshop.traces[failed.key] = frames_of(("look", "left"))

    assert "1. look() -> left" in call(lab, "show_trace", task="a", outcome="failed", own=False)
    with pytest.raises(ToolError, match="no such episode of your files"):
        call(lab, "show_trace", task="a")


def test_history_tells_all_or_one(lab: LabTools, workshop: PlainWorkshop) -> None:
    assert call(lab, "show_history") == "no proposals so far"
    made = Candidate(
        files={**workshop.baseline.files, "agent.py": b"x = 1\n"}, hypothesis="it is x"
    )
    workshop.others.append(made)
    workshop.decide("coding", "make x", Verdict.DISCARDED, candidate=made.digest)

    assert "#1 make x: discarded" in call(lab, "show_history")
    one = call(lab, "show_history", number=1)
    assert "it is x" in one
    assert "+x = 1" in one
    with pytest.raises(ToolError, match="no proposal 7; there are 1"):
        call(lab, "show_history", number=7)


def test_a_note_is_kept_for_later(lab: LabTools) -> None:
    call(lab, "note", text="doors stick")

    assert lab.session.notes == ("doors stick",)


def test_a_submission_closes_the_files(lab: LabTools) -> None:
    call(lab, "edit_file", path="agent.py", new=BETTER)
    assert submit(lab, tasks=["a"], size=0.2, approach="one") == "submitted"

    submitted = lab.session.submitted
    assert submitted is not None
    assert (submitted.prediction.tasks, submitted.prediction.size) == (("a",), 0.2)
    with pytest.raises(ToolError, match="handed in"):
        call(lab, "edit_file", path="agent.py", new="x")


def test_nothing_changed_and_what_was_proposed_before_are_refused(
    lab: LabTools, workshop: PlainWorkshop
) -> None:
    with pytest.raises(ToolError, match="nothing changed"):
        submit(lab)
    workshop.others.append(
        Candidate(files={**workshop.baseline.files, "agent.py": BETTER.encode()})
    )
    call(lab, "edit_file", path="agent.py", new=BETTER)
    with pytest.raises(ToolError, match="proposed before"):
        submit(lab)


def test_numbers_alone_are_refused_where_an_optimiser_tries_them(workshop: PlainWorkshop) -> None:
    lab = LabTools(workshop, workshop.baseline, numbers_elsewhere=True)
    call(lab, "edit_file", path="agent.py", old="LIMIT = 200", new="LIMIT = 20")

    with pytest.raises(ToolError, match="only numbers differ"):
        submit(lab)


@pytest.mark.parametrize("size", [-0.1, 1.5, "much"])
def test_a_prediction_has_a_size_that_can_be_checked(lab: LabTools, size: JsonValue) -> None:
    call(lab, "edit_file", path="agent.py", new=BETTER)

    with pytest.raises(ToolError, match="bad_arguments"):
        submit(lab, size=size)


def test_what_was_done_can_be_put_down_and_taken_up(lab: LabTools, workshop: PlainWorkshop) -> None:
    call(lab, "edit_file", path="agent.py", new=BETTER)
    call(lab, "run_trials", tasks=["a"])
    call(lab, "note", text="n")
    written = lab.session.model_dump_json()

    again = LabTools(workshop, workshop.baseline, session=LabSession.model_validate_json(written))

    assert again.session == lab.session
    assert again.workspace.files == lab.workspace.files
    workshop.traces[lab.session.trials[0]] = frames_of(("look", "right"))
    assert "look() -> right" in call(again, "show_trace", task="a")


def test_a_check_complains_of_what_is_worse_and_of_nothing_else(workshop: PlainWorkshop) -> None:
    workshop.tasks = tuple("abcdef")
    workshop.success = lambda candidate, task: float(candidate.digest == workshop.baseline.digest)
    lab = LabTools(workshop, workshop.baseline)
    call(lab, "edit_file", path="agent.py", new=BETTER)

    assert "it looks worse" in lab.check()
    workshop.success = lambda candidate, task: 1.0
    assert lab.check() == ""


def test_a_submission_that_is_taken_back_can_be_mended(lab: LabTools) -> None:
    call(lab, "edit_file", path="agent.py", new=BETTER)
    submit(lab)
    lab.reopen()

    assert call(lab, "edit_file", path="agent.py", new=BETTER + "\n").startswith("agent.py")
