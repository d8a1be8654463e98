"""When rounds are, who takes part, what each pair is worth, and that a refusal holds until the last moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.erasure import personal_data
from models.domain.hearing.merging import merge_communities
from models.domain.introductions import (
    follow_ups,
    round_facts,
    round_outcomes,
    round_pairs,
    rounds,
)
from models.domain.introductions.round_facts import Circle, Person
from models.domain.introductions.rounds import Rhythm
from models.domain.member_time import Defaults
from models.domain.members import consent, pair_rules
from models.tables.community import Community
from models.tables.consent import Consent, Purpose, Way
from models.tables.introduction import Introduction, IntroductionSide, Outcome
from models.tables.introduction_round import Round, RoundPlace
from models.tables.member import Member, Membership
from models.tables.pair_rule import Decision
from tests.factories import give_consent, join, make_community, make_listing, make_member
from tests.village import NOW as VILLAGE_NOW
from tests.village import Village

NOW = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
DEFAULTS = Defaults()


def community_of(rhythm: str, zone: str = "UTC") -> Community:
    return Community(name="Founders", time_zone=zone, settings={rounds.RHYTHM: rhythm})


@pytest.mark.parametrize(
    ("rhythm", "zone", "after", "at"),
    [
        ("weekly", "UTC", datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("weekly", "UTC", NOW, datetime(2026, 3, 9, 10, tzinfo=UTC)),
        ("monthly", "UTC", NOW, datetime(2026, 4, 6, 10, tzinfo=UTC)),
        # ten o'clock there, before and after its clocks change
        ("weekly", "Europe/Berlin", NOW, datetime(2026, 3, 9, 9, tzinfo=UTC)),
        ("weekly", "Europe/Berlin", NOW + 24 * DAY, datetime(2026, 3, 30, 8, tzinfo=UTC)),
        # already Monday in Auckland while it is Sunday here
        ("weekly", "Pacific/Auckland", NOW - 2 * DAY, datetime(2026, 3, 1, 21, tzinfo=UTC)),
        ("off", "UTC", NOW, None),
    ],
)
def test_rounds_are_on_mondays_at_ten_of_the_communitys_clock(
    rhythm: str, zone: str, after: datetime, at: datetime | None
) -> None:
    assert rounds.next_at(community_of(rhythm, zone), after, DEFAULTS) == at


@pytest.mark.parametrize(
    ("late", "is_due"),
    [(timedelta(0), True), (timedelta(hours=40), True), (timedelta(hours=50), False), (-timedelta(minutes=6), False)],
)
def test_a_round_is_made_up_for_within_two_days_and_not_later(late: timedelta, *, is_due: bool) -> None:
    hour = datetime(2026, 3, 2, 10, tzinfo=UTC)

    assert (rounds.due_at(community_of("weekly"), NOW + late, DEFAULTS) == hour) is is_due


@pytest.mark.parametrize(
    ("chosen", "is_due"),
    [
        ([("weekly", -timedelta(hours=1))], True),
        # switched on a day after that Monday's hour, as people do on a Tuesday
        ([("weekly", timedelta(days=1))], False),
        # a second press of the same button begins nothing anew
        ([("weekly", -timedelta(hours=1)), ("weekly", timedelta(hours=1))], True),
        ([("weekly", -timedelta(hours=1)), ("off", timedelta(hours=1)), ("weekly", timedelta(hours=2))], False),
        # that Monday was the second of its month
        ([("monthly", -timedelta(days=9)), ("weekly", timedelta(hours=3))], False),
    ],
)
def test_no_round_is_of_an_hour_before_its_rhythm_was_chosen(
    chosen: list[tuple[str, timedelta]], *, is_due: bool
) -> None:
    hour = datetime(2026, 3, 9, 10, tzinfo=UTC)
    community = community_of("off")

    for rhythm, after in chosen:
        rounds.choose_rhythm(community, Rhythm(rhythm), now=hour + after)

    assert (rounds.due_at(community, hour + timedelta(hours=26), DEFAULTS) == hour) is is_due
    assert rounds.next_at(community, hour + timedelta(hours=26), DEFAULTS) == hour + timedelta(weeks=1)


async def club(session: AsyncSession, n: int) -> tuple[Community, list[Member]]:
    community = await make_community(session, settings={rounds.RHYTHM: Rhythm.WEEKLY})
    members = [await make_member(session) for _ in range(n)]
    for member in members:
        await join(session, member, community)
        await rounds.join(session, community.id, member.id, now=NOW - DAY)
    return community, members


async def test_joining_is_a_yes_to_introductions_and_a_later_no_ends_it(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya] = await club(session, 2)
        first = set(await rounds.taking_part(session, community.id, now=NOW))
        where = {"member_id": ana.id, "community_id": community.id}
        await consent.decide(
            session, **where, purposes=[Purpose.INTRODUCE], is_given=False, now=NOW - DAY / 2, way=Way.BUTTON
        )
        second = set(await rounds.taking_part(session, community.id, now=NOW))

        assert (first, second) == ({ana.id, priya.id}, {priya.id})
        assert await consent.consenting(session, community.id, Purpose.INTRODUCE) == {priya.id}


async def test_who_cannot_be_told_who_left_pauses_or_rests_takes_no_part(database: Database) -> None:
    async with database.transaction() as session:
        community, members = await club(session, 6)
        here, blocked, unread, left, paused, resting = members
        blocked.blocked_at = NOW
        unread.reachable_at = None
        paused.paused_until = NOW + DAY
        await session.flush()
        await session.execute(update(Membership).where(Membership.member_id == left.id).values(left_at=NOW))
        await session.execute(update(RoundPlace).where(RoundPlace.member_id == resting.id).values(rested_at=NOW))

        assert set(await rounds.taking_part(session, community.id, now=NOW)) == {here.id}
        # Whoever pauses is back when the pause is over.
        assert set(await rounds.taking_part(session, community.id, now=NOW + 2 * DAY)) == {here.id, paused.id}


async def begin(session: AsyncSession, community: Community, at: datetime = NOW) -> Round:
    current = await rounds.begin(session, community.id, at)
    assert current is not None
    return current


async def test_a_round_introduces_at_once_and_nobody_twice(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya, kofi] = await club(session, 3)
        current = await begin(session, community)

        first = await round_outcomes.introduce(session, current, [ana.id, priya.id], reasons=[], now=NOW)
        again = await round_outcomes.introduce(session, current, [ana.id, kofi.id], reasons=[], now=NOW)
        next_round = await begin(session, community, NOW + 7 * DAY)
        repeat = await round_outcomes.introduce(session, next_round, [priya.id, ana.id], reasons=[], now=NOW + 7 * DAY)

        assert first is not None
        assert (again, repeat) == (None, None)
        assert await session.scalar(select(func.count(Introduction.id))) == 1
        assert await round_outcomes.members_introduced(session, current) == {ana.id, priya.id}


async def test_whoever_changes_their_mind_after_the_choice_is_not_introduced(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya] = await club(session, 2)
        current = await begin(session, community)
        await rounds.leave(session, community.id, priya.id)

        assert await round_outcomes.introduce(session, current, [ana.id, priya.id], reasons=[], now=NOW) is None
        assert await session.scalar(select(func.count(IntroductionSide.id))) == 0


async def test_erasure_takes_the_place_and_the_export_has_it(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, _] = await club(session, 2)
        everything = await personal_data.export(session, ana)
        await personal_data.forget(session, ana, now=NOW)

        assert [row["community_id"] for row in everything["round_place"]] == [community.id]
        assert await session.scalar(select(func.count(RoundPlace.id))) == 1


async def circle_of(session: AsyncSession, community: Community, now: datetime = NOW) -> Circle:
    return await round_facts.load(session, community, (), now=now, defaults=DEFAULTS)


def pairs_of(choice: round_pairs.Choice) -> set[frozenset[int]]:
    return {frozenset(member_ids) for member_ids, _ in choice.groups}


async def test_needs_meet_their_offers_under_one_assignment(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya, kofi, jo] = await club(session, 4)
        for member, kind, text in (
            (ana, "need", "a lawyer for term sheets"),
            (jo, "offer", "thirty minutes with my lawyer"),
            (priya, "need", "half a warehouse in Leipzig"),
            (kofi, "offer", "warehouse space in Leipzig, free from May"),
        ):
            await make_listing(session, member, community, kind=kind, text=text)
        choice = round_pairs.choose(await circle_of(session, community), seed=1, now=NOW)

    assert pairs_of(choice) == {frozenset({ana.id, jo.id}), frozenset({priya.id, kofi.id})}
    assert {reason["key"] for _, reasons in choice.groups for reason in reasons} == {"need_met"}
    assert (choice.leftovers, choice.gap) == ((), 0.0)


async def test_those_who_talk_anyway_are_introduced_to_others(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        people = [await village.learner(name) for name in ("Ana", "Priya", "Kofi", "Jo")]
        for member in people:
            await rounds.join(session, village.community.id, member.id, now=VILLAGE_NOW - DAY)
        for one, other in (people[:2], people[2:]):
            for n in range(8):
                asked = await village.say(one, f"What about number {n}?", hours_ago=30 + n)
                await village.say(other, "Let me look", hours_ago=29 + n, reply_to=asked)
        circle = await circle_of(session, village.community, VILLAGE_NOW)
        choice = round_pairs.choose(circle, seed=1, now=VILLAGE_NOW)

    friends = {frozenset(one.id for one in people[:2]), frozenset(one.id for one in people[2:])}
    assert sum(circle.replies.values()) == 16
    assert len(choice.groups) == 2
    assert not pairs_of(choice) & friends


@pytest.mark.parametrize("purpose", [Purpose.LEARN, Purpose.RECORD])
async def test_who_declined_learning_meets_others_and_nothing_is_taken_from_what_they_wrote(
    database: Database, purpose: Purpose
) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        people = [await village.learner(name) for name in ("Ana", "Priya")]
        for member in people:
            await rounds.join(session, village.community.id, member.id, now=VILLAGE_NOW - DAY)
        ana, priya = people
        asked = await village.say(ana, "Who knows a good lawyer for term sheets?", hours_ago=30)
        await village.say(priya, "Our lawyer for term sheets was good", hours_ago=29, reply_to=asked)
        where = {"member_id": ana.id, "community_id": village.community.id}
        await consent.decide(session, **where, purposes=[purpose], is_given=False, now=VILLAGE_NOW, way=Way.BUTTON)
        circle = await circle_of(session, village.community, VILLAGE_NOW)

    [of_ana] = [person for person in circle.people if person.member.id == ana.id]
    assert of_ana.talks == {}
    assert circle.replies == {}


async def test_who_was_left_out_comes_first(database: Database) -> None:
    async with database.transaction() as session:
        community, members = await club(session, 5)
        [ana, *others] = members
        await session.execute(update(RoundPlace).where(RoundPlace.member_id == ana.id).values(left_out_at=NOW))
        # Everybody but Ana has an offer that meets another's need.
        for helper, asker, text in ((others[0], others[1], "pricing advice"), (others[2], others[3], "a warehouse")):
            await make_listing(session, helper, community, kind="offer", text=text)
            await make_listing(session, asker, community, kind="need", text=text)
        choice = round_pairs.choose(await circle_of(session, community), seed=1, now=NOW)

    assert any(ana.id in member_ids and len(member_ids) >= 2 for member_ids, _ in choice.groups)
    assert choice.leftovers == ()


def test_a_round_of_one_or_none_has_no_groups() -> None:
    alone = Circle((Person(Member(id=1, name="Ana", telegram_id=1)),))

    assert round_pairs.choose(alone, seed=1, now=NOW).leftovers == (1,)
    assert round_pairs.choose(Circle(()), seed=1, now=NOW).groups == ()


async def test_consent_alone_is_no_place_in_a_round(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        member = await make_member(session)
        await join(session, member, community)
        await give_consent(session, member, community, Purpose.INTRODUCE)

        assert await rounds.taking_part(session, community.id, now=NOW) == {}
        assert await session.scalar(select(func.count(Consent.id))) == 1


@pytest.mark.parametrize(
    ("rhythm", "weeks", "is_repeated"),
    [
        (Rhythm.WEEKLY, 11, False),
        (Rhythm.WEEKLY, 12, True),
        (Rhythm.MONTHLY, 12, False),
        (Rhythm.MONTHLY, 51, False),
        (Rhythm.MONTHLY, 52, True),
    ],
)
async def test_two_meet_again_after_twelve_rounds_and_hear_so(
    database: Database, rhythm: Rhythm, weeks: int, *, is_repeated: bool
) -> None:
    async with database.transaction() as session:
        community, [ana, priya] = await club(session, 2)
        rounds.choose_rhythm(community, rhythm, now=NOW - DAY)
        await round_outcomes.introduce(
            session, await begin(session, community), [ana.id, priya.id], reasons=[], now=NOW
        )
        # A round is never made at quite the same minute.
        later = NOW + 7 * weeks * DAY - timedelta(minutes=9)
        choice = round_pairs.choose(await circle_of(session, community, later), seed=1, now=later)
        current = await begin(session, community, later)
        made = await round_outcomes.introduce(session, current, [ana.id, priya.id], reasons=[], now=later)

    assert (made is not None) is is_repeated
    assert [[one["key"] for one in reasons] for _, reasons in choice.groups] == ([["again"]] if is_repeated else [])


async def test_whoever_is_new_comes_before_those_of_a_year_ago_however_well_they_fit(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya, kofi, jo] = await club(session, 4)
        await round_outcomes.introduce(
            session, await begin(session, community), [ana.id, priya.id], reasons=[], now=NOW
        )
        later = NOW + 365 * DAY
        times = {"posted_at": later, "expires_at": later + 9 * DAY}
        await make_listing(session, ana, community, kind="need", text="pricing advice", **times)
        await make_listing(session, priya, community, kind="offer", text="pricing advice", **times)
        choice = round_pairs.choose(await circle_of(session, community, later), seed=1, now=later)

    assert len(choice.groups) == 2
    assert frozenset({ana.id, priya.id}) not in pairs_of(choice)
    assert {kofi.id, jo.id} < {one for group in pairs_of(choice) for one in group}


async def test_who_said_that_they_wont_meet_is_not_asked_to_again(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya] = await club(session, 2)
        current = await begin(session, community)
        made = await round_outcomes.introduce(session, current, [ana.id, priya.id], reasons=[], now=NOW)
        assert made is not None
        await follow_ups.note(session, made, priya.id, Outcome.WONT, now=NOW + 8 * DAY)
        later = NOW + 365 * DAY
        choice = round_pairs.choose(await circle_of(session, community, later), seed=1, now=later)

    assert choice.groups == ()


async def test_a_member_and_a_round_of_two_communities_that_are_one_are_there_once(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya] = await club(session, 2)
        earlier = await make_community(session, settings={rounds.RHYTHM: Rhythm.WEEKLY})
        kofi = await make_member(session)
        for member in (ana, kofi):
            await join(session, member, earlier)
            await rounds.join(session, earlier.id, member.id, now=NOW - 9 * DAY)
        for one in (community, earlier):
            await begin(session, one)
        await pair_rules.decide(session, earlier.id, (ana, kofi), Decision.NEVER, now=NOW)

        await merge_communities(session, earlier.id, community.id)
        places = await rounds.taking_part(session, community.id, now=NOW)

        assert set(places) == {ana.id, priya.id, kofi.id}
        assert places[ana.id].joined_at == NOW - DAY
        assert await session.scalar(select(func.count(Round.id))) == 1
        assert await pair_rules.separations(session, community.id, places) == {(ana.id, kofi.id), (kofi.id, ana.id)}


async def test_two_who_share_no_language_meet_only_where_nobody_else_is_left(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        spoken = ["en", "en", "zh-hans", "zh-hans"]
        people = [await village.learner(f"M{n}", client_language=one) for n, one in enumerate(spoken)]
        for member in people:
            await rounds.join(session, village.community.id, member.id, now=VILLAGE_NOW - DAY)
        for member, text in zip(people, ("a lawyer", "desks", "找律师", "工位"), strict=True):
            await make_listing(session, member, village.community, kind="offer", text=text)
        everybody = await circle_of(session, village.community, VILLAGE_NOW)
        choice = round_pairs.choose(everybody, seed=1, now=VILLAGE_NOW)
        for member in people[1:3]:
            await rounds.leave(session, village.community.id, member.id)
        two = round_pairs.choose(await circle_of(session, village.community, VILLAGE_NOW), seed=1, now=VILLAGE_NOW)

    assert pairs_of(choice) == {frozenset(one.id for one in people[:2]), frozenset(one.id for one in people[2:])}
    # They are told nothing that one of them cannot read.
    assert [reasons for _, reasons in two.groups] == [[]]
