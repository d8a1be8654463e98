from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import LargeBinary, delete, select, type_coerce

from models.database import Database, insert_many, is_one_of
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.member import Member
from tests.factories import make_community, make_member

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
# What arrays write specially: nothing, the word for nothing, quotes, braces, backslashes, line ends, other scripts.
WORDS = [None, "NULL", "", 'a "b"', "{1,2}", "\\N", "one\ntwo", "创始人 🎉", "a,b"]


def raw(number: int, payload: bytes) -> dict[str, Any]:
    return {
        "bot_id": 1,
        "update_id": number,
        "kind": "message",
        "is_urgent": number % 2 == 0,
        "sender_telegram_id": None,
        "chat_telegram_id": -100 - number,
        "payload": payload,
        "received_at": NOON,
        "n_attempts": 0,
    }


async def test_many_rows_arrive_as_they_were_given(database: Database) -> None:
    async with database.transaction() as session:
        community, mia = await make_community(session), await make_member(session)
        own = {"community_id": community.id, "member_id": mia.id, "kind": "rsvp", "at": NOON, "value": 1}

        await session.execute(*insert_many(session, Interaction, [own | {"what": word} for word in WORDS]))

        told = list(await session.execute(select(Interaction.what, Interaction.at).order_by(Interaction.id)))
    assert [what for what, _ in told] == WORDS
    assert {at for _, at in told} == {NOON}


async def test_what_is_sealed_is_sealed_in_many_rows_too(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(*insert_many(session, RawUpdate, [raw(1, b"a secret"), raw(2, b"")]))

        there = list(await session.scalars(select(RawUpdate).order_by(RawUpdate.update_id)))
        stored = list(await session.scalars(select(type_coerce(RawUpdate.payload, LargeBinary))))
    assert [row.payload for row in there] == [b"a secret", b""]
    assert [row.is_urgent for row in there] == [False, True]
    assert all(b"secret" not in bytes(one) for one in stored)


async def test_of_many_rows_those_that_are_there_are_left_out(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(*insert_many(session, RawUpdate, [raw(1, b"first")]))
        statement, parameters = insert_many(session, RawUpdate, [raw(1, b"again"), raw(2, b"new")])

        new = await session.scalars(statement.on_conflict_do_nothing().returning(RawUpdate.update_id), parameters)

        assert list(new) == [2]


async def test_a_column_is_one_of_more_values_than_a_statement_takes_parameters(database: Database) -> None:
    async with database.transaction() as session:
        members = [await make_member(session, handle_hash=name) for name in ("mia", "jo", "a'b\"创")]
        crowd = {*range(70_000), *(member.id for member in members[:2])}

        found = list(await session.scalars(select(Member.id).where(is_one_of(Member.id, crowd)).order_by(Member.id)))
        others = list(await session.scalars(select(Member.id).where(~is_one_of(Member.id, [members[0].id]))))
        named = await session.scalar(select(Member.id).where(is_one_of(Member.handle_hash, ["x", "a'b\"创"])))
        nobody = list(await session.scalars(select(Member.id).where(is_one_of(Member.id, []))))
        everybody = list(await session.scalars(select(Member.id).where(~is_one_of(Member.blocked_at, []))))
        await session.execute(delete(Member).where(is_one_of(Member.id, crowd)))
        left = list(await session.scalars(select(Member.id)))
    assert found == [member.id for member in members]
    assert others == [member.id for member in members[1:]]
    assert named == members[2].id
    assert nobody == []
    assert len(everybody) == 3
    assert left == []


async def test_instants_are_compared_as_they_are_stored(database: Database) -> None:
    async with database.transaction() as session:
        mia = await make_member(session, reachable_at=NOON, blocked_at=None)

        found = list(await session.scalars(select(Member.id).where(is_one_of(Member.reachable_at, [NOON]))))
    assert found == [mia.id]
