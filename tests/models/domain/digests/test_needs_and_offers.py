"""Which needs and offers a digest tells of, to whom, why, and until when it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.conversations.own_fields import Talks
from models.domain.digests import background, digests, needs_and_offers, reasons, validity
from models.domain.digests.interests import Reader
from models.domain.digests.items import Digest, Item, ListingFacts, Reason, Section
from models.domain.listings import answers
from models.domain.listings.cards import ListingView
from models.domain.members import pair_rules
from models.domain.members.literacy import Literacy
from models.domain.sending.about import About
from models.domain.sending.addresses import Address
from models.domain.serving import training
from models.learning.terms import Terms
from models.reading.fields import Field
from models.reading.listing_kinds import ListingKind
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing
from models.tables.member import Member
from models.tables.pair_rule import Decision
from models.tables.recommendation import Source
from tests.factories import make_card, make_listing
from tests.models.domain.conversations.test_threads import weave
from tests.models.domain.digests.test_digests import _around, member
from tests.models.domain.digests.test_reasons import JO, MIA
from tests.village import NOW, Village

DAY = timedelta(days=1)
TERMS = Terms.fit([], [])


def card(kind: ListingKind = ListingKind.NEED, text: str = "a customs broker", **values: Any) -> ListingFacts:
    view = ListingView(
        id=8, kind=kind, author="Jo", community="Founders", text=text, line=text, quantity=None, place=None, audience=None,
        until_at=None, until_has_time=False, expires_at=NOW + 20 * DAY, zone="UTC", is_draft=False, is_open=True,
    )  # fmt: skip
    made = {
        "view": view,
        "author_id": JO,
        "address": Address("Founders", -1001, 5),
        "chat_id": 1,
        "posted_at": NOW - DAY,
    }
    return ListingFacts(**{**made, "terms": {}, "fields": frozenset({Field.LOGISTICS}), **values})


def talker(*, asks: int = 0, answers: int = 0) -> Reader:
    """Somebody of logistics, who asked or answered so often."""
    talks = Talks()
    for number in range(asks):
        talks.take_part(("q", number), {Field.LOGISTICS}, NOW - 5 * DAY, begins=True, solves=False, asks=True)
    for number in range(answers):
        talks.take_part(("a", number), {Field.LOGISTICS}, NOW - 5 * DAY, begins=False, solves=True)
    return Reader(talks=talks, literacy=Literacy(frozenset({"other"})))


@pytest.mark.parametrize(
    ("kind", "reader", "key"),
    [
        (ListingKind.NEED, talker(answers=3), "field_answered"),
        (ListingKind.NEED, talker(asks=2), "field_raised"),
        (ListingKind.OFFER, talker(asks=2), "field_raised"),
        # Whoever answers such questions has no use for more advice on them.
        (ListingKind.OFFER, talker(answers=3), None),
        (ListingKind.NEED, talker(), None),
    ],
)
def test_a_need_is_for_who_can_help_and_an_offer_for_who_asked(
    kind: ListingKind, reader: Reader, key: str | None
) -> None:
    reason = reasons.for_listing(card(kind), reader)

    assert (reason.key if reason else None) == key


def compose(facts: ListingFacts, reader: Reader, **values: Any) -> tuple[Item, ...]:
    return digests.compose(
        member(), [], replace(_around(facts, reader=reader), **values), is_cold=False, random=Random(1)
    )


def test_a_need_stands_with_what_one_can_help_with_and_an_offer_by_itself() -> None:
    need, offer = compose(card(), talker(answers=3)), compose(card(ListingKind.OFFER), talker(asks=2))

    assert [(item.section, item.source) for item in (*need, *offer)] == [
        (Section.HELP, Source.FIELD),
        (Section.OFFER, Source.FIELD),
    ]


@pytest.mark.parametrize(
    ("facts", "around"),
    [
        (card(author_id=MIA), {}),
        (card(), {"known_items": {MIA: {("listing", 8)}}}),
        (card(), {"muted_items": {MIA: {("listing", "8")}}}),
        (card(), {"muted_items": {MIA: {("person", str(JO))}}}),
        # In a group they are not in, or words they do not read.
        (card(chat_id=2), {}),
        (card(text="懂清关的货代"), {}),
    ],
)
def test_nothing_of_ones_own_nor_twice_nor_muted_nor_out_of_sight(facts: ListingFacts, around: Any) -> None:
    assert compose(facts, talker(answers=3), **around) == ()


def test_who_wrote_where_it_was_first_said_knows_of_it() -> None:
    facts = card(thread_id=12)

    assert compose(facts, talker(answers=3), known_items={MIA: {("thread", 12)}}) == ()
    assert compose(facts, talker(answers=3), known_items={MIA: {("thread", 13)}})


def test_a_desk_is_for_who_can_come_to_it() -> None:
    there, elsewhere = frozenset({"Europe/Berlin"}), frozenset({"Asia/Tokyo"})
    facts = card(zones=there)

    assert compose(facts, replace(talker(answers=3), zones=there))
    assert compose(facts, replace(talker(answers=3), zones=elsewhere)) == ()
    assert compose(facts, talker(answers=3)), "where they are is not known"


async def load(session: AsyncSession, village: Village, *learners: Member) -> list[ListingFacts]:
    ids = {one.id for one in learners}
    return await needs_and_offers.load(session, village.community, ids, TERMS, now=NOW)


async def test_what_was_lately_posted_on_a_card_by_somebody_who_agreed_may_be_told(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        jo, ana = await village.learner("Jo"), await village.silent("Ana")
        told = await make_card(session, village.chat, jo, village.community, text="a broker", posted_at=NOW - DAY)
        await make_card(session, village.chat, ana, village.community, text="never asked", posted_at=NOW - DAY)
        await make_card(session, village.chat, jo, village.community, text="stood for long", posted_at=NOW - 9 * DAY)
        await make_card(session, village.chat, jo, village.community, text="closed", posted_at=NOW - DAY, closed_at=NOW)
        await make_listing(session, jo, village.community, text="posted nowhere", posted_at=NOW - DAY)

        facts = await load(session, village, jo)

    assert [(one.id, one.title, one.chat_id) for one in facts] == [(told.id, "a broker", village.chat.id)]


async def test_a_message_kept_as_a_card_names_the_thread_it_stands_in(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        jo = await village.learner("Jo")
        said = await village.say(jo, "Looking for a customs broker", hours_ago=30)
        await weave(session, village)
        await session.refresh(said)
        made = {"message_id": said.id, "posted_at": NOW - DAY}
        await make_card(session, village.chat, jo, village.community, text="a customs broker", **made)

        [facts] = await load(session, village, jo)

    assert facts.thread_id == said.thread_id is not None


async def test_a_thing_is_where_its_line_says_or_else_its_author(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        jo = await village.learner("Jo", time_zone="Asia/Tokyo")
        made = {"kind": "offer", "posted_at": NOW - DAY}
        named = await make_card(session, village.chat, jo, village.community, text="a desk", place="Berlin", **made)
        bare = await make_card(session, village.chat, jo, village.community, text="an old whiteboard", **made)
        advice = await make_card(session, village.chat, jo, village.community, text="half an hour of advice", **made)

        zones = {one.id: one.zones for one in await load(session, village, jo)}

    assert zones[named.id] == {"Europe/Berlin"}
    assert "Asia/Tokyo" in (zones[bare.id] or ())
    assert zones[advice.id] is None


async def test_who_answered_or_heard_of_it_as_a_match_knows_it(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        jo, mia, ana, bob = [await village.learner(name) for name in ("Jo", "Mia", "Ana", "Bob")]
        one = await make_card(session, village.chat, jo, village.community, posted_at=NOW - DAY)
        await answers.answer(session, one, mia.id, now=NOW)
        about = About(Subject.LISTING, one.id, "match:3")
        match = {"kind": "notice", "method": "sendMessage", "payload": {}, "created_at": NOW, "due_at": NOW}
        session.add(Delivery(**match, member_id=ana.id, about_kind=about.kind, about_id=about.id, what=about.what))
        await session.flush()

        known = await needs_and_offers.known_already(session, [one.id])

    assert known == {mia.id: {one.id}, ana.id: {one.id}}
    assert bob.id not in known


async def test_it_is_not_told_to_whom_admins_keep_apart_from_its_author(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        jo, mia, ana = [await village.learner(name) for name in ("Jo", "Mia", "Ana")]
        one = await make_card(session, village.chat, jo, village.community, posted_at=NOW - DAY)
        await pair_rules.decide(session, village.community.id, (mia, jo), Decision.NEVER, now=NOW)
        learnt = await training.read_log(session, village.community.id, since=NOW - 9 * DAY, until=NOW)
        everything = await background.load(session, village.community, (), learnt, TERMS, now=NOW)
        around = await background.for_members(session, everything, [mia, ana])

    assert ("listing", one.id) in around.facts
    assert around.known_items[mia.id] == {("listing", one.id)}
    assert not around.known_items.get(ana.id)


@pytest.mark.parametrize(
    ("change", "holds"),
    [({}, True), ({"text": "two customs brokers"}, False), ({"closed_at": NOW}, False), ({"expires_at": NOW}, False)],
)
async def test_a_digest_with_a_card_waits_only_as_long_as_the_card_says_so(
    database: Database, change: dict[str, Any], holds: bool
) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        jo, mia = await village.learner("Jo"), await village.learner("Mia")
        row = await make_card(session, village.chat, jo, village.community, posted_at=NOW - DAY)
        (facts,) = await load(session, village, jo)
        item = Item(facts, Section.HELP, (Reason("field_answered", {}),), Source.FIELD, 0.0)
        claims = validity.reasons_of(Digest(mia, village.community.id, (item,), False))[0]["about"]
        for name, value in change.items():
            setattr(row, name, value)
        await session.flush()

        targets = [one.removeprefix("listed:") for one in claims if one.startswith("listed:")]
        assert len(targets) == 1
        assert await validity.are_listed(session, mia.id, targets, NOW) is holds


async def test_of_a_card_that_was_erased_nothing_holds(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        assert await session.get(Listing, 5) is None
        assert not await validity.are_listed(session, 1, ["5:abc"], NOW)
