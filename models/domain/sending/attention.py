"""How much of a member's attention Klatch may ask for, decided at the door just before sending.

Only proactive private messages are held or dropped; replies, a member's own events and reminders pass at any hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.member_time import Defaults, QuietHours, quiet_hours
from models.domain.sending.checks import Checks, holds
from models.domain.sending.policies import PROACTIVE, policy_of
from models.tables.community import Community
from models.tables.consent import Consent
from models.tables.delivery import Delivery, Failure
from models.tables.member import Member, Mute

# The attention budget counts what was sent within this time.
BUDGET_WINDOW = timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """What a member's rows say about one push at this instant; `recent` holds the pushes within BUDGET_WINDOW."""

    is_reachable: bool
    has_consent: bool
    is_muted: bool
    paused_until: datetime | None
    quiet: QuietHours
    budget: int
    recent: Sequence[datetime] = ()
    is_outdated: bool = False


@dataclass(frozen=True)
class Verdict:
    """Send now, hold until an instant, or drop for ever; `why` is fit for the failure column."""

    action: Literal["send", "hold", "drop"]
    why: Failure | None = None
    until: datetime | None = None


SEND = Verdict("send")


def decide(standing: Standing, *, now: datetime, expires_at: datetime | None) -> Verdict:
    """May this push reach the member now? What would expire while it is held is dropped for the reason it was held."""
    if not standing.is_reachable:
        return Verdict("drop", Failure.UNREACHABLE)
    if not standing.has_consent:
        return Verdict("drop", Failure.NO_CONSENT)
    if standing.is_muted:
        return Verdict("drop", Failure.MUTED)
    if standing.is_outdated:
        return Verdict("drop", Failure.OUTDATED)
    if standing.paused_until is not None and standing.paused_until > now:
        return _hold(Failure.PAUSED, standing.paused_until, expires_at)
    if len(standing.recent) >= standing.budget:
        return _hold_for_budget(standing, expires_at)
    end = standing.quiet.end_after(now)
    return SEND if end is None else _hold(Failure.QUIET_HOURS, end, expires_at)


def _hold_for_budget(standing: Standing, expires_at: datetime | None) -> Verdict:
    if standing.budget <= 0:
        return Verdict("drop", Failure.BUDGET)
    # With n over the budget, the (n + 1)th newest push has to leave the window before there is room for one more.
    leaves_at = sorted(standing.recent)[len(standing.recent) - standing.budget] + BUDGET_WINDOW
    return _hold(Failure.BUDGET, leaves_at, expires_at)


def _hold(why: Failure, until: datetime, expires_at: datetime | None) -> Verdict:
    if expires_at is not None and expires_at <= until:
        return Verdict("drop", why)
    return Verdict("hold", why, until)


async def standing_of(
    session: AsyncSession, delivery: Delivery, *, now: datetime, defaults: Defaults, checks: Checks
) -> Standing:
    """The member's standing towards one proactive delivery. Raises LookupError when it has no member."""
    member = await session.get(Member, delivery.member_id, populate_existing=True) if delivery.member_id else None
    if member is None:
        raise LookupError(f"Delivery {delivery.id} has no member.")
    community = await session.get(Community, delivery.community_id) if delivery.community_id else None
    about = subjects(delivery.reasons)
    return Standing(
        is_reachable=member.is_reachable,
        has_consent=await _has_consent(session, delivery),
        is_muted=await _is_muted(session, member.id, about, now=now),
        is_outdated=not await holds(session, member.id, about, checks, now=now),
        paused_until=member.paused_until,
        quiet=quiet_hours(member, community.time_zone if community else None, defaults),
        budget=defaults.attention_budget if member.attention_budget is None else member.attention_budget,
        recent=await recent_pushes(session, member.id, now=now),
    )


async def _has_consent(session: AsyncSession, delivery: Delivery) -> bool:
    purpose = policy_of(delivery.kind).purpose
    if purpose is None:
        return True
    condition = and_(
        Consent.member_id == delivery.member_id,
        Consent.community_id == delivery.community_id,
        Consent.purpose == purpose,
    )
    return bool(await session.scalar(select(Consent.is_given).where(condition)))


def subjects(reasons: Any) -> set[tuple[str, str]]:
    """What the reasons of a push are about, as (kind, target) of a Mute, or of a Check; see deliveries.queue()."""
    about = [subject for reason in reasons or () if isinstance(reason, dict) for subject in reason.get("about", ())]
    pairs = [str(subject).partition(":") for subject in about]
    return {(kind, target) for kind, _, target in pairs}


async def _is_muted(session: AsyncSession, member_id: int, subjects: set[tuple[str, str]], *, now: datetime) -> bool:
    if not subjects:
        return False
    still = or_(Mute.until.is_(None), Mute.until > now)
    rows = await session.execute(select(Mute.kind, Mute.target).where(Mute.member_id == member_id, still))
    return any((kind, target) in subjects for kind, target in rows)


async def recent_pushes(session: AsyncSession, member_id: int, *, now: datetime) -> list[datetime]:
    """When the member was sent a push within BUDGET_WINDOW, over all communities; what may have arrived counts too."""
    since = now - BUDGET_WINDOW
    may_have_arrived = and_(
        Delivery.claimed_at > since,
        Delivery.sent_at.is_(None),
        or_(Delivery.failed_at.is_(None), Delivery.failure == Failure.IN_DOUBT),
    )
    rows = await session.execute(
        select(Delivery.sent_at, Delivery.claimed_at).where(
            Delivery.member_id == member_id,
            Delivery.kind.in_(PROACTIVE),
            or_(Delivery.sent_at > since, may_have_arrived),
        )
    )
    return [at for sent_at, claimed_at in rows if (at := sent_at or claimed_at) is not None]
