"""A need in one language meets the offer in the other; what its words mean is kept as long as the words, and no longer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.introductions import complements, meanings
from models.domain.listings import erasure
from models.learning.meanings import usual_meanings
from models.tables.community import Community
from models.tables.listing import Listing, ListingMeaning
from tests.factories import make_community, make_listing, make_member
from tests.models.learning.encoders import WordEncoder

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NEED, OFFER, OTHER = "求一位懂合同的律师", "A lawyer who reads your contracts", "We make batteries, supplier since 1990"


async def post(session: AsyncSession, community: Community, text: str, kind: str, **values: object) -> Listing:
    author = values.pop("author", None) or await make_member(session)
    return await make_listing(session, author, community, text=text, kind=kind, **{"posted_at": NOW, **values})


async def read(session: AsyncSession, community: Community, encoder: WordEncoder) -> int:
    """Encode what is new; how many were."""
    words = await meanings.to_encode(session, community.id, encoder=encoder, now=NOW)
    await meanings.keep(session, words, meanings.encode(words, encoder=encoder), encoder=encoder)
    await session.flush()
    return len(words)


async def matches(session: AsyncSession, community: Community, encoder: WordEncoder | None) -> list[tuple[str, str]]:
    around = usual_meanings(encoder) if encoder else ()
    found = await complements.new_matches(session, community.id, now=NOW, encoder=encoder, around=around)
    return [(one.text, other.text) for one, other in found]


async def test_a_need_meets_the_offer_in_the_other_language(database: Database) -> None:
    encoder = WordEncoder()
    async with database.transaction() as session:
        community = await make_community(session)
        await post(session, community, NEED, "need")
        await post(session, community, OFFER, "offer")
        await post(session, community, OTHER, "offer")
        await read(session, community, encoder)

        # Who offers it reads no Chinese; the other, whose client is in no language we know, what their group writes in.
        assert await matches(session, community, encoder) == [(NEED, OFFER)]
        # Words have nothing in common.
        assert await matches(session, community, None) == []


@pytest.mark.parametrize(
    ("asks_in", "offers_in", "told"),
    [
        ("zh-hans", "en", []),
        ("en", "en", [(NEED, OFFER)]),
        ("zh-hans", "zh-hans", [(OFFER, NEED)]),
        ("en", "zh-hans", [(NEED, OFFER), (OFFER, NEED)]),
    ],
)
async def test_nobody_is_told_of_what_they_cannot_read(
    sqlite: Database, asks_in: str, offers_in: str, told: list[tuple[str, str]]
) -> None:
    encoder = WordEncoder()
    async with sqlite.transaction() as session:
        community = await make_community(session)
        await post(session, community, NEED, "need", author=await make_member(session, client_language=asks_in))
        await post(session, community, OFFER, "offer", author=await make_member(session, client_language=offers_in))
        await read(session, community, encoder)

        assert await matches(session, community, encoder) == told


async def test_within_a_language_nothing_but_words_counts(sqlite: Database) -> None:
    encoder = WordEncoder()
    async with sqlite.transaction() as session:
        community = await make_community(session)
        await post(session, community, "somebody for freight", "need")
        await post(session, community, "We know shipping", "offer")
        await post(session, community, "想找人聊天", "need")
        await read(session, community, encoder)

        assert await matches(session, community, encoder) == []


async def test_nobody_meets_themselves_nor_keeps_others_from_an_offer(sqlite: Database) -> None:
    encoder = WordEncoder()
    async with sqlite.transaction() as session:
        community = await make_community(session)
        mia = await make_member(session)
        await post(session, community, NEED, "need", author=mia)
        await post(session, community, OFFER, "offer", author=mia)
        await post(session, community, "律师，看合同", "need")
        await read(session, community, encoder)

        assert await matches(session, community, encoder) == [("律师，看合同", OFFER)]


async def test_what_was_read_is_read_again_only_when_its_words_changed(database: Database) -> None:
    encoder = WordEncoder()
    async with database.transaction() as session:
        community = await make_community(session)
        need = await post(session, community, NEED, "need")
        await post(session, community, OFFER, "offer")

        assert await read(session, community, encoder) == 2
        assert await read(session, community, encoder) == 0
        need.text = "求一位律师"
        stock = [need]
        assert await meanings.of_stock(session, stock, encoder=encoder) == {}
        assert await read(session, community, encoder) == 1
        assert list(await meanings.of_stock(session, stock, encoder=encoder)) == stock


async def test_another_encoder_reads_everything_anew(sqlite: Database) -> None:
    other = WordEncoder()
    other.name = "another"
    async with sqlite.transaction() as session:
        community = await make_community(session)
        need = await post(session, community, NEED, "need")
        await post(session, community, OFFER, "offer")
        await read(session, community, WordEncoder())

        assert await meanings.of_stock(session, [need], encoder=other) == {}
        assert await read(session, community, other) == 2


async def test_a_community_of_one_language_needs_no_encoder(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        await post(session, community, OFFER, "offer")

        assert not await meanings.is_in_two_languages(session, community.id, now=NOW)
        await post(session, community, NEED, "need")
        assert await meanings.is_in_two_languages(session, community.id, now=NOW)


async def test_what_words_mean_goes_with_the_words(database: Database) -> None:
    encoder = WordEncoder()
    async with database.transaction() as session:
        community = await make_community(session)
        mia = await make_member(session)
        await post(session, community, NEED, "need", author=mia)
        await post(session, community, OFFER, "offer")
        words = await meanings.to_encode(session, community.id, encoder=encoder, now=NOW)
        await read(session, community, encoder)
        await erasure.erase(session, mia.id, now=NOW)

        assert await session.scalar(select(func.count(ListingMeaning.id))) == 1
        # Nor does what a job still holds of them come back.
        await meanings.keep(session, words, meanings.encode(words, encoder=encoder), encoder=encoder)
        assert await session.scalar(select(func.count(ListingMeaning.id))) == 1


@pytest.mark.parametrize(
    ("need", "offer", "is_told"),
    [
        ("求一位懂合同的律师", "A lawyer who reads your contracts", True),
        # A thing that changes hands is no help, however near its words lie.
        ("求一位懂合同的律师", "old lawyer's textbooks on contracts, to give away", False),
        # Logistics, and no word of batteries, which are of another field.
        ("找懂电池的货代", "freight and shipping, five years", False),
        ("找懂电池的货代", "batteries and freight, five years", True),
    ],
)
async def test_across_languages_only_what_is_surely_meant_is_told(
    sqlite: Database, need: str, offer: str, is_told: bool
) -> None:
    encoder = WordEncoder()
    async with sqlite.transaction() as session:
        community = await make_community(session)
        await post(session, community, need, "need")
        await post(session, community, offer, "offer")
        await read(session, community, encoder)

        assert ((need, offer) in await matches(session, community, encoder)) == is_told
