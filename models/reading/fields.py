"""Which fields of a founder's work a text is about: fundraising, hardware, hiring …, by the words of each trade. Pure rules.

One list in both languages (fields.toml), so that a question in one tells something to those who know the field in the other, and
a group is understood from its first day. In doubt a text is about nothing: a word that several trades use counts half.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from models.reading.patterns import pattern_of


class Field(StrEnum):
    """A field of a founder's work; its words stand in fields.toml, its name in the texts under field.<value>."""

    FUNDRAISING = "fundraising"
    FINANCE = "finance"
    LEGAL = "legal"
    HIRING = "hiring"
    GROWTH = "growth"
    SALES = "sales"
    DESIGN = "design"
    SOFTWARE = "software"
    AI = "ai"
    HARDWARE = "hardware"
    LOGISTICS = "logistics"
    RELOCATION = "relocation"


SURELY, PERHAPS = 1.0, 0.5
# So much evidence makes a field; another field beside it needs as much and this share of the best one's.
ENOUGH, SHARE_OF_BEST = 1.0, 0.6
MOST_FIELDS = 2
# Longest phrase, in English words and in Chinese characters.
_MOST_WORDS, _MOST_CHARACTERS = 3, 8

_LINK = pattern_of(r"https?://\S+|```.*?```|`[^`]*`|@\w+", re.DOTALL)
_LATIN = pattern_of(r"[A-Za-zÀ-ÿ0-9][A-Za-zÀ-ÿ0-9&/+-]*")
# What an event or a book is called is somebody else's word.
_NAMED = pattern_of(r"\"[^\"\n]{4,90}\"|“[^”\n]{4,90}”|„[^“\n]{4,90}“|《[^》\n]{2,40}》|「[^」\n]{2,40}」")
# Who does a trade is somebody to pay: "our first firmware developer" says nothing of firmware, unless one is looked for.
_ROLE = pattern_of(r"\b[\w-]+ (?=(?:developer|engineer|designer|manager|lead|intern|recruiter)s?\b)", re.IGNORECASE)
# Whom it is for or with is not what it is about: "incorporation for an American investor".
_PARTY = pattern_of(
    r"\b(?:for|with|from|by|to) (?:(?:an?|the|our|my|your|their|some|his|her|one|two|new|first) )*(?:[\w-]+ )?"
    r"(?:investor|VC|angel|lawyer|customer|client|distributor|reseller|supplier|carrier|recruiter|accountant|bank)s?\b",
    re.IGNORECASE,
)
# What a model reads, or is measured on, is not what is asked about: "an eval set of contract clauses", 合同条款的评测集.
_OBJECT = pattern_of(
    r"\b((?:eval|evaluation|test|training) sets?|datasets?|models?|LLMs?|prompts?|fine-tun\w+|embeddings?)"
    r" (?:on|for|of|over|reads?|reading|extracts?) (?:[\w-]+ ){0,2}[\w-]+\b"
    r"|(?:[\u3400-\u9fff]{2,6}的|(?<![\u3400-\u9fff])[\u3400-\u9fff]{2,4})(评测集|数据集|训练数据|语料|提示词|微调)"
    r"|(AI|大模型|模型|智能体)(?:[看读审]|识别|抽取|处理)[\u3400-\u9fff]{2,4}",
    re.IGNORECASE,
)
# A Chinese word for somebody: investors are whom a question is about only by the way (估值多少？投资人问得我心里没底).
_SOMEBODY = pattern_of(
    r".+(?:人|者|员|师|方|官|公司|机构|朋友)|.*(?:客|用|商)户|.*(?<!电)商|.*(?:厂|商|买|卖|专)家|.*(?:新|选|助|对)手"
)
_SEEKS = pattern_of(r"\b(?:looking|search\w*|need|recommend\w*|know|hire|find|seek\w*)\b", re.IGNORECASE)
_HAN = pattern_of(r"[\u3400-\u9fffA-Za-z0-9]+")
_ONE_HAN = pattern_of(r"[\u3400-\u9fff]")


