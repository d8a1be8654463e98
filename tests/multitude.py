"""A community of many thousands as rows, written in bulk: for what must not break, or slow down, with size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import case, insert, literal, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_many
from models.tables.community import Community
from models.tables.consent import AT_ONCE, Consent, Purpose
from models.tables.member import Frequency, Member, Membership
from models.tables.message import Message
from tests.factories import LONG_AGO, make_chat, make_community

TOPICS = ("logistics", "payroll", "batteries", "customs", "packaging", "insurance", "recruiting", "hosting")
IN_ONE_FIELD = ("logistics", "customs", "packaging")
AT_A_TIME = 2_000
DAY = timedelta(days=1)
_DUE = Consent.__table__.c.digest_due_at.type


@dataclass(frozen=True)
class Multitude:
    """Row ids of members begin at 1; the first `n_due` of `n_members` are due for a digest at `now`."""

    n_members: int
    n_due: int
    now: datetime
    # So many of those who are due asked of a field, and get a digest; of the others too little is known.
    n_with_interests: int = 500
    # Who writes, from the last member backwards.
    n_talkers: int = 60
    n_threads: int = 400
    talk_days: int = 60


async def settle_down(session: AsyncSession, crowd: Multitude) -> Community:
    """Everybody said yes to digests and to learning, in one group; some of them ask and answer."""
    community = await make_community(session)
    chat = await make_chat(session, community_id=community.id, title="Founders")
    numbers = range(1, crowd.n_members + 1)
    await write(session, Member, (_member(number, crowd) for number in numbers))
    bond = {"community_id": community.id, "role": "member", "last_seen_at": LONG_AGO, "joined_at": LONG_AGO}
    await _of_all(session, Membership, bond)
    for purpose in (Purpose.LEARN, Purpose.DIGEST):
        yes = {"community_id": community.id, "purpose": purpose, "is_given": True, "decided_at": LONG_AGO}
        later = case((Member.id <= crowd.n_due, literal(AT_ONCE, _DUE)), else_=literal(crowd.now + DAY / 2, _DUE))
        await _of_all(session, Consent, yes, digest_due_at=later if purpose == Purpose.DIGEST else null())
    await write(session, Message, _talk(chat.id, crowd))
    return community


async def _of_all(session: AsyncSession, table: type[Any], values: dict[str, Any], **computed: Any) -> None:
    """A row for each member, made by the database itself."""
    columns = table.__table__.c
    told = {name: literal(value, columns[name].type) for name, value in values.items()} | computed
    rows = select(Member.id, *told.values())
    await session.execute(insert(table.__table__).from_select(["member_id", *told], rows))


async def write(session: AsyncSession, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows that all have the same keys, some thousands a statement."""
    source = iter(rows)
    while some := list(islice(source, AT_A_TIME)):
        await session.execute(*insert_many(session, table, some))


def _member(number: int, crowd: Multitude) -> dict[str, Any]:
    is_due = number <= crowd.n_due
    return {
        "id": number,
        "telegram_id": 1_000_000 + number,
        "is_bot": False,
        "name": f"Member {number}",
        "reachable_at": LONG_AGO,
        "digest": Frequency.DAILY,
        # Twelve hours away: not before tomorrow, and no longer today.
        "digest_hour": (crowd.now.hour + (0 if is_due else 12)) % 24,
        "quiet_from_hour": 0,
        "quiet_until_hour": 0,
        "created_at": LONG_AGO,
    }


def _talk(chat_id: int, crowd: Multitude) -> Iterable[dict[str, Any]]:
    """Questions with an answer or two, spread over the days before now."""
    random = Random(7)
    talkers = range(crowd.n_members - crowd.n_talkers + 1, crowd.n_members + 1)
    told = 0
    for number in range(1, min(crowd.n_due, crowd.n_with_interests) + 1):
        # Who is due asked twice about the field of three of the topics, long enough ago to be no news.
        for days in (20, 25):
            told += 1
            text = f"Which {IN_ONE_FIELD[number % len(IN_ONE_FIELD)]} partner is good, says {number}?"
            yield _message(chat_id, told, number, text, crowd.now - days * DAY)
    for i in range(crowd.n_threads):
        asked_at = crowd.now - crowd.talk_days * DAY * (1 - i / crowd.n_threads)
        who, *others = random.sample(talkers, 3)
        topic = TOPICS[i % len(TOPICS)]
        told += 1
        head = told
        yield _message(chat_id, head, who, f"Does anyone know a good {topic} partner in town {i}?", asked_at)
        for n, other in enumerate(others, start=1):
            told += 1
            answer = f"We work with a {topic} company, number {i}, and would again"
            yield _message(chat_id, told, other, answer, asked_at + n * timedelta(minutes=7), (head, who))


def _message(
    chat_id: int, number: int, who: int, text: str, at: datetime, answers: tuple[int, int] | None = None
) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "telegram_message_id": number,
        "member_id": who,
        "sender": "member",
        "kind": "text",
        "text": text,
        "sent_at": at,
        "reply_to_telegram_id": answers[0] if answers else None,
        "reply_to_member_id": answers[1] if answers else None,
        "is_forward": False,
        "n_links": 0,
        "source": "live",
        "is_certain": False,
    }
