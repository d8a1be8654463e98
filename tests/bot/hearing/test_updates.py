from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.hearing.messages import CONTENT, SERVICE, TAKEN
from bot.hearing.parts import NotUnderstood
from bot.hearing.updates import ALLOWED_UPDATES, hear, is_urgent, kind_of, origin_of
from models.domain.hearing.facts import (
    Fact,
    HeardMessage,
    HeardMigration,
    HeardOwnStanding,
    HeardPin,
    HeardPollAnswer,
    HeardPress,
    HeardReaction,
    HeardReactionCount,
    HeardStanding,
    HeardTopic,
    Person,
    Place,
)
from tests.bot.playground.spec import load_spec

CHAT = {"id": -1001, "type": "supergroup", "title": "Founders", "is_forum": True}
NEWS = {"id": -9, "type": "channel", "title": "News"}
MIA = {"id": 501, "is_bot": False, "first_name": "Mia", "last_name": "Q", "username": "mia", "language_code": "en"}
BEN = {"id": 502, "is_bot": False, "first_name": "Ben"}
ROBOT = {"id": 503, "is_bot": True, "first_name": "Robot", "username": "robot"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
WHERE = Place(-1001, "supergroup", "Founders", None, True)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECONDS = int(AT.timestamp())
PERSON = Person(501, "Mia Q", "mia", "en")


def _said(**fields: Any) -> dict[str, Any]:
    return {"message_id": 5, "from": MIA, "chat": CHAT, "date": SECONDS, **fields}


def _message(**fields: Any) -> HeardMessage:
    [first, *_] = hear({"update_id": 1, "message": _said(**fields)})
    assert isinstance(first, HeardMessage)
    return first


def test_a_text_is_heard_whole() -> None:
    assert _message(text="Who knows a lawyer?") == HeardMessage(
        place=WHERE,
        telegram_message_id=5,
        at=AT,
        sender="member",
        kind="text",
        actor=PERSON,
        text="Who knows a lawyer?",
    )


@pytest.mark.parametrize("kind", [name for name in CONTENT if name != "text"])
def test_every_kind_of_content_is_named_and_its_caption_is_its_text(kind: str) -> None:
    heard = _message(**{kind: {"question": "words"}, "caption": "words"})

    assert (heard.kind, heard.text) == (kind, "words")
    assert (heard.details or {})[kind] == {"question": "words"}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        # an animation carries a document for old clients
        ({"animation": {}, "document": {}}, "animation"),
        # a venue carries its location
        ({"venue": {}, "location": {}}, "venue"),
        # a poll's text is its question
        ({"poll": {"question": "When?"}}, "poll"),
        # a field of the future
        ({"hologram": {"depth": 3}}, "unknown"),
        # nothing at all
        ({}, "unknown"),
    ],
)
def test_what_a_message_is_follows_its_fields(fields: dict[str, Any], kind: str) -> None:
    assert _message(**fields).kind == kind


def test_a_poll_is_heard_by_its_question() -> None:
    assert _message(poll={"question": "When?", "options": []}).text == "When?"


def test_fields_of_the_future_are_kept() -> None:
    assert _message(text="hi", hologram={"depth": 3}, effect_id="9").details == {
        "hologram": {"depth": 3},
        "effect_id": "9",
    }


@pytest.mark.parametrize("service", SERVICE)
def test_every_service_message_is_named_as_one(service: str) -> None:
    told: dict[str, Any] = {
        "new_chat_members": [BEN],
        "left_chat_member": BEN,
        "migrate_to_chat_id": -1002,
        "migrate_from_chat_id": -7,
        "pinned_message": _said(text="old"),
    }

    assert _message(**{service: told.get(service, {})}).kind == f"service:{service}"


