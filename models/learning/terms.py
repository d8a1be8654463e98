"""Terms: the few words of a text that say what it is about, fit to be told to a person. Pure; loads dictionaries.

A term is a noun that is rare in general language, a name of a thing that no dictionary has, or a word of the founders' trade
(trade_terms_*.txt), and more than one member of the community uses it. No verbs, no adverbs, no names of people, whole Chinese
words. In doubt a word is none: a missing reason costs a line, a silly one costs trust ("people do not talk about long").

General frequencies are wordfreq's (Zipf scale: 3 is once a million words, 6 once a thousand), English parts of speech
lemminflect's, Chinese words and theirs jieba's.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Self

from models.learning.words import STOP_WORDS

# Above this on the Zipf scale a word is everybody's ("morning" 4.9, "idea" 5.2); what founders ask for lies below
# ("customs" 4.2, "prototype" 3.8).
COMMON = 4.35
# A word that this share of the members uses is how people talk here.
HABIT_SHARE = 0.4
# Fewer members than this have no habit of speech in common.
FEW_MEMBERS = 12
FEWEST_USERS = 2
# A term that no more than this share of the members uses says much about those who do (73 against 53 in 100 threads on it lay
# in the reader's field).
RARE_SHARE = 0.12
FEWEST_LETTERS = 3
# A plural that is at most so much rarer than its singular is a word of its own.
LIVES_ALONE = 0.4

# What is written inside a sentence outweighs so many beginnings.
CERTAIN = 1_000

_BEGINS = re.compile(r"(?:^|[.!?:;•\n。！？：；“\"(（])[\s\W]*$")
_LINK = re.compile(r"https?://\S+|```.*?```|`[^`]*`", re.DOTALL)
_PART = re.compile(r"([^\W\d_\u3400-\u9fff][^\W_\u3400-\u9fff]*(?:[-+#'’][^\W_\u3400-\u9fff]+)*)|([\u3400-\u9fff]+)")
# jieba's letters for nouns: things, proper names of other kinds, idioms, organisations; not people (nr) nor places (ns).
_NOUN_TAGS = frozenset({"n", "nz", "nl", "nt"})


@dataclass(frozen=True)
class Terms:
    """The terms of one community: how many members use each word, how it is mostly written, and whose names are none."""

    users: Mapping[str, int]
    spelling: Mapping[str, str]
    n_members: int
    names: frozenset[str]

    @classmethod
    def fit(cls, texts: Iterable[tuple[int, str]], names: Iterable[str]) -> Self:
        """Learn from (member id, text) pairs; `names` are members' names as written, learners or not."""
        users: defaultdict[str, set[int]] = defaultdict(set)
        forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        members: set[int] = set()
        for member, text in texts:
            members.add(member)
            for key, noun, is_sure in _nouns(text):
                users[key].add(member)
                forms[key][noun] += CERTAIN if is_sure else 1
        spelling = {key: max(noun.items(), key=lambda one: (one[1], one[0]))[0] for key, noun in forms.items()}
        return cls({key: len(who) for key, who in users.items()}, spelling, len(members), _parts(names))

    def of(self, text: str) -> dict[str, str]:
        """The terms of a text as {key: as people mostly write it}, in order; the key is the same for one and many."""
        return {key: self.spelling[key] for key, *_ in _nouns(text) if self._is_term(key)}

    def is_rare(self, key: str) -> bool:
        """Whether so few members use a term that two who do have something in common."""
        return self.users.get(key, 0) <= max(RARE_SHARE * self.n_members, FEWEST_USERS)

    def _is_term(self, key: str) -> bool:
        n = self.users.get(key, 0)
        is_habit = self.n_members >= FEW_MEMBERS and n > HABIT_SHARE * self.n_members
        return n >= FEWEST_USERS and not is_habit and key not in self.names


def rarity(word: str) -> float:
    """How rare a word (as written, small letters) is in general language, 0 for everybody's to 1.

    An English word that the list of frequent words has not is rare (a name, a slip); two Chinese characters that it has not are
    the end of one word and the beginning of the next, and count for nothing.
    """
    is_chinese = "\u3400" <= word[:1] <= "\u9fff"
    common = zipf(word, "zh" if is_chinese else "en")
    if is_chinese:
        return min(max((5.6 - common) / 2.5, 0.0), 1.0) if common else 0.0
    return min(max((5.2 - common) / 3, 0.0), 1.0)


@lru_cache(maxsize=10_000)
def _nouns(text: str) -> tuple[tuple[str, str, bool], ...]:
    """(key, as written, whether that is its spelling) of each rare noun, once each; a sentence begins with a capital anyhow.

    Kept: the same talk is read for every event and again in minutes.
    """
    nouns: dict[str, tuple[str, bool]] = {}
    plain = _LINK.sub(" ", text)
    for match in _PART.finditer(plain):
        latin, han = match.groups()
        words = [_english(latin)] if latin else [(_chinese(word), word) for word in cut(han)]
        begins = latin and latin.istitle() and _BEGINS.search(plain, 0, match.start()) is not None
        for key, spelling in words:
            if key:
                told = spelling.lower() if begins and _is_of_two_words(key) else spelling
                nouns.setdefault(key, (told, not begins))
    return tuple((key, *told) for key, told in nouns.items())


