"""Somebody new introduces themselves: once, in private, what they said to confirm, one person, one event, one thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.playground.server.snapshots import Chat, Message, User
from jobs import notice_listings, weave_threads, welcome_newcomers
from models.domain.profiles import profiles
from models.tables.consent import Purpose
from models.tables.delivery import Delivery
from models.tables.event import Event
from models.tables.member import Member
from models.tables.message import Message as Row
from models.tables.profile import ProfileFact, ProfileState
from tests.journeys.test_events import buttons
from tests.journeys.test_intro import ask
from tests.journeys.test_people_to_meet import agree, press
from tests.journeys.test_proposals import gather
from tests.stage import Stage

HELLO = "Hi all, I'm Lena, building charging lockers in Berlin, looking for an enclosure maker"
ZH_HELLO = "大家好，我是小林，人在柏林，我们做充电柜的固件，在找懂外壳开模的朋友"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def village(stage: Stage) -> tuple[Chat, list[User]]:
    """Two days after its founding: Priya answers about enclosures, Mia asks what nobody answers, there is an evening."""
    club, people = await gather(stage, "Mia", "Priya")
    await stage.pass_time(2 * DAY)
    mia, priya = people
    for words in ("Who makes aluminium enclosures in small runs?", "What does an enclosure cost at fifty pieces?"):
        question = stage.telegram.say(mia, club, words)
        stage.telegram.say(priya, club, "a shop in Lodz makes an enclosure for 40 euros", reply_to=question)
    await stage.settle()
    await stage.pass_time(2 * HOUR)
    stage.telegram.say(mia, club, "How do you flash firmware on a thousand boards?")
    await stage.settle()
    # Whoever spoke right after it may have answered it.
    await stage.pass_time(2 * HOUR)
    async with stage.database.transaction() as session:
        host_id = (await session.scalars(select(Member.id).where(Member.telegram_id == priya.id))).one()
        about = {
            "title": "Hardware evening",
            "host_id": host_id,
            "community_id": 1,
            "time_zone": "UTC",
            "place": "Fab Lab",
        }
        at = {"starts_at": stage.clock.now() + 3 * DAY + 6 * HOUR, "created_at": stage.clock.now()}
        session.add(Event(**about, **at, calendar_uid="evening@klatch"))
    return club, people


async def join(
    stage: Stage, club: Chat, name: str, hello: str | None = HELLO, *, to: tuple[str, ...] = tuple(Purpose)
) -> User:
    person = stage.telegram.add_user(first_name=name, username=name.lower())
    stage.telegram.start(person, stage.bot)
    await stage.settle()
    stage.telegram.join(club, person)
    await stage.settle()
    if hello is not None:
        stage.telegram.say(person, club, hello)
        await stage.settle()
    if to:
        await agree(stage, person, *to)
    return person


async def welcome(stage: Stage, after: timedelta = HOUR) -> str:
    await stage.clock.advance(after)
    await weave_threads.run(stage.host.services, now=stage.clock.now())
    outcome = await welcome_newcomers.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    return outcome


def welcomes(stage: Stage, person: User) -> list[Message]:
    return [one for one in stage.read_by(person) if one.get("text", "").startswith(("👋 Welcome to", "👋 欢迎来到"))]


async def test_one_message_with_what_they_said_one_person_one_event_and_one_thread(stage: Stage) -> None:
    club, _ = await village(stage)
    lena = await join(stage, club, "Lena")

    at_once = await welcome(stage, after=timedelta(minutes=5))
    outcome = await welcome(stage)
    again = await welcome(stage)

    assert (at_once, outcome, again) == ("0 newcomers welcomed", "1 newcomers welcomed", "0 newcomers welcomed")
    [said] = welcomes(stage, lena)
    blocks = said.text.split("\n\n")
    assert blocks[0] == "👋 Welcome to Founders"
    assert blocks[1].splitlines()[:4] == [
        "You introduced yourself. Did I get it right?",
        "1. 🛠 “building charging lockers in Berlin”",
        "2. 🧭 hardware",
        "3. 📍 Berlin",
    ]
    assert "under your name" in blocks[1]
    assert blocks[2].startswith(
        "🤝 You're looking for “an enclosure maker”. Somebody here answered two questions about “enclosure”"
    )
    assert "Priya" not in said.text
    assert blocks[3].startswith("📅 Hardware evening · ")
    assert blocks[3].endswith("↳ it's about hardware")
    assert blocks[4].startswith("💬 How do you flash firmware on a thousand boards? · Mia · no answer yet\n")
    assert buttons(said) == [
        *("✓ 1", "✎ 1", "✕ 1", "✓ 2", "✎ 2", "✕ 2", "✓ 3", "✎ 3", "✕ 3", "✅ All of it is right"),
        *("🤝 Ask them", "📅 Hardware evening", "❓ Why?", "⏸ Pause 2 weeks", "⛔ Stop these"),
    ]


async def test_taps_decide_line_by_line_and_leave_the_rest_of_the_message(stage: Stage) -> None:
    club, [_, priya] = await village(stage)
    lena = await join(stage, club, "Lena")
    await welcome(stage)

    toasts = [await press(stage, lena, "✕ 3"), await press(stage, lena, "✓ 1")]
    asked = await press(stage, lena, "🤝 Ask them")
    [middle] = welcomes(stage, lena)
    await press(stage, lena, "✅ All of it is right")
    [end] = welcomes(stage, lena)
    await press(stage, lena, "❓ Why?")
    why = stage.said_to(lena)[-1]
    await ask(stage, lena, "/profile")
    await stage.clock.advance(HOUR)
    await stage.settle()

    assert toasts == ["Removed. I won't infer it again.", "Noted."]
    assert asked == "I'll ask. You hear from me if it's a yes."
    assert buttons(middle)[:4] == ["✓ 2", "✎ 2", "✕ 2", "✅ All of it is right"]
    assert buttons(end) == ["📅 Hardware evening", "❓ Why?", "⏸ Pause 2 weeks", "⛔ Stop these"]
    assert "Hardware evening" in end.text
    assert "You introduced yourself" in why
    assert "It's about hardware" in why
    assert stage.said_to(lena)[-1].count("✅") == 2
    assert "📍" not in stage.said_to(lena)[-1]
    assert "Somebody here is looking for a person who knows about “enclosure”" in stage.said_to(priya)[-1]


async def test_in_chinese(stage: Stage) -> None:
    club, [mia, priya] = await village(stage)
    question = stage.telegram.say(priya, club, "打样的电路板多久能到？")
    await stage.pass_time(2 * HOUR)
    # Whoever speaks first after it may have answered it.
    dinner = stage.telegram.say(mia, club, "今晚有人一起吃饭吗？")
    stage.telegram.say(priya, club, "我来，七点见", reply_to=dinner)
    await stage.pass_time(2 * HOUR)
    lin = await join(stage, club, "小林", ZH_HELLO)
    await ask(stage, lin, "/language")
    await press(stage, lin, "简体中文")

    await welcome(stage)

    [said] = welcomes(stage, lin)
    blocks = said.text.split("\n\n")
    assert blocks[0] == "👋 欢迎来到 Founders"
    assert blocks[1].splitlines()[:4] == [
        "你做了自我介绍，我理解得对吗？",
        "1. 🛠 “我们做充电柜的固件”",
        "2. 🧭 硬件",
        "3. 📍 柏林",
    ]
    # English is nothing that they write in; the question is.
    assert "Hardware evening" not in said.text
    assert f"💬 {question.text} · Priya · 还没人回答" in said.text


async def test_who_said_nothing_of_themselves_is_told_nothing_of_themselves(stage: Stage) -> None:
    club, _ = await village(stage)
    lena = await join(stage, club, "Lena", None)
    stage.telegram.say(lena, club, "How long do batteries take through certification?")
    stage.telegram.say(lena, club, "Which factory makes a PCB in a week?")
    await stage.settle()
    quiet = await join(stage, club, "Quiet", None)

    early = await welcome(stage)
    await welcome(stage, after=DAY)

    [said] = welcomes(stage, lena)
    assert early == "0 newcomers welcomed"
    assert "Did I get it right?" not in said.text
    assert "📅 Hardware evening" in said.text
    assert "\n\n💬 " in said.text
    assert welcomes(stage, quiet) == []
    async with stage.database.reading() as session:
        assert list(await session.scalars(select(ProfileFact))) == []


@pytest.mark.parametrize(
    ("to", "what"),
    [
        ((), None),
        (("digest", "invite", "introduce"), None),
        (("learn", "digest", "invite"), None),
        (("learn", "introduce"), set()),
        (("learn", "introduce", "invite"), {"📅"}),
        (("learn", "introduce", "digest"), {"💬"}),
    ],
)
async def test_nothing_without_the_yes_it_needs(stage: Stage, to: tuple[str, ...], what: set[str] | None) -> None:
    club, _ = await village(stage)
    lena = await join(stage, club, "Lena", to=to)

    await welcome(stage)

    found = welcomes(stage, lena)
    assert bool(found) == (what is not None)
    assert {sign for one in found for sign in ("📅", "💬") if f"\n\n{sign}" in one.text} == (what or set())


async def test_in_a_group_that_has_just_begun_nobody_is_new_and_after_three_days_nobody_is(stage: Stage) -> None:
    club, _ = await gather(stage, "Mia", "Priya")
    first = await join(stage, club, "First")
    early = await welcome(stage)
    await stage.pass_time(2 * DAY)
    late = await join(stage, club, "Late")
    await stage.clock.advance(3 * DAY)
    outcome = await welcome(stage)

    assert (early, outcome) == ("0 newcomers welcomed", "0 newcomers welcomed")
    assert welcomes(stage, first) + welcomes(stage, late) == []


async def _takes_it_back(stage: Stage, club: Chat, lena: User) -> None:
    await agree(stage, lena, "learn", is_given=False)


async def _edits_it(stage: Stage, club: Chat, lena: User) -> None:
    async with stage.database.transaction() as session:
        [row] = [one for one in await session.scalars(select(Row)) if one.text == HELLO]
        row.text = "Hi all, I'm Lena, building firmware for bikes"


@pytest.mark.parametrize(("change", "n_anew"), [(_takes_it_back, 0), (_edits_it, 1)])
async def test_what_waits_for_the_morning_is_looked_at_again_and_perhaps_written_anew(
    stage: Stage, change: Any, n_anew: int
) -> None:
    club, _ = await village(stage)
    await stage.clock.advance(timedelta(hours=8))
    lena = await join(stage, club, "Lena")

    outcome = await welcome(stage)
    at_night = welcomes(stage, lena)
    await change(stage, club, lena)
    await stage.clock.advance(12 * HOUR)
    await stage.settle()

    assert outcome == "1 newcomers welcomed"
    assert at_night == []
    assert welcomes(stage, lena) == []
    async with stage.database.reading() as session:
        [failure] = await session.scalars(select(Delivery.failure).where(Delivery.kind == "welcome"))
    assert failure == "outdated"
    anew = await welcome(stage)
    assert anew == f"{n_anew} newcomers welcomed"
    assert [("lockers" in one.text, "firmware for bikes" in one.text) for one in welcomes(stage, lena)] == [
        (False, True)
    ] * n_anew


async def test_what_they_look_for_may_still_be_kept_as_a_need(stage: Stage) -> None:
    """The welcome rests on the same message, and is no question about it."""
    club, _ = await village(stage)
    lena = await join(stage, club, "Lena")
    await welcome(stage, after=timedelta(minutes=15))
    stage.telegram.say(lena, club, "Looking for a tax adviser until 20 March")
    await stage.settle()
    await stage.clock.advance(timedelta(minutes=15))
    await notice_listings.run(stage.host.services, now=stage.clock.now())
    await stage.settle()

    assert len(welcomes(stage, lena)) == 1
    assert "Shall I keep this as your need?" in stage.said_to(lena)[-1]


async def test_somebody_who_confirmed_the_same_field_is_named_as_they_agreed(stage: Stage) -> None:
    club, [_, priya] = await village(stage)
    async with stage.database.transaction() as session:
        member_id = (await session.scalars(select(Member.id).where(Member.telegram_id == priya.id))).one()
        at = {"created_at": stage.clock.now(), "decided_at": stage.clock.now()}
        for kind, words in (("project", "locks that open by phone"), ("field", "hardware")):
            row = {"member_id": member_id, "community_id": 1, "kind": kind, "words": words}
            session.add(ProfileFact(**row, **at, state=ProfileState.CONFIRMED))
    lena = await join(stage, club, "Lena", "Hi all, I'm Lena, building charging lockers in Berlin")

    await welcome(stage)

    [said] = welcomes(stage, lena)
    assert "🤝 Somebody to know: Priya (@priya) · 🛠 “locks that open by phone” · 🧭 hardware" in said.text
    assert profiles.STANDING == (ProfileState.CONFIRMED, ProfileState.CORRECTED)
