"""From one exported message to facts, told second hand: what is known from listening is never changed by them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.hearing.parts import FAKE_SENDERS
from bot.importing.kinds import CHATS, kind_of
from bot.importing.reader import ExportedChat
from bot.importing.times import Times
from bot.importing.words import Words, person_named, words_of
from models.domain.hearing.facts import (
    Fact,
    HeardMessage,
    HeardPin,
    HeardReaction,
    HeardReactionCount,
    HeardStanding,
    HeardTopic,
    Person,
    Place,
)
from models.tables.community import ChatKind
from models.tables.member import Standing
from models.tables.message import Origin, Sender

Raw = dict[str, Any]

# What is kept beside the words; phone numbers, coordinates and file paths are not.
_KEPT = (
    "forwarded_from", "saved_from", "via_bot", "author", "title", "performer", "file_name", "mime_type",
    "duration_seconds", "sticker_emoji", "place_name", "game_title", "reply_to_peer_id",
)  # fmt: skip
_LONGEST_DETAIL = 500
_JOINS = frozenset({"create_group", "create_channel", "join_group_by_link", "join_group_by_request"})
# Exports of 2018 to 2021 wrote ids with the kind of peer in the bits above the 32nd.
_OLD_CHAT, _OLD_CHANNEL, _OLD_END = 1 << 32, 2 << 32, 3 << 32
_LARGEST_ID = 2**52


class Unreadable(ValueError):
    """A message lacks what it cannot be without; the text names fields, never what members wrote."""


class ChatFacts:
    """The facts of one exported chat, message by message.

    `topics`: ids of topics known already (added to here); `bots`: Telegram ids of bots known already (added to here too:
    an export does not say who is a bot, but only bots send inline buttons of their own).
    """

    def __init__(self, chat: ExportedChat, *, times: Times, topics: set[int], bots: set[int]) -> None:
        self.chat, self.times, self.topics, self.bots = chat, times, topics, bots
        self.place: Place | None = None

    def enter(self, raw: Raw) -> Place:
        """The chat, as its first message lets it be known. Raises Unreadable when its id cannot be one."""
        if self.place is None:
            name = (self.chat.name or "").strip()[:128] or None
            number = chat_id(self.chat, is_old="date_unixtime" not in raw)
            self.place = Place(number, CHATS[self.chat.kind], name, is_vague=True)
        return self.place

    def hear(self, raw: Raw) -> list[Fact]:
        """What one message tells, itself first. Raises Unreadable."""
        try:
            return self._hear(raw)
        except (KeyError, TypeError, ValueError, OverflowError, OSError, AttributeError, LookupError) as error:
            raise Unreadable(f"{type(error).__name__}: {error}"[:200]) from error

    def _hear(self, raw: Raw) -> list[Fact]:
        sent_at = self.times.of(raw)
        number = _message_id(raw["id"])
        place = self._place(raw)
        message = self._message(raw, place, number, sent_at)
        facts: list[Fact] = [message]
        if raw.get("type") == "service":
            facts += self._service(raw, place, message)
        return facts + self._reactions(raw, place, message)

    def _place(self, raw: Raw) -> Place:
        place = self.enter(raw)
        if raw.get("action") == "topic_created" and not place.is_forum:
            place = self.place = replace(place, is_forum=True)
        return place

    def _message(self, raw: Raw, place: Place, number: int, sent_at: datetime) -> HeardMessage:
        words = words_of(raw)
        author, sender = self._sender(raw, place)
        thread, answered_id = self._reply(raw, number)
        return HeardMessage(
            place,
            author,
            sent_at,
            telegram_message_id=number,
            sender=sender,
            kind=kind_of(raw),
            text=words.text or _question(raw),
            edited_at=self._edited_at(raw, sent_at),
            telegram_thread_id=thread,
            reply_to_telegram_id=answered_id,
            is_forward="forwarded_from" in raw,
            n_links=words.n_links,
            mentioned_handles=words.handles,
            mentioned_people=words.people,
            details=_details(raw, words),
            source=Origin.IMPORT,
        )

    def _edited_at(self, raw: Raw, sent_at: datetime) -> datetime | None:
        """A first reaction also sets Telegram's date of editing, so beside reactions it tells nothing."""
        if "edited" not in raw or raw.get("reactions"):
            return None
        try:
            edited_at = self.times.of(raw, "edited")
        except ValueError:  # exports of 2018 wrote 1970 for "never"
            return None
        return edited_at if edited_at > sent_at else None

    def _reply(self, raw: Raw, number: int) -> tuple[int | None, int | None]:
        """Topic, and message answered. In a topic, a message that answers nothing "replies" to the topic's first one."""
        if raw.get("action") == "topic_created":
            self.topics.add(number)
            return number, None
        if raw.get("reply_to_message_id") is None or "reply_to_peer_id" in raw:
            return None, None
        answered_id = _message_id(raw["reply_to_message_id"])
        return (answered_id, None) if answered_id in self.topics else (None, answered_id)

    def _sender(self, raw: Raw, place: Place) -> tuple[Person | None, Sender]:
        label = "actor" if raw.get("type") == "service" else "from"
        peer_id, name = raw.get(f"{label}_id"), raw.get(label)
        peer, number = peer_of(peer_id)
        if peer == "channel":
            is_own = number == _bare(place.telegram_id)
            if is_own and place.kind != ChatKind.CHANNEL:
                return None, Sender.ANONYMOUS_ADMIN
            return None, Sender.AUTOMATIC_FORWARD if "saved_from" in raw and not is_own else Sender.CHANNEL
        if peer != "user" or number in FAKE_SENDERS:
            return None, Sender.SERVICE
        if name is None:
            return None, Sender.DELETED
        if raw.get("inline_bot_buttons") and "via_bot" not in raw:
            self.bots.add(number)
        author = self._person(number, name)
        return author, Sender.BOT if author.is_bot else Sender.MEMBER

    def _person(self, number: int, name: Any) -> Person:
        return person_named(number, name, is_bot=number in self.bots)

    def _service(self, raw: Raw, place: Place, message: HeardMessage) -> list[Fact]:
        action, author = raw.get("action"), message.actor
        if action == "topic_created":
            title = raw.get("title")
            new_title = title[:128] if isinstance(title, str) else None
            return [
                HeardTopic(place, author, message.at, telegram_thread_id=message.telegram_message_id, name=new_title)
            ]
        if action == "pin_message" and raw.get("message_id") is not None:
            return [HeardPin(place, author, message.at, telegram_message_id=_message_id(raw["message_id"]))]
        # Others who were invited or removed are told by name only, and a name is nobody's for sure.
        is_alone = author is not None and raw.get("members") == [raw.get("actor")]
        if author is not None and (action in _JOINS or (action == "invite_members" and is_alone)):
            return [HeardStanding(place, author, message.at, status=Standing.MEMBER, is_vague=True)]
        if author is not None and action == "remove_members" and is_alone:
            return [HeardStanding(place, author, message.at, status=Standing.LEFT, is_vague=True)]
        return []

    def _reactions(self, raw: Raw, place: Place, message: HeardMessage) -> list[Fact]:
        """Who reacted, where it is told (the latest few); the rest is a count that nobody is credited with."""
        marks: defaultdict[tuple[Person, datetime], list[str]] = defaultdict(list)
        counts: dict[str, int] = {}
        for reaction in raw.get("reactions") or []:
            emoji, n_others = reaction_name(reaction), min(int(reaction["count"]), 10**9)
            for recent in reaction.get("recent") or []:
                peer, number = peer_of(recent.get("from_id"))
                if peer == "user" and recent.get("from") is not None and number not in self.bots | FAKE_SENDERS:
                    at = self.times.beside(recent["date"], raw, message.at)
                    marks[self._person(number, recent["from"]), at].append(emoji)
                    n_others -= 1
            if n_others > 0:
                counts[emoji] = n_others
        number = message.telegram_message_id
        facts: list[Fact] = [
            HeardReaction(place, person, at, telegram_message_id=number, new_emoji=tuple(emojis), is_vague=True)
            for (person, at), emojis in marks.items()
        ]
        # Dated like its message: whatever was counted live is newer.
        if counts:
            facts.append(HeardReactionCount(place, None, message.at, telegram_message_id=number, counts=counts))
        return facts


