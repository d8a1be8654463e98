"""What each text of a community says by itself, before it is compared with any other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from scipy.sparse import csr_array

from models.learning.arrays import Bools, Floats
from models.learning.dataset import Messages
from models.learning.terms import rarity
from models.learning.words import pieces, stem
from models.reading.courtesies import Courtesy, courtesy, is_small_talk
from models.reading.questions import is_question
from models.reading.references import refers_back

# Nothing longer (letters) is looked at as a courtesy or small talk.
_LONGEST_COURTESY = 70
# Bits of a message's word set; two different words fall together once in so many.
_N_BUCKETS = 1 << 16


@dataclass(frozen=True, eq=False)
class Traits:
    """What the texts say by themselves, one row a message. `words`: shape (n, buckets), roots of how rare each word is."""

    asks: Bools
    is_assent: Bools
    is_company: Bools
    leans: Bools
    has_link: Bools
    length: Floats
    words: csr_array


def read_traits(messages: Messages) -> Traits:
    """Read every text once."""
    courtesies, asks = [_courtesy(text) for text in messages.text], questions(messages)
    return Traits(
        asks=asks,
        is_assent=np.array([one in _ASSENT for one in courtesies], dtype=np.bool_) & ~asks,
        is_company=np.array([one is not None and one not in _ASSENT for one in courtesies], dtype=np.bool_),
        leans=np.array([refers_back(text) for text in messages.text], dtype=np.bool_),
        has_link=np.array(["http" in text for text in messages.text], dtype=np.bool_),
        length=np.log1p(np.array([len(text) for text in messages.text], dtype=np.float64)),
        words=_word_sets(messages.text),
    )


def _courtesy(text: str) -> Courtesy | None:
    if len(text) > _LONGEST_COURTESY:
        return None
    return courtesy(text) or (_COMPANY if is_small_talk(text) else None)


_ASSENT = (Courtesy.THANKS, Courtesy.AGREEMENT)
# Small talk is said for company's sake as a greeting is.
_COMPANY = Courtesy.GREETING


def questions(messages: Messages) -> Bools:
    """Whether each message asks something: what the caller said, else what the text says."""
    if messages.is_question is not None:
        return messages.is_question
    return np.array([is_question(text) for text in messages.text], dtype=np.bool_)


def _word_sets(texts: tuple[str, ...]) -> csr_array:
    """Which words each text has, in hashed columns; needs no vocabulary, so a later text changes nothing."""
    sets = [dict(filter(None, map(_rare, pieces(text)))) for text in texts]
    indptr = np.concatenate([[0], np.cumsum([len(words) for words in sets])])
    indices = np.array([word for words in sets for word in sorted(words)], dtype=np.int64)
    weights = np.array([words[word] for words in sets for word in sorted(words)], dtype=np.float64)
    return csr_array((weights, indices, indptr), shape=(len(texts), _N_BUCKETS))


@lru_cache(maxsize=100_000)
def _rare(word: str) -> tuple[int, float] | None:
    """(bucket, root of its rarity) of a word, None for one that everybody uses."""
    weight = rarity(word)
    return (crc32(stem(word).encode()) % _N_BUCKETS, weight**0.5) if weight > 0 else None
