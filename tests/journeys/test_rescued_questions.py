"""A question that nobody answered for hours: who answered such before is asked, in private, and nobody else hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.playground.server.snapshots import Chat, Message, User
from jobs import rescue_questions, weave_threads
from models.tables.consent import Purpose
from models.tables.recommendation import Recommendation, Response, Source
from tests.journeys.test_events import buttons, make_known, rows
from tests.journeys.test_listing_hints import BOTH, agree
from tests.stage import Stage

ASKED = (
    "Which customs broker do you use for imports from Shenzhen?",
    "How long does customs clearance take for a container of batteries?",
)
ANSWERED = ("We use a small broker in Hamburg, they are quick", "Two weeks, if the freight papers are complete")
OPEN = "Who handles customs for small shipments to Switzerland?"


async def village(
    stage: Stage, to: tuple[Purpose, ...] = BOTH, asker_agrees: bool = True
) -> tuple[Chat, User, User, User, User]:
    """Ben answered Mia twice about customs; Zoe only listens. Then Mia asks what nobody answers."""
    club, olga, [mia, ben, zoe] = stage.club("Mia", "Ben", "Zoe")
    for person in (mia, ben, zoe):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, mia, ben, zoe)
    await agree(stage, ben, zoe, to=to)
    if asker_agrees:
        await agree(stage, mia)
    for asked, answered in zip(ASKED, ANSWERED, strict=True):
        question = stage.telegram.say(mia, club, asked)
        await stage.pass_time(timedelta(minutes=20))
        stage.telegram.say(ben, club, answered, reply_to=question)
        await stage.pass_time(timedelta(minutes=40))
    return club, mia, ben, zoe, olga


async def ask(stage: Stage, asker: User, club: Chat, words: str = OPEN, *, hours: float = 7) -> Message:
    question = stage.telegram.say(asker, club, words)
    await stage.settle()
    await rescue(stage, hours=hours)
    return question


async def rescue(stage: Stage, *, hours: float) -> None:
    await stage.clock.advance(timedelta(hours=hours))
    for job in (weave_threads, rescue_questions):
        await job.run(stage.host.services, now=stage.clock.now())
    await stage.settle()


def brought_to(stage: Stage, person: User) -> list[Message]:
    return [said for said in stage.read_by(person) if "nobody has answered yet" in said.get("text", "")]


async def test_who_answered_such_is_asked_and_nobody_else(stage: Stage) -> None:
    club, mia, ben, zoe, _ = await village(stage)

    question = await ask(stage, mia, club)

    [brought] = brought_to(stage, ben)
    assert brought.text == (
        f"🖐 Mia asks in Founders, and nobody has answered yet:\n\n“{OPEN}”\n\nYou answer questions about logistics"
    )
    assert buttons(brought)[0] == "💬 Answer there"
    link = brought["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert link.endswith(f"/{question['message_id']}")
    assert buttons(brought)[1:] == ["🙅 Not for me", "❓ Why?", "⏸ Pause 2 weeks", "⛔ Stop these"]
    assert brought_to(stage, mia) == brought_to(stage, zoe) == []


async def test_an_answer_is_credited_and_nobody_is_asked_again(stage: Stage) -> None:
    club, mia, ben, *_ = await village(stage)
    question = await ask(stage, mia, club)

    stage.telegram.say(ben, club, "Swiss Post does it, with a form for customs", reply_to=question)
    await stage.settle()
    await rescue(stage, hours=10)

    [row] = await rows(stage, select(Recommendation).where(Recommendation.source == Source.RESCUE))
    assert row.action == Response.JOINED
    assert len(brought_to(stage, ben)) == 1


@pytest.mark.parametrize("hours", [2, 60])
async def test_a_question_that_is_new_or_old_is_left_alone(stage: Stage, hours: float) -> None:
    club, mia, ben, *_ = await village(stage)

    await ask(stage, mia, club, hours=hours)

    assert brought_to(stage, ben) == []


@pytest.mark.parametrize("to", [(Purpose.LEARN,), (Purpose.INTRODUCE,), ()])
async def test_without_both_yeses_nobody_is_asked(stage: Stage, to: tuple[Purpose, ...]) -> None:
    club, mia, ben, *_ = await village(stage, to)

    await ask(stage, mia, club)

    assert brought_to(stage, ben) == []


async def test_of_who_may_not_be_learned_from_nothing_is_told(stage: Stage) -> None:
    club, mia, ben, *_ = await village(stage, asker_agrees=False)

    await ask(stage, mia, club)

    assert brought_to(stage, ben) == []


async def test_an_answer_while_it_waits_for_the_morning_takes_it_back(stage: Stage) -> None:
    club, mia, ben, zoe, _ = await village(stage)
    question = await ask(stage, mia, club, hours=13)
    is_night = brought_to(stage, ben) == []
    stage.telegram.say(zoe, club, "DHL does it, and cheaply", reply_to=question)
    await stage.settle()
    await weave_threads.run(stage.host.services, now=stage.clock.now())

    await stage.pass_time(timedelta(hours=9))

    assert is_night

    assert brought_to(stage, ben) == []


async def test_what_is_of_no_field_of_theirs_is_brought_to_nobody(stage: Stage) -> None:
    club, mia, ben, *_ = await village(stage)

    await ask(stage, mia, club, "Has anybody trained a speech model on dialects?")

    assert brought_to(stage, ben) == []


async def test_nobody_is_asked_twice_within_days_and_a_no_is_heard(stage: Stage) -> None:
    club, mia, ben, *_ = await village(stage)
    await ask(stage, mia, club)
    await ask(stage, mia, club, "Any customs forms for samples sent to Norway?")
    [brought] = brought_to(stage, ben)

    stage.telegram.press(ben, brought, "🙅 Not for me")
    await stage.settle()
    await stage.pass_time(timedelta(days=4))
    await ask(stage, mia, club, "Does customs in Norway open every parcel?")

    assert len(brought_to(stage, ben)) == 1


async def test_why_says_what_it_rests_on(stage: Stage) -> None:
    club, mia, ben, *_ = await village(stage)
    await ask(stage, mia, club)
    [brought] = brought_to(stage, ben)

    stage.telegram.press(ben, brought, "❓ Why?")
    await stage.settle()

    why = stage.said_to(ben)[-1]
    assert "You answer questions about logistics" in why
    assert "your answers in the last 120 days" in why


async def test_admins_choose_after_how_long_or_never(stage: Stage) -> None:
    club, mia, ben, _, olga = await village(stage)
    stage.telegram.say(olga, club, "/settings")
    await stage.settle()
    screen = stage.said_in(club)[-1]
    assert "A question that nobody answered for 6 h" in screen.text

    stage.telegram.press(olga, screen, "🖐 never")
    await stage.settle()
    await ask(stage, mia, club)

    assert brought_to(stage, ben) == []
