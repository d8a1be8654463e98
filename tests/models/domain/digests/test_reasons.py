from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.domain.digests import reasons
from models.domain.digests.items import Address, EventFacts, Personal, Reason, ThreadFacts
from tests.village import NOW

MIA, JO, ANA = 1, 2, 3
NAMES = {JO: "Jo", ANA: "Ana"}


def thread(**values: Any) -> ThreadFacts:
    defaults: dict[str, Any] = {
        "id": 9,
        "chat_id": 1,
        "author_id": JO,
        "author_name": "Jo",
        "text": "Which bank?",
        "address": Address("Founders", -1001, 5),
        "keywords": ("bank",),
        "is_question": True,
        "is_answered": True,
        "n_members": 1,
        "participants": frozenset({JO}),
    }
    return ThreadFacts(**{**defaults, **values})


def event(**values: Any) -> EventFacts:
    defaults: dict[str, Any] = {
        "id": 4,
        "author_id": JO,
        "author_name": "Jo",
        "text": "Demo night",
        "address": None,
        "place": None,
        "starts_at": NOW + timedelta(days=2),
        "time_zone": "UTC",
        "going": frozenset(),
    }
    return EventFacts(**{**defaults, **values})


@pytest.mark.parametrize(
    ("facts", "mine", "told"),
    [
        # An answered question of a stranger that few talk about is no news.
        (thread(), Personal(), []),
        (thread(is_answered=False), Personal(), ["unanswered"]),
        (thread(n_members=3), Personal(), ["people"]),
        (thread(), Personal(answered={JO: 4}), ["answered_author"]),
        (thread(), Personal(answered_by={JO: 2}), ["author_answered_you"]),
        # Both ways is one relation, told once.
        (thread(), Personal(answered={JO: 1}, answered_by={JO: 2}), ["answered_author"]),
        (thread(participants=frozenset({JO, ANA})), Personal(answered={ANA: 1}), ["answered_participant"]),
        (thread(), Personal(texts=["my bank", "a Bank!"]), ["topic"]),
        # One message about a word is no interest.
        (thread(), Personal(texts=["my bank"]), []),
        # Not a word of it, though the letters are in it.
        (thread(), Personal(texts=["embankment", "databank"]), []),
        (thread(keywords=("供应链",)), Personal(texts=["供应链怎么管", "聊聊供应链"]), ["topic"]),
    ],
)
def test_reasons_say_what_is_so_and_nothing_else(facts: ThreadFacts, mine: Personal, told: list[str]) -> None:
    made = reasons.for_thread(facts, mine, NAMES, is_cold=False)

    assert [reason.key for reason in made] == told


def test_people_who_may_not_be_named_are_not() -> None:
    facts = thread(author_id=JO, participants=frozenset({JO, ANA}))
    mine = Personal(answered={JO: 3, ANA: 2})

    unknown = reasons.for_thread(facts, mine, {}, is_cold=False)
    muted = reasons.for_thread(facts, mine, NAMES, is_cold=False, muted={JO, ANA})

    assert unknown == muted == []


def test_a_reason_names_its_subject_so_that_a_mute_stops_it() -> None:
    [reason] = reasons.for_thread(thread(), Personal(answered={JO: 3}), NAMES, is_cold=False)

    assert reason.as_json() == {
        "key": "answered_author",
        "values": {"name": "Jo", "n": 3, "member_id": JO},
        "about": [f"person:{JO}"],
    }


@pytest.mark.parametrize(
    ("starts_at", "zone", "key", "days"),
    [
        (NOW + timedelta(hours=5), "UTC", "event_today", 0),
        # 22:00 in Berlin is today there, 07:00 of the next day in Tokyo is tomorrow.
        (datetime(2026, 3, 2, 22, tzinfo=UTC), "Asia/Tokyo", "event_tomorrow", 1),
        (NOW + timedelta(days=3), "UTC", "event_in_days", 3),
    ],
)
def test_an_event_is_as_far_away_as_the_members_calendar_says(
    starts_at: datetime, zone: str, key: str, days: int
) -> None:
    [reason] = reasons.for_event(event(starts_at=starts_at), Personal(), NAMES, now=NOW, zone=ZoneInfo(zone))

    assert (reason.key, reason.values["n"]) == (key, days)


def test_who_is_going_is_told_when_the_member_knows_them() -> None:
    facts = event(going=frozenset({JO, ANA}))

    first, *_ = reasons.for_event(facts, Personal(answered={ANA: 2}), NAMES, now=NOW, zone=ZoneInfo("UTC"))

    assert (first.key, first.values["name"]) == ("answered_going", "Ana")


def test_what_moved_the_score_most_is_told_first() -> None:
    made = [Reason("topic", moved_by=("topic_affinity",)), Reason("people", moved_by=("people", "reactions"))]

    told = reasons.in_order(made, {"topic_affinity": 0.2, "people": -1.0, "reactions": 0.9})

    assert [reason.key for reason in told] == ["people", "topic"]
