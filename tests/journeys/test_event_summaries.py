"""An event with guests, check-ins and ratings; a day later its host looks at a picture of it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.playground.server.snapshots import Chat, User
from jobs import follow_up_events, report_on_events
from models.domain.installation import timetable
from models.tables.event import Event, Rsvp
from models.tables.member import Member
from tests.journeys.test_events import buttons, card_in, make_known, manage, publish
from tests.stage import Stage

NAMES = ("Mia", "Jo", "Wei", "Sam", "Kim", "Lea")


async def live_through(stage: Stage) -> tuple[Chat, User]:
    """Six guests, five of whom come and four of whom rate; until a day after."""
    club, olga, guests = stage.club(*NAMES)
    for person in (olga, *guests):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, *guests)
    card = await publish(stage, club, olga, "/event Demo lunch, Fri 12:00-14:00")
    for guest in guests:
        stage.telegram.press(guest, card, "✅ Going")
        await stage.settle(8)
    async with stage.database.reading() as session:
        event = (await session.scalars(select(Event))).one()
    await stage.clock.advance_to(event.starts_at)
    await stage.settle()
    stage.telegram.press(olga, await manage(stage, club, olga), "🎟 Check people in")
    await stage.settle()
    list_ = stage.read_by(olga)[-1]
    for name in NAMES[:5]:
        stage.telegram.press(olga, list_, f"▫️ {name}")
        await stage.settle()
    await stage.pass_time(timedelta(hours=3))
    await follow_up_events.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    for guest, stars in zip(guests[:4], (5, 4, 3, 5), strict=True):
        stage.telegram.press(guest, stage.read_by(guest)[-1], "⭐" * stars)
        await stage.settle()
    await stage.pass_time(timedelta(hours=21))
    return club, olga


async def test_a_day_later_the_host_sees_the_funnel_under_a_picture(stage: Stage) -> None:
    _, olga = await live_through(stage)

    outcome = await report_on_events.run(stage.host.services, now=stage.clock.now())
    await stage.settle()

    report = stage.read_by(olga)[-1]
    assert outcome == "1 hosts told"
    assert report["photo"][-1]["width"] == 1080
    assert "6 signed up → 5 came · 3 of 4 liked it" in report["caption"]
    assert "⭐ 4.2 of 5, from 4" in report["caption"]


async def test_the_host_asks_for_it_again(stage: Stage) -> None:
    club, olga = await live_through(stage)
    async with stage.database.reading() as session:
        event = (await session.scalars(select(Event))).one()
        host = (await session.scalars(select(Member).where(Member.telegram_id == olga.id))).one()
    menu = await manage(stage, club, olga)

    assert buttons(menu) == ["📊 Show the summary", "🎟 Check people in", "📄 Export (CSV)", "📑 Plan it again"]
    press = stage.telegram.press(olga, menu, "📊 Show the summary")
    stage.telegram.press(olga, menu, "📊 Show the summary")
    await stage.settle()
    async with stage.database.transaction() as session:
        waiting = [row for row in await timetable.rows(session) if row.name == "report_on_events" and row.key]
    for row in waiting:
        await report_on_events.run(stage.host.services, now=stage.clock.now(), **row.arguments)
    await stage.settle()

    assert press.answer is not None
    assert press.answer["text"] == "One moment, I'm drawing it."
    assert [row.arguments for row in waiting] == [{"event_id": event.id, "member_id": host.id}]
    assert stage.read_by(olga)[-1]["photo"]


async def test_neither_guests_nor_the_impatient_get_one(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)
    menu = await manage(stage, club, olga)
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    async with stage.database.reading() as session:
        event = (await session.scalars(select(Event))).one()
    places = [(olga, menu.id), (mia, stage.read_by(mia)[-1].id)]

    for number, (person, message_id) in enumerate(places):
        forged = {
            "id": f"forged-{number}",
            "from": dict(person),
            "chat_instance": "1",
            "data": f"1:event:summary:{event.id}",
            "message": {"message_id": message_id, "date": 1, "chat": {"id": person.id, "type": "private"}, "text": "x"},
        }
        stage.telegram.inject(stage.bot, {"update_id": 999_990 + number, "callback_query": forged})
        await stage.settle()

    async with stage.database.reading() as session:
        asked = [row for row in await timetable.rows(session) if row.name == "report_on_events" and row.key]
    assert asked == []


async def test_what_an_anonymous_admin_planned_is_summed_up_for_the_admins(stage: Stage) -> None:
    club, olga, [mia, ben] = stage.club("Mia", "Ben")
    stage.telegram.promote(club, ben, by=olga)
    for person in (olga, mia, ben):
        stage.telegram.start(person, stage.bot)
    stage.telegram.be_anonymous(club, olga)
    stage.telegram.say(olga, club, "/settings UTC", sender_chat=club.id)
    stage.telegram.say(olga, club, "/event Demo lunch, Fri 12:00-14:00", sender_chat=club.id)
    await make_known(stage, club, mia, ben)
    stage.telegram.press(olga, stage.said_in(club)[-1], "📣 Publish")
    await stage.settle(8)
    stage.telegram.press(mia, card_in(stage, club), "✅ Going")
    await stage.settle(8)
    await stage.pass_time(timedelta(days=5, hours=6))
    async with stage.database.transaction() as session:
        # One was ticked off at the door: of yeses alone, which stand on the card, nobody is told.
        await session.execute(update(Rsvp).values(checked_in_at=stage.clock.now()))

    outcomes = [await report_on_events.run(stage.host.services, now=stage.clock.now()) for _ in range(2)]
    await stage.settle()

    assert outcomes == ["2 hosts told", "0 hosts told"]
    assert "1 signed up → 1 came" in stage.read_by(olga)[-1]["caption"]
    assert "1 signed up → 1 came" in stage.read_by(ben)[-1]["caption"]
    assert not any("photo" in said for said in stage.read_by(mia))
