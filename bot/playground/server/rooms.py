"""Making and changing chats: groups, supergroups, channels, forum topics, titles, migration, linked channels."""

from typing import Literal

from bot.playground.server import posting, render, state
from bot.playground.server.errors import Refused
from bot.playground.server.lookup import ChatLike, Lookup, TopicLike, UserLike
from bot.playground.server.snapshots import Chat, Json
from bot.playground.server.topics import Topics

CREATED = {
    "group": "group_chat_created",
    "supergroup": "supergroup_chat_created",
    "channel": "channel_chat_created",
}


class Rooms(Lookup):
    """Actions about chats as a whole and their topics."""

    def add_chat(
        self,
        title: str,
        *,
        owner: UserLike,
        kind: Literal["group", "supergroup", "channel"] = "supergroup",
        is_forum: bool = False,
        username: str = "",
        description: str = "",
        id: int | None = None,  # noqa: A002  the Bot API's own name
    ) -> Chat:
        """A new chat with one member, its owner. Only supergroups can be forums or, like channels, have usernames."""
        if kind not in CREATED or (is_forum and kind != "supergroup") or (username and kind == "group"):
            raise Refused(f"there is no such chat: kind {kind}, forum {is_forum}, username {username!r}")
        chat_id = self.world.new_chat_id(kind) if id is None else id
        if chat_id >= 0 or str(chat_id) in self.world.chats:
            raise Refused(f"chat id {chat_id} is taken or not below 0")
        row = state.Chat(str(chat_id), chat_id, kind, title, username, description, is_forum)
        self.world.chats[row.key] = row
        owner_id = self.user_id(owner)
        row.members[owner_id] = state.Member(owner_id, "creator")
        if is_forum:
            row.topics[state.GENERAL_TOPIC_ID] = state.Topic(state.GENERAL_TOPIC_ID, "General", Topics.DEFAULT_COLOR)
        posting.service(self.world, row, owner_id, **{CREATED[kind]: True})
        self.world.note_change("chat", chat=row.key, title=title, type=kind)
        return render.chat(self.world, row)

    def rename_chat(self, chat: ChatLike, title: str, by: UserLike) -> None:
        """Change the title; a service message says so."""
        row, by_id = self.chat_row(chat), self.user_id(by)
        self.admin(row, by_id, "can_change_info")
        posting.rename(self.world, row, title, by_id)

    def migrate(self, group: ChatLike) -> Chat:
        """Upgrade a basic group to a supergroup with a new id and message ids that start anew."""
        old = self.chat_row(group)
        if old.kind != "group" or old.migrated_to is not None:
            raise Refused("only a basic group can become a supergroup, once")
        new_id = self.world.new_chat_id("supergroup")
        new = state.Chat(str(new_id), new_id, "supergroup", old.title, description=old.description)
        new.members, new.permissions = old.members, old.permissions
        self.world.chats[new.key] = new
        owner_id = next(member.user_id for member in old.members.values() if member.status == "creator")
        posting.service(self.world, old, owner_id, migrate_to_chat_id=new_id)
        old.migrated_to, old.members = new_id, {}
        posting.service(self.world, new, owner_id, migrate_from_chat_id=old.id)
        return render.chat(self.world, new)

    def link_channel(self, channel: ChatLike, group: ChatLike) -> None:
        """Make `group` the discussion group of `channel`: its posts are forwarded there by themselves."""
        source, target = self.chat_row(channel), self.chat_row(group)
        if source.kind != "channel" or target.kind != "supergroup":
            raise Refused("a channel is linked to a supergroup")
        source.linked_chat_id, target.linked_chat_id = target.id, source.id

    def create_topic(self, chat: ChatLike, name: str, by: UserLike, *, icon_color: int = 0) -> Json:
        """Open a topic in a forum; gives its ForumTopic."""
        row, by_id = self._forum(chat, by)
        return Topics(self.world, row).create(name, by_id, icon_color or Topics.DEFAULT_COLOR)

    def edit_topic(self, chat: ChatLike, topic: TopicLike, name: str, by: UserLike) -> None:
        """Rename a topic."""
        row, by_id = self._forum(chat, by)
        Topics(self.world, row).edit(self.topic_id(topic) or 0, by_id, name=name)

    def close_topic(self, chat: ChatLike, topic: TopicLike, by: UserLike) -> None:
        """Close a topic for those who do not manage topics."""
        row, by_id = self._forum(chat, by)
        Topics(self.world, row).set_closed(self.topic_id(topic) or 0, by_id, is_closed=True)

    def reopen_topic(self, chat: ChatLike, topic: TopicLike, by: UserLike) -> None:
        """Open a closed topic again."""
        row, by_id = self._forum(chat, by)
        Topics(self.world, row).set_closed(self.topic_id(topic) or 0, by_id, is_closed=False)

    def delete_topic(self, chat: ChatLike, topic: TopicLike, by: UserLike) -> None:
        """Remove a topic with all its messages."""
        row, by_id = self.chat_row(chat), self.user_id(by)
        self.admin(row, by_id, "can_delete_messages")
        Topics(self.world, row).delete(self.topic_id(topic) or 0)

    def _forum(self, chat: ChatLike, by: UserLike) -> tuple[state.Chat, int]:
        row, by_id = self.chat_row(chat), self.user_id(by)
        if not row.is_forum:
            raise Refused(f"chat {row.key} is not a forum")
        self.admin(row, by_id, "can_manage_topics")
        return row, by_id
