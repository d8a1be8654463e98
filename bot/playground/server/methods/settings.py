"""The menu button and the rights a bot suggests when it is added."""

from bot.playground.server import state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.objects import check_fields, kind_of
from bot.playground.server.methods.parameters import BOOLEAN, INTEGER, an_object
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.snapshots import Json

EVERYBODY = 0
BUTTON_FIELDS: dict[str, set[str]] = {"commands": {"type"}, "default": {"type"}, "web_app": {"type", "text", "web_app"}}
REQUIRED_RIGHTS = {"is_anonymous", *state.ADMIN_RIGHTS}
OPTIONAL_RIGHTS = {*state.GROUP_RIGHTS, *state.CHANNEL_RIGHTS}


@method("setChatMenuButton", "Boolean", optional={"chat_id": INTEGER, "menu_button": an_object("MenuButton")})
def set_chat_menu_button(call: Call) -> bool:
    """The button beside the text field, for one private chat or for all."""
    button = call.get("menu_button") or {"type": "default"}
    kind = kind_of(button, "MenuButton")
    if kind not in BUTTON_FIELDS:
        raise bad_request("MenuButton has unsupported type")
    check_fields("MenuButton", button, BUTTON_FIELDS[kind], set())
    call.bot.menu_buttons[call.get("chat_id", EVERYBODY)] = button
    call.world.note_change("menu_button", bot_id=call.bot.id)
    return True


@method("getChatMenuButton", "MenuButton", optional={"chat_id": INTEGER})
def get_chat_menu_button(call: Call) -> Json:
    """The button of a chat, or everybody's."""
    buttons = call.bot.menu_buttons
    everybody = buttons.get(EVERYBODY, {"type": "commands"})
    own = buttons.get(call.get("chat_id", EVERYBODY), everybody)
    return everybody if own["type"] == "default" else own


@method(
    "setMyDefaultAdministratorRights",
    "Boolean",
    optional={"rights": an_object("ChatAdministratorRights"), "for_channels": BOOLEAN},
)
def set_my_default_administrator_rights(call: Call) -> bool:
    """What is suggested to whoever adds the bot as administrator."""
    rights = call.get("rights")
    if rights is not None:
        check_fields("ChatAdministratorRights", rights, set(), REQUIRED_RIGHTS | OPTIONAL_RIGHTS)
    call.bot.default_rights[call.get("for_channels", False)] = rights or {}
    return True


@method("getMyDefaultAdministratorRights", "ChatAdministratorRights", optional={"for_channels": BOOLEAN})
def get_my_default_administrator_rights(call: Call) -> Json:
    """The rights suggested now."""
    for_channels = call.get("for_channels", False)
    rights = call.bot.default_rights.get(for_channels, {})
    further = state.CHANNEL_RIGHTS if for_channels else state.GROUP_RIGHTS
    return {name: bool(rights.get(name, False)) for name in ("is_anonymous", *state.ADMIN_RIGHTS, *further)}
