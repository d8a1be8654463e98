"""Chats, the communities they belong to, their topics, and their moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of
from models.domain.heard import HeardMigration, HeardTopic, Place
from models.tables.community import Chat, Community, Topic
from models.tables.message import Message

GROUPS = frozenset({"group", "supergroup"})


@dataclass(frozen=True, slots=True)
class KnownChat:
    """Row ids behind a place; a private chat or an unlinked channel has no community."""

    id: int
    community_id: int | None


async def ensure_chats(session: AsyncSession, places: Iterable[Place], *, now: datetime) -> dict[int, KnownChat]:
    """Chats by Telegram id; unknown ones get a row, and a group without a community founds one named after it."""
    by_id = {place.telegram_id: place for place in places}
    if not by_id:
        return {}
    rows = {chat.telegram_id: chat for chat in await session.scalars(select(Chat).where(Chat.telegram_id.in_(by_id)))}
    for telegram_id, place in by_id.items():
        chat = rows.get(telegram_id)
        if chat is None:
            chat = await _new_chat(session, place, now)
            rows[telegram_id] = chat
        _refresh(chat, place, now)
        if chat.community_id is None and place.kind in GROUPS:
            await _found_community(session, chat, now)
    await session.flush()
    return {telegram_id: KnownChat(chat.id, chat.community_id) for telegram_id, chat in rows.items()}


async def _new_chat(session: AsyncSession, place: Place, now: datetime) -> Chat:
    # Another process may found the same chat at the same moment: the unique id decides, both read one row.
    row = {"telegram_id": place.telegram_id, "kind": place.kind[:64], "created_at": now}
    await session.execute(insert_of(session, Chat).on_conflict_do_nothing(), [row])
    return (await session.scalars(select(Chat).where(Chat.telegram_id == place.telegram_id))).one()


def _refresh(chat: Chat, place: Place, now: datetime) -> None:
    """Write only what changed: an unchanged row costs no statement."""
    for name, value in (
        ("title", place.title),
        ("handle", place.handle),
        ("is_forum", place.is_forum),
        ("kind", place.kind[:64]),
    ):
        if value is not None and getattr(chat, name) != value:
            setattr(chat, name, value)
    if chat.last_heard_at is None or (now - chat.last_heard_at).total_seconds() > 60:
        chat.last_heard_at = now


async def _found_community(session: AsyncSession, chat: Chat, now: datetime) -> None:
    community = Community(name=chat.title or "?", created_at=now, settings={})
    session.add(community)
    await session.flush()
    chat.community_id = community.id


async def migrate(session: AsyncSession, heard: HeardMigration, *, now: datetime) -> None:
    """Follow a group to its new id: the row keeps its community, settings and history, and gets the new address."""
    old = (await session.scalars(select(Chat).where(Chat.telegram_id == heard.place.telegram_id))).one_or_none()
    new = (await session.scalars(select(Chat).where(Chat.telegram_id == heard.new_telegram_id))).one_or_none()
    if new is None:
        kind = "supergroup"
        new = Chat(telegram_id=heard.new_telegram_id, kind=kind, title=heard.place.title, created_at=now)
        session.add(new)
    if old is None or old.id == new.id:
        return
    await session.flush()
    founded, new.community_id = new.community_id, old.community_id
    new.bot_status = new.bot_status or old.bot_status
    old.migrated_to_id, old.gone_at, old.gone_reason = new.id, now, "migrated"
    if founded is not None and founded != old.community_id:
        await _drop_if_empty(session, founded)


async def _drop_if_empty(session: AsyncSession, community_id: int) -> None:
    """A supergroup heard before its migration founded a community of its own; nothing else may hang on it."""
    await session.flush()
    has_chat = await session.scalar(select(Chat.id).where(Chat.community_id == community_id).limit(1))
    if has_chat is None:
        await session.execute(delete(Community).where(Community.id == community_id))


async def learn_topic(session: AsyncSession, heard: HeardTopic, chat_id: int) -> None:
    """Keep what was said of a topic; None leaves what is known."""
    row = {"chat_id": chat_id, "telegram_thread_id": heard.telegram_thread_id, "name": heard.name, "is_closed": False}
    await session.execute(insert_of(session, Topic).on_conflict_do_nothing(), [row])
    changes = {
        name: value for name, value in (("name", heard.name), ("is_closed", heard.is_closed)) if value is not None
    }
    if changes:
        where = (Topic.chat_id == chat_id, Topic.telegram_thread_id == heard.telegram_thread_id)
        await session.execute(update(Topic).where(*where).values(changes))


async def pin(session: AsyncSession, chat_id: int, telegram_message_id: int, at: datetime) -> None:
    """Note that a message was pinned; one we never heard of changes nothing."""
    where = (Message.chat_id == chat_id, Message.telegram_message_id == telegram_message_id)
    await session.execute(update(Message).where(*where).values(pinned_at=at))
