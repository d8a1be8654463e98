"""Checking reply_markup: exactly one purpose per button, callback data of 1-64 bytes, nothing unknown."""

import re

from bot.playground.server import state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.objects import check_fields
from bot.playground.server.snapshots import Json

CALLBACK_DATA_BYTES = 64
PURPOSES = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
}
LOOKS = {"icon_custom_emoji_id", "style"}
MAX_BUTTONS = 100
URL = re.compile(r"(?:https?|tg)://\S+|[\w.-]+\.\w{2,}(?:[/?#]\S*)?", re.IGNORECASE)
REPLY_KEYBOARD_FIELDS = {
    "is_persistent",
    "resize_keyboard",
    "one_time_keyboard",
    "input_field_placeholder",
    "selective",
    "force_reply",
}
REPLY_BUTTON_FIELDS = {
    "icon_custom_emoji_id",
    "style",
    "request_users",
    "request_chat",
    "request_managed_bot",
    "request_contact",
    "request_location",
    "request_poll",
    "web_app",
}


def split_markup(markup: Json | None, chat: state.Chat) -> tuple[Json | None, Json | None]:
    """Check a reply_markup; gives (inline keyboard, other keyboard), at most one of them set."""
    if not markup:
        return None, None
    if "inline_keyboard" in markup:
        return checked_inline(markup, chat), None
    if "keyboard" in markup:
        check_fields("ReplyKeyboardMarkup", markup, {"keyboard"}, REPLY_KEYBOARD_FIELDS)
        for button in _buttons(markup["keyboard"]):
            if not isinstance(button, str):
                check_fields("KeyboardButton", button, {"text"}, REPLY_BUTTON_FIELDS)
    elif "remove_keyboard" in markup:
        check_fields("ReplyKeyboardRemove", markup, {"remove_keyboard"}, {"selective"})
    else:
        check_fields("ForceReply", markup, {"force_reply"}, {"input_field_placeholder", "selective"})
    if chat.kind == "channel":
        raise bad_request("reply keyboards are not available in channels")
    return None, markup


def checked_inline(markup: Json, chat: state.Chat | None) -> Json | None:
    """An InlineKeyboardMarkup whose every button is sound; None when it has no buttons."""
    check_fields("InlineKeyboardMarkup", markup, {"inline_keyboard"}, {"force_reply"})
    buttons = _buttons(markup["inline_keyboard"])
    if len(buttons) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button, chat)
    rows = [row for row in markup["inline_keyboard"] if row]
    return {**markup, "inline_keyboard": rows} if rows else None


def _buttons(rows: list[list[Json]]) -> list[Json]:
    return [button for row in rows for button in row]


def _check_button(button: Json, chat: state.Chat | None) -> None:
    check_fields("InlineKeyboardButton", button, {"text"}, PURPOSES | LOOKS)
    if not str(button["text"]).strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    if len(PURPOSES & button.keys()) != 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are allowed only with one purpose each")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not URL.fullmatch(str(url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if "web_app" in button and (chat is None or chat.kind != "private"):
        raise bad_request("BUTTON_TYPE_INVALID")
