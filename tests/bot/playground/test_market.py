"""Members need and offer, keep what they wrote by the way, answer cards and matches by what is true, and say what came of it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bot.playground.community import truth
from bot.playground.community.lines import Lines
from bot.playground.community.market import Market
from bot.playground.community.people import EASY_TOPIC
from bot.playground.community.wishes import NEED, OFFER, load_searches, load_wishes, meet
from tests.bot.playground.test_community import EVERYBODY, Town
from tests.bot.playground.test_encounters import Booth

WISHES = {wish.key: wish for wish in load_wishes()}


def listing(*actions: str, listing_id: int = 7) -> Any:
    return [[{"text": action, "callback_data": f"1:listing:{action}:{listing_id}"}] for action in actions]


def test_every_topic_has_needs_that_are_met_needs_that_are_not_and_offers_that_only_sound_like_it() -> None:
    assert len(WISHES) == len(load_wishes())
    needs = {wish.key for wish in load_wishes() if wish.kind == NEED}
    offers = [wish for wish in load_wishes() if wish.kind == OFFER]
    pairs = [(WISHES[key], offer) for offer in offers for key in offer.meets]

    assert all(offer.meets | offer.near <= needs and not offer.meets & offer.near for offer in offers)
    assert all(need.topic == offer.topic for need, offer in pairs)
    topics = Lines(Random(1)).topics - {EASY_TOPIC}
    met = {need.key for need, _ in pairs}
    for topic in topics:
        of_topic = [wish for wish in load_wishes() if wish.topic == topic]
        assert {wish.is_said for wish in of_topic} == {True, False}
        assert len([one for one in of_topic if one.key in met]) >= 3
        assert [one for one in of_topic if one.kind == NEED and one.key not in met]
        assert [one for one in of_topic if one.near]
        assert set(load_searches()[topic]) == {"en", "zh"}


def test_who_offers_and_who_needs_can_meet() -> None:
    need, offer, other = WISHES["soldering"], WISHES["assembly"], WISHES["soldering_course"]

    assert meet(need, offer)
    assert meet(offer, need)
    assert not meet(need, other)
    assert not meet(need, need)


def test_all_else_is_said_as_it_would_be_without_needs_and_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    with_market = Town()
    with_market.live(timedelta(weeks=2))
    monkeypatch.setattr(Market, "plan_day", lambda _: None)
    without = Town()
    without.live(timedelta(weeks=2))

    said = [(one["date"], one.text) for one in with_market.said() if not with_market.community.posting(one.id)]

    assert said == [(one["date"], one.text) for one in without.said()]
    assert len(with_market.community.postings) > 15 > len(without.community.postings) == 0


def test_needs_and_offers_are_written_awake_in_ones_own_language_and_by_somebody_who_cares() -> None:
    town = Town()
    town.live(timedelta(weeks=4))
    postings = town.community.postings

    assert {one.wish.is_said for one in postings} == {True, False}
    assert {(one.wish.kind, one.language) for one in postings} == {(k, c) for k in (NEED, OFFER) for c in ("en", "zh")}
    assert max(Counter(one.wish.key for one in postings).values()) == 1
    for one in postings:
        words = one.wish.words[one.person.language]
        assert one.message.text == (words if one.wish.is_said else f"/{one.wish.kind} {words}")
        assert truth.is_awake(one.person, one.at)
        # Jobs that look every three hours hear of what was written in the last of them.
        assert not one.wish.is_said or (one.at.hour % 3 == 1 and one.at.minute < 50)
    own = [(one, other) for one in postings for other in postings if one.person is other.person]
    assert not any(meet(one.wish, other.wish) for one, other in own)
    taste = sum(one.person.taste(one.wish.topic) for one in postings) / len(postings)
    assert taste > 3 * sum(one.taste("legal") for one in EVERYBODY) / len(EVERYBODY)


@pytest.mark.parametrize(
    ("rows", "answers"),
    [
        # An ordinary message of theirs: most keep it, some say that it is none.
        ([[{"text": "k", "callback_data": "1:keep:need:7"}, {"text": "n", "callback_data": "1:ctl:less:3"}]],
         {"1:keep:need:7", "1:ctl:less:3"}),
        # Is it still open?
        (listing("keep_open", "found_here", "found_elsewhere", "no_longer"),
         {"1:listing:keep_open:7", "1:listing:found_elsewhere:7", "1:listing:no_longer:7"}),
        # It ended by itself: nobody answers.
        (listing("keep_open"), set()),
    ],
)  # fmt: skip
async def test_authors_answer_each_in_their_own_way(rows: Any, answers: set[str]) -> None:
    booth = Booth()
    # What is pressed under messages of others, such as cards, is no answer.
    for username in list(booth.town.community.people)[:20]:
        await booth.send(username, "About what you wrote", rows)
    booth.town.live(timedelta(hours=30))

    assert set(booth.pressed) == answers


class Stall(Booth):
    """A booth where somebody has posted a need or an offer, and its card stands in the group."""

    def _see(self, kind: str, thing: Any) -> None:
        """Presses in private chats alone."""
        press = thing.get("callback_query", {}) if kind == "Update" else {}
        if press and press["message"]["chat"]["type"] == "private":
            self.pressed.append(press["data"])

    async def post(self, key: str, username: str, listing_id: int) -> None:
        market, community = self.town.community._market, self.town.community
        community._room.holidays.clear()
        market._post(WISHES[key], community.people[username])
        [*_, posting] = community.postings
        card = listing("help", "manage", listing_id=listing_id)
        await self.call(
            "sendMessage",
            chat_id=community.chat.id,
            text="🙏",
            reply_parameters=f'{{"message_id": {posting.message.id}}}',
            reply_markup=json.dumps({"inline_keyboard": card}),
        )


async def test_a_true_match_is_mostly_answered_and_a_false_one_hardly_ever() -> None:
    pressed = Counter[str]()
    for seed in range(20):
        stall = Stall(seed)
        await stall.post("soldering", "mia", 8)
        await stall.post("oscilloscope", "mia", 9)
        await stall.post("assembly", "tomas", 10)
        await stall.send("tomas", "It may fit", listing("help", listing_id=8))
        await stall.send("tomas", "It may fit", listing("help", listing_id=9))
        stall.town.live(timedelta(hours=40))
        pressed.update(stall.pressed)

    assert pressed["1:listing:help:8"] > 3 * pressed["1:listing:help:9"]


async def test_found_here_comes_days_after_the_answer_that_was_it() -> None:
    ends = Counter[bool]()
    for seed in range(12):
        stall = Stall(seed)
        await stall.post("assembly", "tomas", 10)
        await stall.post("soldering", "mia", 8)
        await stall.send("tomas", "It may fit", listing("help", listing_id=8))
        stall.town.live(timedelta(hours=40))
        if "1:listing:help:8" in stall.pressed:
            await stall.send("mia", "Tomáš can help", listing("found_here", "manage", listing_id=8))
            stall.town.live(timedelta(hours=24))
            assert "1:listing:found_here:8" not in stall.pressed
            stall.town.live(timedelta(hours=60))
            ends["1:listing:found_here:8" in stall.pressed] += 1

    assert ends[True] > ends[False]
