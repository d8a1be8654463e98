"""A place that is a point on the map: asked for in private, shown on cards, in calendars and in the next instance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from icalendar import Calendar
from sqlalchemy import select, text

from bot.playground.server.snapshots import Chat, Message, User
from models.domain.events import series
from models.tables.event import Event
from tests.journeys.test_events import card_in, edit, make_known, publish, rows
from tests.stage import Stage

KRANZ = {"latitude": 52.5031, "longitude": 13.3289}
VENUE = {"media": "venue", "title": "Café <Kranz>", "address": "Kurfürstendamm 18", **KRANZ}
POINT = "https://www.google.com/maps/search/?api=1&query=52.503100,13.328900"


def links(message: Message) -> list[str]:
    return [one["url"] for one in message["entities"] if one["type"] == "text_link"]


async def say(stage: Stage, who: User, private: Chat, words: str = "", **values: Any) -> None:
    stage.telegram.say(who, private, words, **values)
    await stage.settle()


async def press(stage: Stage, who: User, label: str) -> None:
    stage.telegram.press(who, stage.read_by(who)[-1], label)
    await stage.settle()


async def test_a_venue_answers_where_and_leads_to_the_point_itself(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    private = stage.telegram.open_private(olga, stage.bot)
    stage.telegram.start(olga, stage.bot)
    for words in ("/event", "Founders' breakfast", "Fri 8:30"):
        await say(stage, olga, private, words)
    question = stage.said_to(olga)[-1]

    await say(stage, olga, private, **VENUE)
    await press(stage, olga, "No limit")
    await press(stage, olga, "📣 Publish")
    card = card_in(stage, club)
    opened = stage.telegram.press(mia, card, "🔔 Remind me · 📅")
    await stage.settle()
    assert opened.answer is not None
    stage.telegram.start(mia, stage.bot, payload=opened.answer["url"].partition("start=")[2])
    await stage.settle()
    view = stage.read_by(mia)[-1]
    await press(stage, mia, "📄 .ics")

    [file] = Calendar.from_ical(await stage.file_in(stage.read_by(mia)[-1])).walk("VEVENT")
    async with stage.database.reading() as session:
        raw = (await session.execute(text("SELECT position FROM event"))).scalar_one()
    assert "a location from the map" in question
    assert "📍 Café <Kranz>, Kurfürstendamm 18" in card.text
    assert links(card) == links(view) == [POINT]
    assert (file["geo"].latitude, file["geo"].longitude) == (52.5031, 13.3289)
    assert file["location"] == "Café <Kranz>, Kurfürstendamm 18"
    assert b"52.5" not in bytes(raw)


async def test_a_bare_or_live_location_is_the_point_at_that_moment(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    await edit(stage, club, olga)
    private = stage.telegram.private(olga, stage.bot)

    await press(stage, olga, "Place")
    await say(stage, olga, private, media="location", live_period=900, **KRANZ)
    await stage.settle(6)
    on_the_map = card_in(stage, club)
    told = stage.said_to(mia)[-1]
    await press(stage, olga, "Place")
    await say(stage, olga, private, "Betahaus")
    await stage.settle(6)

    assert "📍 On the map" in on_the_map.text
    assert links(on_the_map) == [POINT]
    assert told == "ℹ️ Demo night changed: On the map"
    assert links(card_in(stage, club)) == ["https://www.google.com/maps/search/?api=1&query=Betahaus"]
    [event] = await rows(stage, select(Event))
    assert (event.place, event.position) == ("Betahaus", None)


async def test_a_link_for_the_place_of_a_published_event_becomes_its_link(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await publish(stage, club, olga)
    await edit(stage, club, olga)

    await press(stage, olga, "Place")
    await say(stage, olga, stage.telegram.private(olga, stage.bot), "https://meet.example/abc")
    await stage.settle(6)

    [event] = await rows(stage, select(Event))
    assert (event.place, event.link) == (None, "https://meet.example/abc")
    assert "🔗 meet.example" in card_in(stage, club).text


async def test_a_line_with_a_link_alone_makes_an_event_online(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)

    card = await publish(stage, club, olga, "/event AMA Fri 18:00 https://meet.example/abc")

    [event] = await rows(stage, select(Event))
    assert (event.title, event.place, event.link) == ("AMA", None, "https://meet.example/abc")
    assert "🔗 meet.example" in card.text


async def test_a_location_nobody_asked_for_and_one_of_no_globe_change_nothing(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await publish(stage, club, olga)
    stage.telegram.start(olga, stage.bot)
    await stage.settle()
    private = stage.telegram.private(olga, stage.bot)

    await say(stage, olga, private, **VENUE)
    unasked = stage.said_to(olga)[-1]
    await edit(stage, club, olga)
    await press(stage, olga, "Title")
    await say(stage, olga, private, **VENUE)
    for_the_title = stage.said_to(olga)[-1]
    await edit(stage, club, olga)
    await press(stage, olga, "Place")
    sent = {**stage.telegram.say(olga, private, "somewhere else")}
    await stage.settle()
    await press(stage, olga, "Place")
    forged = {name: part for name, part in sent.items() if name != "text"} | {"message_id": 997}
    stage.telegram.inject(stage.bot, {"message": {**forged, "location": {"latitude": 1e9, "longitude": 0}}})
    await stage.settle()

    assert "I only understand commands here" in unasked
    assert "What's it called?" in for_the_title
    assert "Where?" in stage.said_to(olga)[-1]
    [event] = await rows(stage, select(Event))
    assert (event.title, event.place, event.position) == ("Demo night", "somewhere else", None)


async def test_the_next_instance_takes_place_at_the_same_point(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await publish(stage, club, olga, "/event Standup, every Friday 9:00 @ Café Kranz")
    async with stage.database.transaction() as session:
        event = (await session.scalars(select(Event))).one()
        event.position = KRANZ
        later = event.starts_at + timedelta(minutes=1)
        following = await series.announce_next(session, event.series_id or 0, now=later)

        assert following is not None
        assert (following.place, following.position) == ("Café Kranz", KRANZ)
