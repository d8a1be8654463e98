from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.erasure import personal_data
from models.domain.events.ratings import NotAnAttendee
from models.domain.introductions import introductions, meetings, nameless_question, staying_in_touch
from models.domain.introductions.introductions import NotASide
from models.domain.introductions.staying_in_touch import NeedsConsent
from models.domain.member_time import Defaults
from models.domain.members import consent
from models.tables.community import Community
from models.tables.event import Event
from models.tables.introduction import Introduction, IntroductionSide
from models.tables.member import Member, Membership, Mute
from tests.factories import give_consent, join, make_community, make_event, make_member, make_rsvp

STARTS_AT = datetime(2026, 3, 10, 18, tzinfo=UTC)
AFTER = STARTS_AT + timedelta(hours=4)
DAY = timedelta(days=1)
# The next morning, after the hour of digests.
MORNING = datetime(2026, 3, 11, 9, tzinfo=UTC)


def side(member_id: int, *, is_accepted: bool | None = None, about: int | None = None) -> IntroductionSide:
    return IntroductionSide(member_id=member_id, is_accepted=is_accepted, about_member_id=about)


@pytest.mark.parametrize(
    ("sides", "values", "state"),
    [
        ([side(1), side(2)], {}, "open"),
        ([side(1, is_accepted=True), side(2)], {}, "open"),
        ([side(1, is_accepted=True), side(2, is_accepted=True)], {}, "agreed"),
        ([side(1, is_accepted=True), side(2, is_accepted=False)], {}, "declined"),
        ([side(n, is_accepted=True) for n in (1, 2, 3)], {}, "agreed"),  # a trio
        ([side(1, is_accepted=True), side(2, is_accepted=True), side(3)], {}, "open"),
        ([side(1, is_accepted=True, about=2)], {}, "open"),  # picked, and not picked back
        ([side(1, is_accepted=True, about=2), side(2, is_accepted=True, about=1)], {}, "agreed"),
        ([side(1, is_accepted=True)], {}, "open"),  # the other was erased
        ([side(1, is_accepted=True), side(2, is_accepted=True)], {"expires_at": AFTER}, "expired"),
        ([side(1, is_accepted=True), side(2, is_accepted=True)], {"introduced_at": AFTER}, "introduced"),
        ([], {"introduced_at": AFTER, "expires_at": AFTER}, "introduced"),
    ],
)
def test_where_an_introduction_stands(sides: list[IntroductionSide], values: dict[str, Any], state: str) -> None:
    introduction = Introduction(**{"introduced_at": None, "expires_at": AFTER + DAY, **values})

    assert introductions.state(introduction, sides, now=AFTER) == state


class Evening:
    """An event that Mia, Jo, Wei, Ana and Ben went to; all agreed to introductions."""

    community: Community
    event: Event

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.people: dict[str, Member] = {}

    @classmethod
    async def held(cls, session: AsyncSession, *names: str, **values: Any) -> Evening:
        evening = cls(session)
        evening.community = await make_community(session)
        evening.event = await make_event(session, evening.community, starts_at=STARTS_AT, **values)
        for name in names or ("Mia", "Jo", "Wei", "Ana", "Ben"):
            member = evening.people[name] = await make_member(session, name=name)
            await join(session, member, evening.community)
            await give_consent(session, member, evening.community, "introduce")
            await make_rsvp(session, evening.event, member)
        return evening

    async def pick(self, who: str, whom: str, *, now: datetime = AFTER) -> str:
        ids = self.event.id, self.people[who].id, self.people[whom].id
        return (await staying_in_touch.turn_pick(self.session, *ids, now=now)).outcome

    async def decide(self, who: str, *, is_given: bool, now: datetime) -> None:
        await consent.decide(
            self.session,
            member_id=self.people[who].id,
            community_id=self.community.id,
            purposes=["introduce"],
            is_given=is_given,
            now=now,
            way="button",
        )

    async def asked(self, *, now: datetime = MORNING) -> list[str]:
        due = await nameless_question.due(self.session, self.event, now=now, defaults=Defaults())
        return [question.member.name for question in due]


