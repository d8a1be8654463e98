"""Changing who belongs to a chat and with which rights; shared by people's actions and bots' methods."""

from typing import Any

from bot.playground.server import hearing, posting, render, state
from bot.playground.server.errors import Refused
from bot.playground.server.snapshots import Json
from bot.playground.server.world import World

# What an administrator gets when no right is named.
USUAL_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_post_messages",
    "can_edit_messages",
)
# "Just a member": no rights, no restrictions.
PLAIN: Json = {
    "status": "member",
    "is_in": True,
    "rights": {},
    "permissions": {},
    "is_anonymous": False,
    "custom_title": "",
    "until_date": 0,
}


def enter(world: World, chat: state.Chat, user_id: int, by: int, more: Json | None = None) -> None:
    """Come in, by oneself or brought by somebody; restrictions from an earlier stay hold."""
    before = chat.members.get(user_id)
    if before is not None and before.status == "restricted":
        hearing.set_member(world, chat, user_id, by, more, is_in=True)
    else:
        hearing.set_member(world, chat, user_id, by, more, **PLAIN)
    if chat.kind != "channel":
        posting.service(world, chat, by, new_chat_members=[render.user(world, user_id)])


def go(world: World, chat: state.Chat, user_id: int, by: int, *, until_date: int | None = None) -> None:
    """Leave, or with `until_date` (0: for ever) be banned."""
    before = chat.members.get(user_id) or state.Member(user_id, "left")
    if until_date is not None:
        new = {**PLAIN, "status": "kicked", "is_in": False, "until_date": until_date}
    elif before.status == "restricted":
        new = {"is_in": False}
    else:
        new = {**PLAIN, "status": "left", "is_in": False}
    hearing.set_member(world, chat, user_id, by, **new)
    if before.is_present and chat.kind != "channel":
        posting.service(world, chat, by, left_chat_member=render.user(world, user_id))


def unban(world: World, chat: state.Chat, user_id: int, by: int) -> bool:
    """Let a banned person come back. False when nobody was banned."""
    member = chat.members.get(user_id)
    if member is None or member.status != "kicked":
        return False
    return hearing.set_member(world, chat, user_id, by, **{**PLAIN, "status": "left", "is_in": False})


def promote(world: World, chat: state.Chat, user_id: int, by: int, rights: dict[str, Any]) -> None:
    """Give exactly these administrator rights (none at all: demote). Also is_anonymous and custom_title.

    Somebody from outside comes in as administrator at once.
    """
    before = chat.members.get(user_id)
    wishes = dict(rights)
    extras = {name: wishes.pop(name) for name in ("is_anonymous", "custom_title") if name in wishes}
    usual = render.rights_of(chat)
    unknown = wishes.keys() - set(usual)
    if unknown:
        raise Refused(f"a {chat.kind} has no right {', '.join(sorted(unknown))}")
    if not any(wishes.values()) and not extras.get("is_anonymous"):
        hearing.set_member(world, chat, user_id, by, **PLAIN)
        return
    new_rights = {name: name == "can_manage_chat" or bool(wishes.get(name, False)) for name in usual}
    new = PLAIN | extras | {"status": "administrator", "rights": new_rights, "promoted_by": by}
    hearing.set_member(world, chat, user_id, by, **new)
    if chat.kind != "channel" and (before is None or not before.is_present):
        posting.service(world, chat, by, new_chat_members=[render.user(world, user_id)])


def usual_rights(chat: state.Chat) -> dict[str, bool]:
    """The rights a new administrator gets by default."""
    return {name: name in USUAL_RIGHTS for name in render.rights_of(chat)}


def restrict(
    world: World, chat: state.Chat, user_id: int, by: int, permissions: dict[str, bool], until_date: int = 0
) -> None:
    """Leave only these permissions; all of them together lift the restriction."""
    unknown = permissions.keys() - set(state.PERMISSIONS)
    if unknown:
        raise Refused(f"there is no permission {', '.join(sorted(unknown))}")
    before = chat.members.get(user_id) or state.Member(user_id, "left")
    new_permissions = {name: permissions.get(name, False) for name in state.PERMISSIONS}
    new: Json = dict(PLAIN, status="restricted", permissions=new_permissions, until_date=until_date)
    if all(new_permissions.values()):
        new = dict(PLAIN, status="member" if before.is_present else "left")
    new["is_in"] = before.is_present
    hearing.set_member(world, chat, user_id, by, **new)


def must_be_changeable(chat: state.Chat, user_id: int) -> None:
    """Nobody changes the owner."""
    member = chat.members.get(user_id)
    if member is not None and member.status == "creator":
        raise Refused("can't remove chat owner")


def lift_expired(world: World, chat: state.Chat) -> None:
    """Bans and restrictions end by themselves at their date, without an update, as on Telegram."""
    now = world.timestamp()
    for member in chat.members.values():
        if 0 < member.until_date <= now and member.status in ("kicked", "restricted"):
            member.status = "left" if member.status == "kicked" or not member.is_in else "member"
            member.until_date, member.permissions = 0, {}


def answer_request(world: World, chat: state.Chat, user_id: int, by: int, *, is_welcome: bool) -> bool:
    """Let somebody in who asked to join, or not. False when nobody asked."""
    address = chat.join_requests.pop(user_id, None)
    if address is None:
        return False
    if is_welcome:
        enter(world, chat, user_id, by, {"invite_link": chat.invite_links[address], "via_join_request": True})
    return True
