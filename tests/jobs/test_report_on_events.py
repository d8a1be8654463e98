from __future__ import annotations

import logging
from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.charts import event_summary
from bot.clock import Clock
from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs import report_on_events
from jobs.engine.runner import Runner
from jobs.schedule import TIMETABLE
from models.database import Database
from models.domain.events import events, ratings
from models.domain.installation import timetable
from models.tables.delivery import Delivery
from models.tables.event import Event
from models.tables.member import Member
from tests.factories import join, make_community, make_event, make_member, make_rsvp
from tests.stage import TEXTS

STARTS_AT = datetime(2026, 3, 10, 14, tzinfo=UTC)
ENDED = STARTS_AT + timedelta(hours=2)
HOUR = timedelta(hours=1)


@pytest.fixture
def services(sqlite: Database, clock: Clock) -> Services:
    return Services(sqlite, clock, TEXTS, Config())


async def make_evening(session: AsyncSession, **values: object) -> tuple[Event, list[Member]]:
    """Hosted by Ana; Mia, Jo and Sam came and rated, Wei said yes and did not. Returns the first four."""
    community = await make_community(session)
    people = [await make_member(session, name=name) for name in ("Ana", "Mia", "Jo", "Wei", "Sam")]
    for member in people:
        await join(session, member, community)
    ana, *guests = people
    event = await make_event(session, community, starts_at=STARTS_AT, ends_at=ENDED, host_id=ana.id, **values)
    for member in guests:
        came = None if member is people[3] else STARTS_AT
        await make_rsvp(session, event, member, answered_at=STARTS_AT - timedelta(days=2), checked_in_at=came)
    await ratings.rate(session, event.id, people[1].id, 5, now=ENDED + HOUR)
    await ratings.say(session, event.id, people[1].id, "More of this!")
    await ratings.rate(session, event.id, people[2].id, 2, now=ENDED + HOUR)
    await ratings.rate(session, event.id, people[4].id, 3, now=ENDED + HOUR)
    return event, people[:4]