def fields_of(text: str) -> frozenset[Field]:
    """The one or two fields a text is surely about; none when its words do not say."""
    weights, sure = _weights(text)
    best = max(weights.values(), default=0.0)
    if best < ENOUGH:
        return frozenset()
    # Words that only may belong to a trade are heard where no word surely belongs to one.
    fields = sure or weights.keys()
    enough = [one for one in fields if weights[one] >= max(ENOUGH, SHARE_OF_BEST * max(weights[key] for key in fields))]
    strongest = sorted(enough, key=lambda one: (-weights[one], one))
    return frozenset(strongest[:MOST_FIELDS])


def names_something(text: str) -> bool:
    """Whether something is called by its name in quotation marks, as events and books are."""
    return _NAMED.search(text) is not None


def is_subject(word: str) -> bool:
    """Whether a word by itself surely is what a question is about: one of a single trade, and no word for somebody."""
    return SURELY in _lexicon().get(word, {}).values() and _SOMEBODY.fullmatch(word) is None


@lru_cache(maxsize=50_000)
def _weights(text: str) -> tuple[Mapping[Field, float], frozenset[Field]]:
    """The evidence for each field, and the fields that have a word of their own in the text."""
    weights: dict[Field, float] = {}
    sure: set[Field] = set()
    plain = _NAMED.sub(" ", _LINK.sub(" ", text))
    plain = plain if _SEEKS.search(plain) else _ROLE.sub(" ", plain)
    alone = set(_phrases(_PARTY.sub(" ", _OBJECT.sub(_tool, plain))))
    says_enough = any(SURELY in _lexicon()[phrase].values() for phrase in alone)
    for phrase in alone if says_enough else set(_phrases(plain)):
        for field, weight in _lexicon()[phrase].items():
            weights[field] = weights.get(field, 0.0) + weight
            if weight == SURELY:
                sure.add(field)
    return weights, frozenset(sure)


def _tool(of_object: re.Match[str]) -> str:
    return f" {next(filter(None, of_object.groups()))} "


def _phrases(text: str) -> Iterator[str]:
    """The entries of the list that stand in a text, the longest at each place."""
    words = _LATIN.findall(text)
    place = 0
    while place < len(words):
        phrase = next((one for one in _spellings(words, place) if one[0] in _lexicon()), ("", 1))
        if phrase[0]:
            yield phrase[0]
        place += phrase[1]
    for run in filter(_has_han, _HAN.findall(text)):
        yield from _chinese(run)


def _spellings(words: list[str], place: int) -> Iterator[tuple[str, int]]:
    """(how the list may have it, how many words that is), the longest first: as written, in small letters, in the singular."""
    for n in range(min(_MOST_WORDS, len(words) - place), 0, -1):
        part = words[place : place + n]
        *before, last = part
        for ending in _singulars(last):
            # Capitals mean a word of capitals only; small letters any other.
            yield " ".join([*before, ending]), n
            yield " ".join([*before, ending]).lower(), n


def _singulars(word: str) -> Iterator[str]:
    yield word
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]


def _chinese(run: str) -> Iterator[str]:
    place = 0
    while place < len(run):
        longest = range(min(_MOST_CHARACTERS, len(run) - place), 0, -1)
        n = next((n for n in longest if run[place : place + n] in _lexicon() and _has_han(run[place : place + n])), 0)
        if n:
            yield run[place : place + n]
        place += n or 1


def _has_han(text: str) -> bool:
    return _ONE_HAN.search(text) is not None


@cache
def _lexicon() -> Mapping[str, Mapping[Field, float]]:
    """{word or phrase: {field: weight}}."""
    table = tomllib.loads(files("models.reading").joinpath("fields.toml").read_text(encoding="utf-8"))
    lexicon: dict[str, dict[Field, float]] = {}
    for name, lists in table.items():
        for key, phrases in lists.items():
            weight = SURELY if key.startswith("surely") else PERHAPS
            for phrase in phrases.replace("\n", "").split("|"):
                lexicon.setdefault(phrase, {}).setdefault(Field(name), weight)
    return lexicon
