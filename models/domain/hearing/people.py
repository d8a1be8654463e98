"""Members and what ties them to communities, kept in step with what is heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_many, insert_of, is_one_of, keys_of_session, table_of
from models.domain.hearing.facts import Person
from models.encryption import KeyRing
from models.tables.consent import Consent, Purpose
from models.tables.member import Member, Membership, Role


async def ensure_members(session: AsyncSession, people: Iterable[Person], *, now: datetime) -> dict[int, int]:
    """Row ids of these people by Telegram id; unknown ones get a row, changed names are written.

    Erased people who write again get a fresh row: nothing of the old one is tied to them.
    """
    by_id: dict[int, Person] = {}
    for person in people:
        if not person.is_vague or person.telegram_id not in by_id:
            by_id[person.telegram_id] = person
    if not by_id:
        return {}
    keys = keys_of_session(session)
    members = await _known_members(session, list(by_id))
    missing = [person for telegram_id, person in by_id.items() if telegram_id not in members]
    if missing:
        rows = [_row(person, keys) | {"created_at": now} for person in missing]
        await session.execute(insert_of(session, Member).on_conflict_do_nothing(), rows)
        members |= await _known_members(session, [person.telegram_id for person in missing])
    changes = [
        _row(person, keys) | {"row_id": members[telegram_id].id}
        for telegram_id, person in by_id.items()
        if not person.is_vague
        and person.name != "?"
        and members[telegram_id].profile_hash != _profile_hash(person, keys)
    ]
    if changes:
        await session.execute(_RENAME, changes)
    bot_ids = [members[person.telegram_id].id for person in by_id.values() if person.is_bot]
    bot_ids = [row_id for row_id in bot_ids if row_id not in {row.id for row in members.values() if row.is_bot}]
    if bot_ids:
        await session.execute(update(_MEMBER).where(is_one_of(_MEMBER.c.id, bot_ids)).values(is_bot=True))
    return {telegram_id: row.id for telegram_id, row in members.items()}


class _KnownMember(NamedTuple):
    id: int
    profile_hash: str | None
    is_bot: bool


async def _known_members(session: AsyncSession, telegram_ids: list[int]) -> dict[int, _KnownMember]:
    query = select(Member.telegram_id, Member.id, Member.profile_hash, Member.is_bot)
    rows = await session.execute(query.where(is_one_of(Member.telegram_id, telegram_ids)))
    return {row[0]: _KnownMember(row[1], row[2], row[3]) for row in rows if row[0] is not None}


async def known_bots(session: AsyncSession) -> set[int]:
    """Telegram ids of all bots heard of: an export does not say who is one."""
    query = select(Member.telegram_id).where(Member.is_bot.is_(True), Member.telegram_id.is_not(None))
    return {telegram_id for telegram_id in await session.scalars(query) if telegram_id is not None}


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


async def touch_memberships(session: AsyncSession, seen_at: Mapping[tuple[int, int], datetime]) -> None:
    """Note when members were last seen, by (member id, community id); a first sight makes the membership.

    Late updates and imports never make anyone look seen earlier than they were; who acts after leaving is back.
    """
    if not seen_at:
        return
    # In one order everywhere: two processes that touch the same rows must not wait for each other in a circle.
    rows = [
        {
            "member_id": member_id,
            "community_id": community_id,
            "last_seen_at": at,
            "joined_at": None,
            "role": Role.MEMBER,
        }
        for (member_id, community_id), at in sorted(seen_at.items())
    ]
    statement, parameters = insert_many(session, Membership, rows)
    new_instant = statement.excluded.last_seen_at
    changes = {
        "last_seen_at": new_instant,
        "left_at": case((Membership.left_at < new_instant, None), else_=Membership.left_at),
    }
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id", "community_id"],
            set_=changes,
            where=(new_instant > Membership.last_seen_at) | Membership.last_seen_at.is_(None),
        ),
        parameters,
    )


async def decliners(session: AsyncSession, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of these (member id, community id), those who declined being recorded."""
    wanted_pairs = list(pairs)
    if not wanted_pairs:
        return set()
    rows = await session.execute(
        select(Consent.member_id, Consent.community_id).where(
            Consent.purpose == Purpose.RECORD,
            Consent.is_given.is_(False),
            is_one_of(Consent.member_id, {member_id for member_id, _ in wanted_pairs}),
        )
    )
    return {(member_id, community_id) for member_id, community_id in rows} & set(wanted_pairs)
