"""Each shipped trap, as a person runs it: refused as it stands, and fallen for by `greedy`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.benchmarks.traps import TRAPS
from tests.cli.conftest import Call

FAST = ("sandbox=plain", "budget.candidates=2", "measure.final_blocks=6")


class Ends(NamedTuple):
    """How the run of a trap ends."""

    verdict: str
    """What the result of `greedy` begins with."""

    settings: tuple[str, ...] = ()
    """What makes it faster without making it another trap."""


ENDS = {
    "cache": Ends("improved: success 0.617 -> 1 on the sealed test"),
    "leak": Ends("improved: success 0.117 -> 0.533 on the sealed test"),
    "overfit": Ends("worse than the baseline", ("accept=[cache]", "measure.final_blocks=2")),
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settings(name: str, *more: str) -> list[str]:
    given = (*FAST, *more, *ENDS[name].settings)
    return [part for setting in given for part in ("--set", setting)]


@pytest.mark.parametrize("name", ["cache", "leak"])
def test_a_planted_fault_ends_the_run_before_it_begins(name: str, agentlab_call: Call) -> None:
    answer = agentlab_call("run", f"traps/{name}", *settings(name))

    assert answer.code == 2
    assert TRAPS[name].says in answer.err
    assert "Traceback" not in answer.err
    assert not Path("runs").exists()


def test_an_overfit_is_discarded_and_an_honest_gain_kept(agentlab_call: Call) -> None:
    answer = agentlab_call("run", "traps/overfit", *settings("overfit"))
    landmark, compass = agentlab_call("show", "--json").json["decisions"]

    assert answer.code == 0
    assert answer.out.startswith("improved: success")
    assert (landmark["label"], landmark["verdict"]) == (TRAPS["overfit"].planted, "discarded")
    assert TRAPS["overfit"].says in landmark["reason"]
    assert compass["verdict"] == "kept"


@pytest.mark.parametrize("name", sorted(TRAPS))
def test_greedy_keeps_what_is_planted(name: str, agentlab_call: Call) -> None:
    greedy = settings(name, *TRAPS[name].accept, "objective.rule=greedy")
    answer = agentlab_call("run", f"traps/{name}", *greedy, "--json")

    assert answer.code == 0
    assert answer.json["verdict"].startswith(ENDS[name].verdict)
    (kept,) = answer.json["kept"]
    assert kept["label"] == TRAPS[name].planted
    assert kept["differences"]["success"]["estimate"] >= 0.2


def test_every_trap_is_tried(agentlab_call: Call) -> None:
    listed = agentlab_call("envs", "--json").json["experiments"]
    traps = {Path(entry["reference"]).stem for entry in listed if "traps/" in entry["reference"]}

    assert traps == set(TRAPS) == set(ENDS)
