from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.database import Database
from models.domain.digests import digests
from models.domain.digests import facts as digest_facts
from models.domain.digests.items import Item, Reason, ThreadFacts
from models.domain.member_time import Defaults
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.member import Member
from tests.models.domain.digests.test_reasons import thread
from tests.village import NOW, Village

UTC_ZONE = ZoneInfo("UTC")


def member(**values: Any) -> Member:
    return Member(**{"id": 1, "name": "Mia", "reachable_at": NOW, "digest": "daily", "digest_hour": 9, **values})


@pytest.mark.parametrize(
    ("values", "now", "due"),
    [
        ({}, NOW, True),
        # Up to three hours late, when we were down at the hour.
        ({}, NOW + timedelta(hours=2, minutes=59), True),
        ({}, NOW + timedelta(hours=3), False),
        ({}, NOW - timedelta(minutes=1), False),
        ({"digest": "never"}, NOW, False),
        # NOW is a Monday.
        ({"digest": "weekly"}, NOW, True),
        ({"digest": "weekly"}, NOW + timedelta(days=1), False),
        # What the installation says holds until the member chooses.
        ({"digest": None, "digest_hour": None}, NOW, True),
        # Nine in Shanghai is one in UTC; nine in UTC is five in the afternoon there.
        ({"time_zone": "Asia/Shanghai"}, NOW, False),
        ({"time_zone": "Asia/Shanghai"}, NOW - timedelta(hours=8), True),
        # Monday 9:00 in Auckland is Sunday in UTC.
        ({"digest": "weekly", "time_zone": "Pacific/Auckland"}, NOW - timedelta(hours=13), True),
        # Seven is quiet until eight, so it comes at eight; nine at night is quiet until ten in the morning.
        ({"digest_hour": 7}, NOW - timedelta(hours=2), False),
        ({"digest_hour": 7}, NOW - timedelta(hours=1), True),
        ({"digest_hour": 21, "quiet_from_hour": 20, "quiet_until_hour": 10}, NOW + timedelta(hours=12), False),
        ({"digest_hour": 21, "quiet_from_hour": 20, "quiet_until_hour": 10}, NOW + timedelta(hours=1), True),
        ({"paused_until": NOW + timedelta(days=1)}, NOW, False),
        ({"paused_until": NOW}, NOW, True),
        ({"blocked_at": NOW}, NOW, False),
        ({"reachable_at": None}, NOW, False),
    ],
)
def test_a_digest_comes_at_the_members_own_hour(values: dict[str, Any], now: datetime, due: bool) -> None:
    assert digests.is_due(member(**values), Community(time_zone="UTC"), Defaults(), now) is due


async def test_who_said_yes_and_got_none_today_is_due(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia = await village.learner("Mia")
        await village.silent("Jo")
        defaults = Defaults()

        before = await digests.due_members(session, village.community, now=NOW, defaults=defaults)
        key = digests.once_key(mia.id, village.community.id, NOW.date())
        values = {"kind": "digest", "method": "sendMessage", "payload": {}, "created_at": NOW, "due_at": NOW}
        session.add(Delivery(**values, member_id=mia.id, once_key=key))
        await session.flush()
        after = await digests.due_members(session, village.community, now=NOW, defaults=defaults)

    assert [one.id for one in before] == [mia.id]
    assert after == []


def _items(n: int, **values: Any) -> list[Item]:
    """n threads of n authors about n topics, best first."""

    def facts(i: int) -> ThreadFacts:
        return thread(**{"id": i, "author_id": 100 + i, "keywords": (f"word{i}",), **values})

    return [Item(facts(i), (Reason("people"),), "content", 1 - i / 100) for i in range(n)]


def test_the_best_are_chosen_in_order() -> None:
    chosen = digests.choose(_items(5), random=Random(1))

    assert [item.facts.id for item in chosen] == [0, 1, 2, 3, 4]
    assert {item.propensity for item in chosen} == {1.0}


@pytest.mark.parametrize("same", [{"author_id": 7}, {"keywords": ("bank",)}])
def test_not_more_than_two_from_one_author_or_about_one_topic(same: dict[str, Any]) -> None:
    assert len(digests.choose(_items(6, **same), random=Random(1))) == digests.MOST_OF_ONE


def test_now_and_then_the_last_place_goes_to_one_of_the_next_best_with_its_probability() -> None:
    random = Random(7)
    n_rounds = 4000

    last = [digests.choose(_items(20), random=random)[-1] for _ in range(n_rounds)]

    shares = {item: n / n_rounds for item, n in Counter(item.facts.id for item in last).items()}
    told = {item.facts.id: item.propensity for item in last}
    assert set(shares) == {6, 7, 8, 9, 10, 11}
    assert sum(told.values()) == pytest.approx(1.0)
    for item_id, share in shares.items():
        assert share == pytest.approx(told[item_id], abs=0.01)


async def test_what_was_shown_written_in_or_reacted_to_is_no_news(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        from tests.models.domain.serving.test_training import _recommend, _thread

        await village.say(jo, "shown")
        shown = await _thread(village)
        written = await village.say(mia, "written")
        reacted = await village.say(jo, "reacted")
        unseen = await village.say(jo, "unseen")
        ids = {}
        for message in (written, reacted, unseen):
            ids[message.text] = await _thread_of_its_own(village, message)
        await village.react(mia, reacted)
        await _recommend(village, mia, shown, sent_at=NOW)

        known = await digest_facts.known_already(session, {mia.id, jo.id})

    assert known[mia.id] == {("thread", shown), ("thread", ids["written"]), ("thread", ids["reacted"])}
    assert ("thread", ids["unseen"]) in known[jo.id]


async def _thread_of_its_own(village: Village, message: Any) -> int:
    from models.tables.message import Thread

    where = {"community_id": village.community.id, "chat_id": village.chat.id}
    thread = Thread(**where, opened_at=NOW, last_at=NOW, n_messages=1, n_members=1)
    village.session.add(thread)
    await village.session.flush()
    message.thread_id = thread.id
    await village.session.flush()
    return thread.id
