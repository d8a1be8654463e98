"""Needs meet offers, never needs; of what is surely about something else nobody is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.introductions import complements
from models.domain.introductions.complements import MOST_MATCHES
from models.tables.community import Community
from models.tables.listing import Listing
from models.tables.member import Mute, MuteKind
from tests.factories import LONG_AGO, make_community, make_listing, make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
# (need, the offer that meets it)
PAIRS = [
    ("2 desks in Kreuzberg", "one spare desk in our office"),
    ("a lawyer for term sheets", "thirty minutes with my lawyer"),
    ("somebody who knows EU medical-device approval", "medical device approvals, I did three of them"),
    ("help with our pricing page", "30 min of pricing advice"),
    ("a small PCB assembly run", "PCB assembly for small runs"),
    ("beta testers for an invoicing app", "I test apps, invoicing was my job for years"),
    ("warehouse space near Leipzig", "half a warehouse in Leipzig, free from May"),
    ("懂欧盟医疗器械注册的顾问", "提供欧盟医疗器械注册咨询"),
    ("找上海的共享办公工位", "上海办公室有两个空工位"),
    ("需要小批量注塑打样", "注塑打样，小批量可以"),
]


async def post(session: AsyncSession, community: Community, text: str, kind: str, **values: object) -> Listing:
    author = await make_member(session)
    return await make_listing(session, author, community, text=text, kind=kind, **{"posted_at": NOW, **values})


async def matches(session: AsyncSession, community: Community) -> set[tuple[str, str]]:
    return {(one.text, other.text) for one, other in await complements.new_matches(session, community.id, now=NOW)}


async def test_needs_meet_their_offers_and_no_other(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        for need, offer in PAIRS:
            await post(session, community, need, "need")
            await post(session, community, offer, "offer")

        found = await matches(session, community)

    # A false match costs more than a missing one, which /find still finds: in doubt nothing is told.
    assert found <= {*PAIRS, *((offer, need) for need, offer in PAIRS)}
    assert len(found) >= 2 * 7


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("a designer for our landing page", "a page in our newsletter"),
        ("an accountant who knows crypto", "pottery lessons"),
        ("a room for a workshop on hiring", "legal advice on hiring abroad"),
        # Of a thing its own name must be needed.
        ("a podcast that would have our founder as a guest", "podcast microphones to lend"),
    ],
)
async def test_a_word_in_common_is_not_enough(sqlite: Database, need: str, offer: str) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        for one, other in PAIRS[:5]:
            await post(session, community, one, "need", posted_at=LONG_AGO)
            await post(session, community, other, "offer", posted_at=LONG_AGO)
        await post(session, community, need, "need")
        await post(session, community, offer, "offer")

        assert await matches(session, community) == set()


async def test_for_whom_or_for_what_it_is_counts(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        for _, other in PAIRS:
            await post(session, community, other, "offer", posted_at=LONG_AGO)
        await post(session, community, "a template", "need", audience="NDAs with Chinese suppliers")
        await post(session, community, "a template that investors like", "offer")
        await post(session, community, "a template and NDAs for suppliers", "offer")

        assert await matches(session, community) == {
            ("a template", "a template and NDAs for suppliers"),
            ("a template and NDAs for suppliers", "a template"),
        }


async def test_two_needs_ones_own_offer_and_other_communities_are_no_match(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community, other = await make_community(session), await make_community(session)
        need = await post(session, community, "a lawyer", "need")
        await post(session, community, "a lawyer", "need")
        await post(session, other, "a lawyer", "offer")
        await post(session, community, "a lawyer", "offer", member_id=need.member_id)

        assert await matches(session, community) == {("a lawyer", "a lawyer")}
        pairs = await complements.new_matches(session, community.id, now=NOW)
        assert all(one.member_id != two.member_id and one.kind != two.kind for one, two in pairs)
        assert all(one.community_id == community.id for pair in pairs for one in pair)


async def test_an_old_one_is_told_of_a_new_one_and_two_old_ones_of_nothing(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        await post(session, community, "a lawyer", "need", posted_at=LONG_AGO)
        await post(session, community, "my lawyer, for an hour", "offer", posted_at=NOW - timedelta(days=2))
        assert await matches(session, community) == set()
        await post(session, community, "thirty minutes with a lawyer", "offer")

        assert await matches(session, community) == {
            ("a lawyer", "thirty minutes with a lawyer"),
            ("thirty minutes with a lawyer", "a lawyer"),
        }


async def test_who_wants_nothing_of_somebody_is_told_nothing_of_them_nor_they_of_them(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        need = await post(session, community, "a lawyer", "need")
        offer = await post(session, community, "my lawyer for an hour", "offer")
        session.add(Mute(member_id=offer.member_id, kind=MuteKind.PERSON, target=str(need.member_id), created_at=NOW))
        await session.flush()

        assert await matches(session, community) == set()


async def test_of_many_the_best_few_are_named(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        await post(session, community, "pottery lessons", "need")
        others = [offer for _, offer in PAIRS]
        for word in ("pottery", "pottery and more", "pottery lessons", "evening lessons", "pottery weekend", *others):
            await post(session, community, word, "offer", posted_at=LONG_AGO)

        told = [
            other for one, other in await complements.new_matches(session, community.id, now=NOW) if one.kind == "need"
        ]

    assert len(told) == MOST_MATCHES
    assert told[0].text == "pottery lessons"