@lru_cache(maxsize=50_000)
def _is_of_two_words(word: str) -> bool:
    """Whether a word that no dictionary has is made of two that it has: wireframes, chargebacks, no Figma."""
    lemmas = _lemminflect().getAllLemmas
    splits = range(FEWEST_LETTERS, len(word) - FEWEST_LETTERS + 1)
    return not lemmas(word) and any(lemmas(word[:at]) and lemmas(word[at:]) for at in splits)


@lru_cache(maxsize=50_000)
def _english(word: str) -> tuple[str | None, str]:
    """(the singular of a rare noun, in small letters, as it is told); None for the first when it is none.

    A word no dictionary has is its own singular, and keeps its capitals as a name of a thing would.
    """
    plain = re.sub(r"['’]s$", "", word)
    lower = plain.lower()
    lemmas = _lemminflect().getAllLemmas(lower)
    noun = str(lemmas["NOUN"][0]) if "NOUN" in lemmas else lower
    if lower != noun and _lives_alone(lower, noun):
        noun = lower
    if {lower, noun} & _words_of("no_terms_en") or lower in STOP_WORDS or "'" in lower or "’" in lower:
        return None, plain
    is_noun = "NOUN" in lemmas or not lemmas
    is_rare = (
        len(lower) >= FEWEST_LETTERS and is_noun and "ADV" not in lemmas and max(map(zipf, (lower, noun))) < COMMON
    )
    is_of_trade = bool({lower, noun} & _words_of("trade_terms_en"))
    is_plain = bool(lemmas) and plain[1:] == lower[1:]
    return noun if is_rare or is_of_trade else None, lower if is_plain else plain


def _lives_alone(plural: str, singular: str) -> bool:
    """Whether a plural is a word of its own: customs are no custom."""
    if plural in _words_of("trade_terms_en"):
        return singular not in _words_of("trade_terms_en")
    return zipf(plural) > zipf(singular) - LIVES_ALONE and zipf(plural) < COMMON <= zipf(singular)


@lru_cache(maxsize=50_000)
def _chinese(word: str) -> str | None:
    is_rare = len(word) > 1 and _dictionary().tags.get(word) in _NOUN_TAGS and zipf(word, "zh") < COMMON
    return word if word in _words_of("trade_terms_zh") or (is_rare and word not in _words_of("no_terms_zh")) else None


@cache
def _words_of(name: str) -> frozenset[str]:
    """A list of words: those of the trade, and nouns that say how people talk (recommendation, weekday; 经验, 问题)."""
    return frozenset(files("models.learning").joinpath(f"{name}.txt").read_text(encoding="utf-8").split())


def _parts(names: Iterable[str]) -> frozenset[str]:
    """Names whole and in their parts."""
    lower = [name.lower() for name in names]
    return frozenset(part for name in lower for part in (name, *re.findall(r"[^\W\d_]+", name)))


def zipf(word: str, language: str = "en") -> float:
    """How common a word is in general; 0 for one that the list of frequent words has not."""
    share = _frequencies(language).get(word, 0.0)
    return math.log10(share) + 9 if share else 0.0


@cache
def _frequencies(language: str) -> Mapping[str, float]:
    from wordfreq import get_frequency_dict

    return get_frequency_dict(language, wordlist="small")


@cache
def _lemminflect() -> Any:
    import lemminflect

    return lemminflect


@dataclass(frozen=True)
class _Dictionary:
    """How often each Chinese word, and (0) each beginning of one, was counted; the sum; each word's part of speech."""

    counts: dict[str, int]
    total: int
    tags: Mapping[str, str]


@cache
def _tokenizer() -> Any:
    import jieba

    cutter = jieba.Tokenizer()
    # jieba would keep its dictionary in a file that anybody on the machine may write, and load that the next time.
    cutter.FREQ, cutter.total = _dictionary().counts, _dictionary().total
    cutter.initialized = True
    for word in _words_of("trade_terms_zh"):
        cutter.add_word(word)
    return cutter


@cache
def _dictionary() -> _Dictionary:
    """jieba's, read once for both: reading is most of what its first sentence costs."""
    import jieba

    with jieba.Tokenizer().get_dict_file() as file:
        fields = file.read().decode().split()
    words, numbers = fields[::3], [int(count) for count in fields[1::3]]
    counts = {word[:end]: 0 for word in words for end in range(1, len(word))}
    counts.update(zip(words, numbers, strict=True))
    return _Dictionary(counts, sum(numbers), dict(zip(words, fields[2::3], strict=True)))


def cut(han: str) -> Collection[str]:
    """Chinese characters as words."""
    words: list[str] = _tokenizer().lcut(han, HMM=False)
    return words
