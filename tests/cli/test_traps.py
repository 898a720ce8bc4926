"""Each shipped trap, as a person runs it: refused as it stands, and fallen for by `greedy`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.benchmarks.traps import TRAPS
from tests.cli.conftest import Call

pytestmark = pytest.mark.usefixtures("called")

FAST = ("sandbox=plain", "budget.candidates=2", "measure.final_blocks=6")


class Ends(NamedTuple):
    """How the run of a trap ends."""

    verdict: str
    """What the result of `greedy` begins with."""

    settings: tuple[str, ...] = ()
    """What makes it faster without making it another trap."""


ENDS = {
    "cache": Ends("improved: success 0.617 -> 1 on the sealed test"),
    "co_optimisation": Ends(
        "improved: success 0.417 -> 0.583 on the sealed test",
        ("budget.candidates=24", "measure.final_blocks=3"),
    ),
    "leak": Ends("improved: success 0.117 -> 0.533 on the sealed test"),
    "lucky": Ends("not confirmed", ("measure.final_blocks=5",)),
    "overfit": Ends("worse than the baseline", ("accept=[cache]", "measure.final_blocks=2")),
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settings(name: str, *more: str) -> list[str]:
    given = (*FAST, *more, *ENDS[name].settings)
    return settings_of(*given)


def settings_of(*given: str) -> list[str]:
    return [part for setting in given for part in ("--set", setting)]


@pytest.mark.parametrize("name", ["cache", "leak"])
def test_a_planted_fault_ends_the_run_before_it_begins(name: str, agentlab_call: Call) -> None:
    answer = agentlab_call("run", f"traps/{name}", *settings(name))

    assert answer.code == 2
    assert TRAPS[name].says in answer.err
    assert "Traceback" not in answer.err
    assert not Path("runs").exists()


@pytest.mark.slow
def test_an_overfit_is_discarded_and_an_honest_gain_kept(agentlab_call: Call) -> None:
    answer = agentlab_call("run", "traps/overfit", *settings("overfit"))
    landmark, compass = agentlab_call("show", "--json").json["decisions"]

    assert answer.code == 0
    assert answer.out.startswith("improved: success")
    assert (landmark["label"], landmark["verdict"]) == (TRAPS["overfit"].planted, "discarded")
    assert TRAPS["overfit"].says in landmark["reason"]
    assert compass["verdict"] == "kept"


@pytest.mark.slow
def test_luck_is_not_kept(agentlab_call: Call) -> None:
    answer = agentlab_call("run", "traps/lucky", *settings("lucky"))
    (heads,) = agentlab_call("show", "--json").json["decisions"]

    assert answer.code == 0
    assert answer.out.startswith("nothing kept")
    assert (heads["label"], heads["verdict"]) == (TRAPS["lucky"].planted, "undecided")
    assert TRAPS["lucky"].says in heads["reason"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_rounds_that_stop_short_say_that_the_components_are_coupled(agentlab_call: Call) -> None:
    answer = agentlab_call("run", "traps/co_optimisation", *settings("co_optimisation"))
    result = agentlab_call("report", "--json").json
    decisions = agentlab_call("show", "--json").json["decisions"]

    assert answer.code == 0
    out = " ".join(answer.out.split())
    assert TRAPS["co_optimisation"].says in out
    assert "2 prompt: 0 of 4 proposals kept" in out
    assert "#6 is better with ranking as it came" in out
    assert "{open: [prompt], earlier: open}" in out
    coupling = result["rounds"][1]["coupling"]
    assert coupling["label"] == "003-words-of-the-catalogue"
    assert coupling["interaction"]["high"] < 0 < coupling["alone"]["low"]
    assert [one["round"] for one in decisions] == [1] * 4 + [2] * 4
    kept = [one["label"] for one in decisions if one["verdict"] == "kept"]
    assert kept == [TRAPS["co_optimisation"].planted]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_tuned_together_as_recommended_both_gain(agentlab_call: Call) -> None:
    recommended = TRAPS["co_optimisation"].recommended
    briefly = ("rounds.1.coupling_blocks=0", "budget.candidates=10")
    given = [*settings("co_optimisation", *recommended), *settings_of(*briefly)]
    answer = agentlab_call("run", "traps/co_optimisation", *given, "--json")

    assert answer.json["winner"]["test"]["success"]["estimate"] > 0.7
    assert answer.json["rounds"][1]["kept"] >= 1
    assert "tune them together" not in answer.json["verdict"]


# One quick run of each trap: where the default settings refuse at once, `greedy` takes longer.
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if trap.accept else ())
        for name, trap in sorted(TRAPS.items())
    ],
)
def test_greedy_keeps_what_is_planted(name: str, agentlab_call: Call) -> None:
    greedy = settings(name, *TRAPS[name].accept, "objective.rule=greedy")
    answer = agentlab_call("run", f"traps/{name}", *greedy, "--json")

    assert answer.code == 0
    assert answer.json["verdict"].startswith(ENDS[name].verdict)
    (kept,) = answer.json["kept"]
    assert kept["label"] == TRAPS[name].planted
    assert kept["differences"]["success"]["estimate"] >= 0.2
    report = " ".join(agentlab_call("report").out.split())
    assert TRAPS[name].says not in report


def test_every_trap_is_tried(agentlab_call: Call) -> None:
    listed = agentlab_call("envs", "--json").json["experiments"]
    traps = {Path(entry["reference"]).stem for entry in listed if "traps/" in entry["reference"]}

    assert traps == set(TRAPS) == set(ENDS)
