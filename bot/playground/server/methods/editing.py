"""Editing and deleting: only what the bot may touch, and an edit that changes nothing is an error."""

from datetime import timedelta
from typing import Any

from bot.playground.server import hearing, posting, state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.formatting import CAPTION_LIMIT, text_fields
from bot.playground.server.methods.keyboards import checked_inline
from bot.playground.server.methods.parameters import (
    BOOLEAN,
    CHAT,
    ENTITIES,
    INLINE_KEYBOARD,
    INTEGER,
    INTEGERS,
    STRING,
    Parameter,
    an_object,
)
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.sending import text_body
from bot.playground.server.methods.targets import find_chat, find_message
from bot.playground.server.snapshots import Json, Message

# A message can be deleted this long after it was sent; there is no such limit on edits.
DELETABLE_FOR = timedelta(hours=48)
MAX_DELETED_AT_ONCE = 100
MEDIA = ("photo", "document", "video", "audio", "animation", "voice", "video_note", "sticker")
TEXT_PARTS = ("text", "entities", "link_preview_options")
CAPTION_PARTS = ("caption", "caption_entities", "show_caption_above_media")
WHICH: dict[str, Parameter] = {
    "chat_id": CHAT,
    "message_id": INTEGER,
    "inline_message_id": STRING,
    "reply_markup": INLINE_KEYBOARD,
}


def editable(call: Call) -> state.Message:
    """The message of an edit call. Raises ApiError when it is missing or not the bot's own."""
    if "inline_message_id" in call:
        row = call.world.inline_messages.get(call["inline_message_id"])
        if row is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return row
    for name in ("chat_id", "message_id"):
        if name not in call:
            raise bad_request(f'parameter "{name}" of {call.method} is missing')
    chat = find_chat(call)
    row = find_message(chat, call["message_id"], "edit")
    may_edit_posts = chat.kind == "channel" and chat.members[call.bot.id].can("can_edit_messages")
    if row.is_service or not (row.author_bot_id == call.bot.id or may_edit_posts):
        raise bad_request("message can't be edited")
    return row


def apply_edit(call: Call, row: state.Message, parts: tuple[str, ...], new: Json) -> Message | bool:
    """Replace these parts of a message's body and its keyboard; 400 when nothing changes."""
    rest = {name: part for name, part in row.body.items() if name not in (*parts, "reply_markup", "edit_date")}
    body = rest | new
    keyboard = checked_inline(call["reply_markup"], call.world.chats[row.key]) if call.get("reply_markup") else None
    if keyboard:
        body["reply_markup"] = keyboard
    if body == {name: part for name, part in row.body.items() if name != "edit_date"}:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    row.body = body | {"edit_date": call.world.timestamp()}
    update = hearing.announce(call.world, row, is_edited=True)
    return True if "inline_message_id" in call else update


@method(
    "editMessageText",
    "Message",
    "Boolean",
    optional={
        **WHICH,
        "text": STRING,
        "parse_mode": STRING,
        "entities": ENTITIES,
        "link_preview_options": an_object("LinkPreviewOptions"),
    },
)
def edit_message_text(call: Call) -> Any:
    """Change a text message and its keyboard; without reply_markup the keyboard goes."""
    row = editable(call)
    if "text" not in row.body:
        raise bad_request("there is no text in the message to edit")
    return apply_edit(call, row, TEXT_PARTS, text_body(call))


@method(
    "editMessageCaption",
    "Message",
    "Boolean",
    optional={
        **WHICH,
        "caption": STRING,
        "parse_mode": STRING,
        "caption_entities": ENTITIES,
        "show_caption_above_media": BOOLEAN,
    },
)
def edit_message_caption(call: Call) -> Any:
    """Change the caption of a photo, document, ..."""
    row = editable(call)
    if not any(name in row.body for name in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return apply_edit(call, row, CAPTION_PARTS, caption_body(call))


def caption_body(call: Call) -> Json:
    """Caption and entities of a call, checked; empty when there is none."""
    caption, entities = text_fields(call, "caption", limit=CAPTION_LIMIT, is_caption=True)
    parts: Json = {"caption": caption} if caption else {}
    if entities:
        parts["caption_entities"] = entities
    if call.get("show_caption_above_media"):
        parts["show_caption_above_media"] = True
    return parts


@method("editMessageReplyMarkup", "Message", "Boolean", optional=WHICH)
def edit_message_reply_markup(call: Call) -> Any:
    """Change or remove the buttons."""
    return apply_edit(call, editable(call), (), {})


@method("deleteMessage", "Boolean", required_parameters={"chat_id": CHAT, "message_id": INTEGER})
def delete_message(call: Call) -> bool:
    """Delete one message."""
    chat = find_chat(call)
    row = find_message(chat, call["message_id"], "delete")
    if not may_delete(call, chat, row):
        raise bad_request("message can't be deleted for everyone")
    posting.remove(call.world, chat, row.id)
    return True


@method("deleteMessages", "Boolean", required_parameters={"chat_id": CHAT, "message_ids": INTEGERS})
def delete_messages(call: Call) -> bool:
    """Delete several messages; those that cannot be found are skipped."""
    chat, ids = find_chat(call), call["message_ids"]
    if not 1 <= len(ids) <= MAX_DELETED_AT_ONCE:
        raise bad_request("wrong number of messages to delete")
    rows = [chat.messages[message_id] for message_id in dict.fromkeys(ids) if message_id in chat.messages]
    if not all(may_delete(call, chat, row) for row in rows):
        raise bad_request("message can't be deleted for everyone")
    for row in rows:
        posting.remove(call.world, chat, row.id)
    return True


def may_delete(call: Call, chat: state.Chat, row: state.Message) -> bool:
    """48 hours; its own, incoming ones in private, any with the right (in a basic group: any as administrator)."""
    if call.world.now() - row.sent_at > DELETABLE_FOR or "supergroup_chat_created" in row.body:
        return False
    if row.author_bot_id == call.bot.id or chat.kind == "private":
        return True
    member = chat.members[call.bot.id]
    return member.is_admin if chat.kind == "group" else member.can("can_delete_messages")
