"""Checking the JSON objects inside arguments: their fields, by name and by type."""

from typing import Any

from bot.playground.server.errors import ApiError, bad_request

# A field's name tells its type throughout the objects bots send; whatever is not named here is a String.
INTEGERS = frozenset(
    {
        "duration",
        "height",
        "length",
        "message_id",
        "offset",
        "quote_position",
        "thumbnail_height",
        "thumbnail_width",
        "unix_time",
        "user_id",
        "width",
    }
)
BOOLEANS = frozenset(
    {
        "disable_content_type_detection",
        "has_spoiler",
        "one_time_keyboard",
        "pay",
        "prefer_large_media",
        "prefer_small_media",
        "remove_keyboard",
        "request_contact",
        "request_location",
        "request_write_access",
        "resize_keyboard",
        "selective",
        "force_reply",
        "show_above_text",
        "show_caption_above_media",
        "supports_streaming",
        "allow_sending_without_reply",
    }
)
BOOLEAN_PREFIXES = ("is_", "can_", "allow_")
LISTS_OF_OBJECTS = frozenset({"caption_entities", "entities", "quote_entities", "text_entities"})
ROWS = frozenset({"inline_keyboard", "keyboard"})
OBJECTS = frozenset(
    {
        "callback_game",
        "copy_text",
        "disabled",
        "input_message_content",
        "link_preview_options",
        "login_url",
        "reply_markup",
        "request_chat",
        "request_managed_bot",
        "request_poll",
        "request_users",
        "switch_inline_query_chosen_chat",
        "user",
        "web_app",
    }
)
# Small objects without rules of their own: (required, optional) fields.
INNER: dict[str, tuple[set[str], set[str]]] = {
    "callback_game": (set(), set()),
    "copy_text": ({"text"}, set()),
    "disabled": (set(), set()),
    "login_url": ({"url"}, {"forward_text", "bot_username", "request_write_access"}),
    "switch_inline_query_chosen_chat": (
        set(),
        {"query", "allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats"},
    ),
    "web_app": ({"url"}, set()),
}


def check_fields(what: str, fields: Any, required_names: set[str], optional: set[str]) -> None:
    """Refuse anything but an object with these fields, each of its type. Raises ApiError 400 naming the field."""
    if not isinstance(fields, dict):
        raise bad_request(f"can't parse {what}: an Object is expected")
    missing, unknown = required_names - fields.keys(), fields.keys() - required_names - optional
    if missing:
        raise bad_request(f"{what} misses {', '.join(sorted(missing))}")
    if unknown:
        raise bad_request(f"{what} has unknown fields: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        if not _is_of_its_type(name, value):
            raise _ill_typed(what, name)
        if name in INNER:
            check_fields(f"{what}.{name}", value, *INNER[name])


def kind_of(value: Any, what: str) -> str:
    """The `type` of an object. Raises ApiError 400 when it has none that is a String."""
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        raise _ill_typed(what, "type")
    return kind


def _is_of_its_type(name: str, value: Any) -> bool:
    if name in INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if name in BOOLEANS or name.startswith(BOOLEAN_PREFIXES):
        return isinstance(value, bool)
    if name in LISTS_OF_OBJECTS:
        return isinstance(value, list) and all(isinstance(one, dict) for one in value)
    if name in ROWS:
        return isinstance(value, list) and all(isinstance(row, list) for row in value)
    if name in OBJECTS:
        return isinstance(value, dict)
    return isinstance(value, str | int if name == "chat_id" else str)


def _ill_typed(what: str, name: str) -> ApiError:
    return bad_request(f"{what} has a {name} of the wrong type")
