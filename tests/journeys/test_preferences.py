from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.playground.server.snapshots import User
from models.tables.member import Member
from tests.stage import Stage


async def _mia(stage: Stage) -> User:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    return mia


async def _say(stage: Stage, person: User, text: str) -> str:
    stage.telegram.say(person, stage.telegram.private(person, stage.bot), text)
    await stage.settle()
    return stage.said_to(person)[-1]


async def _press(stage: Stage, person: User, label: str) -> Any:
    press = stage.telegram.press(person, stage.read_by(person)[-1], label)
    await stage.settle()
    return press


async def _row(stage: Stage, person: User) -> Member:
    async with stage.database.reading() as session:
        return (await session.scalars(select(Member).where(Member.telegram_id == person.id))).one()


async def test_settings_change_by_buttons_in_one_message(stage: Stage) -> None:
    mia = await _mia(stage)

    said = await _say(stage, mia, "/settings")
    n_messages = len(stage.said_to(mia))
    await _press(stage, mia, "📬 Digest")
    await _press(stage, mia, "daily")
    await _press(stage, mia, "🌙 Quiet hours")
    chosen = stage.said_to(mia)[-1], str(stage.read_by(mia)[-1]["reply_markup"])
    pressed = await _press(stage, mia, "23:00 to 7:00")

    assert "📬 Digest: on Mondays, and what can't wait until then" in said
    assert "When shall I not disturb you?" in chosen[0]
    assert "✅ 22:00 to 8:00" in chosen[1]
    assert pressed.answer["text"] == "Saved."
    assert len(stage.said_to(mia)) == n_messages
    assert "📬 Digest: daily" in stage.said_to(mia)[-1]
    assert "🌙 Quiet hours: 23:00 to 7:00" in stage.said_to(mia)[-1]
    row = await _row(stage, mia)
    assert (row.digest, row.quiet_from_hour, row.quiet_until_hour) == ("daily", 23, 7)


async def test_a_time_zone_is_typed_or_refused_with_an_example(stage: Stage) -> None:
    mia = await _mia(stage)

    refused = await _say(stage, mia, "/settings Atlantis")
    taken = await _say(stage, mia, "/settings são paulo")
    found = await _say(stage, mia, "/settings lisbon")

    assert "I don't know the time zone “Atlantis”" in refused
    assert "🌍 Time zone: São Paulo time" in taken
    assert "🌍 Time zone: Lisbon time" in found
    assert (await _row(stage, mia)).time_zone == "Europe/Lisbon"


async def test_a_pause_until_a_day_that_is_named(stage: Stage) -> None:
    mia = await _mia(stage)

    english = await _say(stage, mia, "/pause until 15 April")
    chinese = await _say(stage, mia, "/pause 到4月20日")
    unread = await _say(stage, mia, "/pause until the cows come home")
    too_long = await _say(stage, mia, "/pause until 1 May 2029")

    assert english == "Paused until Wed 15 Apr."
    assert "20" in chinese
    assert unread.startswith("I couldn't tell a day in “until the cows come home”.")
    assert too_long.startswith("I couldn't tell a day")
    until = (await _row(stage, mia)).paused_until
    assert until is not None
    assert (until.month, until.day) == (4, 20)


async def test_pause_and_resume(stage: Stage) -> None:
    mia = await _mia(stage)

    await _say(stage, mia, "/pause")
    await _press(stage, mia, "2 weeks")
    paused = stage.said_to(mia)[-1]
    settings = await _say(stage, mia, "/settings")
    again = await _say(stage, mia, "/pause")
    await _press(stage, mia, "▶️ Write to me again")

    assert paused == "Paused until Mon 16 Mar."
    assert "⏸ Paused until Mon 16 Mar" in settings
    assert "⏸ Paused until Mon 16 Mar" in again
    assert "Good to be back" in stage.said_to(mia)[-1]
    assert (await _row(stage, mia)).paused_until is None


async def test_a_time_zone_that_nobody_chose_is_said_to_be_a_guess_and_one_tap_makes_it_sure(stage: Stage) -> None:
    mia = await _mia(stage)

    guessed = await _say(stage, mia, "/settings")
    await _press(stage, mia, "🌍 Time zone")
    page = str(stage.read_by(mia)[-1]["reply_markup"])
    await _press(stage, mia, "‹ Back")
    await _press(stage, mia, "✅ Yes, UTC is right")
    sure = stage.read_by(mia)[-1]

    assert "🌍 Time zone: UTC, only my guess (it's" in guessed
    assert "✅ UTC" not in page
    assert "🌍 Time zone: UTC\n" in sure["text"]
    assert "is right" not in str(sure["reply_markup"])
    assert (await _row(stage, mia)).time_zone == "UTC"


async def test_the_clock_of_a_group_that_nobody_chose_is_said_to_be_a_guess(stage: Stage) -> None:
    club, olga, _ = stage.club()
    stage.telegram.say(olga, club, "/settings")
    await stage.settle()
    guessed = stage.said_in(club)[-1]

    stage.telegram.press(olga, guessed, "Berlin")
    await stage.settle(4)

    sure = next(said for said in stage.said_in(club) if said.id == guessed.id)
    assert "Nobody has told me the time here yet" in guessed["text"]
    assert "Times here are Berlin time" in sure["text"]
