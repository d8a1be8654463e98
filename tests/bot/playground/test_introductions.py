"""Members ask who knows something, answer proposals by what is true of them, and say whether they met."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.playground.community import truth
from bot.playground.community.introductions import Introductions
from bot.playground.community.people import SAYS_NO
from tests.bot.playground.test_community import EVERYBODY, Town
from tests.bot.playground.test_encounters import Booth

PROPOSAL = [
    [{"text": one, "callback_data": f"1:proposal:{one}:7"}] for one in ("yes", "not_now", "not_person", "never")
]
OUTCOME = [[{"text": one, "callback_data": f"1:outcome:{one}:7"}] for one in ("met", "not_yet", "wont")]
FOUND = [
    [{"text": "Ask 1", "callback_data": "1:inquiry:ask:7:0"}, {"text": "Need", "callback_data": "1:inquiry:need:7:0"}]
]


def asked(town: Town) -> list[tuple[str, str]]:
    """Who wrote /intro in private, and what."""
    chats = [(one, town.telegram.private(town.community.users[one], town.bot)) for one in town.community.people]
    return [
        (username, said.text)
        for username, chat in chats
        for said in town.telegram.messages(chat)
        if str(said.get("text", "")).startswith("/intro ")
    ]


def test_all_else_is_said_as_it_would_be_without_introductions(monkeypatch: pytest.MonkeyPatch) -> None:
    with_them = Town()
    with_them.live(timedelta(weeks=2))
    monkeypatch.setattr(Introductions, "plan_day", lambda _: None)
    without = Town()
    without.live(timedelta(weeks=2))

    said = [[(one["date"], one.text) for one in town.said()] for town in (with_them, without)]

    assert said[0] == said[1]
    assert len(asked(with_them)) > 2 > len(asked(without)) == 0
    refusers = {one.username for one in EVERYBODY if one.consents == SAYS_NO}
    assert refusers.isdisjoint(username for username, _ in asked(with_them))


@pytest.mark.parametrize(
    ("rows", "answers"),
    [
        (PROPOSAL, {"1:proposal:yes:7", "1:proposal:not_now:7"}),
        (OUTCOME, {"1:outcome:met:7", "1:outcome:not_yet:7"}),
        (FOUND, {"1:inquiry:ask:7:0"}),
    ],
)
async def test_everybody_answers_in_their_own_way(rows: Any, answers: set[str]) -> None:
    booth = Booth()
    for username in list(booth.town.community.people)[:20]:
        await booth.send(username, "Somebody here is looking for a person who knows about “customs”.", rows)
    booth.town.live(timedelta(hours=30))

    own = Counter(one for one in booth.pressed if one in {row["callback_data"] for line in rows for row in line})
    assert answers <= own.keys()
    assert "1:inquiry:need:7:0" not in own


def test_who_cares_for_it_says_yes_more_often() -> None:
    by_taste = sorted(EVERYBODY, key=lambda one: one.taste("logistics"))
    least, most = by_taste[0], by_taste[-1]

    assert truth.agrees(most, "logistics") > 1.2 * truth.agrees(least, "logistics")
    assert truth.agrees(most, None) < truth.agrees(most, "logistics")
