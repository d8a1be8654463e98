from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.playground.server.snapshots import User
from jobs import send_digests, weave_threads
from models.domain.installation import timetable
from models.tables.job import DueJob
from models.tables.member import Member, Mute
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


# The third Monday, at the digest hour.
MONDAY = datetime(2026, 3, 16, 9, 2, tzinfo=UTC)


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
        people = [self.people[name] for name in names]
        for person in people:
            self.telegram.say(person, self.chat, "hello all")
            self.telegram.start(person, self.stage.bot)
        await self.stage.settle()
        for person in people:
            yes = "✅ 全部同意" if person is self.wei else "✅ Yes to everything"
            self.telegram.press(person, self.stage.read_by(person)[-1], yes)
        await self.stage.settle()
        if "Hal" in names:
            await self.keep_to_themselves("Hal")
        # What is said next goes on with no hello.
        await self.stage.clock.advance(timedelta(days=1))

    async def keep_to_themselves(self, name: str) -> None:
        """They want digests, but nothing learned of them."""
        person = self.people[name]
        pressed = {
            one["text"]: page
            for page in self.stage.read_by(person)
            for row in page.get("reply_markup", {}).get("inline_keyboard", [])
            for one in row
            if ":learn:0" in one.get("callback_data", "")
        }
        [(learn, page)] = pressed.items()
        self.telegram.press(person, page, learn)
        await self.stage.settle()

    async def talk(self, asks: str, question: str, *answers: str) -> Any:
        """One thread: a question, and answers by reply an hour apart."""
        opener = self.telegram.say(self.people[asks], self.chat, question)
        for name in answers:
            await self.stage.clock.advance(timedelta(minutes=20))
            # Nobody is quoted their own words.
            had = "Ours took two weeks for the" if name == "Mia" else "We had that with our"
            self.telegram.say(self.people[name], self.chat, f"{had} {_matter(question)}", reply_to=opener)
        await self.stage.clock.advance(timedelta(hours=2))
        return opener

    async def two_weeks(self) -> None:
        """Every other day, each circle talks about its topic."""
        for day in range(6):
            await self.talk("Jo", f"{HARDWARE[day % 4]} ({day})", "Mia", "Ana", "Wei")
            await self.talk("Kim", f"{FUNDING[day % 4]} ({day})", "Leo", "Fay")
            await self.stage.host.settle()
            await self.stage.clock.advance(timedelta(hours=48) - timedelta(hours=5, minutes=40))

    async def until(self, instant: datetime) -> None:
        await self.stage.host.settle()
        await self.stage.clock.advance(instant - self.stage.clock.now())

    async def run_asked(self) -> None:
        """What members asked for, as the runner would."""
        async with self.stage.database.transaction() as session:
            waiting = [row for row in await timetable.rows(session) if row.name == "send_digests" and row.key]
            await session.execute(delete(DueJob).where(DueJob.key != ""))
        for row in waiting:
            await send_digests.run(self.stage.host.services, now=self.stage.clock.now(), **row.arguments)
        await self.stage.settle()

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
    # What her circle asks, in the field that she answered in before; the other circle's open question is not for her.
    assert said["text"].splitlines() == [
        "☀️ Founders · this week",
        "",
        "You could help",
        "You often answer questions about hardware:",
        "1. Looking for a firmware freelancer for two weeks",
        "Ana · 22 h ago · 1 answer",
        "“We had that with our firmware” (Jo)",
        "2. Any experience with PCB certification labs?",
        "Jo · 1 day ago · no answer yet",
        "",
        "Tap a number for more or less like it.",
    ]


async def test_each_member_reads_their_own_digest_in_their_language(stage: Stage) -> None:
    founders = await _the_story(stage)

    [of_wei] = _digests(stage, founders.wei)
    [of_who_is_not_known] = _digests(stage, founders.people["Hal"])

    assert of_wei["text"].startswith("☀️ Founders · 本周")
    assert "还没人回答" in of_wei["text"]
    assert "I don't know your interests yet" in of_who_is_not_known["text"]
    assert "3 people talk about it" in of_who_is_not_known["text"]


