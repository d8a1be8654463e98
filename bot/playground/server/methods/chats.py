"""Looking at chats and their members."""

from bot.playground.server import render, state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.parameters import BOOLEAN, CHAT, INTEGER
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.targets import find_chat
from bot.playground.server.snapshots import Json


@method("getChat", "ChatFullInfo", required_parameters={"chat_id": CHAT})
def get_chat(call: Call) -> Json:
    """All about a chat."""
    chat = find_chat(call)
    if chat.kind == "private" and not chat.has_started:
        raise bad_request("chat not found")
    return render.chat_full_info(call.world, chat)


@method("getChatMember", "ChatMember", required_parameters={"chat_id": CHAT, "user_id": INTEGER})
def get_chat_member(call: Call) -> Json:
    """One account's standing. Of others it is only guaranteed to administrators; here anybody may ask."""
    chat, user_id = find_chat(call), call["user_id"]
    if user_id not in call.world.accounts:
        raise bad_request("invalid user_id specified")
    member = chat.members.get(user_id)
    if chat.kind == "private" or (member is None and chat.kind == "group"):
        raise bad_request("member not found")
    return render.member(call.world, member or state.Member(user_id, "left"), chat, call.bot.id)


@method(
    "getChatAdministrators",
    "Array of ChatMember",
    required_parameters={"chat_id": CHAT},
    optional={"return_bots": BOOLEAN},
)
def get_chat_administrators(call: Call) -> list[Json]:
    """Owner and administrators; other bots only with return_bots."""
    chat = find_chat(call)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    others = set(call.world.bots) - {call.bot.id}
    rows = [row for row in chat.admins() if call.get("return_bots", False) or row.user_id not in others]
    return [render.member(call.world, row, chat, call.bot.id) for row in rows]


@method("getChatMemberCount", "Integer", required_parameters={"chat_id": CHAT})
def get_chat_member_count(call: Call) -> int:
    """How many belong to the chat now."""
    chat = find_chat(call)
    return 2 if chat.kind == "private" else len(chat.present())
