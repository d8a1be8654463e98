"""What newcomers say of themselves is true, read as they mean it, and changes nothing of what others say."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from bot.playground.community.beginnings import Beginnings
from bot.playground.community.people import Person, load_cast
from bot.playground.community.room import Room
from models.reading.fields import fields_of
from models.reading.self_introductions import read_self_introduction
from tests.bot.playground.test_community import EVERYBODY, Town
from tests.bot.playground.test_encounters import Booth

NEWCOMERS = load_cast().newcomers
PROPOSED = [
    [{"text": f"✓ {number}", "callback_data": f"1:profile:confirm:{number}"} for number in (1, 2)],
    [{"text": "all", "callback_data": "1:profile:confirm_all:1"}],
    [{"text": "ask", "callback_data": "1:inquiry:ask:7:0"}],
    [{"text": "why", "callback_data": "1:ctl:why:7"}],
]


def test_all_else_is_said_as_it_would_be_had_they_said_less(monkeypatch: pytest.MonkeyPatch) -> None:
    with_more = Town()
    with_more.live(timedelta(weeks=3))
    monkeypatch.setattr(Beginnings, "more_of", lambda _, newcomer: "")
    with_less = Town()
    with_less.live(timedelta(weeks=3))

    said = [[(one["date"], one.text) for one in town.said()] for town in (with_more, with_less)]

    differing = [(more, less) for more, less in zip(*said, strict=True) if more != less]
    assert 1 <= len(differing) <= len(NEWCOMERS)
    assert all(more[0] == less[0] and more[1].startswith(less[1]) for more, less in differing)


@pytest.mark.parametrize("newcomer", NEWCOMERS, ids=lambda one: one.username)
def test_every_hello_is_read_as_it_is_meant(newcomer: Person) -> None:
    """Whatever they say it with: what they build, where they are, what they look for; and the field is one they care for."""
    lines = _room().lines
    topic = max(newcomer.tastes, key=lambda one: newcomer.tastes[one])
    values = {
        "name": newcomer.short_name,
        "project": newcomer.project,
        "place": newcomer.place,
        "seeks": newcomer.seeks,
    }
    values["topic_words"] = lines.word(newcomer.language, "topic_words", topic)
    keys = ("lines", "places", "searches")
    hellos = list(product(*(lines.all_of(newcomer.language, "newcomer", key) for key in keys)))

    for parts in hellos:
        words = read_self_introduction(" ".join(parts).format(**values))

        assert words is not None
        assert newcomer.project in (words.project or "")
        assert words.place == newcomer.place
        assert words.seeks == newcomer.seeks
        assert {newcomer.taste(one) >= 0.5 for one in fields_of(words.about)} == {True}
    assert len(hellos) >= 8


def test_nothing_else_that_is_said_in_three_weeks_is_taken_for_an_introduction() -> None:
    town = Town()
    town.live(timedelta(weeks=3))

    authors = {town.author(one).username for one in town.said() if read_self_introduction(one.text) is not None}

    assert authors == {one.username for one in NEWCOMERS if one.username in town.community.people}


async def test_some_confirm_all_some_line_by_line_and_some_leave_it() -> None:
    booth = Booth()
    for username in list(booth.town.community.people)[:20]:
        await booth.send(username, "You introduced yourself. Did I get it right?", PROPOSED)
    booth.town.live(timedelta(hours=30))

    assert {"1:profile:confirm_all:1", "1:profile:confirm:1", "1:inquiry:ask:7:0"} <= set(booth.pressed)
    assert booth.pressed.count("1:profile:confirm_all:1") < 20
    assert {one.username for one in EVERYBODY} >= set(booth.town.community.people)


def _room() -> Room:
    return Town().community._room  # its lines
