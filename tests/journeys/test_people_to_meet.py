"""People to meet before an event, whom one met after it, and staying in touch: with the real bot, by what members read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.playground.server.snapshots import Chat, Message, User
from jobs import follow_up_events, propose_introductions, report_on_events, suggest_people_to_meet
from models.domain.members import consent
from models.tables.consent import Purpose
from models.tables.event import Event, Rsvp
from models.tables.introduction import Introduction
from models.tables.member import Member, Mute
from tests.journeys.test_events import buttons, make_known, publish
from tests.stage import Stage

HOUR = timedelta(hours=1)
# Starts on Friday at noon; Thursday afternoon is the time for names.
LINE = "/event Lunch, Fri 12:00-14:00"


async def meet_up(stage: Stage, *names: str, without_consent: Sequence[str] = ()) -> tuple[Chat, User, list[User]]:
    """A group whose members talk to each other, opened the private chat, and go to Friday's lunch."""
    club, olga, people = stage.club(*names)
    for person in people:
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, *people)
    for person, name in zip(people, names, strict=True):
        await agree(stage, person, *(Purpose if name not in without_consent else ("record", "learn")))
    card = await publish(stage, club, olga, LINE)
    for person in people:
        stage.telegram.press(person, card, "✅ Going")
    await stage.settle(8)
    return club, olga, people


async def agree(stage: Stage, person: User, *purposes: str, is_given: bool = True) -> None:
    async with stage.database.transaction() as session:
        member_id = (await session.scalars(select(Member.id).where(Member.telegram_id == person.id))).one()
        what: dict[str, Any] = {"purposes": purposes, "is_given": is_given, "now": stage.clock.now(), "way": "button"}
        await consent.decide(session, member_id=member_id, community_id=1, **what)


async def answer(stage: Stage, club: Chat, who: User, whom: User, times: int = 3) -> None:
    for _ in range(times):
        asked = stage.telegram.say(whom, club, "How do you do that?")
        stage.telegram.say(who, club, "Like this", reply_to=asked)
    await stage.settle()


async def suggest(stage: Stage) -> str:
    async with stage.database.reading() as session:
        starts_at: datetime = (await session.scalars(select(Event.starts_at))).one()
    await stage.clock.advance_to(starts_at - 20 * HOUR)
    outcome = await suggest_people_to_meet.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    return outcome


async def ask_afterwards(stage: Stage) -> None:
    async with stage.database.reading() as session:
        ends_at = (await session.scalars(select(Event.ends_at))).one()
    await stage.clock.advance_to(ends_at + HOUR)
    await follow_up_events.run(stage.host.services, now=stage.clock.now())
    await stage.settle()


async def propose(stage: Stage) -> str:
    """The next morning."""
    await stage.clock.advance_to((stage.clock.now() + timedelta(days=1)).replace(hour=9, minute=0))
    outcome = await propose_introductions.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    return outcome


async def press(stage: Stage, person: User, label: str) -> str:
    """Press a button under the newest message that has it; returns the answer to the press."""
    said = next(one for one in reversed(stage.read_by(person)) if label in buttons(one))
    pressed = stage.telegram.press(person, said, label)
    await stage.settle(4)
    return str((pressed.answer or {}).get("text", ""))


async def open_list(stage: Stage, person: User) -> None:
    for label in ("⭐⭐⭐⭐", "🤝 Pick whom I met"):
        await press(stage, person, label)


def found(stage: Stage, person: User, text: str) -> list[Message]:
    return [one for one in stage.read_by(person) if text in str(one.get("text", ""))]


async def test_from_a_name_before_the_event_to_staying_in_touch_after_it(stage: Stage) -> None:
    club, olga, [mia, jo, wei] = await meet_up(stage, "Mia", "Jo", "Wei", without_consent=["Wei"])
    await answer(stage, club, jo, mia)
    await answer(stage, club, wei, mia)

    outcome = await suggest(stage)
    await ask_afterwards(stage)
    await open_list(stage, mia)
    suggested_first = buttons(stage.read_by(mia)[-1])
    await press(stage, mia, "✨ Jo")
    await press(stage, mia, "💚 Stay in touch")
    said = await press(stage, mia, "▫️ Jo")
    before = [len(found(stage, person, "both want to stay in touch")) for person in (mia, jo)]
    await open_list(stage, jo)
    await press(stage, jo, "✨ Mia")
    await press(stage, jo, "💚 Stay in touch")
    both = await press(stage, jo, "▫️ Mia")
    again = await press(stage, jo, "🤝 Mia")

    names, *_ = found(stage, mia, "People to meet")
    assert outcome.startswith("2 members told")
    assert "1. Jo: answered several questions of yours; you haven't met at an event yet" in names.text
    # Wei did not agree to introductions: named to nobody, told of nobody.
    assert "Wei" not in names.text
    assert found(stage, wei, "People to meet") == []
    assert suggested_first[:2] == ["✨ Jo", "▫️ Wei"]
    assert said == "Noted, and nobody is told. If Jo picks you too, you both hear of it."
    assert before == [0, 0]
    assert both == "Mia picked you too! I've written to you both."
    assert "You and Jo (@jo) both want to stay in touch after Lunch" in found(stage, mia, "both want")[0].text
    assert "You and Mia (@mia) both want" in found(stage, jo, "both want")[0].text
    assert again == "You and Mia are already in touch."
    async with stage.database.reading() as session:
        assert (await session.scalars(select(Introduction.introduced_at))).one() is not None
    stage.telegram.start(olga, stage.bot)
    await stage.pass_time(20 * HOUR)
    async with stage.database.transaction() as session:
        await session.execute(update(Rsvp).values(checked_in_at=stage.clock.now()))
    await report_on_events.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    # Of one pair the number would tell the host who said so.
    summary = stage.read_by(olga)[-1]["caption"]
    assert "what came of it" in summary
    assert "suggested pair" not in summary