async def test_less_like_this_is_honoured_by_the_next_digest(stage: Stage) -> None:
    founders = await _the_story(stage)
    hal = founders.people["Hal"]
    first = _digests(stage, hal)[-1]
    number = _heads(first).index("Which angels invest before revenue?") + 1

    opened = stage.telegram.press(hal, first, str(number))
    await stage.settle()
    pressed = stage.telegram.press(hal, _digests(stage, hal)[-1], f"{number} 👎 Less like this")
    await stage.settle()

    assert opened.is_answered
    assert "For 30 days I'll leave out" in pressed.answer["text"]
    assert f"{number} 👎" in str(_digests(stage, hal)[-1]["reply_markup"])
    await founders.talk("Kim", "Which angels like hardware?", "Leo", "Fay")
    await founders.talk("Ana", "Who repairs soldering stations?")
    await founders.talk("Leo", "Where do you rent desks in Lisbon?", "Ben", "Gus")
    await founders.until(MONDAY + timedelta(days=7))
    await founders.run_jobs()
    assert "Where do you rent desks in Lisbon?" in _heads(_digests(stage, hal)[-1])
    assert not any("angels" in head for head in _heads(_digests(stage, hal)[-1]))


async def test_not_this_person_is_honoured_by_the_next_digest(stage: Stage) -> None:
    founders = await _the_story(stage)
    mia = founders.people["Mia"]
    first = _digests(stage, mia)[-1]
    number = _heads(first).index("Any experience with PCB certification labs?") + 1

    stage.telegram.press(mia, first, str(number))
    await stage.settle()
    pressed = stage.telegram.press(mia, _digests(stage, mia)[-1], f"{number} 🙈 Not Jo")
    await stage.settle()

    assert pressed.answer["text"] == "Noted. I'll leave out Jo."
    await founders.talk("Jo", "Which PCB survives winter?", "Ana")
    await founders.talk("Leo", "Which firmware tools do you use?")
    await founders.talk("Ana", "Who sells a good PCB tester?")
    await founders.until(MONDAY + timedelta(days=7))
    await founders.run_jobs()
    second = _digests(stage, mia)[-1]
    assert second["text"] != first["text"]
    assert "Jo" not in second["text"]


