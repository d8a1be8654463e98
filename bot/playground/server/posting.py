"""Putting messages into chats: one function for people, bots and service messages alike."""

from dataclasses import dataclass
from typing import Any

from bot.playground.server import hearing, render, state
from bot.playground.server.snapshots import Json, Message
from bot.playground.server.world import World

# Parts of a message that stay behind when it is forwarded or copied.
NOT_FORWARDED = frozenset(
    {"reply_markup", "edit_date", "quote", "is_automatic_forward", "media_group_id", "author_signature"}
)


@dataclass(slots=True)
class Draft:
    """A message about to be sent: who speaks, what it says and where in the chat."""

    sender_id: int | None
    body: Json
    sender_chat_id: int | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    poll: state.Poll | None = None
    pinned_id: int | None = None
    is_service: bool = False
    author_bot_id: int | None = None
    via_bot_id: int | None = None
    keyboard: Json | None = None


def post(world: World, chat: state.Chat, draft: Draft) -> Message:
    """Store the message, tell bots and pages, and pass a channel's post on to its discussion group."""
    row = state.Message(
        key=chat.key,
        id=world.new_message_id(chat),
        sent_at=world.now(),
        sender_id=draft.sender_id,
        sender_chat_id=draft.sender_chat_id,
        body=draft.body,
        reply_to=draft.reply_to,
        poll=draft.poll,
        pinned_id=draft.pinned_id,
        is_service=draft.is_service,
        author_bot_id=draft.author_bot_id,
        via_bot_id=draft.via_bot_id,
        keyboard=draft.keyboard,
    )
    _place(chat, row, draft.thread_id)
    chat.messages[row.id] = row
    if draft.poll is not None:
        world.polls[draft.poll.id] = row
    if row.author_bot_id is not None:
        chat.last_bot_id = row.author_bot_id
    thing = hearing.announce(world, row)
    if chat.kind == "channel" and chat.linked_chat_id is not None and not row.is_service:
        _forward_to_discussion(world, chat, row)
    return thing


def service(world: World, chat: state.Chat, by: int, **body: Any) -> Message:
    """A service message (somebody joined, a title changed, ...) said by `by`."""
    return post(world, chat, Draft(by, body, is_service=True))


def _place(chat: state.Chat, row: state.Message, thread_id: int | None) -> None:
    """Work out the thread: a topic of a forum, or in other supergroups the root of a chain of replies."""
    answered_row = chat.messages.get(row.reply_to) if row.reply_to is not None else None
    if "forum_topic_created" in row.body:
        row.thread_id, row.is_topic_message = row.id, True
    elif chat.is_forum:
        topic_id = thread_id or (
            answered_row.thread_id if answered_row is not None and answered_row.is_topic_message else None
        )
        if topic_id is not None and topic_id != state.GENERAL_TOPIC_ID:
            row.thread_id, row.is_topic_message = topic_id, True
            # Inside a topic even a message that answers nobody quotes the service message that made the topic.
            row.reply_to = row.reply_to if row.reply_to is not None else topic_id
    elif chat.kind == "supergroup" and answered_row is not None:
        row.thread_id = answered_row.thread_id or answered_row.id
    elif chat.kind == "supergroup":
        row.thread_id = thread_id


def _forward_to_discussion(world: World, channel: state.Chat, row: state.Message) -> None:
    group = world.chats[str(channel.linked_chat_id)]
    content = {name: part for name, part in row.body.items() if name not in NOT_FORWARDED}
    body = {"forward_origin": origin_of(world, row), "is_automatic_forward": True, **content}
    copy = post(world, group, Draft(None, body, sender_chat_id=channel.id))
    pin(group, copy.id)


def pin_and_tell(world: World, chat: state.Chat, row: state.Message, by: int) -> Message:
    """Pin a message; a service message by `by` says so."""
    pin(chat, row.id)
    is_post = chat.kind == "channel"
    draft = Draft(
        None if is_post else by,
        {},
        sender_chat_id=chat.id if is_post else None,
        pinned_id=row.id,
        thread_id=row.thread_id if row.is_topic_message else None,
        is_service=True,
    )
    return post(world, chat, draft)


def origin_of(world: World, row: state.Message) -> Json:
    """The MessageOrigin of a forward; a forward of a forward keeps the first one."""
    if "forward_origin" in row.body:
        origin: Json = row.body["forward_origin"]
        return origin
    date = int(row.sent_at.timestamp())
    if row.sender_chat_id is not None:
        source = world.chats[str(row.sender_chat_id)]
        sender_chat = render.chat(world, source)
        if source.kind == "channel":
            return {"type": "channel", "date": date, "chat": sender_chat, "message_id": row.id}
        return {"type": "chat", "date": date, "sender_chat": sender_chat}
    account = world.account(row.sender_id or 0)
    if account.hides_forwards:
        return {"type": "hidden_user", "date": date, "sender_user_name": _full_name(account.user)}
    return {"type": "user", "date": date, "sender_user": render.user(world, account.user["id"])}


def _full_name(user: Json) -> str:
    return f"{user['first_name']} {user.get('last_name', '')}".strip()


def pin(chat: state.Chat, message_id: int) -> None:
    """Make a message the chat's newest pinned one."""
    unpin(chat, message_id)
    chat.pinned_ids.append(message_id)


def unpin(chat: state.Chat, message_id: int | None = None) -> bool:
    """Unpin one message, or the newest pinned one. False when it was not pinned."""
    pinned_id = message_id if message_id is not None else next(reversed(chat.pinned_ids), None)
    if pinned_id not in chat.pinned_ids:
        return False
    chat.pinned_ids.remove(pinned_id)
    return True


def remove(world: World, chat: state.Chat, message_id: int) -> None:
    """Delete a message for everyone; replies to it lose their quote."""
    chat.messages.pop(message_id)
    unpin(chat, message_id)
    world.note_change("deleted", chat=chat.key, message_id=message_id)


def rename(world: World, chat: state.Chat, title: str, by: int) -> None:
    """Give the chat a new title; a service message by `by` says so."""
    chat.title = title
    service(world, chat, by, new_chat_title=title)
