"""Embeds with ONNX Runtime: milliseconds of one processor for a query, and no torch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from agentlab.core.value import digest
from agentlab.errors import InputError
from agentlab.retrieval.embedders.checkpoint import Checkpoint
from agentlab.retrieval.embedders.embedder import Matrix, normalised
from agentlab.retrieval.embedders.onnx_bert import INPUT, Quantisation, onnx_bert
from agentlab.retrieval.embedders.tokens import Tokens

__all__ = ["OnnxEmbedder"]


class OnnxEmbedder:
    """Embeds texts with a BERT's weights, as they are or quantised.

    Each text is encoded alone, by one thread. Beside others it would be padded to the longest,
    which is slower on a processor; and quantised layers, which take their range from all that goes
    through them, would give it another vector.
    """

    def __init__(
        self, checkpoint: Checkpoint, *, quantisation: Quantisation = "fp32", max_tokens: int = 256
    ) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise InputError(
                "onnxruntime is missing; pip install 'agentlab-autoresearch[retrieval]', or choose "
                "the embedder `hash`, which needs neither model nor runtime"
            ) from error
        shape = checkpoint.architecture()
        graph = onnx_bert(checkpoint.weights(), shape, quantisation)
        self.key = digest(
            [
                f"onnxruntime {onnxruntime.__version__}",
                checkpoint.key,
                quantisation,
                hashlib.sha256(graph).hexdigest(),
                max_tokens,
            ]
        )
        self.dimensions = shape.hidden_size
        self._tokens = Tokens(checkpoint, max_tokens)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Returns a row of norm 1 for each text."""
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            tokens = np.array(self._tokens.numbers(text), dtype=np.int64)
            (vectors[row],) = self._session.run(None, {INPUT: tokens})
        return normalised(vectors)
