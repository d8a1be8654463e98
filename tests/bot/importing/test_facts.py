from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importing.facts import ChatFacts, Unreadable, chat_id, peer_of
from bot.importing.reader import ExportedChat
from bot.importing.times import Times
from models.domain.hearing.facts import (
    HeardMessage,
    HeardPin,
    HeardReaction,
    HeardReactionCount,
    HeardStanding,
    HeardTopic,
    Person,
)
from tests.bot.importing.exports import ANA, MIA, START, TOM, entry, message, service

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GROUP = ExportedChat("Founders", "private_supergroup", 7)


def facts_of(*raws: dict[str, Any], chat: ExportedChat = GROUP, zone: str | None = None) -> list[Any]:
    ears = ChatFacts(chat, times=Times(ZoneInfo(zone) if zone else None, now=NOW), topics=set(), bots=set())
    return [fact for raw in raws for fact in ears.hear(raw)]


def heard(raw: dict[str, Any], **values: Any) -> HeardMessage:
    found = facts_of(raw, **values)[0]
    assert isinstance(found, HeardMessage)
    return found


@pytest.mark.parametrize(
    ("kind", "number", "is_old", "telegram_id"),
    [
        ("private_supergroup", 1400000000, False, -1001400000000),
        ("public_channel", 1400000000, False, -1001400000000),
        ("private_group", 4123456789, False, -4123456789),
        # ids of today that look like the old form
        ("private_group", 5123456789, False, -5123456789),
        # the old form: the kind of peer stood in the bits above the 32nd
        ("private_supergroup", (2 << 32) + 1400000000, True, -1001400000000),
        ("private_group", (1 << 32) + 123456, True, -123456),
        ("private_supergroup", 1400000000, True, -1001400000000),
        # the Bot API's own ids, as other tools write them
        ("private_supergroup", -1001400000000, False, -1001400000000),
    ],
)
def test_a_chat_has_the_id_that_the_bot_will_hear(kind: str, number: int, is_old: bool, telegram_id: int) -> None:
    assert chat_id(ExportedChat(None, kind, number), is_old=is_old) == telegram_id


@pytest.mark.parametrize("number", [0, 10**30, -(10**30)])
def test_an_impossible_chat_id_is_refused(number: int) -> None:
    with pytest.raises(Unreadable):
        chat_id(ExportedChat(None, "private_group", number), is_old=False)


@pytest.mark.parametrize(
    ("told", "peer"),
    [
        ("user123", ("user", 123)),
        ("channel9", ("channel", 9)),
        # a basic group that speaks as itself is no person either
        ("chat9", ("channel", 9)),
        (123, ("user", 123)),
        ((2 << 32) + 9, ("channel", 9)),
        ("userx", (None, 0)),
        ("user-1", (None, 0)),
        (None, (None, 0)),
        (True, (None, 0)),
        ([], (None, 0)),
    ],
)
def test_peers_are_told_apart(told: Any, peer: tuple[str | None, int]) -> None:
    assert peer_of(told) == peer


@pytest.mark.parametrize(
    ("values", "sender", "name"),
    [
        ({}, "member", "Mia"),
        # a deleted account keeps its id and has no name
        ({"from": None}, "deleted", None),
        ({"from_id": "channel7"}, "anonymous_admin", None),
        ({"from_id": "channel8"}, "channel", None),
        ({"from_id": "channel8", "saved_from": "News", "forwarded_from": "News"}, "automatic_forward", None),
        # Telegram's own fakes
        ({"from_id": "user777000"}, "service", None),
        ({"from_id": "user1087968824"}, "service", None),
        ({"from_id": None}, "service", None),
        # only bots send buttons of their own; a member may send a bot's
        ({"inline_bot_buttons": [[{"type": "callback"}]]}, "bot", "Mia"),
        ({"inline_bot_buttons": [[{"type": "callback"}]], "via_bot": "@like"}, "member", "Mia"),
        # hostile names: kept, without spaces around them, as long as Telegram lets them be
        ({"from": "\u202eaiM"}, "member", "\u202eaiM"),
        ({"from": "\u200b<b>Mia</b>"}, "member", "\u200b<b>Mia</b>"),
        ({"from": "x" * 5_000}, "member", "x" * 129),
        ({"from": "  "}, "member", "?"),
    ],
)
def test_authors_are_people_or_nobody(values: dict[str, Any], sender: str, name: str | None) -> None:
    found = heard(message(1) | values)

    assert found.sender == sender
    assert (found.actor.name if found.actor else None) == name


