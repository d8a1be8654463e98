"""Wishes across languages: the same one, and what meets it. Run: python -m tests.benchmarks.learning_languages [--tuned]

wishes_in_two_languages.tsv: 300 pairs of ours, worded freely; half were tuned on, the other half is judged. Beside them the
pairs that lie outside the repository. Hit@1: the first of a pool is the other of the pair. Pools: all texts of the other
language; those of the other kind in it (what the matcher looks at); all texts in both but the one that asks ("mixed").
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.learning.encoder import Encoder, NoEncoder, load_encoder
from models.learning.meanings import meanings_of, nearness, usual_texts
from models.learning.search import SearchIndex
from tests.outside import DATA, NO_DATA

OWN, OUTSIDE = Path(__file__).with_name("wishes_in_two_languages.tsv"), DATA / "cross_language_pairs.tsv"
SAME = ("need", "offer")
# Pools as large as those outside, drawn from ours.
DRAWS, OF_EACH = 6, 30

Score = Callable[[Sequence[str], Sequence[str]], np.ndarray]


class Pair(NamedTuple):
    """One wish in Chinese and English: "need" and "offer" are said twice; of a "need-offer" the offer is English."""

    kind: str
    zh: str
    en: str


def own_pairs(half: str) -> list[Pair]:
    """Those "tuned" on, or those "judged"."""
    return [Pair(*row[1:]) for row in _rows(OWN) if row[0] == half]


def outside_pairs() -> list[Pair]:
    """Somebody else's."""
    return [Pair(*row[1:]) for row in _rows(OUTSIDE)]


