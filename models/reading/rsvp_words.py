"""What a member says after /rsvp, in English or Chinese: coming, perhaps or not, with how many, to which event of a list.

A table of what people write rather than a grammar: "no problem, I'm going" is asked about, not guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from models.reading.wording import EN_NUMBERS, LEFT, RIGHT, ZH_NUMBER, number

# Longer words are no answer to an event.
MAX_CHARACTERS = 120


class Answer(StrEnum):
    """What somebody says outright about an event."""

    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"


_SAYINGS = {
    Answer.GOING: """
        going, go, yes, y, yep, yeah, yup, sure, for sure, in, join, joining, coming, come, attend, attending, ok, okay,
        definitely, absolutely, of course, count me in, sign me up, be there, see you there, save me a seat,
        去, 来, 参加, 报名, 加入, 到, 会去, 会来, 会到, 能去, 能来, 可以, 可以去, 可以来, 好, 好的, 行, 没问题, 一定,
        一定去, 一定来, 一定到, 必去, 必到, 准时到, 算我一个, 算我, 带我一个, 加我一个, 要报名, 要去, 要来, 要参加,
        想去, 想来, 想参加, 去参加, 来参加, 是, 是的, 👍, ✅, 🙋
        """,
    Answer.MAYBE: """
        maybe, interested, perhaps, possibly, tentative, unsure, not sure, not sure yet, might, might come, might go,
        might join, lets see, will see,
        待定, 可能, 可能去, 可能来, 也许, 也许去, 也许来, 感兴趣, 有兴趣, 不一定, 不确定, 看情况, 再看, 再看看, 再说, 到时候看,
        考虑, 考虑一下, 想想, 🤔
        """,
    Answer.NOT_GOING: """
        no, n, nope, nah, out, cant, cannot, decline, sorry, cancel, skip, pass, wont, not going, not coming, not in,
        not attending, cant come, cant go, cant make it, cannot come, cannot go, cannot make it, wont come, wont make it,
        wont be there, count me out, not this time, cancel my seat, release my seat,
        不去, 不来, 去不了, 来不了, 不参加, 参加不了, 取消, 取消报名, 不报名, 不了, 没空, 没时间, 有事, 退出, 放弃, 不行, 不能去,
        不能来, 不可以, 不会去, 不会来, 不想去, 不, 否, 请假, 去不成, 来不成, 算了, 抱歉, 👎, ❌, 🚫
        """,
}
_ANSWERS = {
    saying: answer for answer, sayings in _SAYINGS.items() for saying in (one.strip() for one in sayings.split(","))
}
_LONGEST = max(len(saying.split()) for saying in _ANSWERS)

_COUNT = rf"(?:[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}}|{'|'.join(sorted(EN_NUMBERS, key=len, reverse=True))})"
_COMPANY = "guests?|friends?|people|persons?|others?|more|colleagues?|co-?founders?"
_SOMEBODY = "friend|partner|guest|colleague|wife|husband|girlfriend|boyfriend|co-?founder|plus one"
_ALONE = re.compile(
    rf"{LEFT}(?:alone|just me|only me|just myself|by myself|on my own|without guests?|no guests?){RIGHT}"
    rf"|\+\s?0(?![0-9])|(?:就|只有)?我?(?:一个人|自己)|不带人?"
)
_GUESTS = re.compile(
    rf"\+\s?(?P<plus>[0-9]{{1,2}})(?![0-9])(?:\s?(?:{_COMPANY}){RIGHT})?"
    rf"|{LEFT}(?:plus|with|bring|bringing|and|w/)\s(?P<en>{_COUNT})(?:\s(?:{_COMPANY}))?{RIGHT}"
    rf"|{LEFT}(?:with|bring|bringing|and)\s(?:my|an?)\s(?P<one>{_SOMEBODY}){RIGHT}"
    rf"|(?:再|多|会|要|想|另外?)?带(?:上|着)?(?P<zh>{_COUNT})\s?(?:个人|[个位名]?朋友|[个位名]?同事|人|位|个|名)?(?:一起)?"
    rf"|带(?:上|着)?(?P<zh_one>朋友|家属|同事|家人|老婆|老公|女朋友|男朋友|伴侣|伴)(?:一起)?"
)
_NUMBER = re.compile(r"#?\s?(?P<number>[0-9]{1,2})\s?(?:[.):、号]|(?=\s|$|[^0-9a-z+]))")
# Said around an answer, without changing it.
_FILLER_WORDS = "i we im ill well am are will please pls thanks thank you thx too 谢谢 我 我们"
_FILLERS = frozenset(_FILLER_WORDS.split())
_BEFORE, _AFTER = re.compile(r"^(?:我们?|俺们?|本人)"), re.compile(r"[吧啊哦呀啦了的呢噢喔嘛哈]+$")


@dataclass(frozen=True)
class Said:
    """An answer in words; guests None: nothing said of them; number: of a list, from 1."""

    answer: Answer
    guests: int | None = None
    number: int | None = None


def read_answer(words: str) -> Said | None:
    """What the words after the command mean, nothing being yes; None for words that are no answer. Never raises."""
    if len(words) > MAX_CHARACTERS:
        return None
    text = unicodedata.normalize("NFKC", words).casefold().replace("’", "'").strip()
    chosen = _NUMBER.match(text)
    text = text[chosen.end() :].strip() if chosen else text
    text, guests = _guests(text)
    answer = _answer(text)
    if answer is None or (chosen and int(chosen["number"]) == 0):
        return None
    return Said(answer, guests if answer == Answer.GOING else None, int(chosen["number"]) if chosen else None)


def _guests(text: str) -> tuple[str, int | None]:
    """The words without what they say about guests, and how many those are."""
    if match := _ALONE.search(text):
        return text[: match.start()] + " " + text[match.end() :], 0
    if match := _GUESTS.search(text):
        count = match["plus"] or match["en"] or match["zh"]
        return text[: match.start()] + " " + text[match.end() :], number(count) if count else 1
    return text, None


def _answer(text: str) -> Answer | None:
    bare = re.sub(r"[\s,.;:!?~、。，；：！？～…()-]+", " ", text.replace("'", "").replace("\ufe0f", "")).strip()
    return _agreed(bare.split()) if bare else Answer.GOING


def _agreed(words: list[str]) -> Answer | None:
    """The answer that sayings one after the other agree on: "sorry, can't make it"; None for anything else between."""
    found: set[Answer] = set()
    while words:
        n_said = next((n for n in range(min(_LONGEST, len(words)), 0, -1) if " ".join(words[:n]) in _ANSWERS), 0)
        answer = _ANSWERS[" ".join(words[:n_said])] if n_said else _answer_in_chinese(words[0])
        if answer is not None:
            found.add(answer)
        elif words[0] not in _FILLERS:
            return None
        words = words[n_said or 1 :]
    return found.pop() if len(found) == 1 else None


def _answer_in_chinese(word: str) -> Answer | None:
    """The answer in 我去, 去吧, 我们不去了."""
    begun = _BEFORE.sub("", word)
    variants = (word, begun, _AFTER.sub("", word), _AFTER.sub("", begun))
    return next((_ANSWERS[one] for one in variants if one in _ANSWERS), None)
