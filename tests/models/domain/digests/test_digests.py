from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from models.database import Database
from models.domain.conversations.description import Words
from models.domain.digests import digests, validity, whereabouts
from models.domain.digests import facts as digest_facts
from models.domain.digests.background import Background
from models.domain.digests.interests import Reader, Trace, Trail
from models.domain.digests.items import Digest, Earlier, Facts, Gist, Item, Reason, Section, ThreadFacts
from models.domain.events.engagements import Engagement
from models.domain.members.literacy import Literacy
from models.domain.serving import training
from models.domain.serving.candidates import FoundThread
from models.domain.serving.training import Material
from models.learning.dataset import CommunityLog
from models.learning.terms import Terms
from models.reading.text_kinds import TextKind
from models.tables.community import Community
from models.tables.member import Member
from models.tables.recommendation import Source
from tests.factories import make_event, make_rsvp
from tests.models.domain.conversations.test_threads import weave
from tests.models.domain.digests.test_reasons import ANA, JO, MIA, answer, event, thread
from tests.village import NOW, Village


def member() -> Member:
    return Member(id=MIA, name="Mia")


def _items(n: int, **values: Any) -> list[Item]:
    """n threads of n authors about n topics, best first; every other one can be helped with."""

    def facts(i: int) -> ThreadFacts:
        return thread(**{"id": i, "author_id": 100 + i, "terms": {f"word{i}": "word"}, **values})

    sections = (Section.HELP, Section.READ)
    return [Item(facts(i), sections[i % 2], (Reason("you_asked"),), "content", 1 - i / 100) for i in range(n)]


def test_the_best_are_chosen_in_order() -> None:
    chosen = digests.choose(_items(5), random=Random(1))

    assert [item.facts.id for item in chosen] == [0, 1, 2, 3, 4]
    assert {item.propensity for item in chosen} == {1.0}


def test_a_reason_that_nobody_ranked_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match=r"'horoscope' is no reason of a digest yet: add it to REASONS"):
        Reason("horoscope")


def test_a_digest_has_five_threads_at_most_whichever_section_they_stand_in() -> None:
    only_help = [replace(item, section=Section.HELP) for item in _items(9)]

    assert len(digests.choose(only_help, random=Random(1))) == digests.MOST_THREADS == 5


@pytest.mark.parametrize("same", [{"author_id": 7}, {"terms": {"bank": "banks"}}])
def test_not_more_than_two_from_one_author_or_about_one_topic(same: dict[str, Any]) -> None:
    assert len(digests.choose(_items(6, **same), random=Random(1))) == digests.MOST_OF_ONE


def test_now_and_then_the_last_place_goes_to_one_of_the_next_best_with_its_probability() -> None:
    random = Random(7)
    n_rounds = 4000

    last = [digests.choose(_items(20), random=random)[-1] for _ in range(n_rounds)]

    shares = {item: n / n_rounds for item, n in Counter(item.facts.id for item in last).items()}
    told = {item.facts.id: item.propensity for item in last}
    assert set(shares) == {4, 5, 6, 7, 8, 9}
    assert sum(told.values()) == pytest.approx(1.0)
    for item_id, share in shares.items():
        assert share == pytest.approx(told[item_id], abs=0.01)


NOTHING_SAID = Material(CommunityLog(), np.array([], dtype=np.int64), frozenset(), np.array([], dtype=np.bool_))


def _around(*facts: Facts, reader: Reader | None = None, muted: set[tuple[str, str]] | None = None) -> Background:
    return Background(
        community=Community(id=1, time_zone="UTC"),
        facts={(one.kind, one.id): one for one in facts},
        names={JO: "Jo", ANA: "Ana"},
        known_items={},
        trail=Trail.of(NOTHING_SAID, Terms.fit([], []), since=NOW),
        company={},
        muted_items={MIA: muted or set()},
        word_targets={"banks": "hash of bank", "visas": "hash of visa"},
        chats={MIA: {1}},
        readers={MIA: reader or Reader(answers={"bank": Trace(NOW)}, literacy=Literacy(frozenset({"other"})))},
        now=NOW,
    )


def _compose(around: Background, *, is_cold: bool = False) -> tuple[Item, ...]:
    found = [FoundThread(fact_id, Source.CONTENT, 0.5) for kind, fact_id in around.facts if kind == "thread"]
    return digests.compose(member(), found, around, is_cold=is_cold, random=Random(1))