def test_who_turns_out_to_be_a_bot_is_one_from_then_on() -> None:
    found = facts_of(message(1, inline_bot_buttons=[[{}]]), message(2), message(3, TOM))

    assert [fact.sender for fact in found] == ["bot", "bot", "member"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, "text"),
        ({"text": "", "photo": "photos/1.jpg"}, "photo"),
        ({"file": "x.webp", "media_type": "sticker"}, "sticker"),
        ({"file": "x.ogg", "media_type": "voice_message"}, "voice"),
        ({"file": "x.mp4", "media_type": "video_message"}, "video_note"),
        ({"file": "x.mp4", "media_type": "animation"}, "animation"),
        ({"file": "x.mp3", "media_type": "audio_file"}, "audio"),
        ({"file": "x.mp4", "media_type": "video_file"}, "video"),
        ({"file": "x.bin", "media_type": "of_the_future"}, "document"),
        ({"file": "x.pdf"}, "document"),
        ({"contact_information": {}}, "contact"),
        ({"location_information": {}}, "location"),
        # a venue also has a location
        ({"place_name": "Cafe", "location_information": {}}, "venue"),
        ({"poll": {"question": "When?"}, "text": ""}, "poll"),
        ({"text": ""}, "unknown"),
    ],
)
def test_contents_have_the_words_of_the_bot_api(values: dict[str, Any], kind: str) -> None:
    assert heard(message(1) | values).kind == kind


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("join_group_by_link", "service:new_chat_members"),
        ("topic_created", "service:forum_topic_created"),
        ("boost_apply", "service:boost_added"),
        # a word of the future, and one that no column should see
        ("send_moon_gift", "service:send_moon_gift"),
        ("\x00; drop table " + "x" * 99, "service:droptable" + "x" * 31),
    ],
)
def test_services_have_the_words_of_the_bot_api(action: str, kind: str) -> None:
    assert heard(service(1, action)).kind == kind


def test_words_people_and_links_are_found_in_entities() -> None:
    entities = [
        {"type": "plain", "text": "你好😀 "},
        {"type": "mention", "text": "@tom"},
        {"type": "plain", "text": " "},
        {"type": "mention_name", "text": "Ana", "user_id": 103},
        {"type": "link", "text": "https://a.example"},
        {"type": "text_link", "text": "b", "href": "https://b.example"},
        {"type": "hashtag", "text": "#law"},
    ]

    found = heard(message(1, text=["ignored"], text_entities=entities))

    assert found.text == "你好😀 @tom Anahttps://a.exampleb#law"
    assert found.mentioned_handles == ("tom",)
    assert found.mentioned_people == (Person(103, "Ana", is_vague=True),)
    assert found.n_links == 2
    assert found.details is not None
    assert found.details["entities"][0] == {"type": "mention", "offset": 5, "length": 4}
    assert found.details["entities"][3] == {"type": "text_link", "offset": 30, "length": 1, "url": "https://b.example"}


def test_an_older_export_has_its_words_in_the_text() -> None:
    raw = message(1, text=["see ", {"type": "link", "text": "https://a.example"}])

    found = heard(raw)

    assert (found.text, found.n_links) == ("see https://a.example", 1)


