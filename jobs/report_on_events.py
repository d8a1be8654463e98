"""Every half hour, and whenever a host asks: what came of an event, with a picture, to its hosts a day after it;
to the admins of the group where it has no host."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import event_summaries as messages
from bot.scene.services import Services
from bot.texts import Voice
from jobs.engine.failures import describe, frames
from models.domain.events import events, hosts, ratings, summaries
from models.domain.events.announcements import about, recipients
from models.domain.events.summaries import Summary
from models.domain.introductions import people_to_meet
from models.domain.member_time import quiet_hours
from models.domain.sending import deliveries
from models.tables.delivery import DeliveryKind
from models.tables.event import Event
from models.tables.member import Member

log = logging.getLogger(__name__)


async def run(services: Services, *, now: datetime, event_id: int | None = None, member_id: int | None = None) -> str:
    """Queue the summaries that are due; with an event and a member, the one that they asked for, at once."""
    if event_id is not None:
        n_told = await _report(services, event_id, now, asked_by=member_id)
        return f"{n_told} asked for and told"
    after, until = ratings.SUMMED_UP_AFTER, ratings.SUMMED_UP_UNTIL
    async with services.database.reading() as session:
        event_ids = [one.id for one in await ratings.ended_within(session, now=now, after=after, until=until)]
    n_told = sum([await _report(services, one, now) for one in event_ids])
    if n_told:
        services.door.wake()
    return f"{n_told} hosts told"


async def _report(services: Services, event_id: int, now: datetime, *, asked_by: int | None = None) -> int:
    async with services.database.reading() as session:
        event = await session.get(Event, event_id)
        readers = await _readers(session, event, asked_by) if event is not None else []
        if event is None or not readers:
            return 0
        summary = await summaries.summary(
            session, event, suggestions=await people_to_meet.outcomes(session, event_id=event.id)
        )
    if asked_by is None and not summary.is_worth_a_message:
        return 0
    # Drawn between two transactions: nobody waits for a pencil.
    voices = {reader.id: services.voice(reader).on_clock(event.time_zone) for reader in readers}
    pictures = _draw(event, summary, voices.values())
    async with services.database.transaction() as session:
        deliveries = [
            await _tell(
                services,
                session,
                event,
                reader,
                voices[reader.id],
                summary,
                pictures,
                now=now,
                is_asked_for=asked_by is not None,
            )
            for reader in readers
        ]
    return sum(deliveries)


async def _readers(session: AsyncSession, event: Event, asked_by: int | None) -> list[Member]:
    """Whoever asked, if they may; else the hosts who were not told yet and can be written to."""
    if asked_by is not None:
        member = await session.get(Member, asked_by)
        return [member] if member and await events.may_manage(session, event, asked_by) else []
    told_already = await recipients(session, event, "summary")
    keepers = await hosts.keepers(session, event)
    return [keeper for keeper in keepers if keeper.is_reachable and keeper.id not in told_already]


def _draw(event: Event, summary: Summary, voices: Iterable[Voice]) -> dict[str, bytes]:
    """A picture for each language; none at all, and one line in the log, when drawing fails: words are better than nothing."""
    if summary.is_empty:
        return {}
    try:
        # Matplotlib is loaded when there is something to draw, which is rarely.
        from bot.charts import event_summary

        return {
            voice.language: event_summary.draw(voice, summary, title=event.title)
            for voice in {voice.language: voice for voice in voices}.values()
        }
    except Exception as error:
        log.error("jobs: event %s has no picture (%s)\n%s", event.id, describe(error), frames(error))
        return {}


async def _tell(
    services: Services,
    session: AsyncSession,
    event: Event,
    reader: Member,
    voice: Voice,
    summary: Summary,
    pictures: Mapping[str, bytes],
    *,
    now: datetime,
    is_asked_for: bool,
) -> bool:
    """At the end of their night when it is night, once; at once, and as often as they like, when they asked."""
    calls = messages.report(voice, event, summary=summary, picture=pictures.get(voice.language))
    night_ends = quiet_hours(reader, event.time_zone, services.defaults).end_after(now)
    delivery_ids = [
        await deliveries.queue(
            session,
            DeliveryKind.REPLY if is_asked_for else DeliveryKind.REPORT,
            now=now,
            method=call.method,
            payload=call.payload,
            member_id=reader.id,
            community_id=event.community_id,
            due_at=None if is_asked_for else night_ends,
            expires_at=None if is_asked_for else event.starts_at + ratings.RATED_UNTIL,
            about=None if is_asked_for else about(event, what),
        )
        for what, call in zip(("summary", "sentences"), calls, strict=False)
    ]
    return delivery_ids[0] is not None
