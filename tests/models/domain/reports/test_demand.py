"""What is needed, offered and asked in vain, by field of work: people are counted, and fewer than three are nobody."""

from __future__ import annotations

from datetime import timedelta

from models.database import Database
from models.domain.reports import demand
from models.domain.reports.demand import FieldDemand
from models.reading.fields import Field
from tests.factories import make_listing
from tests.models.domain.conversations.test_threads import weave
from tests.village import NOW, Village

DAY = timedelta(days=1)


async def test_people_who_need_and_offer_are_counted_and_two_are_no_number(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        people = [await village.learner(name) for name in ("Ana", "Ben", "Cho", "Dee")]
        for person in people[:3]:
            # The second of the same person counts nobody more.
            for text in ("a lawyer for our shareholder agreement", "a notary for the GmbH"):
                await make_listing(session, person, village.community, text=text, expires_at=NOW + DAY)
        for person in people[:2]:
            await make_listing(session, person, village.community, text="customs clearance", expires_at=NOW + DAY)
        for person in people[1:]:
            texts = {"kind": "offer", "text": "an hour with our firmware team"}
            await make_listing(session, person, village.community, **texts, expires_at=NOW + DAY)
        await make_listing(session, people[3], village.community, text="a patent lawyer", expires_at=NOW - DAY)
        found = await demand.by_field(session, village.community.id, now=NOW)

    assert found == [
        FieldDemand(Field.LEGAL, 3, None, None, is_missing=True),
        FieldDemand(Field.HARDWARE, None, 3, None, is_missing=False),
    ]


async def test_what_somebody_offers_is_not_missing_though_they_are_too_few_for_a_number(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        for name in ("Ana", "Ben", "Cho"):
            person = await village.learner(name)
            await make_listing(session, person, village.community, text="a lawyer for an NDA", expires_at=NOW + DAY)
        offer = {"kind": "offer", "text": "an hour with my lawyer", "expires_at": NOW + DAY}
        await make_listing(session, person, village.community, **offer)
        [legal] = await demand.by_field(session, village.community.id, now=NOW)

    assert (legal.n_needing, legal.n_offering, legal.is_missing) == (3, None, False)


async def test_questions_without_an_answer_count_for_whoever_may_be_learned_from(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        people = [await village.learner(name) for name in ("Ana", "Ben", "Cho", "Dee")]
        silent = await village.silent("Sol")
        for n, person in enumerate([*people, silent]):
            # A day lies between them: none follows another.
            asked = await village.say(
                person, f"Which customs broker clears shipment {n} from Shenzhen?", hours_ago=80 + 30 * n
            )
            if person is people[3]:
                await village.say(people[0], "Kuehne in Hamburg cleared ours", hours_ago=79 + 30 * n, reply_to=asked)
        await village.say(people[0], "Who clears customs on Sundays?", hours_ago=5)
        await weave(session, village)
        askers = await demand.askers_in_vain(session, village.community.id, now=NOW)
        found = await demand.by_field(session, village.community.id, now=NOW)

    assert askers == {Field.LOGISTICS: {one.id for one in people[:3]}}
    assert found == [FieldDemand(Field.LOGISTICS, None, None, 3, is_missing=True)]
