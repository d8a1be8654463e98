from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from migrations.upgrade import alembic_config, current_revision, migrate, newest_revision, upgrade
from models.database import Database
from models.tables.base import Base
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


async def test_a_step_back_and_forth_keeps_events_and_their_answers(database: Database) -> None:
    async with database.transaction() as session:
        event = await make_event(session, await make_community(session))
        await make_rsvp(session, event, await make_member(session))

    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), "0001_first_tables"))
        await connection.run_sync(lambda sync: migrate(sync, "head"))

    async with database.reading() as session:
        answers = (await session.execute(text("SELECT count(*) FROM rsvp"))).scalar_one()
        visibility = (await session.execute(text("SELECT visibility FROM event"))).scalar_one()
    assert (answers, visibility) == (1, "community")
