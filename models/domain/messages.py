"""Messages as rows: new ones, new wordings, mentions, and the interactions they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, keys_of_session, table_of
from models.domain.chats import KnownChat
from models.domain.heard import HeardMessage
from models.domain.people import CHUNK
from models.tables.interaction import Interaction
from models.tables.member import Member
from models.tables.message import Mention, Message

Address = tuple[int, int]  # chat row id, Telegram message id


class MessageBook:
    """Writes the messages of one batch: people and chats already have rows."""

    def __init__(
        self,
        session: AsyncSession,
        chats: dict[int, KnownChat],
        members: dict[int, int],
        declined: set[tuple[int, int]],
    ) -> None:
        self.session, self.chats, self.members, self.declined = session, chats, members, declined

    async def write(self, messages: Sequence[HeardMessage]) -> int:
        """Insert what is new, correct what was edited; returns how many were new. The same message twice counts once."""
        rows = {self._address(message): message for message in messages if message.edited_at is None}
        edits = [message for message in messages if message.edited_at is not None]
        new = await self._insert(rows)
        await self._fill_unseen({address: rows[address] for address in rows.keys() - new.keys()})
        if edits:
            await self._edit(edits)
        await self._write_interactions(new, rows)
        return len(new)

    async def _insert(self, rows: dict[Address, HeardMessage]) -> dict[Address, int]:
        """Row ids of those that were not there before."""
        if not rows:
            return {}
        statement = insert_of(self.session, Message).on_conflict_do_nothing()
        returned = await self.session.execute(
            statement.returning(_MESSAGE.c.id, _MESSAGE.c.chat_id, _MESSAGE.c.telegram_message_id),
            [self._row(message) for message in rows.values()],
        )
        return {(chat_id, telegram_id): row_id for row_id, chat_id, telegram_id in returned}

    async def _fill_unseen(self, known: dict[Address, HeardMessage]) -> None:
        """A reaction may have told of a message before it was read (an import, an update out of order)."""
        unseen: list[tuple[int, Address]] = []
        addresses = list(known)
        for start in range(0, len(addresses), CHUNK):
            query = select(Message.id, Message.chat_id, Message.telegram_message_id).where(
                tuple_(Message.chat_id, Message.telegram_message_id).in_(addresses[start : start + CHUNK]),
                Message.sender == "unseen",
            )
            unseen += [(row_id, (chat_id, told)) for row_id, chat_id, told in await self.session.execute(query)]
        for row_id, address in unseen:
            await self.session.execute(update(_MESSAGE).where(_MESSAGE.c.id == row_id), self._row(known[address]))
        new = {address: row_id for row_id, address in unseen}
        await self._write_interactions(new, known)

    async def _edit(self, edits: Sequence[HeardMessage]) -> None:
        """New wordings; an edit of a message never heard (from before our time) is its first hearing."""
        last = {self._address(message): message for message in edits}
        new = await self._insert(last)
        await self._write_interactions(new, last)
        changes = [self._change(address, message) for address, message in last.items() if address not in new]
        if changes:
            await self.session.execute(_REWORD, changes)

    def _change(self, address: Address, message: HeardMessage) -> dict[str, Any]:
        row = self._row(message)
        kept = {f"new_{name}": row[name] for name in ("text", "details", "n_links", "edited_at")}
        return kept | {"in_chat": address[0], "told_id": address[1]}

    def _address(self, message: HeardMessage) -> Address:
        return self.chats[message.place.telegram_id].id, message.telegram_message_id

    def _is_withheld(self, message: HeardMessage) -> bool:
        """True when the author declined recording: only that a message exists is kept."""
        community_id = self.chats[message.place.telegram_id].community_id
        author_id = self.members[message.author.telegram_id] if message.author else None
        return (author_id, community_id) in self.declined

    def _row(self, message: HeardMessage) -> dict[str, Any]:
        row = {
            "chat_id": self.chats[message.place.telegram_id].id,
            "telegram_message_id": message.telegram_message_id,
            "telegram_thread_id": message.telegram_thread_id,
            "sent_at": message.sent_at,
            "source": message.source,
            "member_id": None,
            "sender": "withheld",
            "kind": "withheld",
            "text": None,
            "details": None,
            "edited_at": None,
            "reply_to_telegram_id": None,
            "reply_to_member_id": None,
            "is_forward": False,
            "n_links": 0,
        }
        return row if self._is_withheld(message) else row | self._content(message)

    def _content(self, message: HeardMessage) -> dict[str, Any]:
        replied = message.reply_to_author
        return {
            "member_id": self.members[message.author.telegram_id] if message.author else None,
            "sender": message.sender,
            "kind": message.kind,
            "text": message.text,
            "details": message.details,
            "edited_at": message.edited_at,
            "reply_to_telegram_id": message.reply_to_telegram_id,
            "reply_to_member_id": self.members[replied.telegram_id] if replied else None,
            "is_forward": message.is_forward,
            "n_links": message.n_links,
        }

    async def _write_interactions(self, new: dict[Address, int], rows: dict[Address, HeardMessage]) -> None:
        """What members did by writing these; bots, channels and withheld messages are nobody's doing."""
        spoken = [
            (row_id, rows[address])
            for address, row_id in new.items()
            if rows[address].sender == "member"
            and not rows[address].kind.startswith("service:")
            and not self._is_withheld(rows[address])
        ]
        mentions = await self._write_mentions(spoken)
        interactions = [self._interaction(row_id, message) for row_id, message in spoken]
        interactions += [self._link(row_id, message) for row_id, message in spoken if message.n_links]
        interactions += mentions
        interactions = [row for row in interactions if row["community_id"] is not None]
        if interactions:
            await self.session.execute(insert_of(self.session, Interaction), interactions)

    def _interaction(self, row_id: int, message: HeardMessage) -> dict[str, Any]:
        chat = self.chats[message.place.telegram_id]
        assert message.author is not None  # noqa: S101  # only members' messages come here
        member_id = self.members[message.author.telegram_id]
        answered = message.reply_to_author
        return {
            "community_id": chat.community_id,
            "member_id": member_id,
            "kind": "reply" if message.reply_to_telegram_id is not None else "message",
            "at": message.sent_at,
            "chat_id": chat.id,
            "message_id": row_id,
            "about_member_id": self.members[answered.telegram_id] if answered else None,
            "value": 1,
        }

    def _link(self, row_id: int, message: HeardMessage) -> dict[str, Any]:
        row = self._interaction(row_id, message)
        return row | {"kind": "link", "about_member_id": None, "value": message.n_links}

    async def _write_mentions(self, spoken: list[tuple[int, HeardMessage]]) -> list[dict[str, Any]]:
        """Mention rows, and an interaction for each that names a member we know."""
        keys = keys_of_session(self.session)
        named: list[tuple[int, HeardMessage, int | None, str | None]] = []
        for row_id, message in spoken:
            for who in message.mentioned_people:
                named.append((row_id, message, self.members[who.telegram_id], None))
            for handle in message.mentioned_handles:
                named.append((row_id, message, None, keys.lookup_hash(handle)))
        if not named:
            return []
        owners = await self._owners({handle for _, _, _, handle in named if handle})
        rows = [
            {"message_id": row_id, "member_id": member_id or owners.get(handle or ""), "handle_hash": handle}
            for row_id, _, member_id, handle in named
        ]
        await self.session.execute(insert_of(self.session, Mention), rows)
        return [
            self._interaction(row_id, message) | {"kind": "mention", "about_member_id": row["member_id"]}
            for (row_id, message, _, _), row in zip(named, rows, strict=True)
            if row["member_id"] is not None
        ]

    async def _owners(self, handle_hashes: set[str]) -> dict[str, int]:
        query = select(Member.handle_hash, Member.id).where(Member.handle_hash.in_(handle_hashes))
        return {handle: member_id for handle, member_id in await self.session.execute(query) if handle}