async def told(services: Services, kind: str = "report") -> list[Delivery]:
    async with services.database.reading() as session:
        return list(await session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


async def test_a_day_later_the_host_gets_a_picture_with_the_funnel_and_sentences_without_names(
    services: Services,
) -> None:
    async with services.database.transaction() as session:
        _, [ana, *_] = await make_evening(session)

    outcomes = [await report_on_events.run(services, now=ENDED + passed * HOUR) for passed in (2, 21, 22)]

    [report] = await told(services)
    assert outcomes == ["0 hosts told", "1 hosts told", "0 hosts told"]
    assert (report.member_id, report.method) == (ana.id, "sendPhoto")
    assert b64decode(report.payload["photo"]["upload"]).startswith(b"\x89PNG")
    assert "4 signed up → 3 came · 1 of 3 liked it" in report.payload["caption"]
    assert "⭐ 3.3 of 5, from 3" in report.payload["caption"]
    assert report.payload["caption"].endswith("💬 More of this!")
    assert "Mia" not in report.payload["caption"]


async def test_co_hosts_read_it_in_their_language_and_those_who_blocked_us_do_not(services: Services) -> None:
    async with services.database.transaction() as session:
        event, [ana, _, jo, wei] = await make_evening(session)
        jo.language, wei.reachable_at = "zh", None
        for co_host in (jo, wei):
            await events.set_co_host(session, event, co_host.id, is_host=True)

    outcome = await report_on_events.run(services, now=ENDED + 21 * HOUR)

    first, second = await told(services)
    assert outcome == "2 hosts told"
    assert (first.member_id, second.member_id) == (ana.id, jo.id)
    assert "报名 4 人 → 到场 3 人 · 3 人评价，1 人喜欢" in second.payload["caption"]
    assert first.payload["photo"] != second.payload["photo"]


async def test_when_drawing_fails_the_words_go_alone_and_it_is_logged_once(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, title: str, **__: object) -> bytes:
        raise RuntimeError(f"{title} cannot be drawn")

    monkeypatch.setattr(event_summary, "draw", fail)
    async with services.database.transaction() as session:
        event, [_, _, jo, _] = await make_evening(session)
        jo.language = "zh"
        await events.set_co_host(session, event, jo.id, is_host=True)

    with caplog.at_level(logging.ERROR):
        await report_on_events.run(services, now=ENDED + 21 * HOUR)

    reports = await told(services)
    assert [report.method for report in reports] == ["sendMessage", "sendMessage"]
    assert "4 signed up → 3 came · 1 of 3 liked it" in reports[0].payload["text"]
    assert "Answers by day: █▁▁" in reports[0].payload["text"]
    [record] = caplog.records
    assert "RuntimeError in fail" in record.getMessage()
    # Nothing of the event's own words.
    assert "Demo night" not in record.getMessage()


async def test_what_was_written_at_length_follows_in_a_second_message(services: Services) -> None:
    async with services.database.transaction() as session:
        event, [ana, mia, jo, _] = await make_evening(session)
        for member in (mia, jo):
            await ratings.say(session, event.id, member.id, f"{member.name} says " + "quite a lot " * 60)

    for _ in range(2):
        await report_on_events.run(services, now=ENDED + 21 * HOUR)

    first, second = await told(services)
    assert (first.method, second.method) == ("sendPhoto", "sendMessage")
    assert first.member_id == second.member_id == ana.id
    assert second.payload["text"].startswith("💬 <b>Demo night</b>: what was written")


async def test_an_event_that_nobody_wanted_has_no_summary_unless_one_asks(services: Services) -> None:
    async with services.database.transaction() as session:
        community = await make_community(session)
        ana = await make_member(session)
        event = await make_event(session, community, starts_at=STARTS_AT, ends_at=ENDED, host_id=ana.id)

    unasked = await report_on_events.run(services, now=ENDED + 21 * HOUR)
    await report_on_events.run(services, now=ENDED + 21 * HOUR, event_id=event.id, member_id=ana.id)

    [reply] = await told(services, "reply")
    assert unasked == "0 hosts told"
    assert "nobody said yes" in reply.payload["text"]


async def test_whoever_asks_gets_it_again_if_they_may(services: Services) -> None:
    async with services.database.transaction() as session:
        event, [ana, mia, *_] = await make_evening(session)

    outcomes = [
        await report_on_events.run(services, now=ENDED + HOUR, event_id=event_id, member_id=member_id)
        for event_id, member_id in ((event.id, ana.id), (event.id, ana.id), (event.id, mia.id), (9999, ana.id))
    ]

    replies = await told(services, "reply")
    assert outcomes == ["1 asked for and told", "1 asked for and told", "0 asked for and told", "0 asked for and told"]
    assert [(reply.member_id, reply.method) for reply in replies] == [(ana.id, "sendPhoto")] * 2


async def test_the_other_process_draws_it(sqlite: Database, clock: SimulatedClock) -> None:
    [entry] = [one for one in TIMETABLE if one.name == "report_on_events"]
    runner = Runner(Services(sqlite, clock, TEXTS, Config()), name="draws", entries=[entry])
    async with sqlite.transaction() as session:
        # A title that our font cannot draw, and a formula that is none.
        event, [ana, *_] = await make_evening(session, title="🎉 مرحبا $x_{$")
        arguments = {"event_id": event.id, "member_id": ana.id}
        await timetable.defer(session, "report_on_events", now=clock.now(), key="test", arguments=arguments)
    await clock.advance_to(ENDED + HOUR)

    lines = await runner.run_due()

    await runner.stop()
    [reply] = await told(runner.services, "reply")
    assert "report_on_events: 1 asked for and told" in lines
    assert reply.method == "sendPhoto"
