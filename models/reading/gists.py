"""What a message is about in one line, taken out of its own words: a title for what was asked or told, a gist of an answer.

Extractive: sentences are chosen and cut, never rewritten. Pure rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from models.reading.courtesies import courtesy, thanks
from models.reading.fields import fields_of
from models.reading.patterns import pattern_of
from models.reading.praise import praises
from models.reading.questions import is_question
from models.reading.references import refers_back

# Widths are columns of a phone: a Chinese character takes two.
TITLE_WIDTH, GIST_WIDTH = 90, 100
# What is so little longer stands whole: a line cut before its last word says less and saves nothing.
SLACK = 14
# Fewer columns of words than this say nothing by themselves ("Any ideas?", 有推荐吗): the sentence before comes along.
SAYS_LITTLE = 24
# An answer that tells something has so many words of its own, or so many Chinese characters.
FEWEST_TELLING, FEWEST_CHARACTERS = 3, 7
_HAN = pattern_of(r"[\u3400-\u9fff]")
# A sentence of so many columns is understood although it begins with "That".
LONG_ENOUGH = 45
_FUNCTION_WORDS = frozenset(
    """this that these those there here with from what when where which while they them their your yours have been were will would
    could should about into onto over just also only very really some such same than then thing things time times sure well like
    lots many much more most please thank thanks think know tell kind nice good great cool best better right exactly agree agreed
    experience everybody everyone anybody anyone someone somebody nobody missed coming come came does
    我们 你们 他们 大家 是不 不是 就是 也是 可以 怎么 什么 没有 有没 一个 现在 这个 那个 有人 一下 一起""".split()  # noqa: SIM905  # easier to read
)
# Fewer than this are no title at all.
SAYS_NOTHING = 8
# Titles that share more than this of their words are one question asked again.
ALIKE = 0.6
# A sentence with fewer long words than this leans on the one before.
FEWEST_WORDS = 2
_THIN_WORDS = frozenset({"normal", "should", "anyone", "anybody", "somebody", "someone", "really", "better", "usually"}) | {
    "people", "please", "possible", "different",
}  # fmt: skip

# What it costs, to who may have it.
_PRICE = pattern_of(
    r"^(?:it's |they're |all )?(?:free(?: of charge)?(?= for\b| to\b|[.!,]|$)|"
    r"at cost\b|half price\b|for sale\b|no charge\b)|^[€$£]\s?\d+\b.{0,20}$|"
    r"^(?:免费|白送|成本价|半价|原价|不要钱)",
    re.IGNORECASE,
)
PRICE_WIDTH = 36

_LINK = pattern_of(r"https?://(?:www\.)?([\w.-]+)\S*")
_MARKS = pattern_of(r"```.*?```|[*_~`]{1,2}(?=\S)|(?<=\S)[*_~`]{1,2}|^\s*[>#•\-–]+\s*", re.DOTALL | re.MULTILINE)
_FACES = pattern_of(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+")
_SENTENCE = pattern_of(r"[^.!?。！？…\n]*(?:\.(?=\w)[^.!?。！？…\n]*)*(?:[.!?。！？…]+[\"”’)）]*|\n|$)")
# "e.g." and the like, and numbered names ("No. 4"), end no sentence.
_ABBREVIATION = pattern_of(
    r"\b(?:e\.g|i\.e|etc|vs|approx|ca|no|nr|st|dr|mr|ms|mrs|inc|ltd|co|u\.s|z\.b|bzw)\.$", re.IGNORECASE
)
_NEAR_DAY = pattern_of(
    r",?\s*\b(?:this (?:morning|afternoon|evening)|today|tonight|yesterday|last night|just now|right now)\b|"
    r"今天|今早|今晚|今日|昨天|昨晚|刚刚",
    re.IGNORECASE,
)
_OF_THEIRS = pattern_of(r"\b(?:we|i|our|my)\b|我|咱", re.IGNORECASE)
# A face in the place of a full stop: "we're live 🚀 try it".
_FACE_AS_STOP = pattern_of(rf"(?<=[^\W_])\s*(?:{_FACES.pattern}\s*)+(?=[^\W_])")
_ADDRESS = pattern_of(r"^(?:@\w+[\s,:，：]*)+")
_OPENING = pattern_of(
    r"^(?:(?:hi|hey|hello|hallo|good (?:morning|afternoon|evening)|gm|dear)\b"
    r"(?:[ ,]*(?:all|everyone|everybody|folks|guys|team|there|founders|friends|people|community|again|@\w+))*"
    r"|(?:quick|silly|stupid|random|genuine|serious|noob|newbie) question|question(?: for (?:you|the group|everyone))?"
    r"|so|ok(?:ay)?|well|btw|by the way|fyi|psa|also|and|but|sorry|thanks|thx|thank you"
    r"|大家(?:上午|下午|早上|晚上|中午)?好|各位(?:好|老师|大佬|朋友|群友)?(?:好)?|哈喽|嗨|你好|请问(?:一下|下)?|想?请教(?:一下|下|各位|大家)*|"
    r"求助|弱弱地?问(?:一句|一下|下)?|问(?:一下|下|个问题)|有个问题)(?:[\s,:;.!，：；。！~—–-]+|$)",
    re.IGNORECASE,
)


def title_of(text: str, *, is_question: bool = False) -> str | None:
    """What a thread's first message is about, at most TITLE_WIDTH columns; None when it does not say.

    Of a question the sentence that asks, with the one before when it says little by itself; else the first that says something.
    """
    parts = list(filter(None, (_without_host(one, text) for one in sentences(text)))) or sentences(text)
    telling = [one for one in parts if courtesy(one) is None and width(one) >= SAYS_NOTHING]
    if not telling:
        return None
    if not is_question:
        return _with_price(_news(telling), telling)
    asking = max((one for one in telling if _asks(one)), key=width, default=telling[-1])
    return _with_neighbours(telling, telling.index(asking), is_needed=_leans(asking))


def _with_price(title: str, telling: Sequence[str]) -> str:
    """A title of an offer with what it costs, where it stands in another sentence: "free" changes what is offered."""
    price = next((one for one in telling if _PRICE.search(one)), None)
    if price is None or price in title:
        return title
    found = _PRICE.search(price)
    # "Free for anybody building prototypes": for whom, stands there; two halves of sentences say less than one.
    price = price if width(price) <= PRICE_WIDTH or found is None else f"{found[0]}."
    start = shorten(title.rstrip("… "), TITLE_WIDTH - width(price) - 1)
    start = f"{start}…" if title.endswith("…") and not start.endswith("…") else start
    return _together(start, price) if _HAN.search(price) else f"{start} {price}"


def _without_host(sentence: str, text: str) -> str:
    """A sentence without the link it ends in; nothing of one that only names it ("Photos: example.org")."""
    host = next((one for one in _LINK.findall(text) if sentence.endswith(one)), "")
    if not host:
        return sentence
    shorter = sentence.removesuffix(host).rstrip(" :：,，-–")
    if width(shorter) >= SAYS_LITTLE:
        return shorter
    return sentence if len(sentences(text)) == 1 else ""


def _leans(asking: str) -> bool:
    return width(asking) < SAYS_LITTLE or _is_thin(asking) or refers_back(asking)


def _with_neighbours(telling: Sequence[str], place: int, *, is_needed: bool = False) -> str:
    """A sentence with the one before it and the one after it, as far as there is room.

    Where the one before `is_needed` and there is no room for both, that one: what it is about says more than "Normal, or should
    we walk away?".
    """
    title = telling[place]
    if place > 0:
        both = _together(telling[place - 1], title)
        if width(both) > TITLE_WIDTH + SLACK and is_needed:
            return fit_title(telling[place - 1])
        title = both if width(both) <= TITLE_WIDTH + SLACK else title
    if place + 1 < len(telling) and width(longer := _together(title, telling[place + 1])) <= TITLE_WIDTH + SLACK:
        title = longer
    return fit_title(title)


def _news(telling: Sequence[str]) -> str:
    """The first sentence that tells something, with the next where both are short ("Redesign is live. We cut …")."""
    informing = next((i for i, one in enumerate(telling) if fields_of(one)), None)
    if informing is None:
        informing = next((i for i, one in enumerate(telling) if _informs(one, set())), 0)
    # "We closed. 1.2M, led by an angel": what they did comes before how, however short.
    if informing and _OF_THEIRS.search(telling[informing - 1]) and not _asks(telling[informing - 1]):
        both = _together(telling[informing - 1], telling[informing])
        informing -= width(both) <= TITLE_WIDTH + SLACK
    return _with_neighbours(telling[informing:], 0)


def gist_of(answer: str, question: str = "") -> str | None:
    """The sentence of an answer that says most about the question, at most GIST_WIDTH columns; None when none does.

    Its neighbours come along where they fit: first the one before, of which it may be the end.
    """
    question_words = _words(question)
    whole = [one for one in sentences(answer) if courtesy(one) is None and not _asks(one) and not praises(one)]
    telling = [
        i for i, one in enumerate(whole) if not (_leans_back(one) or thanks(one)) and _informs(one, question_words)
    ]
    if not telling:
        return None
    # Earlier sentences first: people answer, then explain.
    best = max(
        telling, key=lambda i: (min(len(_words(whole[i]) & question_words), 2) + min(width(whole[i]) / 40, 1), -i)
    )
    gist = whole[best]
    first = last = best
    while first > 0 and width(longer := _together(whole[first - 1], gist)) <= GIST_WIDTH:
        first, gist = first - 1, longer
    while last + 1 < len(whole) and width(longer := _together(gist, whole[last + 1])) <= GIST_WIDTH:
        last, gist = last + 1, longer
    return shorten(gist, GIST_WIDTH)


def adds_to(gist: str, news: str) -> bool:
    """Whether a gist speaks of the news itself: a word of it that says something, or a number."""
    common = (_words(gist) & _words(news)) - _FUNCTION_WORDS
    return bool(common) or re.search(r"\d", gist) is not None


def without_day(text: str) -> str:
    """A line without "this morning" and the like, to be read on another day."""
    return _NEAR_DAY.sub("", text).strip(" ,，") or text


def are_alike(title: str, other: str) -> bool:
    """Whether two titles say nearly the same, as a question asked again does: most of their words."""
    words, others = telling_words(title), telling_words(other)
    return title.casefold() == other.casefold() or len(words & others) > ALIKE * max(len(words | others), 1)


def telling_words(text: str) -> set[str]:
    """Words of a text, and pairs of its Chinese characters, without those that say nothing by themselves."""
    return _words(text) - _FUNCTION_WORDS


def sentences(text: str) -> list[str]:
    """The sentences of a message without greetings, marks and faces; links as their host."""
    plain = _FACE_AS_STOP.sub(_stop, _LINK.sub(r"\1", text))
    plain = _MARKS.sub(" ", _FACES.sub(" ", plain))
    parts: list[str] = []
    for piece in _join(_SENTENCE.findall(plain)):
        one = " ".join(piece.split())
        shorter = _without_opening(one)
        if shorter:
            parts.append(shorter)
    return parts


def _stop(face: re.Match[str]) -> str:
    return "，" if _HAN.match(face.string[face.start() - 1]) else " – "


def width(text: str) -> int:
    """Columns a text takes: two for a wide character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def shorten(text: str, most: int) -> str:
    """The beginning of a line, at most so many columns, cut where a part of the sentence or at least a word ends."""
    line = " ".join(text.split())
    if width(line) <= most:
        return line
    start, room = "", most - 1
    for character in line:
        room -= width(character)
        if room < 0:
            break
        start += character
    at_part = max(start.rfind(mark) for mark in (", ", "; ", " – ", " - ", "，", "；", "、"))
    at_word = start.rfind(" ")
    cut = at_part if at_part > len(start) * 0.6 else at_word if at_word > len(start) * 0.5 else len(start)
    return start[:cut].rstrip(" ,.;:–-，。；：、") + "…"


