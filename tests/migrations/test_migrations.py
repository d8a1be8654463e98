from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select, text

from migrations.upgrade import HERE, alembic_config, current_revision, migrate, newest_revision, upgrade
from models.database import Database
from models.tables.base import Base
from models.tables.community import Community
from models.tables.event import Event, Rsvp
from models.tables.interaction import Interaction
from models.tables.recommendation import Recommendation
from tests.factories import make_community, make_event, make_member, make_rsvp


async def test_the_steps_lead_to_exactly_our_tables(database: Database) -> None:
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), Base.metadata)
        )

    assert differences == []


async def test_migrations_go_up_and_down_and_up_again(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: migrate(sync, "base"))
        left = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        await connection.run_sync(lambda sync: migrate(sync, "head"))
        revision = await connection.run_sync(current_revision)

    assert left <= {"alembic_version"}
    assert revision == newest_revision()


async def test_a_start_without_new_steps_changes_nothing(database: Database) -> None:
    assert await upgrade(database) is False


async def test_text_is_sealed_in_the_file(database: Database) -> None:
    from datetime import UTC, datetime

    from models.tables.member import Member

    async with database.transaction() as session:
        session.add(Member(telegram_id=2**52 - 1, name="Mia Kranz", created_at=datetime(2026, 3, 2, tzinfo=UTC)))
    async with database.reading() as session:
        raw = (await session.execute(text("SELECT name FROM member"))).scalar_one()

    assert b"Mia" not in bytes(raw)


async def test_steps_down_and_up_keep_what_hangs_on_a_changed_table(database: Database) -> None:
    async with database.transaction() as session:
        community, member = await make_community(session), await make_member(session)
        event = await make_event(session, community)
        await make_rsvp(session, event, member)
        whose = {"community_id": community.id, "member_id": member.id}
        what = {"item_kind": "event", "item_id": event.id, "source": "host", "position": 0, "score": 1.0, "reasons": []}
        pushed = Recommendation(**whose, **what, created_at=event.created_at)
        session.add(pushed)
        await session.flush()
        session.add(Interaction(**whose, kind="rsvp", at=event.created_at, recommendation_id=pushed.id))
    first = min(path.stem for path in (HERE / "versions").glob("[0-9]*.py"))

    async with database.engine.begin() as connection:
        # Copying a table, as Alembic's batches do on SQLite, would take along the rows that refer to it.
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), first))
        await connection.run_sync(lambda sync: migrate(sync, "head"))

    async with database.reading() as session:
        kept = [await session.scalar(select(func.count()).select_from(table)) for table in (Community, Event, Rsvp)]
        tied_to = await session.scalar(select(Interaction.recommendation_id))
    assert kept == [1, 1, 1]
    assert tied_to == pushed.id
