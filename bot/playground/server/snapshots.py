"""What in-process methods hand out: dictionaries exactly as the Bot API emits them, with a few typed shortcuts.

They are snapshots: a message does not change in your hands when it is edited; read it again with LocalTelegram.messages().
"""

from typing import Any

Json = dict[str, Any]
# A group, supergroup or channel is known by its id; a private chat by "user_id:bot_id", because each bot has its own.
ChatKey = str


class User(dict[str, Any]):
    """A Bot API User."""

    @property
    def id(self) -> int:
        """The user's id."""
        return int(self["id"])


class BotUser(User):
    """A bot's User with its token kept out of the dictionary (and so out of every log and repr)."""

    token: str = ""


class Chat(dict[str, Any]):
    """A Bot API Chat that remembers which chat of the server it is."""

    key: ChatKey = ""

    @property
    def id(self) -> int:
        """The chat's id as bots know it."""
        return int(self["id"])


class Message(dict[str, Any]):
    """A Bot API Message that remembers its chat."""

    key: ChatKey = ""

    @property
    def id(self) -> int:
        """The message's id within its chat."""
        return int(self["message_id"])

    @property
    def chat_id(self) -> int:
        """The id of its chat as bots know it."""
        return int(self["chat"]["id"])

    @property
    def text(self) -> str:
        """Its text or caption, empty when it has neither."""
        return str(self.get("text") or self.get("caption") or "")
