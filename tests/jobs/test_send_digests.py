from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config import Config
from bot.host import CHECKS
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs import send_digests, weave_threads
from models.database import Database, keys_of_session
from models.domain.digests import feedback
from models.domain.member_time import Defaults
from models.domain.sending import claims
from models.tables.consent import Consent
from models.tables.delivery import Delivery, Failure
from models.tables.event import Event, Rsvp
from models.tables.member import Frequency, Member
from models.tables.message import Message
from models.tables.profile import ProfileFact
from models.tables.recommendation import Recommendation
from tests.factories import make_chat, make_event, make_rsvp
from tests.stage import TEXTS
from tests.village import NOW, Village


@pytest.fixture
def services(database: Database, clock: SimulatedClock) -> Services:
    return Services(database, clock, TEXTS, Config(), random=Random(7))


async def _village(session: AsyncSession) -> tuple[Village, Member, Member, Member]:
    """Mia answered Jo on logistics; Jo asks two more things on it, Ana one on something else, and Jo is going to an event."""
    village = await Village.found(session)
    mia, jo, ana = [await village.learner(name) for name in ("Mia", "Jo", "Ana")]
    for day in range(3):
        asked = await village.say(jo, f"Which logistics partner ships batteries? {day}", hours_ago=24 * (10 + 2 * day))
        await village.say(mia, "we know a logistics partner", hours_ago=24 * (10 + 2 * day) - 1, reply_to=asked)
    for number in range(3):
        await village.say(mia, f"our stickers look good, batch {number}", hours_ago=300 + 24 * number)
    await village.say(jo, "Who has a warehouse for logistics in Lisbon?", hours_ago=60)
    await village.say(jo, "Is there a logistics fair in May?", hours_ago=30)
    await village.say(ana, "Does anyone print stickers?", hours_ago=4)
    event = await make_event(session, village.community, starts_at=NOW + timedelta(days=2), place="Café Kranz")
    await make_rsvp(session, event, jo, answered_at=NOW - timedelta(hours=1))
    return village, mia, jo, ana


async def _run(services: Services, days: int = 0) -> str:
    await weave_threads.run(services, now=NOW + timedelta(days=days))
    return await send_digests.run(services, now=NOW + timedelta(days=days))


async def _digest_of(services: Services, member: Member) -> Delivery | None:
    async with services.database.reading() as session:
        query = select(Delivery).where(Delivery.member_id == member.id, Delivery.kind == "digest")
        return (await session.scalars(query.order_by(Delivery.id.desc()))).first()


async def test_threads_and_events_come_with_their_rows(services: Services) -> None:
    async with services.database.transaction() as session:
        _, mia, jo, _ = await _village(session)

    await _run(services)

    delivery = await _digest_of(services, mia)
    assert delivery is not None
    said = delivery.payload["text"]
    assert "<b>You could help</b>\n<i>You answered a question about logistics 10 days ago:</i>\n<b>1.</b>" in said
    assert "Jo · 1 day ago · no answer yet" in said
    assert "Café Kranz\n↳ <i>Jo is going</i>" in said
    assert delivery.once_key == f"digest:{mia.id}:1:2026-03-02"
    assert delivery.expires_at == NOW.replace(hour=0) + timedelta(days=1)
    assert f"person:{jo.id}" in {about for reason in delivery.reasons for about in reason["about"]}
    async with services.database.reading() as session:
        rows = list(await session.scalars(select(Recommendation).where(Recommendation.delivery_id == delivery.id)))
    assert sorted(row.position for row in rows) == list(range(len(rows)))
    assert {row.item_kind for row in rows} == {"thread", "event"}
    assert all(row.reasons and row.propensity == 1.0 and row.model_id is None for row in rows)


async def test_a_field_that_somebody_calls_theirs_is_theirs_and_one_they_removed_is_not(services: Services) -> None:
    async with services.database.transaction() as session:
        village, mia, jo, ana = await _village(session)
        await village.say(jo, "Which freight forwarder handles logistics for pianos?", hours_ago=8)
        place = {"community_id": village.community.id, "kind": "field", "created_at": NOW, "decided_at": NOW}
        removed = keys_of_session(session).lookup_hash("profile:field:logistics")
        session.add(ProfileFact(member_id=mia.id, **place, state="removed", inferred_hash=removed))
        session.add(ProfileFact(member_id=ana.id, **place, state="confirmed", words="logistics", inferred_hash=removed))

    await _run(services)

    [to_mia, to_ana] = [await _digest_of(services, one) for one in (mia, ana)]
    assert to_mia is None or "logistics" not in to_mia.payload["text"]
    assert to_ana is not None
    assert "<b>You could help</b>\n<i>You call logistics a field of yours:</i>\n<b>1.</b>" in to_ana.payload["text"]


async def test_running_twice_sends_once(services: Services) -> None:
    async with services.database.transaction() as session:
        await _village(session)

    first = await _run(services)
    second = await _run(services)

    # Jo knows his own questions and goes to the event: one thing is left. Of Ana nothing is known but that she prints stickers.
    assert first == "digests queued: 1, members with too little to be told: 2"
    # Whoever had too little is looked at on their next day, not every hour.
    assert second == "digests queued: 0, members with too little to be told: 0"


