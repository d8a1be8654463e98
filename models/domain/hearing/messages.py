"""Messages as rows: new ones, new wordings, mentions, and the interactions they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_many, insert_of, is_one_of, keys_of_session, table_of
from models.domain.hearing.chats import KnownChat
from models.domain.hearing.facts import HeardMessage
from models.reading.text_kinds import is_command
from models.tables.interaction import Interaction
from models.tables.member import Member
from models.tables.message import Mention, Message, Origin, Sender, Tie

# Rows a statement on SQLite: longer ones take 5 MB more and no less time (measured). PostgreSQL gets one with arrays.
PAGE = 50

Address = tuple[int, int]  # chat row id, Telegram message id


class AnsweredMessage(NamedTuple):
    """What a reply can know of the message it answers."""

    member_id: int | None
    thread_id: int | None


_NOBODY = AnsweredMessage(None, None)


class MessageBook:
    """Writes the messages of one batch: people and chats already have rows."""

    def __init__(
        self,
        session: AsyncSession,
        chats: dict[int, KnownChat],
        members: dict[int, int],
        decliners: set[tuple[int, int]],
    ) -> None:
        self.session, self.chats, self.members, self.decliners = session, chats, members, decliners
        self.answered_rows: dict[Address, AnsweredMessage] = {}

    async def write(self, messages: Sequence[HeardMessage]) -> int:
        """Insert what is new, correct what was edited; returns how many were new. The same message twice counts once."""
        await self._look_up_answered(messages)
        rows = {self._address(message): message for message in messages if message.edited_at is None}
        edits = [message for message in messages if message.edited_at is not None]
        n_new = await self._hear(rows)
        return n_new + await self._edit(edits) if edits else n_new

    async def _hear(self, rows: dict[Address, HeardMessage]) -> int:
        """Write those of which nothing was heard yet; returns how many they were."""
        new = await self._insert(rows)
        new |= await self._fill_unseen({address: rows[address] for address in rows.keys() - new.keys()})
        await self._write_interactions(new, rows)
        return len(new)

    async def _insert(self, rows: dict[Address, HeardMessage]) -> dict[Address, int]:
        """Row ids of those that were not there before."""
        if not rows:
            return {}
        statement, parameters = insert_many(self.session, Message, [self._row(message) for message in rows.values()])
        address = (_MESSAGE.c.id, _MESSAGE.c.chat_id, _MESSAGE.c.telegram_message_id)
        result = await self.session.execute(
            statement.on_conflict_do_nothing().returning(*address),
            parameters,
            execution_options={"insertmanyvalues_page_size": PAGE},
        )
        return {(chat_id, telegram_id): row_id for row_id, chat_id, telegram_id in result}

    async def _fill_unseen(self, messages: dict[Address, HeardMessage]) -> dict[Address, int]:
        """A reaction may have told of a message before it was read (an import, an update out of order)."""
        query = select(Message.chat_id, Message.telegram_message_id, Message.id).where(Message.sender == Sender.UNSEEN)
        new = {(row[0], row[1]): row[2] async for row in rows_at(self.session, query, messages)}
        for address, row_id in new.items():
            await self.session.execute(update(_MESSAGE).where(_MESSAGE.c.id == row_id), self._row(messages[address]))
        return new

    async def _look_up_answered(self, messages: Sequence[HeardMessage]) -> None:
        """An export tells neither who is answered nor, of a reply inside a topic, which topic: our rows do."""
        addresses = {
            self._address_answered(message)
            for message in messages
            if message.reply_to_telegram_id is not None and message.reply_to_author is None
        }
        if not addresses:
            return
        columns = (Message.chat_id, Message.telegram_message_id, Message.member_id, Message.telegram_thread_id)
        self.answered_rows = {
            (row[0], row[1]): AnsweredMessage(row[2], row[3])
            async for row in rows_at(self.session, select(*columns), addresses)
        }
        for message in messages:
            author_id = None if self._is_withheld(message) else self._author_id(message)
            self.answered_rows[self._address(message)] = AnsweredMessage(author_id, self._thread(message))

    def _address_answered(self, message: HeardMessage) -> Address:
        return self.chats[message.place.telegram_id].id, message.reply_to_telegram_id or 0

    def _thread(self, message: HeardMessage) -> int | None:
        """A reply stands in the topic of what it answers."""
        if message.telegram_thread_id is not None or message.reply_to_telegram_id is None:
            return message.telegram_thread_id
        return self.answered_rows.get(self._address_answered(message), _NOBODY).thread_id

    def _author_id(self, message: HeardMessage) -> int | None:
        return self.members[message.actor.telegram_id] if message.actor else None

    def _answered_id(self, message: HeardMessage) -> int | None:
        """Member who is answered; None for no reply, or when nobody may be modelled."""
        if message.reply_to_author is not None:
            return self.members[message.reply_to_author.telegram_id]
        if message.reply_to_telegram_id is None:
            return None
        return self.answered_rows.get(self._address_answered(message), _NOBODY).member_id

    async def _edit(self, edits: Sequence[HeardMessage]) -> int:
        """New wordings; an edit of a message never heard (from before our time) is its first hearing."""
        last = {self._address(message): message for message in sorted(edits, key=_wording)}
        n_new = await self._hear(last)
        if n_new < len(last):
            await self.session.execute(_REWORD, [self._change(address, message) for address, message in last.items()])
        return n_new

    def _change(self, address: Address, message: HeardMessage) -> dict[str, Any]:
        row = self._row(message)
        changes = {f"new_{name}": row[name] for name in ("text", "details", "n_links", "edited_at")}
        return changes | {"in_chat": address[0], "told_id": address[1]}

    def _address(self, message: HeardMessage) -> Address:
        return self.chats[message.place.telegram_id].id, message.telegram_message_id

    def _is_withheld(self, message: HeardMessage) -> bool:
        """True when the author declined recording: only that a message exists is kept."""
        return (self._author_id(message), self.chats[message.place.telegram_id].community_id) in self.decliners

    def _row(self, message: HeardMessage) -> dict[str, Any]:
        row = {
            "chat_id": self.chats[message.place.telegram_id].id,
            "telegram_message_id": message.telegram_message_id,
            "telegram_thread_id": self._thread(message),
            "sent_at": message.at,
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
            "tie": None,
        }
        return row if self._is_withheld(message) else row | self._content(message)

    def _content(self, message: HeardMessage) -> dict[str, Any]:
        return {
            "member_id": self._author_id(message),
            "sender": message.sender,
            "kind": message.kind,
            "text": message.text,
            "details": message.details,
            "edited_at": message.edited_at,
            "reply_to_telegram_id": message.reply_to_telegram_id,
            "reply_to_member_id": self._answered_id(message),
            "is_forward": message.is_forward,
            "n_links": message.n_links,
            "tie": Tie.ASIDE if is_to_a_bot(message) else None,
        }

    async def _write_interactions(self, new: dict[Address, int], rows: dict[Address, HeardMessage]) -> None:
        """What members did by writing these; bots, channels and withheld messages are nobody's doing."""
        utterances = [
            (row_id, rows[address])
            for address, row_id in new.items()
            if rows[address].sender == Sender.MEMBER
            and not rows[address].kind.startswith("service:")
            and not self._is_withheld(rows[address])
        ]
        mentions = await self._write_mentions(utterances)
        interactions = [self._interaction(row_id, message) for row_id, message in utterances]
        interactions += [self._link(row_id, message) for row_id, message in utterances if message.n_links]
        interactions += mentions
        interactions = [row for row in interactions if row["community_id"] is not None]
        if interactions:
            await self.session.execute(*insert_many(self.session, Interaction, interactions))

    def _interaction(self, row_id: int, message: HeardMessage) -> dict[str, Any]:
        chat = self.chats[message.place.telegram_id]
        return {
            "community_id": chat.community_id,
            "member_id": self._author_id(message),
            "kind": "reply" if message.reply_to_telegram_id is not None else "message",
            "at": message.at,
            "chat_id": chat.id,
            "message_id": row_id,
            "about_member_id": self._answered_id(message),
            "value": 1,
        }

    def _link(self, row_id: int, message: HeardMessage) -> dict[str, Any]:
        row = self._interaction(row_id, message)
        return row | {"kind": "link", "about_member_id": None, "value": message.n_links}

    async def _write_mentions(self, utterances: list[tuple[int, HeardMessage]]) -> list[dict[str, Any]]:
        """Mention rows, and an interaction for each that names a member we know."""
        keys = keys_of_session(self.session)
        mentions: list[tuple[int, HeardMessage, int | None, str | None]] = []
        for row_id, message in utterances:
            for who in message.mentioned_people:
                mentions.append((row_id, message, self.members[who.telegram_id], None))
            for handle in message.mentioned_handles:
                mentions.append((row_id, message, None, keys.lookup_hash(handle)))
        if not mentions:
            return []
        owners = await self._owners({handle for _, _, _, handle in mentions if handle})
        rows = [
            {"message_id": row_id, "member_id": member_id or owners.get(handle or ""), "handle_hash": handle}
            for row_id, _, member_id, handle in mentions
        ]
        await self.session.execute(*insert_many(self.session, Mention, rows))
        return [
            self._interaction(row_id, message) | {"kind": "mention", "about_member_id": row["member_id"]}
            for (row_id, message, _, _), row in zip(mentions, rows, strict=True)
            if row["member_id"] is not None
        ]

    async def _owners(self, handle_hashes: set[str]) -> dict[str, int]:
        query = select(Member.handle_hash, Member.id).where(is_one_of(Member.handle_hash, handle_hashes))
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


