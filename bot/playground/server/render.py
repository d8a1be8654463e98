"""Rows to Bot API objects. Nothing here decides anything; unset optional fields are left out, as Telegram does."""

from typing import Any

from bot.playground.server import state
from bot.playground.server.snapshots import Chat, Json, Message, User
from bot.playground.server.world import World

# A media chat's accent and reaction limits; the page and bots rarely look, but ChatFullInfo requires them.
ACCENT_COLOR_ID = 0
MAX_REACTION_COUNT = 11
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def user(world: World, user_id: int) -> User:
    """A User as it appears inside other objects."""
    return User(world.account(user_id).user)


def chat(world: World, row: state.Chat) -> Chat:
    """A Chat."""
    if row.kind == "private":
        peer = world.account(row.peer_id).user
        names = {name: peer[name] for name in ("first_name", "last_name", "username") if peer.get(name)}
        thing = Chat(id=row.id, **names, type="private")
    else:
        thing = Chat(id=row.id, title=row.title, type=row.kind)
        if row.username:
            thing["username"] = row.username
        if row.is_forum:
            thing["is_forum"] = True
    thing.key = row.key
    return thing


def chat_full_info(world: World, row: state.Chat) -> Json:
    """A ChatFullInfo."""
    info: Json = {
        **chat(world, row),
        "accent_color_id": ACCENT_COLOR_ID,
        "max_reaction_count": MAX_REACTION_COUNT,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if row.kind in ("group", "supergroup"):
        info["permissions"] = permissions(row.permissions)
    username = info.get("username")
    optional = {
        "active_usernames": [username] if username else None,
        "description": row.description,
        "invite_link": next((link["invite_link"] for link in row.invite_links.values() if link["is_primary"]), None),
        "linked_chat_id": row.linked_chat_id,
        "pinned_message": message(world, row.messages[row.pinned_ids[-1]], is_nested=True) if row.pinned_ids else None,
    }
    if row.available_reactions is not None:
        info["available_reactions"] = [{"type": "emoji", "emoji": emoji} for emoji in row.available_reactions]
    return info | {name: value for name, value in optional.items() if value}


def permissions(values: dict[str, bool]) -> Json:
    """A ChatPermissions with every field present."""
    return {name: values.get(name, False) for name in state.PERMISSIONS}


def member(world: World, row: state.Member, chat_row: state.Chat, viewer_id: int = 0) -> Json:
    """A ChatMember of the subtype its status asks for; `viewer_id` decides can_be_edited."""
    who = {"status": row.status, "user": user(world, row.user_id)}
    if row.status == "creator":
        return who | {"is_anonymous": row.is_anonymous} | _with_title(row)
    if row.status == "administrator":
        rights = {name: row.rights.get(name, False) for name in rights_of(chat_row)}
        can_be_edited = viewer_id != 0 and row.promoted_by == viewer_id
        return who | {"can_be_edited": can_be_edited, "is_anonymous": row.is_anonymous} | rights | _with_title(row)
    if row.status == "restricted":
        values = permissions(row.permissions)
        return who | {"is_member": row.is_in, **values, "until_date": row.until_date} | _with_tag(row)
    if row.status == "kicked":
        return who | {"until_date": row.until_date}
    return who | (_with_tag(row) if row.status == "member" else {})


def rights_of(chat_row: state.Chat) -> tuple[str, ...]:
    """The administrator rights that exist in this kind of chat."""
    return state.ADMIN_RIGHTS + (state.CHANNEL_RIGHTS if chat_row.kind == "channel" else state.GROUP_RIGHTS)


def _with_title(row: state.Member) -> Json:
    return {"custom_title": row.custom_title} if row.custom_title else {}


def _with_tag(row: state.Member) -> Json:
    return {"tag": row.tag} if row.tag else {}


def poll(row: state.Poll) -> Json:
    """A Poll with its present counts."""
    options = [
        {"persistent_id": option.persistent_id, "text": option.text, "voter_count": len(option.voters)}
        | ({"text_entities": option.entities} if option.entities else {})
        for option in row.options
    ]
    voters = {voter for option in row.options for voter in option.voters}
    close_date = {"close_date": int(row.close_at.timestamp())} if row.close_at else {}
    return {
        "id": row.id,
        "question": row.question,
        "options": options,
        "total_voter_count": len(voters),
        "is_closed": row.is_closed,
        **row.settings,
        **close_date,
    }


def message(world: World, row: state.Message, *, is_nested: bool = False) -> Message:
    """A Message; the one it replies to is included unless this one is itself nested in another."""
    chat_row = world.chats[row.key]
    thing = Message(message_id=row.id)
    thing.key = row.key
    if row.thread_id is not None:
        thing["message_thread_id"] = row.thread_id
    thing.update(_sender(world, row))
    thing["chat"] = chat(world, chat_row)
    thing["date"] = int(row.sent_at.timestamp())
    if row.is_topic_message:
        thing["is_topic_message"] = True
    answered_row = chat_row.messages.get(row.reply_to) if row.reply_to is not None and not is_nested else None
    if answered_row is not None:
        thing["reply_to_message"] = message(world, answered_row, is_nested=True)
    if row.via_bot_id is not None:
        thing["via_bot"] = user(world, row.via_bot_id)
    if row.poll is not None:
        thing["poll"] = poll(row.poll)
    pinned_row = chat_row.messages.get(row.pinned_id) if row.pinned_id is not None and not is_nested else None
    if pinned_row is not None:
        thing["pinned_message"] = message(world, pinned_row, is_nested=True)
    thing.update(row.body)
    return thing


def _sender(world: World, row: state.Message) -> Json:
    """`from` and `sender_chat`; a chat that speaks gets the stand-in user that SRV fills in."""
    if row.sender_chat_id is None:
        return {"from": user(world, row.sender_id)} if row.sender_id is not None else {}
    sender_chat = chat(world, world.chats[str(row.sender_chat_id)])
    if world.chats[row.key].kind == "channel":
        return {"sender_chat": sender_chat}
    if row.body.get("is_automatic_forward"):
        stand_in = state.TELEGRAM_ID
    elif str(row.sender_chat_id) == row.key:
        stand_in = state.GROUP_ANONYMOUS_BOT_ID
    else:
        stand_in = state.CHANNEL_BOT_ID
    return {"from": user(world, stand_in), "sender_chat": sender_chat}


def seen_by_client(world: World, row: state.Message) -> Message:
    """A Message with what only clients see: reactions (counts), reacted_by, voted_by, is_pinned, reply_keyboard."""
    thing = message(world, row)
    counts = reaction_counts(row)
    if counts:
        thing["reactions"] = counts
        thing["reacted_by"] = reacted_by(row)
    if row.poll is not None:
        thing["voted_by"] = voted_by(row.poll)
    if row.id in world.chats[row.key].pinned_ids:
        thing["is_pinned"] = True
    if row.keyboard is not None:
        thing["reply_keyboard"] = row.keyboard
    return thing


def reacted_by(row: state.Message) -> dict[str, list[Json]]:
    """Who left which reactions: user id as text -> ReactionTypes. A page that plays everybody shows each their own."""
    return {str(user_id): kinds for user_id, kinds in row.reactions.items() if kinds}


def voted_by(poll: state.Poll) -> dict[str, list[int]]:
    """Who chose which options of a poll: user id as text -> indexes."""
    votes: dict[str, list[int]] = {}
    for index, option in enumerate(poll.options):
        for voter in option.voters:
            votes.setdefault(str(voter), []).append(index)
    return votes


def reaction_counts(row: state.Message) -> list[Json]:
    """Reactions of everyone, anonymous ones included, as ReactionCount objects."""
    counts: dict[tuple[Any, ...], Json] = {}
    ones: list[Json] = [{"type": kind, "total_count": 1} for kinds in row.reactions.values() for kind in kinds]
    for one in ones + row.anonymous_reactions:
        name = tuple(sorted(one["type"].items()))
        count = counts.setdefault(name, {"type": one["type"], "total_count": 0})
        count["total_count"] += one["total_count"]
    return list(counts.values())
