"""Embedders by name: what an experiment's options say becomes the object that encodes."""

from __future__ import annotations

from agentlab.errors import InputError, nearest
from agentlab.retrieval.embedders.bert import NumpyEmbedder
from agentlab.retrieval.embedders.checkpoint import MINILM, find_checkpoint
from agentlab.retrieval.embedders.embedder import Embedder
from agentlab.retrieval.embedders.hashing import HashEmbedder
from agentlab.retrieval.embedders.onnx_runtime import OnnxEmbedder
from agentlab.retrieval.embedders.transformer import TransformerEmbedder

__all__ = ["KINDS", "open_embedder"]

KINDS = ("hash", "numpy", "onnx", "onnx-int8", "sentence-transformers")
"""The kinds that there are, from the lightest installation to the heaviest."""


def open_embedder(name: str, *, max_tokens: int = 256) -> Embedder:
    """Returns the embedder of a name, `KIND` or `KIND:MODEL`.

    Args:
        name: One of `KINDS`; a model is a folder or a name on the Hugging Face hub, by default the
            packaged all-MiniLM-L6-v2. `hash` has no model.
        max_tokens: A longer text is cut at its end; of no matter to `hash`.

    Raises:
        InputError: there is no such kind, or a package or the model is missing.
    """
    kind, _, model = name.partition(":")
    if kind not in KINDS:
        raise InputError(
            f"embedder: {name!r} is unknown{nearest(kind, KINDS)} (known: {', '.join(KINDS)}; all "
            "but hash may be followed by :MODEL)"
        )
    if kind == "hash":
        if model:
            raise InputError(f"embedder: {name!r}: hash has no model; write hash")
        return HashEmbedder()
    checkpoint = find_checkpoint(model or MINILM)
    match kind:
        case "numpy":
            return NumpyEmbedder(checkpoint, max_tokens=max_tokens)
        case "sentence-transformers":
            return TransformerEmbedder(checkpoint, max_tokens=max_tokens)
    return OnnxEmbedder(
        checkpoint,
        quantisation="int8" if kind == "onnx-int8" else "fp32",
        max_tokens=max_tokens,
    )
