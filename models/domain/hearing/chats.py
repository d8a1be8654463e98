"""Chats, the communities they belong to, their topics, and their moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, is_one_of
from models.domain.hearing.facts import HeardMigration, HeardTopic, Place
from models.domain.hearing.merging import merge_communities
from models.tables.community import GROUPS, Chat, ChatKind, Community, Topic
from models.tables.member import Presence
from models.tables.message import Message

# When a chat was last heard is written at most this often.
HEARD_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KnownChat:
    """Row ids behind a place; a private chat or an unlinked channel has no community."""

    id: int
    community_id: int | None


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new community speaks, and the zone it keeps, until its admins choose."""

    language: str = "en"
    time_zone: str = "UTC"


UNTOLD = Founding()


async def ensure_chats(
    session: AsyncSession, places: Iterable[Place], *, now: datetime, founding: Founding = UNTOLD
) -> dict[int, KnownChat]:
    """Chats by Telegram id; unknown ones get a row, and a group without a community founds one named after it."""
    by_id = {place.telegram_id: place for place in places}
    if not by_id:
        return {}
    rows = {
        chat.telegram_id: chat for chat in await session.scalars(select(Chat).where(is_one_of(Chat.telegram_id, by_id)))
    }
    for telegram_id, place in by_id.items():
        chat = rows.get(telegram_id)
        if chat is None:
            chat = await _new_chat(session, place, now)
            rows[telegram_id] = chat
        _refresh(chat, place, now)
        if chat.community_id is None and place.kind in GROUPS:
            await _found_community(session, chat, founding, now)
    await session.flush()
    return {telegram_id: KnownChat(chat.id, chat.community_id) for telegram_id, chat in rows.items()}


async def enter_chat(session: AsyncSession, place: Place, *, now: datetime) -> Chat:
    """The row of one chat, made when there is none; founds no community."""
    chat = (await session.scalars(select(Chat).where(Chat.telegram_id == place.telegram_id))).one_or_none()
    return chat or await _new_chat(session, place, now)


async def _new_chat(session: AsyncSession, place: Place, now: datetime) -> Chat:
    # Another process may found the same chat at the same moment: the unique id decides, both read one row.
    row = {"telegram_id": place.telegram_id, "kind": place.kind, "created_at": now}
    await session.execute(insert_of(session, Chat).on_conflict_do_nothing(), [row])
    return (await session.scalars(select(Chat).where(Chat.telegram_id == place.telegram_id))).one()


def _refresh(chat: Chat, place: Place, now: datetime) -> None:
    """Write only what changed: an unchanged row costs no statement. A vague place fills what is missing."""
    details = {"title": place.title, "handle": place.handle, "is_forum": place.is_forum, "kind": place.kind}
    for name, value in details.items():
        old_value = getattr(chat, name)
        if value is not None and old_value != value and not (place.is_vague and old_value):
            setattr(chat, name, value)
    if not place.is_vague and (chat.last_heard_at is None or now - chat.last_heard_at > HEARD_EVERY):
        chat.last_heard_at = now


async def _found_community(session: AsyncSession, chat: Chat, founding: Founding, now: datetime) -> None:
    choices = {"language": founding.language, "time_zone": founding.time_zone}
    community = Community(name=chat.title or "?", created_at=now, settings={}, **choices)
    session.add(community)
    await session.flush()
    chat.community_id = community.id


async def migrate(
    session: AsyncSession, migration: HeardMigration, *, now: datetime, founding: Founding = UNTOLD
) -> None:
    """Follow a group to its new id: the new row takes over its community, and who is there as what."""
    await ensure_chats(session, [migration.place], now=now, founding=founding)
    old = (await session.scalars(select(Chat).where(Chat.telegram_id == migration.place.telegram_id))).one()
    place = Place(migration.new_telegram_id, ChatKind.SUPERGROUP, migration.place.title, is_vague=True)
    new = await enter_chat(session, place, now=now)
    if old.id == new.id or old.migrated_to_id == new.id:
        return
    _refresh(new, place, now)
    new_community_id, new.community_id = new.community_id, old.community_id
    new.bot_status = new.bot_status or old.bot_status
    old.migrated_to_id, old.gone_at, old.gone_reason = new.id, now, "migrated"
    await session.flush()
    await _move_presences(session, old.id, new.id)
    if new_community_id is not None and old.community_id is not None and new_community_id != old.community_id:
        await _merge_if_empty(session, new_community_id, old.community_id)


async def _move_presences(session: AsyncSession, old_id: int, new_id: int) -> None:
    """Administrators stay administrators: Telegram does not tell it again. What the new chat told already wins."""
    present_there = select(Presence.member_id).where(Presence.chat_id == new_id)
    move = (
        update(Presence)
        .where(Presence.chat_id == old_id, Presence.member_id.not_in(present_there))
        .values(chat_id=new_id)
    )
    await session.execute(move, execution_options={"synchronize_session": False})
    await session.execute(delete(Presence).where(Presence.chat_id == old_id))


async def _merge_if_empty(session: AsyncSession, founded_id: int, community_id: int) -> None:
    """A supergroup heard before its migration founded a community of its own; what happened there is kept."""
    has_chat = await session.scalar(select(Chat.id).where(Chat.community_id == founded_id).limit(1))
    if has_chat is None:
        await merge_communities(session, founded_id, community_id)


async def learn_topic(session: AsyncSession, topic: HeardTopic, chat_id: int) -> None:
    """Keep what was said of a topic; None leaves what is known, and so does an export."""
    row = {"chat_id": chat_id, "telegram_thread_id": topic.telegram_thread_id, "name": topic.name, "is_closed": False}
    await session.execute(insert_of(session, Topic).on_conflict_do_nothing(), [row])
    details = {"name": topic.name, "is_closed": topic.is_closed}
    changes = {name: value for name, value in details.items() if value is not None}
    if changes and not topic.place.is_vague:
        where = (Topic.chat_id == chat_id, Topic.telegram_thread_id == topic.telegram_thread_id)
        await session.execute(update(Topic).where(*where).values(changes))


async def known_topics(session: AsyncSession, telegram_id: int) -> set[int]:
    """Telegram's thread ids of a chat's topics, by the chat's Telegram id."""
    query = select(Topic.telegram_thread_id).join(Chat, Chat.id == Topic.chat_id).where(Chat.telegram_id == telegram_id)
    return set(await session.scalars(query))


async def pin(session: AsyncSession, chat_id: int, telegram_message_id: int, at: datetime) -> None:
    """Note when a message was last pinned; one we never heard of changes nothing."""
    where = (Message.chat_id == chat_id, Message.telegram_message_id == telegram_message_id)
    is_later = Message.pinned_at.is_(None) | (Message.pinned_at < at)
    await session.execute(update(Message).where(*where, is_later).values(pinned_at=at))
