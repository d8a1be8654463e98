"""What the door does to delivery rows: claim one, then exactly one of receipt, release and fail; and after a crash, recover.

The claim is one conditional UPDATE in a transaction of its own, so a row is never sent by two doors. Doors on one
PostgreSQL take turns on an advisory lock, as writers of one SQLite file do anyway: at 30 sends a second claims are rare and
short, and turns make it impossible that two doors write to one chat at once or overdraw one attention budget, which locking
single rows (SKIP LOCKED) would not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import is_one_of, is_one_of_given
from models.domain.member_time import Defaults
from models.domain.sending.attention import SEND, Verdict, decide, standing_of, subjects
from models.domain.sending.checks import Checks, holds
from models.domain.sending.deliveries import IS_UNSETTLED, IS_WAITING, free, supersede
from models.domain.sending.destinations import mark_member_reached
from models.domain.sending.policies import POLICIES, PROACTIVE
from models.tables.community import Chat
from models.tables.delivery import Delivery, DeliveryKind, Failure
from models.tables.member import Member

# Retries wait up to a minute, so this many are about 24 hours of trying; time in which the bot was down does not count.
MAX_ATTEMPTS = 1440
# Telegram rarely asks for more patience than minutes; who tries after an hour is only told again.
LONGEST_DELAY = timedelta(hours=1)
# Dropped for what changed while it waited, and that whoever chooses anew sees as well.
MAY_BE_SAID_ANEW = (Failure.OUTDATED, Failure.MUTED)
_ADVISORY_LOCK = 0x6B6C61746368  # "klatch"

_Target = aliased(Delivery)
_InFlight = aliased(Delivery)
_MovedChat = aliased(Chat)
# Telegram's id of the destination: a group that became a supergroup is written to under its new id.
_ADDRESS = func.coalesce(_MovedChat.telegram_id, Chat.telegram_id, Member.telegram_id)


@dataclass(frozen=True)
class ClaimedDelivery:
    """One delivery that is ours to send, with all that sending needs; `address` is Telegram's chat id."""

    id: int
    kind: DeliveryKind
    method: str
    payload: dict[str, Any]
    address: int
    thread_id: int | None
    member_id: int | None
    chat_id: int | None
    edits_id: int | None
    edits_message_id: int | None
    n_attempts: int
    expires_at: datetime | None


@dataclass(frozen=True)
class SettledDelivery:
    """A due delivery that does not leave now: held until later, or dropped; `why` says which rule.

    None: it was replaced or withdrawn between our look and our claim.
    """

    id: int
    why: Failure | None


