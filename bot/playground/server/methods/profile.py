"""What a bot says of itself: commands per scope and language, names, descriptions, menu button, default rights."""

import re

from bot.playground.server.errors import bad_request
from bot.playground.server.methods.objects import check_fields, kind_of
from bot.playground.server.methods.parameters import CHAT, STRING, an_array, an_object
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.targets import find_chat
from bot.playground.server.snapshots import Json

MAX_COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LIMIT = 256
LANGUAGE = re.compile(r"[a-z]{2}|")
SIMPLE_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators")
SCOPED = {"scope": an_object("BotCommandScope"), "language_code": STRING}


def scope_key(call: Call) -> str:
    """A name for the scope of a call. Raises ApiError 400 for a scope that does not exist."""
    scope = call.get("scope") or {"type": "default"}
    kind = kind_of(scope, "BotCommandScope")
    if kind in SIMPLE_SCOPES:
        check_fields("BotCommandScope", scope, {"type"}, set())
        return str(kind)
    if kind not in (*CHAT_SCOPES, "chat_member"):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    fields = {"type", "chat_id"} | ({"user_id"} if kind == "chat_member" else set())
    check_fields("BotCommandScope", scope, fields, set())
    call.args["scope_chat"] = CHAT.parse(scope["chat_id"])
    chat = find_chat(call, "scope_chat")
    return f"{kind} {chat.key} {scope.get('user_id', '')}".strip()


def language_of(call: Call) -> str:
    """The two-letter language of a call, empty for all others."""
    code = str(call.get("language_code", ""))
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


@method("setMyCommands", "Boolean", required_parameters={"commands": an_array("BotCommand")}, optional=SCOPED)
def set_my_commands(call: Call) -> bool:
    """Set the commands of one scope and language."""
    commands = call["commands"]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[scope_key(call), language_of(call)] = [_check(command) for command in commands]
    call.world.note_change("commands", bot_id=call.bot.id)
    return True


def _check(command: Json) -> Json:
    check_fields("BotCommand", command, {"command", "description"}, {"is_ephemeral"})
    name, description = str(command["command"]).removeprefix("/"), str(command["description"])
    if not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    ephemeral = {"is_ephemeral": True} if command.get("is_ephemeral") else {}
    return {"command": name, "description": description, **ephemeral}


@method("getMyCommands", "Array of BotCommand", optional=SCOPED)
def get_my_commands(call: Call) -> list[Json]:
    """The commands of exactly this scope and language."""
    return call.bot.commands.get((scope_key(call), language_of(call)), [])


@method("deleteMyCommands", "Boolean", optional=SCOPED)
def delete_my_commands(call: Call) -> bool:
    """Forget the commands of one scope and language."""
    call.bot.commands.pop((scope_key(call), language_of(call)), None)
    return True


def _text_methods(field: str, result: str, limit: int) -> None:
    """setMy<Field> and getMy<Field>: a text per language that falls back to the one without a language."""
    title = "".join(part.capitalize() for part in field.split("_"))

    @method(f"setMy{title}", "Boolean", optional={field: STRING, "language_code": STRING})
    def set_text(call: Call) -> bool:
        text = call.get(field, "").strip()
        if len(text) > limit:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        call.bot.texts[field, language_of(call)] = text
        return True

    @method(f"getMy{title}", result, optional={"language_code": STRING})
    def get_text(call: Call) -> Json:
        texts, language = call.bot.texts, language_of(call)
        fallback = call.world.account(call.bot.id).user["first_name"] if field == "name" else ""
        return {field: texts.get((field, language)) or texts.get((field, "")) or fallback}


_text_methods("name", "BotName", 64)
_text_methods("description", "BotDescription", 512)
_text_methods("short_description", "BotShortDescription", 120)
