"""BM25 (Robertson and Zaragoza 2009) with the weights of rare words that Lucene takes."""

import re
from collections import Counter

import numpy as np

K1 = 1.5  # how slowly a word said again stops to count
B = 0.75  # how much long texts are held against them
STOP_WORDS = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then "
    "there these they this to was will with".split()
)


def words(text):
    """Returns the words of a text in lower case; those of names like list_users apart."""
    return [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP_WORDS]


def index(texts):
    """Returns postings as arrays, and the place of each word among them."""
    counts = [Counter(words(text)) for text in texts]
    lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
    norms = K1 * (1 - B + B * lengths / max(lengths.mean(), 1))
    found = {}
    for place, count in enumerate(counts):
        for word, times in count.items():
            found.setdefault(word, []).append((place, times))
    rows = [row for posting in found.values() for row in posting]
    places, times = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    starts = np.cumsum([0, *map(len, found.values())])
    rarity = np.log(1 + (len(texts) - np.diff(starts) + 0.5) / (np.diff(starts) + 0.5))
    weights = np.repeat(rarity, np.diff(starts)) * times / (times + norms[places])
    return {
        "bm25_places": places.astype(np.int32),
        "bm25_weights": weights.astype(np.float32),
        "bm25_starts": starts,
        "bm25_words": {word: number for number, word in enumerate(found)},
    }


def scores(made, text, documents):
    """Returns the score of each document for a query; 0 where they share no word."""
    total = np.zeros(documents, dtype=np.float32)
    for word in words(text):
        number = made["bm25_words"].get(word)
        if number is not None:
            part = slice(made["bm25_starts"][number], made["bm25_starts"][number + 1])
            total[made["bm25_places"][part]] += made["bm25_weights"][part]
    return total
