"""What an embedder is: texts in, one vector of length 1 each out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Embedder", "Matrix", "normalised"]

Matrix: TypeAlias = NDArray[np.float32]
"""One row for each text or document."""


class Embedder(Protocol):
    """Turns texts into vectors. One instance serves one thread."""

    key: str
    """Digest of all that its vectors depend on but the text: weights, quantisation, length."""

    dimensions: int
    """Numbers in a vector."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Returns a row of L2 norm 1 for each text, in their order.

        The row of a text is a function of this text alone, not of what is embedded beside it. One
        that says nothing has a row as well; only where nothing can be told of it is that row zero.
        """
        ...


def normalised(vectors: Matrix) -> Matrix:
    """Returns the rows at length 1; a row of zeros stays as it is.

    >>> normalised(np.array([[3, 4], [0, 0]], dtype=np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)