async def test_nobody_else_presses_a_members_buttons(stage: Stage) -> None:
    founders = await _the_story(stage)
    mia, hal = founders.people["Mia"], founders.people["Hal"]
    data = _digests(stage, mia)[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"].replace("open", "less")
    forged = {
        "id": "77",
        "from": dict(hal),
        "chat_instance": "1",
        "data": data,
        "message": dict(_digests(stage, hal)[-1]),
    }

    stage.telegram.inject(stage.bot, {"callback_query": forged})
    await stage.settle()

    answers = [call.params for call in stage.telegram.calls if call.method == "answerCallbackQuery"]
    assert "for the person I wrote this to" in answers[-1]["text"]
    async with stage.database.reading() as session:
        assert list(await session.scalars(select(Mute))) == []


async def test_two_items_are_the_least_that_is_sent(stage: Stage) -> None:
    founders = Founders(stage)
    await founders.consent("Mia", "Jo")
    await founders.talk("Jo", "Which bank do you use?")
    await founders.until(MONDAY - timedelta(days=7))

    outcome = await founders.run_jobs()

    assert outcome == "digests queued: 0, members with too little to be told: 2"
    assert _digests(stage, founders.people["Mia"]) == []


async def test_a_digest_is_there_when_a_member_asks(stage: Stage) -> None:
    founders = Founders(stage)
    mia, jo = founders.people["Mia"], founders.people["Jo"]
    await founders.consent("Mia", "Jo")
    await founders.talk("Jo", "Which bank do you use?")

    for person in (mia, jo):
        stage.telegram.say(person, stage.telegram.private(person, stage.bot), "/digest")
    await stage.settle()
    await weave_threads.run(stage.host.services, now=stage.clock.now())
    await founders.run_asked()

    assert _heads({"text": stage.said_to(mia)[-1]}) == ["Which bank do you use?"]
    assert "what people agreed to share: 2 of 11 so far" in stage.said_to(jo)[-1]


async def test_digest_in_the_group_leads_to_the_private_chat(stage: Stage) -> None:
    founders = Founders(stage)
    await founders.consent("Mia")

    stage.telegram.say(founders.people["Mia"], founders.chat, "/digest")
    await stage.settle()

    said = stage.said_in(founders.chat)[-1]
    assert said["reply_markup"]["inline_keyboard"][0][0]["url"].startswith("https://t.me/klatch_bot?start=")


async def test_why_tells_the_reasons_and_what_they_are_taken_from(stage: Stage) -> None:
    founders = await _the_story(stage)
    mia = founders.people["Mia"]

    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/why")
    await stage.settle()

    said = stage.said_to(mia)[-1]
    assert "Why you got this" in said
    assert said.count("You often answer questions about hardware") == 2
    assert said.count("your answers in the last 120 days") == 1
    assert "Order: simple rules, nothing was learned for it." in said


async def test_pause_and_stop_under_a_digest_take_effect_at_once(stage: Stage) -> None:
    founders = await _the_story(stage)
    mia, hal = founders.people["Mia"], founders.people["Hal"]

    paused = stage.telegram.press(mia, _digests(stage, mia)[-1], "⏸ Pause 2 weeks")
    stopped = stage.telegram.press(hal, _digests(stage, hal)[-1], "⛔ Stop these")
    await stage.settle()

    assert "Paused until Mon 30 Mar" in paused.answer["text"]
    assert "No more digests" in stopped.answer["text"]
    await founders.talk("Leo", "Where do you rent desks in Lisbon?", "Ben", "Gus")
    await founders.talk("Ana", "Who repairs soldering stations?")
    await founders.until(MONDAY + timedelta(days=7))
    await founders.run_jobs()
    assert len(_digests(stage, mia)) == len(_digests(stage, hal)) == 1


async def test_a_digest_comes_once_at_nine_on_the_members_own_monday(stage: Stage) -> None:
    founders = Founders(stage)
    await founders.consent("Mia", "Jo", "Ana")
    await founders.keep_to_themselves("Mia")
    await founders.talk("Jo", "Which bank do you use?")
    await founders.talk("Ana", "Who repairs soldering stations?")
    mia = founders.people["Mia"]
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/settings Asia/Tokyo")
    await stage.settle()

    # Nine on Monday in Tokyo is midnight in UTC; the others' nine is nine hours later.
    before = MONDAY.replace(hour=0) - timedelta(days=7)
    await founders.until(before - timedelta(hours=2))
    await founders.run_jobs()
    at_seven = len(_digests(stage, mia))
    await founders.until(before)
    await founders.run_jobs()
    at_nine = len(_digests(stage, mia))
    await founders.run_jobs()

    assert (at_seven, at_nine, len(_digests(stage, mia))) == (0, 1, 1)
    assert _digests(stage, founders.people["Jo"]) == []


def _heads(said: Any) -> list[str]:
    """The items' first lines, without their numbers."""
    return [line[3:] for line in said["text"].splitlines() if re.match(r"[1-7]\. ", line)]


def _answers_between(by: int, to: int) -> Any:
    since = MONDAY - timedelta(days=30)
    return select(Message.id).where(Message.member_id == by, Message.reply_to_member_id == to, Message.sent_at >= since)


async def _id_of(session: AsyncSession, person: User) -> int:
    return (await session.scalars(select(Member.id).where(Member.telegram_id == person.id))).one()


MATTERS = ("PCB", "firmware", "battery", "certification", "valuation", "due diligence", "pitch deck", "angels", "desks")


def _matter(question: str) -> str:
    """What the answers of the story speak of."""
    return " and ".join(word for word in MATTERS if word in question) or "team"