_MESSAGE = table_of(Message)
_REWORD = (
    update(_MESSAGE)
    .where(
        _MESSAGE.c.chat_id == bindparam("in_chat"),
        _MESSAGE.c.telegram_message_id == bindparam("told_id"),
        # Replays and late arrivals never bring an older wording back.
        _MESSAGE.c.edited_at.is_(None) | (_MESSAGE.c.edited_at < bindparam("new_edited_at")),
    )
    .values({name: bindparam(f"new_{name}") for name in ("text", "details", "n_links", "edited_at")})
)


async def message_ids(
    session: AsyncSession, addresses: set[Address], *, unseen_at: dict[Address, datetime]
) -> dict[Address, int]:
    """Row ids of messages; one we never heard gets an "unseen" row, so that its reactions have a place."""
    query = select(Message.id, Message.chat_id, Message.telegram_message_id)
    where = tuple_(Message.chat_id, Message.telegram_message_id).in_(list(addresses))
    found = {(chat, told): row_id for row_id, chat, told in await session.execute(query.where(where))}
    missing = [
        {
            "chat_id": chat,
            "telegram_message_id": told,
            "sender": "unseen",
            "kind": "unseen",
            "sent_at": unseen_at[chat, told],
        }
        for chat, told in addresses - found.keys()
    ]
    if missing:
        statement = insert_of(session, Message).on_conflict_do_nothing()
        await session.execute(
            statement, [row | {"source": "live", "is_forward": False, "n_links": 0} for row in missing]
        )
        found |= {(chat, told): row_id for row_id, chat, told in await session.execute(query.where(where))}
    return found