def fit_title(text: str) -> str:
    """A title: whole, if it is hardly too long."""
    return text if width(text) <= TITLE_WIDTH + SLACK else shorten(text, TITLE_WIDTH)


def _together(first: str, second: str) -> str:
    """Two sentences one after the other; Chinese ones have no space between them."""
    return f"{first}{second}" if first[-1:] in "。！？…，；" else f"{first} {second}"


def _without_opening(sentence: str) -> str:
    while (shorter := _OPENING.sub("", _ADDRESS.sub("", sentence)).strip()) != sentence:
        sentence = shorter
    return sentence[:1].upper() + sentence[1:]


def _join(pieces: Sequence[str]) -> list[str]:
    """Sentences that only an abbreviation had broken."""
    parts: list[str] = []
    for piece in pieces:
        if parts and _ABBREVIATION.search(parts[-1].strip()):
            parts[-1] += piece
        else:
            parts.append(piece)
    return [piece for piece in parts if piece.strip(" .!?。！？…\n")]


def _is_thin(sentence: str) -> bool:
    """Whether an English sentence has hardly a word that says what it is about: "Normal, or should we walk away?"."""
    long_words = re.findall(r"[a-z]{6,}", sentence.lower())
    return sentence.isascii() and len(set(long_words) - _THIN_WORDS) < FEWEST_WORDS


def _leans_back(sentence: str) -> bool:
    """ "That was our bridge.": what is meant stands elsewhere."""
    return (
        width(sentence) < LONG_ENOUGH
        and re.match(r"(?:that|this|it|they|these|those|same)\b", sentence, re.IGNORECASE) is not None
    )


def _informs(sentence: str, question_words: set[str]) -> bool:
    """Whether a sentence tells something: a number, a word of the question, or enough words of its own; "Very kind." does not."""
    if re.search(r"\d", sentence):
        return True
    words = _words(sentence) - _FUNCTION_WORDS
    characters = len(_HAN.findall(sentence))
    return (
        bool(words & question_words)
        or characters >= FEWEST_CHARACTERS
        or len(words) + characters // 2 >= FEWEST_TELLING
    )


def _asks(sentence: str) -> bool:
    return is_question(sentence)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]{4,}|[\u3400-\u9fff]{2}", text.lower()))
