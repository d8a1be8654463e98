"""The day-zero journey on a real history: import, consent, train, digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs import send_digests, train_interaction_model, train_recommender, weave_threads
from models.database import Database
from models.domain.members import consent
from models.tables.consent import Purpose
from models.tables.delivery import Delivery
from models.tables.member import Member
from models.tables.message import Message
from models.tables.model import TrainedModel
from models.tables.recommendation import Recommendation
from tests.bot.importing.exports import chat, message, write
from tests.journeys.test_import import imported
from tests.outside import DATA, NO_DATA
from tests.stage import TEXTS, Stage

REAL = DATA / "telegram_export_single.json.xz"
N_CONSENTING = 30


@pytest.mark.skipif(not REAL.exists(), reason=NO_DATA)
async def test_a_real_history_becomes_digests_for_those_who_said_yes_and_for_nobody_else(sqlite: Database) -> None:
    status, _ = await imported(sqlite, REAL)
    now, chosen = await _say_yes(sqlite)
    services = Services(sqlite, SimulatedClock(now), TEXTS, Config())

    await weave_threads.run(services, now=now)
    trained = [await job.run(services, now=now) for job in (train_recommender, train_interaction_model)]
    await send_digests.run(services, now=now)
    for member_id in sorted(chosen)[4:6]:
        await send_digests.run(services, now=now, member_id=member_id)

    async with sqlite.reading() as session:
        sent = list(await session.scalars(select(Delivery)))
        shown = list(await session.scalars(select(Recommendation).where(Recommendation.item_kind == "thread")))
        models = list(await session.scalars(select(TrainedModel)))
        authors = set(await session.scalars(_authors([row.item_id for row in shown])))
    assert status == 0
    # So few members of one chat may not be enough to promote; the verdict is told with its numbers either way.
    assert all("NDCG@10" in outcome for outcome in trained)
    assert {one.name for one in models} == {"recommender", "interaction_model"}
    assert {one.member_id for one in sent} <= set(chosen)
    # This export has no reply links, and everything asked in it is followed by talk of the same field, so that nobody can say
    # what is still open: who asks is answered, and told of no thread that could be untrue.
    assert {one.member_id for one in sent if one.kind == "reply"} == set(sorted(chosen)[4:6])
    assert all(row.reasons for row in shown)
    assert authors <= set(chosen), "what is recommended was written by members who said yes"


async def test_after_an_import_a_digest_says_how_many_agreed_instead_of_all_quiet(stage: Stage, tmp_path: Path) -> None:
    club, _, [mia] = stage.club("Mia")
    history = [message(number, (f"user{number % 12 + 1}", f"P{number % 12}")) for number in range(1, 200)]
    await imported(stage.database, write(tmp_path, chat(*history, name="Founders", number=-club.id - 10**12)))
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/digest")
    await stage.settle()
    await send_digests.run(stage.host.services, now=stage.clock.now(), member_id=await _only_reachable(stage.database))
    await stage.settle()

    said = stage.read_by(mia)[-1].text or ""
    # The twelve of the history, Mia and the owner.
    assert "I can only show what people agreed to share: 0 of 14 so far. It grows with every yes." in said


async def _only_reachable(database: Database) -> int:
    async with database.reading() as session:
        return (await session.scalars(select(Member.id).where(Member.reachable_at.is_not(None)))).one()


async def _say_yes(database: Database) -> tuple[datetime, Sequence[int]]:
    """The most active members of the last two months agree to everything and want a digest on the next morning."""
    async with database.transaction() as session:
        ended_at = (await session.scalars(select(Message.sent_at).order_by(Message.sent_at.desc()).limit(1))).one()
        now = ended_at.replace(hour=9, minute=2) + timedelta(days=1)
        recent = (
            select(Message.member_id)
            .where(Message.sent_at > now - timedelta(days=60), Message.member_id.is_not(None))
            .group_by(Message.member_id)
            .order_by(func.count().desc())
            .limit(N_CONSENTING)
        )
        chosen = [one for one in await session.scalars(recent) if one is not None]
        for member_id in chosen:
            await consent.decide(
                session,
                member_id=member_id,
                community_id=1,
                purposes=Purpose,
                is_given=True,
                now=now,
                way="button",
            )
        await session.execute(update(Member).where(Member.id.in_(chosen)).values(reachable_at=now, digest="daily"))
    return now, chosen


def _authors(thread_ids: Sequence[int]):  # type: ignore[no-untyped-def]  # a statement's type says nothing here
    return select(Message.member_id).where(Message.thread_id.in_(thread_ids), Message.member_id.is_not(None))
