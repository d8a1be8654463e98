"""The bot's own reactions."""

from bot.playground.server import render
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.objects import check_fields, kind_of
from bot.playground.server.methods.parameters import BOOLEAN, CHAT, INTEGER, an_array
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.targets import find_chat, find_message
from bot.playground.server.reactions import as_reaction, is_available
from bot.playground.server.snapshots import Json


@method(
    "setMessageReaction",
    "Boolean",
    required_parameters={"chat_id": CHAT, "message_id": INTEGER},
    optional={"reaction": an_array("ReactionType"), "is_big": BOOLEAN},
)
def set_message_reaction(call: Call) -> bool:
    """Replace the bot's reaction; no reaction takes it back. Bots leave one at most, and no bot is told of it."""
    chat = find_chat(call)
    row = find_message(chat, call["message_id"], "react")
    reactions = [_check(reaction) for reaction in call.get("reaction", [])]
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not all(is_available(chat, reaction) for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    row.reactions[call.bot.id] = reactions
    counts = render.reaction_counts(row)
    call.world.note_change("reaction", chat=chat.key, message_id=row.id, reactions=counts)
    return True


def _check(reaction: Json) -> Json:
    kind = kind_of(reaction, "ReactionType")
    if kind == "custom_emoji":
        check_fields("ReactionTypeCustomEmoji", reaction, {"type", "custom_emoji_id"}, set())
        return reaction
    check_fields("ReactionTypeEmoji", reaction, {"type", "emoji"}, set())
    if kind != "emoji":
        raise bad_request("REACTION_INVALID")
    return as_reaction(reaction["emoji"])
