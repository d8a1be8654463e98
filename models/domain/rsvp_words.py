"""What a member answers to an event in words: `going`, `maybe`, `不去`, `2 +1`, `demo night going`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Status = Literal["going", "maybe", "not_going"]

# Longer ones first where one begins another: "not going" before "going", 不去 before 去.
_WORDS: dict[Status, tuple[str, ...]] = {
    "not_going": (
        "not going", "not coming", "can't come", "can't make it", "cannot come", "can not come", "can't", "cant",
        "cannot", "won't come", "no", "nope", "out", "cancel", "decline", "sorry",
        "不能去", "不能来", "去不了", "来不了", "不参加", "不去了", "不来了", "不去", "不来", "取消", "退出", "请假",
    ),
    "maybe": (
        "maybe", "perhaps", "not sure", "interested", "tentative", "may come", "might come",
        "待定", "不确定", "可能去", "可能来", "可能", "也许", "感兴趣", "看情况", "再说",
    ),
    "going": (
        "going", "coming", "i'm in", "im in", "i'll come", "i'll be there", "count me in", "yes", "yep", "in", "join",
        "i am going", "i'm going", "i am coming", "i'm coming",
        "算我一个", "我要去", "我会去", "我去", "我来", "会去", "会来", "参加", "报名", "去", "来",
    ),
}  # fmt: skip
_STATUS = {word: status for status, words in _WORDS.items() for word in words}
_ANY = "|".join(re.escape(word) for word in sorted(_STATUS, key=len, reverse=True))
# A Latin word stands alone; Chinese words touch what is beside them.
_ALONE = re.compile(rf"(?<![a-z'])(?:{_ANY})(?![a-z'])")
_GUESTS = re.compile(
    r"(?:\+\s?|(?:plus|with|and)\s)(?P<n>\d{1,3}|one|two|three)(?:\s(?:guests?|friends?|people|more))?"
    r"|[带加]\s?(?P<zh>\d{1,3}|[一两二三四五])\s?(?:个|位)?\s?(?:人|朋友|客人)?"
)
_COUNTS = {"one": 1, "two": 2, "three": 3, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
_NUMBER = re.compile(r"(?:^|\s)(?:#|no\.?\s?|第)?(?P<n>\d{1,2})(?:[.号个、]|\s|$)")


@dataclass(frozen=True)
class RsvpWords:
    """An answer in words; `guests` None where nothing was said of them.

    `number` is a place in the list of events (from 1) and `title` a part of a title, both None where none was named.
    """

    status: Status
    guests: int | None = None
    number: int | None = None
    title: str | None = None


def read_rsvp_words(text: str) -> RsvpWords:
    """What the words say; nothing said is going. Whatever is left over is taken for a part of a title."""
    rest = " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split())[:200]
    rest, guests = _guests(rest)
    found = next((match for match in _ALONE.finditer(rest) if _is_at_an_end(rest, match)), None)
    status: Status = _STATUS[found[0]] if found else "going"
    rest = f"{rest[: found.start()]} {rest[found.end() :]}" if found else rest
    numbered = _NUMBER.search(rest)
    if numbered and not _NUMBER.sub(" ", rest, count=1).strip(" ,.!，。！"):
        return RsvpWords(status, guests, number=int(numbered["n"]))
    return RsvpWords(status, guests, title=rest.strip(" ,.!?，。！？") or None)


def _guests(text: str) -> tuple[str, int | None]:
    match = _GUESTS.search(text)
    if match is None:
        return text, None
    said = match["n"] or match["zh"]
    count = _COUNTS[said] if said in _COUNTS else int(said)
    return f"{text[: match.start()]} {text[match.end() :]}".strip(), count


def _is_at_an_end(text: str, match: re.Match[str]) -> bool:
    """In the middle of a title such a word is part of it: "In the kitchen" at the beginning still asks for the list."""
    return match.start() == 0 or not text[match.end() :].strip(" ,.!，。！")
