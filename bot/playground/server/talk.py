"""What people say and do with messages: write, edit, delete, pin."""

from itertools import islice
from typing import Any, NamedTuple

from bot.playground.server import files, hearing, posting, render, state
from bot.playground.server.entities import find_entities, utf16_length
from bot.playground.server.errors import Refused
from bot.playground.server.lookup import ChatLike, Lookup, MessageLike, TopicLike, UserLike
from bot.playground.server.snapshots import Json, Message

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


class Speaker(NamedTuple):
    """The account and, when it speaks as a chat, that chat."""

    sender_id: int | None
    chat_id: int | None = None


class Talk(Lookup):
    """Actions about messages."""

    def say(
        self,
        user: UserLike,
        chat: ChatLike,
        text: str = "",
        *,
        reply_to: MessageLike | None = None,
        topic: TopicLike | None = None,
        forward_of: MessageLike | None = None,
        media: str | None = None,
        caption: str = "",
        sender_chat: ChatLike | None = None,
        entities: list[Json] | None = None,
        quote: str = "",
        **details: Any,
    ) -> Message:
        """Write a message: a text, a forward of another, or `media` ("photo", "voice", ...) with a caption.

        `details` are fields of that media (file_name, duration, ...); a "venue" or "location" consists of them.
        `sender_chat` speaks as the group (anonymous administrator) or as a channel of one's own. Raises Refused for
        what a client would not let this person send.
        """
        row, user_id = self.chat_row(chat), self.user_id(user)
        speaker = self._speaker(row, user_id, sender_chat)
        if forward_of is not None:
            body = self._forward_body(self.message_row(forward_of))
        elif media in files.POINTS:
            body = files.point(media, **details)
        elif media is not None:
            body = files.invent(self.world, media, **details) | _text_fields(
                "caption", caption, entities, CAPTION_LIMIT
            )
        else:
            body = _text_fields("text", text, entities, TEXT_LIMIT)
        if not body:
            raise Refused("an empty message cannot be sent")
        answered_row = self.message_row(reply_to) if reply_to is not None else None
        draft = posting.Draft(
            speaker.sender_id,
            body | _quote(answered_row, quote) | self._signature(row, user_id, speaker),
            sender_chat_id=speaker.chat_id,
            reply_to=answered_row.id if answered_row is not None else None,
            thread_id=self._open_topic(row, user_id, topic),
        )
        return posting.post(self.world, row, draft)

    def edit(self, user: UserLike, message: MessageLike, text: str, *, entities: list[Json] | None = None) -> Message:
        """Change the text or caption of one's own message."""
        row = self.message_row(message)
        if row.is_service or row.sender_id != self.user_id(user):
            raise Refused("only one's own messages can be edited")
        name = "text" if "text" in row.body else "caption"
        fields = _text_fields(name, text, entities, TEXT_LIMIT if name == "text" else CAPTION_LIMIT)
        if not fields or fields.items() <= row.body.items():
            raise Refused("the edit changes nothing")
        rest = {part: value for part, value in row.body.items() if part not in (name, _entities_of(name))}
        row.body = {**rest, **fields, "edit_date": self.world.timestamp()}
        return hearing.announce(self.world, row, is_edited=True)

    def delete(self, user: UserLike, message: MessageLike) -> None:
        """Delete one's own message, or any as administrator; bots are not told."""
        row, user_id = self.message_row(message), self.user_id(user)
        chat = self.world.chats[row.key]
        if row.sender_id != user_id and chat.kind != "private":
            self.admin(chat, user_id, "can_delete_messages")
        posting.remove(self.world, chat, row.id)

    def pin(self, user: UserLike, message: MessageLike) -> Message:
        """Pin a message; a service message says so."""
        row, user_id = self.message_row(message), self.user_id(user)
        chat = self.world.chats[row.key]
        if chat.kind != "private":
            self.admin(chat, user_id, "can_edit_messages" if chat.kind == "channel" else "can_pin_messages")
        return posting.pin_and_tell(self.world, chat, row, user_id)

    def unpin(self, user: UserLike, message: MessageLike) -> None:
        """Unpin a message; nobody is told."""
        row = self.message_row(message)
        chat = self.world.chats[row.key]
        if chat.kind != "private":
            self.admin(chat, self.user_id(user), "can_pin_messages")
        posting.unpin(chat, row.id)

    def messages(self, chat: ChatLike, *, last: int | None = None, before: int | None = None) -> list[Message]:
        """The chat as a client shows it, newest last; see render.seen_by_client for what is added to a Message.

        `last` gives only so many, `before` only those older than that message id.
        """
        rows = self.chat_row(chat).messages.values()
        older = (row for row in reversed(rows) if before is None or row.id < before)
        newest_first = [render.seen_by_client(self.world, row) for row in islice(older, last)]
        return newest_first[::-1]

    def _speaker(self, chat: state.Chat, user_id: int, sender_chat: ChatLike | None) -> Speaker:
        """Who a message is from, after checking that this person may write here."""
        if chat.kind == "private":
            self.takes_part(chat, user_id)
            if chat.is_blocked:
                raise Refused("the bot is blocked; unblock it first")
            chat.has_started = True
            return Speaker(user_id)
        member = self.insider(chat, user_id)
        if chat.kind == "channel":
            self.admin(chat, user_id, "can_post_messages")
            return Speaker(None, chat.id)
        permissions = member.permissions if member.status == "restricted" else chat.permissions
        if not member.is_admin and not permissions.get("can_send_messages"):
            raise Refused(f"user {user_id} may not write in chat {chat.key}")
        voice = self.chat_row(sender_chat) if sender_chat is not None else (chat if member.is_anonymous else None)
        if voice is not None:
            self._may_speak_as(voice, user_id)
        return Speaker(user_id, voice.id if voice is not None else None)

    def _may_speak_as(self, voice: state.Chat, user_id: int) -> None:
        if not self.insider(voice, user_id).is_admin:
            raise Refused(f"user {user_id} may not speak as chat {voice.key}")

    def _signature(self, chat: state.Chat, user_id: int, speaker: Speaker) -> Json:
        member = chat.members.get(user_id)
        is_the_group = speaker.chat_id == chat.id and chat.kind != "channel"
        return {"author_signature": member.custom_title} if is_the_group and member and member.custom_title else {}

    def _open_topic(self, chat: state.Chat, user_id: int, topic: TopicLike | None) -> int | None:
        topic_id = self.topic_id(topic)
        if topic_id is None:
            return None
        if topic_id not in chat.topics:
            raise Refused(f"there is no topic {topic_id} in chat {chat.key}")
        if chat.topics[topic_id].is_closed and not chat.members[user_id].can("can_manage_topics"):
            raise Refused("the topic is closed")
        return topic_id

    def _forward_body(self, row: state.Message) -> Json:
        if row.is_service:
            raise Refused("a service message cannot be forwarded")
        content = {name: part for name, part in row.body.items() if name not in posting.NOT_FORWARDED}
        return {"forward_origin": posting.origin_of(self.world, row), **content}


def _entities_of(name: str) -> str:
    return "entities" if name == "text" else "caption_entities"


def _text_fields(name: str, text: str, entities: list[Json] | None, limit: int) -> Json:
    """`text` or `caption` with its entities, empty when there are no words."""
    words = text.strip()
    if len(words) > limit:
        raise Refused(f"a {name} has up to {limit} characters")
    entities_found = find_entities(words, entities)
    return ({name: words} if words else {}) | ({_entities_of(name): entities_found} if entities_found else {})


def _quote(answered_row: state.Message | None, quote: str) -> Json:
    if not quote:
        return {}
    whole = (
        str(answered_row.body.get("text") or answered_row.body.get("caption") or "") if answered_row is not None else ""
    )
    if quote not in whole:
        raise Refused("a quote must be a part of the message replied to")
    return {"quote": {"text": quote, "position": utf16_length(whole[: whole.index(quote)]), "is_manual": True}}
