"""Telegram Desktop's words for chats, contents and services in those of the Bot API: imported and heard rows are alike."""

from __future__ import annotations

from typing import Any

from models.tables.community import ChatKind

Raw = dict[str, Any]

# Whatever is not here (personal_chat, saved_messages, bot_chat, replies, ...) is private and never imported.
CHATS = {
    "private_group": ChatKind.GROUP,
    "private_supergroup": ChatKind.SUPERGROUP,
    "public_supergroup": ChatKind.SUPERGROUP,
    "private_channel": ChatKind.CHANNEL,
    "public_channel": ChatKind.CHANNEL,
}
MEDIA = {
    "sticker": "sticker",
    "voice_message": "voice",
    "video_message": "video_note",
    "animation": "animation",
    "audio_file": "audio",
    "video_file": "video",
}
# The first of these fields that a message has tells its kind: a venue also has location_information.
CONTENT = {
    "photo": "photo",
    "paid_stars_amount": "paid_media",
    "contact_information": "contact",
    "place_name": "venue",
    "address": "venue",
    "location_information": "location",
    "poll": "poll",
    "todo_list": "checklist",
    "game_title": "game",
    "invoice_information": "invoice",
    "giveaway_information": "giveaway",
    "giveaway_results": "giveaway",
    "file": "document",
}
SERVICES = {
    "create_group": "group_chat_created",
    "create_channel": "supergroup_chat_created",
    "invite_members": "new_chat_members",
    "join_group_by_link": "new_chat_members",
    "join_group_by_request": "new_chat_members",
    "remove_members": "left_chat_member",
    "edit_group_title": "new_chat_title",
    "edit_group_photo": "new_chat_photo",
    "delete_group_photo": "delete_chat_photo",
    "migrate_to_supergroup": "migrate_to_chat_id",
    "migrate_from_group": "migrate_from_chat_id",
    "pin_message": "pinned_message",
    "topic_created": "forum_topic_created",
    "topic_edit": "forum_topic_edited",
    "set_messages_ttl": "message_auto_delete_timer_changed",
    "group_call": "video_chat_started",
    "group_call_scheduled": "video_chat_scheduled",
    "invite_to_group_call": "video_chat_participants_invited",
    "boost_apply": "boost_added",
    "proximity_reached": "proximity_alert_triggered",
}
ENTITIES = {"link": "url", "mention_name": "text_mention", "phone": "phone_number"}


def kind_of(raw: Raw) -> str:
    """The message's kind in the Bot API's words, "unknown" for contents of another time."""
    if raw.get("type") == "service":
        action = str(raw.get("action") or "unknown")
        return f"service:{SERVICES.get(action, _name(action))}"
    media = raw.get("media_type")
    if isinstance(media, str):
        return MEDIA.get(media, "document")
    content = next((kind for field, kind in CONTENT.items() if field in raw), None)
    return content or ("text" if raw.get("text") else "unknown")


def _name(action: str) -> str:
    """An action that we have no word for, fit for a column."""
    return "".join(letter for letter in action if letter.isascii() and (letter.isalnum() or letter == "_"))[:40]
