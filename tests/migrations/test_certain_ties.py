"""Step 11: what was woven before keeps its threads; reply links in them are certain, the rest is probable."""

from __future__ import annotations

from alembic import command
from sqlalchemy import select, update

from migrations.upgrade import alembic_config, migrate
from models.database import Database
from models.domain.conversations import threads
from models.tables.message import Message, Tie
from tests.village import NOW, Village


async def test_replies_of_old_threads_become_certain_and_the_rest_probable(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo, quiet = await village.learner("Mia"), await village.learner("Jo"), await village.silent("Quiet")
        asked = await village.say(mia, "Who knows a notary?", hours_ago=9)
        reply = await village.say(jo, "mine is in Mitte", hours_ago=8, reply_to=asked)
        deeper = await village.say(mia, "thank you", hours_ago=7, reply_to=reply)
        loose = await village.say(jo, "or ask Ana", hours_ago=6)
        below_loose = await village.say(mia, "I will", hours_ago=5, reply_to=loose)
        stranger = await village.say(quiet, "hello", hours_ago=4)
        planned = await threads.plan(session, village.community.id, now=NOW)
        await threads.write(session, village.community.id, planned)
        thread_id = await session.scalar(select(Message.thread_id).where(Message.id == asked.id))
        later = [loose.id, below_loose.id]
        await session.execute(update(Message).where(Message.id.in_(later)).values(thread_id=thread_id))

    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), "0010_interaction_chat"))
        await connection.run_sync(lambda sync: migrate(sync, "head"))

    async with database.reading() as session:
        rows = (await session.scalars(select(Message).order_by(Message.id))).all()
    assert {row.id: (row.tie, row.answers_id, row.is_certain) for row in rows} == {
        asked.id: (Tie.HEAD, None, True),
        reply.id: (Tie.REPLY, asked.id, True),
        deeper.id: (Tie.REPLY, reply.id, True),
        loose.id: (Tie.PROBABLE, None, False),
        below_loose.id: (Tie.REPLY, loose.id, False),
        stranger.id: (None, None, False),
    }
