"""Tests that leave things behind, each followed by an innocent one; test_leaks.py runs them in a pytest of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

# Keeps things from being garbage.
KEPT: list[Any] = []
SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
# Starts a process that outlives it, and says when it has.
ABANDONS = [sys.executable, "-c", f"import subprocess; subprocess.Popen({SLEEPS!r}); print('started', flush=True)"]


@pytest.fixture(autouse=True, params=["guilty", "innocent"])
def is_guilty(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "guilty")


def test_a_process(is_guilty: bool) -> None:
    if is_guilty:
        KEPT.append(subprocess.Popen(SLEEPS))


def test_a_process_that_has_ended(is_guilty: bool) -> None:
    if is_guilty:
        process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
        with process.stdout as printed:  # type: ignore[union-attr]
            printed.read()
        KEPT.append(process)


async def test_a_process_of_the_event_loop(is_guilty: bool) -> None:
    if is_guilty:
        KEPT.append(await asyncio.create_subprocess_exec(*SLEEPS))


def test_an_orphan(is_guilty: bool) -> None:
    if is_guilty:
        subprocess.run(ABANDONS, check=True, stdout=subprocess.DEVNULL)


def test_an_open_file(is_guilty: bool) -> None:
    if is_guilty:
        KEPT.append(open(__file__))  # noqa: SIM115


def test_a_socket(is_guilty: bool) -> None:
    if is_guilty:
        KEPT.append(socket.socket())


def test_a_socket_in_a_circle(is_guilty: bool) -> None:
    if is_guilty:
        circle: list[Any] = [socket.socket()]
        circle.append(circle)


async def test_a_transport(is_guilty: bool) -> None:
    if is_guilty:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        KEPT.append(await asyncio.open_connection(*server.sockets[0].getsockname()))
        server.close()


def test_an_event_loop(is_guilty: bool) -> None:
    if is_guilty:
        KEPT.append(asyncio.new_event_loop())


async def test_a_task(is_guilty: bool) -> None:
    if is_guilty:
        KEPT.append(asyncio.create_task(asyncio.sleep(60), name="the long sleep"))


def test_a_task_of_a_loop_of_its_own(is_guilty: bool) -> None:
    async def leave_one() -> None:
        KEPT.append(asyncio.create_task(asyncio.sleep(60), name="the other sleep"))

    if is_guilty:
        asyncio.run(leave_one())


async def test_an_unheard_failure(is_guilty: bool) -> None:
    async def fail() -> None:
        raise RuntimeError("unheard")

    if is_guilty:
        task = asyncio.create_task(fail())
        await asyncio.wait({task})


async def test_an_asynchronous_generator(is_guilty: bool) -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in range(3):
            yield number

    if is_guilty:
        await anext(numbers())


def test_a_coroutine_in_a_circle(is_guilty: bool) -> None:
    if is_guilty:
        circle: list[Any] = [asyncio.sleep(0)]
        circle.append(circle)


def test_a_thread(is_guilty: bool) -> None:
    if is_guilty:
        threading.Thread(target=threading.Event().wait, args=(60,), name="the waiting one", daemon=True).start()


def test_a_temporary_file(is_guilty: bool) -> None:
    if is_guilty:
        Path(tempfile.mkdtemp(prefix="forgotten-"))


def test_a_file_where_it_works(is_guilty: bool) -> None:
    if is_guilty:
        Path("forgotten.db").touch()


def test_a_variable(is_guilty: bool) -> None:
    if is_guilty:
        os.environ["KLATCH_FORGOTTEN"] = "secret"


@pytest.fixture(scope="module")
def shared() -> Iterator[None]:
    """Holds a process, a file and a thread for every test that asks; gives all back but the thread."""
    process, stop = subprocess.Popen(SLEEPS), threading.Event()
    threading.Thread(target=stop.wait, args=(60,), name="the fixture's", daemon=True).start()
    with open(__file__):
        yield
    process.kill()
    process.wait()


def test_one_that_shares(shared: None) -> None:
    pass


def test_the_last_that_shares(shared: None) -> None:
    pass
