from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from bot.config import Config
from bot.hearing.intake import IntakeHealth
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from bot.web.app import build_web
from bot.web.calendar import OVERALL, PER_FEED
from bot.web.server import listen, serve
from models.database import Database
from models.domain.events import calendar_links, events
from tests.factories import join, make_community, make_event, make_member, make_rsvp
from tests.stage import TEXTS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def _feed_of_mia(database: Database) -> tuple[str, int]:
    """Her feed's token, and the event in it."""
    async with database.transaction() as session:
        community = await make_community(session)
        mia = await make_member(session)
        await join(session, mia, community)
        event = await make_event(session, community, time_zone="Europe/Berlin")
        await make_rsvp(session, event, mia)
        return await calendar_links.open_feed(session, mia.id, now=NOW), event.id


@pytest.fixture
def web(sqlite: Database, clock: SimulatedClock) -> Any:
    return build_web(Services(sqlite, clock, TEXTS, Config()), IntakeHealth(), secret=None)


@pytest.fixture
async def client(web: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://klatch.test") as client:
        yield client


async def test_the_feed_is_a_calendar(client: httpx.AsyncClient, sqlite: Database) -> None:
    token, _ = await _feed_of_mia(sqlite)

    given = await client.get(f"/calendar/{token}.ics")

    [shown] = Calendar.from_ical(given.text).walk("VEVENT")
    assert given.status_code == 200
    assert given.headers["content-type"].startswith("text/calendar")
    assert str(shown["summary"]) == "Demo night"
    assert shown.decoded("dtstart") == datetime(2026, 3, 10, 18, tzinfo=UTC)


async def test_each_reads_what_they_answered_in_their_own_language(client: httpx.AsyncClient, sqlite: Database) -> None:
    tokens = []
    async with sqlite.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community)
        answers = (("going", "en"), ("maybe", "en"), ("waitlisted", "en"), ("waitlisted", "zh"))
        for status, language in answers:
            member = await make_member(session, language=language)
            await join(session, member, community)
            await make_rsvp(session, event, member, status=status)
            tokens.append(await calendar_links.open_feed(session, member.id, now=NOW))

    feeds = [await client.get(f"/calendar/{token}.ics") for token in tokens]

    shown = [Calendar.from_ical(feed.text).walk("VEVENT")[0] for feed in feeds]
    assert [(str(one["summary"]), str(one["status"])) for one in shown] == [
        ("Demo night", "CONFIRMED"),
        ("Maybe: Demo night", "TENTATIVE"),
        ("Waitlist: Demo night", "TENTATIVE"),
        ("候补：Demo night", "TENTATIVE"),
    ]


async def test_whatever_is_no_address_of_ours_looks_the_same(client: httpx.AsyncClient, sqlite: Database) -> None:
    token, _ = await _feed_of_mia(sqlite)
    guesses = ["guess", token[:-1], token[::-1], "x" * 10_000, "%00", "%F0%9F%8E%89", " "]

    answers = [await client.get(f"/calendar/{guess}.ics") for guess in guesses]

    assert [(one.status_code, one.content) for one in answers] == [(404, b"")] * len(guesses)


async def test_a_feed_that_did_not_change_is_not_sent_again(client: httpx.AsyncClient, sqlite: Database) -> None:
    token, event_id = await _feed_of_mia(sqlite)
    tag = (await client.get(f"/calendar/{token}.ics")).headers["etag"]

    async def again(told: str) -> int:
        return (await client.get(f"/calendar/{token}.ics", headers={"If-None-Match": told})).status_code

    unchanged = [await again(told) for told in (tag, f"W/{tag}", f'"other", {tag}', "*")]
    others = [await again(told) for told in ('"other"', tag.strip('"'), "")]
    async with sqlite.transaction() as session:
        await events.change(session, event_id, {"place": "Werkstatt"}, now=NOW)
    changed = await again(tag)

    assert unchanged == [304] * 4
    assert others == [200] * 3
    assert changed == 200


async def test_a_feed_that_is_asked_for_too_often_says_when_to_come_again(
    client: httpx.AsyncClient, sqlite: Database, clock: SimulatedClock
) -> None:
    token, _ = await _feed_of_mia(sqlite)
    count, window = PER_FEED
    for _ in range(count):
        await client.get(f"/calendar/{token}.ics")

    refused = await client.get(f"/calendar/{token}.ics")
    await clock.advance(window)
    later = await client.get(f"/calendar/{token}.ics")

    assert (refused.status_code, refused.headers["retry-after"]) == (429, str(int(window.total_seconds())))
    assert later.status_code == 200


async def test_guesses_are_bounded_too(client: httpx.AsyncClient, clock: SimulatedClock) -> None:
    count, window = OVERALL

    statuses = [(await client.get(f"/calendar/guess{number}.ics")).status_code for number in range(count + 1)]
    await clock.advance(window)
    later = (await client.get("/calendar/guess.ics")).status_code

    assert statuses == [404] * count + [429]
    assert later == 404


async def test_over_http_a_head_has_no_body_and_no_log_names_the_token(
    web: Any, sqlite: Database, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    token, _ = await _feed_of_mia(sqlite)
    listening = listen("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/calendar/{token}.ics"
    listening.listen()
    server = asyncio.create_task(serve(web, listening))
    try:
        async with httpx.AsyncClient() as client:
            # Our client's own log, not the host's.
            logging.getLogger("httpx").setLevel(logging.WARNING)
            logging.getLogger("httpcore").setLevel(logging.WARNING)
            given, head = await client.get(address), await client.head(address)
    finally:
        listening.close()
        server.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await server

    assert (head.status_code, head.content) == (200, b"")
    assert (head.headers["etag"], head.headers["content-length"]) == (given.headers["etag"], str(len(given.content)))
    assert token not in caplog.text + "".join(capfd.readouterr())
