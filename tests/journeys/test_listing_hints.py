"""An ordinary message that sounds like a need: its author alone is asked, privately, and one tap makes it a card."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.playground.server.snapshots import Chat, Message, User
from jobs import notice_listings
from models.tables.consent import Consent, Purpose
from models.tables.listing import Listing
from models.tables.member import Member
from tests.journeys.test_events import buttons, make_known, rows
from tests.journeys.test_listings import cards_in
from tests.stage import Stage

WORDS = "Looking for a bookkeeper who knows UGs"
BOTH = (Purpose.LEARN, Purpose.INTRODUCE)


async def agree(stage: Stage, *people: User, to: tuple[Purpose, ...] = BOTH) -> None:
    async with stage.database.transaction() as session:
        for member in await session.scalars(select(Member)):
            if member.telegram_id in {person["id"] for person in people}:
                for purpose in to:
                    values = {"purpose": purpose, "is_given": True, "decided_at": stage.clock.now()}
                    session.add(Consent(member_id=member.id, community_id=1, **values))


async def notice(stage: Stage, minutes: int = 15) -> None:
    await stage.clock.advance(timedelta(minutes=minutes))
    await notice_listings.run(stage.host.services, now=stage.clock.now())
    await stage.settle()


def hints_to(stage: Stage, person: User) -> list[Message]:
    return [said for said in stage.read_by(person) if "Shall I keep this" in said.get("text", "")]


async def village(stage: Stage, to: tuple[Purpose, ...] = BOTH) -> tuple[Chat, User, User]:
    club, _, [mia, ben] = stage.club("Mia", "Ben")
    for person in (mia, ben):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, mia, ben)
    await agree(stage, mia, ben, to=to)
    return club, mia, ben


async def test_one_tap_makes_a_card_that_answers_the_message(stage: Stage) -> None:
    club, mia, ben = await village(stage)
    words = stage.telegram.say(mia, club, WORDS)
    await stage.settle()
    await notice(stage)
    [hint] = hints_to(stage, mia)

    stage.telegram.press(mia, hint, "📌 Keep it as my need")
    await stage.settle(5)

    assert "“Looking for a bookkeeper who knows UGs”" in hint.text
    assert "You wrote it in Founders, and it sounds like a need" in hint.text
    assert buttons(hint)[-3:] == ["❓ Why?", "⏸ Pause 2 weeks", "⛔ Stop these"]
    assert hints_to(stage, ben) == []
    [card] = cards_in(stage, club)
    assert card.text.startswith("🙏 a bookkeeper who knows UGs")
    assert card["reply_to_message"]["message_id"] == words["message_id"]
    assert "✅ Found here" in buttons(stage.read_by(mia)[-1])


@pytest.mark.parametrize("to", [(Purpose.LEARN,), (Purpose.INTRODUCE,), ()])
async def test_without_both_yeses_nobody_is_asked(stage: Stage, to: tuple[Purpose, ...]) -> None:
    club, mia, _ = await village(stage, to)
    stage.telegram.say(mia, club, WORDS)
    await stage.settle()

    await notice(stage)

    assert hints_to(stage, mia) == []


async def test_what_was_deleted_or_kept_meanwhile_is_not_asked_about(stage: Stage) -> None:
    club, mia, ben = await village(stage)
    words = stage.telegram.say(mia, club, WORDS)
    stage.telegram.say(ben, club, "/need a bookkeeper", reply_to=stage.telegram.say(ben, club, WORDS))
    await stage.settle()
    stage.telegram.say(mia, club, "/need", reply_to=words)
    await stage.settle()

    await notice(stage)

    assert hints_to(stage, mia) == []


async def test_why_says_which_message_and_a_no_holds(stage: Stage) -> None:
    club, mia, _ = await village(stage)
    stage.telegram.say(mia, club, WORDS)
    await stage.settle()
    await notice(stage)
    [hint] = hints_to(stage, mia)

    stage.telegram.press(mia, hint, "❓ Why?")
    await stage.settle()
    why = stage.said_to(mia)[-1]
    stage.telegram.press(mia, hint, "🙅 It isn't one")
    await stage.settle()
    await stage.pass_time(timedelta(days=20))
    stage.telegram.say(mia, club, "Looking for a photographer")
    await stage.settle()
    await notice(stage)

    assert WORDS in why
    assert "that one message of yours" in why
    assert len(hints_to(stage, mia)) == 1
    assert await rows(stage, select(Listing)) == []


async def test_who_does_not_answer_is_asked_twice_and_then_left_alone(stage: Stage) -> None:
    club, mia, _ = await village(stage)

    for what in ("a bookkeeper", "a photographer", "a lawyer"):
        stage.telegram.say(mia, club, f"Looking for {what} in Berlin")
        await stage.settle()
        await notice(stage)
        await notice(stage)
        await stage.pass_time(timedelta(days=8) - timedelta(minutes=30))

    assert len(hints_to(stage, mia)) == 2
