"""Words on their way: a delivery is queued in the transaction of the decision that wants it, and sent later by the door.

The other half, what the door does to the rows, is claims.py.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_many, is_one_of
from models.domain.sending.about import About, about_of
from models.domain.sending.policies import POLICIES, Policy, UnknownKind, policy_of
from models.tables.consent import Consent, look_again
from models.tables.delivery import Delivery, DeliveryKind, Failure

__all__ = [
    "INSTEAD",
    "POLICIES",
    "Letter",
    "NoReason",
    "Policy",
    "UnknownKind",
    "attachment",
    "free",
    "policy_of",
    "queue",
    "queue_all",
    "say_instead",
    "used_keys",
    "withdraw",
]

# A card in a busy group changes at most this often: a burst of presses ends in few edits, and the group's 20 calls a
# minute keep room for messages (the limiter also caps all edits of a group, see bot/delivery/pacing.py).
EDIT_GAP = timedelta(seconds=3)

# The part of a payload that is no parameter: what is said where the method is refused.
INSTEAD = "instead"
# The part of an attachment that holds its bytes.
UPLOAD = "upload"

# A delivery that nothing has decided yet; the partial index ix_delivery_waiting serves it.
IS_UNSETTLED = and_(Delivery.sent_at.is_(None), Delivery.failed_at.is_(None))
IS_WAITING = and_(IS_UNSETTLED, Delivery.claimed_at.is_(None))


class NoReason(ValueError):
    """A push without a reason: no reason, not sent."""


async def queue(
    session: AsyncSession,
    kind: DeliveryKind,
    *,
    now: datetime,
    payload: dict[str, Any],
    method: str = "sendMessage",
    member_id: int | None = None,
    chat_id: int | None = None,
    thread_id: int | None = None,
    community_id: int | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    reasons: Sequence[Any] | None = None,
    about: About | None = None,
    once_key: str | None = None,
    edits_id: int | None = None,
    instead: dict[str, Any] | None = None,
    is_further: bool = False,
) -> Delivery | None:
    """Write one delivery; it leaves when this transaction is committed and its time has come.

    - `payload` is the method's parameters without the destination, JSON values only; `attachment()` makes a file.
    - Exactly one of `member_id` (their private chat) and `chat_id`, our row ids; `thread_id` is Telegram's topic.
    - `edits_id` names the delivery whose message changes; its destination is taken over, and an older change of the same
      message that has not left is replaced.
    - `reasons` of a push say why, in the caller's own shape; a dict among them may hold `"about": ["person:42"]` (a Mute's
      kind and target, or what a Check of checks.py knows), and a push about something muted or untrue meanwhile is dropped;
      of what is no push (names that passed at night) only what a Check knows.
    - `instead`: the payload of a message that says it where Telegram refuses the method for good (see say_instead()).
    - `is_further`: not the first thing that somebody is answered just now; it goes behind first answers to others.
    - `about` something is said to a member once; `once_key`, for what is about no row, once ever: else None is returned.

    Raises UnknownKind, NoReason for a push without reasons, ValueError for no or two destinations.
    """
    policy = policy_of(kind)
    if policy.is_proactive and not reasons:
        raise NoReason(f"A {kind} needs a reason; without one it is not sent.")
    if about is not None and once_key is None and member_id is not None:
        once_key = about.once_key(member_id)
    if once_key is not None and await _is_used(session, once_key):
        return None
    delivery = Delivery(
        kind=kind,
        method=method,
        payload=payload if instead is None else {**payload, INSTEAD: instead},
        member_id=member_id,
        chat_id=chat_id,
        telegram_thread_id=thread_id,
        community_id=community_id,
        reasons=list(reasons) if reasons else None,
        **(about.columns() if about else {}),
        once_key=once_key,
        priority=policy.priority + is_further,
        created_at=now,
        due_at=due_at or now,
        expires_at=expires_at,
    )
    if edits_id is not None:
        await _aim_at(session, delivery, edits_id, now=now)
    if (delivery.member_id is None) == (delivery.chat_id is None):
        raise ValueError(f"A {kind} needs exactly one destination: a member or a chat.")
    return await _insert(session, delivery)


@dataclass(frozen=True)
class Letter:
    """One of many pushes of a kind: what queue() takes, for a member of a community."""

    member_id: int
    community_id: int
    payload: dict[str, Any]
    reasons: Sequence[Any]
    once_key: str
    expires_at: datetime | None = None


async def queue_all(
    session: AsyncSession, kind: DeliveryKind, letters: Sequence[Letter], *, now: datetime
) -> list[int | None]:
    """Write many deliveries in one statement; returns their ids in order, None where its once_key was used before.

    Raises UnknownKind, NoReason.
    """
    if not letters:
        return []
    policy = policy_of(kind)
    if policy.is_proactive and not all(letter.reasons for letter in letters):
        raise NoReason(f"A {kind} needs a reason; without one it is not sent.")
    rows = [
        {
            "kind": kind,
            "method": "sendMessage",
            "payload": letter.payload,
            "member_id": letter.member_id,
            "community_id": letter.community_id,
            "reasons": list(letter.reasons) or None,
            "once_key": letter.once_key,
            "priority": policy.priority,
            "created_at": now,
            "due_at": now,
            "expires_at": letter.expires_at,
            "n_attempts": 0,
        }
        for letter in letters
    ]
    statement, parameters = insert_many(session, Delivery, rows)
    statement = statement.on_conflict_do_nothing(index_elements=["once_key"])
    result = await session.execute(statement.returning(Delivery.once_key, Delivery.id), parameters)
    ids = {row.once_key: row.id for row in result}
    return [ids.get(letter.once_key) for letter in letters]


async def withdraw(
    session: AsyncSession, delivery_ids: Sequence[int], *, now: datetime, why: Failure = Failure.WITHDRAWN
) -> int:
    """Take back what has not left yet (a cancelled event's invitations); returns how many. What was claimed goes out."""
    statement = update(Delivery).where(is_one_of(Delivery.id, delivery_ids), IS_WAITING)
    result = await session.execute(statement.values(failed_at=now, failure=why))
    return int(result.rowcount)  # type: ignore[attr-defined]


async def free(session: AsyncSession, delivery_ids: Collection[int]) -> None:
    """What did not leave may be said anew by its job, in the words that hold then; of the old ones nothing is kept.

    Whose digest it was is looked at again at the next look, as due as when that was written.
    """
    ours = is_one_of(Delivery.id, delivery_ids)
    is_digest = and_(ours, Delivery.kind == DeliveryKind.DIGEST)
    readers = select(Delivery.member_id, Delivery.community_id).where(is_digest)
    is_theirs = and_(Delivery.member_id == Consent.member_id, Delivery.community_id == Consent.community_id)
    written_at = select(func.max(Delivery.created_at)).where(is_digest, is_theirs).scalar_subquery()
    again = look_again().where(tuple_(Consent.member_id, Consent.community_id).in_(readers))
    await session.execute(again.values(digest_due_at=written_at))
    await session.execute(update(Delivery).where(ours).values(once_key=None, payload=None, reasons=None))


async def say_instead(session: AsyncSession, delivery_id: int, *, now: datetime) -> Delivery | None:
    """Telegram refused the method for good: queue what was to be said in that case, once; None where there is nothing."""
    delivery = await session.get_one(Delivery, delivery_id)
    message = (delivery.payload or {}).get(INSTEAD)
    if message is None:
        return None
    return await queue(
        session,
        delivery.kind,
        now=now,
        payload=message,
        member_id=delivery.member_id,
        chat_id=delivery.chat_id,
        thread_id=delivery.telegram_thread_id,
        community_id=delivery.community_id,
        expires_at=delivery.expires_at,
        about=about_of(delivery),
        once_key=f"instead:{delivery_id}",
    )


def attachment(content: bytes, filename: str) -> dict[str, str]:
    """A payload value that the door uploads as a file; keep it below 1 MB, it is stored in the row."""
    return {UPLOAD: base64.b64encode(content).decode(), "filename": filename}


def is_attachment(value: dict[str, Any]) -> bool:
    """Whether this part of a payload is such a file."""
    return {UPLOAD, "filename"} <= value.keys()


async def supersede(session: AsyncSession, edits_id: int, *, now: datetime, before_id: int | None = None) -> None:
    """Changes of one message that have not left give way to a newer one (older than `before_id`, None: all)."""
    older = update(Delivery).where(Delivery.edits_id == edits_id, IS_WAITING)
    if before_id is not None:
        older = older.where(Delivery.id < before_id)
    await session.execute(older.values(failed_at=now, failure=Failure.SUPERSEDED))


async def _aim_at(session: AsyncSession, delivery: Delivery, edits_id: int, *, now: datetime) -> None:
    """Point an edit at the message's first delivery, replace older changes, keep the pace of a busy card."""
    target = await session.get_one(Delivery, edits_id)
    delivery.edits_id = target.edits_id or target.id
    delivery.member_id, delivery.chat_id = target.member_id, target.chat_id
    delivery.community_id = delivery.community_id or target.community_id
    await supersede(session, delivery.edits_id, now=now)
    if delivery.chat_id is not None:
        last = select(func.max(Delivery.claimed_at)).where(Delivery.edits_id == delivery.edits_id)
        # None of tomorrow: a clock that was ahead must not silence the card.
        last = last.where(Delivery.claimed_at <= now)
        last_at = await session.scalar(last)
        delivery.due_at = max(delivery.due_at, last_at + EDIT_GAP) if last_at else delivery.due_at


async def used_keys(session: AsyncSession, once_keys: Collection[str]) -> set[str]:
    """Those of these keys that something was queued with."""
    rows = await session.scalars(select(Delivery.once_key).where(is_one_of(Delivery.once_key, once_keys)))
    return {key for key in rows if key is not None}


async def _is_used(session: AsyncSession, once_key: str) -> bool:
    return await session.scalar(select(Delivery.id).where(Delivery.once_key == once_key)) is not None


async def _insert(session: AsyncSession, delivery: Delivery) -> Delivery | None:
    try:
        async with session.begin_nested():
            session.add(delivery)
            await session.flush()
    except IntegrityError:
        # Another process used the key between our look and our insert; anything else is a fault of ours and loud.
        if delivery.once_key is None or not await _is_used(session, delivery.once_key):
            raise
        return None
    return delivery
