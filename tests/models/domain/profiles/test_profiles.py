"""What is inferred has a true source, waits for its member's word, and never comes back once removed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database, keys_of_session
from models.domain.conversations.own_fields import Choices
from models.domain.erasure import personal_data, retention
from models.domain.erasure.retention import Limits
from models.domain.members import consent
from models.domain.profiles import profiles
from models.domain.profiles.field_choices import field_choices
from models.domain.profiles.profiles import LineRefused, Profile
from models.reading.fields import Field
from models.tables.consent import Purpose, Way
from models.tables.member import Member
from models.tables.message import Message
from models.tables.profile import ProfileFact, ProfileKind, ProfileState
from tests.factories import give_consent, join, make_chat, make_community, make_listing
from tests.village import NOW, Village

HELLO = "Hi all, I'm Lena, building charging lockers in Berlin, looking for an enclosure maker"
FIELD, PROJECT, PLACE, LANGUAGE = ProfileKind.FIELD, ProfileKind.PROJECT, ProfileKind.PLACE, ProfileKind.LANGUAGE


async def club(session: AsyncSession) -> tuple[Village, Member, Message]:
    village = await Village.found(session)
    lena, bob = await village.learner("Lena"), await village.learner("Bob")
    hello = await village.say(lena, HELLO, hours_ago=90)
    for day in (2, 3):
        asked = await village.say(bob, "How long does customs clearance take for samples?", hours_ago=24 * day)
        await village.say(lena, "two weeks when the papers are in order", hours_ago=24 * day - 1, reply_to=asked)
    return village, lena, hello


async def look(session: AsyncSession, village: Village, who: Member) -> Profile:
    profile = await profiles.of_member(session, who.id, village.community.id, now=NOW)
    assert profile is not None
    return profile


def said(profile: Profile) -> dict[tuple[ProfileKind, str | None], ProfileFact]:
    return {(one.kind, one.words): one for one in profile.facts}


async def fact_of(session: AsyncSession, village: Village, who: Member, kind: ProfileKind) -> ProfileFact:
    return next(one for one in (await look(session, village, who)).facts if one.kind == kind)


async def test_every_line_says_from_what_it_is_taken_and_where_that_stands(database: Database) -> None:
    async with database.transaction() as session:
        village, lena, hello = await club(session)
        listing = await make_listing(session, lena, village.community, kind="offer", text="an hour on lockers")
        await make_listing(session, lena, await make_community(session), text="elsewhere")

        profile = await look(session, village, lena)

        lines = said(profile)
        assert list(lines) == [
            (PROJECT, "building charging lockers in Berlin"),
            (FIELD, "logistics"),
            (FIELD, "hardware"),
            (PLACE, "Berlin"),
            (LANGUAGE, "en"),
        ]
        sources = [(one.source or {})["key"] for one in profile.facts]
        assert sources == ["told", "answered", "told", "told", "wrote"]
        logistics = lines[FIELD, "logistics"]
        assert (logistics.source or {})["values"]["n"] == 2
        newest = await session.scalar(
            select(Message.id).where(Message.member_id == lena.id).order_by(Message.sent_at.desc())
        )
        assert logistics.message_id == newest
        assert lines[PROJECT, "building charging lockers in Berlin"].message_id == hello.id
        assert profile.messages[hello.id].telegram_message_id == hello.telegram_message_id
        assert [one.id for one in profile.listings] == [listing.id]
        assert {one.state for one in profile.facts} == {ProfileState.INFERRED}


async def test_looking_twice_changes_nothing_and_what_is_gone_is_inferred_no_more(database: Database) -> None:
    async with database.transaction() as session:
        village, lena, hello = await club(session)
        first = await look(session, village, lena)

        again = await look(session, village, lena)
        hello.deleted_at = NOW
        await session.flush()
        without = await look(session, village, lena)

        assert [one.id for one in again.facts] == [one.id for one in first.facts]
        assert [(one.kind, one.words) for one in without.facts] == [(FIELD, "logistics"), (LANGUAGE, "en")]


async def test_what_was_removed_keeps_no_words_and_comes_back_nowhere(database: Database) -> None:
    async with database.transaction() as session:
        village, lena, _ = await club(session)
        other = await make_community(session)
        there = Village(session, other, await make_chat(session, community_id=other.id))
        await join(session, lena, other)
        await give_consent(session, lena, other, "learn")
        await there.say(lena, HELLO, hours_ago=5)
        for kind in (PROJECT, PLACE):
            await profiles.remove(session, await fact_of(session, village, lena, kind), now=NOW)
        removed = (await look(session, village, lena)).facts[0]
        assert (removed.kind, removed.words) == (FIELD, "logistics")
        await profiles.remove(session, removed, now=NOW)

        here, elsewhere = await look(session, village, lena), await look(session, there, lena)

        assert list(said(here)) == [(FIELD, "hardware"), (LANGUAGE, "en")]
        assert list(said(elsewhere)) == [(FIELD, "hardware")]
        rows = list(await session.scalars(select(ProfileFact).where(ProfileFact.state == ProfileState.REMOVED)))
        assert [(one.words, one.source) for one in rows] == [(None, None)] * 3
        choices = await field_choices(session, other.id, {lena.id})
        assert choices == {lena.id: Choices(frozenset(), frozenset({Field.LOGISTICS}))}


async def test_a_new_introduction_is_proposed_beside_what_was_confirmed_and_an_old_one_is_not(
    database: Database,
) -> None:
    async with database.transaction() as session:
        village, lena, hello = await club(session)
        await profiles.confirm(session, await fact_of(session, village, lena, PROJECT), now=NOW - timedelta(hours=2))
        await profiles.remove(session, await fact_of(session, village, lena, PLACE), now=NOW - timedelta(hours=2))

        hello.text = "Hi all, I'm Lena, building charging lockers in Potsdam"
        await session.flush()
        edited = await look(session, village, lena)
        await village.say(lena, "Hi everyone, I'm Lena, we make bike boxes now, based in Hamburg", hours_ago=1)
        anew = await look(session, village, lena)

        assert [one.words for one in edited.facts if one.kind in (PROJECT, PLACE)] == [
            "building charging lockers in Berlin"
        ]
        assert [(one.words, one.state) for one in anew.facts if one.kind in (PROJECT, PLACE)] == [
            ("building charging lockers in Berlin", ProfileState.CONFIRMED),
            ("we make bike boxes now", ProfileState.INFERRED),
            ("Hamburg", ProfileState.INFERRED),
        ]


async def test_a_correction_stands_in_place_of_what_was_inferred(database: Database) -> None:
    async with database.transaction() as session:
        village, lena, _ = await club(session)
        logistics = said(await look(session, village, lena))[FIELD, "logistics"]
        await profiles.correct(session, logistics, "  hiring\n recruiters ", now=NOW)
        await profiles.add(session, lena.id, village.community.id, "third hardware start-up", now=NOW)

        profile = await look(session, village, lena)
        choices = await field_choices(session, village.community.id, {lena.id})

        assert (FIELD, "hiring recruiters") in said(profile)
        assert (FIELD, "logistics") not in said(profile)
        assert said(profile)[PROJECT, "third hardware start-up"].state == ProfileState.CORRECTED
        assert choices[lena.id] == Choices(frozenset({Field.HIRING}), frozenset({Field.LOGISTICS}))


async def test_nothing_is_concluded_from_a_language_that_was_removed(database: Database) -> None:
    async with database.transaction() as session:
        village, lena, _ = await club(session)
        await profiles.remove(session, await fact_of(session, village, lena, LANGUAGE), now=NOW)

        choices = await field_choices(session, village.community.id, {lena.id})

        assert choices == {lena.id: Choices(unread=frozenset({"en"}))}
        assert LANGUAGE not in {one.kind for one in (await look(session, village, lena)).facts}


@pytest.mark.parametrize("words", ["", " \n ", "x" * 161])
async def test_words_that_are_no_line_are_refused(sqlite: Database, words: str) -> None:
    async with sqlite.transaction() as session:
        village, lena, _ = await club(session)
        fact = await fact_of(session, village, lena, PROJECT)

        with pytest.raises(LineRefused):
            await profiles.correct(session, fact, words, now=NOW)
        with pytest.raises(LineRefused):
            await profiles.add(session, lena.id, village.community.id, words, now=NOW)


async def test_a_dozen_lines_of_ones_own_are_enough(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village, lena, _ = await club(session)
        for number in range(profiles.MOST_LINES):
            await profiles.add(session, lena.id, village.community.id, f"line {number}", now=NOW)

        with pytest.raises(LineRefused):
            await profiles.add(session, lena.id, village.community.id, "one more", now=NOW)


async def test_nobodys_line_is_anybody_elses(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village, lena, _ = await club(session)
        mia = await village.learner("Mia")
        fact = await fact_of(session, village, lena, PROJECT)

        assert await profiles.own_fact(session, fact.id, mia.id) is None
        assert await profiles.own_fact(session, fact.id, lena.id) is fact
        await profiles.remove(session, fact, now=NOW)
        assert await profiles.own_fact(session, fact.id, lena.id) is None


@pytest.mark.parametrize(
    ("purpose", "left"),
    [
        (Purpose.LEARN, {ProfileState.CONFIRMED, ProfileState.REMOVED}),
        (Purpose.RECORD, {ProfileState.REMOVED}),
        (Purpose.INTRODUCE, set(ProfileState) - {ProfileState.CORRECTED}),
    ],
)
async def test_a_no_takes_back_what_rests_on_the_yes(
    database: Database, purpose: Purpose, left: set[ProfileState]
) -> None:
    async with database.transaction() as session:
        village, lena, _ = await club(session)
        await profiles.confirm(session, await fact_of(session, village, lena, PROJECT), now=NOW)
        await profiles.remove(session, await fact_of(session, village, lena, PLACE), now=NOW)
        where = {"member_id": lena.id, "community_id": village.community.id, "now": NOW, "way": Way.BUTTON}

        await consent.decide(session, **where, purposes=[purpose], is_given=False)
        profile = await profiles.of_member(session, lena.id, village.community.id, now=NOW)

        assert set(await session.scalars(select(ProfileFact.state))) == left
        assert (profile is None) == (purpose != Purpose.INTRODUCE)


async def test_it_is_taken_home_with_mydata_and_gone_with_forgetme(database: Database) -> None:
    async with database.transaction() as session:
        village, lena, _ = await club(session)
        await profiles.confirm(session, await fact_of(session, village, lena, PROJECT), now=NOW)
        await profiles.remove(session, await fact_of(session, village, lena, PLACE), now=NOW)

        held = (await personal_data.export(session, lena))["profile_fact"]
        await personal_data.forget(session, lena, now=NOW)

        assert [(one["words"], one["state"]) for one in held] == [
            ("building charging lockers in Berlin", "confirmed"),
            (None, "removed"),
            ("logistics", "inferred"),
            ("hardware", "inferred"),
            ("en", "inferred"),
        ]
        assert list(await session.scalars(select(ProfileFact))) == []


async def test_words_stand_sealed_and_what_was_removed_is_known_by_a_keyed_hash_alone(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village, lena, _ = await club(session)
        fact = await fact_of(session, village, lena, PLACE)

        assert fact.inferred_hash == keys_of_session(session).lookup_hash("profile:place:Berlin")
        raw = (await session.connection()).exec_driver_sql("SELECT words FROM profile_fact")
        assert not any(b"Berlin" in row[0] for row in (await raw).all())


@pytest.mark.parametrize(
    ("days", "left"),
    [(1, {"inferred", "confirmed", "removed"}), (90, {"confirmed", "removed"}), (366, {"removed"})],
)
async def test_lines_go_with_the_words_they_are_made_of_and_what_was_removed_stays_without_any(
    sqlite: Database, days: int, left: set[str]
) -> None:
    async with sqlite.transaction() as session:
        village, lena, _ = await club(session)
        await profiles.confirm(session, await fact_of(session, village, lena, PROJECT), now=NOW)
        await profiles.remove(session, await fact_of(session, village, lena, PLACE), now=NOW)

    await retention.apply(sqlite, now=NOW + timedelta(days=days), limits=Limits(written_days=365, raw_days=7))

    async with sqlite.reading() as session:
        assert set(await session.scalars(select(ProfileFact.state))) == left
