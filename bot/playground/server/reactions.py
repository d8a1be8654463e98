"""People's reactions, and which ones there are."""

from bot.playground.server import hearing, render, state
from bot.playground.server.errors import Refused
from bot.playground.server.lookup import ChatLike, Lookup, MessageLike, UserLike
from bot.playground.server.snapshots import Json

# The reactions of ReactionTypeEmoji in Bot API 10.3.
_EMOJI_WORDS = """
    ❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈
    😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
EMOJI = frozenset(_EMOJI_WORDS.split())
VARIATION_SELECTOR = "\ufe0f"
# Reactions one person may leave on one message, without and with Premium.
MAX_REACTIONS, MAX_PREMIUM_REACTIONS = 1, 3


class Reactions(Lookup):
    """Actions about reactions."""

    def react(self, user: UserLike, message: MessageLike, reactions: list[str | Json]) -> None:
        """Replace one's reactions to a message; an empty list takes them back."""
        row, user_id = self.message_row(message), self.user_id(user)
        chat, new_reactions = self.world.chats[row.key], [as_reaction(reaction) for reaction in reactions]
        self._may_react(chat, user_id, len(new_reactions))
        if not all(is_available(chat, reaction) for reaction in new_reactions):
            raise Refused("REACTION_INVALID")
        before = row.reactions.get(user_id, [])
        if new_reactions == before:
            return
        row.reactions[user_id] = new_reactions
        who = self._reactor(chat, user_id)
        payload = {
            "chat": render.chat(self.world, chat),
            "message_id": row.id,
            **who,
            "date": self.world.timestamp(),
            "old_reaction": before,
            "new_reaction": new_reactions,
        }
        if chat.kind != "channel":
            for bot in hearing.admin_bots(self.world, chat):
                hearing.tell(self.world, bot, "message_reaction", payload, chat.id)
        self._show_reactions(chat, row)

    def allow_reactions(self, chat: ChatLike, emoji: list[str] | None, by: UserLike) -> None:
        """Choose the reactions of a chat: none, some, or (None) every one."""
        row = self.chat_row(chat)
        self.admin(row, self.user_id(by), "can_change_info")
        row.available_reactions = None if emoji is None else [as_reaction(one)["emoji"] for one in emoji]

    def react_anonymously(self, message: MessageLike, counts: dict[str, int]) -> None:
        """Set the reactions of a message whose reactors nobody sees (channel posts); bots get the totals."""
        row = self.message_row(message)
        chat = self.world.chats[row.key]
        row.anonymous_reactions = [
            {"type": as_reaction(emoji), "total_count": count} for emoji, count in counts.items() if count > 0
        ]
        payload = {
            "chat": render.chat(self.world, chat),
            "message_id": row.id,
            "date": self.world.timestamp(),
            "reactions": render.reaction_counts(row),
        }
        for bot in hearing.admin_bots(self.world, chat):
            hearing.tell(self.world, bot, "message_reaction_count", payload, chat.id)
        self._show_reactions(chat, row)

    def _may_react(self, chat: state.Chat, user_id: int, how_many: int) -> None:
        is_premium = self.world.account(user_id).user.get("is_premium", False)
        if how_many > (MAX_PREMIUM_REACTIONS if is_premium else MAX_REACTIONS):
            raise Refused("a person leaves one reaction on a message, or three with Premium")
        self.takes_part(chat, user_id)
        if chat.kind in ("group", "supergroup"):
            member = self.insider(chat, user_id)
            permissions = member.permissions if member.status == "restricted" else chat.permissions
            if not member.is_admin and not permissions.get("can_react_to_messages", False):
                raise Refused(f"user {user_id} may not react in chat {chat.key}")

    def _reactor(self, chat: state.Chat, user_id: int) -> Json:
        member = chat.members.get(user_id)
        if member is not None and member.is_anonymous:
            return {"actor_chat": render.chat(self.world, chat)}
        return {"user": render.user(self.world, user_id)}

    def _show_reactions(self, chat: state.Chat, row: state.Message) -> None:
        details = {"reactions": render.reaction_counts(row), "reacted_by": render.reacted_by(row)}
        self.world.note_change("reaction", chat=chat.key, message_id=row.id, **details)


def is_available(chat: state.Chat, reaction: Json) -> bool:
    """Whether the chat's administrators let this reaction be used."""
    return chat.available_reactions is None or reaction.get("emoji") in chat.available_reactions


def as_reaction(reaction: str | Json) -> Json:
    """A ReactionType from an emoji or from its own JSON. Raises Refused for an emoji nobody can react with."""
    if not isinstance(reaction, str):
        return dict(reaction)
    emoji = reaction.replace(VARIATION_SELECTOR, "")
    if emoji not in EMOJI:
        raise Refused("REACTION_INVALID")
    return {"type": "emoji", "emoji": emoji}