def test_links_mentions_and_handles_are_counted_in_utf_16_as_telegram_does() -> None:
    text = "👩‍👩‍👧‍👦 @ben see https://example.org and Olga, @ben"
    offsets = {part: len(text[: text.index(part)].encode("utf-16-le")) // 2 for part in ("@ben", "https", "Olga")}
    last = len(text[: text.rindex("@ben")].encode("utf-16-le")) // 2
    heard = _message(
        text=text,
        entities=[
            {"type": "mention", "offset": offsets["@ben"], "length": 4},
            {"type": "url", "offset": offsets["https"], "length": 19},
            {"type": "text_link", "offset": 0, "length": 2, "url": "https://example.org"},
            {"type": "text_mention", "offset": offsets["Olga"], "length": 4, "user": BEN},
            {"type": "mention", "offset": last, "length": 4},
            {"type": "bold", "offset": 0, "length": 3},
        ],
    )

    assert (heard.mentioned_handles, heard.n_links) == (("ben", "ben"), 2)
    assert heard.mentioned_people == (Person(502, "Ben"),)


def test_entities_beyond_the_text_break_nothing() -> None:
    assert _message(text="hi", entities=[{"type": "mention", "offset": 900, "length": 5}]).mentioned_handles == ("",)


def test_a_reply_names_whom_it_answers() -> None:
    heard = _message(text="me", reply_to_message={"message_id": 3, "from": BEN, "chat": CHAT, "date": SECONDS})

    assert (heard.reply_to_telegram_id, heard.reply_to_author) == (3, Person(502, "Ben"))


def test_in_a_topic_the_reply_to_its_beginning_is_none_and_tells_its_name() -> None:
    opened = {"message_id": 2, "from": BEN, "chat": CHAT, "date": 1, "forum_topic_created": {"name": "Hiring"}}
    facts = hear({"message": _said(text="hi", is_topic_message=True, message_thread_id=2, reply_to_message=opened)})

    heard, topic = facts
    assert isinstance(heard, HeardMessage)
    assert (heard.telegram_thread_id, heard.reply_to_telegram_id) == (2, None)
    assert topic == HeardTopic(WHERE, None, AT, telegram_thread_id=2, name="Hiring")


def test_a_thread_of_comments_is_no_topic() -> None:
    assert _message(text="hi", message_thread_id=2).telegram_thread_id is None


def test_an_edit_carries_its_time() -> None:
    [heard] = hear({"edited_message": _said(text="better", edit_date=SECONDS + 60)})

    assert isinstance(heard, HeardMessage)
    assert heard.edited_at == datetime(2026, 3, 2, 9, 1, tzinfo=UTC)


def test_a_forward_is_marked_and_its_origin_kept() -> None:
    heard = _message(text="read this", forward_origin={"type": "hidden_user", "sender_user_name": "X"})

    assert heard.is_forward
    assert (heard.details or {})["forward_origin"]["type"] == "hidden_user"


@pytest.mark.parametrize(
    ("fields", "sender", "author"),
    [
        # a person
        ({}, "member", PERSON),
        # another bot
        ({"from": ROBOT}, "bot", Person(503, "Robot", "robot", is_bot=True)),
        # an anonymous admin: Telegram puts a fake into `from`
        ({"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": CHAT}, "anonymous_admin", None),
        # a channel that writes in the group
        ({"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}, "sender_chat": NEWS}, "channel", None),
        # a post of the linked channel, forwarded by Telegram
        ({"from": TELEGRAM, "sender_chat": NEWS, "is_automatic_forward": True}, "automatic_forward", None),
        # Telegram itself
        ({"from": TELEGRAM}, "service", None),
    ],
)  # fmt: skip
def test_only_people_are_taken_for_people(fields: dict[str, Any], sender: str, author: Person | None) -> None:
    heard = _message(text="hi", **fields)

    assert (heard.sender, heard.actor) == (sender, author)


def test_a_channel_post_has_no_author() -> None:
    post = {"message_id": 5, "chat": NEWS, "date": SECONDS, "text": "hi"}
    [heard] = hear({"channel_post": post})

    assert isinstance(heard, HeardMessage)
    assert (heard.sender, heard.actor, heard.place.kind) == ("channel", None, "channel")


UPDATES: list[tuple[str, dict[str, Any], list[Fact]]] = [
    (
        "a reaction is told as what changed",
        {"message_reaction": {"chat": CHAT, "message_id": 5, "user": MIA, "date": SECONDS,
                              "old_reaction": [{"type": "emoji", "emoji": "👍"}, {"type": "paid"}],
                              "new_reaction": [{"type": "paid"}, {"type": "custom_emoji", "custom_emoji_id": "77"}]}},
        [HeardReaction(WHERE, PERSON, AT, telegram_message_id=5, new_emoji=("custom:77",), old_emoji=("👍",))],
    ),
    (
        "a reaction of a kind to come is named by its type",
        {"message_reaction": {"chat": CHAT, "message_id": 5, "user": MIA, "date": SECONDS,
                              "old_reaction": [], "new_reaction": [{"type": "hologram"}]}},
        [HeardReaction(WHERE, PERSON, AT, telegram_message_id=5, new_emoji=("hologram",), old_emoji=())],
    ),
    (
        "an anonymous admin's reaction is nobody's",
        {"message_reaction": {"chat": CHAT, "message_id": 5, "actor_chat": CHAT, "date": SECONDS,
                              "old_reaction": [], "new_reaction": [{"type": "paid"}]}},
        [],
    ),
    (
        "anonymous reactions are counted as Telegram does",
        {"message_reaction_count": {"chat": CHAT, "message_id": 5, "date": SECONDS,
                                    "reactions": [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 3}]}},
        [HeardReactionCount(WHERE, None, AT, telegram_message_id=5, counts={"👍": 3})],
    ),
    (
        "a promotion",
        {"chat_member": {"chat": CHAT, "from": BEN, "date": SECONDS, "old_chat_member": {"status": "member", "user": MIA},
                         "new_chat_member": {"status": "administrator", "user": MIA}}},
        [HeardStanding(WHERE, PERSON, AT, status="administrator")],
    ),
    (
        "a ban",
        {"chat_member": {"chat": CHAT, "from": BEN, "date": SECONDS, "old_chat_member": {"status": "member", "user": MIA},
                         "new_chat_member": {"status": "kicked", "user": MIA, "until_date": 0}}},
        [HeardStanding(WHERE, PERSON, AT, status="kicked")],
    ),
    (
        "who is restricted and gone has left",
        {"chat_member": {"chat": CHAT, "from": BEN, "date": SECONDS, "old_chat_member": {"status": "member", "user": MIA},
                         "new_chat_member": {"status": "restricted", "is_member": False, "user": MIA}}},
        [HeardStanding(WHERE, PERSON, AT, status="left")],
    ),
    (
        "our own promotion",
        {"my_chat_member": {"chat": CHAT, "from": MIA, "date": SECONDS, "old_chat_member": {"status": "left", "user": ROBOT},
                            "new_chat_member": {"status": "administrator", "user": ROBOT}}},
        [HeardOwnStanding(WHERE, PERSON, AT, status="administrator")],
    ),
    (
        "a poll answer",
        {"poll_answer": {"poll_id": "9", "user": MIA, "option_ids": [0, 2]}},
        [HeardPollAnswer(None, PERSON, None, telegram_poll_id="9", options=(0, 2))],
    ),
    (
        "a retracted vote",
        {"poll_answer": {"poll_id": "9", "user": MIA, "option_ids": []}},
        [HeardPollAnswer(None, PERSON, None, telegram_poll_id="9", options=())],
    ),
    ("an anonymous vote", {"poll_answer": {"poll_id": "9", "voter_chat": CHAT, "option_ids": [0]}}, []),
    (
        "a press shows that somebody is there",
        {"callback_query": {"id": "1", "from": MIA, "data": "x", "message": {"message_id": 5, "chat": CHAT, "date": 0}}},
        [HeardPress(WHERE, PERSON, None)],
    ),
    ("a press under an inline message", {"callback_query": {"id": "1", "from": MIA, "inline_message_id": "x"}}, []),
    ("a kind to come", {"telepathy": {"from": MIA}}, []),
    ("no kind at all", {"update_id": 1}, []),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "facts"), [row[1:] for row in UPDATES], ids=[row[0] for row in UPDATES])
def test_an_update_becomes_its_facts(raw: dict[str, Any], facts: list[Fact]) -> None:
    assert hear(raw) == facts


@pytest.mark.parametrize(
    ("fields", "fact"),
    [
        # who joined and who left are told vaguely: no ranks
        ({"new_chat_members": [BEN]}, HeardStanding(WHERE, Person(502, "Ben"), AT, status="member", is_vague=True)),
        ({"left_chat_member": BEN}, HeardStanding(WHERE, Person(502, "Ben"), AT, status="left", is_vague=True)),
        # the group moved to another id
        ({"migrate_to_chat_id": -1002}, HeardMigration(WHERE, None, AT, new_telegram_id=-1002)),
        # topics
        (
            {"forum_topic_created": {"name": "Hiring"}, "message_thread_id": 2},
            HeardTopic(WHERE, None, AT, telegram_thread_id=2, name="Hiring"),
        ),
        (
            {"forum_topic_edited": {"name": "Jobs"}, "message_thread_id": 2},
            HeardTopic(WHERE, None, AT, telegram_thread_id=2, name="Jobs"),
        ),
        (
            {"forum_topic_edited": {"icon_custom_emoji_id": "1"}, "message_thread_id": 2},
            HeardTopic(WHERE, None, AT, telegram_thread_id=2, name=None),
        ),
        (
            {"forum_topic_closed": {}, "message_thread_id": 2},
            HeardTopic(WHERE, None, AT, telegram_thread_id=2, is_closed=True),
        ),
        (
            {"forum_topic_reopened": {}, "message_thread_id": 2},
            HeardTopic(WHERE, None, AT, telegram_thread_id=2, is_closed=False),
        ),
        # pins
        (
            {"pinned_message": {"message_id": 3, "chat": CHAT, "date": 0}},
            HeardPin(WHERE, None, AT, telegram_message_id=3),
        ),
    ],
)
def test_a_service_message_tells_what_changed(fields: dict[str, Any], fact: Fact) -> None:
    assert hear({"message": _said(**fields)})[1:] == [fact]


@pytest.mark.parametrize(
    "raw",
    [
        # ids of a wrong type would be kept as they are by SQLite
        {"message": _said(message_id="five", text="CONFIDENCE")},
        {"message": _said(message_id=5.5, text="CONFIDENCE")},
        {"message": _said(message_id=True, text="CONFIDENCE")},
        {"message": _said(message_id=2**63, text="CONFIDENCE")},
        {"message": _said(text="CONFIDENCE", chat={"id": "CONFIDENCE", "type": "group"})},
        {"message": _said(text="CONFIDENCE", date="CONFIDENCE")},
        {"message": _said(text="CONFIDENCE", date=10**18)},
        {"message": _said(text="CONFIDENCE", entities="CONFIDENCE")},
        {"message": _said(text="CONFIDENCE", is_topic_message=True)},
        {"message": _said(text="CONFIDENCE", migrate_to_chat_id="CONFIDENCE")},
        {"message": {"text": "CONFIDENCE"}},
        {"message_reaction": {"chat": CHAT, "user": MIA, "date": 1, "old_reaction": "CONFIDENCE", "new_reaction": []}},
        {"poll_answer": {"poll_id": "9", "user": MIA, "option_ids": ["CONFIDENCE"]}},
        {"chat_member": {"new_chat_member": "CONFIDENCE"}},
        {"callback_query": {"from": {"id": "CONFIDENCE"}, "message": {"chat": CHAT}}},
    ],
)
def test_what_lacks_its_parts_is_refused_without_repeating_what_it_holds(raw: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood) as refused:
        hear(raw)

    assert kind_of(raw) in str(refused.value)
    assert "CONFIDENCE" not in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "is_waited_for"),
    [
        # talk in a group
        ({"message": _said(text="hi")}, False),
        # a command, first in its message
        ({"message": _said(text="/help", entities=[{"type": "bot_command", "offset": 0, "length": 5}])}, True),
        # a command under a picture
        (
            {"message": _said(caption="/event", caption_entities=[{"type": "bot_command", "offset": 0, "length": 6}])},
            True,
        ),
        # a command inside a sentence
        ({"message": _said(text="try /help", entities=[{"type": "bot_command", "offset": 4, "length": 5}])}, False),
        # anything in private
        ({"message": _said(text="hi", chat={"id": 501, "type": "private"})}, True),
        ({"callback_query": {"id": "1", "from": MIA}}, True),
        ({"my_chat_member": {"chat": CHAT}}, True),
        ({"message_reaction": {"chat": CHAT}}, False),
        ({"edited_message": _said(text="help")}, False),
        # a changed command is answered too
        ({"edited_message": _said(text="/h", entities=[{"type": "bot_command", "offset": 0, "length": 2}])}, True),
        # a live location moves on
        ({"edited_message": _said(location={}, chat={"id": 501, "type": "private"})}, False),
    ],
)
def test_only_what_a_person_waits_for_is_urgent(raw: dict[str, Any], is_waited_for: bool) -> None:
    assert is_urgent(raw) is is_waited_for


