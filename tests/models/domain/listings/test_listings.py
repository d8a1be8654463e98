"""Needs and offers as rows: how long they stay, when they are refused, which are open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.listings import erasure, listings
from models.domain.listings.listings import MOST_OPEN, ListingRefused
from models.domain.sending import deliveries
from models.reading.listing_kinds import ListingKind
from models.reading.listing_lines import ListingDraft
from models.tables.community import Community
from models.tables.consent import Consent, Purpose
from models.tables.delivery import DeliveryKind
from models.tables.listing import Listing, ListingOutcome
from models.tables.member import Member
from tests.factories import make_chat, make_community, make_listing, make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DESKS = ListingDraft("2 desks")


async def plan(
    session: AsyncSession,
    member: Member,
    community: Community,
    draft: ListingDraft = DESKS,
    kind: ListingKind = ListingKind.NEED,
) -> Listing:
    where = {"line": draft.what, "chat_id": None, "thread_id": None, "message_id": None}
    return await listings.plan(session, draft, kind, community=community, member_id=member.id, now=NOW, **where)


@pytest.mark.parametrize(
    ("kind", "until", "stays"),
    [
        (ListingKind.NEED, None, 30 * DAY),
        (ListingKind.OFFER, None, 60 * DAY),
        (ListingKind.NEED, 4 * DAY, 4 * DAY),  # as its line says
        (ListingKind.NEED, 90 * DAY, 30 * DAY),  # longer than anybody remembers: asked about before that
    ],
)
async def test_it_stays_as_long_as_its_line_or_its_kind_says(
    database: Database, kind: ListingKind, until: timedelta | None, stays: timedelta
) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        draft = replace(DESKS, until=NOW + until if until else None)

        listing = await plan(session, member, community, draft, kind)
        await listings.post(session, listing, now=NOW)

        assert listing.expires_at == NOW + stays


async def test_a_draft_is_nobodys_but_its_authors(database: Database) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        listing = await plan(session, member, community)
        before = await listings.open_listings(session, [community.id], now=NOW)

        is_posted = [await listings.post(session, listing, now=NOW) for _ in range(2)]

        assert before == []
        assert is_posted == [True, False]
        assert await listings.open_listings(session, [community.id], now=NOW) == [listing]
        assert await listings.open_listings(session, [community.id], now=NOW, kind=ListingKind.OFFER) == []


async def test_what_is_closed_or_over_is_not_open(database: Database) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        closed = await make_listing(session, member, community)
        await listings.close(session, closed, ListingOutcome.FOUND_HERE, now=NOW)
        over = await make_listing(session, member, community, expires_at=NOW)

        assert await listings.open_listings(session, [community.id], now=NOW) == []
        assert [one.is_open(NOW) for one in (closed, over)] == [False, False]
        assert await listings.own_listings(session, member.id, now=NOW) == []


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (ListingDraft("  "), "empty"),
        (ListingDraft("x" * 601), "too_long"),
        (ListingDraft("desks", place="x" * 121), "too_long"),
        (ListingDraft("desks", until=NOW), "until_is_past"),
    ],
)
async def test_a_line_that_makes_no_card_is_refused(database: Database, draft: ListingDraft, code: str) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)

        with pytest.raises(ListingRefused) as refused:
            await plan(session, member, community, draft)

        assert refused.value.code == code


async def test_nobody_fills_a_market_alone(database: Database) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        for _ in range(MOST_OPEN):
            await make_listing(session, member, community)

        with pytest.raises(ListingRefused) as refused:
            await plan(session, member, community)

        assert (refused.value.code, refused.value.n) == ("too_many", MOST_OPEN)
        assert await plan(session, await make_member(session), community)


async def test_who_wants_nothing_kept_posts_nothing(database: Database) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        where = {"member_id": member.id, "community_id": community.id}
        session.add(Consent(**where, purpose=Purpose.RECORD, is_given=False, decided_at=NOW))
        await session.flush()

        with pytest.raises(ListingRefused) as refused:
            await plan(session, member, community)

        assert refused.value.code == "keeps_nothing"


async def test_opened_again_it_stays_as_long_as_a_new_one_without_the_day_that_has_passed(database: Database) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        listing = await make_listing(session, member, community, until_at=NOW - DAY, expires_at=NOW - DAY)
        await listings.close(session, listing, ListingOutcome.NO_LONGER, now=NOW)

        await listings.keep_open(session, listing, now=NOW)

        assert (listing.until_at, listing.closed_at, listing.outcome) == (None, None, None)
        assert listing.expires_at == NOW + 30 * DAY


async def test_erasure_leaves_no_word_and_names_the_messages_that_still_show_some(database: Database) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        chat = await make_chat(session, community_id=community.id)
        where = {"chat_id": chat.id, "community_id": community.id}
        shown = await deliveries.queue(session, DeliveryKind.CARD, now=NOW, payload={"text": "2 desks"}, **where)
        unsent = await deliveries.queue(session, DeliveryKind.CARD, now=NOW, payload={"text": "3 desks"}, **where)
        assert shown is not None
        assert unsent is not None
        shown.sent_at, shown.telegram_message_id = NOW, 17
        for card in (shown, unsent):
            await make_listing(session, member, community, card_id=card.id)
        kept = await make_listing(session, await make_member(session), community)

        cards = await erasure.erase(session, member.id, now=NOW)

        assert cards == {community.id: [shown.id]}
        for one in (shown, unsent):
            await session.refresh(one)
        assert [one.payload for one in (shown, unsent)] == [None, None]
        assert unsent.failed_at == NOW
        assert await listings.open_listings(session, [community.id], now=NOW) == [kept]


async def test_erasure_in_one_community_leaves_the_others(database: Database) -> None:
    async with database.transaction() as session:
        here, there = await make_community(session), await make_community(session)
        member = await make_member(session)
        for community in (here, there):
            await make_listing(session, member, community)

        await erasure.erase(session, member.id, now=NOW, community_id=here.id)

        assert [one.community_id for one in await listings.own_listings(session, member.id, now=NOW)] == [there.id]


def test_the_columns_of_a_card_are_words_of_its_author() -> None:
    """Whatever a line says is sealed at rest."""
    sealed = {name for name, column in Listing.__table__.c.items() if type(column.type).__name__ == "EncryptedText"}

    assert sealed == {"text", "line", "quantity", "place", "audience"}
