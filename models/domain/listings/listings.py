"""Needs and offers: planned, posted, changed, closed, kept open; whose they are, and which are open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.members import rights
from models.domain.members.consent import recording_decliners
from models.domain.sending import deliveries
from models.domain.sending.deliveries import IS_WAITING
from models.reading.listing_kinds import ListingKind
from models.reading.listing_lines import ListingDraft
from models.tables.community import Community
from models.tables.consent import Consent
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing, ListingOutcome
from models.tables.message import Message

# How long each stays open without a word of its author.
STAYS = {ListingKind.NEED: timedelta(days=30), ListingKind.OFFER: timedelta(days=60)}
# Characters. What is longer is a post of its own; fields are a few words.
LONGEST_TEXT, LONGEST_FIELD = 600, 120
# Open ones of a member in a community: a market of one is no market.
MOST_OPEN = 10

Refusal = Literal["empty", "too_long", "too_many", "until_is_past", "keeps_nothing"]


class ListingRefused(ValueError):
    """It cannot be kept so; `code` says why, `n` is the number that it is about."""

    def __init__(self, code: Refusal, n: int = 0) -> None:
        super().__init__(code)
        self.code, self.n = code, n


async def plan(
    session: AsyncSession,
    draft: ListingDraft,
    kind: ListingKind,
    *,
    line: str,
    community: Community,
    member_id: int,
    chat_id: int | None,
    thread_id: int | None,
    message_id: int | None,
    now: datetime,
) -> Listing:
    """Keep a draft that only its author sees; post() opens it. Raises ListingRefused."""
    if await _keeps_nothing(session, member_id, community.id):
        raise ListingRefused("keeps_nothing")
    if await _count_open(session, member_id, community.id, now) >= MOST_OPEN:
        raise ListingRefused("too_many", MOST_OPEN)
    listing = Listing(
        community_id=community.id,
        member_id=member_id,
        chat_id=chat_id,
        telegram_thread_id=thread_id,
        message_id=message_id,
        kind=kind,
        line=line,
        created_at=now,
        **_values(draft, kind, now),
    )
    session.add(listing)
    await session.flush()
    return listing


async def post(session: AsyncSession, listing: Listing, *, now: datetime) -> bool:
    """Open it to everybody; False where that was done before. Raises ListingRefused for a day that has passed."""
    if listing.posted_at is not None:
        return False
    if listing.until_at is not None and listing.until_at <= now:
        raise ListingRefused("until_is_past")
    listing.posted_at, listing.expires_at = now, _end(listing.kind, listing.until_at, now)
    await session.flush()
    return True


async def change(session: AsyncSession, listing: Listing, draft: ListingDraft, *, line: str, now: datetime) -> None:
    """Another line in place of the old one; it then stays as long as a new one would. Raises ListingRefused."""
    for name, value in _values(draft, listing.kind, now).items():
        setattr(listing, name, value)
    listing.line = line
    await session.flush()


async def close(session: AsyncSession, listing: Listing, outcome: ListingOutcome, *, now: datetime) -> None:
    """Its author says what came of it; said again, the last word counts. What waits to be told of it is taken back."""
    if listing.outcome == outcome and listing.closed_at is not None:
        return
    listing.outcome, listing.closed_at = outcome, listing.closed_at or now
    await withdraw_notices(session, listing.id, now=now)
    await session.flush()


def match_of(listing_id: int) -> str:
    """What it is called, to the author of a listing, that another one may meet it."""
    return f"match:{listing_id}"


async def withdraw_notices(session: AsyncSession, listing_id: int, *, now: datetime) -> None:
    """What waits to be told of it is not true any more, nor what was found for it."""
    is_of_it = or_(Delivery.about_id == listing_id, Delivery.what == match_of(listing_id))
    about = (Delivery.about_kind == Subject.LISTING, is_of_it)
    waiting = await session.scalars(select(Delivery.id).where(*about, IS_WAITING))
    await deliveries.withdraw(session, list(waiting), now=now)


async def keep_open(session: AsyncSession, listing: Listing, *, now: datetime) -> None:
    """It stays for its usual time from now on, also one that had ended; the day that would have ended it holds no more."""
    if listing.outcome is not None:
        # Thanks that wait for the morning.
        await withdraw_notices(session, listing.id, now=now)
    if listing.until_at is not None and listing.until_at <= listing.expires_at:
        listing.until_at, listing.until_has_time = None, False
    listing.closed_at = listing.outcome = None
    listing.expires_at = _end(listing.kind, listing.until_at, now)
    await session.flush()


async def drop(session: AsyncSession, listing_id: int) -> None:
    """Forget a draft; what was posted is closed instead."""
    await session.execute(delete(Listing).where(Listing.id == listing_id, Listing.posted_at.is_(None)))


async def may_close(session: AsyncSession, listing: Listing, member_id: int) -> bool:
    """Its author, and once it is posted the admins of its community; all else of it is its author's alone."""
    if listing.member_id == member_id:
        return True
    return listing.posted_at is not None and await rights.is_admin(session, member_id, listing.community_id)


