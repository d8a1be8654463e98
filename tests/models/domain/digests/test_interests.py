from __future__ import annotations

from datetime import timedelta

import pytest

from models.database import Database
from models.domain.digests import interests
from models.domain.digests.interests import Trail
from models.domain.members.literacy import Literacy
from models.domain.serving import training
from models.learning.terms import Terms
from models.reading.fields import Field
from tests.village import NOW, Village

SINCE = NOW - interests.LOOK_BACK


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms.fit([(who, "customs lawyer prototype firmware") for who in (1, 2)], [])


async def test_what_somebody_asked_answered_and_wrote_about_is_kept_apart(sqlite: Database, terms: Terms) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        asked = await village.say(jo, "Who knows customs in Gdańsk?", hours_ago=50)
        await village.say(mia, "Kontraktor, two days", hours_ago=49, reply_to=asked)
        await village.say(mia, "Which lawyer do you use?", hours_ago=40)
        await village.say(mia, "My prototype is done, firmware next", hours_ago=30)
        # Thanks answer nothing, a command asks nothing, a question back is no answer.
        await village.say(jo, "thanks!", hours_ago=39)
        await village.say(mia, "/find lawyer", hours_ago=20)
        harder = await village.say(jo, "Is firmware hard?", hours_ago=11)
        await village.say(mia, "which firmware?", hours_ago=10, reply_to=harder)
        learnt = await training.read_log(session, village.community.id, since=SINCE, until=NOW)

    found = Trail.of(learnt, terms, since=SINCE).traces({mia.id, jo.id})

    assert set(found[mia.id].answers) == {"customs"}
    assert found[mia.id].answers["customs"].at == NOW - timedelta(hours=49)
    assert set(found[mia.id].asks) == {"lawyer"}
    assert {"prototype", "firmware"} <= set(found[mia.id].wrote)
    assert set(found[jo.id].answers) == set()


async def test_what_somebody_asked_lately_is_known_by_its_title_and_what_they_said_by_its_words(
    sqlite: Database, terms: Terms
) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia = await village.learner("Mia")
        await village.say(mia, "Which lawyer did you use?", hours_ago=24 * 31)
        await village.say(mia, "Hi all! Who solders twenty prototypes in a week?", hours_ago=40)
        await village.say(mia, "Kontraktor did ours. Two days", hours_ago=30)
        learnt = await training.read_log(session, village.community.id, since=SINCE, until=NOW)

    left = Trail.of(learnt, terms, since=SINCE).traces({mia.id})[mia.id]
    made = interests.reader(
        left, company={}, language="en", group="en", zones=frozenset(), going_to=frozenset(), now=NOW
    )

    assert list(made.questions) == ["Who solders twenty prototypes in a week?"]
    assert made.has_asked("Who solders about twenty prototypes in a week")
    assert not made.has_asked("Which lawyer did you use?")
    assert made.has_said("kontraktor did ours.")
    assert not made.has_said("Who solders")


async def test_nothing_is_known_of_who_did_not_agree_to_it(sqlite: Database, terms: Terms) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        eve, jo = await village.silent("Eve"), await village.learner("Jo")
        asked = await village.say(jo, "Who knows customs?", hours_ago=50)
        await village.say(eve, "Kontraktor does", hours_ago=49, reply_to=asked)
        learnt = await training.read_log(session, village.community.id, since=SINCE, until=NOW)

    assert Trail.of(learnt, terms, since=SINCE).traces({eve.id, jo.id}).keys() == {jo.id}


async def test_a_reader_reads_what_they_wrote_in_and_the_languages_of_client_and_group(
    sqlite: Database, terms: Terms
) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia = await village.learner("Mia")
        for hour in range(3):
            await village.say(mia, "Kennt jemand einen guten Anwalt?", hours_ago=40 + hour)
        learnt = await training.read_log(session, village.community.id, since=SINCE, until=NOW)

    left = Trail.of(learnt, terms, since=SINCE).traces({mia.id})[mia.id]
    made = interests.reader(left, company={}, language="zh", group="en", zones=frozenset(), going_to=frozenset())

    assert made.literacy == Literacy(frozenset({"han", "other"}), frozenset({"de", "en"}))


async def test_an_answer_to_what_we_may_not_read_begins_no_talk(sqlite: Database, terms: Terms) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia, eve = await village.learner("Mia"), await village.silent("Eve")
        asked = await village.say(eve, "Who knows?", hours_ago=50)
        await village.say(mia, "Our firmware team may help", hours_ago=49, reply_to=asked)
        await village.say(mia, "Which PCB shop is good?", hours_ago=30)
        learnt = await training.read_log(session, village.community.id, since=SINCE, until=NOW)

    talks = Trail.of(learnt, terms, since=SINCE).traces({mia.id})[mia.id].talks

    assert (talks.contributions[Field.HARDWARE].n, talks.openings[Field.HARDWARE].n) == (2, 1)


async def test_a_plain_statement_without_a_link_raises_nothing(sqlite: Database, terms: Terms) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        mia = await village.learner("Mia")
        await village.say(mia, "The firmware took us two weeks more than planned", hours_ago=49)
        await village.say(mia, "I have two spare PCB assembly kits, free for anybody", hours_ago=20)
        learnt = await training.read_log(session, village.community.id, since=SINCE, until=NOW)

    talks = Trail.of(learnt, terms, since=SINCE).traces({mia.id})[mia.id].talks

    assert (talks.contributions[Field.HARDWARE].n, talks.openings[Field.HARDWARE].n) == (2, 1)