def is_to_a_bot(message: HeardMessage) -> bool:
    """A command, or an answer to a bot: no talk between people."""
    return is_command(message.text) or (message.reply_to_author is not None and message.reply_to_author.is_bot)


def _wording(message: HeardMessage) -> datetime:
    """Orders the wordings of a message: the last edit holds."""
    return message.edited_at or message.at


async def rows_at(session: AsyncSession, query: Any, addresses: Collection[Address]) -> AsyncIterator[Any]:
    """Rows of a query over Message, for these addresses only; one statement a chat."""
    by_chat: dict[int, list[int]] = defaultdict(list)
    for chat_id, telegram_id in addresses:
        by_chat[chat_id].append(telegram_id)
    for chat_id, telegram_ids in by_chat.items():
        where = (Message.chat_id == chat_id, is_one_of(Message.telegram_message_id, telegram_ids))
        for row in await session.execute(query.where(*where)):
            yield row


async def message_ids(
    session: AsyncSession, addresses: set[Address], *, unseen_at: dict[Address, datetime]
) -> dict[Address, int]:
    """Row ids of messages; one we never heard gets an "unseen" row, so that its reactions have a place."""
    query = select(Message.chat_id, Message.telegram_message_id, Message.id)
    ids = {(row[0], row[1]): row[2] async for row in rows_at(session, query, addresses)}
    unseen = {"sender": Sender.UNSEEN, "kind": "unseen", "source": Origin.LIVE, "is_forward": False, "n_links": 0}
    missing = [
        unseen | {"chat_id": address[0], "telegram_message_id": address[1], "sent_at": unseen_at[address]}
        for address in addresses - ids.keys()
    ]
    if missing:
        await session.execute(insert_of(session, Message).on_conflict_do_nothing(), missing)
        ids |= {(row[0], row[1]): row[2] async for row in rows_at(session, query, addresses)}
    return ids
