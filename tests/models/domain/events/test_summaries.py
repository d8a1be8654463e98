from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.events import cards, ratings, seats
from models.domain.events.announcements import about
from models.domain.events.summaries import MetPairs, Summary, summary
from models.tables.delivery import Delivery
from models.tables.event import Event
from models.tables.member import Member
from models.tables.recommendation import Recommendation
from tests.factories import join, make_chat, make_community, make_event, make_member, make_rsvp

STARTS_AT = datetime(2026, 3, 10, 14, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def sent(session: AsyncSession, kind: str, at: datetime | None, **values: object) -> Delivery:
    row = Delivery(
        kind=kind, method="sendMessage", payload={}, created_at=STARTS_AT, due_at=STARTS_AT, sent_at=at, **values
    )
    session.add(row)
    await session.flush()
    return row


async def invite(session: AsyncSession, event: Event, member: Member, at: datetime | None) -> None:
    delivery = await sent(session, "invite", at, member_id=member.id)
    session.add(
        Recommendation(
            community_id=event.community_id,
            member_id=member.id,
            item_kind="event",
            item_id=event.id,
            source="host",
            position=1,
            score=0.5,
            reasons=[],
            delivery_id=delivery.id,
            created_at=STARTS_AT,
        )
    )
    await session.flush()


async def test_the_funnel_tells_who_could_go_on_from_who_joined_on_the_way(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        people = [await make_member(session, name=name) for name in ("Ana", "Mia", "Jo", "Wei", "Sam", "Kim", "Lea")]
        ana, mia, jo, wei, sam, kim, lea = people
        for member in people:
            await join(session, member, community)
        event = await make_event(session, community, starts_at=STARTS_AT, host_id=ana.id)
        chat = await make_chat(session, community_id=community.id)
        card = await sent(session, "card", STARTS_AT - 9 * DAY, chat_id=chat.id)
        await cards.remember_card(session, event.id, card.id)
        await invite(session, event, mia, STARTS_AT - 6 * DAY)
        await invite(session, event, wei, STARTS_AT - 5 * DAY)
        await invite(session, event, kim, None)
        await make_rsvp(session, event, mia, guests=2, answered_at=STARTS_AT - 6 * DAY + HOUR, checked_in_at=STARTS_AT)
        await make_rsvp(session, event, jo, answered_at=STARTS_AT - 8 * DAY)
        await make_rsvp(session, event, wei, status="not_going", answered_at=STARTS_AT - 5 * DAY)
        for member in (sam, lea):
            await make_rsvp(session, event, member, status="none", answered_at=STARTS_AT, checked_in_at=STARTS_AT)
        await make_rsvp(session, event, kim, status="not_going", answered_at=STARTS_AT + HOUR)
        for what, before in (("day", DAY), ("hour", HOUR)):
            for minutes, member in enumerate((mia, jo)):
                at = STARTS_AT - before + timedelta(minutes=minutes)
                await sent(session, "reminder", at, member_id=member.id, **about(event, what).columns())
        await ratings.rate(session, event.id, mia.id, 5, now=STARTS_AT + 3 * HOUR)
        await ratings.rate(session, event.id, sam.id, 2, now=STARTS_AT + 3 * HOUR)
        await ratings.rate(session, event.id, lea.id, 4, now=STARTS_AT + 3 * HOUR)
        await ratings.say(session, event.id, mia.id, "More!")

        found = await summary(session, event, suggestions=MetPairs())

    assert found == Summary(
        starts_at=STARTS_AT,
        n_invited=2,
        n_yes_of_invited=1,
        n_going=2,
        n_guests=2,
        n_came=3,
        n_came_of_going=1,
        stars=(0, 1, 0, 1, 1),
        sentences=("More!",),
        answered_at=(STARTS_AT - 8 * DAY, STARTS_AT - 6 * DAY + HOUR, STARTS_AT - 5 * DAY),
        posted_at=STARTS_AT - 9 * DAY,
        invited_at=STARTS_AT - 6 * DAY,
        reminded_at=(STARTS_AT - DAY, STARTS_AT - HOUR),
    )
    assert (found.n_rated, found.n_liked, found.mean_stars) == (3, 2, 11 / 3)


@pytest.mark.parametrize(
    ("n_raters", "mean", "sentences"), [(1, None, ()), (2, None, ()), (3, 5.0, ("I am number 0.",))]
)
async def test_below_three_nobody_can_be_guessed_from_stars_or_words(
    database: Database, n_raters: int, mean: float | None, sentences: tuple[str, ...]
) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community, starts_at=STARTS_AT)
        for number in range(3):
            guest = await make_member(session)
            await make_rsvp(session, event, guest, answered_at=STARTS_AT, checked_in_at=STARTS_AT)
            if number < n_raters:
                await ratings.rate(session, event.id, guest.id, 5, now=STARTS_AT + 3 * HOUR)
            if number == 0:
                await ratings.say(session, event.id, guest.id, f"I am number {number}.")

        found = await summary(session, event, suggestions=MetPairs())

    assert (found.mean_stars, found.sentences) == (mean, sentences)
    assert (found.n_rated, found.n_liked) == ((n_raters, n_raters) if mean else (0, 0))


async def test_a_yes_that_was_taken_back_was_a_yes(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community, starts_at=STARTS_AT)
        mia, jo, kofi, late = [await make_member(session, name=name) for name in ("Mia", "Jo", "Kofi", "Late")]
        for member in (mia, jo, kofi, late):
            await join(session, member, community)
            await invite(session, event, member, STARTS_AT - 6 * DAY)
        for member in (mia, jo, kofi):
            await seats.answer(session, event.id, member.id, "going", now=STARTS_AT - 5 * DAY)
        await seats.answer(session, event.id, kofi.id, "withdraw", now=STARTS_AT - DAY)

        found = await summary(session, event, suggestions=MetPairs())

    assert (found.n_invited, found.n_yes_of_invited, found.n_gave_back, found.n_going) == (4, 3, 1, 2)


async def test_what_is_not_known_is_not_told(database: Database) -> None:
    async with database.transaction() as session:
        event = await make_event(session, await make_community(session), starts_at=STARTS_AT)

        found = await summary(session, event, suggestions=MetPairs())

    assert found == Summary(starts_at=STARTS_AT)
    assert (found.n_came, found.mean_stars, found.posted_at, found.is_empty) == (None, None, None, True)


def test_how_many_had_said_yes_alone_is_no_message() -> None:
    only_yes = Summary(starts_at=STARTS_AT, n_going=3)

    assert not only_yes.is_worth_a_message
    assert replace(only_yes, n_came=0).is_worth_a_message
    assert replace(only_yes, n_invited=9).is_worth_a_message
    assert replace(only_yes, stars=(0, 0, 1, 1, 1)).is_worth_a_message
