"""Everything held about a member: exported on request, erased on request.

The export walks the tables themselves, so that a table added tomorrow is in it; the erasure leans on the foreign keys
(what a member did goes with the member, what others did stays) and wipes by hand what no key reaches: their words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Table, and_, delete, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.erasure import own_numbers, traces
from models.domain.events import events
from models.domain.installation import timetable
from models.domain.introductions import introductions, people_to_meet
from models.domain.invitations import answers
from models.domain.listings import answers as listing_answers
from models.domain.listings import erasure as listings
from models.domain.sending import deliveries, naming
from models.tables.base import Base
from models.tables.community import Chat, ChatKind
from models.tables.consent import Consent, Purpose
from models.tables.inbox import RawUpdate
from models.tables.job import JobName
from models.tables.member import Member, MuteKind
from models.tables.message import Mention, Message, Sender, Thread
from models.tables.model import ModelStatus, TrainedModel

# Columns that say whose row it is; other links to a member (who was answered, who is mentioned) make a row theirs, not mine.
OWNER_COLUMNS = ("member_id", "host_id")
# What a message repeats of another one, and what a forwarded one holds of somebody else's.
_QUOTING = {"quote", "external_reply"}
# Telegram counts all updates to us with it.
_COUNTERS = {"update_id"}
_WORDS = {"forward_origin", "text", "caption", "entities", "caption_entities"}
# Models that are fitted anew when a member they learned from goes.
TRAININGS = (JobName.TRAIN_RECOMMENDER, JobName.TRAIN_INTERACTION_MODEL, JobName.TRAIN_INVITATION_MODEL)


@dataclass(frozen=True)
class Holdings:
    """How many rows of each kind are held, for a short answer."""

    n_messages: int
    n_reactions: int
    n_interactions: int
    n_recommendations: int


async def holdings(session: AsyncSession, member_id: int) -> Holdings:
    """Counts of what matters to a person."""
    counts = []
    for name in ("message", "reaction", "interaction", "recommendation"):
        table = Base.metadata.tables[name]
        query = select(func.count()).select_from(table).where(table.c.member_id == member_id)
        counts.append(await session.scalar(query) or 0)
    return Holdings(*counts)


async def export(session: AsyncSession, member: Member) -> dict[str, Any]:
    """All rows about a member, by table, texts opened; instants as ISO 8601. Ids stay, so that rows can be tied."""
    everything: dict[str, Any] = {"member": [await _own_row(session, member)]}
    for table in Base.metadata.sorted_tables:
        owner = next((table.c[name] for name in OWNER_COLUMNS if name in table.c), None)
        if owner is not None:
            rows = await session.execute(select(table).where(owner == member.id).order_by(table.c.id))
            everything[table.name] = [_without_hints(table, _readable(row._mapping)) for row in rows]
    raw = select(RawUpdate.payload).where(
        RawUpdate.sender_telegram_id == member.telegram_id, RawUpdate.payload.is_not(None)
    )
    payloads = [payload for payload in await session.scalars(raw) if payload]
    held = {**own_numbers.renumber(everything), "raw_update": [_own_part(one, member.telegram_id) for one in payloads]}
    return {name: rows for name, rows in held.items() if rows}


def _without_hints(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Whom a member left out without learning the name: not even a number of ours says who."""
    if table.name == "mute" and row["kind"] == MuteKind.NAMELESS:
        return {**row, "target": None}
    return row


def _own_part(payload: bytes, own_id: int | None) -> str:
    """An update as JSON again, in which people and messages of others are only their numbers.

    Telegram repeats the message that is answered or pressed, with its words and the name of whoever wrote it.
    """
    try:
        return orjson.dumps(_without_others(orjson.loads(payload), own_id)).decode()
    except (orjson.JSONEncodeError, orjson.JSONDecodeError, RecursionError):
        # Numbers or depths that no client writes: what cannot be looked through is not handed out.
        return "{}"


