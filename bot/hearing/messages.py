"""From a raw message to facts: kinds, senders, mentions, links, service messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.hearing.parts import number, person, place
from models.domain.hearing.facts import (
    Fact,
    HeardMessage,
    HeardMigration,
    HeardPin,
    HeardStanding,
    HeardTopic,
    Person,
    Place,
)
from models.tables.community import ChatKind
from models.tables.member import Standing
from models.tables.message import Sender

Raw = dict[str, Any]

# In the order in which Telegram's own clients decide: an animation also carries `document`, a venue `location`.
CONTENT = (
    "text", "animation", "audio", "paid_media", "live_photo", "photo", "sticker", "story", "video", "video_note", "voice",
    "document", "checklist", "contact", "dice", "game", "poll", "venue", "location", "invoice", "giveaway",
    "giveaway_winners", "rich_message", "passport_data",
)  # fmt: skip
# A message with one of these tells of a change in the chat, not of something a member says.
SERVICE = (
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created",
    "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id",
    "migrate_from_chat_id", "pinned_message", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
    "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "video_chat_scheduled",
    "video_chat_started", "video_chat_ended", "video_chat_participants_invited", "boost_added", "write_access_allowed",
    "users_shared", "chat_shared", "web_app_data", "successful_payment", "refunded_payment", "proximity_alert_triggered",
    "chat_owner_left", "chat_owner_changed", "gift", "unique_gift", "gift_upgrade_sent", "connected_website",
    "chat_background_set", "checklist_tasks_done", "checklist_tasks_added", "community_chat_added", "community_chat_joined",
    "community_chat_removed", "direct_message_price_changed", "paid_message_price_changed", "giveaway_created",
    "giveaway_completed", "managed_bot_created", "poll_option_added", "poll_option_deleted", "suggested_post_approved",
    "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded",
)  # fmt: skip
# What has a column of its own, or repeats other people's words; everything else is kept as it came.
TAKEN = frozenset(
    {"message_id", "from", "chat", "date", "edit_date", "text", "caption", "reply_to_message", "message_thread_id",
     "is_topic_message", "sender_chat", "pinned_message", "reply_markup"}
)  # fmt: skip
LINKS = frozenset({"url", "text_link"})


def hear_message(raw: Raw) -> list[Fact]:
    """The message itself, and what a service message tells beyond it."""
    where = place(raw["chat"])
    sent_at = datetime.fromtimestamp(raw["date"], UTC)
    author = person(raw.get("from")) if "sender_chat" not in raw else None
    facts: list[Fact] = [_message(raw, where, author, sent_at)]
    if raw.keys() & _SERVICE_SET:
        facts.extend(_service(raw, where, sent_at))
    topic = (raw.get("reply_to_message") or {}).get("forum_topic_created")
    if topic and raw.get("is_topic_message"):
        thread = number(raw["message_thread_id"])
        facts.append(HeardTopic(where, None, sent_at, telegram_thread_id=thread, name=_name(topic)))
    return facts


def _message(raw: Raw, where: Place, author: Person | None, sent_at: datetime) -> HeardMessage:
    kind, (text, entities) = _kind(raw), _words(raw)
    answered_raw = raw.get("reply_to_message") or {}
    # In a topic every message "replies" to the one that created the topic.
    is_real_reply = "message_id" in answered_raw and "forum_topic_created" not in answered_raw
    handles, people, n_links = _mentions(text or "", entities)
    details = {name: value for name, value in raw.items() if name not in TAKEN}
    return HeardMessage(
        where,
        author,
        sent_at,
        telegram_message_id=number(raw["message_id"]),
        sender=_sender(raw, author),
        kind=kind,
        text=text,
        edited_at=datetime.fromtimestamp(raw["edit_date"], UTC) if raw.get("edit_date") else None,
        telegram_thread_id=number(raw["message_thread_id"]) if raw.get("is_topic_message") else None,
        reply_to_telegram_id=number(answered_raw["message_id"]) if is_real_reply else None,
        reply_to_author=person(answered_raw.get("from"))
        if is_real_reply and "sender_chat" not in answered_raw
        else None,
        is_forward="forward_origin" in raw,
        n_links=n_links,
        mentioned_handles=handles,
        mentioned_people=people,
        details=details or None,
    )


def _kind(raw: Raw) -> str:
    for name in CONTENT:
        if name in raw:
            return name
    service = next((name for name in SERVICE if name in raw), None)
    return f"service:{service}" if service else "unknown"


def _sender(raw: Raw, author: Person | None) -> Sender:
    if raw.get("is_automatic_forward"):
        return Sender.AUTOMATIC_FORWARD
    if "sender_chat" in raw:
        return Sender.ANONYMOUS_ADMIN if raw["sender_chat"]["id"] == raw["chat"]["id"] else Sender.CHANNEL
    if author is None:
        return Sender.CHANNEL if raw["chat"]["type"] == ChatKind.CHANNEL else Sender.SERVICE
    return Sender.BOT if author.is_bot else Sender.MEMBER


def _words(raw: Raw) -> tuple[str | None, list[Raw]]:
    if "text" in raw:
        return str(raw["text"]), raw.get("entities") or []
    if "caption" in raw:
        return str(raw["caption"]), raw.get("caption_entities") or []
    if "poll" in raw:
        return str(raw["poll"].get("question", "")), []
    return None, []


def _mentions(text: str, entities: list[Raw]) -> tuple[tuple[str, ...], tuple[Person, ...], int]:
    """Handles and people that the text names, and how many links it has."""
    if not entities:
        return (), (), 0
    # Offsets count UTF-16 units: two bytes each in this encoding.
    units = text.encode("utf-16-le", "surrogatepass")
    handles = tuple(
        units[2 * entity["offset"] + 2 : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le", "replace")
        for entity in entities
        if entity["type"] == "mention"
    )
    people = (person(entity.get("user")) for entity in entities if entity["type"] == "text_mention")
    n_links = sum(entity["type"] in LINKS for entity in entities)
    return handles, tuple(who for who in people if who), n_links


def _service(raw: Raw, where: Place, at: datetime) -> list[Fact]:
    facts: list[Fact] = []
    for newcomer in raw.get("new_chat_members") or []:
        if who := person(newcomer):
            facts.append(HeardStanding(where, who, at, status=Standing.MEMBER, is_vague=True))
    if who := person(raw.get("left_chat_member")):
        facts.append(HeardStanding(where, who, at, status=Standing.LEFT, is_vague=True))
    if "migrate_to_chat_id" in raw:
        facts.append(HeardMigration(where, None, at, new_telegram_id=number(raw["migrate_to_chat_id"])))
    if "pinned_message" in raw:
        pinned_id = number(raw["pinned_message"]["message_id"])
        facts.append(HeardPin(where, None, at, telegram_message_id=pinned_id))
    return facts + _topic_changes(raw, where, at)


def _topic_changes(raw: Raw, where: Place, at: datetime) -> list[Fact]:
    if raw.get("message_thread_id") is None:
        return []
    thread = number(raw["message_thread_id"])
    facts: list[Fact] = []
    for change in ("forum_topic_created", "forum_topic_edited"):
        if change in raw:
            facts.append(HeardTopic(where, None, at, telegram_thread_id=thread, name=_name(raw[change])))
    if "forum_topic_closed" in raw or "forum_topic_reopened" in raw:
        is_closed = "forum_topic_closed" in raw
        facts.append(HeardTopic(where, None, at, telegram_thread_id=thread, is_closed=is_closed))
    return facts


def _name(topic: Raw) -> str | None:
    name = topic.get("name")
    return None if name is None else str(name)


_SERVICE_SET = frozenset(SERVICE)
