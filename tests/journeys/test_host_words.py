"""A host writes to those who come: looks at it first, sends it, and may take it back before anybody has it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.playground.server.snapshots import Chat, Message, User
from tests.journeys.test_events import buttons, make_known, manage, publish
from tests.stage import Stage

WORDS = "✉️ Olga about Demo night:\nBring a <b>laptop</b>"


async def planned(stage: Stage, *names: str) -> tuple[Chat, User, list[User]]:
    """Everybody goes but the last, who may come and has no private chat with us."""
    club, olga, people = stage.club(*names)
    for person in people[:-1]:
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, *people)
    card = await publish(stage, club, olga, "/event Demo night, Fri 19:00-21:30")
    for person in people:
        stage.telegram.press(person, card, "🤔 Maybe" if person is people[-1] else "✅ Going")
        await stage.settle(8)
    return club, olga, people


async def write(stage: Stage, club: Chat, host: User, words: str = "Bring a <b>laptop</b>") -> Message:
    """Choose the tool and write; returns what is shown then."""
    stage.telegram.press(host, await manage(stage, club, host), "✉️ Write to those going")
    await stage.settle()
    return await say(stage, host, words)


async def say(stage: Stage, host: User, words: str) -> Message:
    stage.telegram.say(host, stage.telegram.private(host, stage.bot), words)
    await stage.settle()
    return stage.read_by(host)[-1]


def words_read_by(stage: Stage, person: User) -> list[str]:
    return [said for said in stage.said_to(person) if said.startswith("✉️ Olga")]


async def test_it_is_shown_to_how_many_and_leaves_half_a_minute_after_the_press(stage: Stage) -> None:
    club, olga, [mia, jo, _] = await planned(stage, "Mia", "Jo", "Wei")

    preview = await write(stage, club, olga)
    n_before = [len(words_read_by(stage, person)) for person in (mia, jo)]
    stage.telegram.press(olga, preview, "📨 Send to 2")
    await stage.settle(25)
    held = stage.read_by(olga)[-1]
    n_held = [len(words_read_by(stage, person)) for person in (mia, jo)]
    await stage.settle(15)

    assert preview.text.splitlines()[:2] == [
        "Not sent yet. It goes to 2 members who are going or may come:",
        "1 more can't get it: they have no chat with me.",
    ]
    assert WORDS in preview.text
    assert buttons(preview) == ["📨 Send to 2", "🗑 Don't send"]
    assert held.text == "⏳ Goes out in 30 seconds to 2 members. Until then nobody has it."
    assert n_before == n_held == [0, 0]
    assert words_read_by(stage, mia) == words_read_by(stage, jo) == [WORDS]
    assert stage.said_to(olga)[-1] == "✅ Sent to 2 members."
    assert buttons(stage.read_by(olga)[-1]) == []


async def test_it_is_taken_back_before_anybody_has_it(stage: Stage) -> None:
    club, olga, [mia, _] = await planned(stage, "Mia", "Wei")
    stage.telegram.press(olga, await write(stage, club, olga), "📨 Send to 1")
    await stage.settle(10)

    stage.telegram.press(olga, stage.read_by(olga)[-1], "↩️ Take it back")
    await stage.settle(60)

    assert words_read_by(stage, mia) == []
    assert stage.said_to(olga)[-1] == "↩️ Taken back. Nobody got it."


async def test_who_presses_after_it_has_gone_out_hears_that_it_is_too_late(stage: Stage) -> None:
    club, olga, [mia, _] = await planned(stage, "Mia", "Wei")
    stage.telegram.press(olga, await write(stage, club, olga), "📨 Send to 1")
    await stage.settle(10)
    held = stage.read_by(olga)[-1]
    # Telegram was slow: the button was still there.
    await stage.clock.advance(timedelta(seconds=25))
    await stage.host.door.flush()
    stage.telegram.message_row(held).body["reply_markup"] = held["reply_markup"]

    stage.telegram.press(olga, held, "↩️ Take it back")
    await stage.settle()

    assert words_read_by(stage, mia) == [WORDS]
    assert stage.said_to(olga)[-1] == "Too late: it has already gone out."


async def test_what_is_written_again_takes_the_place_of_the_first_and_is_sent_once(stage: Stage) -> None:
    club, olga, [mia, _] = await planned(stage, "Mia", "Wei")
    first = await write(stage, club, olga, "Bring a laptob")

    second = await say(stage, olga, "Bring a <b>laptop</b>")
    presses = [stage.telegram.press(olga, second, "📨 Send to 1") for _ in range(2)]
    await stage.settle(45)

    assert first.id not in [said.id for said in stage.read_by(olga)]
    assert words_read_by(stage, mia) == [WORDS]
    assert "isn't waiting any more" in (presses[1].answer or {}).get("text", "")


@pytest.mark.parametrize("how", ["🗑 Don't send", "/cancel"])
async def test_what_is_not_sent_reaches_nobody(stage: Stage, how: str) -> None:
    club, olga, [mia, _] = await planned(stage, "Mia", "Wei")
    preview = await write(stage, club, olga)

    if how == "/cancel":
        await say(stage, olga, how)
        stage.telegram.press(olga, preview, "📨 Send to 1")
    else:
        stage.telegram.press(olga, preview, how)
    await stage.settle(45)

    assert words_read_by(stage, mia) == []


async def test_with_nobody_to_write_to_nothing_is_offered(stage: Stage) -> None:
    club, olga, _ = await planned(stage, "Wei")

    answer = await write(stage, club, olga)

    assert "there's nobody to write to" in answer.text
    assert buttons(answer) == []


async def test_words_during_an_event_without_an_end_arrive(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga, "/event Demo night, Fri 19:00")
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(8)
    await stage.pass_time(timedelta(days=4, hours=10, minutes=30))

    stage.telegram.press(olga, await write(stage, club, olga, "We are in the back room"), "📨 Send to 1")
    await stage.settle(45)

    assert words_read_by(stage, mia) == ["✉️ Olga about Demo night:\nWe are in the back room"]
