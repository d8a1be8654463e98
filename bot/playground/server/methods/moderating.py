"""What administrator bots do with members and chats."""

from bot.playground.server import hearing, membership, posting, render, state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.objects import check_fields
from bot.playground.server.methods.parameters import BOOLEAN, CHAT, INTEGER, STRING, an_object
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.targets import find_chat, need_right

WHO = {"chat_id": CHAT, "user_id": INTEGER}
GRANTABLE = state.ADMIN_RIGHTS + state.GROUP_RIGHTS + state.CHANNEL_RIGHTS
TITLE_LIMIT = 128
DESCRIPTION_LIMIT = 255
CUSTOM_TITLE_LIMIT = 16
SENDS = tuple(name for name in state.PERMISSIONS if name.startswith("can_send_"))
# A permission that includes others unless permissions are declared independent (SPEC restrictChatMember).
MEDIA_PERMISSIONS = tuple(name for name in SENDS if name not in ("can_send_polls", "can_send_other_messages"))
IMPLIED = {
    "can_send_other_messages": MEDIA_PERMISSIONS,
    "can_add_web_page_previews": MEDIA_PERMISSIONS,
    "can_send_polls": ("can_send_messages",),
}


def _target(call: Call, right: str, words: str) -> state.Chat:
    """The chat, when the bot may change this member there. Raises ApiError 400 otherwise."""
    chat = find_chat(call)
    need_right(call, chat, right, words)
    if call["user_id"] not in call.world.accounts:
        raise bad_request("invalid user_id specified")
    membership.must_be_changeable(chat, call["user_id"])
    member = chat.members.get(call["user_id"])
    if member is not None and member.is_admin and member.promoted_by != call.bot.id:
        raise bad_request("user is an administrator of the chat")
    return chat


@method(
    "banChatMember", "Boolean", required_parameters=WHO, optional={"until_date": INTEGER, "revoke_messages": BOOLEAN}
)
def ban_chat_member(call: Call) -> bool:
    """Remove somebody who cannot come back; their messages go too when asked."""
    chat = _target(call, "can_restrict_members", "restrict/unrestrict chat member")
    membership.go(call.world, chat, call["user_id"], call.bot.id, until_date=call.get("until_date", 0))
    if call.get("revoke_messages"):
        for message_id in [row.id for row in chat.messages.values() if row.sender_id == call["user_id"]]:
            posting.remove(call.world, chat, message_id)
    return True


@method("unbanChatMember", "Boolean", required_parameters=WHO, optional={"only_if_banned": BOOLEAN})
def unban_chat_member(call: Call) -> bool:
    """Let somebody come back; without only_if_banned a present member is removed, as on Telegram."""
    chat = _target(call, "can_restrict_members", "restrict/unrestrict chat member")
    member = chat.members.get(call["user_id"])
    if member is not None and member.is_present and not call.get("only_if_banned"):
        membership.go(call.world, chat, call["user_id"], call.bot.id)
    membership.unban(call.world, chat, call["user_id"], call.bot.id)
    return True


@method(
    "restrictChatMember",
    "Boolean",
    required_parameters={**WHO, "permissions": an_object("ChatPermissions")},
    optional={"use_independent_chat_permissions": BOOLEAN, "until_date": INTEGER},
)
def restrict_chat_member(call: Call) -> bool:
    """Leave somebody only these permissions."""
    chat = _target(call, "can_restrict_members", "restrict/unrestrict chat member")
    if chat.kind != "supergroup":
        raise bad_request("method is available only for supergroups")
    until_date = call.get("until_date", 0)
    membership.restrict(call.world, chat, call["user_id"], call.bot.id, _permissions(call), until_date)
    return True


def _permissions(call: Call) -> dict[str, bool]:
    wishes: dict[str, bool] = call["permissions"]
    check_fields("ChatPermissions", wishes, set(), set(state.PERMISSIONS))
    names = {name for name, is_granted in wishes.items() if is_granted}
    if not call.get("use_independent_chat_permissions"):
        names |= {other for name in names for other in IMPLIED.get(name, ())}
    return {name: name in names for name in state.PERMISSIONS}