def test_a_topic_holds_what_replies_to_its_first_message() -> None:
    found = facts_of(
        service(5, "topic_created", title="Legal"),
        message(6, reply_to_message_id=5),
        message(7, TOM, reply_to_message_id=6),
        message(8, reply_to_message_id=9, reply_to_peer_id="channel3"),
    )

    messages = [fact for fact in found if isinstance(fact, HeardMessage)]
    assert [(one.telegram_thread_id, one.reply_to_telegram_id) for one in messages] == [
        (5, None),
        (5, None),
        (None, 6),  # its topic is found with the message it answers
        (None, None),  # an answer to another chat's message
    ]
    assert [fact for fact in found if isinstance(fact, HeardTopic)] == [
        HeardTopic(messages[0].place, messages[0].actor, messages[0].at, telegram_thread_id=5, name="Legal")
    ]
    assert messages[0].place.is_forum


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (service(1, "join_group_by_link"), "member"),
        (service(1, "join_group_by_request"), "member"),
        (service(1, "create_group", title="x", members=["Mia", "Tom"]), "member"),
        # joining a public group is told as inviting oneself
        (service(1, "invite_members", members=["Mia"]), "member"),
        (service(1, "remove_members", members=["Mia"]), "left"),
        # others are told by name only
        (service(1, "invite_members", members=["Tom"]), None),
        (service(1, "invite_members", members=["Mia", "Tom"]), None),
        (service(1, "remove_members", members=["Tom"]), None),
        (service(1, "join_group_by_link", ("channel7", "Founders")), None),
    ],
)
def test_only_who_is_named_by_id_joins_or_leaves(raw: dict[str, Any], status: str | None) -> None:
    standings = [fact for fact in facts_of(raw) if isinstance(fact, HeardStanding)]

    assert [(one.actor.telegram_id, one.status, one.is_vague) for one in standings] == (
        [(101, status, True)] if status else []
    )


def test_a_pin_is_about_the_message_pinned() -> None:
    pins = [fact for fact in facts_of(service(9, "pin_message", message_id=4)) if isinstance(fact, HeardPin)]

    assert [pin.telegram_message_id for pin in pins] == [4]


def test_named_reactions_are_credited_and_the_rest_is_counted() -> None:
    recent = [{"from": "Tom", "from_id": "user102", "date": "2026-01-01T02:30:00"}]
    gone = [{"from": None, "from_id": "user5", "date": "2026-01-01T02:30:00"}]
    raw = message(60) | {
        "date": "2026-01-01T02:00:00",  # an hour ahead of UTC
        "reactions": [
            {"type": "emoji", "count": 3, "emoji": "👍", "recent": recent},
            {"type": "custom_emoji", "count": 1, "document_id": "55", "recent": recent},
            {"type": "paid", "count": 20},
            {"type": "emoji", "count": 1, "emoji": "🔥", "recent": gone},
        ],
    }

    found = facts_of(raw)

    marks = [fact for fact in found if isinstance(fact, HeardReaction)]
    counts = [fact for fact in found if isinstance(fact, HeardReactionCount)]
    tom = Person(102, "Tom", is_vague=True)
    assert [(one.actor, one.new_emoji, one.at, one.is_vague) for one in marks] == [
        (tom, ("👍", "custom:55"), datetime(2026, 1, 1, 1, 30, tzinfo=UTC), True)
    ]
    assert [one.counts for one in counts] == [{"👍": 2, "paid": 20, "🔥": 1}]


def test_a_reaction_after_the_change_to_summer_time_is_right_when_the_zone_is_given() -> None:
    raw = message(1) | {
        "date": "2025-03-29T12:00:00",
        "date_unixtime": str(int(datetime(2025, 3, 29, 11, 0, tzinfo=UTC).timestamp())),
        "reactions": [
            {
                "type": "emoji",
                "count": 1,
                "emoji": "👍",
                "recent": [{"from": "Tom", "from_id": "user102", "date": "2025-03-30T12:00:00"}],
            }
        ],
    }

    instants = [facts_of(raw, zone=zone)[1].at.hour for zone in (None, "Europe/Berlin")]

    assert instants == [11, 10]


