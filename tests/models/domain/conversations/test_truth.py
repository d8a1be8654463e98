"""What is told of the invented community's conversations, held against what its people truly did."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.playground.community.people import SAYS_NO, Person
from models.database import Database
from models.domain.conversations import threads
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.members.learners import learners
from models.reading.text_kinds import TextKind, kind
from models.tables.consent import Purpose
from models.tables.member import Member
from models.tables.message import Message
from tests.bot.playground.test_community import Town
from tests.village import Village

SEEDS = range(60, 65)


async def test_counts_names_open_and_answered_are_as_people_truly_talked(sqlite: Database) -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        town = Town(seed)
        town.live(timedelta(weeks=2))
        async with sqlite.transaction() as session:
            seen += await _judged(session, await Village.found(session), town)

    assert seen["told"] >= 500
    assert seen["begins nothing"] <= 0.05 * seen["told"]
    # By the reply tree: nobody is counted or named who had no part in it.
    assert seen["untrue"] <= 0.01 * seen["told"]
    assert seen["open"] >= 100
    assert seen["closed wrongly"] <= 0.05 * seen["open"]
    assert seen["answered"] >= 300
    # An answer without a reply link, which nobody took up, cannot be known for one: it leaves a doubt.
    assert seen["left open"] <= 0.05 * seen["answered"]
    assert seen["told to have no answer"] <= 0.03 * seen["answered"]
    # Nearly all that learners ask is told.
    assert seen["questions told"] >= 0.9 * seen["questions"]


async def _judged(session: AsyncSession, village: Village, town: Town) -> Counter[str]:
    row_of = await _write(session, village, town)
    await threads.write(
        session, village.community.id, await threads.plan(session, village.community.id, now=town.clock.at)
    )
    in_thread = select(Message.thread_id).where(Message.chat_id == village.chat.id, Message.thread_id.is_not(None))
    allowed = await learners(session, village.community.id)
    told = await describe_threads(session, [one for one in set(await session.scalars(in_thread)) if one], allowed)
    root, took_part = _truth(town, row_of)
    number = {row.id: telegram_id for telegram_id, row in row_of.items()}
    seen: Counter[str] = Counter(told=len(told))
    for one in told.values():
        head = number[one.head.message_id]
        seen["begins nothing"] += root[head] != head
        seen["untrue"] += not set(one.last_spoke) <= took_part[root[head]]
        if one.is_question:
            seen += _closed(one, any(_answers(town, row_of, other, head) for other in row_of))
    asked = [one for one in row_of if root[one] == one and row_of[one].member_id in allowed and _asks(row_of[one])]
    heads = {number[one.head.message_id] for one in told.values()}
    return seen + Counter({"questions": len(asked), "questions told": sum(one in heads for one in asked)})


def _closed(one: Conversation, is_answered: bool) -> Counter[str]:
    if not is_answered:
        return Counter({"open": 1, "closed wrongly": int(not one.is_open)})
    is_told_so = one.is_open and not one.may_be_answered
    return Counter({"answered": 1, "left open": int(one.is_open), "told to have no answer": int(is_told_so)})


def _answers(town: Town, row_of: dict[int, Message], one: int, head: int) -> bool:
    """Whether a message truly answers the head, and is no courtesy."""
    is_others = row_of[one].member_id != row_of[head].member_id
    return is_others and town.community.answered_by(one) == head and kind(row_of[one].text or "").says_something


def _asks(row: Message) -> bool:
    return kind(row.text or "") is TextKind.QUESTION and not (row.text or "").startswith("/")


def _truth(town: Town, row_of: dict[int, Message]) -> tuple[dict[int, int], dict[int, set[int | None]]]:
    """The message that truly began what each is part of, and who took part in that."""
    root: dict[int, int] = {}
    took_part: dict[int, set[int | None]] = defaultdict(set)
    for one, row in row_of.items():
        earlier = town.community.answered_by(one)
        root[one] = root.get(earlier, one) if earlier else one
        took_part[root[one]].add(row.member_id)
    return root, took_part


async def _write(session: AsyncSession, village: Village, town: Town) -> dict[int, Message]:
    """The town's talk as rows, by Telegram's number; its people consent as they do."""
    member = await move_in(village, town)
    row_of: dict[int, Message] = {}
    await write_new(village, town, member, row_of)
    return row_of


async def move_in(village: Village, town: Town) -> dict[int, Member]:
    """Everybody of the town as a member, by their Telegram id."""
    people = town.community.people
    return {
        user.id: await (village.learner(name) if _learns(people[name]) else village.silent(name))
        for name, user in town.community.users.items()
    }


async def write_new(village: Village, town: Town, member: dict[int, Member], row_of: dict[int, Message]) -> None:
    """What was said since the last time, as rows."""
    for one in town.said():
        if one.id in row_of or one["from"]["id"] not in member:
            continue
        reply = one.get("reply_to_message", {}).get("message_id")
        row_of[one.id] = await village.say(
            member[one["from"]["id"]],
            one.text,
            telegram_message_id=one.id,
            sent_at=datetime.fromtimestamp(one["date"], UTC),
            reply_to=row_of.get(reply),
        )


def _learns(person: Person) -> bool:
    is_choosy = isinstance(person.consents, tuple)
    return Purpose.LEARN in person.consents if is_choosy else person.consents != SAYS_NO
