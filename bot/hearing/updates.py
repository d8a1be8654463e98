"""From a raw update to facts. Reads plain JSON, so what nobody waits for needs no Update object.

Raises NotUnderstood for an update that lacks what its kind cannot be without; unknown kinds give no facts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.hearing.messages import hear_message
from bot.hearing.parts import NotUnderstood, number, person, place, reaction_names
from models.domain.hearing.facts import (
    Fact,
    HeardOwnStanding,
    HeardPollAnswer,
    HeardPress,
    HeardReaction,
    HeardReactionCount,
    HeardStanding,
)
from models.tables.base import word_of
from models.tables.community import ChatKind
from models.tables.member import Standing

Raw = dict[str, Any]

# Our explicit list: python-telegram-bot's own lacks the last two, and null would keep whatever was asked for before.
ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "message_reaction",
    "message_reaction_count",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "subscription",
    "stopped_message_generation",
)


def kind_of(raw: Any) -> str:
    """The update's kind: its one field besides update_id, as Telegram names it; "unknown" without one. Never raises."""
    fields = raw if isinstance(raw, dict) else {}
    return next((name for name in fields if name != "update_id" and isinstance(fields[name], dict)), "unknown")


def is_direct_messages(raw: Any) -> bool:
    """True when it comes from a channel's direct messages: what readers write to a channel is private, no group talk.

    Telegram calls such a chat a supergroup all the same. Never raises.
    """
    inner = _part(raw, kind_of(raw))
    chat = _part(inner, "chat") or _part(_part(inner, "message"), "chat")
    return chat.get("is_direct_messages") is True


def hear(raw: Raw) -> list[Fact]:
    """The facts of one update, in the order in which they hold."""
    kind = kind_of(raw)
    ear = _EARS.get(kind)
    if ear is None or is_direct_messages(raw):
        return []
    try:
        return ear(raw[kind])
    except (KeyError, TypeError, ValueError, OverflowError, OSError, AttributeError) as error:
        raise NotUnderstood(f"{kind}: {type(error).__name__} at {error}"[:200]) from error


def is_urgent(raw: Raw) -> bool:
    """True when a person waits for our answer: a press, a command (edited too), anything new in private, our being added.

    Never raises.
    """
    kind = kind_of(raw)
    if kind in {"callback_query", "my_chat_member", "inline_query", "chat_join_request"}:
        return True
    if kind not in {"message", "edited_message"}:
        return False
    message = raw[kind]
    if kind == "message" and _part(message, "chat").get("type") == ChatKind.PRIVATE:
        return True
    # A picture's words are its caption.
    entities = message.get("entities") or message.get("caption_entities")
    first = entities[0] if isinstance(entities, list) and entities else None
    return isinstance(first, dict) and first.get("type") == "bot_command" and first.get("offset") == 0


def origin_of(raw: Any) -> tuple[int | None, int | None]:
    """Telegram ids of the sender and the chat, None where the update names none: to find raw text when forgetting.

    Never raises.
    """
    kind = kind_of(raw)
    inner = _part(raw, kind)
    # A new standing is about its subject, whoever brought it about.
    subject = _part(_part(inner, "new_chat_member"), "user") if kind == "chat_member" else {}
    sender = subject or _part(inner, "from") or _part(inner, "user")
    chat = _part(inner, "chat") or _part(_part(inner, "message"), "chat")
    return _id_or_none(sender), _id_or_none(chat)


def _part(holder: Any, name: str) -> Raw:
    """An object inside an object; an empty one where there is none."""
    part = holder.get(name) if isinstance(holder, dict) else None
    return part if isinstance(part, dict) else {}


def _id_or_none(holder: Raw) -> int | None:
    try:
        return number(holder["id"])
    except (KeyError, ValueError):
        return None


def _hear_reaction(raw: Raw) -> list[Fact]:
    # Without `user` it was an anonymous admin or a channel (actor_chat): nobody is credited.
    reactor = person(raw.get("user"))
    if reactor is None:
        return []
    old, new = reaction_names(raw["old_reaction"]), reaction_names(raw["new_reaction"])
    new_emoji, old_emoji = tuple(new - old), tuple(old - new)
    where, message_id = place(raw["chat"]), number(raw["message_id"])
    return [
        HeardReaction(
            where,
            reactor,
            instant(raw["date"]),
            telegram_message_id=message_id,
            new_emoji=new_emoji,
            old_emoji=old_emoji,
        )
    ]


def _hear_reaction_count(raw: Raw) -> list[Fact]:
    counts = {
        name: number(entry["total_count"]) for entry in raw["reactions"] for name in reaction_names([entry["type"]])
    }
    where, message_id = place(raw["chat"]), number(raw["message_id"])
    return [HeardReactionCount(where, None, instant(raw["date"]), telegram_message_id=message_id, counts=counts)]


def _hear_standing(raw: Raw) -> list[Fact]:
    who = person(raw["new_chat_member"]["user"])
    if who is None:
        return []
    status = _status(raw["new_chat_member"])
    return [HeardStanding(place(raw["chat"]), who, instant(raw["date"]), status=status)]


def _hear_own_standing(raw: Raw) -> list[Fact]:
    status = _status(raw["new_chat_member"])
    return [HeardOwnStanding(place(raw["chat"]), person(raw.get("from")), instant(raw["date"]), status=status)]


def _status(member: Raw) -> Standing:
    """A restricted person may have left; Telegram then says is_member = false."""
    status = word_of(Standing, str(member["status"])[:64])
    return Standing.LEFT if status == Standing.RESTRICTED and member.get("is_member") is False else status


def _hear_poll_answer(raw: Raw) -> list[Fact]:
    voter = person(raw.get("user"))
    if voter is None:
        return []
    options = tuple(number(option) for option in raw["option_ids"])
    return [HeardPollAnswer(None, voter, None, telegram_poll_id=str(raw["poll_id"]), options=options)]


def _hear_press(raw: Raw) -> list[Fact]:
    """A press is proof that its sender is there; the button's own effect is its handler's matter."""
    who, where = person(raw.get("from")), (raw.get("message") or {}).get("chat")
    return [HeardPress(place(where), who, None)] if who and where else []


def instant(seconds: int) -> datetime:
    """Telegram's unix seconds as an aware instant."""
    return datetime.fromtimestamp(seconds, UTC)


_EARS: dict[str, Callable[[Raw], list[Fact]]] = {
    "message": hear_message,
    "edited_message": hear_message,
    "channel_post": hear_message,
    "edited_channel_post": hear_message,
    "message_reaction": _hear_reaction,
    "message_reaction_count": _hear_reaction_count,
    "chat_member": _hear_standing,
    "my_chat_member": _hear_own_standing,
    "poll_answer": _hear_poll_answer,
    "callback_query": _hear_press,
}
