"""sendMessage and what every sending method shares."""

from bot.playground.server import posting, state
from bot.playground.server.entities import utf16_length
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.formatting import TEXT_LIMIT, format_text, text_fields
from bot.playground.server.methods.keyboards import split_markup
from bot.playground.server.methods.objects import check_fields
from bot.playground.server.methods.parameters import (
    BOOLEAN,
    CHAT,
    ENTITIES,
    INTEGER,
    KEYBOARD,
    STRING,
    Parameter,
    an_object,
)
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.targets import find_chat, find_thread, find_writable_chat
from bot.playground.server.snapshots import Json, Message

_CHAT_ACTIONS_WORDS = """
    typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker
    find_location record_video_note upload_video_note
"""
CHAT_ACTIONS = frozenset(_CHAT_ACTIONS_WORDS.split())
# Parameters nearly every sending method takes; disable_notification and paid broadcast have no effect here.
MOVING: dict[str, Parameter] = {
    "disable_notification": BOOLEAN,
    "message_thread_id": INTEGER,
    "protect_content": BOOLEAN,
}
DELIVERY: dict[str, Parameter] = {**MOVING, "allow_paid_broadcast": BOOLEAN}
SENDING: dict[str, Parameter] = {
    **DELIVERY,
    "reply_parameters": an_object("ReplyParameters"),
    "reply_markup": KEYBOARD,
}
REPLY_FIELDS = {
    "message_id",
    "chat_id",
    "allow_sending_without_reply",
    "quote",
    "quote_parse_mode",
    "quote_entities",
    "quote_position",
}
PREVIEW_FIELDS = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}


@method(
    "sendMessage",
    "Message",
    required_parameters={"chat_id": CHAT, "text": STRING},
    optional={
        **SENDING,
        "parse_mode": STRING,
        "entities": ENTITIES,
        "link_preview_options": an_object("LinkPreviewOptions"),
    },
)
def send_message(call: Call) -> Message:
    """Send a text."""
    chat = find_writable_chat(call, "text")
    return deliver(call, chat, text_body(call))


def text_body(call: Call) -> Json:
    """Text, entities and preview options of a call, checked."""
    text, entities = text_fields(call, "text", limit=TEXT_LIMIT)
    if not text:
        raise bad_request("message text is empty")
    body: Json = {"text": text}
    if entities:
        body["entities"] = entities
    if call.get("link_preview_options"):
        check_fields("LinkPreviewOptions", call["link_preview_options"], set(), PREVIEW_FIELDS)
        body["link_preview_options"] = call["link_preview_options"]
    return body


def deliver(call: Call, chat: state.Chat, body: Json, *, poll: state.Poll | None = None) -> Message:
    """Post a checked body as the bot, with the sending options of the call."""
    inline, other = split_markup(call.get("reply_markup"), chat)
    reply_to, quote = _reply(call, chat)
    body = body | quote
    if inline:
        body["reply_markup"] = inline
    if call.get("protect_content"):
        body["has_protected_content"] = True
    draft = posting.Draft(
        sender_id=None if chat.kind == "channel" else call.bot.id,
        sender_chat_id=chat.id if chat.kind == "channel" else None,
        body=body,
        reply_to=reply_to,
        thread_id=find_thread(call, chat),
        poll=poll,
        keyboard=other,
        author_bot_id=call.bot.id,
    )
    return posting.post(call.world, chat, draft)


def _reply(call: Call, chat: state.Chat) -> tuple[int | None, Json]:
    """The message replied to and its quote. A reply to another chat becomes an external_reply."""
    parameters = call.get("reply_parameters")
    if not parameters:
        return None, {}
    check_fields("ReplyParameters", parameters, {"message_id"}, REPLY_FIELDS)
    if parameters.get("chat_id") not in (None, chat.id):
        raise bad_request("the local Telegram emulates replies within one chat only")
    row = chat.messages.get(parameters["message_id"])
    if row is None and parameters.get("allow_sending_without_reply"):
        return None, {}
    if row is None:
        raise bad_request("message to be replied not found")
    return row.id, _quote(call, row, parameters)


def _quote(call: Call, row: state.Message, parameters: Json) -> Json:
    if not parameters.get("quote"):
        return {}
    text, entities = format_text(
        call.world,
        parameters["quote"],
        mode=parameters.get("quote_parse_mode", ""),
        entities=parameters.get("quote_entities"),
        limit=CAPTION_QUOTE_LIMIT,
        what="quote",
    )
    whole = str(row.body.get("text") or row.body.get("caption") or "")
    if text not in whole:
        raise bad_request("QUOTE_TEXT_INVALID")
    quote: Json = {"text": text, "position": utf16_length(whole[: whole.index(text)]), "is_manual": True}
    return {"quote": quote | ({"entities": entities} if entities else {})}


CAPTION_QUOTE_LIMIT = 1024


@method(
    "sendChatAction",
    "Boolean",
    required_parameters={"chat_id": CHAT, "action": STRING},
    optional={"message_thread_id": INTEGER},
)
def send_chat_action(call: Call) -> bool:
    """Show that the bot is busy."""
    chat = find_chat(call)
    if call["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    find_writable_chat(call, "text")
    call.world.note_change("action", chat=chat.key, user_id=call.bot.id, action=call["action"])
    return True
