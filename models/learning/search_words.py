"""The words a text can be found by: stems, parts of hyphenated words, four letters in a row, Chinese characters and pairs. Pure.

Measured on SciFact's training part, NDCG@10 (tests/benchmarks): .664 -> .694 by a real stemmer and the parts of hyphenated words,
.706 with the letters besides. Traditional characters count as simplified ones, and Taiwan's words as the mainland's.
Stems are Snowball's (Porter 2001), characters OpenCC's.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from models.learning.words import STOP_CHARACTERS, STOP_WORDS

_TOKEN = re.compile(
    r"https?://(?:www\.)?([\w.-]+)\S*|([^\W_\u3400-\u9fff]+(?:['’.+#/_-][^\W_\u3400-\u9fff]+)*[+#]*)|([\u3400-\u9fff]+)"
)
_JOINTS = re.compile(r"[._/-]")
# How one asks or offers is in every need and every offer, and says nothing of what is meant.
ASKING = frozenset(
    """anybody anyone everybody find help helping helps hello introduce introduction knows know looking looks need needed needs
    offer offering offers please recommend recommendation search searching seek seeking somebody someone want wants
    wanted""".split()  # noqa: SIM905 - a block of words is easier to read than a list of strings
)
ASKING_ZH = re.compile(
    r"有没有人?|有人|哪[位个里]|谁(?:[懂会能]|知道|认识|可以)?|求(?:推荐|介绍|助)?|寻找|想找|正在找|找(?:一?[个位])?|急?需要|提供|"
    r"可以|能够|帮忙|请问|大家|推荐|介绍"
)
_GRAM = 4
# A text counts as far as a message of Telegram reaches; what is kept of texts seen lately is bounded.
_MOST_CHARACTERS, _TEXTS_KEPT = 4_096, 20_000


class Words(NamedTuple):
    """How often each whole word or Chinese piece, and each four letters in a row, stand in a text."""

    whole: Mapping[str, int]
    grams: Mapping[str, int]


@lru_cache(maxsize=_TEXTS_KEPT)
def search_words(text: str) -> Words:
    """What a text can be found by; a text that only asks ("who knows somebody?") by that."""
    plain = _one_spelling(text[:_MOST_CHARACTERS])
    subject = _words(ASKING_ZH.sub(" ", plain), STOP_WORDS | ASKING)
    return subject if subject.whole else _words(plain, frozenset())


def _words(text: str, stop_words: frozenset[str]) -> Words:
    whole: Counter[str] = Counter()
    grams: Counter[str] = Counter()
    for host, word, run in _TOKEN.findall(text):
        if run:
            whole.update(_chinese(run))
        elif host:
            whole[host] += 1
        elif word not in stop_words:
            whole.update(_latin(word, stop_words))
            padded = f" {word} "
            grams.update(padded[i : i + _GRAM] for i in range(len(padded) - _GRAM + 1))
    return Words(whole, grams)


def _latin(word: str, stop_words: frozenset[str]) -> Iterator[str]:
    """A word's stem; of one in parts each part's, and the whole as it stands ("e-mail", "b2b/b2c")."""
    parts = [part for part in _JOINTS.split(word) if part]
    if len(parts) > 1:
        yield word
    yield from (stem(part) for part in parts if part not in stop_words and (len(part) > 1 or part.isdigit()))


def _chinese(run: str) -> Iterator[str]:
    yield from (one for one in run if one not in STOP_CHARACTERS)
    yield from (run[i : i + 2] for i in range(len(run) - 1))


@lru_cache(maxsize=_TEXTS_KEPT)
def stem(word: str) -> str:
    """An English word's stem; other languages' words mostly stay as they are."""
    stemmed: str = _stemmer().stemWord(word.replace("’", "'").removesuffix("'s"))
    return stemmed


def _one_spelling(text: str) -> str:
    """Small letters without accents, full width as half, traditional characters as simplified."""
    # Halves of characters, which only broken clients send, no library reads.
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    decomposed = unicodedata.normalize("NFKD", whole.casefold())
    plain = unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
    reading = simplify(plain)
    # Only who writes traditional characters may mean Taiwan's words: 軟體 is 软件, and 文件 stays a document elsewhere.
    return reading if reading == plain else f"{reading} {_in_other_words(plain, reading)}"


def simplify(text: str) -> str:
    """Traditional characters as simplified ones."""
    converted: str = _converter("t2s").convert(text)
    return converted


def _in_other_words(text: str, reading: str) -> str:
    mainland: str = _converter("tw2sp").convert(text)
    return "" if mainland == reading else mainland


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)
