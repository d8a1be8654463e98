from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select

from bot.config import Config, Telegram
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs.engine.failures import JobFailed
from jobs.engine.process import OtherProcess, order_of
from jobs.engine.runner import Runner
from jobs.schedule import TIMETABLE, Entry
from models.database import Database
from models.domain.installation import timetable
from models.tables.delivery import Delivery
from tests.factories import make_chat, make_member
from tests.jobs.engine.test_runner import SAMPLES, row_of
from tests.patience import eventually
from tests.processes import python
from tests.stage import TEXTS, TOKEN

COMPUTES = Entry("computes", None, "process", "computes", SAMPLES)
GREETS = Entry("greets", None, "process", "says hello", SAMPLES)
TRAINS = replace(COMPUTES, where="training")
FAILS = Entry("fails", None, "process", "fails", SAMPLES)


@pytest.fixture
def services(sqlite: Database, clock: SimulatedClock) -> Services:
    return Services(sqlite, clock, TEXTS, Config(telegram=Telegram(token=TOKEN)))


@pytest.fixture
async def other() -> AsyncIterator[OtherProcess]:
    opened = OtherProcess()
    yield opened
    await opened.close()


def is_alive(pid: int) -> bool:
    # One that has ended stands in the system's table until its parent looks.
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


async def test_a_job_writes_rows_from_the_other_process(services: Services, other: OtherProcess) -> None:
    async with services.database.transaction() as session:
        chat = await make_chat(session)

    outcome = await other.run(services, GREETS, {"chat_id": chat.id}, now=services.clock.now())

    async with services.database.reading() as session:
        delivery = (await session.scalars(select(Delivery))).one()
    assert outcome == "greeted at 09:00"
    # Written under the parent's keys, at the parent's time.
    assert delivery.payload == {"text": "Hello"}
    assert delivery.created_at == services.clock.now()


async def test_the_process_is_another_one_of_low_priority_and_stays_for_the_next_job(
    services: Services, other: OtherProcess
) -> None:
    first = await other.run(services, COMPUTES, {}, now=services.clock.now())
    second = await other.run(services, COMPUTES, {}, now=services.clock.now())

    assert first == second == f"computed by {other.pid} with niceness {os.nice(0) + 10}"
    assert other.pid != os.getpid()


@pytest.mark.parametrize("entry", [COMPUTES, TRAINS], ids=["a process's job", "a training"])
async def test_whoever_waits_for_each_job_may_have_it_in_the_loop(services: Services, entry: Entry) -> None:
    runner = Runner(services, entries=[entry])
    for key in "12":
        async with services.database.transaction() as session:
            await timetable.defer(session, "computes", now=services.clock.now(), key=key)
        outcomes = await runner.run_due(in_loop=key == "1")
        assert (f"by {os.getpid()} " in outcomes[0]) == (key == "1")

    await runner.stop()


async def test_the_parent_never_loads_what_learns(tmp_path: Path) -> None:
    # A process of its own: in this one, other tests import numpy.
    program = _PARENT.format(database=tmp_path / "klatch.db")
    async with python("-c", program, stdout=subprocess.PIPE) as parent:
        lines = (await parent.communicate())[0].decode().splitlines()

    assert lines[0].startswith("computed by")
    assert lines[1] == "loaded: []"


async def test_a_failure_there_is_told_without_its_text(services: Services, other: OtherProcess) -> None:
    with pytest.raises(JobFailed) as failure:
        await other.run(services, FAILS, {}, now=services.clock.now())

    assert str(failure.value) == "KeyError in run:12 (fails.py)"