async def claim_next(
    session: AsyncSession,
    *,
    now: datetime,
    by: str,
    defaults: Defaults,
    checks: Checks,
    busy: Collection[int] = (),
    busy_for_edits: Collection[int] = (),
) -> ClaimedDelivery | SettledDelivery | None:
    """Decide the next due delivery, by priority and then age: claim it, or hold or drop it. None: nothing is due.

    `busy` are Telegram chat ids that may get nothing now, `busy_for_edits` those that may get messages only. A chat with
    a delivery in flight, at any door, waits too, so that order holds within a chat. An edit waits for its message.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    given = {"now": now, "busy": list(busy), "busy_for_edits": list(busy_for_edits)}
    row = (await session.execute(_next_due(), given)).first()
    if row is None:
        return None
    delivery_id, address, gone_at, message_id = row
    delivery = await session.get_one(Delivery, delivery_id, populate_existing=True)
    verdict = await _verdict(session, delivery, gone_at, message_id, now=now, defaults=defaults, checks=checks)
    if verdict.action == "send":
        return await _claim(session, delivery, address, message_id, now=now, by=by)
    if verdict.action == "hold":
        await _change(session, delivery.id, IS_WAITING, due_at=verdict.until)
    else:
        await _change(session, delivery.id, IS_WAITING, failed_at=now, failure=verdict.why)
        if verdict.why in MAY_BE_SAID_ANEW:
            await free(session, [delivery.id])
    return SettledDelivery(delivery.id, verdict.why)


@cache
def _next_due() -> Any:
    """Given `now`, `busy` and `busy_for_edits`. Made once: the door asks it for every message.

    Narrow rows first: a backlog of thousands is sorted without its payloads, and who is in flight is asked once.
    """
    target_is_settled = or_(Delivery.edits_id.is_(None), _Target.sent_at.is_not(None), _Target.failed_at.is_not(None))
    is_message = Delivery.edits_id.is_(None)
    is_in_flight = and_(_InFlight.claimed_at.is_not(None), _InFlight.sent_at.is_(None), _InFlight.failed_at.is_(None))
    members = select(_InFlight.member_id).where(is_in_flight, _InFlight.member_id.is_not(None))
    chats = select(_InFlight.chat_id).where(is_in_flight, _InFlight.chat_id.is_not(None))
    return (
        select(Delivery.id, _ADDRESS, Chat.gone_at, _Target.telegram_message_id)
        .outerjoin(Member, Delivery.member_id == Member.id)
        .outerjoin(Chat, Delivery.chat_id == Chat.id)
        .outerjoin(_MovedChat, Chat.migrated_to_id == _MovedChat.id)
        .outerjoin(_Target, Delivery.edits_id == _Target.id)
        .where(IS_WAITING, Delivery.due_at <= bindparam("now"), target_is_settled)
        .where(or_(Delivery.member_id.is_(None), Delivery.member_id.not_in(members)))
        .where(or_(Delivery.chat_id.is_(None), Delivery.chat_id.not_in(chats)))
        .where(~is_one_of_given(_ADDRESS, "busy"), or_(is_message, ~is_one_of_given(_ADDRESS, "busy_for_edits")))
        .order_by(Delivery.priority, Delivery.id)
        .limit(1)
    )


async def _verdict(
    session: AsyncSession,
    delivery: Delivery,
    gone_at: datetime | None,
    message_id: int | None,
    *,
    now: datetime,
    defaults: Defaults,
    checks: Checks,
) -> Verdict:
    for is_hopeless, why in (
        (delivery.expires_at is not None and delivery.expires_at <= now, Failure.EXPIRED),
        (delivery.n_attempts >= MAX_ATTEMPTS, Failure.GAVE_UP),
        (gone_at is not None, Failure.CHAT_IS_GONE),
        (delivery.edits_id is not None and message_id is None, Failure.NOTHING_TO_EDIT),
    ):
        if is_hopeless:
            return Verdict("drop", why)
    policy = POLICIES.get(delivery.kind)
    if policy is None:
        return Verdict("drop", Failure.UNKNOWN_KIND)
    if delivery.member_id is None:
        return SEND
    if not policy.is_proactive:
        # No budget and no pause holds it, but what it says of others may be over meanwhile.
        about = subjects(delivery.reasons)
        still_holds = await holds(session, delivery.member_id, about, checks, now=now)
        return SEND if still_holds else Verdict("drop", Failure.OUTDATED)
    standing = await standing_of(session, delivery, now=now, defaults=defaults, checks=checks)
    return decide(standing, now=now, expires_at=delivery.expires_at)


async def _claim(
    session: AsyncSession, delivery: Delivery, address: int, message_id: int | None, *, now: datetime, by: str
) -> ClaimedDelivery | SettledDelivery:
    n_attempts = delivery.n_attempts + 1
    if not await _change(session, delivery.id, IS_WAITING, claimed_at=now, claimed_by=by, n_attempts=n_attempts):
        return SettledDelivery(delivery.id, None)
    return ClaimedDelivery(
        id=delivery.id,
        kind=delivery.kind,
        method=delivery.method,
        payload=delivery.payload or {},
        address=address,
        thread_id=delivery.telegram_thread_id,
        member_id=delivery.member_id,
        chat_id=delivery.chat_id,
        edits_id=delivery.edits_id,
        edits_message_id=message_id,
        n_attempts=n_attempts,
        expires_at=delivery.expires_at,
    )


async def receipt(session: AsyncSession, claim: ClaimedDelivery, *, now: datetime, message_id: int | None) -> None:
    """Telegram has it; `message_id` is None for methods that make no message."""
    await _change(session, claim.id, IS_UNSETTLED, sent_at=now, telegram_message_id=message_id)
    if claim.member_id is not None:
        await mark_member_reached(session, claim.member_id, now=now)


async def release(session: AsyncSession, claim: ClaimedDelivery, *, now: datetime, due_at: datetime) -> None:
    """It certainly did not arrive, or twice is better than never: it goes again from `due_at` on.

    A change of a message that was replaced meanwhile does not: the newer one shows the state.
    """
    await _release(session, claim.id, claim.edits_id, _is_still(claim), now=now, due_at=due_at)


async def fail(session: AsyncSession, claim: ClaimedDelivery, *, now: datetime, failure: str) -> None:
    """It never goes again; `failure` says why, without a word that a member wrote."""
    await _change(session, claim.id, _is_still(claim), failed_at=now, failure=failure[:300])


async def claimants(session: AsyncSession) -> set[str]:
    """Names of the doors that have something in flight, or left it behind."""
    query = select(Delivery.claimed_by).where(IS_UNSETTLED, Delivery.claimed_at.is_not(None)).distinct()
    return {name for name in await session.scalars(query) if name is not None}


async def recover_in_doubt(
    session: AsyncSession, *, now: datetime, older_than: timedelta, by: Collection[str] = ()
) -> tuple[int, int]:
    """Claims without an end, left by a crash: their kind's policy says again or never. Returns (released, failed).

    Claims of `by` (doors that have nothing in flight: one that starts, those whose process ended) are taken at any age,
    others when older than that.
    """
    # A claim of tomorrow is as stale: it was left by a clock that was ahead.
    is_stale = or_(Delivery.claimed_at <= now - older_than, Delivery.claimed_at > now + older_than)
    is_left_over = or_(is_stale, is_one_of(Delivery.claimed_by, by))
    rows = await session.execute(
        select(Delivery.id, Delivery.kind, Delivery.edits_id).where(
            IS_UNSETTLED, Delivery.claimed_at.is_not(None), is_left_over
        )
    )
    n_released = n_failed = 0
    for delivery_id, kind, edits_id in rows.all():
        policy = POLICIES.get(kind)
        if policy is not None and policy.in_doubt == "twice":
            await _release(session, delivery_id, edits_id, IS_UNSETTLED, now=now, due_at=now)
            n_released += 1
        else:
            await _change(session, delivery_id, IS_UNSETTLED, failed_at=now, failure=Failure.IN_DOUBT)
            n_failed += 1
    return n_released, n_failed


async def pull_forward(session: AsyncSession, *, now: datetime) -> None:
    """What a clock that was ahead put off leaves now; pushes keep the hour that was chosen for them.

    No retry and no change of a message is put off for longer than LONGEST_DELAY, and nothing is written after now.
    """
    is_put_off = and_(
        Delivery.due_at > now + LONGEST_DELAY,
        or_(Delivery.n_attempts > 0, Delivery.edits_id.is_not(None), Delivery.created_at == Delivery.due_at),
    )
    late = update(Delivery).where(IS_WAITING, is_put_off, ~is_one_of(Delivery.kind, PROACTIVE)).values(due_at=now)
    await session.execute(late.execution_options(synchronize_session=False))


async def outlook(session: AsyncSession, *, now: datetime) -> tuple[bool, datetime | None]:
    """Whether anything that is due has to wait for its turn, and when the next delivery after `now` is due."""
    is_due = exists().where(IS_WAITING, Delivery.due_at <= now)
    next_due_at = select(func.min(Delivery.due_at)).where(IS_WAITING, Delivery.due_at > now)
    return bool(await session.scalar(select(is_due))), await session.scalar(next_due_at)


async def recent_sends(
    session: AsyncSession, *, since: datetime, not_by: str | None
) -> list[tuple[int, datetime, bool]]:
    """What left since then, by other doors than `not_by`: (Telegram chat id, when, is an edit), oldest first."""
    sends = (
        select(_ADDRESS, Delivery.sent_at, Delivery.edits_id)
        .outerjoin(Member, Delivery.member_id == Member.id)
        .outerjoin(Chat, Delivery.chat_id == Chat.id)
        .outerjoin(_MovedChat, Chat.migrated_to_id == _MovedChat.id)
        .where(Delivery.sent_at > since)
        .order_by(Delivery.sent_at)
    )
    if not_by is not None:
        sends = sends.where(Delivery.claimed_by != not_by)
    rows = await session.execute(sends)
    return [(address, at, edits_id is not None) for address, at, edits_id in rows if at is not None]


async def _release(
    session: AsyncSession,
    delivery_id: int,
    edits_id: int | None,
    still: ColumnElement[bool],
    *,
    now: datetime,
    due_at: datetime,
) -> None:
    await _change(session, delivery_id, still, claimed_at=None, claimed_by=None, due_at=due_at)
    if edits_id is None:
        return
    newest = select(func.max(Delivery.id)).where(Delivery.edits_id == edits_id)
    await supersede(session, edits_id, now=now, before_id=await session.scalar(newest))


def _is_still(claim: ClaimedDelivery) -> ColumnElement[bool]:
    # A door that hung for minutes may find that another recovered its claim: then the row is no longer its to change.
    return and_(IS_UNSETTLED, Delivery.claimed_at.is_not(None), Delivery.n_attempts == claim.n_attempts)


async def _change(session: AsyncSession, delivery_id: int, still: ColumnElement[bool], **values: Any) -> bool:
    """Write to a row only while it is `still` so; says whether it was."""
    change = update(Delivery).where(Delivery.id == delivery_id, still).values(**values)
    result = await session.execute(change.execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]
