"""From what callers hold (a handle, an id, a JSON reference) to the rows behind it."""

from collections.abc import Mapping
from typing import Any

from bot.playground.server import state
from bot.playground.server.errors import Refused
from bot.playground.server.world import Bot, World

# A person or bot: its User or its id. A chat: its Chat, id or key. A message: its Message, or {"chat": ..., "message_id"}.
UserLike = Mapping[str, Any] | int
ChatLike = Mapping[str, Any] | int | str
MessageLike = Mapping[str, Any]
TopicLike = Mapping[str, Any] | int


class Lookup:
    """What every group of actions stands on. Raises Refused for anything that does not exist."""

    def __init__(self, world: World) -> None:
        self.world = world

    def user_id(self, user: UserLike) -> int:
        """The id of a person or bot that exists."""
        user_id = int(user["id"] if isinstance(user, Mapping) else user)
        self.world.account(user_id)
        return user_id

    def bot_row(self, bot: UserLike) -> Bot:
        """The bot behind a handle or id."""
        user_id = self.user_id(bot)
        if user_id not in self.world.bots:
            raise Refused(f"{user_id} is not a bot of this server")
        return self.world.bots[user_id]

    def chat_row(self, chat: ChatLike) -> state.Chat:
        """The chat behind a handle, id or key; a private chat by its person's id only while there is one bot."""
        key = getattr(chat, "key", "") or (chat["id"] if isinstance(chat, Mapping) else chat)
        if str(key) in self.world.chats or ":" in str(key) or int(key) < 0:
            return self.world.chat(str(key))
        if len(self.world.bots) != 1:
            raise Refused("there are several bots: name a private chat by its key, user_id:bot_id")
        return self.world.private_chat(self.user_id(int(key)), next(iter(self.world.bots)))

    def message_row(self, message: MessageLike) -> state.Message:
        """The message behind a handle or reference."""
        chat = self.chat_row(getattr(message, "key", "") or message["chat"])
        if message["message_id"] not in chat.messages:
            raise Refused(f"there is no message {message['message_id']} in chat {chat.key}")
        return chat.messages[message["message_id"]]

    def topic_id(self, topic: TopicLike | None) -> int | None:
        """The thread id behind a ForumTopic or id."""
        if topic is None:
            return None
        return int(topic["message_thread_id"] if isinstance(topic, Mapping) else topic)

    def insider(self, chat: state.Chat, user_id: int) -> state.Member:
        """The membership of somebody who belongs to the chat."""
        member = chat.members.get(user_id)
        if member is None or not member.is_present:
            raise Refused(f"user {user_id} does not belong to chat {chat.key}")
        return member

    def takes_part(self, chat: state.Chat, user_id: int) -> None:
        """Refuse outsiders: not the person of a private chat, not in the group. Channels' posts are open to readers."""
        if chat.kind == "private":
            if user_id != chat.peer_id:
                raise Refused(f"user {user_id} does not belong to chat {chat.key}")
        elif chat.kind != "channel":
            self.insider(chat, user_id)

    def admin(self, chat: state.Chat, user_id: int, right: str) -> state.Member:
        """The membership of an administrator with a right."""
        member = self.insider(chat, user_id)
        if not member.can(right):
            raise Refused(f"user {user_id} may not do that in chat {chat.key}: {right} is missing")
        return member
