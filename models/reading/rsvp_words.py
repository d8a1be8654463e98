"""What a member says after /rsvp, in English or Chinese: coming, perhaps or not, with how many, to which event of a list.

Every word must belong to a saying that is known: what is left over, or contradicts, is asked about and not guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from models.reading.patterns import pattern_of
from models.reading.rsvp_sayings import Tone, sayings
from models.reading.wording import EN_NUMBERS, LEFT, RIGHT, ZH_NUMBER, number

# Longer words are no answer to an event.
MAX_CHARACTERS = 120


class Answer(StrEnum):
    """What somebody says outright about an event."""

    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"


_COUNT = rf"(?:[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}}|{'|'.join(sorted(EN_NUMBERS, key=len, reverse=True))})"
_COMPANY = "guests?|friends?|people|persons?|others?|more|colleagues?|co-?founders?"
_SOMEBODY = "friend|partner|guest|colleague|wife|husband|girlfriend|boyfriend|co-?founder|plus one"
_ALONE = pattern_of(
    rf"{LEFT}(?:alone|just me|only me|just myself|by myself|on my own|without guests?|no guests?){RIGHT}"
    rf"|\+\s?0(?![0-9])|(?:就|只有)?我?(?:一个人|自己)|不带人?"
)
_GUESTS = pattern_of(
    rf"\+\s?(?P<plus>[0-9]{{1,2}})(?![0-9])(?:\s?(?:{_COMPANY}){RIGHT})?"
    rf"|{LEFT}(?:plus|with|bring|bringing|and|w/)\s(?P<en>{_COUNT})(?:\s(?:{_COMPANY}))?{RIGHT}"
    rf"|{LEFT}(?:with|bring|bringing|and)\s(?:my|an?)\s(?P<one>{_SOMEBODY}){RIGHT}"
    rf"|(?:再|多|会|要|想|另外?)?带(?:上|着)?(?P<zh>{_COUNT})\s?(?:个人|[个位名]?朋友|[个位名]?同事|人|位|个|名)?(?:一起)?"
    rf"|带(?:上|着)?(?P<zh_one>朋友|家属|同事|家人|老婆|老公|女朋友|男朋友|伴侣|伴)(?:一起)?"
)
_NUMBER = pattern_of(r"#?\s?(?P<number>[0-9]{1,2})\s?(?:[.):、号]|(?=\s|$|[^0-9a-z+%/:-]))")
_EVEN = pattern_of(r"^50\s?[/:-]?\s?50$")
# Signs that say yes, perhaps or no; all other pictures are ornaments.
_SIGNS = "👍✅🙋👌💯👎❌🚫🙅🤔🤞🤷"
_TONES = pattern_of("[\U0001f3fb-\U0001f3ff]")
_ORNAMENTS = pattern_of(rf"(?![{_SIGNS}])[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u200d\ufe0f]")
_APOSTROPHES = pattern_of("['’‘`´ʼ]")
_MARKS = pattern_of(r"[.,;:!?~、。，；：！？～…()（）\[\]\"“”*_/—–-]+")
# After a bare "no" or "can't", a saying that begins otherwise is what is denied: "no conflict", "can't skip it".
_BARE = frozenset("no not cant cannot wont nope couldnt".split()) | {"can not", "will not"}  # noqa: SIM905
_AGAIN = pattern_of("no|nope|not|cant|cannot|can not|wont|will not|couldnt|unable|sorry|i |im |have |ill |[👎❌🚫🙅]")


@dataclass(frozen=True)
class AnswerInWords:
    """An answer in words; guests None: nothing said of them; number: of a list, from 1."""

    answer: Answer
    guests: int | None = None
    number: int | None = None


def read_answer(words: str) -> AnswerInWords | None:
    """What the words after the command mean, nothing being yes; None for words that are no answer. Never raises."""
    if len(words) > MAX_CHARACTERS:
        return None
    text = _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", words).casefold()).strip()
    number = None if _EVEN.match(text) else _NUMBER.match(text)
    text = text[number.end() :].strip() if number else text
    rest, guests, is_apart = _guests(text)
    answer = _answer(rest, has_guests=guests is not None)
    # "Can't bring a guest", "can't come alone": what is denied is the company.
    is_denied = answer == Answer.NOT_GOING and guests is not None and not is_apart
    if answer is None or is_denied or (number and int(number["number"]) == 0):
        return None
    return AnswerInWords(answer, guests if answer == Answer.GOING else None, int(number["number"]) if number else None)


def _guests(text: str) -> tuple[str, int | None, bool]:
    """The words without what they say about guests, how many those are, and whether that stood apart from the rest."""
    match, guests = _ALONE.search(text), 0
    if match is None:
        match = _GUESTS.search(text)
        count = match and (match["plus"] or match["en"] or match["zh"])
        guests = number(count) if count else 1
    if match is None:
        return text, None, True
    before, after = text[: match.start()], text[match.end() :]
    return f"{before} {after}", guests, not before.strip() or _MARKS.search(before.strip()[-1]) is not None


def _answer(text: str, *, has_guests: bool) -> Answer | None:
    plain = _TONES.sub("", text) if re.search(r"\w", text) else text
    plain = _ORNAMENTS.sub(" ", plain).replace("♀", " ").replace("♂", " ")
    asks = "?" in plain
    bare = re.sub(r"([a-z])\1{2,}", r"\1", _MARKS.sub(" , ", plain.replace("'", "")))
    bare = " ".join(bare.split()).strip(" ,")
    if not bare:
        # The command alone says yes; a smile says nothing.
        return Answer.GOING if has_guests or not _without_marks(text) else None
    tones = _tones(bare)
    answer = None if tones is None else _together(tones, has_guests=has_guests)
    return None if asks and answer != Answer.MAYBE else answer


def _without_marks(text: str) -> str:
    return _MARKS.sub("", text).strip()


def _tones(text: str) -> list[Tone] | None:
    """What is said, one thing after the other, the longest saying at each place; None where anything is unknown."""
    tones: list[Tone] = []
    place, denial = 0, ""
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        matches = ((tone, match.end()) for tone, saying in sayings() if (match := saying.match(text, place)))
        tone, end = max(matches, key=lambda one: one[1], default=(Tone.NOTHING, place))
        words = text[place:end]
        if not words or (denial and tone == Tone.NO and not _AGAIN.match(words)):
            return None
        denial = words if tone == Tone.NO and (words in _BARE or words.startswith("不")) else ""
        tones += [tone] if tone != Tone.NOTHING else []
        place = end
    return tones


def _together(tones: list[Tone], *, has_guests: bool) -> Answer | None:
    """The answer in several sayings; None where they contradict, or say nothing: doubt is asked about."""
    tone_set = set(tones)
    if not tones:
        return Answer.GOING if has_guests else None
    if tones[-1] == Tone.BUT:
        return None
    if Tone.NO in tone_set:
        return None if tone_set & {Tone.YES, Tone.DOUBT, Tone.CONDITION} else Answer.NOT_GOING
    if Tone.DOUBT in tone_set or Tone.CONDITION in tone_set:
        return Answer.MAYBE if _is_hedged(tones) else None
    if Tone.PAST_WISH in tone_set:
        return None
    if Tone.YES in tone_set:
        return Answer.GOING
    if Tone.REGRET in tone_set:
        return Answer.NOT_GOING if tone_set == {Tone.REGRET} else None
    return Answer.GOING


def _is_hedged(tones: list[Tone]) -> bool:
    """ "Maybe I'll come" and "I'll come if I can" are a perhaps; "yes, maybe" is asked about."""
    if Tone.YES not in tones or Tone.DOUBT not in tones:
        return True
    return tones.index(Tone.DOUBT) < tones.index(Tone.YES) and Tone.BUT not in tones