@pytest.mark.parametrize(
    ("raw", "origin"),
    [
        ({"message": _said(text="hi")}, (501, -1001)),
        # about its subject, not about the admin behind it
        ({"chat_member": {"chat": CHAT, "from": BEN, "new_chat_member": {"user": MIA}}}, (501, -1001)),
        ({"message_reaction": {"chat": CHAT, "user": MIA}}, (501, -1001)),
        ({"callback_query": {"from": MIA, "message": {"chat": CHAT}}}, (501, -1001)),
        ({"poll_answer": {"user": MIA}}, (501, None)),
        # what names nobody, or nonsense
        ({"poll": {"id": "9"}}, (None, None)),
        ({"message": {"from": 7, "chat": "x"}}, (None, None)),
        ({"chat_member": {"new_chat_member": "x", "message": "y"}}, (None, None)),
        ({"message": {"from": {"id": 2**63}, "chat": {"id": True}}}, (None, None)),
        (None, (None, None)),
        ([], (None, None)),
    ],
)
def test_raw_text_is_found_again_by_who_wrote_it_and_where(raw: Any, origin: tuple[int | None, int | None]) -> None:
    assert origin_of(raw) == origin


def test_what_we_ask_for_are_kinds_that_telegram_knows() -> None:
    known = {field["name"] for field in load_spec()["types"]["Update"]["fields"]}

    assert set(ALLOWED_UPDATES) <= known


# What says something about a message without being what the message is.
ATTRIBUTES = """
    direct_messages_topic sender_boost_count sender_business_bot sender_tag receiver_user ephemeral_message_id guest_query_id
    business_connection_id forward_origin is_automatic_forward external_reply quote reply_to_story
    reply_to_checklist_task_id reply_to_poll_option_id via_bot guest_bot_caller_user guest_bot_caller_chat
    has_protected_content is_from_offline is_paid_post media_group_id author_signature paid_star_count entities
    link_preview_options suggested_post_info effect_id caption_entities show_caption_above_media has_media_spoiler
"""


def test_every_field_that_a_message_may_have_is_content_service_or_attribute() -> None:
    """A change in the chat that is taken for a message would count as one thing more that a member said."""
    fields = {field["name"] for field in load_spec()["types"]["Message"]["fields"]}

    assert fields - {*CONTENT, *SERVICE, *TAKEN, *ATTRIBUTES.split()} == set()
