"""Every few minutes: new messages join threads, threads are described, and members who acted on a recommendation are noted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.scene.services import Services
from models.domain.conversations import facts as thread_facts
from models.domain.conversations import threads
from models.domain.conversations.words import terms_of
from models.domain.digests import feedback
from models.domain.serving import training
from models.tables.community import Community

# Threads of a community where nothing was said, and nobody changed their consent, for so long stay as they are described;
# well above the ten minutes between runs.
STILL_FOR = timedelta(minutes=60)
# A word's weight is told from what was said within this time.
WORDS_OF = timedelta(days=30)


async def run(services: Services, *, now: datetime) -> str:
    """Weave every community."""
    async with services.database.reading() as session:
        community_ids = list(await session.scalars(select(Community.id).order_by(Community.id)))
    n_messages = n_acted = 0
    for community_id in community_ids:
        thread_of, n_actions = await _weave(services, community_id, now)
        n_messages, n_acted = n_messages + thread_of, n_acted + n_actions
    return f"{n_messages} messages woven, {n_acted} recommendations acted on"


async def _weave(services: Services, community_id: int, now: datetime) -> tuple[int, int]:
    # What takes long is done between the transactions: nobody waits for arithmetic.
    async with services.database.reading() as session:
        plan = await threads.plan(session, community_id, now=now)
    async with services.database.transaction() as session:
        thread_of = await threads.write(session, community_id, plan)
        n_acted = await feedback.note_actions(session, community_id, now=now)
    async with services.database.reading() as session:
        if not thread_of and not await thread_facts.may_have_changed(session, community_id, since=now - STILL_FOR):
            return 0, n_acted
        learnt = await training.read_talk(session, community_id, since=now - WORDS_OF, until=now)
        terms = await terms_of(session, community_id, learnt)
        facts = await thread_facts.describe(session, community_id, terms, now=now, touched_ids=set(thread_of.values()))
    async with services.database.transaction() as session:
        await thread_facts.write(session, facts)
    return len(thread_of), n_acted
