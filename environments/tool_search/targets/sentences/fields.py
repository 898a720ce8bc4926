"""BM25 over the fields of documents (BM25F: Robertson, Zaragoza and Taylor 2004), in numpy.

A word counts by its field; how much it says in a query is learned from other queries, without their
answers: `a / (a + share of the queries that say it)` (Arora, Liang and Ma 2017), so that "please"
and "find" weigh little although no document says them.
"""

import functools
import re
from collections import Counter

import numpy as np

FIELDS = {  # how much a word counts there
    "name": (2.0, lambda document: document["name"]),
    "text": (1.0, lambda document: document["text"]),
    "parameters": (0.7, lambda document: " ".join(document["params"])),
    "about": (0.5, lambda document: " ".join(map(str, document["params"].values()))),
    "group": (0.5, lambda document: document["group"]),
    "connector": (0.5, lambda document: document.get("connector") or ""),
}
K1 = 2.0  # how slowly a word said again stops to count
B = 0.75  # how much long fields are held against them
COMMON = 0.1  # a word that so many of the queries say counts half
FEWEST = 50  # of fewer queries nothing is learned
STOP_WORDS = frozenset(
    re.findall(
        r"[a-z]+",
        "a an and are as at be but by for if in into is it no not of on or such that the their "
        "then there these they this to was will with",
    )
)
ENDINGS = ("ation", "ator", "ion", "or", "er", "at", "ment", "ly", "al")
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@functools.lru_cache(maxsize=100_000)
def stem(word):
    """Returns a word without its endings: less than Porter (1980) takes off, in a few lines."""
    if len(word) < 4:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        left = word.removesuffix(ending)
        if left != word and len(left) >= 3 and re.search("[aeiouy]", left):
            is_doubled = len(left) > 3 and left[-1] == left[-2] and left[-1] not in "lsz"
            word = left[:-1] if is_doubled else left
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def words(text):
    """Returns the stems of a text's words; those of camelCase and snake_case names apart."""
    pieces = (piece.lower() for piece in _PIECE.findall(text))
    return [stem(piece) for piece in pieces if len(piece) > 1 and piece not in STOP_WORDS]


def index(documents, queries):
    """Returns postings as arrays, the place of each word among them, and what words weigh."""
    numbers, rows = {}, []
    for weight, field in FIELDS.values():
        counts = [Counter(words(field(document))) for document in documents]
        lengths = np.array([count.total() for count in counts])
        norms = weight / (1 - B + B * lengths / max(lengths.mean(), 1e-9))
        rows += [
            (numbers.setdefault(word, len(numbers)), place, times * norms[place])
            for place, count in enumerate(counts)
            for word, times in count.items()
        ]
    table = np.array(rows).reshape(-1, 3)
    keys = table[:, 0].astype(np.int64) * len(documents) + table[:, 1].astype(np.int64)
    keys, where = np.unique(keys, return_inverse=True)
    times = np.bincount(where, weights=table[:, 2])
    word, place = np.divmod(keys, len(documents))
    found = np.bincount(word, minlength=len(numbers))
    rarity = np.log(1 + (len(documents) - found + 0.5) / (found + 0.5))
    return {
        "word_numbers": numbers,
        "word_starts": np.cumsum([0, *found]),
        "word_places": place.astype(np.int32),
        "word_scores": (rarity[word] * times / (K1 + times)).astype(np.float32),
        "word_weights": _weights(queries),
    }


def _weights(queries):
    """Returns what each word weighs that queries say; one that none says weighs 1."""
    if len(queries) < FEWEST:
        return {}
    said = Counter(word for query in queries for word in set(words(query)))
    return {word: COMMON / (COMMON + times / len(queries)) for word, times in said.items()}


def scores(made, text, documents):
    """Returns the score of each document, over the root of what the query's words weigh together.

    So a long query does not drown what vectors say, and each word of a short one still counts.
    """
    total, weighed = np.zeros(documents, dtype=np.float32), 0.0
    for word in dict.fromkeys(words(text)):
        weight = made["word_weights"].get(word, 1.0)
        number = made["word_numbers"].get(word)
        weighed += weight
        if number is not None:
            part = slice(made["word_starts"][number], made["word_starts"][number + 1])
            total[made["word_places"][part]] += weight * made["word_scores"][part]
    return total / np.sqrt(max(weighed, 0.1))
