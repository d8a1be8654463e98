"""Finding texts by what somebody asks for: BM25 over whole words and over four letters in a row, in an index made once. Pure.

No numpy: it answers members, whose process goes without. A word that a single text uses counts most; a word that no text uses is
read as the one it was probably meant for. Source: Robertson & Zaragoza 2009 (BM25).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.learning.search_words import search_words

Key = TypeVar("Key", bound=Hashable)

# BM25's usual constants; short texts, so length matters a little less than in books. What the letters count beside the words.
SATURATION, LENGTH_SHARE, LETTERS = 1.2, 0.6, 0.2
# A misspelt word is told from another by so much likeness (0 to 1), from so many letters on; it counts a little less.
ALIKE, FEWEST_LETTERS, MISSPELT = 0.78, 4, 0.7
# Chinese characters by themselves say little beside pairs of them.
SINGLE = 0.3


@dataclass(frozen=True)
class Hit(Generic[Key]):
    """A text that was found: its score, and which share of what was asked for it says (0 to 1)."""

    key: Key
    score: float
    share: float


class SearchIndex(Generic[Key]):
    """Texts by key; find() takes about as long as the words asked for have texts."""

    def __init__(self, texts: Mapping[Key, str]) -> None:
        read = {key: search_words(text) for key, text in texts.items()}
        self._words = _Postings({key: words.whole for key, words in read.items()})
        self._letters = _Postings({key: words.grams for key, words in read.items()})

    def find(self, query: str, *, most: int = 10, least_share: float = 0.0) -> list[Hit[Key]]:
        """The texts that say so much of it or more, best first; texts that are equally good in the order they came in.

        Raises nothing: a text without words finds nothing.
        """
        asked = search_words(query)
        readings = {word: self._readings(word) for word in asked.whole}
        scores: defaultdict[Key, float] = defaultdict(float)
        said: defaultdict[Key, float] = defaultdict(float)
        for word, matches in readings.items():
            for one, likeness in matches.items():
                for key, weight in self._words.of(one):
                    scores[key] += likeness * weight * asked.whole[word]
                    said[key] += likeness * self._matter(word, one) * asked.whole[word]
        whole = sum(self._all_of(word, matches) * asked.whole[word] for word, matches in readings.items())
        for gram, n in asked.grams.items():
            for key, weight in self._letters.of(gram):
                if key in scores:
                    scores[key] += LETTERS * weight * n
        hits = [Hit(key, score, min(said[key] / whole, 1.0)) for key, score in scores.items()]
        good = [hit for hit in hits if hit.share >= least_share]
        return sorted(good, key=lambda hit: -hit.score)[:most]

    def _readings(self, word: str) -> dict[str, float]:
        """The words of the texts that it stands for, and how surely: itself, or those it may be a misspelling of."""
        if word in self._words:
            return {word: 1.0}
        if len(word) < FEWEST_LETTERS or not word.isascii() or word.isdigit():
            return {}
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        close = extract(word, self._words.misspellable, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=3)
        return {one: MISSPELT * likeness for one, likeness, _ in close}

    def _all_of(self, word: str, matches: Mapping[str, float]) -> float:
        """How much of a question a word is, whether a text has it or none."""
        nowhere = self._words.most * (SINGLE if len(word) == 1 else 1.0)
        return max((self._matter(word, one) for one in matches), default=nowhere)

    def _matter(self, word: str, match: str) -> float:
        """How much of a question this word is."""
        return self._words.rarity(match) * (SINGLE if len(word) == 1 else 1.0)


class _Postings(Generic[Key]):
    """By word: in which texts it stands, and what it counts there."""

    def __init__(self, counts: Mapping[Key, Mapping[str, int]]) -> None:
        lengths = {key: sum(words.values()) for key, words in counts.items()}
        mean = sum(lengths.values()) / max(len(lengths), 1) or 1.0
        spread = Counter(word for words in counts.values() for word in words)
        self._n_texts = len(counts)
        self._spread = spread
        self._of: defaultdict[str, list[tuple[Key, float]]] = defaultdict(list)
        for key, words in counts.items():
            norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths[key] / mean)
            for word, n in words.items():
                self._of[word].append((key, self.rarity(word) * n * (SATURATION + 1) / (n + norm)))
        # A word that no text has might stand in one.
        self.most = math.log1p((self._n_texts - 0.5) / 1.5) if counts else 0.0
        latin = [word for word in spread if word.isascii() and not word.isdigit()]
        self.misspellable = [word for word in latin if len(word) >= FEWEST_LETTERS]

    def __contains__(self, word: str) -> bool:
        return word in self._spread

    def rarity(self, word: str) -> float:
        """BM25's weight of a word by how many texts use it."""
        n = self._spread.get(word, 0)
        return math.log1p((self._n_texts - n + 0.5) / (n + 0.5))

    def of(self, word: str) -> list[tuple[Key, float]]:
        """(text, weight) for each text with this word."""
        return self._of.get(word, [])
