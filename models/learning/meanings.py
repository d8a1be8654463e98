"""Which texts mean the same across languages: vectors of the whole and of its words, against how near they are to anything.

A whole sentence's vector tells a wish from its like, but not what a wish needs from who can give it; so the words' vectors are
compared, too, each with the nearest of the other text. Some texts lie near everything: a pair counts by how much nearer it is
than what else lies around either (Conneau et al. 2018, "CSLS"). Measured in the model card. Loads dictionaries.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from models.learning.encoder import Encoder
from models.learning.search_words import ASKING, ASKING_ZH
from models.learning.terms import cut, zipf
from models.learning.words import STOP_CHARACTERS, STOP_WORDS
from models.reading.scripts import scripts_of

Floats = NDArray[np.float32]

# What the words count beside the whole, and of how many neighbours the neighbourhood is; tuned on tests/benchmarks.
OF_WORDS, NEIGHBOURS = 2.0, 3
# A word that everybody uses (Zipf scale) counts this little, and no word counts more than one of this rarity.
COMMON, RARE, LEAST = 7.0, 2.5, 0.3
# Words of a text that are looked at.
MOST_WORDS = 40

_WORD = re.compile(r"([^\W_\u3400-\u9fff]+(?:['’&/+-][^\W_\u3400-\u9fff]+)*)|([\u3400-\u9fff]+)")


@dataclass(frozen=True)
class Meaning:
    """A text's vectors, shape (1 + n_words, dimensions), the whole first; and what each word counts, shape (n_words,)."""

    vectors: Floats
    weights: Floats
    is_chinese: bool


def meanings_of(encoder: Encoder, texts: Sequence[str]) -> list[Meaning]:
    """One for each text; each word is encoded once."""
    words = [words_of(text) for text in texts]
    distinct = list(dict.fromkeys([*texts, *(word for some in words for word in some)]))
    if not distinct:
        return []
    vector = dict(zip(distinct, encoder.encode(distinct), strict=True))
    return [
        Meaning(
            np.stack([vector[one] for one in (text, *some)]),
            np.array([_weight(word) for word in some], dtype=np.float32),
            is_chinese(text),
        )
        for text, some in zip(texts, words, strict=True)
    ]


def is_chinese(text: str) -> bool:
    """Whether it is written in Chinese, names in other letters aside."""
    return "han" in scripts_of(text)


def words_of(text: str) -> list[str]:
    """What a text is about, each word once; the whole of one that only asks."""
    words: list[str] = []
    for latin, han in _WORD.findall(ASKING_ZH.sub(" ", text)):
        words += [latin] if latin else [word for word in cut(han) if not STOP_CHARACTERS.issuperset(word)]
    about = [word for word in words if word.lower() not in STOP_WORDS | ASKING]
    return list(dict.fromkeys(about))[:MOST_WORDS] or [text]


def _weight(word: str) -> float:
    zipf_of_word = zipf(word.lower(), "zh" if is_chinese(word) else "en")
    return max(LEAST, COMMON - max(zipf_of_word, RARE))


def nearness(rows: Sequence[Meaning], columns: Sequence[Meaning], around: Sequence[Meaning]) -> Floats:
    """How much nearer each pair is than either is to what lies around, shape (n_rows, n_columns); above 0 is near.

    What lies around are the others and `around`, usual texts in both languages, so that a few texts are judged as many are. A
    text in both places is never near itself.
    """
    likeness = _likeness(rows, columns)
    for i, row in enumerate(rows):
        likeness[i, [column is row for column in columns]] = -np.inf
    near_rows = _neighbourhood(likeness, rows, columns, around)
    near_columns = _neighbourhood(likeness.T, columns, rows, around)
    languages = (
        np.array([one.is_chinese for one in rows], dtype=int),
        np.array([one.is_chinese for one in columns], dtype=int),
    )
    near_both = near_rows[:, languages[1]] + near_columns[:, languages[0]].T
    return (likeness - near_both / 2).astype(np.float32)


def _likeness(rows: Sequence[Meaning], columns: Sequence[Meaning]) -> Floats:
    """Of the wholes, and of the words by each one's nearest, both ways."""
    shape = (len(rows), len(columns))
    if not rows or not columns:
        return np.zeros(shape, dtype=np.float32)
    words, starts = _words(columns)
    weights = np.concatenate([one.weights for one in columns])
    totals = np.add.reduceat(weights, starts)
    likeness: Floats = np.stack([one.vectors[0] for one in rows]) @ np.stack([one.vectors[0] for one in columns]).T
    for i, row in enumerate(rows):
        each = row.vectors[1:] @ words.T
        there = row.weights @ np.maximum.reduceat(each, starts, axis=1) / row.weights.sum()
        back = np.add.reduceat(each.max(axis=0) * weights, starts) / totals
        likeness[i] += OF_WORDS * (there + back) / 2
    return likeness


def _words(meanings: Sequence[Meaning]) -> tuple[Floats, NDArray[np.int64]]:
    """All their words' vectors, one below the other, and where each text's begin."""
    lengths = np.array([len(one.weights) for one in meanings])
    return np.concatenate([one.vectors[1:] for one in meanings]), np.cumsum(lengths) - lengths


def _neighbourhood(
    likeness: Floats, texts: Sequence[Meaning], others: Sequence[Meaning], around: Sequence[Meaning]
) -> Floats:
    """How near the nearest few in English, and in Chinese, are to each text, shape (n_texts, 2)."""
    everything = np.concatenate([likeness, _likeness(texts, around)], axis=1)
    chinese = np.array([one.is_chinese for one in (*others, *around)], dtype=bool)
    return np.stack([_mean_of_nearest(everything[:, chinese == one]) for one in (False, True)], axis=1)


def _mean_of_nearest(likeness: Floats) -> Floats:
    nearest = np.sort(likeness, axis=1)[:, -NEIGHBOURS:]
    is_other = np.isfinite(nearest)
    sums: Floats = np.where(is_other, nearest, 0.0).sum(axis=1, dtype=np.float32)
    means: Floats = (sums / np.maximum(is_other.sum(axis=1), 1)).astype(np.float32)
    return means


def usual_texts() -> tuple[str, ...]:
    """Needs and offers such as founders write, invented, in both languages."""
    lists = (files("models.learning").joinpath(f"usual_listings_{one}.txt") for one in ("en", "zh"))
    return tuple(line for one in lists for line in one.read_text(encoding="utf-8").splitlines())


@cache
def usual_meanings(encoder: Encoder) -> tuple[Meaning, ...]:
    """What lies around any need or offer."""
    return tuple(meanings_of(encoder, usual_texts()))


def pack(meaning: Meaning) -> bytes:
    """As bytes to keep: a byte a number, which changes a likeness by less than .01."""
    scale = np.abs(meaning.vectors).max(axis=1, keepdims=True) / 127
    values = np.round(meaning.vectors / scale).astype(np.int8)
    buffer = io.BytesIO()
    np.savez(buffer, values=values, weights=meaning.weights, is_chinese=np.array(meaning.is_chinese))
    return buffer.getvalue()


def unpack(content: bytes) -> Meaning:
    """What pack() made. Raises ValueError on anything else."""
    with np.load(io.BytesIO(content), allow_pickle=False) as parts:
        values = parts["values"].astype(np.float32)
        lengths = np.linalg.norm(values, axis=1, keepdims=True)
        return Meaning(values / lengths, parts["weights"], bool(parts["is_chinese"]))