def _without_others(value: Any, own_id: int | None) -> Any:
    if isinstance(value, list):
        return [_without_others(one, own_id) for one in value]
    if not isinstance(value, dict):
        return value
    if "first_name" in value and value.get("id") != own_id:
        return {"id": value.get("id")}
    if _is_message(value) and (value.get("from") or {}).get("id") != own_id:
        return {"message_id": value["message_id"]}
    hidden_keys = _QUOTING | _COUNTERS | (_WORDS if "forward_origin" in value else set())
    return {name: _without_others(one, own_id) for name, one in value.items() if name not in hidden_keys}


def _is_message(value: dict[str, Any]) -> bool:
    """A reaction has a message's number too, but says by `user` or `actor_chat` whose it is."""
    return {"message_id", "chat"} <= value.keys() and not {"user", "actor_chat"} & value.keys()


async def _own_row(session: AsyncSession, member: Member) -> dict[str, Any]:
    table: Table = Base.metadata.tables["member"]
    return _readable((await session.execute(select(table).where(table.c.id == member.id))).one()._mapping)


def _readable(row: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """Files that we made are named only: an export among them would hold those before it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        is_file = deliveries.is_attachment(value)
        return {name: _plain(one) for name, one in value.items() if not (is_file and name == deliveries.UPLOAD)}
    return value


async def forget(session: AsyncSession, member: Member, *, now: datetime) -> None:
    """Erase a member: rows, words, raw updates, what was derived from them, and models that learned from them.

    Criteria: no row names them or holds their words afterwards, nor does anything that waits for others; others' replies stay;
    counts of events stay right because their answers go too; models that knew them stop serving at once and are fitted anew
    without them.
    """
    communities = list(
        await session.scalars(
            select(Consent.community_id).where(Consent.member_id == member.id, Consent.purpose == Purpose.LEARN)
        )
    )
    await traces.forget(session, member)
    await listings.erase(session, member.id, now=now)
    await listing_answers.forget_named(session, member.id, now=now)
    await _wipe_words(session, member.id)
    await naming.take_back(session, member.id, now=now)
    events_naming = [event.id for event in await events.naming(session, member.id)]
    await answers.forget_named(session, member.id, events_naming, now=now)
    await people_to_meet.forget_named(session, member.id, now=now)
    await introductions.forget_named(session, member.id, now=now)
    await session.execute(
        delete(RawUpdate).where(
            or_(
                RawUpdate.sender_telegram_id == member.telegram_id,
                # A member's id is that of their private chat, and above 0: so ix_raw_update_in_private finds it.
                and_(
                    RawUpdate.chat_telegram_id == member.telegram_id, RawUpdate.chat_telegram_id > literal_column("0")
                ),
            )
        )
    )
    await session.execute(delete(Chat).where(Chat.telegram_id == member.telegram_id, Chat.kind == ChatKind.PRIVATE))
    await session.execute(delete(Member).where(Member.id == member.id))
    await introductions.drop_without_sides(session)
    await _unlearn(session, communities, now)


async def _wipe_words(session: AsyncSession, member_id: int) -> None:
    own = select(Message.id).where(Message.member_id == member_id)
    # Two statements: PostgreSQL would look for either in one by reading every mention.
    await session.execute(delete(Mention).where(Mention.message_id.in_(own)))
    await session.execute(delete(Mention).where(Mention.member_id == member_id))
    threads = select(Message.thread_id).where(Message.member_id == member_id, Message.thread_id.is_not(None))
    await session.execute(update(Thread).where(Thread.id.in_(threads)).values(keywords=None))
    blank = {
        "text": None,
        "details": None,
        "sender": Sender.WITHHELD,
        "kind": "withheld",
        "member_id": None,
        "n_links": 0,
    }
    await session.execute(update(Message).where(Message.member_id == member_id).values(blank))


async def _unlearn(session: AsyncSession, community_ids: list[int], now: datetime) -> None:
    """Models that may know the member stop serving and lose their artefact; baselines serve until the next training."""
    if not community_ids:
        return
    statement = update(TrainedModel).where(
        is_one_of(TrainedModel.community_id, community_ids), TrainedModel.artefact.is_not(None)
    )
    await session.execute(statement.values(artefact=None, status=ModelStatus.RETIRED, retired_at=now))
    for name in TRAININGS:
        await timetable.defer(session, name, now=now)
