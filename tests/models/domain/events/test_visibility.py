from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.digests import facts
from models.domain.events import calendar_links, cards, events, series, visibility
from models.domain.events.announcements import about
from models.domain.invitations import invitations
from models.domain.sending import deliveries
from models.learning.terms import Terms
from models.tables.community import Chat, Community
from models.tables.delivery import Delivery
from models.tables.event import Event
from tests.factories import join, make_chat, make_community, make_event, make_member, make_rsvp

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def make_both(session: AsyncSession, **values: object) -> tuple[Community, Event, Event]:
    """A community with a listed and an unlisted event."""
    community = await make_community(session)
    listed = await make_event(session, community, title="For all", **values)
    unlisted = await make_event(session, community, title="For some", visibility="link", **values)
    return community, listed, unlisted


async def card_in(session: AsyncSession, event: Event, chat: Chat) -> None:
    posted = await deliveries.queue(session, "card", now=NOW, payload={"text": "card"}, chat_id=chat.id)
    assert posted is not None
    await cards.remember_card(session, event.id, posted.id)


async def test_lists_show_an_unlisted_event_to_its_hosts_and_those_who_answered_only(database: Database) -> None:
    async with database.transaction() as session:
        community, _, unlisted = await make_both(session)
        host, co_host, going, withdrawn, stranger = [await make_member(session) for _ in range(5)]
        for member in (host, co_host, going, withdrawn, stranger):
            await join(session, member, community)
        unlisted.host_id = host.id
        await events.set_co_host(session, unlisted, co_host.id, is_host=True)
        await make_rsvp(session, unlisted, going)
        await make_rsvp(session, unlisted, withdrawn, status="withdrawn")

        seen = {}
        for name, member in (("host", host), ("co-host", co_host), ("going", going), ("withdrawn", withdrawn)):
            view = visibility.is_seen_by(member.id)
            seen[name] = len(await events.upcoming(session, [community.id], now=NOW, is_visible=view))
        for_all = await events.upcoming(session, [community.id], now=NOW)
        view = visibility.is_seen_by(stranger.id)
        for_strangers = await events.upcoming(session, [community.id], now=NOW, is_visible=view)

    assert seen == {"host": 2, "co-host": 2, "going": 2, "withdrawn": 1}
    assert [event.title for event in for_all] == ["For all"]
    assert [event.title for event in for_strangers] == ["For all"]


async def test_in_a_community_of_several_chats_the_one_with_its_card_sees_it(database: Database) -> None:
    async with database.transaction() as session:
        community, _, unlisted = await make_both(session)
        here, there = [await make_chat(session, community_id=community.id) for _ in range(2)]
        await card_in(session, unlisted, here)

        seen = [
            [event.title for event in await events.upcoming(session, [community.id], now=NOW, is_visible=view)]
            for view in (visibility.is_seen_in(here.id), visibility.is_seen_in(there.id))
        ]
        mia = await make_member(session)
        may = [
            await visibility.may_come_across(session, unlisted, member_id=mia.id, chat_id=chat_id)
            for chat_id in (here.id, there.id, None)
        ]

    assert seen == [["For all", "For some"], ["For all"]]
    assert may == [True, False, False]


async def test_digests_invitations_and_other_peoples_calendars_know_nothing_of_it(database: Database) -> None:
    async with database.transaction() as session:
        community, _, unlisted = await make_both(session, starts_at=NOW + timedelta(days=3))
        going, other = await make_member(session), await make_member(session)
        tokens = []
        for member in (going, other):
            await join(session, member, community)
            tokens.append(await calendar_links.open_feed(session, member.id, now=NOW))
        await make_rsvp(session, unlisted, going)

        in_digests = await facts.events(session, community.id, set(), {}, Terms.fit([], []), now=NOW)
        invited_to = await invitations.ready(session, now=NOW)
        feeds = [await calendar_links.feed(session, token, now=NOW) for token in tokens]

    assert [event.title for event in in_digests] == ["For all"]
    assert [event.title for event in invited_to] == ["For all"]
    assert [[event.title for event in feed.events] for feed in feeds if feed] == [["For some"], []]


async def test_an_event_taken_off_the_lists_takes_its_waiting_invitations_back(database: Database) -> None:
    async with database.transaction() as session:
        _, event, _ = await make_both(session)
        mia = await make_member(session)
        for what in ("invite", "soon"):
            await deliveries.queue(session, "reminder", now=NOW, payload={}, member_id=mia.id, about=about(event, what))

        await events.change(session, event.id, {"visibility": "link"}, now=NOW)
        with pytest.raises(ValueError, match="not a valid Visibility"):
            await events.change(session, event.id, {"visibility": "nobody"}, now=NOW)

        failures = list(await session.scalars(select(Delivery.failure).order_by(Delivery.id)))
    assert failures == ["withdrawn", None]


async def test_another_instance_is_seen_by_the_same_people_at_the_same_place(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        _, _, unlisted = await make_both(session, place="Café Kranz", position={"latitude": 52.5, "longitude": 13.3})

        copy = await series.clone(session, unlisted, NOW + timedelta(days=30), status="draft", now=NOW)

    assert (copy.visibility, copy.place) == ("link", "Café Kranz")
    assert copy.position == {"latitude": 52.5, "longitude": 13.3}
