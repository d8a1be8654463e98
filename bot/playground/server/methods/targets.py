"""Finding the chat, message or member a call is about, and saying no in Telegram's words."""

from bot.playground.server import state
from bot.playground.server.errors import bad_request, forbidden
from bot.playground.server.methods.registry import Call

# What a restricted member may not send, by the part of the message that needs the permission.
PERMISSION_FOR = {
    "text": ("can_send_messages", "text messages"),
    "photo": ("can_send_photos", "photos"),
    "document": ("can_send_documents", "documents"),
    "audio": ("can_send_audios", "audios"),
    "video": ("can_send_videos", "videos"),
    "video_note": ("can_send_video_notes", "video notes"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "poll": ("can_send_polls", "polls"),
}
OTHER_PERMISSION = ("can_send_other_messages", "messages")


def find_chat(call: Call, name: str = "chat_id") -> state.Chat:
    """The chat of a call, when the bot may know it. Raises ApiError 400 or 403 otherwise."""
    value = call[name]
    chat = _by_username(call, value) if isinstance(value, str) else _by_id(call, value)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.kind != "private":
        _must_belong(call, chat)
    return chat


def _by_id(call: Call, chat_id: int) -> state.Chat | None:
    if chat_id < 0:
        return call.world.chats.get(str(chat_id))
    if chat_id not in call.world.accounts or chat_id == call.bot.id:
        return None
    chat = call.world.private_chat(chat_id, call.bot.id)
    return chat if chat.has_started or _is_open(call, chat) or _shares_a_chat(call, chat_id) else None


def _by_username(call: Call, name: str) -> state.Chat | None:
    username = name.removeprefix("@").lower()
    return next((chat for chat in call.world.chats.values() if chat.username.lower() == username), None)


def _is_open(call: Call, chat: state.Chat) -> bool:
    return chat.open_until is not None and call.world.now() < chat.open_until


def _shares_a_chat(call: Call, user_id: int) -> bool:
    """A bot knows people from the groups it is in; anybody else is "chat not found"."""
    return any(
        user_id in chat.members and call.bot.id in chat.members and chat.members[call.bot.id].is_present
        for chat in call.world.chats.values()
    )


def _must_belong(call: Call, chat: state.Chat) -> None:
    member = chat.members.get(call.bot.id)
    if member is None:
        raise bad_request("chat not found")
    if member.status == "kicked" or (member.status == "left" and chat.kind == "group"):
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if not member.is_present:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def find_writable_chat(call: Call, content: str) -> state.Chat:
    """The chat of a call, when the bot may send `content` (a Message field such as "text" or "photo") there now."""
    chat = find_chat(call)
    if chat.kind == "private":
        _must_reach_person(call, chat)
        return chat
    member = chat.members[call.bot.id]
    if chat.kind == "channel":
        if not member.can("can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        return chat
    permission, words = PERMISSION_FOR.get(content, OTHER_PERMISSION)
    permissions = member.permissions if member.status == "restricted" else chat.permissions
    if not member.is_admin and not permissions.get(permission, False):
        raise bad_request(f"not enough rights to send {words} to the chat")
    return chat


def _must_reach_person(call: Call, chat: state.Chat) -> None:
    person = call.world.account(chat.peer_id)
    if person.user["is_bot"]:
        raise forbidden("bot can't send messages to bots")
    if person.is_deactivated:
        raise forbidden("user is deactivated")
    if chat.is_blocked:
        raise forbidden("bot was blocked by the user")
    if not (chat.has_started or _is_open(call, chat)):
        raise forbidden("bot can't initiate conversation with a user")


def find_message(chat: state.Chat, message_id: int, purpose: str) -> state.Message:
    """A message of the chat. Raises ApiError 400 "message to `purpose` not found"."""
    row = chat.messages.get(message_id)
    if row is None:
        raise bad_request(f"message to {purpose} not found")
    return row


def need_right(call: Call, chat: state.Chat, right: str, words: str) -> state.Member:
    """The bot's membership, when it is an administrator with this right. Raises ApiError 400 otherwise."""
    if chat.kind == "private":
        raise bad_request("method is available for supergroup and channel chats only")
    member = chat.members[call.bot.id]
    if not member.can(right):
        raise bad_request(f"not enough rights to {words}")
    return member


def find_thread(call: Call, chat: state.Chat) -> int | None:
    """The topic a message should go to. Raises ApiError 400 for one that does not exist or is closed."""
    thread_id = call.get("message_thread_id")
    if thread_id is None:
        return None
    if chat.is_forum:
        topic = chat.topics.get(thread_id)
        if topic is None:
            raise bad_request("message thread not found")
        if topic.is_closed and not chat.members[call.bot.id].can("can_manage_topics"):
            raise bad_request("TOPIC_CLOSED")
    elif thread_id not in chat.messages or chat.kind != "supergroup":
        raise bad_request("message thread not found")
    return int(thread_id)