@pytest.mark.parametrize("days_ahead", [1, 400])
async def test_a_digest_that_a_clock_ahead_skipped_comes_once_it_is_right(services: Services, days_ahead: int) -> None:
    async with services.database.transaction() as session:
        _, mia, _, _ = await _village(session)
    await send_digests.run(services, now=NOW + timedelta(days=days_ahead))
    skipped = await _digest_of(services, mia)

    await _run(services)

    delivery = await _digest_of(services, mia)
    assert skipped is None
    assert delivery is not None
    assert delivery.once_key == f"digest:{mia.id}:1:2026-03-02"


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        # Nothing of Jo's, not even as somebody who goes to an event.
        ("person", "Jo"),
        ("event", "Demo night"),
    ],
)
async def test_what_is_muted_is_not_in_it(services: Services, kind: str, gone: str) -> None:
    async with services.database.transaction() as session:
        village, mia, jo, _ = await _village(session)
        await village.say(await village.learner("Kim"), "Which shop sells stickers?", hours_ago=27)
        target = str(jo.id) if kind == "person" else "1"
        await feedback.mute(session, mia.id, kind, target, now=NOW)

    await _run(services)

    delivery = await _digest_of(services, mia)
    assert delivery is not None
    assert gone not in delivery.payload["text"]


async def test_an_author_who_took_consent_back_is_neither_quoted_nor_named(services: Services) -> None:
    async with services.database.transaction() as session:
        village, mia, jo, _ = await _village(session)
        await village.say(await village.learner("Kim"), "Which shop sells stickers?", hours_ago=27)
    await weave_threads.run(services, now=NOW)
    async with services.database.transaction() as session:
        query = select(Consent).where(Consent.member_id == jo.id, Consent.purpose == "learn")
        (await session.scalars(query)).one().is_given = False

    await send_digests.run(services, now=NOW)

    delivery = await _digest_of(services, mia)
    assert delivery is not None
    assert "Jo" not in delivery.payload["text"]
    assert "logistics" not in delivery.payload["text"]


async def test_a_chat_the_member_is_not_in_stays_closed_to_them(services: Services) -> None:
    async with services.database.transaction() as session:
        village, mia, jo, ana = await _village(session)
        board = await make_chat(session, community_id=village.community.id, title="Board")
        await village.say(jo, "Shall we change the rules?", hours_ago=3, chat_id=board.id)
        await village.say(ana, "Good idea", hours_ago=2, chat_id=board.id)

    await _run(services)

    of_mia = await _digest_of(services, mia)
    assert of_mia is not None
    assert "rules" not in of_mia.payload["text"]


async def test_without_learn_a_digest_is_what_is_popular_and_soon(services: Services) -> None:
    async with services.database.transaction() as session:
        _, mia, _, _ = await _village(session)
        query = select(Consent).where(Consent.member_id == mia.id, Consent.purpose == "learn")
        (await session.scalars(query)).one().is_given = False

    await _run(services)

    delivery = await _digest_of(services, mia)
    assert delivery is not None
    said = delivery.payload["text"]
    assert "I don't know your interests yet" in said
    assert "you answered" not in said


