"""The last gate from the command line: promoted, refused, undecided, signed, verified."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from agentlab.cli.promote import parse_margins
from tests.experiment.contenders import HOME, TIED, write_benchmark
from tests.signing.conftest import KeyFiles, make_keys

pytestmark = pytest.mark.usefixtures("called")

TARGET = Path("agentlab/testing/environments/targets/noisy").resolve()


@pytest.fixture
def lab(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns a project of one's own, with a finished run, in which there are benchmarks."""
    project = tmp_path / "project"
    shutil.copytree(finished, project)
    monkeypatch.chdir(project)
    for name, more in (
        ("gains", {}),
        ("loses", {"optimum": HOME}),
        ("tied", {"optimum": TIED}),
    ):
        write_benchmark(project, name, target=str(TARGET), **more)
    return project


@pytest.fixture
def keys(tmp_path: Path) -> KeyFiles:
    return make_keys(tmp_path)


def test_a_promotion_on_the_test_of_a_run_is_recorded_as_a_look_at_it(
    lab: Path, agentlab_call: Callable[..., Any]
) -> None:
    (experiment,) = lab.glob("runs/*/experiment.yaml")
    for _ in range(2):  # the second measures nothing
        agentlab_call("promote", "latest", "--benchmarks", str(experiment))
    told = " ".join(agentlab_call("show").out.split())
    assert "has been looked at 2 times: 1 by this run, 1 by agentlab promote" in told


def records(lab: Path) -> list[Path]:
    return sorted(lab.glob("runs/*/promotions/*.json"))


def test_promoted_is_0_and_the_record_is_signed_and_verified(
    lab: Path, keys: KeyFiles, agentlab_call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENTLAB_SIGNING_KEY", str(keys.private))
    answer = agentlab_call("promote", "latest", "--benchmarks", "gains.yaml", "--out", "out.json")
    assert answer.code == 0, answer.err
    assert answer.out.startswith("promoted: winner of noisy-")
    assert "gains, test" in answer.out
    assert "gains: success: better: +0." in answer.out
    assert "signed by " in answer.out
    (record,) = records(lab)
    assert record.read_bytes() == (lab / "out.json").read_bytes()
    assert keys.private.read_text().splitlines()[1] not in record.read_text() + answer.err

    monkeypatch.delenv("AGENTLAB_SIGNING_KEY")
    verified = agentlab_call("verify", "out.json", "--key", str(keys.public))
    assert verified.code == 0, verified.err
    assert verified.out.splitlines()[0] == answer.out.splitlines()[0]
    data = (lab / "out.json").read_bytes()
    (lab / "out.json").write_bytes(data.replace(b'"promoted"', b'"refused"'))
    tampered = agentlab_call("verify", "out.json", "--key", str(keys.public))
    assert tampered.code == 1
    assert "was changed after it was signed" in tampered.err


def test_a_loss_on_one_of_two_is_1_with_the_reason(
    lab: Path, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("promote", "latest", "--benchmarks", "gains.yaml", "loses.yaml")
    assert answer.code == 1
    assert answer.out.startswith("refused: ")
    assert "loses: success: worse by more than 0.05" in answer.out
    assert "LOSS" in answer.out
    assert "not signed" in answer.out
    assert len(records(lab)) == 1


def test_undecided_is_1_and_json_is_one_object(
    lab: Path, agentlab_call: Callable[..., Any]
) -> None:
    files = ("--benchmarks", "gains.yaml", "--benchmarks", "tied.yaml")
    answer = agentlab_call("promote", "latest", *files, "--json")
    assert answer.code == 1
    found = answer.json
    assert set(found) == {"promotion", "record", "signed_by"}
    assert found["promotion"]["ruling"]["verdict"] == "undecided"
    (reason,) = found["promotion"]["ruling"]["reasons"]
    assert reason["benchmark"] == "tied"
    assert "--set measure.final_blocks=" in reason["text"]
    assert found["signed_by"] is None
    assert Path(found["record"]).resolve() == records(lab)[0].resolve()


def test_the_incumbent_may_be_a_folder_and_margins_be_given(
    lab: Path, agentlab_call: Callable[..., Any]
) -> None:
    (lab / "mine").mkdir()
    (lab / "mine/agent.py").write_text("def solve(goal, tools):\n    return 1\n")
    options = ("--against", "mine", "--margin", "success=0.3", "--split", "validation", "--json")
    promotion = agentlab_call("promote", "latest", "gains.yaml", *options).json["promotion"]
    assert promotion["ruling"]["verdict"] == "promoted"
    assert promotion["incumbent"]["name"] == "folder mine"
    assert promotion["benchmarks"][0]["split"] == "validation"
    assert promotion["benchmarks"][0]["findings"][0]["margin"] == 0.3


def test_bad_input_is_2_before_anything_is_measured(
    lab: Path, keys: KeyFiles, agentlab_call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = (lab / "runs").iterdir()
    for arguments, words in (
        (("latest",), "at least one benchmark"),
        (("nothing", "gains.yaml"), "no run 'nothing'"),
        (("latest", "gans.yaml", "lses.yaml"), "gans.yaml: no such experiment"),
        (("latest", "gans.yaml", "lses.yaml"), "lses.yaml: no such experiment"),
        (("latest", "gains.yaml", "--margin", "success"), "write METRIC=SHARE"),
        (("latest", "gains.yaml", "--margin", "cost=0.1"), "no benchmark tests it"),
        (("latest", "gains.yaml", "--against", "nobody"), "no folder 'nobody'"),
        (("latest", "gains.yaml", "--against", str(run)), "the same files"),
        (("latest", "gains.yaml", "--policy", "any"), "--policy"),
        (("latest", "gains.yaml", "--out", "nowhere/out.json"), "cannot be written"),
        (("latest", "gains.yaml", "--out", "runs"), "is a folder"),
    ):
        answer = agentlab_call("promote", *arguments)
        assert (answer.code, answer.out) == (2, ""), arguments
        assert words in answer.err, arguments
    inside = str(shutil.copy(keys.private, run))
    monkeypatch.setenv("AGENTLAB_SIGNING_KEY", inside)
    answer = agentlab_call("promote", "latest", "gains.yaml")
    assert answer.code == 2
    assert "has no place in the folder of a run" in answer.err
    keys.private.chmod(0o644)
    monkeypatch.setenv("AGENTLAB_SIGNING_KEY", str(keys.private))
    assert "others may read" in agentlab_call("promote", "latest", "gains.yaml").err
    assert records(lab) == []


@pytest.mark.parametrize("text", ["success", "=0.1", "success=", "success=0", "success=1", "s=-1"])
def test_a_margin_is_a_share_of_a_metric(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="write METRIC=SHARE"):
        parse_margins([text])