@pytest.mark.parametrize(
    ("facts", "section"),
    [
        # Open, or with a single answer that nobody thanked for: one more helps.
        (thread(), Section.HELP),
        (thread(answers=(answer(ANA),)), Section.HELP),
        (thread(answers=(answer(ANA, is_thanked=True),)), Section.READ),
        (thread(answers=(answer(ANA), answer(4))), Section.READ),
        (thread(kind=TextKind.RESOURCE, is_question=False, is_open=False), Section.READ),
        # That somebody's redesign is live, or that a question was answered, and not how, is nothing to read.
        (thread(kind=TextKind.NEWS, is_question=False, is_open=False), None),
        (thread(answers=(answer(ANA), answer(4)), gist=None), None),
        # A remark that nobody answered is nothing to read.
        (thread(kind=TextKind.CHATTER, is_question=False, is_open=False), None),
    ],
)
def test_a_thread_stands_where_the_reader_can_do_something_with_it(facts: ThreadFacts, section: Section | None) -> None:
    items = _compose(_around(facts))

    assert [item.section for item in items] == ([section] if section else [])


def test_an_open_question_on_what_the_reader_asked_themselves_is_no_help_to_them() -> None:
    reader = Reader(asks={"bank": Trace(NOW)}, literacy=Literacy(frozenset({"other"})))

    assert _compose(_around(thread(), reader=reader)) == ()
    assert len(_compose(_around(thread(answers=(answer(ANA),)), reader=reader))) == 1


def test_help_comes_first_then_reading_then_events_each_by_the_strength_of_its_reason() -> None:
    reader = Reader(
        answers={"bank": Trace(NOW)},
        asks={"visa": Trace(NOW)},
        going_to=frozenset({4}),
        literacy=Literacy(frozenset({"other"})),
    )
    to_read = thread(id=8, title="Visa?", author_id=ANA, terms={"visa": "visas"}, answers=(answer(JO),))
    to_help = thread(id=9)

    items = _compose(_around(event(starts_at=NOW + timedelta(days=3)), to_read, to_help, reader=reader))

    assert [(item.facts.kind, item.facts.id) for item in items] == [("thread", 9), ("thread", 8), ("event", 4)]


@pytest.mark.parametrize(
    ("facts", "muted"),
    [
        (thread(title="哪家银行好？"), set()),
        (thread(author_id=MIA), set()),
        (thread(chat_id=2), set()),
        (thread(perhaps_answered_by=frozenset({MIA})), set()),
        (thread(last_spoke=dict.fromkeys((JO, MIA), NOW), answers=(answer(MIA),)), set()),
        (thread(), {("person", str(JO))}),
        (thread(), {("keyword", "hash of bank")}),
        (thread(), {("thread", "9")}),
        (event(terms={"bank": "banks"}, going=frozenset({JO}), time_zone="Asia/Tokyo"), set()),
        (event(author_id=MIA), set()),
    ],
    ids=[
        "unread language",
        "own",
        "other chat",
        "perhaps answered",
        "took part",
        "muted person",
        "muted word",
        "muted thread",
        "out of reach",
        "their own event",
    ],
)
def test_what_is_not_for_the_reader_is_left_out(facts: Facts, muted: set[tuple[str, str]]) -> None:
    reader = Reader(
        answers={"bank": Trace(NOW)},
        asks={"bank": Trace(NOW)},
        company={JO: 3},
        literacy=Literacy(frozenset({"other"})),
        zones=frozenset({"UTC"}),
    )

    assert _compose(_around(facts, reader=reader, muted=muted)) == ()


def test_nobody_is_quoted_their_own_words() -> None:
    reader = Reader(
        answers={"bank": Trace(NOW)},
        literacy=Literacy(frozenset({"other"})),
        texts=["ours, in Leipzig. It took a week"],
    )
    gist = Gist("Ours, in Leipzig", ANA, "Ana")

    [to_help] = _compose(_around(thread(answers=(answer(ANA),), gist=gist), reader=reader))
    to_read = _compose(_around(thread(answers=(answer(ANA, is_thanked=True),), gist=gist), reader=reader))
    [news] = _compose(_around(thread(kind=TextKind.NEWS, is_question=False, is_open=False, gist=gist), reader=reader))

    assert (to_help.section, to_help.facts.gist, to_read, news.facts.gist) == (Section.HELP, None, (), None)


def test_who_asked_nearly_the_same_lately_is_not_asked_to_help() -> None:
    reader = Reader(
        answers={"bank": Trace(NOW)}, literacy=Literacy(frozenset({"other"})), questions=["Which bank would you take?"]
    )

    assert _compose(_around(thread(title="Which bank would you take"), reader=reader)) == ()
    [answered] = _compose(_around(thread(title="Which bank would you take", answers=(answer(ANA),)), reader=reader))
    [other] = _compose(_around(thread(title="Which bank lends to a company of two?"), reader=reader))
    assert (answered.section, other.section) == (Section.READ, Section.HELP)


