from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select, text

from migrations.upgrade import HERE, alembic_config, current_revision, migrate, newest_revision, upgrade
from models.database import Database
from models.tables.base import Base
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp
from models.tables.interaction import Interaction
from models.tables.member import Member
from models.tables.recommendation import Recommendation
from tests.factories import make_community, make_event, make_member, make_rsvp


async def test_the_steps_lead_to_exactly_our_tables(database: Database) -> None:
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), Base.metadata)
        )

    assert differences == [], "no step leads to this: make step NAME=what_it_is_for writes one"


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


def _step_down(connection: Connection, to: str) -> None:
    command.downgrade(alembic_config(connection), to)


async def test_what_old_deliveries_are_about_is_read_from_their_keys(database: Database) -> None:
    starts_at = datetime(2026, 3, 10, 18, tzinfo=UTC)
    keys = {
        1: f"event:7:invite:{int(starts_at.timestamp())}:1",
        2: "introduction:3:1",
        3: "digest:1:1:2026-03-02",
        4: "instead:1",
        5: None,
    }
    async with database.transaction() as session:
        mia = await make_member(session)
        for number, key in keys.items():
            sent = {"kind": "notice", "method": "sendMessage", "created_at": starts_at, "due_at": starts_at}
            session.add(Delivery(**sent, id=number, member_id=mia.id, once_key=key))
    async with database.engine.begin() as connection:
        await connection.run_sync(_step_down, "0008_indexes_for_age")
        await connection.run_sync(lambda sync: migrate(sync, "head"))

    async with database.reading() as session:
        rows = {row.id: row for row in await session.scalars(select(Delivery))}
        columns = {
            row.id: (row.about_kind, row.about_id, row.what, row.about_at, row.once_key) for row in rows.values()
        }
    async with database.engine.begin() as connection:
        await connection.run_sync(_step_down, "0008_indexes_for_age")
        old = dict((await connection.execute(text("SELECT id, once_key FROM delivery"))).all())
        await connection.run_sync(lambda sync: migrate(sync, "head"))
    assert columns == {
        1: ("event", 7, "invite", starts_at, keys[1]),
        2: ("introduction", 3, "introduced", None, "introduction:3:introduced:1"),
        3: (None, None, None, None, keys[3]),
        4: ("event", 7, "invite", starts_at, keys[4]),
        5: (None, None, None, None, None),
    }
    assert old == keys