async def test_a_pick_that_is_not_returned_leads_to_one_nameless_question_and_to_nothing_else(stage: Stage) -> None:
    _, _, [mia, jo, wei, ana] = await meet_up(stage, "Mia", "Jo", "Wei", "Ana")
    await ask_afterwards(stage)
    await open_list(stage, mia)
    await press(stage, mia, "🙋 Pick whom I missed")
    await press(stage, mia, "▫️ Jo")

    outcome = await propose(stage)
    again = await propose(stage)
    [question] = found(stage, jo, "would like to stay in touch")
    said = await press(stage, jo, "🙅 No, thanks")
    n_said_to_mia = len(stage.said_to(mia))

    assert (outcome, again) == ("1 members asked, 0 wishes forgotten", "0 members asked, 0 wishes forgotten")
    assert not any(name in question.text for name in ("Mia", "Wei", "Ana"))
    assert {"❓ Why?", "⏸ Pause 2 weeks", "⛔ Stop these"} <= set(buttons(question))
    assert said == "OK. Nobody hears of it."
    assert [found(stage, one, "would like to stay in touch") for one in (mia, wei, ana)] == [[], [], []]
    assert len(stage.said_to(mia)) == n_said_to_mia
    await stage.pass_time(timedelta(days=14))
    assert (await propose(stage)).endswith("1 wishes forgotten")
    assert await press(stage, mia, "▫️ Wei") == "The lists close two weeks after an event."


async def test_the_question_opens_ones_own_list_and_two_who_missed_each_other_hear_of_it(stage: Stage) -> None:
    _, _, [mia, jo, *_] = await meet_up(stage, "Mia", "Jo", "Wei", "Ana")
    await ask_afterwards(stage)
    await open_list(stage, mia)
    await press(stage, mia, "🙋 Pick whom I missed")
    await press(stage, mia, "▫️ Jo")
    await propose(stage)

    await press(stage, jo, "❓ Why?")
    why = stage.said_to(jo)[-1]
    await press(stage, jo, "👀 Show me the list")
    listed = buttons(stage.read_by(jo)[-2])
    in_vain = await press(stage, jo, "▫️ Wei")
    both = await press(stage, jo, "▫️ Mia")

    assert "you were at “Lunch”, and somebody else there would like to stay in touch" in why
    assert listed == ["▫️ Mia", "▫️ Wei", "▫️ Ana", "‹ Back"]
    assert in_vain == "Noted, and nobody is told. If Wei picks you too, you both hear of it."
    assert both == "Mia picked you too! I've written to you both."
    assert "Next time: you and Jo (@jo) both wanted to meet at Lunch" in found(stage, mia, "Next time")[0].text


async def test_without_consent_one_is_asked_for_it_first(stage: Stage) -> None:
    _, _, [mia, jo] = await meet_up(stage, "Mia", "Jo", without_consent=["Mia"])
    await ask_afterwards(stage)
    await open_list(stage, mia)
    await press(stage, mia, "🙋 Pick whom I missed")
    needs = stage.read_by(mia)[-1]

    await press(stage, mia, "✅ Yes, introduce me")

    assert "I need your yes to introductions" in needs.text
    assert buttons(stage.read_by(mia)[-1]) == ["▫️ Jo", "‹ Back"]
    async with stage.database.reading() as session:
        assert len(await consent.consenting(session, 1, "introduce")) == 2
    assert found(stage, jo, "stay in touch") == []


async def test_not_this_person_is_kept_both_ways_and_every_control_works(stage: Stage) -> None:
    club, _, [mia, jo, wei] = await meet_up(stage, "Mia", "Jo", "Wei")
    await answer(stage, club, jo, mia)
    await answer(stage, club, wei, mia, times=2)
    await suggest(stage)
    names = found(stage, mia, "People to meet")[-1]

    left_out = await press(stage, mia, "🙈 Not Jo")
    shown = buttons(next(one for one in stage.read_by(mia) if one.id == names.id))
    await press(stage, mia, "❓ Why?")
    why = stage.said_to(mia)[-1]
    paused = await press(stage, mia, "⏸ Pause 2 weeks")
    stopped = await press(stage, mia, "⛔ Stop these")
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/why")
    await stage.settle()
    by_command = stage.said_to(mia)[-1]
    await ask_afterwards(stage)
    await open_list(stage, mia)
    await press(stage, mia, "🙋 Pick whom I missed")
    await press(stage, mia, "✅ Yes, introduce me")

    assert left_out == "Noted. I'll leave out Jo."
    assert shown[:2] == ["🙈 Not Wei", "☑️ 🙈 Not Jo"]
    assert "2. Jo" in why
    assert "answered several questions of yours" in why
    assert "their replies to you in the last 90 days, and both your answers on event cards" in why
    assert by_command == why
    assert paused.startswith("Paused until")
    assert stopped == "Done. No more introductions. /privacy brings them back."
    async with stage.database.reading() as session:
        assert (await session.scalars(select(Mute.kind))).all() == ["person"]
    assert buttons(stage.read_by(mia)[-1]) == ["▫️ Wei", "‹ Back"]