@pytest.mark.parametrize(
    ("days_ahead", "is_told"),
    # A reminder comes the same day, or came the day before; a week from now is not news yet.
    [(0.5, False), (1, False), (1.9, False), (2.1, True), (6, True), (9, False)],
)
def test_an_event_they_go_to_stands_where_no_reminder_says_it(days_ahead: float, is_told: bool) -> None:
    facts = event(starts_at=NOW + timedelta(days=days_ahead))

    assert bool(_compose(_around(facts, reader=Reader(going_to=frozenset({4}))))) is is_told


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [
        # Nobody has answered: it waits, and its date says how long.
        (thread(), True),
        (thread(answers=(answer(ANA),)), False),
        (thread(answers=(answer(ANA, is_thanked=True),)), False),
        (thread(kind=TextKind.RESOURCE, is_question=False, is_open=False), False),
    ],
)
@pytest.mark.parametrize("days_ago", [7, 9])
def test_of_what_is_older_than_the_week_only_an_open_question_is_told(
    facts: ThreadFacts, is_told: bool, days_ago: int
) -> None:
    aged = replace(facts, talk=replace(facts.talk, asked_at=NOW - timedelta(days=days_ago)))

    assert bool(_compose(_around(aged))) is (is_told or days_ago == 7)


@pytest.mark.parametrize(
    ("begins", "lasts", "is_offered"),
    [
        (0, 2, False),
        (-2, 3, False),
        (1, 1, False),
        (-3, 3, True),  # over when it begins
        (24, 2, True),
    ],
)
def test_nothing_is_offered_for_hours_in_which_the_reader_goes_elsewhere(
    begins: float, lasts: float, is_offered: bool
) -> None:
    offered = event(going=frozenset({JO}), starts_at=NOW + timedelta(days=2))
    starts_at = offered.starts_at + timedelta(hours=begins)
    taken = Engagement(99, starts_at, starts_at + timedelta(hours=lasts))
    reader = Reader(company={JO: 3}, literacy=Literacy(frozenset({"other"})), engagements=(taken,))

    assert bool(_compose(_around(offered, reader=reader))) is is_offered


@pytest.mark.parametrize(
    ("zones", "reader_zones", "is_told"),
    [
        ({"Europe/Berlin"}, {"Europe/Berlin", "Europe/Lisbon"}, True),
        ({"Europe/Berlin"}, {"Asia/Shanghai"}, False),
        # Who said that they cannot come; where its author is, nobody knows.
        ({"Europe/Berlin"}, set(), False),
        (set(), {"Europe/Berlin"}, False),
        (None, {"Asia/Shanghai"}, True),
    ],
)
def test_what_one_must_fetch_is_told_to_who_can_be_there(
    zones: set[str] | None, reader_zones: set[str], is_told: bool
) -> None:
    reader = Reader(
        answers={"bank": Trace(NOW)}, literacy=Literacy(frozenset({"other"})), zones=frozenset(reader_zones)
    )
    offer = thread(is_question=False, kind=TextKind.RESOURCE, zones=None if zones is None else frozenset(zones))

    assert bool(_compose(_around(offer, reader=reader))) is is_told


@pytest.mark.parametrize(("known", "is_told"), [(("thread", 77), False), (("thread", 78), True), (("event", 77), True)])
def test_a_question_that_others_asked_before_is_told_once(known: tuple[str, int], is_told: bool) -> None:
    around = replace(_around(thread(asked_before=frozenset({77}))), known_items={MIA: {known}})

    assert bool(_compose(around)) is is_told