@pytest.mark.parametrize(
    ("dates", "zone", "at"),
    [
        # unix seconds win over everything
        ({"date": "2026-01-01T09:00:00", "date_unixtime": str(START)}, "Asia/Shanghai", START),
        # older exports: local time in the zone of the computer
        ({"date": "2026-01-01T08:00:00"}, "Asia/Shanghai", START),
        ({"date": "2026-01-01T00:00:00"}, None, START),
        # summer time
        ({"date": "2025-07-01T02:00:00"}, "Europe/Berlin", int(datetime(2025, 7, 1, tzinfo=UTC).timestamp())),
    ],
)
def test_dates_are_instants(dates: dict[str, str], zone: str | None, at: int) -> None:
    raw = message(1)
    del raw["date_unixtime"]

    assert heard(raw | dates, zone=zone).at == datetime.fromtimestamp(at, UTC)


def test_a_zone_that_had_to_be_guessed_is_remembered() -> None:
    guessing, told = Times(None, now=NOW), Times(ZoneInfo("UTC"), now=NOW)

    guessing.of({"date": "2026-01-01T00:00:00"})
    told.of({"date": "2026-01-01T00:00:00"})

    assert (guessing.has_guessed, told.has_guessed) == (True, False)


@pytest.mark.parametrize(
    ("values", "edited"),
    [
        ({"edited": "2026-01-01T01:00:00", "edited_unixtime": str(START + 3600)}, True),
        # never, in exports of 2018
        ({"edited": "1970-01-01T03:00:00"}, False),
        # a first reaction also sets the date of editing
        ({"edited": "x", "edited_unixtime": str(START + 3600), "reactions": [{"type": "paid", "count": 1}]}, False),
        ({}, False),
    ],
)
def test_an_edit_is_told_by_a_later_date_without_reactions(values: dict[str, Any], edited: bool) -> None:
    found = heard(message(1) | values)

    assert found.edited_at == (datetime.fromtimestamp(START, UTC) + timedelta(hours=1) if edited else None)


def test_phone_numbers_places_and_paths_are_not_kept() -> None:
    raw = message(1) | {
        "contact_information": {"phone_number": "+49 170 0000000"},
        "location_information": {"latitude": 52.5, "longitude": 13.4},
        "file": "files/secret.pdf",
        "file_name": "plan.pdf",
        "forwarded_from": "News",
    }

    assert heard(raw).details == {"file_name": "plan.pdf", "forwarded_from": "News"}


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"id": 5, "type": "unsupported"},
        message(1) | {"id": "1"},
        message(1) | {"id": 10**40},
        message(1) | {"date_unixtime": "soon"},
        message(1) | {"date_unixtime": str(10**40)},
        # before Telegram, after today
        message(1) | {"date_unixtime": "1"},
        message(1) | {"date_unixtime": str(START * 2)},
        message(1) | {"from_id": "user" + "9" * 30},
        message(1) | {"text": 5},
        message(1) | {"text": [5, [6]]},
        message(1) | {"reactions": [{"type": "emoji"}]},
        message(1) | {"reactions": 5},
        message(1) | {"reply_to_message_id": "x"},
        entry(1, type="message", text=[{"type": "mention_name", "user_id": -5, "text": "x"}]),
    ],
)
def test_a_message_without_what_it_needs_is_unreadable(raw: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        facts_of(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = [
    "id",
    "type",
    "date",
    "date_unixtime",
    "from",
    "from_id",
    "actor_id",
    "action",
    "text",
    "text_entities",
    "members",
]
FIELDS += ["reactions", "edited", "edited_unixtime", "reply_to_message_id", "media_type", "poll", "message_id", "title"]


@given(values=st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_values_can_do_worse_than_be_unreadable(values: dict[str, Any]) -> None:
    for usual in (message(1, ANA), service(1, "pin_message", MIA)):
        try:
            found = facts_of(usual | values)
        except Unreadable:
            continue

        assert all(fact.place.telegram_id == -1_000_000_000_007 for fact in found)