async def test_someone_muted_is_named_to_nobody_who_muted_them_nor_told_of_them(stage: Stage) -> None:
    club, _, [mia, jo] = await meet_up(stage, "Mia", "Jo")
    await answer(stage, club, jo, mia)
    async with stage.database.transaction() as session:
        ids = dict((await session.execute(select(Member.telegram_id, Member.id))).all())
        session.add(Mute(member_id=ids[jo.id], kind="person", target=str(ids[mia.id]), created_at=stage.clock.now()))

    outcome = await suggest(stage)

    assert outcome.startswith("0 members told")


async def test_forged_and_foreign_buttons_tell_and_change_nothing(stage: Stage) -> None:
    _, _, [mia, jo] = await meet_up(stage, "Mia", "Jo")
    eve = stage.telegram.add_user(first_name="Eve")
    stage.telegram.start(eve, stage.bot)
    await stage.settle()
    await ask_afterwards(stage)
    async with stage.database.reading() as session:
        ids = dict((await session.execute(select(Member.telegram_id, Member.id))).all())
        event_id = (await session.scalars(select(Event.id))).one()
    forged = [
        f"1:pick:{event_id}:{ids[mia.id]}:0:0",
        f"1:pick:{event_id}:0:2:0",
        f"1:pick:{event_id}:0:-7:-99999",
        f"1:pick:999:{ids[mia.id]}:0:0",
        f"1:agree:{event_id}:0",
        "1:agree:999:0",
        f"1:asked:{event_id}:1",
        f"1:whom:{event_id}:{ids[mia.id]}:0",
    ]
    n_said = len(stage.said_to(eve))

    for number, data in enumerate(forged):
        inject(stage, eve, data, number)
        await stage.settle(1)
    # An attendee forges pages, lists and people, too.
    await open_list(stage, jo)
    for number, data in enumerate((f"1:pick:{event_id}:{ids[eve.id]}:0:0", f"1:pick:{event_id}:0:77:999999"), start=50):
        inject(stage, jo, data, number)
        await stage.settle(2)

    assert len(stage.said_to(eve)) == n_said
    assert found(stage, eve, "Mia") == []
    async with stage.database.reading() as session:
        assert (await session.scalars(select(Introduction))).all() == []
        assert ids[eve.id] not in await consent.consenting(session, 1, "introduce")


def inject(stage: Stage, person: User, data: str, number: int) -> None:
    forged = {"id": f"f{number}", "from": dict(person), "chat_instance": "1", "data": data}
    forged["message"] = {**stage.read_by(person)[-1]}
    stage.telegram.inject(stage.bot, {"update_id": 900_000 + number, "callback_query": forged})


async def test_a_question_is_not_asked_once_the_wish_behind_it_is_gone(stage: Stage) -> None:
    _, _, [mia, jo, *_] = await meet_up(stage, "Mia", "Jo", "Wei", "Ana")
    await ask_afterwards(stage)
    await open_list(stage, mia)
    await press(stage, mia, "🙋 Pick whom I missed")
    await press(stage, mia, "▫️ Jo")
    async with stage.database.transaction() as session:
        # In Jo's quiet hours the question waits at the door.
        quiet = update(Member).where(Member.telegram_id == jo.id)
        await session.execute(quiet.values(quiet_from_hour=0, quiet_until_hour=11))
    outcome = await propose(stage)

    await press(stage, mia, "💚 Jo")
    await stage.pass_time(3 * HOUR)

    assert outcome.startswith("1 members asked")
    assert found(stage, jo, "would like to stay in touch") == []


async def test_chinese_members_read_it_in_chinese(stage: Stage) -> None:
    club, _, [mia, jo] = await meet_up(stage, "Mia", "Jo")
    await answer(stage, club, jo, mia)
    async with stage.database.transaction() as session:
        await session.execute(update(Member).values(language="zh"))
    await suggest(stage)
    await ask_afterwards(stage)
    for label in ("⭐⭐⭐⭐", "🤝 选出我认识的人", "✨ Jo", "💚 保持联系"):
        await press(stage, mia, label)

    said = await press(stage, mia, "▫️ Jo")

    assert "回答过你好几个问题，还没在活动上碰过面" in found(stage, mia, "值得认识的人")[0].text
    assert said == "记下了，不会告诉任何人。如果 Jo 也选了你，你们都会知道。"
