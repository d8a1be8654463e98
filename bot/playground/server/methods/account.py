"""The bot itself: getMe, and the two methods that would end its life on the real server."""

from bot.playground.server.errors import bad_request
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.snapshots import Json

FEATURES = (
    "supports_guest_queries",
    "supports_inline_queries",
    "can_connect_to_business",
    "has_main_web_app",
    "has_topics_enabled",
    "allows_users_to_create_topics",
    "can_manage_bots",
    "supports_join_request_queries",
)


@method("getMe", "User")
def get_me(call: Call) -> Json:
    """The bot's User with the fields only getMe gives."""
    own = call.world.account(call.bot.id).user
    return {
        **own,
        "can_join_groups": True,
        "can_read_all_group_messages": call.bot.can_read_all_group_messages,
        **dict.fromkeys(FEATURES, False),
    }


@method("logOut", "Boolean")
def log_out(call: Call) -> bool:
    """Refused: there is no cloud server to go back to."""
    raise bad_request("the local Telegram is not connected to the cloud, there is nothing to log out from")


@method("close", "Boolean")
def close(call: Call) -> bool:
    """Refused: there is no other server to move to."""
    raise bad_request("the local Telegram cannot hand a bot to another server")
