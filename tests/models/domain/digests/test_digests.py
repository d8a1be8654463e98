from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.database import Database
from models.domain.digests import digests
from models.domain.digests import facts as digest_facts
from models.domain.digests.items import Item, Reason, ThreadFacts
from tests.models.domain.digests.test_reasons import thread
from tests.village import NOW, Village

UTC_ZONE = ZoneInfo("UTC")


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