async def test_what_must_be_fetched_is_where_its_words_or_its_author_are(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        wei = await village.learner("Wei", time_zone="Asia/Shanghai")
        texts = [
            "60 spare boards left over. Free for anybody building prototypes.",
            "We have space for ten pallets in our Rotterdam warehouse until March. At cost for people here.",
            "Happy to share our deck template with anybody who raises",
        ]
        threads = {
            i: thread(
                id=i, author_id=wei.id, head=Words(i, i, wei.id, NOW, text), is_question=False, kind=TextKind.RESOURCE
            )
            for i, text in enumerate(texts)
        }

        placed = await whereabouts.with_zones(session, village.community, threads, now=NOW)

    assert [placed[i].zones for i in range(3)] == [{"Asia/Shanghai"}, {"Europe/Amsterdam"}, None]


async def test_the_same_question_of_another_week_and_author_is_known_again(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        said = [
            await village.say(
                mia, "Our onboarding loses 55 percent of people at the third step. Shorten it?", hours_ago=300
            ),
            await village.say(jo, "新手引导第三步流失四十%，是砍步骤还是多解释？", hours_ago=250),
            await village.say(mia, "Which bank opens accounts in a week?", hours_ago=200),
            await village.say(
                jo, "Our onboarding loses 60 percent of people at the third step. Shorten it?", hours_ago=9
            ),
            await village.say(mia, "新手引导第三步流失五十五%，是砍步骤还是多解释？", hours_ago=4),
        ]
        await weave(session, village)
        for one in said:
            await session.refresh(one)
        ids = [one.thread_id or 0 for one in said]
        everybody = {mia.id, jo.id}
        learnt = await training.read_log(session, village.community.id, since=NOW - timedelta(days=120), until=NOW)
        names = {mia.id: "Mia", jo.id: "Jo"}
        threads = await digest_facts.threads(session, ids, everybody, names, Terms.fit([], []))

    earlier = whereabouts.with_earlier(threads, learnt)
    assert [earlier[i].asked_before for i in ids] == [set(), set(), set(), {ids[0]}, {ids[1]}]


@pytest.mark.parametrize(
    ("values", "n_going", "is_closed"),
    [
        ({}, 3, False),
        ({"rsvp_until": NOW - timedelta(hours=1)}, 3, True),
        ({"rsvp_until": NOW + timedelta(hours=1)}, 3, False),
        ({"capacity": 4}, 3, False),
        ({"capacity": 3}, 3, True),
    ],
)
async def test_an_event_that_takes_nobody_any_more_is_offered_to_nobody(
    database: Database, values: dict[str, Any], n_going: int, is_closed: bool
) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        planned = await make_event(session, village.community, starts_at=NOW + timedelta(days=3), **values)
        for number in range(n_going):
            await make_rsvp(session, planned, await village.learner(f"Guest {number}"))
        [facts] = await digest_facts.events(session, village.community.id, {}, {}, Terms.fit([], []), now=NOW)

    assert facts.is_closed is is_closed
    reader = Reader(company={JO: 3}, literacy=Literacy(frozenset({"other"})))
    offered, own = replace(facts, author_id=JO, going=frozenset({JO})), replace(reader, going_to=frozenset({facts.id}))
    assert bool(_compose(_around(offered, reader=reader))) is not is_closed
    # Who goes is told of it all the same.
    assert _compose(_around(offered, reader=replace(own, company={})))


@pytest.mark.parametrize(
    ("liked", "text", "is_pointed_to"),
    [
        ("thanks", "We moved sign-up to the end and drop-off halved", True),
        ("reaction", "We moved sign-up to the end and drop-off halved", True),
        # Nobody said that it helped; nobody who reads the question may read it.
        (None, "We moved sign-up to the end and drop-off halved", False),
        ("reaction", "我们把注册放到最后一步，流失少了一半", False),
    ],
)
async def test_a_question_that_was_answered_before_points_to_the_best_answer(
    database: Database, liked: str | None, text: str, is_pointed_to: bool
) -> None:
    asked = "Our onboarding loses {} percent of people at the third step. Shorten it?"
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo, ana = [await village.learner(name) for name in ("Mia", "Jo", "Ana")]
        first = await village.say(mia, asked.format(55), hours_ago=500)
        answered = await village.say(ana, text, hours_ago=499, reply_to=first)
        if liked == "thanks":
            await village.say(mia, "That helps a lot, thank you!", hours_ago=498, reply_to=answered)
        elif liked:
            await village.react(mia, answered, hours_ago=498)
        again = await village.say(jo, asked.format(60), hours_ago=9)
        await weave(session, village)
        await session.refresh(again)
        learnt = await training.read_log(session, village.community.id, since=NOW - timedelta(days=120), until=NOW)
        names = {mia.id: "Mia", jo.id: "Jo", ana.id: "Ana"}
        threads = await digest_facts.threads(session, [again.thread_id or 0], names.keys(), names, Terms.fit([], []))
        threads = whereabouts.with_earlier(threads, learnt)

        [facts] = (await whereabouts.with_earlier_answers(session, threads, names.keys(), names)).values()

    assert (facts.earlier is not None) is is_pointed_to
    assert facts.earlier is None or (facts.earlier.gist.text, facts.earlier.gist.author_name) == (text, "Ana")


def test_what_was_answered_before_is_read_and_nobody_is_asked_to_help() -> None:
    def earlier(by: int, *, asked_by: int = 4) -> Earlier:
        talk = thread(id=3, answers=(answer(by),), author_id=asked_by).talk
        return Earlier(talk, Gist("Only after the term sheet", by, "Ana"))

    reader = Reader(answers={"bank": Trace(NOW)}, literacy=Literacy(frozenset({"other"})))
    [answered] = _compose(_around(thread(earlier=earlier(ANA)), reader=reader))
    # Nobody is pointed to what they said themselves, nor to the asker's own words.
    [own] = _compose(_around(thread(earlier=earlier(MIA)), reader=reader))
    # Who asks the same again has that answer.
    [again] = _compose(_around(thread(earlier=earlier(ANA, asked_by=JO)), reader=reader))
    claims = [one for reason in validity.reasons_of(Digest(member(), 1, (answered,), False)) for one in reason["about"]]

    assert (answered.section, own.section, again.section) == (Section.READ, Section.HELP, Section.HELP)
    assert isinstance(own.facts, ThreadFacts)
    assert own.facts.earlier is None
    assert f"learns:1:{ANA}" in claims
    assert any(claim.startswith("talk:3:told:1:") for claim in claims)


def test_what_its_asker_calls_solved_needs_no_help() -> None:
    [item] = _compose(_around(thread(answers=(answer(JO),), is_settled=True)))

    assert item.section is Section.READ


@pytest.mark.parametrize(
    ("values", "section"),
    [
        ({}, Section.HELP),
        ({"may_be_answered": True}, Section.HELP),  # said so beside it
        ({"answers": (answer(JO),)}, Section.HELP),  # one, and its asker has not thanked: one more may help
        ({"answers": (answer(JO, is_thanked=True),)}, Section.READ),
        ({"answers": (answer(JO),), "may_be_answered": True}, Section.READ),  # one at least
        ({"answers": (answer(JO),), "perhaps_answered_by": frozenset({77})}, Section.READ),
        ({"answers": (answer(JO), answer(78))}, Section.READ),
    ],
)
def test_what_is_answered_asks_for_no_help(values: dict[str, Any], section: Section) -> None:
    [item] = _compose(_around(thread(**values)))

    assert item.section is section


def test_a_reason_of_an_earlier_section_comes_first_in_the_next_as_it_is_not_said_again() -> None:
    other = Reason("you_wrote", {"word": "visas", "at": NOW.isoformat(), "n": 3})
    asked = _items(1)[0].reasons[0]
    made = [(1, Section.HELP, asked), (2, Section.READ, other), (3, Section.READ, asked), (4, Section.READ, other)]
    items = [Item(thread(id=i), section, (reason,), "content", 0.1) for i, section, reason in made]

    assert [item.facts.id for item in digests._in_order(items)] == [1, 3, 2, 4]


def test_a_question_asked_again_in_the_same_words_comes_once() -> None:
    again = [thread(id=i, author_id=100 + i) for i in range(3)]

    assert len(_compose(_around(*again))) == 1


def test_what_the_reader_goes_to_anyhow_is_no_news() -> None:
    own = Item(event(), Section.COMING, (Reason("you_go"),), "calendar", 0.0)
    read = replace(_items(1)[0], section=Section.READ)
    helps = replace(read, section=Section.HELP)

    def is_worth_it(*items: Item) -> bool:
        return Digest(member(), 1, items, is_cold=False).is_worth_it

    assert [is_worth_it(own, read), is_worth_it(read, read), is_worth_it(helps)] == [False, True, True]
    # That nobody has answered is no sign that this reader could.
    assert not is_worth_it(replace(helps, reasons=(Reason("unanswered"),)))


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
    thread = Thread(**where, last_at=NOW)
    village.session.add(thread)
    await village.session.flush()
    message.thread_id = thread.id
    await village.session.flush()
    return thread.id


async def test_somebody_new_is_told_by_what_they_build(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        marek = await village.learner("Marek")
        came = (
            "Hello! Marek here, new in town. I work on a scheduling assistant for clinics. Ask me about language models"
        )
        message = await village.say(marek, came, tie="head", is_certain=True)
        thread_id = await _thread_of_its_own(village, message)

        found = await digest_facts.threads(session, {thread_id}, {marek.id}, {marek.id: "Marek"}, Terms.fit([], []))

    assert [one.title for one in found.values()] == ["I work on a scheduling assistant for clinics"]


@pytest.mark.parametrize(("days_ago", "is_told"), [(1, False), (0, True)])
def test_what_was_to_be_had_until_yesterday_is_not_told(days_ago: int, is_told: bool) -> None:
    facts = thread(last_day=NOW.date() - timedelta(days=days_ago))

    assert bool(_compose(_around(facts))) is is_told
