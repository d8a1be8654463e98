"""Forum topics as bots manage them."""

from bot.playground.server import state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.parameters import CHAT, INTEGER, STRING
from bot.playground.server.methods.registry import Call, Handler, method
from bot.playground.server.methods.targets import find_chat, need_right
from bot.playground.server.snapshots import Json
from bot.playground.server.topics import Topics

IN_CHAT = {"chat_id": CHAT}
ONE = {**IN_CHAT, "message_thread_id": INTEGER}


def _topics(call: Call) -> Topics:
    """The topics of the call's forum, when the bot may manage them."""
    chat = find_chat(call)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    need_right(call, chat, "can_manage_topics", "manage topics in the chat")
    return Topics(call.world, chat)


@method(
    "createForumTopic",
    "ForumTopic",
    required_parameters={**IN_CHAT, "name": STRING},
    optional={"icon_color": INTEGER, "icon_custom_emoji_id": STRING},
)
def create_forum_topic(call: Call) -> Json:
    """Open a topic."""
    color = call.get("icon_color", Topics.DEFAULT_COLOR)
    return _topics(call).create(call["name"], call.bot.id, color, call.get("icon_custom_emoji_id", ""))


@method("editForumTopic", "Boolean", required_parameters=ONE, optional={"name": STRING, "icon_custom_emoji_id": STRING})
def edit_forum_topic(call: Call) -> bool:
    """Change name or icon."""
    name, icon = call.get("name"), call.get("icon_custom_emoji_id")
    _topics(call).edit(call["message_thread_id"], call.bot.id, name=name, icon=icon)
    return True


@method("editGeneralForumTopic", "Boolean", required_parameters={**IN_CHAT, "name": STRING})
def edit_general_forum_topic(call: Call) -> bool:
    """Rename the General topic."""
    _topics(call).edit(state.GENERAL_TOPIC_ID, call.bot.id, name=call["name"])
    return True


@method("deleteForumTopic", "Boolean", required_parameters=ONE)
def delete_forum_topic(call: Call) -> bool:
    """Remove a topic with its messages."""
    _topics(call).delete(call["message_thread_id"])
    return True


@method("unpinAllForumTopicMessages", "Boolean", required_parameters=ONE)
def unpin_all_forum_topic_messages(call: Call) -> bool:
    """Unpin what is pinned in a topic."""
    _topics(call).unpin_all(call["message_thread_id"])
    return True


@method("unpinAllGeneralForumTopicMessages", "Boolean", required_parameters=IN_CHAT)
def unpin_all_general_forum_topic_messages(call: Call) -> bool:
    """Unpin what is pinned in General."""
    _topics(call).unpin_all(state.GENERAL_TOPIC_ID)
    return True


def _closer(*, is_closed: bool, is_general: bool) -> Handler:
    def close_or_reopen(call: Call) -> bool:
        topic_id = state.GENERAL_TOPIC_ID if is_general else call["message_thread_id"]
        _topics(call).set_closed(topic_id, call.bot.id, is_closed=is_closed)
        return True

    return close_or_reopen


def _hider(*, is_hidden: bool) -> Handler:
    def hide_or_show(call: Call) -> bool:
        _topics(call).set_hidden(call.bot.id, is_hidden=is_hidden)
        return True

    return hide_or_show


method("closeForumTopic", "Boolean", required_parameters=ONE)(_closer(is_closed=True, is_general=False))
method("reopenForumTopic", "Boolean", required_parameters=ONE)(_closer(is_closed=False, is_general=False))
method("closeGeneralForumTopic", "Boolean", required_parameters=IN_CHAT)(_closer(is_closed=True, is_general=True))
method("reopenGeneralForumTopic", "Boolean", required_parameters=IN_CHAT)(_closer(is_closed=False, is_general=True))
method("hideGeneralForumTopic", "Boolean", required_parameters=IN_CHAT)(_hider(is_hidden=True))
method("unhideGeneralForumTopic", "Boolean", required_parameters=IN_CHAT)(_hider(is_hidden=False))
