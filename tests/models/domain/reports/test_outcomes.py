"""What admins are told of what came of things: in which weeks it counts, and which numbers are kept back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.member_time import Defaults
from models.domain.reports import outcomes
from models.domain.reports.outcomes import Outcomes, Way
from models.domain.reports.thresholds import crowd, is_crowd_lost
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.introduction import Introduction, IntroductionKind, IntroductionSide, Outcome
from models.tables.listing import ListingOutcome
from models.tables.recommendation import Recommendation
from tests.factories import make_community, make_listing, make_member
from tests.models.domain.introductions.test_rounds import club

# A Thursday: weeks end on Monday 2 March.
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


@pytest.mark.parametrize(("n", "shown"), [(0, None), (2, None), (3, 3), (40, 40)])
def test_fewer_than_three_are_no_number(n: int, shown: int | None) -> None:
    assert crowd(n) == shown


@pytest.mark.parametrize(
    ("pairs", "is_crowd"),
    [
        ([], False),
        ([(1, 11), (2, 12), (3, 13)], True),
        # one asked again and again
        ([(1, 11), (1, 12), (1, 13), (1, 14)], False),
        # all asked the same one, or two
        ([(1, 11), (2, 11), (3, 11), (4, 12)], False),
    ],
)
def test_who_asked_in_vain_and_whom_hides_in_a_crowd_or_is_not_counted(
    pairs: list[tuple[int, int]], *, is_crowd: bool
) -> None:
    assert is_crowd_lost(pairs) is is_crowd


async def introduce(
    session: AsyncSession,
    community: Community,
    two: tuple[Any, Any],
    at: datetime,
    *,
    kind: IntroductionKind = IntroductionKind.ASKED,
    passed_at: datetime | None = None,
    met_at: datetime | None = None,
) -> None:
    introduction = Introduction(
        community_id=community.id,
        kind=kind,
        reasons=[],
        proposed_at=at,
        expires_at=at + 14 * DAY,
        introduced_at=passed_at,
    )
    session.add(introduction)
    await session.flush()
    for member in two:
        is_told = met_at is not None and member is two[0]
        told = {"outcome": Outcome.MET, "outcome_at": met_at, "helped_at": met_at + HOUR} if is_told and met_at else {}
        session.add(IntroductionSide(introduction_id=introduction.id, member_id=member.id, **told))
        await session.flush()


async def report(session: AsyncSession, community: Community, **options: Any) -> outcomes.Comparison:
    given = {"now": NOW, "defaults": Defaults(), "kept_days": 365, "sent_days": 90, **options}
    return await outcomes.compare(session, community, **given)


def way(of: Outcomes, kind: IntroductionKind = IntroductionKind.ASKED) -> Way:
    return next(one for one in of.ways if one.kind == kind)


async def test_each_thing_counts_in_the_week_it_happened_and_this_week_not_yet(database: Database) -> None:
    async with database.transaction() as session:
        community, people = await club(session, 8)
        pairs = list(zip(people[:4], people[4:], strict=True))
        for two in pairs:
            # Asked for before last Monday, introduced in the weeks told, met this week.
            times = {"passed_at": MONDAY - DAY, "met_at": MONDAY + DAY}
            await introduce(session, community, two, MONDAY - 3 * DAY, **times)
            # Long before.
            times = {"passed_at": MONDAY - 20 * WEEK, "met_at": MONDAY - 19 * WEEK}
            await introduce(session, community, two, MONDAY - 21 * WEEK, kind=IntroductionKind.ROUND, **times)
        found = await report(session, community)

    assert (found.n_weeks, found.span.until) == (12, MONDAY)
    assert way(found.now) == Way(IntroductionKind.ASKED, None, 4, None, None)
    assert way(found.before, IntroductionKind.ROUND) == Way(IntroductionKind.ROUND, None, 4, 4, 4)
    assert way(found.now, IntroductionKind.ROUND) == Way(IntroductionKind.ROUND, None, None, None, None)


async def test_how_many_asked_is_told_only_where_a_crowd_asked_in_vain(database: Database) -> None:
    async with database.transaction() as session:
        community, people = await club(session, 12)
        for two in zip(people[:4], people[4:8], strict=True):
            await introduce(session, community, two, MONDAY - 9 * DAY, passed_at=MONDAY - 8 * DAY)
        before = [way((await report(session, community)).now)]
        for two in zip(people[:3], people[8:11], strict=True):
            before.append(way((await report(session, community)).now))
            await introduce(session, community, two, MONDAY - 7 * DAY)
        after = way((await report(session, community)).now)

    # One in vain, two, none: all the same.
    assert {one.n_asked for one in before} == {None}
    assert {one.n_introduced for one in before} == {4}
    assert (after.n_asked, after.n_introduced) == (7, 4)


async def test_an_answer_of_this_week_changes_no_number_of_the_weeks_before(database: Database) -> None:
    async with database.transaction() as session:
        community, people = await club(session, 6)
        for n, two in enumerate(zip(people[:3], people[3:], strict=True)):
            await introduce(session, community, two, MONDAY - 7 * DAY, passed_at=MONDAY + DAY if n else None)

        assert way((await report(session, community)).now) == Way(IntroductionKind.ASKED, 3, None, None, None)


async def test_picks_after_an_event_count_when_both_picked_and_no_sooner(database: Database) -> None:
    async with database.transaction() as session:
        community, people = await club(session, 6)
        where = {"kind": IntroductionKind.EVENT}
        for other in people[1:]:
            await introduce(session, community, (people[0],), MONDAY - 2 * DAY, **where)
            await introduce(session, community, (other,), MONDAY - 2 * DAY, **where)
        picks = way((await report(session, community)).now, IntroductionKind.EVENT)
        for one, other in zip(people[:3], people[3:], strict=True):
            await introduce(session, community, (one, other), MONDAY - 2 * DAY, passed_at=MONDAY - DAY, **where)
        passed = way((await report(session, community)).now, IntroductionKind.EVENT)

    assert picks == Way(IntroductionKind.EVENT, None, None, None, None)
    assert passed == Way(IntroductionKind.EVENT, None, 3, None, None)


async def test_needs_and_offers_count_when_posted_and_when_found_here(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, *_] = await club(session, 1)
        for n in range(5):
            closed = {"closed_at": MONDAY - DAY, "outcome": ListingOutcome.FOUND_HERE if n < 3 else "found_elsewhere"}
            await make_listing(session, ana, community, posted_at=MONDAY - 9 * DAY, **closed)
        await make_listing(session, ana, community, posted_at=None)
        found = (await report(session, community)).now

    assert (found.n_posted, found.n_found_here) == (5, 3)


@pytest.mark.parametrize(
    ("now", "sent_days", "n_matched"),
    [
        (NOW, 90, 3),
        # Twelve weeks ago is longer than rows of what was sent are kept: a number would be too low.
        (NOW, 60, None),
        (NOW + 3 * DAY, 86, None),
    ],
)
async def test_needs_and_offers_told_of_a_match_count_once_while_what_was_sent_is_kept(
    database: Database, now: datetime, sent_days: int, n_matched: int | None
) -> None:
    async with database.transaction() as session:
        community, [ana, *_] = await club(session, 1)
        for number, what in enumerate(("match:1", "match:1", "match:2", "match:3", "still_open", "answer:4")):
            at = MONDAY - 2 * DAY
            values = {"created_at": at, "due_at": at, "sent_at": at, "method": "sendMessage", "payload": {}}
            about = {"about_kind": "listing", "about_id": 10 + number, "what": what, "community_id": community.id}
            session.add(Delivery(kind="notice", member_id=ana.id, **values, **about))
        await session.flush()
        found = await report(session, community, now=now, sent_days=sent_days)

    assert found.now.n_matched == n_matched
    assert found.before.n_matched is None


async def test_a_question_counts_once_however_many_were_asked_and_when_one_of_them_took_part(
    database: Database,
) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        people = [await make_member(session) for _ in range(2)]
        for thread_id in range(1, 5):
            for n, member in enumerate(people):
                at = MONDAY - 2 * DAY
                times = {"created_at": at, "due_at": at, "sent_at": at}
                sent = Delivery(kind="question", member_id=member.id, method="sendMessage", payload={}, **times)
                session.add(sent)
                await session.flush()
                about = {
                    "community_id": community.id,
                    "member_id": member.id,
                    "item_kind": "thread",
                    "item_id": thread_id,
                }
                made = {"source": "rescue", "position": 0, "score": 0.0, "reasons": [], "created_at": at}
                action = "joined" if n and thread_id < 4 else None
                session.add(Recommendation(**about, **made, delivery_id=sent.id, action=action))
        found = (await report(session, community)).now

    assert (found.n_brought, found.n_taken_up) == (4, 3)


@pytest.mark.parametrize(("kept_days", "n_weeks"), [(365, 12), (175, 12), (100, 6), (30, 1), (1, 1)])
async def test_no_week_is_compared_with_one_whose_rows_are_gone(sqlite: Database, kept_days: int, n_weeks: int) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)

        assert (await report(session, community, kept_days=kept_days)).n_weeks == n_weeks


async def test_weeks_end_on_the_communitys_own_monday(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session, time_zone="Asia/Shanghai")
        sunday_there = datetime(2026, 3, 1, 15, 59, tzinfo=UTC)

        assert outcomes.last_monday(community, sunday_there, Defaults()).isoformat() == "2026-02-23T00:00:00+08:00"
        later = sunday_there + timedelta(minutes=1)
        assert outcomes.last_monday(community, later, Defaults()).isoformat() == "2026-03-02T00:00:00+08:00"
