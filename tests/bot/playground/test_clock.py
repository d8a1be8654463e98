"""Simulated time wakes sleepers in order and never runs backwards."""

import asyncio
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import Clock, SystemClock
from bot.playground.clock import SimulatedClock
from tests.patience import PATIENCE, eventually

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def test_time_stands_still_until_it_is_advanced() -> None:
    clock = SimulatedClock(START)

    await asyncio.sleep(0.01)

    assert clock.now() == START


async def test_a_sleeper_wakes_at_its_own_instant_and_not_before() -> None:
    clock = SimulatedClock(START)
    seen: list[datetime] = []

    async def sleeper() -> None:
        await clock.sleep(60)
        seen.append(clock.now())

    task = asyncio.create_task(sleeper())
    await clock.advance(timedelta(seconds=59))
    assert seen == []
    await clock.advance(timedelta(hours=1))
    await task

    assert seen == [START + timedelta(seconds=60)]


async def test_sleepers_wake_in_order_with_their_new_sleeps_in_between() -> None:
    clock = SimulatedClock(START)
    seen: list[tuple[str, int]] = []

    async def ticker(name: str, seconds: int) -> None:
        while True:
            await clock.sleep(seconds)
            seen.append((name, round((clock.now() - START).total_seconds())))

    tasks = [asyncio.create_task(ticker("a", 20)), asyncio.create_task(ticker("b", 30))]
    await clock.advance(timedelta(seconds=60))
    for task in tasks:
        task.cancel()

    # at 60 s both are due; b began waiting at 30 s, a at 40 s, so b is first
    assert seen == [("a", 20), ("b", 30), ("a", 40), ("b", 60), ("a", 60)]


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = SimulatedClock(START)
    task = asyncio.create_task(clock.sleep(5))
    await asyncio.sleep(0)

    task.cancel()
    await clock.advance(timedelta(seconds=10))

    assert task.cancelled()
    assert clock.now() == START + timedelta(seconds=10)


async def test_time_never_moves_backwards() -> None:
    clock = SimulatedClock(START)

    with pytest.raises(ValueError, match="backwards"):
        await clock.advance(timedelta(seconds=-1))
    assert clock.now() == START


async def test_a_naive_start_is_refused_and_another_zone_becomes_utc() -> None:
    with pytest.raises(ValueError, match="aware"):
        SimulatedClock(START.replace(tzinfo=None))

    clock = SimulatedClock(START.astimezone(timezone(timedelta(hours=8))))
    assert clock.now().tzinfo is UTC
    assert clock.now() == START


async def test_time_flows_by_itself_until_paused() -> None:
    clock = SimulatedClock(START)

    begun = time.monotonic()
    clock.run(speed=3600)
    await eventually(lambda: clock.now() > START + timedelta(minutes=1))
    assert clock.is_running
    clock.pause()
    paused_at, passed = clock.now(), time.monotonic() - begun
    await asyncio.sleep(0.1)

    assert paused_at - START <= timedelta(hours=passed)
    assert clock.now() == paused_at
    assert not clock.is_running


async def test_time_cannot_flow_at_no_speed() -> None:
    clock = SimulatedClock(START)

    with pytest.raises(ValueError, match="speed"):
        clock.run(speed=0)


async def test_sleeping_for_nothing_returns_at_once() -> None:
    simulated, system = SimulatedClock(START), SystemClock()

    await asyncio.wait_for(simulated.sleep(0), PATIENCE)
    await asyncio.wait_for(system.sleep(-3), PATIENCE)


async def test_the_system_clock_is_aware_and_waits_in_real_time() -> None:
    clock: Clock = SystemClock()

    before = clock.now()
    await clock.sleep(0.02)

    assert before.tzinfo is UTC
    assert clock.now() - before >= timedelta(seconds=0.015)
