"""True, checkable reasons, made from the member's own visible history: pure rules over facts.

Every sentence here can be worked out again from the rows; a test does. The keys live in the texts under digests.reason,
and under digests.data what each is taken from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.domain.digests.items import EventFacts, Personal, Reason, ThreadFacts
from models.learning.words import tokenize

# Told as "in 30 days", so that anybody can count.
ANSWERS_WITHIN_DAYS = 30
WORDS_WITHIN_DAYS = 90
# Fewer own messages than this about a word are no interest of a member's.
FEW_MESSAGES = 2
# A talk of fewer people than this is nothing to be missed.
FEW_PEOPLE = 3
# More reasons than these per item are not read.
MOST_REASONS = 3

_PEOPLE = ("people", "people_6h", "messages_6h", "reactions")
_TOPIC = ("topic_affinity", "recent_topic_affinity", "question_for_me", "liked_similar")


def for_thread(
    thread: ThreadFacts, mine: Personal, names: Mapping[int, str], *, is_cold: bool, muted: Iterable[int] = ()
) -> list[Reason]:
    """Why this thread, most personal first. `names` are of people who may be named; `muted` people never are."""
    namable = names.keys() - set(muted)
    made = [
        _answered(thread.author_id, mine, names, namable, "answered_author", ("opener_affinity", "i_answered_them")),
        _answered_by(thread.author_id, mine, names, namable),
        _answered(
            _best_known(thread, mine, namable),
            mine,
            names,
            namable,
            "answered_participant",
            ("kin", "co_participation"),
        ),
        _topic(thread.keywords, mine),
        Reason("unanswered", moved_by=("is_unanswered", "is_question")) if _is_open(thread) else None,
        _people(thread, is_cold=is_cold),
    ]
    return [reason for reason in made if reason is not None]


def for_event(
    event: EventFacts,
    mine: Personal,
    names: Mapping[int, str],
    *,
    now: datetime,
    zone: ZoneInfo,
    muted: Iterable[int] = (),
) -> list[Reason]:
    """Why this event: who is there, what it is about, and when."""
    namable = names.keys() - set(muted)
    known = max((who for who in event.going & namable), key=lambda who: (mine.answered.get(who, 0), -who), default=None)
    made = [
        _answered(known, mine, names, namable, "answered_going", ()),
        _topic(_words(event.text), mine),
        _soon(event, now, zone),
    ]
    return [reason for reason in made if reason is not None]


def in_order(reasons: Iterable[Reason], shares: Mapping[str, float]) -> tuple[Reason, ...]:
    """The reasons that moved the score most come first; without shares they stay as they are."""

    def share(reason: Reason) -> float:
        return max((shares.get(name, 0.0) for name in reason.moved_by), default=0.0)

    return tuple(sorted(reasons, key=lambda reason: -max(share(reason), 0.0)))[:MOST_REASONS]


def is_about(text: str, word: str) -> bool:
    """Whether a message uses a word: the same English word (a plural s aside), or the same Chinese characters."""
    return _test_for(word)(text)


@lru_cache(maxsize=4096)
def _test_for(word: str) -> Callable[[str], bool]:
    if re.search(r"[\u3400-\u9fff]", word):
        return lambda text: word in text
    tokens = set(tokenize(word))
    return lambda text: bool(tokens) and tokens <= set(tokenize(text))


def _answered(
    who: int | None, mine: Personal, names: Mapping[int, str], namable: set[int], key: str, moved_by: tuple[str, ...]
) -> Reason | None:
    n = mine.answered.get(who, 0) if who in namable and who is not None else 0
    if who is None or not n:
        return None
    return Reason(key, {"name": names[who], "n": n, "member_id": who}, (f"person:{who}",), moved_by)


def _answered_by(who: int, mine: Personal, names: Mapping[int, str], namable: set[int]) -> Reason | None:
    n = mine.answered_by.get(who, 0) if who in namable else 0
    # Whom one answers oneself needs no second sentence.
    if not n or mine.answered.get(who, 0):
        return None
    values = {"name": names[who], "n": n, "member_id": who}
    return Reason("author_answered_you", values, (f"person:{who}",), ("they_answered_me", "opener_affinity"))


def _best_known(thread: ThreadFacts, mine: Personal, namable: set[int]) -> int | None:
    others = (thread.participants & namable) - {thread.author_id}
    return max(others, key=lambda who: (mine.answered.get(who, 0), -who), default=None)


def _topic(words: Iterable[str], mine: Personal) -> Reason | None:
    counts = {word: sum(is_about(text, word) for text in mine.texts) for word in words}
    word = max(counts, key=lambda word: counts[word], default=None)
    if word is None or counts[word] < FEW_MESSAGES:
        return None
    return Reason("topic", {"word": word, "n": counts[word]}, (), _TOPIC)


def _is_open(thread: ThreadFacts) -> bool:
    return thread.is_question and not thread.is_answered


def _people(thread: ThreadFacts, *, is_cold: bool) -> Reason | None:
    if thread.n_members < FEW_PEOPLE:
        return None
    return Reason("popular" if is_cold else "people", {"n": thread.n_members}, (), _PEOPLE)


def _soon(event: EventFacts, now: datetime, zone: ZoneInfo) -> Reason:
    days = (event.starts_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    key = {0: "event_today", 1: "event_tomorrow"}.get(days, "event_in_days")
    return Reason(key, {"n": days})


def _words(title: str) -> list[str]:
    """A title's words, Chinese as pairs of characters."""
    return [word for word in tokenize(title) if len(word) > 1]