def is_open(now: datetime) -> ColumnElement[bool]:
    """Listings that are posted, and neither closed nor over."""
    return and_(Listing.posted_at.is_not(None), Listing.closed_at.is_(None), Listing.expires_at > now)


async def open_listings(
    session: AsyncSession, community_ids: Collection[int], *, now: datetime, kind: ListingKind | None = None
) -> list[Listing]:
    """What is open in these communities, the newest first."""
    query = select(Listing).where(is_one_of(Listing.community_id, community_ids), is_open(now))
    query = query if kind is None else query.where(Listing.kind == kind)
    return list(await session.scalars(query.order_by(Listing.posted_at.desc(), Listing.id.desc())))


async def own_listings(session: AsyncSession, member_id: int, *, now: datetime) -> list[Listing]:
    """What a member has open, in all communities, the newest first."""
    query = select(Listing).where(Listing.member_id == member_id, is_open(now))
    return list(await session.scalars(query.order_by(Listing.posted_at.desc(), Listing.id.desc())))


async def authors(session: AsyncSession, listing_ids: Collection[int]) -> set[int]:
    """Whose these are."""
    return set(await session.scalars(select(Listing.member_id).where(is_one_of(Listing.id, listing_ids))))


async def twin(session: AsyncSession, listing: Listing, *, now: datetime) -> Listing | None:
    """The same words of the same member that are open already."""
    query = select(Listing).where(
        Listing.member_id == listing.member_id,
        Listing.community_id == listing.community_id,
        Listing.kind == listing.kind,
        Listing.id != listing.id,
        is_open(now),
    )
    same_words = [one for one in await session.scalars(query) if one.text == listing.text]
    return next(iter(same_words), None)


async def message_at(session: AsyncSession, chat_id: int, telegram_message_id: int) -> Message | None:
    """What was written there by a member; None for anybody else's message, and for what is not kept."""
    query = select(Message).where(
        Message.chat_id == chat_id,
        Message.telegram_message_id == telegram_message_id,
        Message.member_id.is_not(None),
        Message.is_forward.is_(False),
    )
    return (await session.scalars(query)).one_or_none()


async def of_message(session: AsyncSession, member_id: int, message: Message) -> Listing | None:
    """The member's listing whose words this message has."""
    query = select(Listing).where(Listing.message_id == message.id, Listing.member_id == member_id)
    return (await session.scalars(query.order_by(Listing.id.desc()).limit(1))).one_or_none()


async def _keeps_nothing(session: AsyncSession, member_id: int, community_id: int) -> bool:
    query = recording_decliners(community_id).where(Consent.member_id == member_id)
    return await session.scalar(query) is not None


async def _count_open(session: AsyncSession, member_id: int, community_id: int, now: datetime) -> int:
    own = (Listing.member_id == member_id, Listing.community_id == community_id, is_open(now))
    return await session.scalar(select(func.count(Listing.id)).where(*own)) or 0


def _values(draft: ListingDraft, kind: ListingKind, now: datetime) -> dict[str, Any]:
    """The columns that a line fills. Raises ListingRefused."""
    fields = {"quantity": draft.quantity, "place": draft.place, "audience": draft.audience}
    if not draft.what.strip():
        raise ListingRefused("empty")
    if len(draft.what) > LONGEST_TEXT or any(len(value or "") > LONGEST_FIELD for value in fields.values()):
        raise ListingRefused("too_long", LONGEST_TEXT)
    if draft.until is not None and draft.until <= now:
        raise ListingRefused("until_is_past")
    return {
        "text": draft.what.strip(),
        **fields,
        "until_at": draft.until,
        "until_has_time": draft.until_has_time,
        "expires_at": _end(kind, draft.until, now),
    }


def _end(kind: ListingKind, until: datetime | None, now: datetime) -> datetime:
    usual = now + STAYS[kind]
    return min(until, usual) if until else usual