def _rows(path: Path) -> Iterator[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return (line.split("\t") for line in lines)


def main() -> list[str]:
    """Two tables; ours and outside."""
    half = "tuned" if "--tuned" in sys.argv else "judged"
    pools = {f"ours, {half}": own_pairs(half)}
    if OUTSIDE.exists():
        pools["outside"] = outside_pairs()
    lines = [] if OUTSIDE.exists() else [f"{NO_DATA}; only ours were measured.", ""]
    ways = dict(_ways())
    for name, pairs in pools.items():
        lines += [f"**{name}**: {len(pairs)} pairs, zh -> en / en -> zh", "", _HEAD]
        lines += [f"| {way} | {' | '.join(_measure(pairs, score))} |" for way, score in ways.items()]
        lines.append("")
    return [*lines, *_costs(pools[f"ours, {half}"])]


_HEAD = (
    "| ranked by | same wish | counterpart | counterpart among its kind | all | mixed pool | counterpart, pools of 60 | "
    "all, pools of 60 |\n"
    "|---|---|---|---|---|---|---|---|"
)


def _ways() -> Iterator[tuple[str, Score]]:
    yield "words", _by_words
    try:
        encoder = load_encoder()
    except NoEncoder as problem:
        print(f"No encoder ({problem}): words alone were measured.")
        return
    yield "cosine of the whole", _by_cosine(encoder)
    yield "**nearness (serves)**", _by_nearness(encoder)


def _by_words(asked: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    index = SearchIndex(dict(enumerate(texts)))
    scores = np.zeros((len(asked), len(texts)))
    for row, query in enumerate(asked):
        for hit in index.find(query, most=len(texts)):
            scores[row, hit.key] = 0.0 if texts[hit.key] == query else hit.score
    return scores


def _by_cosine(encoder: Encoder) -> Score:
    encode = cache(lambda text: encoder.encode([text])[0])

    def score(asked: Sequence[str], texts: Sequence[str]) -> np.ndarray:
        cosine = np.stack([encode(one) for one in asked]) @ np.stack([encode(one) for one in texts]).T
        return np.where(np.array(asked)[:, None] == np.array(texts)[None], -1, cosine)

    return score


def _by_nearness(encoder: Encoder) -> Score:
    around = meanings_of(encoder, usual_texts())
    known = {}

    def score(asked: Sequence[str], texts: Sequence[str]) -> np.ndarray:
        new = [one for one in dict.fromkeys([*asked, *texts]) if one not in known]
        known.update(zip(new, meanings_of(encoder, new), strict=True))
        return nearness([known[one] for one in asked], [known[one] for one in texts], around)

    return score


def _measure(pairs: Sequence[Pair], score: Score) -> list[str]:
    is_same = np.array([pair.kind in SAME for pair in pairs])
    there, back, mixed = _hits(pairs, score)
    own_kind = [_own_kind(pairs, score, asks) for asks in ("zh", "en")]
    small = np.mean([_of_small_pool(pairs, score, np.random.default_rng(seed)) for seed in range(DRAWS)], axis=0)
    return [
        _two(there[is_same], back[is_same]),
        _two(there[~is_same], back[~is_same]),
        _two(*own_kind),
        _two(there, back),
        _two(mixed[: len(pairs)], mixed[len(pairs) :]),
        _two(small[0], small[1]),
        _two(small[2], small[3]),
    ]


def _two(one: np.ndarray, other: np.ndarray) -> str:
    return " / ".join(f"{np.mean(values):.2f}".removeprefix("0") for values in (one, other))


def _hits(pairs: Sequence[Pair], score: Score) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether the first is the right one: asked in Chinese, in English, and each in a pool of both."""
    zh, en = [pair.zh for pair in pairs], [pair.en for pair in pairs]
    n = len(pairs)
    right = np.arange(n)
    mixed = _first(score(zh + en, zh + en)) == np.concatenate([right + n, right])
    return _first(score(zh, en)) == right, _first(score(en, zh)) == right, mixed


def _first(scores: np.ndarray) -> np.ndarray:
    """The best of each row; -1 where nothing speaks for any."""
    return np.where(scores.max(axis=1) == scores.min(axis=1), -1, scores.argmax(axis=1))


def _own_kind(pairs: Sequence[Pair], score: Score, asks: str) -> np.ndarray:
    """A need asks among the offers of the other language, an offer among its needs."""
    place = 0 if asks == "zh" else 1
    hits = []
    for kind in SAME:
        asking = [pair for pair in pairs if pair.kind not in SAME and pair.kind.split("-")[place] == kind]
        other = "offer" if kind == "need" else "need"
        pool = [
            pair for pair in pairs if (pair.kind if pair.kind in SAME else pair.kind.split("-")[1 - place]) == other
        ]
        table = score([_side(one, place) for one in asking], [_side(one, 1 - place) for one in pool])
        hits.append(_first(table) == [pool.index(one) for one in asking])
    return np.concatenate(hits)


def _side(pair: Pair, place: int) -> str:
    return pair.en if place else pair.zh


def _of_small_pool(pairs: Sequence[Pair], score: Score, rng: np.random.Generator) -> list[float]:
    same = [pair for pair in pairs if pair.kind in SAME]
    others = [pair for pair in pairs if pair.kind not in SAME]
    drawn = [some[i] for some in (same, others) for i in rng.choice(len(some), OF_EACH, replace=False)]
    zh, en = [pair.zh for pair in drawn], [pair.en for pair in drawn]
    there, back = (_first(score(*way)) == np.arange(2 * OF_EACH) for way in ((zh, en), (en, zh)))
    return [float(np.mean(one)) for one in (there[OF_EACH:], back[OF_EACH:], there, back)]


def _costs(pairs: Sequence[Pair]) -> list[str]:
    try:
        encoder = load_encoder()
    except NoEncoder:
        return []
    texts = [text for pair in pairs for text in (pair.zh, pair.en)]
    meanings_of(encoder, texts[:2])
    lines = []
    for size in (1, len(texts)):
        started = time.process_time()
        for i in range(0, len(texts), size):
            meanings_of(encoder, texts[i : i + size])
        each = 1000 * (time.process_time() - started) / len(texts)
        lines.append(f"{each:.1f} CPU-ms a listing, {size} at a time: the whole and its words.")
    return lines


if __name__ == "__main__":
    print("\n".join(main()))