async def test_a_child_killed_in_the_middle_is_replaced_and_its_job_tried_again(
    services: Services, clock: SimulatedClock, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    runner = Runner(services, entries=[COMPUTES])
    async with services.database.transaction() as session:
        arguments = {"seconds": 3.0, "pid_file": str(pid_file)}
        await timetable.defer(session, "computes", now=clock.now(), key="1", arguments=arguments)
    running = asyncio.create_task(runner.run_due())
    await eventually(lambda: is_written(pid_file))
    killed = int(pid_file.read_text())

    os.kill(killed, signal.SIGKILL)
    lines = await running
    failed = await row_of(services, "computes")
    await clock.advance(failed.due_at - clock.now())
    again = await runner.run_due()

    await runner.stop()
    assert lines == [f"computes: the other process ended unexpectedly (-{signal.SIGKILL.value})"]
    assert failed.n_failures == 1
    assert again[0].startswith("computes: computed by")
    assert int(pid_file.read_text()) != killed


async def test_a_cancelled_job_is_ended_for_real(services: Services, other: OtherProcess, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    arguments = {"seconds": 60.0, "pid_file": str(pid_file)}
    running = asyncio.create_task(other.run(services, COMPUTES, arguments, now=services.clock.now()))
    await eventually(lambda: is_written(pid_file))
    pid = int(pid_file.read_text())

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert not is_alive(pid)


async def test_an_idle_child_gives_its_memory_back(services: Services) -> None:
    other = OtherProcess(idle_seconds=0.1)
    await other.run(services, COMPUTES, {}, now=services.clock.now())
    pid = other.pid
    assert pid is not None

    await eventually(lambda: other.pid is None)
    outcome = await other.run(services, COMPUTES, {}, now=services.clock.now())

    await other.close()
    assert not is_alive(pid)
    assert outcome.startswith("computed by")


@pytest.mark.parametrize("n_turns", range(4))
async def test_closing_waits_for_an_idle_child_that_is_just_ending(services: Services, n_turns: int) -> None:
    other = OtherProcess(idle_seconds=0.0)
    await other.run(services, COMPUTES, {}, now=services.clock.now())
    pid = other.pid
    assert pid is not None

    for _ in range(n_turns):
        await asyncio.sleep(0)
    await other.close()

    # Ended and waited for: not even its entry in the system's table is left.
    assert not psutil.pid_exists(pid)


async def test_closing_ends_a_job_that_runs(services: Services, other: OtherProcess, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    arguments = {"seconds": 60.0, "pid_file": str(pid_file)}
    running = asyncio.create_task(other.run(services, COMPUTES, arguments, now=services.clock.now()))
    await eventually(lambda: is_written(pid_file))

    await other.close()

    assert not psutil.pid_exists(int(pid_file.read_text()))
    with pytest.raises(JobFailed, match="ended unexpectedly"):
        await running


@pytest.mark.parametrize("n_turns", range(1, 6))
async def test_closing_ends_a_process_that_is_just_starting(
    services: Services, other: OtherProcess, n_turns: int
) -> None:
    running = asyncio.create_task(other.run(services, COMPUTES, {"seconds": 60.0}, now=services.clock.now()))
    for _ in range(n_turns):
        await asyncio.sleep(0)

    await other.close()

    with pytest.raises(JobFailed, match="ended unexpectedly"):
        await running
    assert other.pid is None


async def test_a_job_cancelled_twice_leaves_no_process(services: Services, other: OtherProcess, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    arguments = {"seconds": 60.0, "pid_file": str(pid_file)}
    running = asyncio.create_task(other.run(services, COMPUTES, arguments, now=services.clock.now()))
    await eventually(lambda: is_written(pid_file))

    running.cancel()
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await other.close()

    assert not psutil.pid_exists(int(pid_file.read_text()))


async def test_the_child_dies_with_a_killed_parent(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    program = _PARENT.format(database=tmp_path / "klatch.db").replace(
        "{}", f"dict(seconds=60.0, pid_file={str(pid_file)!r})"
    )
    async with python("-c", program):
        await eventually(lambda: is_written(pid_file))
        child = int(pid_file.read_text())

    await eventually(lambda: not is_alive(child))


async def test_ctrl_c_ends_both_without_a_word(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    program = _PARENT.format(database=tmp_path / "klatch.db").replace(
        "{}", f"dict(seconds=60.0, pid_file={str(pid_file)!r})"
    )
    async with python("-c", program, start_new_session=True, stderr=subprocess.PIPE) as parent:
        await eventually(lambda: is_written(pid_file))
        child = int(pid_file.read_text())

        os.killpg(parent.pid, signal.SIGINT)
        _, told = await parent.communicate()

    await eventually(lambda: not is_alive(child))
    # How the parent takes it is the wiring screen's affair; the child is silent.
    assert b"process_child" not in told


async def test_the_bot_answers_while_a_model_is_trained(services: Services, other: OtherProcess) -> None:
    await other.run(services, COMPUTES, {}, now=services.clock.now())
    n_turns = 0

    training = asyncio.create_task(other.run(services, COMPUTES, {"seconds": 3.0}, now=services.clock.now()))
    while not training.done():
        await asyncio.sleep(0.005)
        n_turns += 1

    # A computation inside the loop would let it turn once; how quickly it turns is a benchmark's matter (presses).
    assert n_turns > 50


async def test_a_training_does_not_hold_up_the_jobs_of_the_event_loop(
    services: Services, clock: SimulatedClock, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    runner = Runner(services, entries=[COMPUTES, replace(GREETS, where="loop")])
    running = asyncio.create_task(runner.run())
    async with services.database.transaction() as session:
        chat = await make_chat(session)
        arguments: dict[str, Any] = {"seconds": 60.0, "pid_file": str(pid_file)}
        await timetable.defer(session, "computes", now=clock.now(), key="1", arguments=arguments)
    runner.wake()
    await eventually(lambda: is_written(pid_file))

    async with services.database.transaction() as session:
        await timetable.defer(session, "greets", now=clock.now(), key="1", arguments={"chat_id": chat.id})
    runner.wake()
    await eventually(lambda: has_delivered(services))
    is_training = (await row_of(services, "computes")).leased_until is not None

    await runner.stop()
    await running
    assert is_training
    assert not is_alive(int(pid_file.read_text()))


async def test_a_digest_asked_for_during_a_training_is_written_before_that_ends(
    services: Services, clock: SimulatedClock, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    digests = next(entry for entry in TIMETABLE if entry.name == "send_digests")
    runner = Runner(services, entries=[TRAINS, digests])
    running = asyncio.create_task(runner.run())
    async with services.database.transaction() as session:
        mia = await make_member(session)
        arguments: dict[str, Any] = {"seconds": 60.0, "pid_file": str(pid_file)}
        await timetable.defer(session, "computes", now=clock.now(), key="1", arguments=arguments)
    runner.wake()
    await eventually(lambda: is_written(pid_file))

    async with services.database.transaction() as session:
        await timetable.defer(session, "send_digests", now=clock.now(), key="1", arguments={"member_id": mia.id})
    runner.wake()
    await eventually(lambda: has_ended(services, "send_digests", "1"))
    is_training = (await row_of(services, "computes")).leased_until is not None

    await runner.stop()
    await running
    assert is_training
    assert not is_alive(int(pid_file.read_text()))


async def test_the_process_of_a_training_goes_with_it(
    services: Services, clock: SimulatedClock, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    runner = Runner(services, entries=[TRAINS])
    async with services.database.transaction() as session:
        await timetable.defer(session, "computes", now=clock.now(), key="1", arguments={"pid_file": str(pid_file)})

    [line] = await runner.run_due()
    await eventually(lambda: not is_alive(int(pid_file.read_text())))

    await runner.stop()
    assert line.endswith(f"with niceness {min(os.nice(0) + 15, 19)}")


async def has_ended(services: Services, name: str, key: str) -> bool:
    """A job that was asked for leaves no row behind."""
    async with services.database.reading() as session:
        return not [row for row in await timetable.rows(session) if (row.name, row.key) == (name, key)]


async def has_delivered(services: Services) -> bool:
    async with services.database.reading() as session:
        return bool(await session.scalar(select(func.count(Delivery.id))))


def test_the_child_gets_no_token(services: Services) -> None:
    order = order_of(services, GREETS, {}, services.clock.now())

    assert services.config.telegram.token == TOKEN
    assert TOKEN.encode() not in pickle.dumps(order)


_PARENT = """
import asyncio, signal, sys
from datetime import UTC, datetime
from bot.clock import SystemClock
from bot.config import Config
from bot.scene.services import Services
from bot.texts import load_texts
from jobs.engine.process import OtherProcess, order_of
from jobs.schedule import TIMETABLE, Entry
from models.database import Database
from models.encryption import KeyRing, new_key

# Whoever runs the tests in the background of a shell ignores Ctrl-C, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

async def main():
    services = Services(Database("sqlite+aiosqlite:///{database}", KeyRing([new_key()])), SystemClock(), load_texts(), Config())
    other = OtherProcess()
    entry = Entry("computes", None, "process", "", "tests.jobs.samples")
    print(await other.run(services, entry, {{}}, now=datetime.now(UTC)))
    await other.close()
    await services.database.close()

asyncio.run(main())
heavy = ("numpy", "sklearn", "scipy", "models.learning", "telegram", "multiprocessing")
print("loaded:", [name for name in heavy if name in sys.modules])
"""


def is_written(path: Path) -> bool:
    return path.exists() and path.read_text() != ""
