"""Forwarding, copying and pinning messages."""

from bot.playground.server import posting, state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.editing import CAPTION_PARTS, caption_body
from bot.playground.server.methods.parameters import BOOLEAN, CHAT, ENTITIES, INTEGER, INTEGERS, STRING
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.sending import MOVING, SENDING, deliver
from bot.playground.server.methods.targets import find_chat, find_message, find_writable_chat
from bot.playground.server.snapshots import Json, Message

FROM_TO = {"chat_id": CHAT, "from_chat_id": CHAT}
MAX_AT_ONCE = 100


def _source(call: Call, message_id: int, verb: str) -> state.Message:
    """The message to forward or copy. Raises ApiError 400 for service, protected or missing ones."""
    row = find_message(find_chat(call, "from_chat_id"), message_id, verb)
    if row.is_service or row.body.get("has_protected_content") or (verb == "copy" and row.poll is not None):
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return row


def _content(row: state.Message) -> Json:
    return {name: part for name, part in row.body.items() if name not in posting.NOT_FORWARDED}


def _kind_of(row: state.Message) -> str:
    return next((name for name in row.body if name not in posting.NOT_FORWARDED), "text")


@method("forwardMessage", "Message", required_parameters={**FROM_TO, "message_id": INTEGER}, optional=MOVING)
def forward_message(call: Call) -> Message:
    """Forward one message; its origin is shown."""
    row = _source(call, call["message_id"], "forward")
    chat = find_writable_chat(call, _kind_of(row))
    body = {"forward_origin": posting.origin_of(call.world, row), **_content(row)}
    return deliver(call, chat, body, poll=row.poll)


@method(
    "forwardMessages", "Array of MessageId", required_parameters={**FROM_TO, "message_ids": INTEGERS}, optional=MOVING
)
def forward_messages(call: Call) -> list[Json]:
    """Forward several; those that cannot be are skipped."""
    chat = find_writable_chat(call, "text")
    rows = _several(call, "forward")
    bodies = [({"forward_origin": posting.origin_of(call.world, row), **_content(row)}, row.poll) for row in rows]
    return [{"message_id": deliver(call, chat, body, poll=poll).id} for body, poll in bodies]


def _several(call: Call, verb: str) -> list[state.Message]:
    ids = call["message_ids"]
    if not 1 <= len(ids) <= MAX_AT_ONCE or sorted(set(ids)) != ids:
        raise bad_request("message identifiers must be 1-100 in strictly increasing order")
    rows = find_chat(call, "from_chat_id").messages
    own_rows = [rows[message_id] for message_id in ids if message_id in rows]
    movable = [row for row in own_rows if not row.is_service and not row.body.get("has_protected_content")]
    movable = [row for row in movable if verb != "copy" or row.poll is None]
    if not movable:
        raise bad_request(f"there are no messages to {verb}")
    return movable


@method(
    "copyMessage",
    "MessageId",
    required_parameters={**FROM_TO, "message_id": INTEGER},
    optional={
        **SENDING,
        "caption": STRING,
        "parse_mode": STRING,
        "caption_entities": ENTITIES,
        "show_caption_above_media": BOOLEAN,
    },
)
def copy_message(call: Call) -> Json:
    """Send the same content without its origin; a caption given replaces the old one."""
    row = _source(call, call["message_id"], "copy")
    chat = find_writable_chat(call, _kind_of(row))
    body = _content(row)
    if "caption" in call and "text" not in body:
        body = {name: part for name, part in body.items() if name not in CAPTION_PARTS} | caption_body(call)
    body.pop("forward_origin", None)
    return {"message_id": deliver(call, chat, body).id}


@method(
    "copyMessages",
    "Array of MessageId",
    required_parameters={**FROM_TO, "message_ids": INTEGERS},
    optional={**MOVING, "remove_caption": BOOLEAN},
)
def copy_messages(call: Call) -> list[Json]:
    """Copy several; those that cannot be are skipped."""
    chat = find_writable_chat(call, "text")
    left_out = {"forward_origin", *(CAPTION_PARTS if call.get("remove_caption") else ())}
    rows = _several(call, "copy")
    bodies = [{name: part for name, part in _content(row).items() if name not in left_out} for row in rows]
    return [{"message_id": deliver(call, chat, body).id} for body in bodies]


def _may_pin(call: Call) -> state.Chat:
    chat = find_chat(call)
    if chat.kind != "private":
        right = "can_edit_messages" if chat.kind == "channel" else "can_pin_messages"
        member = chat.members[call.bot.id]
        if not (member.can(right) or (chat.kind != "channel" and chat.permissions["can_pin_messages"])):
            raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


@method(
    "pinChatMessage",
    "Boolean",
    required_parameters={"chat_id": CHAT, "message_id": INTEGER},
    optional={"disable_notification": BOOLEAN},
)
def pin_chat_message(call: Call) -> bool:
    """Pin; the bot hears its own service message, as on Telegram."""
    chat = _may_pin(call)
    row = find_message(chat, call["message_id"], "pin")
    if row.is_service:
        raise bad_request("a service message can't be pinned")
    posting.pin_and_tell(call.world, chat, row, call.bot.id)
    return True


@method("unpinChatMessage", "Boolean", required_parameters={"chat_id": CHAT}, optional={"message_id": INTEGER})
def unpin_chat_message(call: Call) -> bool:
    """Unpin one message, or the newest pinned."""
    if not posting.unpin(_may_pin(call), call.get("message_id")):
        raise bad_request("message to unpin not found")
    return True


@method("unpinAllChatMessages", "Boolean", required_parameters={"chat_id": CHAT})
def unpin_all_chat_messages(call: Call) -> bool:
    """Unpin everything."""
    _may_pin(call).pinned_ids.clear()
    return True
