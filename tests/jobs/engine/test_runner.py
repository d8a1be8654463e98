from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

import jobs.engine.runner
from bot.config import Config, Jobs
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs.engine.runner import Runner
from jobs.schedule import Entry, Every
from models.database import Database
from models.domain.installation import timetable
from models.tables.delivery import Delivery
from models.tables.job import DueJob
from tests.conftest import KEY
from tests.factories import make_chat
from tests.patience import eventually
from tests.processes import python
from tests.stage import TEXTS

SAMPLES = "tests.jobs.samples"
GREETS = Entry("greets", Every(60), "loop", "says hello", SAMPLES)
FAILS = Entry("fails", Every(60), "loop", "fails", SAMPLES)
WAITS = Entry("waits", None, "loop", "waits", SAMPLES)


class Bell:
    """Counts how often it was rung."""

    n_rung = 0

    def wake(self) -> None:
        self.n_rung += 1


@pytest.fixture
def services(sqlite: Database, clock: SimulatedClock) -> Services:
    return Services(sqlite, clock, TEXTS, Config(jobs=Jobs(check_every_seconds=1)), door=Bell())


async def defer(services: Services, name: str, **values: Any) -> None:
    async with services.database.transaction() as session:
        await timetable.defer(session, name, now=services.clock.now(), **values)


async def with_a_chat(services: Services) -> None:
    async with services.database.transaction() as session:
        await make_chat(session)


async def row_of(services: Services, name: str) -> DueJob:
    async with services.database.reading() as session:
        return next(row for row in await timetable.rows(session) if row.name == name)


async def n_deliveries(services: Services) -> int:
    async with services.database.reading() as session:
        return await session.scalar(select(func.count(Delivery.id))) or 0


async def test_what_is_due_runs_to_the_end_and_is_due_again(services: Services, clock: SimulatedClock) -> None:
    await with_a_chat(services)
    runner = Runner(services, entries=[GREETS])
    too_early = await runner.run_due()

    await clock.advance(timedelta(hours=1))
    lines = await runner.run_due()
    again = await runner.run_due()

    row = await row_of(services, "greets")
    assert too_early == again == []
    assert lines == ["greets: greeted at 10:00"]
    assert (row.last_outcome, row.leased_until) == ("greeted at 10:00", None)
    assert row.due_at == clock.now() + timedelta(hours=1)
    assert await n_deliveries(services) == 1
    assert isinstance(services.door, Bell)
    assert services.door.n_rung == 1


async def test_missed_times_run_once(services: Services, clock: SimulatedClock) -> None:
    await with_a_chat(services)
    await Runner(services, entries=[GREETS]).run_due()
    await clock.advance(timedelta(days=3, minutes=20))

    # A new process after three days of being down.
    lines = await Runner(services, entries=[GREETS]).run_due()

    assert lines == ["greets: greeted at 09:20"]
    assert (await row_of(services, "greets")).due_at == clock.now() + timedelta(minutes=40)


async def test_a_deferred_job_gets_its_arguments_and_its_row_goes(services: Services) -> None:
    async with services.database.transaction() as session:
        await make_chat(session)
        second = await make_chat(session)
    await defer(services, "greets", key="chat:2", arguments={"chat_id": second.id})

    lines = await Runner(services, entries=[GREETS]).run_due()

    async with services.database.reading() as session:
        addressed = list(await session.scalars(select(Delivery.chat_id)))
        left = [(row.name, row.key) for row in await timetable.rows(session)]
    assert lines == ["greets: greeted at 09:00"]
    assert addressed == [second.id]
    assert left == [("greets", "")]


