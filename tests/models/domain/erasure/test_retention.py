from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.erasure import retention
from models.domain.erasure.retention import Limits
from models.domain.sending import deliveries
from models.tables.community import Chat, Community
from models.tables.consent import Consent
from models.tables.delivery import Delivery
from models.tables.event import Event, EventCard, EventRating, Rsvp
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.introduction import Introduction, IntroductionSide
from models.tables.listing import Listing
from models.tables.member import Dialogue, Intent, Member, Membership
from models.tables.message import Mention, Message, PollAnswer, Reaction, Thread
from models.tables.recommendation import Recommendation
from tests.factories import give_consent, make_chat, make_community, make_event, make_member

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LIMITS = Limits(written_days=365, raw_days=7, sent_days=30, left_days=30)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


async def apply(database: Database, **values: Any) -> dict[str, int]:
    return await retention.apply(database, now=NOW, limits=LIMITS, **values)


async def count(database: Database, table: type[Any]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def add(session: AsyncSession, *rows: Any) -> None:
    session.add_all(rows)
    await session.flush()


def message(chat: Chat, sent_at: datetime, number: int = 1, **values: Any) -> Message:
    known = {"telegram_message_id": number, "sender": "member", "kind": "text", "text": "hello"}
    return Message(chat_id=chat.id, sent_at=sent_at, **{**known, **values})


def raw_update(number: int, **values: Any) -> RawUpdate:
    known = {"bot_id": 1, "update_id": number, "kind": "message", "is_urgent": False, "payload": b"{}"}
    return RawUpdate(**{**known, "received_at": ago(400), **values})


async def gathering(session: AsyncSession, community: Community, days_ago: float, **values: Any) -> Event:
    row = Event(
        community_id=community.id,
        title="Demo night",
        starts_at=ago(days_ago),
        time_zone="UTC",
        calendar_uid=f"uid-{days_ago}",
        created_at=ago(days_ago),
        **values,
    )
    await add(session, row)
    return row


async def test_what_was_written_goes_with_its_mentions_and_reactions_and_newer_words_stay(database: Database) -> None:
    async with database.transaction() as session:
        chat, mia = await make_chat(session), await make_member(session)
        old = message(chat, ago(365.1), 1, member_id=mia.id)
        new = message(chat, ago(364.9), 2, member_id=mia.id)
        await add(session, old, new)
        for one in (old, new):
            reaction = Reaction(message_id=one.id, member_id=mia.id, emoji="👍", reacted_at=ago(1))
            await add(session, Mention(message_id=one.id, member_id=mia.id), reaction)

    counts = await apply(database)

    async with database.reading() as session:
        left = list(await session.scalars(select(Message.telegram_message_id)))
    assert counts == {"messages": 1}
    assert left == [2]
    assert await count(database, Mention) == await count(database, Reaction) == 1


def _interaction(community: Community, member: Member, at: datetime) -> Any:
    return Interaction(community_id=community.id, member_id=member.id, kind="message", at=at)


def _answer(_: Community, member: Member, at: datetime) -> Any:
    return PollAnswer(telegram_poll_id=at.isoformat(), member_id=member.id, options=[1], answered_at=at)


def _recommendation(community: Community, member: Member, at: datetime) -> Any:
    where = {"community_id": community.id, "member_id": member.id, "created_at": at}
    return Recommendation(
        **where, item_kind="thread", item_id=1, source="content", position=0, score=1.0, reasons=["Jo asked"]
    )


def _listing(community: Community, member: Member, at: datetime) -> Any:
    where = {"community_id": community.id, "member_id": member.id}
    return Listing(**where, kind="need", text="A lawyer", created_at=at - timedelta(days=30), expires_at=at)


@pytest.mark.parametrize(
    ("what", "table", "make"),
    [
        ("interactions", Interaction, _interaction),  # who did what
        ("poll answers", PollAnswer, _answer),
        ("recommendations", Recommendation, _recommendation),  # their reasons quote what was written
        ("needs and offers", Listing, _listing),  # counted from their end
    ],
)
async def test_what_members_did_goes_at_the_same_age(
    database: Database, what: str, table: type[Any], make: Callable[[Community, Member, datetime], Any]
) -> None:
    async with database.transaction() as session:
        community, mia = await make_community(session), await make_member(session)
        await add(session, Membership(member_id=mia.id, community_id=community.id))
        await add(session, make(community, mia, ago(365.1)), make(community, mia, ago(364.9)))

    counts = await apply(database)

    assert counts == {what: 1}
    assert await count(database, table) == 1


async def test_a_thread_goes_when_its_last_word_did(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        chat = await make_chat(session, community_id=community.id)
        for last_at in (ago(366), ago(10)):
            where = {"community_id": community.id, "chat_id": chat.id}
            await add(session, Thread(**where, last_at=last_at, keywords=["law"]))

    assert await apply(database) == {"threads": 1}


async def test_raw_updates_go_once_their_effects_are_safe_and_never_before(database: Database) -> None:
    async with database.transaction() as session:
        await add(
            session,
            raw_update(1, done_at=ago(7.1)),
            raw_update(2, done_at=ago(6.9)),
            # Waits since long: a backlog after an outage is work, not waste.
            raw_update(3),
            raw_update(4, quarantined_at=ago(20), received_at=ago(20)),
            raw_update(5, quarantined_at=ago(400)),
        )

    counts = await apply(database)

    async with database.reading() as session:
        left = sorted(await session.scalars(select(RawUpdate.update_id)))
    assert counts == {"raw updates": 1, "quarantined updates": 1}
    assert left == [2, 3, 4]


async def test_sent_texts_are_wiped_and_their_rows_stay_so_that_nothing_is_sent_twice(database: Database) -> None:
    async with database.transaction() as session:
        chat = await make_chat(session)
        for key, settled in (
            ("old", {"sent_at": ago(31)}),
            ("failed", {"failed_at": ago(31)}),
            ("new", {"sent_at": ago(29)}),
            ("waiting", {}),
        ):
            row = await deliveries.queue(
                session, "notice", now=ago(40), chat_id=chat.id, payload={"text": key}, reasons=["why"], once_key=key
            )
            assert row is not None
            for name, at in settled.items():
                setattr(row, name, at)

    counts = await apply(database)

    async with database.transaction() as session:
        rows = await session.execute(select(Delivery.once_key, Delivery.payload, Delivery.reasons))
        left = {key: (payload, reasons) for key, payload, reasons in rows}
        again = await deliveries.queue(
            session, "notice", now=NOW, chat_id=chat.id, payload={"text": "x"}, once_key="old"
        )
    assert counts == {"texts sent": 2}
    assert left == {
        "old": (None, None),
        "failed": (None, None),
        "new": ({"text": "new"}, ["why"]),
        "waiting": ({"text": "waiting"}, ["why"]),
    }
    assert again is None


async def test_the_event_stays_and_the_sentence_about_it_goes(database: Database) -> None:
    async with database.transaction() as session:
        community, mia = await make_community(session), await make_member(session)
        await add(session, Membership(member_id=mia.id, community_id=community.id))
        held = await gathering(session, community, 400)
        rating = {"event_id": held.id, "member_id": mia.id, "stars": 5, "rated_at": ago(399)}
        await add(session, EventRating(**rating, sentence="Too loud"))

    counts = await apply(database)

    async with database.reading() as session:
        [(stars, sentence)] = (await session.execute(select(EventRating.stars, EventRating.sentence))).all()
    assert counts == {"sentences about events": 1}
    assert (stars, sentence) == (5, None)
    assert await count(database, Event) == 1


async def test_introductions_that_came_about_stay_and_others_go_at_last(database: Database) -> None:
    async with database.transaction() as session:
        community, mia = await make_community(session), await make_member(session)
        await add(session, Membership(member_id=mia.id, community_id=community.id))
        for number, values in enumerate(
            (
                {"introduced_at": ago(500)},  # the community's history
                {},  # nobody answered
                {"expires_at": ago(364)},  # rounds still have to know who was silent
                {"introduced_at": ago(10)},  # everybody in it was erased
            )
        ):
            row = Introduction(
                **{"community_id": community.id, "kind": "round", "reasons": [], "expires_at": ago(400), **values},
                proposed_at=ago(500),
            )
            await add(session, row)
            if number < 3:
                await add(session, IntroductionSide(introduction_id=row.id, member_id=mia.id))

    assert await apply(database) == {"introductions": 2}
    assert await count(database, IntroductionSide) == 2


async def test_links_and_dialogues_that_nobody_follows_go(database: Database) -> None:
    async with database.transaction() as session:
        mia, jo = await make_member(session, created_at=NOW), await make_member(session, created_at=NOW)
        for number, expires_at in enumerate((NOW, NOW + timedelta(seconds=1))):
            known = {"token_hash": str(number), "action": "digest", "created_at": ago(60)}
            await add(session, Intent(**known, expires_at=expires_at))
        for member, days in ((mia, 31), (jo, 29)):
            known = {"member_id": member.id, "action": "new_event", "step": "title", "answers": {"title": "Party"}}
            await add(session, Dialogue(**known, asked_at=ago(days)))

    assert await apply(database) == {"unfinished dialogues": 1, "links": 1}


@pytest.mark.parametrize(
    ("left_days_ago", "is_erased"),
    [
        (31, True),  # gone, and nothing of theirs is kept
        (29, False),  # may come back
        (None, False),  # still there, however silent
    ],
)
async def test_who_left_and_has_nothing_kept_is_erased(
    database: Database, left_days_ago: float | None, is_erased: bool
) -> None:
    async with database.transaction() as session:
        community, mia = await make_community(session), await make_member(session, created_at=ago(100))
        left_at = None if left_days_ago is None else ago(left_days_ago)
        await add(session, Membership(member_id=mia.id, community_id=community.id, left_at=left_at))
        await give_consent(session, mia, community, "learn")
        await make_chat(session, kind="private", telegram_id=mia.telegram_id)
        await add(
            session, raw_update(1, sender_telegram_id=mia.telegram_id, quarantined_at=ago(50), received_at=ago(50))
        )

    await apply(database)

    left = [await count(database, table) for table in (Member, Membership, Consent, Chat, RawUpdate)]
    assert left == ([0] * 5 if is_erased else [1] * 5)


@pytest.mark.parametrize(
    ("left_days_ago", "message_days_ago", "has_rsvp", "is_erased"),
    [
        (40, 40, False, False),  # their words are still kept, so they can still ask for them
        (40, 400, False, True),  # their last words go in the same run
        (40, 400, True, False),  # part of the community's history for a while
        (366, 400, True, True),  # in the end that goes, too
        (366, 300, True, False),  # wrote in private after leaving
    ],
)
async def test_what_keeps_a_member_who_left(
    database: Database, left_days_ago: float, message_days_ago: float, has_rsvp: bool, is_erased: bool
) -> None:
    async with database.transaction() as session:
        community, mia = await make_community(session), await make_member(session, created_at=ago(500))
        membership = Membership(member_id=mia.id, community_id=community.id, left_at=ago(left_days_ago))
        chat = await make_chat(session)
        await add(session, membership, message(chat, ago(message_days_ago), member_id=mia.id))
        if has_rsvp:
            held = await gathering(session, community, 450)
            await add(session, Rsvp(event_id=held.id, member_id=mia.id, status="going", answered_at=ago(451)))

    await apply(database)

    assert await count(database, Member) == (0 if is_erased else 1)


async def test_a_backlog_goes_in_small_steps(database: Database) -> None:
    async with database.transaction() as session:
        chat = await make_chat(session)
        await add(session, *(message(chat, ago(400), number) for number in range(25)))
    n_deleted = []

    def watch(*told: Any) -> None:
        cursor, statement = told[1], told[2]
        if statement.startswith("DELETE FROM message"):
            n_deleted.append(cursor.rowcount)

    event.listen(database.engine.sync_engine, "after_cursor_execute", watch)
    counts = await apply(database, batch=10)

    assert counts == {"messages": 25}
    assert n_deleted == [10, 10, 5]


async def test_a_second_run_finds_nothing(database: Database) -> None:
    async with database.transaction() as session:
        chat = await make_chat(session)
        await add(session, message(chat, ago(400)))
    await apply(database)

    assert await apply(database) == {}


async def test_rows_of_what_was_sent_go_unless_something_rests_on_them(database: Database) -> None:
    limits = Limits(written_days=365, raw_days=7, delivery_days=90)

    def sent(what: str, days: float, **values: Any) -> Delivery:
        known = {
            "kind": "reply",
            "method": "sendMessage",
            "payload": None,
            "created_at": ago(days),
            "due_at": ago(days),
        }
        return Delivery(**{**known, "sent_at": ago(days), "failure": what, **values})

    async with database.transaction() as session:
        mia = await make_member(session)
        community = await make_community(session)
        chat = await make_chat(session, community_id=community.id)
        here, private = {"chat_id": chat.id}, {"member_id": mia.id}
        card, shown, busy = (sent(what, 100, **here) for what in ("card", "shown", "busy"))
        rows = [
            sent("old", 91, **private),
            sent("young", 89, **private),
            sent("failed", 91, **private, sent_at=None, failed_at=ago(91)),
            # It still waits, whenever it was made.
            sent("waiting", 91, **private, sent_at=None),
            sent("asked once", 400, **here, once_key="consent:1"),
            sent("yesterday's news", 100, **private, once_key="digest:1:1:2025-11-22", expires_at=ago(99)),
            sent("a promise that still holds", 100, **private, once_key="event:1:invite:1", expires_at=ago(1)),
            card,
            shown,
            busy,
        ]
        await add(session, *rows)
        await add(
            session, sent("old edit", 95, **here, edits_id=card.id), sent("new edit", 5, **here, edits_id=busy.id)
        )
        event = await make_event(session, community)
        session.add(EventCard(event_id=event.id, delivery_id=card.id))
        what = {"item_kind": "event", "item_id": 1, "source": "host", "position": 0, "score": 1.0, "reasons": []}
        whose = {"community_id": community.id, "member_id": mia.id}
        session.add(Recommendation(**whose, **what, created_at=ago(100), delivery_id=shown.id))

    counts = await retention.apply(database, now=NOW, limits=limits)

    async with database.reading() as session:
        kept = set(await session.scalars(select(Delivery.failure)))
    assert counts == {"deliveries": 4}
    assert kept == {
        "young", "waiting", "asked once", "a promise that still holds", "card", "shown", "busy", "new edit",
    }  # fmt: skip
