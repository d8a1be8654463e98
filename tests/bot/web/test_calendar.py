from __future__ import annotations

from datetime import UTC, datetime

import httpx
from icalendar import Calendar

from bot.clock import Clock
from bot.config import Config
from bot.intake import IntakeHealth
from bot.services import Services
from bot.web.app import build_web
from models.database import Database
from models.domain import event_calendar_links
from tests.factories import join, make_community, make_event, make_member, make_rsvp
from tests.stage import TEXTS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def test_the_feed_is_a_calendar_and_a_guess_is_not(sqlite: Database, clock: Clock) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        mia = await make_member(session)
        await join(session, mia, community)
        event = await make_event(session, community, time_zone="Europe/Berlin")
        await make_rsvp(session, event, mia)
        token = await event_calendar_links.open_feed(session, mia.id, now=NOW)
    web = build_web(Services(sqlite, clock, TEXTS, Config()), IntakeHealth(), secret=None)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://klatch.test") as client:
        given = await client.get(f"/calendar/{token}.ics")
        guessed = await client.get("/calendar/guess.ics")

    [shown] = Calendar.from_ical(given.text).walk("VEVENT")
    assert (given.status_code, guessed.status_code) == (200, 404)
    assert given.headers["content-type"].startswith("text/calendar")
    assert str(shown["summary"]) == "Demo night"
    assert shown.decoded("dtstart") == datetime(2026, 3, 10, 18, tzinfo=UTC)