async def test_a_failure_is_told_without_its_text_and_does_not_stop_others(
    services: Services, clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    await with_a_chat(services)
    runner = Runner(services, entries=[FAILS, GREETS])
    await runner.run_due()
    await clock.advance(timedelta(hours=1))

    lines = await runner.run_due()

    row = await row_of(services, "fails")
    assert lines == ["fails: KeyError in run:12 (fails.py)", "greets: greeted at 10:00"]
    assert (row.n_failures, row.due_at) == (1, clock.now() + timedelta(minutes=1))
    assert "secret" not in caplog.text + (row.last_outcome or "")


async def test_a_failing_job_is_put_off_longer_but_not_beyond_its_own_time(
    services: Services, clock: SimulatedClock
) -> None:
    runner = Runner(services, entries=[FAILS])
    await runner.run_due()
    await clock.advance(timedelta(hours=1))
    waits = []
    for _ in range(4):
        await runner.run_due()
        due_at = (await row_of(services, "fails")).due_at
        waits.append((due_at - clock.now()) / timedelta(minutes=1))
        await clock.advance(due_at - clock.now())

    assert waits == [1, 5, 25, 29]


async def test_a_job_of_another_version_fails_and_waits(services: Services) -> None:
    await defer(services, "from_the_future")

    lines = await Runner(services, entries=[GREETS]).run_due()

    assert lines == ["from_the_future: there is no such job in this version"]
    assert (await row_of(services, "from_the_future")).n_failures == 1


async def test_a_woken_runner_looks_at_once(services: Services, clock: SimulatedClock) -> None:
    await with_a_chat(services)
    runner = Runner(services, entries=[GREETS])
    running = asyncio.create_task(runner.run())
    await eventually(lambda: _has_rows(services))
    await defer(services, "greets", key="now", arguments={"chat_id": 1})

    runner.wake()
    await eventually(lambda: _equals(n_deliveries(services), 1))

    await runner.stop()
    await running


async def test_the_scheduler_wakes_without_being_asked(services: Services, clock: SimulatedClock) -> None:
    await with_a_chat(services)
    runner = Runner(services, entries=[GREETS])
    running = asyncio.create_task(runner.run())
    await eventually(lambda: _has_rows(services))

    await clock.advance(timedelta(hours=1))
    await eventually(lambda: _equals(n_deliveries(services), 1))

    await runner.stop()
    await running


async def test_a_job_that_a_shutdown_ended_is_due_at_the_next_start(services: Services) -> None:
    await defer(services, "waits")
    runner = Runner(services, entries=[WAITS])
    running = asyncio.create_task(runner.run())
    await eventually(lambda: _is_leased(services, "waits"))

    await runner.stop()
    await running

    row = await row_of(services, "waits")
    assert (row.leased_until, row.n_failures, row.due_at) == (None, 0, services.clock.now())


async def test_a_job_whose_process_was_killed_is_run_by_the_next_one(services: Services, clock: SimulatedClock) -> None:
    await with_a_chat(services)
    await defer(services, "waits")
    program = _KILLED.format(url=services.database.url, key=KEY, now=clock.now())
    async with python("-c", program):
        await eventually(lambda: _is_leased(services, "waits"))

    # In the next process the job of this name ends.
    entries = [replace(WAITS, package="tests.jobs.samples.next_version")]
    too_early = await Runner(services, entries=entries).run_due()
    await clock.advance(jobs.engine.runner.LEASE)
    lines = await Runner(services, entries=entries).run_due()

    assert too_early == []
    assert lines == ["waits: greeted at 09:02"]
    assert await n_deliveries(services) == 1


async def test_a_long_job_keeps_its_lease(
    services: Services, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.engine.runner, "RENEW_SECONDS", 0.01)
    await defer(services, "waits")
    running = asyncio.create_task(Runner(services, entries=[WAITS]).run_due())
    await eventually(lambda: _is_leased(services, "waits"))

    for _ in range(5):
        await clock.advance(timedelta(minutes=1))
        await eventually(lambda: _is_leased_until(services, "waits", clock.now() + jobs.engine.runner.LEASE))
    others = await Runner(services, entries=[WAITS]).run_due()

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert others == []


async def test_a_job_that_another_process_took_is_ended_here(
    services: Services, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await defer(services, "waits")
    # This process sleeps through its lease (a suspended laptop).
    monkeypatch.setattr(jobs.engine.runner, "RENEW_SECONDS", 0.5)
    running = asyncio.create_task(Runner(services, entries=[WAITS]).run_due())
    await eventually(lambda: _is_leased(services, "waits"))
    await clock.advance(timedelta(hours=1))

    async with services.database.transaction() as session:
        taken = await timetable.claim_due(session, now=clock.now(), by="another", lease=timedelta(hours=1))
    lines = await running

    assert taken is not None
    assert lines == ["waits: taken by another process"]
    assert (await row_of(services, "waits")).leased_by == "another"


async def test_a_job_that_runs_too_long_is_ended_and_tried_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.engine.runner, "LONGEST_RUN_SECONDS", 0.1)
    await defer(services, "waits")

    lines = await Runner(services, entries=[WAITS]).run_due()

    assert lines == ["waits: ended after 0 minutes"]
    assert (await row_of(services, "waits")).n_failures == 1


async def test_an_outage_of_the_database_is_waited_out(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await with_a_chat(services)
    runner = Runner(services, entries=[GREETS])
    await defer(services, "greets", key="1", arguments={"chat_id": 1})
    outage = ConnectionRefusedError("password in an address")
    monkeypatch.setattr(timetable, "n_due", _raising(outage))
    running = asyncio.create_task(runner.run())
    await eventually(lambda: "looking again" in caplog.text)

    monkeypatch.undo()
    await eventually(lambda: _equals(n_deliveries(services), 1))

    await runner.stop()
    await running
    assert "password" not in caplog.text


async def _equals(awaited: Any, wanted: object) -> bool:
    return bool(await awaited == wanted)


async def _has_rows(services: Services) -> bool:
    async with services.database.reading() as session:
        return bool(await timetable.rows(session))


async def _is_leased_until(services: Services, name: str, until: datetime) -> bool:
    return (await row_of(services, name)).leased_until == until


async def _is_leased(services: Services, name: str) -> bool:
    return (await row_of(services, name)).leased_until is not None


def _raising(error: Exception) -> Any:
    async def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


_KILLED = """
import asyncio
from datetime import datetime
from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from bot.texts import load_texts
from jobs.engine.runner import Runner
from jobs.schedule import Entry
from models.database import Database
from models.encryption import KeyRing

clock = SimulatedClock(datetime.fromisoformat("{now}"))
services = Services(Database("{url}", KeyRing(["{key}"])), clock, load_texts(), Config())
entries = [Entry("waits", None, "loop", "waits", "tests.jobs.samples")]
asyncio.run(Runner(services, entries=entries).run_due())
"""
