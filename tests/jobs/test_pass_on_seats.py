from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.config import Config
from bot.scene.services import Services
from jobs import pass_on_seats
from models.database import Database
from models.domain.events import cards, seats, waitlist
from models.domain.sending import deliveries
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp
from models.tables.job import DueJob
from models.tables.member import Member
from tests.factories import join, make_chat, make_community, make_event, make_member
from tests.stage import TEXTS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def services(sqlite: Database, clock: Clock) -> Services:
    return Services(sqlite, clock, TEXTS, Config())


async def make_line(services: Services, n_members: int = 3) -> tuple[Event, list[Member]]:
    """One seat, the first member in it, the others in line; a card stands in the group."""
    async with services.database.transaction() as session:
        community = await make_community(session)
        chat = await make_chat(session, community_id=community.id)
        event = await make_event(session, community, capacity=1, chat_id=chat.id)
        members = [await make_member(session) for _ in range(n_members)]
        for member in members:
            await join(session, member, community)
            await seats.answer(session, event.id, member.id, "going", now=NOW)
        card = await deliveries.queue(session, "card", now=NOW, payload={"text": "x"}, chat_id=chat.id)
        assert card is not None
        await cards.remember_card(session, event.id, card.id)
    return event, members


async def queued(services: Services, kind: str) -> list[Delivery]:
    async with services.database.reading() as session:
        return list(await session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


async def test_a_seat_that_nobody_took_goes_on_and_both_are_told(services: Services) -> None:
    event, [mia, jo, wei] = await make_line(services)
    async with services.database.transaction() as session:
        await seats.answer(session, event.id, mia.id, "release", now=NOW)

    outcome = await pass_on_seats.run(services, now=NOW + waitlist.CLAIM_WINDOW)

    assert outcome == "1 seats passed on, 1 events looked at"
    assert [delivery.member_id for delivery in await queued(services, "promotion")] == [wei.id]
    assert [delivery.member_id for delivery in await queued(services, "notice")] == [jo.id]
    assert len(await queued(services, "card_edit")) == 1
    async with services.database.reading() as session:
        due = (await session.scalars(select(DueJob).where(DueJob.name == "pass_on_seats"))).one()
    assert due.arguments == {"event_id": event.id}
    assert due.due_at > NOW + waitlist.CLAIM_WINDOW


async def test_the_seat_of_an_erased_member_is_offered(services: Services) -> None:
    _, [mia, jo, _] = await make_line(services)
    async with services.database.transaction() as session:
        await session.delete(await session.get_one(Member, mia.id))

    await pass_on_seats.run(services, now=NOW)

    assert [delivery.member_id for delivery in await queued(services, "promotion")] == [jo.id]


async def test_who_blocked_us_is_mentioned_in_the_group_instead(services: Services) -> None:
    event, [mia, jo, _] = await make_line(services)
    async with services.database.transaction() as session:
        await seats.answer(session, event.id, mia.id, "release", now=NOW)
        offer = await deliveries.queue(session, "promotion", now=NOW, payload={"text": "x"}, member_id=jo.id)
        assert offer is not None
        offer.failed_at = NOW
        held = (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one()
        held.offer_id = offer.id
        (await session.get_one(Member, jo.id)).blocked_at = NOW

    later = NOW + timedelta(minutes=5)
    await pass_on_seats.run(services, now=later)

    _, mention = await queued(services, "promotion")
    assert mention.chat_id == event.chat_id
    assert f"tg://user?id={jo.telegram_id}" in mention.payload["text"]
    async with services.database.reading() as session:
        held = (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one()
    assert held.claim_until == later + waitlist.CLAIM_WINDOW_IN_GROUP
