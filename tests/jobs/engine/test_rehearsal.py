from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from jobs.engine.rehearsal import plain, rehearse
from models.database import Database
from models.tables.member import Member
from tests.factories import make_member
from tests.patience import PATIENCE


async def n_members(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count(Member.id))) or 0


async def write_and_fail(database: Database) -> None:
    async with database.transaction() as session:
        await make_member(session)
        raise ZeroDivisionError


async def test_what_a_rehearsal_writes_is_seen_in_it_and_gone_after_it(database: Database) -> None:
    async with database.transaction() as session:
        await make_member(session)

    async with rehearse(database) as rows:
        async with rows.transaction() as session:
            await make_member(session)
        seen = await n_members(rows)

    assert seen == 2
    assert await n_members(database) == 1


async def test_a_block_that_fails_in_a_rehearsal_undoes_only_itself(database: Database) -> None:
    async with rehearse(database) as rows:
        async with rows.transaction() as session:
            await make_member(session)
        with pytest.raises(ZeroDivisionError):
            await write_and_fail(rows)

        assert await n_members(rows) == 1


async def test_a_failing_rehearsal_keeps_nothing_either(database: Database) -> None:
    async def play() -> None:
        async with rehearse(database) as rows:
            async with rows.transaction() as session:
                await make_member(session)
            await write_and_fail(rows)

    with pytest.raises(ZeroDivisionError):
        await play()

    assert await n_members(database) == 0


async def test_a_job_may_look_while_it_writes_and_many_tasks_take_turns(database: Database) -> None:
    async with rehearse(database) as rows:

        async def write_one() -> int:
            async with rows.transaction() as session:
                before = await n_members(rows)
                await make_member(session)
                return before

        await asyncio.gather(*(write_one() for _ in range(5)))

        assert await n_members(rows) == 5


async def test_the_running_bot_writes_on_while_a_rehearsal_plays(database: Database) -> None:
    async with rehearse(database) as rows:
        async with rows.transaction() as session:
            await make_member(session)

        async with asyncio.timeout(PATIENCE), database.transaction() as session:
            await make_member(session)

    assert await n_members(database) == 1


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<b>Hello</b> &amp; welcome", "Hello & welcome"),  # entities are decoded last: no new tags
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),  # what a member wrote stays
        ('<a href="https://t.me/c/1/2">Lawyers</a>?', "Lawyers <https://t.me/c/1/2>?"),  # an address is told
        ('<tg-time unix="1" format="wDt">Mon 9:00</tg-time>', "Mon 9:00"),  # Telegram's own tags
    ],
)
def test_markup_is_shown_as_a_terminal_can(markup: str, shown: str) -> None:
    assert plain(markup) == shown
