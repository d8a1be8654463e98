"""Why the bot said what it said, from its own rows, for the page's side panel."""

from __future__ import annotations

from sqlalchemy import select

from bot.playground.page.deeds import latest_deeds
from models.domain.sending import deliveries
from models.tables.member import Member
from tests.stage import Stage

# Each row: a reason as a feature wrote it, and its sentence; "" where there is none.
REASONS = [
    # by key, the shape of digests
    ({"key": "friends_go", "values": {"names": ["Jo", "Ana"], "n": 2}}, "Jo and Ana are going"),
    # a full key with its values beside it
    ({"key": "digests.reason.unanswered"}, "Nobody has answered yet"),
    # words already
    ("Mia hosts", "Mia hosts"),
    # told twice, and beyond three: left out
    ("Mia hosts", ""),
    # nothing that can be said
    ({"key": "no.such.reason"}, ""),
    (7, ""),
]


async def test_a_push_tells_its_kind_and_reasons(stage: Stage) -> None:
    club, _, (mia,) = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    async with stage.database.transaction() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == mia.id))).one()
        member.attention_budget = 7
        told = [reason for reason, _ in REASONS]
        payload = {"text": "Your friend Jo is here"}
        await deliveries.queue(
            session, "notice", now=stage.clock.now(), payload=payload, member_id=member.id, reasons=told
        )
    await stage.settle()

    newest, *older = await latest_deeds(stage.host.services, 10)

    shown = stage.read_by(mia)[-1]
    assert newest["chat"] == shown.key == f"{mia.id}:{stage.bot.id}"
    assert newest["message_id"] == shown.id
    assert newest["kind"] == "notice"
    assert newest["why"] == [sentence for _, sentence in REASONS if sentence]
    assert [deed["why"] for deed in older] == [[]] * len(older)
    assert {deed["chat"] for deed in older} <= {club.key, newest["chat"]}


async def test_only_what_was_sent_is_told_newest_first(stage: Stage) -> None:
    _, _, (mia,) = stage.club("Mia")
    for payload in ("", "again"):
        stage.telegram.start(mia, stage.bot, payload)
        await stage.settle()
    async with stage.database.transaction() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == mia.id))).one()
        later = stage.clock.now().replace(year=2027)
        payload_ = {"text": "not yet"}
        await deliveries.queue(
            session, "notice", now=stage.clock.now(), due_at=later, payload=payload_, member_id=member.id
        )

    (newest,) = await latest_deeds(stage.host.services, 1)

    assert newest["message_id"] == stage.read_by(mia)[-1].id
