"""Invite links and requests to join."""

from bot.playground.server import membership, render, state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.parameters import BOOLEAN, CHAT, INTEGER, STRING
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.targets import find_chat, need_right
from bot.playground.server.snapshots import Json

NAME_LIMIT = 32
MEMBER_LIMITS = range(1, 100_000)
DETAILS = {"name": STRING, "expire_date": INTEGER, "member_limit": INTEGER, "creates_join_request": BOOLEAN}
WHO = {"chat_id": CHAT, "user_id": INTEGER}


def _chat(call: Call) -> state.Chat:
    chat = find_chat(call)
    need_right(call, chat, "can_invite_users", "manage chat invite link")
    return chat


def _details(call: Call) -> Json:
    details = {name: call[name] for name in ("name", "expire_date", "member_limit") if call.get(name)}
    asks = call.get("creates_join_request", False)
    if len(details.get("name", "")) > NAME_LIMIT:
        raise bad_request("invite link name is too long")
    if "member_limit" in details and (asks or details["member_limit"] not in MEMBER_LIMITS):
        raise bad_request("member limit must be 1-99999 and can't be used with join requests")
    return {**details, "creates_join_request": asks}


def _new(call: Call, chat: state.Chat, details: Json, *, is_primary: bool) -> Json:
    address = f"https://t.me/+{call.world.token(16)}"
    link = {
        "invite_link": address,
        "creator": render.user(call.world, call.bot.id),
        "is_primary": is_primary,
        "is_revoked": False,
        **details,
    }
    chat.invite_links[address] = link
    return link


def _own_link(call: Call, chat: state.Chat) -> Json:
    link = chat.invite_links.get(call["invite_link"])
    if link is None or link["creator"]["id"] != call.bot.id:
        raise bad_request("INVITE_HASH_EXPIRED")
    return link


@method("createChatInviteLink", "ChatInviteLink", required_parameters={"chat_id": CHAT}, optional=DETAILS)
def create_chat_invite_link(call: Call) -> Json:
    """A further link with its own limits."""
    return _new(call, _chat(call), _details(call), is_primary=False)


@method("exportChatInviteLink", "String", required_parameters={"chat_id": CHAT})
def export_chat_invite_link(call: Call) -> str:
    """A new primary link; the former one is revoked."""
    chat = _chat(call)
    for link in chat.invite_links.values():
        if link["is_primary"] and link["creator"]["id"] == call.bot.id:
            link |= {"is_revoked": True, "is_primary": False}
    return str(_new(call, chat, {"creates_join_request": False}, is_primary=True)["invite_link"])


@method(
    "editChatInviteLink",
    "ChatInviteLink",
    required_parameters={"chat_id": CHAT, "invite_link": STRING},
    optional=DETAILS,
)
def edit_chat_invite_link(call: Call) -> Json:
    """Replace the limits of an own link."""
    link = _own_link(call, _chat(call))
    for name in ("name", "expire_date", "member_limit"):
        link.pop(name, None)
    link |= _details(call)
    return link


@method("revokeChatInviteLink", "ChatInviteLink", required_parameters={"chat_id": CHAT, "invite_link": STRING})
def revoke_chat_invite_link(call: Call) -> Json:
    """Make an own link useless."""
    link = _own_link(call, _chat(call))
    link["is_revoked"] = True
    return link


@method("approveChatJoinRequest", "Boolean", required_parameters=WHO)
def approve_chat_join_request(call: Call) -> bool:
    """Let somebody in who asked."""
    return _answer(call, is_welcome=True)


@method("declineChatJoinRequest", "Boolean", required_parameters=WHO)
def decline_chat_join_request(call: Call) -> bool:
    """Leave somebody outside who asked."""
    return _answer(call, is_welcome=False)


def _answer(call: Call, *, is_welcome: bool) -> bool:
    chat = _chat(call)
    if not membership.answer_request(call.world, chat, call["user_id"], call.bot.id, is_welcome=is_welcome):
        raise bad_request("HIDE_REQUESTER_MISSING")
    return True
