"""BM25 over the words of documents."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

import numpy as np

from agentlab.errors import InputError
from agentlab.retrieval.search import Scores

__all__ = ["LexicalIndex", "words"]

_WORD = re.compile(r"\w\w+")


def words(text: str) -> list[str]:
    """Returns the words of a text, in lower case, without those of one letter.

    >>> words("Send a mail to user_id 7, twice")
    ['send', 'mail', 'to', 'user_id', 'twice']
    """
    return _WORD.findall(text.lower())


class LexicalIndex:
    """BM25 (Robertson and Zaragoza 2009) as Lucene has it, by bm25s (Lù 2024).

    Args:
        texts: What is searched, in the order in which scores are returned.
        is_stemmed: Whether words meet that share an English stem; needs PyStemmer.
        terms: What a text is cut into; English stop words and stems are taken off afterwards.

    Raises:
        InputError: a package is missing.
    """

    def __init__(
        self,
        texts: Sequence[str],
        *,
        is_stemmed: bool = True,
        terms: Callable[[str], list[str]] = words,
    ) -> None:
        try:
            import bm25s
            from bm25s.stopwords import STOPWORDS_EN
        except ImportError as error:
            raise InputError("bm25s is missing; pip install bm25s") from error
        self._terms = terms
        self._stop_words = frozenset(STOPWORDS_EN)
        self._stems = _stemmer() if is_stemmed else list[str]
        self._documents = len(texts)
        numbers: dict[str, int] = {}
        cut = [
            [numbers.setdefault(term, len(numbers)) for term in self._cut(text)] for text in texts
        ]
        self._bm25 = bm25s.BM25() if numbers else None
        if self._bm25 is not None:
            self._bm25.index((cut, numbers), show_progress=False)

    def scores(self, query: str) -> Scores:
        """Returns the score of each document, 0 where they share no word. Higher is better."""
        cut = self._cut(query)
        if not cut or self._bm25 is None:
            return np.zeros(self._documents, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(cut), dtype=np.float32)

    def _cut(self, text: str) -> list[str]:
        return self._stems([term for term in self._terms(text) if term not in self._stop_words])


@functools.cache
def _stemmer() -> Callable[[list[str]], list[str]]:
    try:
        from Stemmer import Stemmer
    except ImportError as error:
        raise InputError(
            "PyStemmer is missing; pip install PyStemmer, or choose is_stemmed=False"
        ) from error
    stems: Callable[[list[str]], list[str]] = Stemmer("english").stemWords
    return stems
