"""Valid updates of every kind, and what becomes of them when somebody takes away, replaces or adds parts."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from tests.benchmarks.chatter import updates

# Stands wherever members' words and names stand: it must show up nowhere else.
SECRET = "CONFIDENCE"
CHAT = {"id": -1001, "type": "supergroup", "title": SECRET, "is_forum": True}
MIA = {"id": 501, "is_bot": False, "first_name": SECRET, "username": "confidence", "language_code": "en"}
SAID = {"message_id": 5, "from": MIA, "chat": CHAT, "date": 1_772_442_000, "text": f"{SECRET} @mia"}
PRIVATE = {"id": 501, "type": "private", "first_name": SECRET}
MEMBER = {"status": "member", "user": MIA}
SAMPLES: list[dict[str, Any]] = [
    *({name: value for name, value in one.items() if name != "update_id"} for one in updates(10)),
    {"message": SAID | {"entities": [{"type": "text_mention", "offset": 0, "length": 4, "user": MIA}]}},
    {"edited_message": SAID | {"edit_date": 1_772_442_009}},
    {"channel_post": {**SAID, "chat": CHAT | {"type": "channel"}, "sender_chat": CHAT}},
    {
        "message": SAID
        | {
            "reply_to_message": {**SAID, "forum_topic_created": {"name": SECRET}},
            "is_topic_message": True,
            "message_thread_id": 5,
        }
    },
    {"message": SAID | {"new_chat_members": [MIA], "pinned_message": SAID, "migrate_to_chat_id": -1002}},
    {"message": SAID | {"forum_topic_edited": {"name": SECRET}, "message_thread_id": 5, "left_chat_member": MIA}},
    {"message": SAID | {"poll": {"id": "9", "question": SECRET, "options": []}}},
    {
        "message": {
            **SAID,
            "chat": PRIVATE,
            "text": f"/start {SECRET}",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        }
    },
    {"message": {**SAID, "chat": PRIVATE}},
    {
        "message_reaction": {
            "chat": CHAT,
            "message_id": 5,
            "user": MIA,
            "date": 1_772_442_001,
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        }
    },
    {
        "message_reaction_count": {
            "chat": CHAT,
            "message_id": 5,
            "date": 1_772_442_001,
            "reactions": [{"type": {"type": "paid"}, "total_count": 3}],
        }
    },
    {
        "chat_member": {
            "chat": CHAT,
            "from": MIA,
            "date": 1_772_442_001,
            "old_chat_member": MEMBER,
            "new_chat_member": MEMBER,
        }
    },
    {
        "my_chat_member": {
            "chat": CHAT,
            "from": MIA,
            "date": 1_772_442_001,
            "old_chat_member": MEMBER,
            "new_chat_member": MEMBER,
        }
    },
    {"poll_answer": {"poll_id": "9", "user": MIA, "option_ids": [0]}},
    {
        "callback_query": {
            "id": "1",
            "from": MIA,
            "chat_instance": "2",
            "data": "1:consent:1:all:1",
            "message": SAID | {"from": {"id": 9, "is_bot": True, "first_name": "K"}},
        }
    },
    {"inline_query": {"id": "1", "from": MIA, "query": SECRET, "offset": ""}},
    {"chat_join_request": {"chat": CHAT, "from": MIA, "user_chat_id": 501, "date": 1_772_442_001}},
]
# Values of every wrong type and size.
WRONG = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", SECRET, "0", "\x00", "\u202e", 2**62, -1, 0, [], {}, [[]], [{}], {"id": "x"}, [None], {"type": 7}]
    ),
)


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return ([path] if path else []) + [found for key, value in inner for found in _paths(value, (*path, key))]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A valid update with one to three places taken away, replaced or added to."""
    raw = copy.deepcopy(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 3))):
        paths = [path for path in _paths(raw) if len(path) > 1]
        if not paths:
            break
        *way, last = draw(st.sampled_from(paths))
        holder = raw
        for step in way:
            holder = holder[step]
        match draw(st.sampled_from(["take", "replace", "add"])):
            case "take":
                del holder[last]
            case "replace":
                holder[last] = draw(WRONG)
            case _ if isinstance(holder, dict):
                holder["surplus"] = draw(WRONG)
    return raw
