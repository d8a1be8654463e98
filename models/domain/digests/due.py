"""Who is due for a digest: found by an index, not by asking everybody every hour.

Each yes to digests keeps when its member is to be looked at next (Consent.digest_due_at). That instant is never later than
their digest hour: whatever decides the hour puts the row first in line (models/tables/consent.py), a digest that did not leave
puts it where it stood when that was written, and a look works out the next one. What may pass within the hours of a digest (a
pause, a block, absence) is asked at the look and not written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, is_one_of, table_of
from models.domain.digests.hours import DigestTime, digest_time, local_day, may_be_written_to
from models.domain.member_time import Defaults
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.consent import AT_ONCE, Consent, Purpose, look_again
from models.tables.inbox import Fact
from models.tables.member import Member, Membership

# Members served together: their names, texts and rows are in memory and in one transaction.
BATCH = 200
DEFAULTS_FACT, CLOCK_FACT = "digest_defaults", "digests_looked_at"

# Where a look stands in the line: instant and row id.
Cursor = tuple[datetime, int]
FIRST: Cursor = (AT_ONCE - timedelta(days=1), 0)


@dataclass(frozen=True)
class Look:
    """Some whose time it may be: `ready` (member ids) get a digest now, `waiting` may not be written to at present."""

    row_ids: tuple[int, ...]
    ready: tuple[int, ...]
    waiting: frozenset[int]
    last: Cursor


def once_key(member_id: int, community_id: int, day: date) -> str:
    """One digest a member, community and day."""
    return f"digest:{member_id}:{community_id}:{day.isoformat()}"


async def follow(session: AsyncSession, defaults: Defaults, *, now: datetime) -> bool:
    """Look at everybody again when the defaults are not those of the last time, or when that was later than now.

    Then the clock was ahead, and whoever was looked at would wait for the day after those that it skipped. Says whether.
    """
    ours = f"{defaults.digest} {defaults.digest_hour} {defaults.quiet_hours} {defaults.time_zone}"
    facts = {DEFAULTS_FACT: ours, CLOCK_FACT: now.isoformat()}
    rows = await session.execute(select(Fact.name, Fact.value).where(is_one_of(Fact.name, facts)))
    before = {row.name: row.value for row in rows}
    statement = insert_of(session, Fact)
    change = statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded.value})
    await session.execute(change, [{"name": name, "value": value} for name, value in facts.items()])
    # Nothing before: nobody was looked at yet, so every row stands first in line as it is.
    has_changed = before.get(DEFAULTS_FACT, ours) != ours
    was_ahead = CLOCK_FACT in before and datetime.fromisoformat(before[CLOCK_FACT]) > now
    if has_changed or was_ahead:
        await session.execute(look_again())
    return has_changed or was_ahead


async def communities(session: AsyncSession, *, now: datetime) -> list[Community]:
    """Those in which somebody is to be looked at."""
    is_time = exists().where(Consent.community_id == Community.id, Consent.digest_due_at <= now)
    return list(await session.scalars(select(Community).where(is_time).order_by(Community.id)))


async def look(
    session: AsyncSession,
    community: Community,
    *,
    now: datetime,
    defaults: Defaults,
    after: Cursor = FIRST,
    limit: int = BATCH,
) -> Look | None:
    """The next of those who are to be looked at, sorted into who is due and who is not; None: nobody is left."""
    in_line = tuple_(Consent.digest_due_at, Consent.id)
    query = _rows(community.id).where(Consent.digest_due_at <= now, in_line > after)
    rows = (await session.execute(query.order_by(Consent.digest_due_at, Consent.id).limit(limit))).all()
    if not rows:
        return None
    now_is_time = [row for row in rows if row.is_given and _is_time(row, digest_time(row, community, defaults), now)]
    keys = {once_key(row.member_id, community.id, local_day(row, community, defaults, now)): row for row in now_is_time}
    used_keys = await deliveries.used_keys(session, keys)
    open_rows = [row for key, row in keys.items() if key not in used_keys]
    ready = [row for row in open_rows if may_be_written_to(row, now) and row.is_there]
    return Look(
        row_ids=tuple(row.id for row in rows),
        ready=tuple(row.member_id for row in ready),
        waiting=frozenset({row.id for row in open_rows} - {row.id for row in ready}),
        last=(rows[-1].digest_due_at, rows[-1].id),
    )


async def settle(
    session: AsyncSession, community: Community, looked_at: Look, *, now: datetime, defaults: Defaults
) -> None:
    """Write when each is looked at next, in the transaction that writes their digests.

    Who waits is looked at again as long as it is their time. The rows are read once more, locked: a choice made since the
    look counts, one that comes later puts them first in line again.
    """
    rows = await session.execute(
        _rows(community.id).where(is_one_of(Consent.id, looked_at.row_ids)).with_for_update(of=Consent)
    )
    changes = []
    for row in rows:
        hour = digest_time(row, community, defaults)
        if not row.is_given:
            changes.append({"row_id": row.id, "next_at": None})
        elif not (row.id in looked_at.waiting and _is_time(row, hour, now)):
            changes.append({"row_id": row.id, "next_at": hour.next_after(now)})
    if changes:
        await session.execute(_NEXT, changes)


def _is_time(row: Any, time: DigestTime, now: datetime) -> bool:
    """At their hour, or later that day where it was due then: we were down, or what was written held no more."""
    return time.is_now(now) or time.is_made_up(now, row.digest_due_at)


_CONSENT = table_of(Consent)
_NEXT = (
    update(_CONSENT)
    .where(_CONSENT.c.id == bindparam("row_id"))
    .values(digest_due_at=bindparam("next_at", type_=_CONSENT.c.digest_due_at.type))
)


def _rows(community_id: int) -> Any:
    """Choices of a community with what decides when; no name is opened for it."""
    is_there = exists().where(
        Membership.member_id == Consent.member_id,
        Membership.community_id == Consent.community_id,
        Membership.left_at.is_(None),
    )
    deciding = (
        Member.digest, Member.digest_hour, Member.quiet_from_hour, Member.quiet_until_hour, Member.time_zone,
        Member.paused_until, Member.reachable_at, Member.blocked_at, Member.is_bot,
    )  # fmt: skip
    query = select(
        Consent.id, Consent.member_id, Consent.is_given, Consent.digest_due_at, *deciding, is_there.label("is_there")
    )
    return query.join(Member, Member.id == Consent.member_id).where(
        Consent.community_id == community_id, Consent.purpose == Purpose.DIGEST
    )
