"""BERT's encoder in numpy: slow and plain, what the faster ones are checked against.

Devlin et al. 2019, with the mean over tokens of Reimers and Gurevych 2019.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from agentlab.core.value import digest
from agentlab.retrieval.embedders.checkpoint import Checkpoint
from agentlab.retrieval.embedders.embedder import Matrix, normalised
from agentlab.retrieval.embedders.tokens import Tokens

__all__ = ["NumpyEmbedder", "encode"]


class NumpyEmbedder:
    """Embeds texts with a BERT's weights and numpy alone."""

    def __init__(self, checkpoint: Checkpoint, *, max_tokens: int = 256) -> None:
        self._shape = checkpoint.architecture()
        self._weights = checkpoint.weights()
        self._tokens = Tokens(checkpoint, max_tokens)
        self.key = digest(["numpy", checkpoint.key, "fp32", max_tokens])
        self.dimensions = self._shape.hidden_size

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Returns a row of norm 1 for each text."""
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            states = encode(
                self._weights,
                self._tokens.numbers(text),
                layers=self._shape.num_hidden_layers,
                heads=self._shape.num_attention_heads,
                epsilon=self._shape.layer_norm_eps,
            )
            vectors[row] = states.mean(axis=0)
        return normalised(vectors)


def encode(
    weights: Mapping[str, Matrix],
    tokens: Sequence[int],
    *,
    layers: int,
    heads: int,
    epsilon: float,
) -> Matrix:
    """Returns the last hidden state of each token, `[tokens, hidden]`."""
    embeddings = "embeddings.{}_embeddings.weight"
    states = (
        weights[embeddings.format("word")][list(tokens)]
        + weights[embeddings.format("position")][: len(tokens)]
        + weights[embeddings.format("token_type")][0]
    )
    states = _norm(weights, "embeddings.LayerNorm", states, epsilon)
    for number in range(layers):
        layer = f"encoder.layer.{number}"
        mixed = _attend(weights, f"{layer}.attention.self", states, heads)
        mixed = states + _dense(weights, f"{layer}.attention.output.dense", mixed)
        mixed = _norm(weights, f"{layer}.attention.output.LayerNorm", mixed, epsilon)
        inner = _gelu(_dense(weights, f"{layer}.intermediate.dense", mixed))
        states = mixed + _dense(weights, f"{layer}.output.dense", inner)
        states = _norm(weights, f"{layer}.output.LayerNorm", states, epsilon)
    return states


def _dense(weights: Mapping[str, Matrix], name: str, states: Matrix) -> Matrix:
    product: Matrix = states @ weights[f"{name}.weight"].T
    return product + weights[f"{name}.bias"]


def _norm(weights: Mapping[str, Matrix], name: str, states: Matrix, epsilon: float) -> Matrix:
    centred = states - states.mean(axis=1, keepdims=True)
    scale: Matrix = np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(epsilon))
    scaled: Matrix = weights[f"{name}.weight"] * (centred / scale)
    return scaled + weights[f"{name}.bias"]


def _attend(weights: Mapping[str, Matrix], name: str, states: Matrix, heads: int) -> Matrix:
    queries, keys, values = (
        _dense(weights, f"{name}.{part}", states).reshape(len(states), heads, -1).swapaxes(0, 1)
        for part in ("query", "key", "value")
    )
    scores = queries @ keys.swapaxes(1, 2) / np.float32(np.sqrt(queries.shape[2]))
    shares = np.exp(scores - scores.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    mixed: Matrix = shares @ values
    return mixed.swapaxes(0, 1).reshape(states.shape)


def _gelu(states: Matrix) -> Matrix:
    return np.asarray(states * 0.5 * (1 + _erf(states / np.sqrt(2))), dtype=np.float32)


def _erf(values: Matrix) -> Matrix:
    """Returns the error function, within 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26)."""
    size = np.abs(values)
    t = 1 / (1 + 0.3275911 * size)
    series = np.polyval((1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592, 0), t)
    return np.asarray(np.sign(values) * (1 - series * np.exp(-(size**2))), dtype=np.float32)
