"""What people with bad intentions, or a broken client, can send: nothing is lost, nothing raw is shown, nobody is harmed."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot import callback_data, callbacks
from bot.texts.render import tidy
from models.tables.consent import Consent
from models.tables.event import Event, Rsvp
from models.tables.inbox import RawUpdate
from models.tables.member import Member
from models.tables.message import Message
from tests.stage import TEXTS, Stage
from tests.strange import SECRET, mutated

BUTTONS = [one for one in vars(callbacks).values() if isinstance(one, type) and dataclasses.is_dataclass(one)]
# What a member would read if something of ours leaked out.
RAW = ("Traceback", "Error:", "Exception", "None", "KeyError", "{", "SELECT", "events.", "errors.")


async def _set_aside(stage: Stage) -> list[str | None]:
    async with stage.database.reading() as session:
        return list(await session.scalars(select(RawUpdate.error).where(RawUpdate.quarantined_at.is_not(None))))


async def _n_waiting(stage: Stage) -> int:
    is_open = RawUpdate.done_at.is_(None) & RawUpdate.quarantined_at.is_(None)
    async with stage.database.reading() as session:
        return await session.scalar(select(func.count(RawUpdate.id)).where(is_open)) or 0


async def _texts(stage: Stage) -> list[str]:
    async with stage.database.reading() as session:
        return [text for text in await session.scalars(select(Message.text).order_by(Message.id)) if text]


async def press_forged(stage: Stage, person: Any, message: Any, data: str) -> dict[str, Any]:
    """What a patched client does: press a button of ours that carries other data."""
    row = stage.telegram.message_row(message)
    row.body["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    press = stage.telegram.press(person, message, data)
    await stage.host.settle()
    assert press.is_answered, data
    return press.answer or {}


# Data that none of our buttons wrote.
FOREIGN = (
    "", ":", "1", "1:", "2:rsvp:1:going", "1:nothing:1", "rsvp:1:going",
    # too few and too many fields
    "1:rsvp", "1:rsvp:1", "1:rsvp:1:going:1", "1:forget:1:1",
    # numbers that are none, or that no column holds
    "1:rsvp:one:going", "1:rsvp:1e3:going", "1:rsvp:0x1:going", "1:rsvp:１:going", "1:rsvp: 1:going", "1:rsvp::going",
    "1:rsvp:" + "9" * 19 + ":going", "1:setup:" + "9" * 40,
    # other people's languages
    "1:rsvp:1' OR '1'='1:going", "1:event:open:1;DROP TABLE event",
    "<b>1:rsvp:1:going</b>", "\u202e1:rsvp:1:going",
)  # fmt: skip


async def test_data_that_none_of_our_buttons_wrote_is_answered_with_one_kind_sentence(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    await stage.settle()
    notice = stage.said_in(club)[0]

    answers = {data: await press_forged(stage, mia, notice, data) for data in FOREIGN if data}

    expected = TEXTS.plain("en", "errors.foreign_button")
    assert {data: answer.get("text") for data, answer in answers.items() if answer.get("text") != expected} == {}
    assert await _set_aside(stage) == []


def _value(kind: Any, value_of: dict[type, str]) -> str:
    """One value of a field: of "a word or nothing" the word, of a closed list its first."""
    chosen = next((one for one in get_args(kind) if one is not type(None)), kind)
    return value_of[chosen] if chosen in value_of else str(next(iter(chosen)))


def _forged(value_of: dict[type, str], button: type) -> str:
    kinds = get_type_hints(button)
    kinds.pop("name")
    return ":".join(
        [
            callback_data.VERSION,
            button.name,
            *(_value(kind, value_of) for kind in kinds.values()),
        ]
    )  # type: ignore[attr-defined]


@pytest.mark.parametrize("where", ["in the group", "in private"])
async def test_well_formed_data_about_things_that_do_not_exist_changes_nothing(stage: Stage, where: str) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    shown = stage.said_in(club)[0] if where == "in the group" else stage.read_by(mia)[-1]
    numbers = ("-1", "999999", "9" * 18)
    words = ("", "publish", "all", "__class__", "{0}")

    answers = [
        await press_forged(stage, mia, shown, data)
        for button in BUTTONS
        for data in sorted({_forged({int: n, str: w}, button) for n in numbers for w in words})
        # One that exists: erasing oneself is anybody's right.
        if len(data) <= 64 and button is not callbacks.ForgetButton
    ]

    async with stage.database.reading() as session:
        n_rows = [await session.scalar(select(func.count()).select_from(table)) for table in (Event, Rsvp, Consent)]
    assert n_rows == [0, 0, 0]
    assert await _set_aside(stage) == []
    assert len(answers) > 60
    assert [answer["text"] for answer in answers if any(sign in answer.get("text", "") for sign in RAW)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_forged_deep_links_lead_to_one_plain_sentence(stage: Stage, language: str) -> None:
    _, _, [mia] = stage.club("Mia")
    stage.telegram.change_user(mia, language_code=language)
    # never issued; the longest there is; words of our own; nothing but signs
    forged = ("x", "A" * 64, "choices", "digest", "1", "-_-_", "0" * 22)

    for payload in forged:
        stage.telegram.start(mia, stage.bot, payload)
    await stage.settle(10)

    assert stage.said_to(mia) == [TEXTS.plain(language, "errors.stale_link")] * len(forged)
    assert await _set_aside(stage) == []


NASTY_NAMES = (
    # turns the rest of the line around
    "Mia\u202eaiM",
    # invisible, and nothing but invisible
    "M\u200bi\u200ba",
    "\u200b\u2060",
    # markup of ours, and of a browser
    "<b>Mia</b>",
    "<script>alert(1)</script>",
    "&lt;Mia&amp;",
    # what templates look for
    "{name}",
    "%(name)s",
    "{0.__class__}",
    # several lines, and a great many signs above one letter
    "Mia\nand\nher\nfriends",
    "M" + "\u0301" * 200,
    # as long as Telegram lets a first name be
    "W" * 64,
    "👩‍👩‍👧‍👦",
    "مریم",
)


async def test_names_can_neither_break_our_messages_nor_hide_in_them(stage: Stage) -> None:
    club, _, _ = stage.club()
    people = [stage.telegram.add_user(first_name=name) for name in NASTY_NAMES]
    for person in people:
        stage.telegram.join(club, person)
        stage.telegram.say(person, club, "hello")
        stage.telegram.start(person, stage.bot)

    await stage.settle(30)

    for name, person in zip(NASTY_NAMES, people, strict=True):
        greeting = stage.said_to(person)[0]
        assert greeting.startswith(f"Hi {tidy(name)}!"), name
        assert not {"\u202e", "\u200b", "\u2060"} & set(greeting)
    assert await _set_aside(stage) == []


LONG = (
    # longer than a message may be: no client sends it, but a server might one day
    "a" * 5_000,
    "汉" * 5_000,
    "👩‍👩‍👧‍👦" * 700,
    "\u202e" * 4_096,
    "\n" * 4_096,
    "<b>" * 1_500,
    "https://example.org/ " * 240,
    "@mia " * 1_000,
    "/" * 4_096,
    "/event " + "x " * 2_000,
    "/start " + "A" * 4_000,
)


async def test_endless_texts_are_kept_whole_in_the_group_and_answered_in_private(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    private = stage.telegram.private(mia, stage.bot)
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    n_before = len(stage.said_to(mia))

    for number, text in enumerate(LONG, start=1000):
        for chat in (club, private):
            message = {"message_id": number, "from": dict(mia), "chat": dict(chat), "date": 1_772_442_000, "text": text}
            if text.startswith("/"):
                length = len(text.split(maxsplit=1)[0])
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
            stage.telegram.inject(stage.bot, {"message": message})
    await stage.settle(30)

    heard = await _texts(stage)
    assert [text[:20] for text in LONG if heard.count(text) < 1] == []
    assert len(stage.said_to(mia)) >= n_before + len(LONG) - 1
    assert await _set_aside(stage) == []


@pytest.mark.parametrize("user_id", [1, 2**32, 2**52 - 1])
@pytest.mark.parametrize("chat_id", [-1, -(2**31), -1_000_000_000_000 - 2**31, -(2**52) + 1])
async def test_ids_of_every_size_are_kept_as_they_are(stage: Stage, user_id: int, chat_id: int) -> None:
    chat = {"id": chat_id, "type": "supergroup", "title": "Edge"}
    who = {"id": user_id, "is_bot": False, "first_name": "Mia"}
    said = {"message_id": 2**31 - 1, "from": who, "chat": chat, "date": 2**31 + 5, "text": "from the edge"}
    stage.telegram.inject(stage.bot, {"message": said})

    await stage.settle(1)

    async with stage.database.reading() as session:
        known = await session.scalar(select(func.count(Member.id)).where(Member.telegram_id == user_id))
    assert known == 1
    assert await _texts(stage) == ["from the edge"]


FAR = 2**62
# Instants that no calendar has, wherever the library reads one: it raises OverflowError, ValueError or OSError.
BEYOND_TIME = {
    "when it was forwarded": {"forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": FAR}},
    "when it was edited": {"edit_date": FAR},
    "when what it answers was said": {
        "reply_to_message": {"message_id": 1, "date": FAR, "chat": {"id": 9, "type": "private"}}
    },
    "when a poll closes": {
        "poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
            "type": "regular", "allows_multiple_answers": False, "close_date": FAR,
        }
    },
    "when a call begins": {"video_chat_scheduled": {"start_date": FAR}},
    "long before time": {"forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": -FAR}},
}  # fmt: skip


@pytest.mark.parametrize("strange", BEYOND_TIME.values(), ids=BEYOND_TIME)
async def test_a_date_beyond_time_is_set_aside_and_those_behind_it_are_handled(
    stage: Stage, strange: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    club, _, [mia, jo] = stage.club("Mia", "Jo")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    private = dict(stage.telegram.private(mia, stage.bot))
    said = {"message_id": 50, "from": dict(mia), "chat": private, "date": 1_772_442_000, "text": "/help"}
    said["entities"] = [{"type": "bot_command", "offset": 0, "length": 5}]
    caplog.clear()

    stage.telegram.inject(stage.bot, {"message": said | strange})
    for number in range(5):
        stage.telegram.say(jo, club, f"line {number}")
    stage.telegram.start(jo, stage.bot)
    await stage.settle()

    assert len([text for text in await _texts(stage) if text.startswith("line")]) == 5
    assert stage.said_to(jo)[0].startswith("Hi Jo!")
    assert len(await _set_aside(stage)) == 1
    assert await _n_waiting(stage) == 0
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


@settings(
    max_examples=40, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(strange=st.lists(mutated(), min_size=1, max_size=12))
async def test_mutated_updates_never_stop_those_behind_them(
    stage: Stage, caplog: pytest.LogCaptureFixture, strange: list[dict[str, Any]]
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    number = 1 + len([text for text in await _texts(stage) if text.startswith("healthy")])
    for raw in strange:
        stage.telegram.inject(stage.bot, raw)
    mia = {"id": 77, "is_bot": False, "first_name": "Mia"}
    chat = {"id": -1009, "type": "supergroup", "title": "Next door"}
    healthy = {"message_id": number, "from": mia, "chat": chat, "date": 1_772_442_000, "text": f"healthy {number}"}
    stage.telegram.inject(stage.bot, {"message": healthy})

    await stage.host.settle()

    assert (await _texts(stage)).count(f"healthy {number}") == 1
    assert await _n_waiting(stage) == 0
    assert [error for error in await _set_aside(stage) if SECRET in str(error)] == []
    assert SECRET not in caplog.text
    assert "TEST-token" not in caplog.text
