"""Members who left every community, and of whom nothing is left that would keep them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, Table, Update, delete, exists, false, or_, select

from models.database import is_one_of
from models.tables.base import Base
from models.tables.community import Chat, ChatKind
from models.tables.inbox import RawUpdate
from models.tables.member import Member, Membership

# Rows that alone are no reason to keep a member: they only say how to treat them.
_BOOKKEEPING = frozenset(
    {"membership", "presence", "consent", "consent_decision", "mute", "intent", "dialogue", "delivery", "calendar_feed"}
)
# A community's history: it keeps a member who left as long as what members write is kept.
_HISTORY = frozenset({"rsvp", "event", "event_host", "event_rating", "introduction_side"})


def long_gone(*, left_before: datetime, wrote_before: datetime) -> Select[Any]:
    """Members gone from everywhere (or never there) for a while, of whom no words and deeds are left.

    Their part in events and introductions keeps them until what members write would be erased, too.
    """
    query = select(Member.id).where(Member.created_at < left_before, ~_was_there_since(left_before))
    tables = [table for table in Base.metadata.sorted_tables if table.name not in _BOOKKEEPING]
    for table in tables:
        if table.name not in _HISTORY:
            query = query.where(~_has_rows_in(table))
    is_history = [_has_rows_in(table) for table in tables if table.name in _HISTORY]
    return query.where(or_(~_was_there_since(wrote_before), ~or_(*is_history))).order_by(Member.id)


def _was_there_since(instant: datetime) -> ColumnElement[bool]:
    is_since = or_(Membership.left_at.is_(None), Membership.left_at >= instant)
    return exists().where(Membership.member_id == Member.id, is_since)


def _has_rows_in(table: Table) -> ColumnElement[bool]:
    """Whether rows of this table are a member's own; a table added tomorrow keeps its members, too."""
    columns = [table.c[name] for name in ("member_id", "host_id") if name in table.c]
    return or_(false(), *(exists().where(column == Member.id) for column in columns))


def erase(ids: Sequence[int]) -> list[Delete | Update]:
    """The rows go and with them all that hangs on them; their private chats and raw updates are found by Telegram's id."""
    telegram_ids = select(Member.telegram_id).where(is_one_of(Member.id, ids))
    return [
        delete(Chat).where(Chat.kind == ChatKind.PRIVATE, Chat.telegram_id.in_(telegram_ids)),
        delete(RawUpdate).where(RawUpdate.sender_telegram_id.in_(telegram_ids)),
        delete(Member).where(is_one_of(Member.id, ids)),
    ]
