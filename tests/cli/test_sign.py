"""Where a site asks for signatures, only what its key signed runs or promotes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import TARGET
from tests.signing.conftest import KeyFiles, make_keys

pytestmark = pytest.mark.usefixtures("called")


@pytest.fixture
def keys(project: Path) -> KeyFiles:
    """Returns the site's keys; it asks for signatures from now on."""
    return site_of(project)


def site_of(project: Path) -> KeyFiles:
    (project / "site").mkdir()
    (project / "agentlab.toml").write_text(
        "[signing]\nrequire_signed = true\ntrusted_keys = ['site/agentlab.pub']\n"
    )
    return make_keys(project / "site")


def test_an_experiment_runs_once_it_is_signed_and_only_as_it_was_signed(
    project: Path,
    keys: KeyFiles,
    agentlab_call: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unsigned = agentlab_call("run", "noisy.yaml")
    assert unsigned.code == 2
    assert "noisy.yaml: is not signed, and agentlab.toml asks for a signature" in unsigned.err
    assert "AGENTLAB_SIGNING_KEY" in agentlab_call("sign", "noisy.yaml").err

    monkeypatch.setenv("AGENTLAB_SIGNING_KEY", str(keys.private))
    signed = agentlab_call("sign", "noisy.yaml", "--json")
    assert signed.code == 0
    assert signed.json["signature"] == "noisy.yaml.sig"
    assert "signed by" in agentlab_call("sign", "noisy.yaml").out
    monkeypatch.delenv("AGENTLAB_SIGNING_KEY")

    for options, words in (
        (("--seed", "7"), "seed: not as signed"),
        (("--set", "objective.rule.alpha=0.5"), "objective.rule.alpha: not as signed"),
        (("--debug",), "executor.kind: not as signed"),
    ):
        answer = agentlab_call("run", "noisy.yaml", *options)
        assert answer.code == 2
        assert words in answer.err
    idea = project / "ideas/good.md"
    text = idea.read_text()
    idea.write_text(text.replace("0.9", "0.8"))
    assert "meta: not as signed" in agentlab_call("run", "noisy.yaml").err
    assert not (project / "runs").exists()

    idea.write_text(text)
    assert agentlab_call("run", "noisy.yaml", "--json").json["status"] == "completed"
    (run,) = (project / "runs").iterdir()
    assert (run / "experiment.yaml.sig").read_bytes() == (project / "noisy.yaml.sig").read_bytes()


def test_a_promotion_asks_for_signed_benchmarks(
    finished: Path,
    tmp_path: Path,
    agentlab_call: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(shutil.copytree(finished, tmp_path / "project"))
    keys = site_of(Path())
    promote = ("promote", "latest", "--benchmarks", "noisy.yaml")
    unsigned = agentlab_call(*promote)
    assert unsigned.code == 2
    assert "noisy.yaml: is not signed" in unsigned.err
    monkeypatch.setenv("AGENTLAB_SIGNING_KEY", str(keys.private))
    assert agentlab_call("sign", "noisy.yaml").code == 0
    changed = agentlab_call(*promote, "--set", "measure.final_blocks=6")
    assert changed.code == 2
    assert "measure.final_blocks: not as signed" in changed.err
    assert agentlab_call(*promote).code == 0


def test_it_cannot_be_dropped_in_the_experiment(
    project: Path, keys: KeyFiles, agentlab_call: Callable[..., Any]
) -> None:
    answer = agentlab_call("run", "noisy.yaml", "--set", "require_signed=false")
    assert answer.code == 2
    assert "require_signed: unknown key" in answer.err


def test_a_target_changed_since_is_refused(
    project: Path,
    keys: KeyFiles,
    agentlab_call: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(TARGET, project / "agent")
    file = project / "noisy.yaml"
    file.write_text(file.read_text().replace(str(TARGET), "agent"))
    monkeypatch.setenv("AGENTLAB_SIGNING_KEY", str(keys.private))
    assert agentlab_call("sign", "noisy.yaml").code == 0
    (project / "agent/more.py").write_text("")
    assert "target.path: not as signed" in agentlab_call("run", "noisy.yaml").err


def test_each_command_asks_by_what_it_may_do(
    project: Path,
    keys: KeyFiles,
    agentlab_call: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = ("--set", "measure.final_blocks=1", "--set", "measure.min_clusters=2")
    for unsigned in (("aa", "noisy.yaml"), ("evaluate", "noisy.yaml", "--split", "test")):
        answer = agentlab_call(*unsigned)
        assert answer.code == 2
        assert "noisy.yaml: is not signed" in answer.err
    assert not (project / "runs").exists()
    assert agentlab_call("evaluate", "noisy.yaml", *small).code == 0
    assert "is not signed" not in agentlab_call("check", "noisy.yaml", *small).err

    monkeypatch.setenv("AGENTLAB_SIGNING_KEY", str(keys.private))
    assert agentlab_call("sign", "noisy.yaml").code == 0
    assert agentlab_call("aa", "noisy.yaml", "--candidates", "1").code == 0
    other = shutil.copytree(TARGET, project / "other")
    answer = agentlab_call("evaluate", "noisy.yaml", "--split", "test", "--target", str(other))
    assert answer.code == 0
    changed = agentlab_call("evaluate", "noisy.yaml", "--split", "test", *small)
    assert changed.code == 2
    assert "measure.final_blocks, measure.min_clusters: not as signed" in changed.err
