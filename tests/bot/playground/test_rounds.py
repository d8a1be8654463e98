"""Members join the rounds, say truly and both alike whether they met, and pause before a holiday."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta
from itertools import combinations
from statistics import mean
from typing import Any

import pytest

from bot.playground.community import truth
from bot.playground.community.conversations import Conversations
from bot.playground.community.people import SAYS_YES
from bot.playground.community.rounds import Rounds
from tests.bot.playground.test_community import EVERYBODY, Town
from tests.bot.playground.test_encounters import Booth

CARD = [[{"text": "Join", "callback_data": "1:round:join:1"}]]
SWITCH = "/round weekly"
PAUSES = [[{"text": one, "callback_data": f"1:pause:{one}"} for one in ("week", "fortnight")]]
PEOPLE = {one.username: one for one in EVERYBODY}


class Circle(Booth):
    """The town without talk, in which everybody is shown the card of the rounds; who pressed what is known."""

    def __init__(self) -> None:
        super().__init__()
        self.presses: dict[str, list[str]] = defaultdict(list)

    def _see(self, kind: str, thing: Any) -> None:
        super()._see(kind, thing)
        if kind == "Update" and "callback_query" in thing:
            press = thing["callback_query"]
            person = self.town.community.person(press["from"]["id"])
            self.presses[person.username if person else ""].append(press["data"])

    async def show_card(self) -> set[str]:
        """Who joined within two days."""
        await self.call("sendMessage", chat_id=self.town.community.chat.id, text="☕ Rounds", reply_markup=_json(CARD))
        self.town.live(timedelta(days=2))
        return {one for one, data in self.presses.items() if "1:round:join:1" in data}

    def quiet_seekers(self) -> list[str]:
        """Who wrote /pause in private so far."""
        chats = {
            one: self.town.telegram.private(user, self.town.bot) for one, user in self.town.community.users.items()
        }
        return [
            one for one, chat in chats.items() if any(m.text == "/pause" for m in self.town.telegram.messages(chat))
        ]

    async def introduce(self, introduction_id: int, *usernames: str) -> None:
        for username in usernames:
            names = " ".join(PEOPLE[one].name for one in usernames if one != username)
            button = {"text": "✅ We met", "callback_data": f"1:round:met:{introduction_id}"}
            await self.send(username, f"☕ This round: you meet\n\n{names}", [[button]])

    async def ask(self, introduction_id: int, *usernames: str) -> None:
        for username in usernames:
            answers = [f"1:outcome:{one}:{introduction_id}" for one in ("met", "not_yet", "wont")]
            await self.send(username, "🤝 Did you meet?", [[{"text": one, "callback_data": one}] for one in answers])


@pytest.fixture
def circle(monkeypatch: pytest.MonkeyPatch) -> Circle:
    monkeypatch.setattr(Conversations, "plan_day", lambda _: None)
    return Circle()


def test_all_else_is_said_as_it_would_be_without_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    with_them = Town()
    with_them.live(timedelta(weeks=1))
    monkeypatch.setattr(Rounds, "begin", lambda *_: None)
    without = Town()
    without.live(timedelta(weeks=1))

    said = [[(one["date"], one.text) for one in town.said() if one.text != SWITCH] for town in (with_them, without)]

    assert said[0] == said[1]
    assert [with_them.author(one).role for one in with_them.said() if one.text == SWITCH] == ["admin"]


async def test_most_but_not_all_join_of_those_who_said_yes_to_everything(circle: Circle) -> None:
    joined = await circle.show_card()

    willing = {one for one, person in circle.town.community.people.items() if person.consents == SAYS_YES}
    assert joined < willing
    assert len(joined) > len(willing) / 3


async def test_two_who_were_introduced_say_the_same_and_meet_by_what_both_care_for(circle: Circle) -> None:
    pairs = dict(enumerate(combinations(list(circle.town.community.people)[:14], 2), start=1))
    for introduction_id, pair in pairs.items():
        await circle.introduce(introduction_id, *pair)
    circle.town.live(timedelta(days=7))
    for introduction_id, pair in pairs.items():
        await circle.ask(introduction_id, *pair)
    circle.town.live(timedelta(days=2))

    said: dict[int, set[str]] = defaultdict(set)
    for data in (data for all_data in circle.presses.values() for data in all_data):
        _, kind, outcome, introduction_id = f"{data}:".replace("round:met:", "outcome:met:").split(":")[:4]
        if kind == "outcome":
            said[int(introduction_id)].add(outcome)
    likely = [_both_want(*pairs[one]) for one, outcomes in said.items() if outcomes == {"met"}]
    unlikely = [_both_want(*pairs[one]) for one, outcomes in said.items() if "wont" in outcomes]
    assert {frozenset(one) for one in said.values() if "met" in one} == {frozenset({"met"})}
    assert mean(likely) > 2 * mean(unlikely)
    assert {tuple(sorted(one)) for one in said.values()} >= {("met",), ("not_yet",), ("wont",), ("not_yet", "wont")}
    assert circle.town.community.introduced_in_rounds == [frozenset(pair) for pair in pairs.values()]


async def test_what_came_of_an_introduction_of_another_kind_is_answered_as_before(circle: Circle) -> None:
    await circle.introduce(7, "mia", "jo")
    await circle.ask(8, "mia")
    circle.town.live(timedelta(days=1))

    assert [one for one in circle.presses["mia"] if one.startswith("1:outcome:")][-1].endswith(":8")
    assert circle.town.community.introduced_in_rounds == [frozenset({"mia", "jo"})]


async def test_before_a_holiday_most_of_those_who_joined_pause_for_a_week(circle: Circle) -> None:
    joined = await circle.show_card()
    today = circle.town.clock.now().date()
    room = circle.town.community._room  # their holidays
    room.holidays |= dict.fromkeys(PEOPLE, (today + timedelta(days=1), today + timedelta(days=4)))
    asked: list[str] = []
    while (at := circle.town.community.next_at()) and at.date() <= today + timedelta(days=2):
        circle.town.live(at - circle.town.clock.now())
        for username in set(circle.quiet_seekers()) - set(asked):
            asked.append(username)
            await circle.send(username, "How long shall I pause?", PAUSES)

    assert set(asked) < joined
    assert len(asked) > len(joined) / 3
    assert {one for one, data in circle.presses.items() if "1:pause:week" in data} == set(asked)
    assert not any("1:pause:fortnight" in data for data in circle.presses.values())


def test_two_without_a_common_language_do_not_get_on_and_more_in_common_is_more_wanted() -> None:
    jo, xiaoyu = PEOPLE["jo"], PEOPLE["xiaoyu"]
    by_common = sorted(
        (one for one in EVERYBODY if one is not jo and one.reads("en")), key=lambda one: truth.gets_on(jo, one)
    )

    assert truth.gets_on(jo, xiaoyu) == truth.gets_on(xiaoyu, jo) == 0.0
    assert truth.gets_on(jo, by_common[-1]) > 3 * truth.gets_on(jo, by_common[0]) > 0.0


def _both_want(username: str, other: str) -> float:
    return truth.gets_on(PEOPLE[username], PEOPLE[other]) * truth.gets_on(PEOPLE[other], PEOPLE[username])


def _json(rows: Any) -> str:
    return json.dumps({"inline_keyboard": rows})
