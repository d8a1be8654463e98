"""Text as vectors, without downloads: a lexical part (BM25) and a topical part (LSA), blended by standardised scores.

Measured on Cranfield and AFQMC (tests/benchmarks): the blend is never far from the better part, on both languages.
Sources: Robertson & Zaragoza 2009 (BM25); Deerwester et al. 1990 (LSA).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.sparse import csr_array

from models.learning.arrays import Floats, Ints
from models.learning.factors import right_singular_vectors
from models.learning.words import tokenize

# BM25's usual constants; chat messages are short, so length matters a little less than in books.
SATURATION, LENGTH_SHARE = 1.2, 0.6
MAX_WORDS = 30_000


@dataclass(frozen=True, eq=False)
class TextSpace:
    """Words with their rarity, and directions of meaning. Made by `fit`; holds words that members wrote: encrypt it."""

    kind: ClassVar[str] = "text_space"

    words: tuple[str, ...]
    rarity: Floats
    mean_length: float
    directions: Floats

    @classmethod
    def fit(cls, texts: Sequence[str], *, n_directions: int = 128, min_texts: int = 2) -> Self:
        """Learn from texts; words in fewer than min_texts texts are left out. Few texts give fewer directions."""
        counts = [Counter(tokenize(text)) for text in texts]
        spread = Counter(word for count in counts for word in count)
        words = sorted(word for word, n in spread.most_common(MAX_WORDS) if n >= min_texts)
        n_texts = max(len(texts), 1)
        rarity = np.array([np.log1p((n_texts - spread[word] + 0.5) / (spread[word] + 0.5)) for word in words])
        mean_length = float(np.mean([sum(count.values()) for count in counts])) if counts else 1.0
        space = cls(tuple(words), rarity, max(mean_length, 1.0), np.zeros((len(words), 0)))
        directions = _directions(space._weigh(space._counts(counts)), n_directions)
        return cls(space.words, rarity, space.mean_length, directions)

    def lexical(self, texts: Sequence[str]) -> csr_array:
        """Word counts, shape (n_texts, n_words)."""
        return self._counts([Counter(tokenize(text)) for text in texts])

    def topical(self, texts: Sequence[str]) -> Floats:
        """LSA vectors, not normalised (longer and rarer text is longer), shape (n_texts, n_directions)."""
        vectors: Floats = self._weigh(self.lexical(texts)) @ self.directions
        return vectors

    def bm25(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """Lexical relevance, shape (n_queries, n_documents)."""
        counts = self.lexical(documents)
        length = np.asarray(counts.sum(axis=1)).reshape(-1)
        norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length / self.mean_length)
        data = counts.data * (SATURATION + 1) / (counts.data + np.repeat(norm, np.diff(counts.indptr)))
        weights = csr_array((data * self.rarity[counts.indices], counts.indices, counts.indptr), shape=counts.shape)
        scores: Floats = (_presence(self.lexical(queries)) @ weights.T).toarray()
        return scores

    def similarity(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """Sum of BM25 and LSA cosine, each standardised per query, shape (n_queries, n_documents)."""
        topical = unit(self.topical(queries)) @ unit(self.topical(documents)).T
        return standardise(self.bm25(queries, documents)) + standardise(topical)

    def to_parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(JSON-able values, arrays) for the store."""
        return {"words": list(self.words), "mean_length": self.mean_length}, {
            "rarity": self.rarity,
            "directions": self.directions,
        }

    @classmethod
    def from_parts(cls, values: Mapping[str, Any], arrays: Mapping[str, Any]) -> Self:
        """Inverse of to_parts."""
        return cls(tuple(values["words"]), arrays["rarity"], float(values["mean_length"]), arrays["directions"])

    def _counts(self, counts: Sequence[Mapping[str, int]]) -> csr_array:
        place = {word: i for i, word in enumerate(self.words)}
        rows, columns, values = [], [], []
        for row, count in enumerate(counts):
            places = [(place[word], n) for word, n in count.items() if word in place]
            rows += [row] * len(places)
            columns += [column for column, _ in places]
            values += [float(n) for _, n in places]
        return csr_array((values, (rows, columns)), shape=(len(counts), len(self.words)))

    def _weigh(self, counts: csr_array) -> csr_array:
        data = np.log1p(counts.data) * self.rarity[counts.indices]
        return csr_array((data, counts.indices, counts.indptr), shape=counts.shape)


def unit(vectors: Floats) -> Floats:
    """Rows scaled to length one; a zero row stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit_vectors: Floats = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return unit_vectors


def _directions(weights: csr_array, n: int) -> Floats:
    """Right singular vectors of the texts, each row scaled to one first so that long texts do not rule."""
    norm = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).reshape(-1))
    unit_rows = csr_array(weights.multiply(1 / np.maximum(norm, 1e-12)[:, None]))
    return right_singular_vectors(unit_rows, n)


def _presence(counts: csr_array) -> csr_array:
    return csr_array((np.ones_like(counts.data), counts.indices, counts.indptr), shape=counts.shape)


def standardise(scores: Floats) -> Floats:
    """Each row less its mean, over its spread; a row without spread gives zeros."""
    spread = scores.std(axis=1, keepdims=True)
    z_scores: Floats = (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    return z_scores


def mean_vectors(vectors: Floats, group: Ints, n_groups: int, weight: Floats) -> Floats:
    """Weighted sum of rows by group, scaled to length one, shape (n_groups, n_directions)."""
    summing = csr_array((weight, (group, np.arange(len(group)))), shape=(n_groups, len(group)))
    return unit(summing @ vectors)
