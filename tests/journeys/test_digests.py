from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.playground.server.things import User
from jobs import send_digests, weave_threads
from models.tables.member import Member
from models.tables.message import Message
from tests.stage import Stage

HARDWARE = [
    "Does anyone know a small factory for PCB prototypes?",
    "Our firmware update bricked three sensor prototypes, ideas?",
    "Which battery do you use for outdoor sensor nodes?",
    "How do you test PCB antennas before certification?",
]
FUNDING = [
    "What valuation cap is normal for a seed SAFE now?",
    "Our lead investor wants a bigger option pool, is that usual?",
    "How long was due diligence for your seed round?",
    "Is a pitch deck with twelve slides too long for angels?",
]


# The third Monday of the story, at the digest hour.
MONDAY = datetime(2026, 3, 23, 9, 2, tzinfo=UTC)


class Founders:
    """A club with two circles of friends, one topic each."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.telegram = stage, stage.telegram
        names = ("Mia", "Jo", "Ana", "Ben", "Kim", "Leo", "Fay", "Gus", "Hal")
        self.chat, self.owner, people = stage.club(*names)
        self.people = dict(zip(names, people, strict=True))
        self.wei = self.telegram.add_user(first_name="Wei", username="wei", language_code="zh-hans")
        self.telegram.join(self.chat, self.wei)
        self.people["Wei"] = self.wei

    async def consent(self, *names: str) -> None:
        """They write, open the private chat and say yes to everything."""
        for name in names:
            person = self.people[name]
            self.telegram.say(person, self.chat, "hello all")
            self.telegram.start(person, self.stage.bot)
            await self.stage.settle()
            choices = self.stage.read_by(person)[-1]
            yes = "✅ 全部同意" if name == "Wei" else "✅ Yes to everything"
            self.telegram.press(person, choices, yes)
            await self.stage.settle()

    async def talk(self, asks: str, question: str, *answers: str) -> Any:
        """One thread: a question, and answers by reply an hour apart."""
        opener = self.telegram.say(self.people[asks], self.chat, question)
        for name in answers:
            await self.stage.clock.advance(timedelta(minutes=20))
            self.telegram.say(self.people[name], self.chat, f"Same here about {question.split()[-1]}", reply_to=opener)
        await self.stage.clock.advance(timedelta(hours=2))
        return opener

    async def two_weeks(self) -> None:
        """Every other day, each circle talks about its topic."""
        for day in range(8):
            await self.talk("Jo", f"{HARDWARE[day % 4]} ({day})", "Mia", "Ana", "Wei")
            await self.talk("Kim", f"{FUNDING[day % 4]} ({day})", "Leo", "Fay")
            await self.stage.host.settle()
            await self.stage.clock.advance(timedelta(hours=48) - timedelta(hours=5, minutes=40))

    async def until(self, instant: datetime) -> None:
        await self.stage.host.settle()
        await self.stage.clock.advance(instant - self.stage.clock.now())

    async def run_jobs(self) -> str:
        services = self.stage.host.services
        await weave_threads.run(services, now=self.stage.clock.now())
        outcome = await send_digests.run(services, now=self.stage.clock.now())
        await self.stage.settle()
        return outcome


def _digests(stage: Stage, person: User) -> list[Any]:
    return [said for said in stage.read_by(person) if "☀️" in str(said.get("text", ""))]


async def _the_story(stage: Stage) -> Founders:
    """Two weeks of talk, three fresh threads, and the Monday's digests."""
    founders = Founders(stage)
    await founders.consent(*founders.people)
    await founders.two_weeks()
    await founders.talk("Jo", "Any experience with PCB certification labs?")
    await founders.talk("Ana", "Looking for a firmware freelancer for two weeks", "Jo")
    await founders.talk("Kim", "Which angels invest before revenue?", "Leo", "Fay")
    await founders.until(MONDAY)
    await founders.run_jobs()
    return founders


async def test_a_week_of_talk_becomes_a_digest_with_true_reasons(stage: Stage) -> None:
    founders = await _the_story(stage)

    mia = founders.people["Mia"]
    [said] = _digests(stage, mia)
    lines = said["text"].splitlines()
    assert lines[0] == "☀️ Worth your time in Founders"
    # Her own threads are not news; the open question of whom she answers is first, the other circle's comes last.
    heads = [line[3:] for line in lines if line[:2] in ("1.", "2.", "3.", "4.")]
    assert heads[:2] == [
        "Looking for a firmware freelancer for two weeks",
        "Any experience with PCB certification labs?",
    ]
    async with stage.database.reading() as session:
        mia_id, jo_id = await _id_of(session, mia), await _id_of(session, founders.people["Jo"])
        n = len(list(await session.scalars(_answers_between(mia_id, jo_id))))
    assert f"Jo · you answered Jo {n} times in 30 days · nobody has answered yet" in lines
    assert f"Ana · Jo is in it, whom you answered {n} times in 30 days" in lines


async def test_a_member_reads_the_digest_in_their_language(stage: Stage) -> None:
    founders = await _the_story(stage)

    [said] = _digests(stage, founders.wei)

    assert said["text"].startswith("☀️ Founders · 值得一看")
    assert "还没有人回答" in said["text"]


async def test_newcomers_get_what_is_popular_and_are_told_so(stage: Stage) -> None:
    founders = await _the_story(stage)

    [said] = _digests(stage, founders.people["Hal"])

    assert "I do not know your taste yet" in said["text"]
    assert "Kim · popular this week: 3 people" in said["text"]


def _answers_between(by: int, to: int) -> Any:
    since = MONDAY - timedelta(days=30)
    return select(Message.id).where(Message.member_id == by, Message.reply_to_member_id == to, Message.sent_at >= since)


async def _id_of(session: AsyncSession, person: User) -> int:
    return (await session.scalars(select(Member.id).where(Member.telegram_id == person.id))).one()
