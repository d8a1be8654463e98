"""Whom questions are brought to, against the truth of the invented community."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.playground.community.conversations import KNOWS
from models.database import Database
from models.domain.conversations import threads
from models.domain.questions import helpers
from models.domain.questions.questions import Call
from models.tables.member import Member
from models.tables.message import Message
from tests.bot.playground.test_community import Town
from tests.models.domain.conversations.test_truth import move_in, write_new
from tests.village import Village

SEED, STEP, N_STEPS = 61, timedelta(hours=8), 3 * 21


async def test_who_is_asked_truly_knows_and_nobody_carries_all(sqlite: Database) -> None:
    town = Town(SEED)
    async with sqlite.transaction() as session:
        seen, asked = await _live(session, await Village.found(session), town)

    assert seen["brought"] >= 7
    # Their taste is the truth; what they answered before is all that is looked at.
    assert seen["knows"] >= 0.9 * seen["brought"]
    assert seen["reads"] == seen["brought"]
    # An answer without a link, which nobody took up, cannot always be known for one.
    assert seen["open"] >= 0.8 * seen["brought"]
    assert max(asked.values()) <= 0.3 * seen["brought"]


async def _live(session: AsyncSession, village: Village, town: Town) -> tuple[Counter[str], Counter[str]]:
    """Three weeks, looked at every eight hours; nobody answers for having been asked."""
    member = await move_in(village, town)
    await session.execute(update(Member).values(reachable_at=town.clock.at))
    for name, user in town.community.users.items():
        if user.id in member and town.community.people[name].language == "zh":
            member[user.id].client_language = "zh-hans"
    names = {row.id: name for name, user in town.community.users.items() if (row := member.get(user.id))}
    row_of: dict[int, Message] = {}
    seen: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for _ in range(N_STEPS):
        town.live(STEP)
        await write_new(village, town, member, row_of)
        now, community = town.clock.at, village.community
        await threads.write(session, community.id, await threads.plan(session, community.id, now=now))
        for call in await helpers.calls(session, community, now=now):
            await helpers.remember(session, community, call, now=now)
            asked[names[call.member.id]] += 1
            seen += _judged(town, names[call.member.id], call)
    return seen, asked


def _judged(town: Town, name: str, call: Call) -> Counter[str]:
    person, head = town.community.people[name], call.question.talk.head.telegram_message_id
    asker = next(one for one in town.said() if one.id == head)
    is_answered = any(town.community.answered_by(one.id) == head for one in town.said())
    return Counter(
        brought=1,
        knows=person.taste(town.community.topic_of(head) or "") >= KNOWS,
        reads=person.reads(town.author(asker).language),
        open=not is_answered,
    )
