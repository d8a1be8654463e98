"""Members answer messages about people, by the buttons they see and by their own truth."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.playground.community import truth
from tests.bot.playground.test_community import EVERYBODY, Town

STARS = [[{"text": "⭐" * n, "callback_data": f"1:stars:7:{n}"} for n in (3, 5)]]
ASKED = [[{"text": "Yes", "callback_data": "1:asked:7:1"}, {"text": "No", "callback_data": "1:asked:7:0"}]]
NAMES = [[{"text": "🙈 Not Jo", "callback_data": "1:ctl:not_person:3"}]]


class Booth:
    """The town with a bot that only sends what a test tells it to, and what is pressed there."""

    def __init__(self, seed: int = 7) -> None:
        self.town = Town(seed)
        self.pressed: list[str] = []
        self.town.live(timedelta(hours=2))
        self.town.telegram.hooks.append(self._see)

    def _see(self, kind: str, thing: Any) -> None:
        if kind == "Update" and "callback_query" in thing:
            self.pressed.append(thing["callback_query"]["data"])

    async def call(self, method: str, **parameters: Any) -> Any:
        transport = httpx.ASGITransport(app=self.town.telegram.api)
        async with httpx.AsyncClient(transport=transport, base_url="http://telegram") as client:
            return (await client.post(f"/bot7000000001:TEST-klatch/{method}", json=parameters)).json()["result"]

    async def send(self, username: str, text: str, rows: Any) -> Any:
        user = self.town.community.users[username]
        self.town.telegram.start(user, self.town.bot)
        markup = json.dumps({"inline_keyboard": rows})
        return await self.call("sendMessage", chat_id=user.id, text=text, reply_markup=markup)


def names(start: str, end: str, *labels: str) -> Any:
    return [[{"text": label, "callback_data": f"{start}:7:{n}{end}"}] for n, label in enumerate(labels, start=1)]


@pytest.mark.parametrize(
    ("rows", "ever"),
    [
        (STARS, {"1:stars:7:5", "1:stars:7:3"}),
        (ASKED, {"1:asked:7:1", "1:asked:7:0"}),
        (NAMES, {"1:ctl:not_person:3", None}),  # most leave names as they are
    ],
)
async def test_everybody_answers_in_their_own_way(rows: Any, ever: set[str | None]) -> None:
    booth = Booth()
    answers: set[str | None] = set()
    for username in list(booth.town.community.people)[:20]:
        booth.pressed.clear()
        await booth.send(username, "About the legal clinic", rows)
        booth.town.live(timedelta(hours=30))
        own = [one for one in booth.pressed if one in ever]
        answers |= set(own) or {None}

    assert answers == ever


async def test_names_are_tapped_once_each_and_only_those_of_people_they_care_for() -> None:
    booth = Booth()
    # A list that never changes: what is tapped already would show another mark.
    rows = names("1:whom", ":0", "✨ Jo Okafor", "🤝 陈伟", "▫️ Nobody Anyone Knows")
    await booth.send("mia", "How was Hardware evening?", [*STARS, *rows])

    booth.town.live(timedelta(hours=20))

    tapped = {one for one in booth.pressed if one.startswith("1:whom:")}
    assert tapped == {"1:whom:7:1:0"}


def test_friends_and_people_of_the_same_taste_meet_and_stay_in_touch() -> None:
    mia, jo, ana = (next(one for one in EVERYBODY if one.username == name) for name in ("mia", "jo", "ana"))

    # Logistics and hardware they share, and Jo is her friend; Ana cares for design.
    assert truth.meets(mia, jo) > 2 * truth.meets(mia, ana)
    assert truth.stays_in_touch(mia, jo) > truth.stays_in_touch(mia, ana)
