"""Vectors without weights: words and their letters, hashed into a fixed number of places.

The hashing trick of Weinberger et al. 2009 on words and on the letters within them (as fastText has
them, Bojanowski et al. 2017), so that `payment` is near `payments`. It knows no synonyms.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from agentlab.core.value import digest
from agentlab.retrieval.embedders.embedder import Matrix, normalised

__all__ = ["HashEmbedder"]

_WORD = re.compile(r"[^\W_]+")
_LETTERS = (3, 4, 5)
"""Lengths of the pieces that a word is cut into."""

_SHARE_OF_LETTERS = 0.6
"""How much a piece counts beside a whole word."""


class HashEmbedder:
    """Embeds texts by the hashes of their words and pieces of words; the same on every machine."""

    def __init__(self, *, dimensions: int = 512) -> None:
        self.dimensions = dimensions
        self.key = digest(["hash", 1, dimensions])
        self._places = functools.lru_cache(maxsize=100_000)(self._places_of)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Returns a row of norm 1 for each text; one without letters or digits is zero."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word, count in Counter(_WORD.findall(text.lower())).items():
                for place, share in self._places(word):
                    row[place] += share * np.sqrt(count)
        return normalised(vectors)

    def _places_of(self, word: str) -> tuple[tuple[int, float], ...]:
        """Returns where a word and its pieces count, and how much; half of them are negative."""
        places = []
        for piece, share in _pieces(word):
            hashed = hashlib.blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            number = int.from_bytes(hashed, "little")
            sign = 1 if number & 1 else -1
            places.append(((number >> 1) % self.dimensions, sign * share))
        return tuple(places)


def _pieces(word: str) -> Iterator[tuple[str, float]]:
    yield word, 1.0
    framed = f"<{word}>"
    for length in _LETTERS:
        for start in range(len(framed) - length + 1):
            yield framed[start : start + length], _SHARE_OF_LETTERS
