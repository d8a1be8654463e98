"""Members and what ties them to communities, kept in step with what is heard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, keys_of_session, table_of
from models.domain.heard import Person
from models.encryption import KeyRing
from models.tables.consent import Consent
from models.tables.member import Member, Membership, Presence

# SQLite takes at most 32,766 variables in one statement; pairs take two each.
CHUNK = 5_000


async def ensure_members(session: AsyncSession, people: Iterable[Person], *, now: datetime) -> dict[int, int]:
    """Row ids of these people by Telegram id; unknown ones get a row, changed names are written."""
    by_id = {person.telegram_id: person for person in people}
    if not by_id:
        return {}
    keys = keys_of_session(session)
    known = await _known(session, list(by_id))
    missing = [person for telegram_id, person in by_id.items() if telegram_id not in known]
    if missing:
        rows = [_row(person, keys) | {"created_at": now} for person in missing]
        await session.execute(insert_of(session, Member).on_conflict_do_nothing(), rows)
        known |= await _known(session, [person.telegram_id for person in missing])
    changed = [
        _row(person, keys) | {"row_id": known[telegram_id][0]}
        for telegram_id, person in by_id.items()
        if person.name != "?" and known[telegram_id][1] != _profile_hash(person, keys)
    ]
    if changed:
        await session.execute(_RENAME, changed)
    return {telegram_id: row_id for telegram_id, (row_id, _) in known.items()}


async def _known(session: AsyncSession, telegram_ids: list[int]) -> dict[int, tuple[int, str | None]]:
    known: dict[int, tuple[int, str | None]] = {}
    for start in range(0, len(telegram_ids), CHUNK):
        query = select(Member.telegram_id, Member.id, Member.profile_hash)
        rows = await session.execute(query.where(Member.telegram_id.in_(telegram_ids[start : start + CHUNK])))
        known |= {telegram_id: (row_id, profile) for telegram_id, row_id, profile in rows if telegram_id is not None}
    return known


_MEMBER = table_of(Member)
_RENAME = (
    update(_MEMBER)
    .where(_MEMBER.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in ("name", "handle", "handle_hash", "profile_hash", "client_language")})
)


def _row(person: Person, keys: KeyRing) -> dict[str, Any]:
    return {
        "telegram_id": person.telegram_id,
        "is_bot": person.is_bot,
        "name": person.name,
        "handle": person.handle,
        "handle_hash": keys.lookup_hash(person.handle) if person.handle else None,
        "profile_hash": _profile_hash(person, keys),
        "client_language": person.language and person.language[:16],
    }


def _profile_hash(person: Person, keys: KeyRing) -> str:
    return keys.lookup_hash("\x00".join((person.name, person.handle or "", person.language or "")))


async def touch_memberships(session: AsyncSession, seen: dict[tuple[int, int], datetime]) -> None:
    """Note when members were last seen, by (member id, community id); a first sight makes the membership."""
    if not seen:
        return
    rows = [
        {"member_id": member_id, "community_id": community_id, "last_seen_at": at, "joined_at": None, "role": "member"}
        for (member_id, community_id), at in seen.items()
    ]
    statement = insert_of(session, Membership)
    # Late updates and imports never make anyone look seen earlier than they were.
    later = statement.excluded.last_seen_at > Membership.last_seen_at
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id", "community_id"],
            set_={"last_seen_at": statement.excluded.last_seen_at},
            where=later | Membership.last_seen_at.is_(None),
        ),
        rows,
    )


async def presences(session: AsyncSession, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Status by (chat id, member id), for those that have one."""
    wanted = list(pairs)
    query = select(Presence.chat_id, Presence.member_id, Presence.status)
    rows = await session.execute(query.where(tuple_(Presence.chat_id, Presence.member_id).in_(wanted)))
    return {(chat_id, member_id): status for chat_id, member_id, status in rows}


async def decliners(session: AsyncSession, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of these (member id, community id), those who declined being recorded."""
    wanted = list(pairs)
    if not wanted:
        return set()
    rows = await session.execute(
        select(Consent.member_id, Consent.community_id).where(
            Consent.purpose == "record",
            Consent.is_given.is_(False),
            Consent.member_id.in_({member_id for member_id, _ in wanted}),
        )
    )
    return {(member_id, community_id) for member_id, community_id in rows} & set(wanted)
