"""Any model of sentence-transformers: needs torch, is slower for one query, knows every kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentlab.core.value import digest
from agentlab.errors import InputError
from agentlab.retrieval.embedders.checkpoint import Checkpoint
from agentlab.retrieval.embedders.embedder import Matrix, normalised

__all__ = ["TransformerEmbedder"]


class TransformerEmbedder:
    """Embeds texts with sentence-transformers on the processor, one at a time, by one thread."""

    def __init__(self, checkpoint: Checkpoint, *, max_tokens: int = 256) -> None:
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise InputError(
                "sentence-transformers is missing; pip install 'agentlab-autoresearch[train]', or "
                "choose the embedder `onnx`"
            ) from error
        torch.set_num_threads(1)
        self._model = SentenceTransformer(str(checkpoint.folder), device="cpu")
        self._model.max_seq_length = max_tokens
        self.key = digest(["sentence-transformers", checkpoint.key, "fp32", max_tokens])
        self.dimensions = len(self._model.encode("", show_progress_bar=False))

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Returns a row of norm 1 for each text."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._model.encode(text, show_progress_bar=False)
        return normalised(vectors)