@method(
    "promoteChatMember",
    "Boolean",
    required_parameters=WHO,
    optional={"is_anonymous": BOOLEAN, **dict.fromkeys(GRANTABLE, BOOLEAN)},
)
def promote_chat_member(call: Call) -> bool:
    """Make an administrator with these rights; with none at all, a plain member again."""
    chat = _target(call, "can_promote_members", "add new administrators")
    own = chat.members[call.bot.id]
    all_rights = render.rights_of(chat)
    rights = {name: call[name] for name in all_rights if name in call}
    if any(is_granted and not own.can(name) for name, is_granted in rights.items()):
        raise bad_request("RIGHT_FORBIDDEN")
    anonymous = {"is_anonymous": call["is_anonymous"]} if "is_anonymous" in call else {}
    membership.promote(call.world, chat, call["user_id"], call.bot.id, {**rights, **anonymous})
    return True


@method("setChatAdministratorCustomTitle", "Boolean", required_parameters={**WHO, "custom_title": STRING})
def set_chat_administrator_custom_title(call: Call) -> bool:
    """Name an administrator the bot promoted."""
    chat = _target(call, "can_promote_members", "change custom title of the user")
    member = chat.members.get(call["user_id"])
    if member is None or not member.is_admin:
        raise bad_request("user is not an administrator")
    if len(call["custom_title"]) > CUSTOM_TITLE_LIMIT:
        raise bad_request("ADMIN_RANK_INVALID")
    member.custom_title = call["custom_title"]
    return True


@method("setChatMemberTag", "Boolean", required_parameters=WHO, optional={"tag": STRING})
def set_chat_member_tag(call: Call) -> bool:
    """Give a plain member a visible tag of up to 16 characters."""
    chat = find_chat(call)
    need_right(call, chat, "can_manage_tags", "change tags of members")
    member = chat.members.get(call["user_id"])
    if member is None or member.is_admin or not member.is_present:
        raise bad_request("only regular members can have a tag")
    if len(call.get("tag", "")) > CUSTOM_TITLE_LIMIT:
        raise bad_request("tag is too long")
    hearing.set_member(call.world, chat, call["user_id"], call.bot.id, tag=call.get("tag", ""))
    return True


@method(
    "setChatPermissions",
    "Boolean",
    required_parameters={"chat_id": CHAT, "permissions": an_object("ChatPermissions")},
    optional={"use_independent_chat_permissions": BOOLEAN},
)
def set_chat_permissions(call: Call) -> bool:
    """What members may do by default."""
    chat = find_chat(call)
    need_right(call, chat, "can_restrict_members", "change chat permissions")
    chat.permissions = _permissions(call)
    return True


@method("setChatTitle", "Boolean", required_parameters={"chat_id": CHAT, "title": STRING})
def set_chat_title(call: Call) -> bool:
    """Rename; everybody sees a service message."""
    chat, title = find_chat(call), call["title"].strip()
    need_right(call, chat, "can_change_info", "change chat title")
    if not 1 <= len(title) <= TITLE_LIMIT:
        raise bad_request("title must be 1-128 characters long")
    if title != chat.title:
        posting.rename(call.world, chat, title, call.bot.id)
    return True


@method("setChatDescription", "Boolean", required_parameters={"chat_id": CHAT}, optional={"description": STRING})
def set_chat_description(call: Call) -> bool:
    """Describe the chat."""
    chat, description = find_chat(call), call.get("description", "")
    need_right(call, chat, "can_change_info", "set chat description")
    if len(description) > DESCRIPTION_LIMIT:
        raise bad_request("description is too long")
    if description == chat.description:
        raise bad_request("chat description is not modified")
    chat.description = description
    return True


@method("leaveChat", "Boolean", required_parameters={"chat_id": CHAT})
def leave_chat(call: Call) -> bool:
    """Go."""
    chat = find_chat(call)
    if chat.kind == "private":
        raise bad_request("a private chat can't be left")
    membership.go(call.world, chat, call.bot.id, call.bot.id)
    return True
