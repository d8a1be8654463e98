"""What admins decide about two members: whom a line means, and that every chooser of two honours it, until the last moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.digests import feedback
from models.domain.erasure import personal_data
from models.domain.introductions import (
    complements,
    facts,
    introductions,
    round_outcomes,
    round_pairs,
    validity,
    who_knows,
)
from models.domain.introductions.introductions import State
from models.domain.members import pair_rules, two_members
from models.domain.members.two_members import PairRefused
from models.domain.questions import helpers
from models.tables.introduction import IntroductionKind
from models.tables.member import Member, MuteKind
from models.tables.pair_rule import Decision, PairRule
from tests.factories import join, make_community, make_event, make_listing, make_member, make_rsvp
from tests.models.domain.conversations.test_threads import weave
from tests.models.domain.introductions.test_rounds import NOW, begin, circle_of, club, pairs_of
from tests.village import NOW as VILLAGE_NOW
from tests.village import Village

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("@mia @bob", ["@mia", "@bob"]),
        ("@mia and @bob", ["@mia", "@bob"]),
        ("@mia, Bob Meyer", ["@mia", "Bob Meyer"]),
        ("Mia and Bob", ["Mia", "Bob"]),
        ("@mia和@bob", ["@mia", "@bob"]),
        ("李明和王芳", ["李明", "王芳"]),
        # 和 stands in a name; the comma parts them.
        ("李和平，王明", ["李和平", "王明"]),
        ("Sandy & Ana Kovač", ["Sandy", "Ana Kovač"]),
        ("Mia Bob", ["Mia Bob"]),
        ("", []),
    ],
)
def test_a_line_is_parted_into_names(line: str, names: list[str]) -> None:
    assert two_members.names_in(line) == names


async def test_two_are_found_by_handle_by_name_and_by_first_name(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        people = [
            await make_member(session, name=name, handle=handle)
            for name, handle in (
                ("Mia Kovač", "mia_k"),
                ("Bob Meyer", None),
                ("Bob", None),
                ("Zoe A", None),
                ("Zoe B", None),
            )
        ]
        for one in people:
            await join(session, one, community)
        mia, meyer, bob, *_ = people
        gone = await make_member(session, name="Gone")
        await join(session, gone, community, left_at=NOW)

        async def refusal(line: str) -> str:
            with pytest.raises(PairRefused) as refused:
                await two_members.find(session, community.id, line)
            return refused.value.code

        assert await two_members.find(session, community.id, "@MIA_K, bob  meyer") == (mia, meyer)
        # Somebody is called just so: nobody else is meant.
        assert await two_members.find(session, community.id, "Bob and Mia") == (bob, mia)
        assert [await refusal(line) for line in ("Mia", "Mia, Zoe", "Mia, Gone", "Mia, @nobody", "Mia, @mia_k")] == [
            "not_two", "several", "nobody", "nobody", "the_same",
        ]  # fmt: skip


async def test_of_two_the_last_decision_holds_and_nobody_is_to_meet_two(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya, kofi] = await club(session, 3)
        where: dict[str, Any] = {"now": NOW}

        await pair_rules.decide(session, community.id, (priya, ana), Decision.NEVER, **where)
        await pair_rules.decide(session, community.id, (ana, priya), Decision.MUST, **where)
        await pair_rules.decide(session, community.id, (ana, priya), Decision.MUST, **where)
        with pytest.raises(PairRefused, match="taken"):
            await pair_rules.decide(session, community.id, (kofi, priya), Decision.MUST, **where)
        entries = await pair_rules.entries(session, community.id)

        assert [(entry.decision, set(entry.people)) for entry in entries] == [(Decision.MUST, {ana, priya})]
        assert await pair_rules.separations(session, community.id, {ana.id, priya.id}) == set()


async def test_a_community_keeps_so_many_and_not_more(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        people = [await make_member(session) for _ in range(pair_rules.MOST + 2)]
        for other in people[1:-1]:
            await pair_rules.decide(session, community.id, (people[0], other), Decision.NEVER, now=NOW)

        with pytest.raises(PairRefused, match="too_many"):
            await pair_rules.decide(session, community.id, (people[0], people[-1]), Decision.NEVER, now=NOW)

        assert await session.scalar(select(func.count(PairRule.id))) == pair_rules.MOST


async def test_it_holds_in_its_own_community_alone_and_goes_with_either(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya, kofi] = await club(session, 3)
        elsewhere = await make_community(session)
        for two in ((ana, priya), (priya, kofi)):
            await pair_rules.decide(session, community.id, two, Decision.NEVER, now=NOW)
        ids = {ana.id, priya.id, kofi.id}
        there = await introductions.apart(session, elsewhere.id, ids, now=NOW)
        here = await introductions.apart(session, community.id, ids, now=NOW)
        exported = await personal_data.export(session, priya)
        await personal_data.forget(session, ana, now=NOW)

        assert there == set()
        assert here == {(ana.id, priya.id), (priya.id, ana.id), (priya.id, kofi.id), (kofi.id, priya.id)}
        assert "pair_rule" not in exported
        assert len(await pair_rules.entries(session, community.id)) == 1


async def test_a_round_keeps_two_apart_however_well_they_fit(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya, kofi, jo] = await club(session, 4)
        await make_listing(session, ana, community, text="a lawyer for term sheets")
        await make_listing(session, jo, community, kind="offer", text="thirty minutes with my lawyer")
        before = round_pairs.choose(await circle_of(session, community), seed=1, now=NOW)
        await pair_rules.decide(session, community.id, (ana, jo), Decision.NEVER, now=NOW)
        after = round_pairs.choose(await circle_of(session, community), seed=1, now=NOW)
        forced = await round_outcomes.introduce(
            session, await begin(session, community), [ana.id, jo.id], reasons=[], now=NOW
        )

    pair = frozenset({ana.id, jo.id})
    assert pair in pairs_of(before)
    assert pair not in pairs_of(after)
    assert {one for group in pairs_of(after) for one in group} == {ana.id, priya.id, kofi.id, jo.id}
    assert forced is None


async def test_two_who_shall_meet_are_together_once_also_a_second_time(database: Database) -> None:
    async with database.transaction() as session:
        community, people = await club(session, 6)
        first = await begin(session, community)
        await round_outcomes.introduce(session, first, [people[0].id, people[5].id], reasons=[], now=NOW)
        at = NOW + 7 * DAY
        current = await begin(session, community, at)
        refused = await round_outcomes.introduce(session, current, [people[0].id, people[5].id], reasons=[], now=at)
        await pair_rules.decide(session, community.id, (people[0], people[5]), Decision.MUST, now=at)
        choice = round_pairs.choose(await circle_of(session, community, at), seed=2, now=at)
        made = await round_outcomes.introduce(session, current, [people[0].id, people[5].id], reasons=[], now=at)
        await pair_rules.end_round(session, community.id)

        assert refused is None
        assert frozenset({people[0].id, people[5].id}) in pairs_of(choice)
        assert len(choice.groups) == 3
        assert made is not None
        assert await pair_rules.entries(session, community.id) == []


async def test_one_who_left_the_other_out_is_not_brought_together_with_them_by_admins(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, priya, *_] = await club(session, 4)
        await feedback.mute(session, priya.id, MuteKind.PERSON, str(ana.id), now=NOW)
        await pair_rules.decide(session, community.id, (ana, priya), Decision.MUST, now=NOW)

        choice = round_pairs.choose(await circle_of(session, community), seed=1, now=NOW)

    assert frozenset({ana.id, priya.id}) not in pairs_of(choice)
    assert len(choice.groups) == 2


async def knowing(session: AsyncSession) -> tuple[Village, Member, Member]:
    """Mia asks what Priya answered before."""
    village = await Village.found(session)
    mia, priya, bob = [await village.learner(name) for name in ("Mia", "Priya", "Bob")]
    for hours in (200, 300):
        asked = await village.say(bob, "How long does CE marking take for a medical device?", hours_ago=hours)
        await village.say(priya, "ours took fourteen months", hours_ago=hours - 1, reply_to=asked)
    return village, mia, priya


async def test_nobody_is_found_who_shall_never_be_introduced_to_the_asker(database: Database) -> None:
    async with database.transaction() as session:
        village, mia, priya = await knowing(session)
        where: dict[str, Any] = {"asker_id": mia.id, "community_id": village.community.id, "now": VILLAGE_NOW}
        before = await who_knows.find(session, "who has done a CE marking?", **where)
        await pair_rules.decide(session, village.community.id, (mia, priya), Decision.NEVER, now=VILLAGE_NOW)

        after = await who_knows.find(session, "who has done a CE marking?", **where)

    assert [one.member.name for one in before] == ["Priya"]
    assert after == []


async def test_no_question_is_brought_to_whom_its_asker_shall_never_meet(database: Database) -> None:
    async with database.transaction() as session:
        village, mia, priya = await knowing(session)
        await village.say(mia, "Who did the CE marking of a medical device themselves?", hours_ago=7)
        await weave(session, village)
        before = await helpers.calls(session, village.community, now=VILLAGE_NOW)
        await pair_rules.decide(session, village.community.id, (mia, priya), Decision.NEVER, now=VILLAGE_NOW)
        after = await helpers.calls(session, village.community, now=VILLAGE_NOW)

        meeting = next(one for one in before[0].claims if one.startswith("meet:")).removeprefix("meet:")
        still_leaves = await validity.may_meet(session, priya.id, [meeting], VILLAGE_NOW)

    assert [call.member.name for call in before] == ["Priya"]
    assert after == []
    assert not still_leaves


async def test_a_need_and_an_offer_of_two_who_are_kept_apart_do_not_meet(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, jo] = await club(session, 2)
        times = {"posted_at": NOW - DAY / 2, "expires_at": NOW + 9 * DAY}
        await make_listing(session, ana, community, text="a lawyer for term sheets", **times)
        await make_listing(session, jo, community, kind="offer", text="thirty minutes with my lawyer", **times)
        before = await complements.new_matches(session, community.id, now=NOW)
        await pair_rules.decide(session, community.id, (ana, jo), Decision.NEVER, now=NOW)

        assert len(before) == 2
        assert await complements.new_matches(session, community.id, now=NOW) == []


async def test_two_kept_apart_are_not_named_before_an_event_nor_by_what_waits(database: Database) -> None:
    async with database.transaction() as session:
        village, mia, priya = await knowing(session)
        event = await make_event(session, village.community, starts_at=VILLAGE_NOW + DAY)
        for member in (mia, priya):
            await make_rsvp(session, event, member)
        target = [f"{event.id}:{priya.id}"]
        before = await validity.are_guests(session, mia.id, target, VILLAGE_NOW)
        await pair_rules.decide(session, village.community.id, (mia, priya), Decision.NEVER, now=VILLAGE_NOW)
        gathering = await facts.load(session, event, now=VILLAGE_NOW)

        assert before
        assert not await validity.are_guests(session, mia.id, target, VILLAGE_NOW)
        assert (mia.id, priya.id) in gathering.apart


async def test_a_proposal_that_waits_stays_away_and_yeses_come_to_nothing(database: Database) -> None:
    async with database.transaction() as session:
        community, [ana, jo] = await club(session, 2)
        ids = [ana.id, jo.id]
        where: dict[str, Any] = {"kind": IntroductionKind.ASKED, "reasons": [], "now": NOW}
        introduction = await introductions.propose(session, community.id, ids, **where)
        waits_before = await validity.are_proposed(session, ana.id, [str(introduction.id)], NOW)
        await pair_rules.decide(session, community.id, (ana, jo), Decision.NEVER, now=NOW)
        waits_after = await validity.are_proposed(session, ana.id, [str(introduction.id)], NOW)
        answers: dict[str, Any] = {"is_accepted": True, "now": NOW}
        states = [await introductions.answer(session, introduction.id, one, **answers) for one in ids]

        assert (waits_before, waits_after) == (True, False)
        assert states == [State.OPEN, State.AGREED]
        assert introduction.introduced_at is None