async def test_names_pass_when_two_picked_each_other(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        await meetings.turn_met(session, evening.event.id, evening.people["Jo"].id, evening.people["Mia"].id, now=AFTER)

        outcomes = [await evening.pick("Mia", "Jo"), await evening.pick("Jo", "Mia"), await evening.pick("Mia", "Jo")]

        [row] = await session.scalars(select(Introduction))
        sides = list(await session.scalars(select(IntroductionSide)))
        assert outcomes == ["picked", "introduced", "known"]
        assert row.introduced_at == AFTER
        assert [(one.is_accepted, one.outcome) for one in sides] == [(True, "met")] * 2


async def test_a_pick_leaves_no_row_with_whoever_was_picked(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        await evening.pick("Mia", "Jo")

        exported = await personal_data.export(session, evening.people["Jo"])

        assert "introduction_side" not in exported
        assert (await personal_data.export(session, evening.people["Mia"]))["introduction_side"]


async def test_a_pick_that_is_taken_back_is_gone(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)

        outcomes = [await evening.pick("Mia", "Jo"), await evening.pick("Mia", "Jo"), await evening.pick("Jo", "Mia")]

        assert outcomes == ["picked", "taken_back", "picked"]
        assert await session.scalar(select(func.count(Introduction.id))) == 1


async def test_a_yes_from_before_taking_consent_back_counts_no_more(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        await evening.pick("Mia", "Jo")
        await evening.decide("Mia", is_given=False, now=AFTER + timedelta(hours=1))
        while_withdrawn = await evening.pick("Jo", "Mia", now=AFTER + timedelta(hours=2))
        await evening.decide("Mia", is_given=True, now=AFTER + timedelta(hours=3))
        shown = await staying_in_touch.picks(
            session, evening.event, evening.people["Mia"].id, now=AFTER + timedelta(hours=3)
        )

        anew = await evening.pick("Mia", "Jo", now=AFTER + timedelta(hours=4))

        assert (while_withdrawn, shown, anew) == ("picked", {}, "introduced")


async def _leave(session: AsyncSession, evening: Evening) -> None:
    query = select(Membership).where(Membership.member_id == evening.people["Mia"].id)
    (await session.scalars(query)).one().left_at = AFTER


async def _leave_out(session: AsyncSession, evening: Evening) -> None:
    ids = {"member_id": evening.people["Mia"].id, "target": str(evening.people["Jo"].id)}
    session.add(Mute(**ids, kind="person", created_at=AFTER))


async def _forget(session: AsyncSession, evening: Evening) -> None:
    await session.delete(evening.people["Mia"])


@pytest.mark.parametrize("happens", [_leave, _leave_out, _forget])
async def test_nobody_is_introduced_to_whoever_left_or_left_them_out(database: Database, happens: Any) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        ids = evening.event.id, evening.people["Jo"].id, evening.people["Mia"].id
        await evening.pick("Mia", "Jo")
        await happens(session, evening)
        await session.flush()

        try:
            outcome = (await staying_in_touch.turn_pick(session, *ids, now=AFTER)).outcome
        except NotAnAttendee:
            outcome = "refused"

        assert outcome == ("refused" if happens is _forget else "picked")
        assert await session.scalar(select(func.count(Introduction.introduced_at))) == 0


@pytest.mark.parametrize(
    ("who", "whom", "passed", "values"),
    [
        ("Mia", "Mia", timedelta(hours=4), {}),  # oneself
        ("Mia", "Eve", timedelta(hours=4), {}),  # was not there
        ("Eve", "Mia", timedelta(hours=4), {}),
        ("Mia", "Jo", -timedelta(hours=1), {}),  # before it began
        ("Mia", "Jo", timedelta(days=15), {}),  # long ago
        ("Mia", "Jo", timedelta(hours=4), {"shows_names": False}),
        ("Mia", "Jo", timedelta(hours=4), {"status": "cancelled"}),
    ],
)
async def test_only_attendees_pick_attendees_in_time(
    sqlite: Database, who: str, whom: str, passed: timedelta, values: dict[str, Any]
) -> None:
    async with sqlite.transaction() as session:
        evening = await Evening.held(session, **values)
        eve = evening.people["Eve"] = await make_member(session, name="Eve")
        await join(session, eve, evening.community)
        await give_consent(session, eve, evening.community, "introduce")

        with pytest.raises(NotAnAttendee):
            await evening.pick(who, whom, now=STARTS_AT + passed)


async def test_whoever_did_not_agree_to_introductions_is_asked_to_first(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        evening = await Evening.held(session)
        await evening.decide("Mia", is_given=False, now=AFTER)

        with pytest.raises(NeedsConsent):
            await evening.pick("Mia", "Jo")


async def test_wishes_that_came_to_nothing_are_forgotten_and_introductions_stay(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        await evening.pick("Mia", "Jo")
        await evening.pick("Mia", "Wei")
        await evening.pick("Wei", "Mia")
        silent = await introductions.propose(
            session,
            evening.community.id,
            [one.id for one in evening.people.values()][:2],
            kind="round",
            reasons=[],
            now=AFTER,
        )

        early = await introductions.expire(session, now=AFTER + 13 * DAY)
        late = await introductions.expire(session, now=AFTER + 14 * DAY)

        left = set(await session.scalars(select(Introduction.id)))
        assert (early, late) == (0, 1)
        assert len(left) == 2
        assert silent.id in left


async def test_a_proposal_to_several_passes_with_the_last_yes_and_a_no_may_become_one(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session, "Mia", "Jo", "Wei")
        ids = [member.id for member in evening.people.values()]
        row = await introductions.propose(session, evening.community.id, ids, kind="round", reasons=[], now=AFTER)

        states = [
            await introductions.answer(session, row.id, ids[number], is_accepted=is_accepted, now=AFTER)
            for number, is_accepted in ((0, True), (1, False), (2, True), (1, True))
        ]
        with pytest.raises(NotASide):
            await introductions.answer(session, row.id, ids[0], is_accepted=False, now=AFTER)

        assert states == ["open", "declined", "declined", "introduced"]
        assert [member.id for member in await introductions.members_of(session, row.id)] == ids


@pytest.mark.parametrize("number", [7, -1])
async def test_a_stranger_answers_nothing(sqlite: Database, number: int) -> None:
    async with sqlite.transaction() as session:
        evening = await Evening.held(session, "Mia", "Jo", "Wei")
        ids = [member.id for member in evening.people.values()]
        row = await introductions.propose(session, evening.community.id, ids[:2], kind="round", reasons=[], now=AFTER)

        with pytest.raises(NotASide):
            await introductions.answer(session, row.id + number, ids[0], is_accepted=True, now=AFTER)
        with pytest.raises(NotASide):
            await introductions.answer(session, row.id, ids[2], is_accepted=True, now=AFTER)
        with pytest.raises(NotASide):
            await introductions.answer(session, row.id, ids[0], is_accepted=True, now=AFTER + 14 * DAY)


async def test_the_picked_are_asked_the_next_morning_once_two_pickers_or_one(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        await evening.pick("Mia", "Jo")
        await evening.pick("Wei", "Jo")

        same_day = await evening.asked(now=AFTER)
        before_the_hour = await evening.asked(now=MORNING - timedelta(minutes=1))

        assert (same_day, before_the_hour, await evening.asked()) == ([], [], ["Jo"])


async def test_too_small_a_crowd_would_tell_who_it_was(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session, "Mia", "Jo", "Wei")

        await evening.pick("Mia", "Jo")

        assert await evening.asked() == []


async def test_whom_one_picked_in_vain_is_no_crowd_to_hide_in(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        await evening.pick("Mia", "Jo")
        await evening.pick("Jo", "Wei")

        still_hidden = await evening.asked()
        await evening.pick("Jo", "Ana")

        assert "Jo" in still_hidden
        assert "Jo" not in await evening.asked()


async def test_nobody_is_asked_without_consent_reach_or_for_whom_they_left_out(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        for whom in ("Jo", "Wei", "Ana", "Ben"):
            await evening.pick("Mia", whom)
        await evening.decide("Jo", is_given=False, now=AFTER)
        evening.people["Wei"].blocked_at = AFTER
        ids = {"member_id": evening.people["Ana"].id, "target": str(evening.people["Mia"].id)}
        session.add(Mute(**ids, kind="person", created_at=AFTER))
        await session.flush()

        assert await evening.asked() == ["Ben"]
        await evening.decide("Mia", is_given=False, now=AFTER + timedelta(minutes=1))
        assert await evening.asked() == []


async def test_forgetting_a_member_leaves_no_wish_of_theirs_or_about_them(database: Database) -> None:
    async with database.transaction() as session:
        evening = await Evening.held(session)
        for who, whom in (("Mia", "Jo"), ("Wei", "Mia"), ("Mia", "Ana"), ("Ana", "Mia")):
            await evening.pick(who, whom)

        await personal_data.forget(session, evening.people["Mia"], now=AFTER)

        session.expire_all()
        sides = list(await session.scalars(select(IntroductionSide)))
        assert [(one.member_id, one.about_member_id) for one in sides] == []
        assert await session.scalar(select(func.count(Introduction.id))) == 0