def chat_id(chat: ExportedChat, *, is_old: bool) -> int:
    """The Bot API's id of an exported chat: -100 and the number for supergroups and channels, - and the number for groups.

    Raises Unreadable for a number that cannot be one. Old exports wrote the kind of peer into the number.
    """
    number = chat.number
    if is_old and _OLD_CHAT <= number < _OLD_END:
        number %= _OLD_CHAT
    if not 0 < abs(number) < _LARGEST_ID:
        raise Unreadable("the chat's id is not one of Telegram's")
    if number < 0:  # other tools that write this format use the Bot API's own ids
        return number
    return -number if CHATS[chat.kind] == ChatKind.GROUP else -(10**12 + number)


def peer_of(text: Any) -> tuple[str | None, int]:
    """("user" | "channel" | None, number) of an id such as "user123", "channel123", or a plain number in old exports."""
    if isinstance(text, str):
        for peer in ("user", "channel", "chat"):
            if text.startswith(peer) and text[len(peer) :].isdecimal():
                return ("user" if peer == "user" else "channel"), int(text[len(peer) :])
        return None, 0
    if isinstance(text, int) and not isinstance(text, bool) and text > 0:
        return ("channel", text % _OLD_CHAT) if _OLD_CHAT <= text < _OLD_END else ("user", text)
    return None, 0


def reaction_name(reaction: Raw) -> str:
    """The emoji itself, custom:<id>, or paid: as in what is heard live."""
    if reaction["type"] == "emoji":
        return str(reaction["emoji"]).replace("\x00", "")[:64]
    if reaction["type"] == "custom_emoji":
        return f"custom:{reaction.get('document_id')}".replace("\x00", "")[:64]
    return str(reaction["type"]).replace("\x00", "")[:64]


def _bare(telegram_id: int) -> int:
    """The number of a chat without the Bot API's sign and prefix."""
    return -telegram_id - 10**12 if telegram_id < -(10**12) else -telegram_id


def _message_id(number: Any) -> int:
    """Ids below zero are those of the basic group that a supergroup was before; they are kept as they are."""
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) >= _LARGEST_ID:
        raise Unreadable("a message's id is not a number")
    return number


def _question(raw: Raw) -> str | None:
    poll = raw.get("poll")
    return str(poll.get("question", ""))[:300] or None if isinstance(poll, dict) else None


def _details(raw: Raw, words: Words) -> Raw | None:
    details: Raw = {name: str(raw[name])[:_LONGEST_DETAIL] for name in _KEPT if raw.get(name) is not None}
    if words.entities:
        details["entities"] = list(words.entities)
    if isinstance(raw.get("poll"), dict):
        details["poll"] = {
            "options": [str(answer.get("text", ""))[:100] for answer in raw["poll"].get("answers") or []]
        }
    return details or None
