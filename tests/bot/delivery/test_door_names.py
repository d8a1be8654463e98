"""Hosts of the same default name on one database: each keeps what it has in flight, and takes over what ended ones left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

import bot.delivery.door
from bot.app import build_bot
from bot.delivery.door_names import has_ended, own_name
from bot.host import Host
from bot.playground.clock import SimulatedClock
from models.database import Database
from models.domain.sending.deliveries import queue
from models.encryption import KeyRing
from models.tables.delivery import Delivery
from models.tables.member import Member
from tests.patience import eventually
from tests.processes import python
from tests.stage import Stage

N_MEMBERS = 8


@pytest.fixture
async def stage(database: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    """The usual one, on both databases."""
    opened = Stage(database, clock)
    await opened.open()
    yield opened
    await opened.close()


async def test_a_second_host_that_starts_leaves_the_sends_of_the_first_alone(
    stage: Stage, keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await _acquainted(stage)
    really_call, is_free, in_flight = bot.delivery.door.call, asyncio.Event(), []

    async def call_late(client: Any, claim: Any) -> Any:
        in_flight.append(claim.id)
        await is_free.wait()
        return await really_call(client, claim)

    monkeypatch.setattr(bot.delivery.door, "call", call_late)
    sending = asyncio.create_task(stage.host.door.flush())
    await eventually(lambda: len(in_flight) == N_MEMBERS, "all are in flight")

    async with _second_host(stage, keys) as second:
        starting = asyncio.create_task(second.door.flush())
        await asyncio.wait([starting], timeout=1.0)
        is_free.set()
        await asyncio.gather(sending, starting)
        await stage.pass_time(timedelta(minutes=10))
        await second.door.flush()

    assert [sum(said.text == "Hi" for said in stage.read_by(one)) for one in people] == [1] * N_MEMBERS


async def test_what_an_ended_process_left_goes_within_a_minute_and_what_another_machine_has_in_flight_does_not(
    stage: Stage,
) -> None:
    people = await _acquainted(stage)
    mine, elsewhere = await _name_of_an_ended_process(), "host@elsewhere:0a1b2c3d:1:deadbeef:1"
    async with stage.database.transaction() as session:
        ids = list(await session.scalars(select(Delivery.id).where(Delivery.sent_at.is_(None)).order_by(Delivery.id)))
        for number, delivery_id in enumerate(ids):
            claim = {"claimed_at": stage.clock.now(), "claimed_by": elsewhere if number else mine, "n_attempts": 1}
            await session.execute(update(Delivery).where(Delivery.id == delivery_id).values(claim))

    # Doors look back once a minute; what nobody knows of waits for STALE_AFTER.
    await stage.pass_time(timedelta(minutes=1))

    assert [sum(said.text == "Hi" for said in stage.read_by(one)) for one in people] == [1] + [0] * (N_MEMBERS - 1)


def test_no_two_doors_of_one_process_share_a_name_and_none_of_them_has_ended() -> None:
    names = [own_name(), own_name()]

    assert len(set(names)) == 2
    assert not any(has_ended(name) for name in names)


async def test_a_process_has_ended_when_its_number_is_free_or_another_has_it() -> None:
    label, place, pid, _, number = own_name().split(":")

    assert has_ended(await _name_of_an_ended_process())
    # An earlier process had our number, as each start of a container's only one has.
    assert has_ended(":".join((label, place, pid, "deadbeef", number)))
    # The same number in another container or on another machine says nothing.
    assert not has_ended(":".join((label, "0a1b2c3d", pid, "deadbeef", number)))
    assert not any(has_ended(name) for name in ("host", "", "a:b:c:d:e"))


async def _acquainted(stage: Stage) -> list[Any]:
    """Members with an open private chat and a reply that is due to each."""
    club, _, people = stage.club(*(f"Member{number}" for number in range(N_MEMBERS)))
    for one in people:
        stage.telegram.say(one, club, "hello")
        stage.telegram.start(one, stage.bot)
    await stage.settle(8)
    await stage.pass_time(timedelta(minutes=2))
    async with stage.database.transaction() as session:
        for one in people:
            member_id = await session.scalar(select(Member.id).where(Member.telegram_id == one.id))
            await queue(session, "reply", now=stage.clock.now(), payload={"text": "Hi"}, member_id=member_id)
    return people


@asynccontextmanager
async def _second_host(stage: Stage, keys: KeyRing) -> AsyncIterator[Host]:
    database = Database(stage.database.url, keys)
    client = build_bot(stage.config.telegram, request=stage._request(), polling=stage._request())
    host = Host(replace(stage.host.services, database=database), client)
    await host.start()
    yield host
    await host.stop()
    await database.close()


async def _name_of_an_ended_process() -> str:
    async with python("-c", "from bot.delivery.door_names import own_name; print(own_name())", stdout=-1) as process:
        return (await process.communicate())[0].decode().strip()
