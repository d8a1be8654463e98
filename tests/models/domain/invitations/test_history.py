from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.invitations import answers as invitation_answers
from models.domain.invitations import history
from models.domain.invitations.history import NOBODY, Past
from models.domain.members import consent
from models.learning.gatherings import UNKNOWN
from models.tables.event import EventHost, EventRating
from models.tables.member import Member, Membership
from models.tables.recommendation import Recommendation
from tests.factories import make_event, make_rsvp
from tests.village import NOW, Village

# A member's id that no other number of a test is equal to.
UNMISTAKABLE = 987_654_321
DAY = timedelta(days=1)


async def read(session: AsyncSession, village: Village) -> Past:
    return await history.read_past(session, village.community.id, now=NOW)


def _numbers_in(past: Past) -> set[int]:
    """Every number in every array."""
    found: set[int] = set()
    for table in (past.gatherings, past.gatherings.answers, past.gatherings.ratings):
        arrays = [getattr(table, column.name) for column in dataclasses.fields(table)]
        found |= {int(n) for array in arrays if isinstance(array, np.ndarray) for n in array[~np.isnan(array)]}
    return found


async def _live(village: Village, host: Member, *guests: Member) -> None:
    """An evening with everything that is kept of evenings, and one declined."""
    event = await make_event(village.session, village.community, host_id=host.id, starts_at=NOW - 2 * DAY)
    village.session.add(EventHost(event_id=event.id, member_id=guests[0].id))
    coming = await make_event(village.session, village.community, host_id=guests[0].id, starts_at=NOW + 5 * DAY)
    for guest in (host, *guests):
        await make_rsvp(village.session, event, guest, answered_at=NOW - 5 * DAY, checked_in_at=NOW - 2 * DAY)
        village.session.add(EventRating(event_id=event.id, member_id=guest.id, stars=4, rated_at=NOW - DAY))
        about = {"community_id": village.community.id, "member_id": guest.id, "item_kind": "event"}
        made = {"source": "host", "position": 0, "score": 1.0, "reasons": [], "created_at": NOW - DAY}
        village.session.add(Recommendation(**about, **made, item_id=coming.id))
        await village.session.flush()
        await invitation_answers.not_for_me(village.session, coming, guest.id, now=NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="was never asked"),
        pytest.param({"purpose": "learn"}, id="took the yes back"),
        pytest.param({"purpose": "record"}, id="declined being recorded"),
        pytest.param({"left": True}, id="left"),
        pytest.param({"is_bot": True}, id="is a bot"),
    ],
)
async def test_a_member_without_consent_appears_in_no_array(database: Database, change: dict[str, Any]) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia = await village.learner("Mia")
        other = await (village.learner if change else village.silent)("Jo", id=UNMISTAKABLE)
        await _live(village, mia, other)
        await _live(village, other, mia)
        if change:
            assert UNMISTAKABLE in _numbers_in(await read(session, village))
        await _change(village, other, change)

        past = await read(session, village)

    assert UNMISTAKABLE not in _numbers_in(past)
    assert set(past.gatherings.members.tolist()) == {NOBODY, mia.id}
    assert past.row_of(UNMISTAKABLE) == 0
    assert sorted(past.gatherings.host.tolist()) == sorted([mia.id, UNKNOWN, UNKNOWN, mia.id])


async def _change(village: Village, member: Member, change: dict[str, Any]) -> None:
    if "purpose" in change:
        await consent.decide(
            village.session,
            member_id=member.id,
            community_id=village.community.id,
            purposes=[change["purpose"]],
            is_given=False,
            now=NOW,
            way="button",
        )
    if "left" in change:
        left = update(Membership).where(Membership.member_id == member.id)
        await village.session.execute(left.values(left_at=NOW))
    if "is_bot" in change:
        await village.session.execute(update(Member).where(Member.id == member.id).values(is_bot=True))


async def test_answers_are_what_they_were_meant_as(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        event = await make_event(session, village.community, starts_at=NOW - DAY)
        expected = {}
        for name, values, told in (
            ("came", {"checked_in_at": NOW - DAY}, (1, 0)),
            ("missed", {}, (1, 1)),
            ("waits", {"status": "waitlisted"}, (1, 0)),
            ("unasked", {"status": "none", "checked_in_at": NOW - DAY}, (1, 0)),
            ("maybe", {"status": "maybe"}, (0, 0)),
            ("no", {"status": "not_going"}, (0, 0)),
            ("lapsed", {"status": "lapsed"}, (0, 0)),
        ):
            member = await village.learner(name)
            await make_rsvp(session, event, member, answered_at=NOW - 3 * DAY, **values)
            expected[member.id] = told
        later = await village.learner("later")
        await make_rsvp(session, event, later, answered_at=NOW + DAY)

        answers = (await read(session, village)).gatherings.answers

    found = zip(answers.member.tolist(), answers.is_yes.tolist(), answers.stayed_away.tolist(), strict=True)
    assert {member: (is_yes, away) for member, is_yes, away in found} == expected


async def test_not_for_me_is_a_no_to_that_event(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        await _live(village, mia, jo)

        past = await read(session, village)

    answers = past.gatherings.answers
    newest = answers.event == answers.event[-1]
    assert answers.member[newest].tolist() == [mia.id, jo.id]
    assert answers.is_yes[newest].tolist() == [0, 0]


async def test_words_hour_and_weekday_are_those_of_the_events_place(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        monday = NOW.replace(hour=23)
        for title in ("Hardware evening", "硬件之夜", "Meetup"):
            await make_event(session, village.community, title=title, starts_at=monday, time_zone="Asia/Shanghai")

        gatherings = (await read(session, village)).gatherings

    assert gatherings.hour.tolist() == [7, 7, 7]
    assert gatherings.weekday.tolist() == [1, 1, 1]
    # A word, the pairs of a Chinese title, and nothing for a word of almost every event.
    assert set(gatherings.word_event.tolist()) == {0, 1}