async def _cant(session: AsyncSession, jo: Member) -> None:
    (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one().status = "not_going"


async def _moved(session: AsyncSession, jo: Member) -> None:
    (await session.scalars(select(Event))).one().starts_at += timedelta(hours=2)


async def _cancelled(session: AsyncSession, jo: Member) -> None:
    (await session.scalars(select(Event))).one().status = "cancelled"


async def _question(session: AsyncSession) -> Message:
    of_jo = [one for one in await session.scalars(select(Message)) if "warehouse" in (one.text or "")]
    return of_jo[0]


async def _deleted(session: AsyncSession, jo: Member) -> None:
    (await _question(session)).deleted_at = NOW


async def _edited(session: AsyncSession, jo: Member) -> None:
    (await _question(session)).text = "Who has a warehouse for logistics in Porto?"


async def _answered(session: AsyncSession, jo: Member) -> None:
    asked = await _question(session)
    ana = (await session.scalars(select(Member).where(Member.id != jo.id).order_by(Member.id.desc()))).first()
    of_thread = {"thread_id": asked.thread_id, "answers_id": asked.id, "tie": "reply", "is_certain": True}
    to = {"reply_to_telegram_id": asked.telegram_message_id, "reply_to_member_id": jo.id, **of_thread}
    row = {"chat_id": asked.chat_id, "telegram_message_id": 999, "member_id": ana.id, "sender": "member"}
    session.add(Message(**row, kind="text", text="Ours in Setúbal has 400 square metres free", sent_at=NOW, **to))


async def _nothing(session: AsyncSession, jo: Member) -> None:
    """The control."""


@pytest.mark.parametrize("happens", [_nothing, _cant, _moved, _cancelled, _deleted, _edited, _answered])
async def test_a_digest_that_waited_is_composed_anew_when_something_in_it_holds_no_more(
    services: Services, happens: Any
) -> None:
    async with services.database.transaction() as session:
        _, mia, jo, _ = await _village(session)
    await _run(services)
    queued = await _digest_of(services, mia)
    async with services.database.transaction() as session:
        await happens(session, await session.get_one(Member, jo.id))

    at_the_door = await _at_the_door(services, mia)
    await _run(services)

    again = await _digest_of(services, mia)
    assert queued is not None
    assert again is not None
    if happens is _nothing:
        assert (at_the_door, again.id) == (None, queued.id)
        return
    async with services.database.reading() as session:
        held_back = await session.get_one(Delivery, queued.id)
    assert (at_the_door, held_back.payload, held_back.once_key) == (Failure.OUTDATED, None, None)
    assert again.id != queued.id
    assert again.once_key == queued.once_key
    assert again.payload["text"] != queued.payload["text"]
    assert await _at_the_door(services, mia) is None


@pytest.mark.parametrize(("hours", "comes"), [(6, True), (12, True), (14, False)])
async def test_a_digest_that_waited_for_hours_is_composed_anew_until_its_reader_sleeps(
    services: Services, hours: int, comes: bool
) -> None:
    async with services.database.transaction() as session:
        _, mia, jo, _ = await _village(session)
    await _run(services)
    queued = await _digest_of(services, mia)
    async with services.database.transaction() as session:
        await _cant(session, await session.get_one(Member, jo.id))

    # Telegram was out of reach for hours.
    at_the_door = await _at_the_door(services, mia, hours)
    await send_digests.run(services, now=NOW + timedelta(hours=hours))

    again = await _digest_of(services, mia)
    assert queued is not None
    assert again is not None
    assert at_the_door is Failure.OUTDATED
    assert (again.id != queued.id) is comes
    if comes:
        assert again.payload["text"] != queued.payload["text"]
        assert again.created_at == NOW + timedelta(hours=hours)


async def test_a_host_that_was_down_sends_the_days_digest_when_it_is_back(services: Services) -> None:
    async with services.database.transaction() as session:
        _, mia, _, _ = await _village(session)
    # Looked at on Saturday: due on Monday at nine.
    await send_digests.run(services, now=NOW - timedelta(days=2))

    await weave_threads.run(services, now=NOW + timedelta(hours=7))
    await send_digests.run(services, now=NOW + timedelta(hours=7))

    assert await _digest_of(services, mia) is not None


async def _at_the_door(services: Services, reader: Member, hours: int = 0) -> Failure | None:
    """Why the newest digest of the reader does not leave so many hours later; None when it does."""
    found: dict[int, Failure | None] = {}
    now = NOW + timedelta(hours=hours)
    async with services.database.transaction() as session:
        while one := await claims.claim_next(session, now=now, by="test", defaults=Defaults(), checks=CHECKS):
            if isinstance(one, claims.ClaimedDelivery):
                await claims.receipt(session, one, now=now, message_id=1)
            found[one.id] = getattr(one, "why", None)
    newest = await _digest_of(services, reader)
    assert newest is not None
    return found[newest.id]


@pytest.mark.parametrize(
    ("language", "offer", "told", "ends"),
    [
        ("en", "Two desks free in our logistics office until Wednesday, ask me", "Two desks free", "⏳ ends today"),
        ("zh", "我们的logistics仓库空出两个位子，周三前先到先得", "空出两个位子", "⏳ 今天截止"),
    ],
)
async def test_what_would_be_over_before_a_weekly_digest_comes_alone_on_its_last_day(
    services: Services, language: str, offer: str, told: str, ends: str
) -> None:
    async with services.database.transaction() as session:
        village, mia, jo, ana = await _village(session)
        mia.digest, mia.language, mia.time_zone = Frequency.WEEKLY, language, "UTC"
        ana.digest = Frequency.WEEKLY
    await _run(services)
    monday = await _digest_of(services, mia)
    async with services.database.transaction() as session:
        village.session = session
        await village.say(jo, offer, hours_ago=-2)
        # No field of hers, and a thing that stays.
        await village.say(jo, "Who knows a logistics podcast?", hours_ago=-20)

    for day in range(1, 5):
        await _run(services, days=day)

    async with services.database.reading() as session:
        query = select(Delivery).where(Delivery.kind == "digest").order_by(Delivery.id)
        later = [one for one in await session.scalars(query) if monday and one.id > monday.id]
    # Before Wednesday (zh) is Tuesday, until Wednesday is Wednesday.
    assert [(one.member_id, one.created_at) for one in later if one.member_id in (mia.id, ana.id)] == [
        (mia.id, NOW + timedelta(days=2 if language == "en" else 1))
    ]
    [letter] = [one for one in later if one.member_id == mia.id]
    assert told in letter.payload["text"]
    assert ends in letter.payload["text"]
    assert "podcast" not in letter.payload["text"]
