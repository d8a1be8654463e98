from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.messages import event_ratings, event_summaries, introductions, reasons
from bot.messages import people_to_meet as messages
from bot.playground.server.markup import parse_html
from bot.texts.languages import LANGUAGES
from models.domain.events.summaries import Summary
from models.domain.introductions.people_to_meet import MetPairs, Name, Suggestion
from models.tables.event import Event
from models.tables.member import Member
from models.tables.recommendation import Recommendation
from tests.stage import TEXTS, voice

EVENT = Event(id=7, title="Demo <night>", starts_at=datetime(2026, 3, 10, 18, tzinfo=UTC), time_zone="UTC")
HOSTILE = "\u202eEve\u2066 <b>" + "字" * 400
# Every reason there is, with values as models/domain/introductions/reasons.py makes them.
REASONS = {
    **{key: {"n": 3} for key in ("new_here", "react", "hosted", "came", "answered_you", "you_answered")},
    "knows_many": {},
    "told_project": {"words": HOSTILE},
    **{key: {"n": 3} for key in ("answered_you_apart", "you_answered_apart")},
    **{key: {"n": 3, "field": "legal"} for key in ("can_help", "wants_help", "same_field")},
    "same_event": {"event": HOSTILE},
}


def members(n: int) -> list[Member]:
    return [Member(id=100 + number, name=f"Member {number}", telegram_id=number) for number in range(n)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", REASONS)
def test_every_reason_is_told_in_every_language_and_says_what_it_is_from(language: str, key: str) -> None:
    reason = {"key": key, "values": REASONS[key], "about": []}
    told = Suggestion(Member(id=1, name="Mia"), (Name(Member(id=2, name=HOSTILE), 0.5, (reason, reason)),))

    said = messages.people_to_meet(voice(language), EVENT, told, [Recommendation(id=9)])

    text, _ = parse_html(str(said.text))
    assert "{" not in text
    assert "\u202e" not in text + said.rows[0][0].label
    assert f"people_to_meet.data.{key}" in TEXTS.keys(language)
    assert reasons.reason(voice(language), reason, section="people_to_meet", now=EVENT.starts_at)


def test_the_reasons_of_the_test_are_all_there_are() -> None:
    assert {f"people_to_meet.reason.{key}" for key in REASONS} == {
        key for key in TEXTS.keys("en") if key.startswith("people_to_meet.reason.")
    }


def test_three_names_with_the_longest_reasons_fit_into_one_message() -> None:
    reason = {"key": "same_event", "values": {"event": HOSTILE}, "about": []}
    name = Name(Member(id=2, name=HOSTILE), 0.5, (reason, reason))

    said = messages.people_to_meet(
        voice(), EVENT, Suggestion(Member(id=1, name="Mia"), (name,) * 3), [Recommendation(id=9)] * 3
    )

    assert len(said.text) < 4096
    assert [len(row) for row in said.rows] == [1, 1, 1, 3]


def test_many_attendees_come_in_pages_and_suggested_ones_are_marked() -> None:
    others = members(60)

    first = event_ratings.people(voice(), EVENT, others, {101}, suggested_ids=[100])
    last = event_ratings.people(voice(), EVENT, others, set(), page=2)
    beyond = event_ratings.people(voice(), EVENT, others, set(), page=99)

    labels = [button.label for row in first.rows for button in row]
    assert labels[:3] == ["✨ Member 0", "🤝 Member 1", "▫️ Member 2"]
    assert labels[24:] == ["›", "💚 Stay in touch", "🙋 Pick whom I missed"]
    assert "suggested to you" in first.text
    assert [button.label for row in last.rows for button in row][12:] == ["‹", "🙋 Pick whom I missed"]
    assert beyond.rows[0][0].label == "▫️ Member 0"


def test_a_list_to_pick_from_shows_only_ones_own_picks() -> None:
    said = introductions.people(voice(), EVENT, members(3), {100: "picked", 101: "introduced"}, which=2, page=0)
    nobody = introductions.people(voice(), EVENT, [], {}, which=0, page=0)

    assert [button.label for row in said.rows for button in row] == [
        "💚 Member 0",
        "🤝 Member 1",
        "▫️ Member 2",
        "‹ Back",
    ]
    assert "Nobody is left to pick" in nobody.text


@pytest.mark.parametrize(
    ("handle", "shown"),
    [
        ("jo_k", '<a href="https://t.me/jo_k">@jo_k</a>'),
        (None, '<a href="tg://user?id=5">Jo &lt;b&gt;</a>'),
    ],
)
@pytest.mark.parametrize("have_met", [True, False])
def test_names_pass_with_a_way_to_write(handle: str | None, shown: str, have_met: bool) -> None:
    jo = Member(id=2, name="Jo <b>", handle=handle, telegram_id=5)

    said = introductions.introduction(voice(), EVENT, jo, have_met=have_met)

    assert shown in said.text
    assert ("stay in touch" in said.text) == have_met
    assert parse_html(str(said.text))


@pytest.mark.parametrize(
    ("language", "met", "said"),
    [
        ("en", MetPairs(12, 5), "5 of 12 suggested pairs met"),
        ("zh", MetPairs(12, 5), "我推荐的 12 对中有 5 对认识了"),
        ("en", MetPairs(3, 0), "0 of 3 suggested pairs met"),
        ("en", MetPairs(2, 2), None),  # the number would tell whom
        ("en", MetPairs(), None),
    ],
)
def test_the_host_reads_how_many_suggested_pairs_met(language: str, met: MetPairs, said: str | None) -> None:
    found = Summary(EVENT.starts_at, n_going=3, suggestions=met)

    [call] = event_summaries.report(voice(language), EVENT, summary=found)

    text = call.payload["text"]

    assert said in text if said else "suggested" not in text
