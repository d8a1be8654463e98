"""Forum topics of one chat; shared by people's actions and bots' methods."""

from typing import Any

from bot.playground.server import posting, state
from bot.playground.server.errors import Refused
from bot.playground.server.snapshots import Json, Message
from bot.playground.server.world import World


class Topics:
    """The topics of a forum. Raises Refused in the words Telegram uses for bots."""

    DEFAULT_COLOR = 7322096
    COLORS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})
    NAME_LIMIT = 128

    def __init__(self, world: World, chat: state.Chat) -> None:
        self._world, self._chat = world, chat

    def create(self, name: str, by: int, icon_color: int, icon: str = "") -> Json:
        """Open a topic; gives its ForumTopic."""
        if not 1 <= len(name) <= self.NAME_LIMIT:
            raise Refused("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
        if icon_color not in self.COLORS:
            raise Refused("TOPIC_ICON_COLOR_INVALID")
        look = {"name": name, "icon_color": icon_color} | ({"icon_custom_emoji_id": icon} if icon else {})
        row = self._say(None, by, forum_topic_created=look)
        self._chat.topics[row.id] = state.Topic(row.id, name, icon_color, icon)
        return {"message_thread_id": row.id, **look}

    def edit(self, topic_id: int, by: int, *, name: str | None = None, icon: str | None = None) -> None:
        """Change name or icon."""
        topic = self.find(topic_id)
        if name is not None and not 1 <= len(name) <= self.NAME_LIMIT:
            raise Refused("TOPIC_TITLE_TOO_LONG")
        new: Json = {}
        if name is not None and name != topic.name:
            topic.name = new["name"] = name
        if icon is not None and icon != topic.icon_custom_emoji_id:
            topic.icon_custom_emoji_id = new["icon_custom_emoji_id"] = icon
        if not new:
            raise Refused("TOPIC_NOT_MODIFIED")
        self._say(topic_id, by, forum_topic_edited=new)

    def set_closed(self, topic_id: int, by: int, *, is_closed: bool) -> None:
        """Close or reopen."""
        topic = self.find(topic_id)
        if topic.is_closed == is_closed:
            raise Refused("TOPIC_NOT_MODIFIED")
        topic.is_closed = is_closed
        self._say(topic_id, by, **{"forum_topic_closed" if is_closed else "forum_topic_reopened": {}})

    def set_hidden(self, by: int, *, is_hidden: bool) -> None:
        """Hide or show the General topic; hiding closes it."""
        general = self.find(state.GENERAL_TOPIC_ID)
        if general.is_hidden == is_hidden:
            raise Refused("TOPIC_NOT_MODIFIED")
        general.is_hidden = general.is_closed = is_hidden
        self._say(None, by, **{f"general_forum_topic_{'hidden' if is_hidden else 'unhidden'}": {}})

    def delete(self, topic_id: int) -> None:
        """Remove a topic and all its messages."""
        if topic_id == state.GENERAL_TOPIC_ID:
            raise Refused("TOPIC_ID_INVALID")
        self.find(topic_id)
        inside = [row.id for row in self._chat.messages.values() if row.thread_id == topic_id]
        for message_id in inside:
            posting.remove(self._world, self._chat, message_id)
        del self._chat.topics[topic_id]

    def unpin_all(self, topic_id: int) -> None:
        """Unpin the messages of one topic."""
        self.find(topic_id)
        rows = [self._chat.messages[message_id] for message_id in self._chat.pinned_ids]
        for row in rows:
            if (row.thread_id or state.GENERAL_TOPIC_ID) == topic_id:
                posting.unpin(self._chat, row.id)

    def find(self, topic_id: int) -> state.Topic:
        """The topic with this id."""
        if topic_id not in self._chat.topics:
            raise Refused("TOPIC_ID_INVALID")
        return self._chat.topics[topic_id]

    def _say(self, topic_id: int | None, by: int, **body: Any) -> Message:
        draft = posting.Draft(by, body, thread_id=topic_id, is_service=True)
        return posting.post(self._world, self._chat, draft)
