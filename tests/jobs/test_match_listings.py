"""What is told of needs and offers that meet, against the truth of the invented community."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from bot.config import Config
from bot.playground.community.market import Posting
from bot.playground.community.wishes import NEED, OFFER, meet
from bot.playground.demo import TIME_ZONE
from bot.scene.services import Services
from jobs import match_listings
from models.database import Database
from models.domain.listings.listings import STAYS
from models.learning.encoder import Encoder, NoEncoder, load_encoder
from models.reading.listing_kinds import ListingKind, kind_of_listing
from models.reading.listing_lines import read_listing_line
from models.tables.community import Chat
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing
from models.tables.member import Member
from models.tables.message import Message
from tests.bot.playground.test_community import HandClock, Town
from tests.factories import give_consent, join, make_chat, make_community, make_listing, make_member
from tests.models.learning.encoders import WordEncoder, needs_encoder
from tests.stage import TEXTS

SEEDS, SPAN = (7, 8, 9), timedelta(weeks=8)
HELLO = {"en": "We have been at it since spring", "zh": "我们从春天开始做的"}
Pair = tuple[Posting, Posting]


@dataclass(frozen=True)
class Lived:
    """Pairs of a need and an offer: those that authors were told of, and those that truly meet and were open together."""

    told: list[Pair]
    true: list[Pair]


async def live(database: Database, seed: int, load: Callable[[], Encoder]) -> Lived:
    """Weeks of needs and offers, each matched some minutes after it was posted; nobody closes any."""
    town = Town(seed)
    town.live(SPAN)
    heard = [one for one in town.community.postings if not one.wish.is_said or kind_of_listing(one.message.text)]
    services = Services(database, HandClock(), TEXTS, Config())
    async with database.transaction() as session:
        community = await make_community(session, time_zone=TIME_ZONE)
        chat = await make_chat(session, community_id=community.id)
    members: dict[str, Member] = {}
    rows: dict[int, Posting] = {}
    for posting in heard:
        async with database.transaction() as session:
            author = posting.person.username
            if author not in members:
                member = members[author] = await make_member(session, language=posting.language)
                await join(session, member, community)
                await give_consent(session, member, community, "learn")
                session.add_all(_earlier_words(posting, member, chat))
            draft = read_listing_line(_line(posting), now=posting.at, zone=ZoneInfo(TIME_ZONE))
            values = {"kind": posting.wish.kind, "text": draft.what, "audience": draft.audience}
            values |= {"posted_at": posting.at, "expires_at": _end(posting)}
            row = await make_listing(session, members[author], community, **values)
            rows[row.id] = posting
        await match_listings.run(services, now=posting.at + timedelta(minutes=10), load=load)
    return Lived(await _take_told(database, rows), [pair for pair in product(heard, heard) if _meet_open(*pair)])


def _earlier_words(posting: Posting, member: Member, chat: Chat) -> list[Message]:
    """In each language that they read: authors are told of what they read, as far as they wrote in it."""
    languages = sorted({posting.person.language, *posting.person.also}) * 2
    return [
        Message(
            chat_id=chat.id,
            telegram_message_id=10 * member.id + number,
            member_id=member.id,
            sender="member",
            kind="text",
            text=HELLO[language],
            sent_at=posting.at - timedelta(days=1),
        )
        for number, language in enumerate(languages)
    ]


def _line(posting: Posting) -> str:
    return posting.message.text.removeprefix(f"/{posting.wish.kind} ")


def _end(posting: Posting) -> datetime:
    return posting.at + STAYS[ListingKind(posting.wish.kind)]


def _meet_open(need: Posting, offer: Posting) -> bool:
    is_pair = (need.wish.kind, offer.wish.kind) == (NEED, OFFER) and meet(need.wish, offer.wish)
    return is_pair and need.person is not offer.person and max(need.at, offer.at) < min(_end(need), _end(offer))


async def _take_told(database: Database, rows: dict[int, Posting]) -> list[Pair]:
    """What authors were told, each pair once; then the market is empty for the next."""
    about = select(Delivery.about_id, Delivery.what).where(Delivery.about_kind == Subject.LISTING)
    async with database.transaction() as session:
        found = {frozenset((match, int(what.rpartition(":")[2]))) for match, what in await session.execute(about)}
        await session.execute(delete(Delivery))
        await session.execute(delete(Listing))
    pairs = [[rows[one] for one in sorted(ids)] for ids in found]
    return [(one, other) if one.wish.kind == NEED else (other, one) for one, other in pairs]


@pytest.mark.slow
async def test_a_share_of_matches_told_is_true_and_of_those_that_can_be_found_a_share_is_told(sqlite: Database) -> None:
    """Floors below what was measured by words: 4 of 9 told were true, 3 of the others only sound so; 4 of 24 true ones were told.

    Few words are common to two who word one thing freely, and none across languages: those 25 pairs are out of reach of words.
    """
    told, true = await live_through(sqlite, _no_encoder)

    true_told = [(need, offer) for need, offer in told if meet(need.wish, offer.wish)]
    in_one_language = [(need, offer) for need, offer in true if need.language == offer.language]
    assert len(in_one_language) >= 20
    assert len(true_told) >= 0.35 * len(told)
    assert len(true_told) >= 0.12 * len(in_one_language)


@pytest.mark.slow
@needs_encoder
async def test_with_an_encoder_pairs_across_languages_are_told(sqlite: Database) -> None:
    """Few true ones are told, and hardly a false one: two founders who hear of nonsense read no third line."""
    told, _ = await live_through(sqlite, load_encoder)

    true_told = [(need, offer) for need, offer in told if meet(need.wish, offer.wish)]
    across = [(need, offer) for need, offer in told if need.language != offer.language]
    true_across = [pair for pair in true_told if pair in across]
    # Of 25 true pairs a few have an author who reads both.
    assert len(true_across) >= 2
    assert len(true_across) >= 0.85 * len(across)


async def live_through(database: Database, load: Callable[[], Encoder]) -> tuple[list[Pair], list[Pair]]:
    """Pairs that authors were told of, and true ones, of all seeds."""
    lives = [await live(database, seed, load) for seed in SEEDS]
    return [pair for one in lives for pair in one.told], [pair for one in lives for pair in one.true]


def _no_encoder() -> Encoder:
    raise NoEncoder("missing")


async def test_without_an_encoder_words_alone_match(sqlite: Database) -> None:
    assert await told_of_two_languages(sqlite, _no_encoder) == "2 authors told of a match"


async def test_with_an_encoder_two_languages_meet(sqlite: Database) -> None:
    # Who offers it reads no Chinese.
    assert await told_of_two_languages(sqlite, WordEncoder) == "3 authors told of a match"


async def told_of_two_languages(database: Database, load: Callable[[], Encoder]) -> str:
    """One pair within a language and one across."""
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    async with database.transaction() as session:
        community = await make_community(session)
        for kind, text in [
            ("need", "求一位懂合同的律师"),
            ("offer", "A lawyer who reads your contracts"),
            ("need", "2 desks in Kreuzberg"),
            ("offer", "one spare desk in our office"),
        ]:
            member = await make_member(session)
            await join(session, member, community)
            await make_listing(session, member, community, kind=kind, text=text, posted_at=now)
    return await match_listings.run(Services(database, HandClock(), TEXTS, Config()), now=now, load=load)
