"""Invented chatter as raw updates: rich group messages with topics, replies, entities; reactions; now and then an edit."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

CHAT = {"id": -1001234567890, "type": "supergroup", "title": "Founders of the Harbour", "is_forum": True}
N_MEMBERS = 300
# Monday 2 March 2026, 09:00 UTC.
START = 1_772_442_000


def updates(n: int, *, seed: int = 7, first_update_id: int = 1) -> Iterator[dict[str, Any]]:
    """`n` updates, nine messages to one reaction; message ids rise with update ids."""
    random = Random(seed)
    for number in range(first_update_id, first_update_id + n):
        maker = _reaction if number % 10 == 0 else _message
        yield {"update_id": number, **maker(number, random)}


def _user(random: Random) -> dict[str, Any]:
    number = random.randrange(N_MEMBERS)
    return {
        "id": 5_000_000_000 + number,
        "is_bot": False,
        "first_name": f"Member {number}",
        "last_name": "Harbour",
        "username": f"member_{number}",
        "language_code": "en",
    }


def _message(number: int, random: Random) -> dict[str, Any]:
    text = "@member_7 have a look at https://example.org/pricing before Friday, the second table is what I meant. " * 2
    message = {
        "message_id": number,
        "message_thread_id": 17,
        "is_topic_message": True,
        "from": _user(random),
        "chat": CHAT,
        "date": START + number,
        "text": text,
        "entities": [
            {"type": "mention", "offset": 0, "length": 9},
            {"type": "url", "offset": 27, "length": 27},
            {"type": "bold", "offset": 62, "length": 6},
        ],
        "reply_to_message": {
            "message_id": max(1, number - random.randrange(1, 40)),
            "from": _user(random),
            "chat": CHAT,
            "date": START + number - 60,
            "text": "What do the others charge for a pilot?",
        },
    }
    return {"message": message}


def _reaction(number: int, random: Random) -> dict[str, Any]:
    reaction = {
        "chat": CHAT,
        "message_id": number - 1,
        "user": _user(random),
        "date": START + number,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    }
    return {"message_reaction": reaction}
