"""What a test leaves behind fails that test: a child process, a socket, an event loop, an open file, a running thread.

Otherwise it is said of whichever innocent test runs when the garbage is collected. The hooks below stand in conftest.py; what
is held is compared before a test's first fixture and after its last. What a fixture of a wider scope holds is its own.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Generator, Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

# A thing, and how whoever left it is told.
Held = dict[Hashable, str]

PROCESS = Path("/proc/self")
# A thing that is on its way out on a busy machine is given so many seconds; whoever leaves nothing waits for none of them.
GRACE = 5.0
# What ends by itself has mostly ended after so many seconds.
MOMENT = 0.05
# Kept open by their libraries for the life of the process, once used; nobody can give them back.
KEPT = ("/dev/", "anon_inode:[eventfd]")
# A folder like any other: the tests' own files lie there.
NOT_KEPT = "/dev/shm/pytest-of-"
FONTS = (".ttf", ".otf")
THREADS_KEPT = ("tqdm_monitor", "pytest_timeout", "execnet")

_BEFORE = pytest.StashKey[Held]()
_SHARED_LOOP = pytest.StashKey[Held]()
_SHARED = pytest.StashKey[Held]()
_HAS_FAILED = pytest.StashKey[bool]()


def held() -> Held:
    """Everything that this process holds at this instant; about half a millisecond."""
    return {**_processes(), **_descriptors(), **_threads()}


def left_behind(before: Held, shared: Held, *, grace: float = GRACE) -> Held:
    """What is held and was not before, after waiting for what is ending.

    Mostly it is the thread of a closed connection, which ends in a millisecond. A cancelled task's traceback may hold a cursor
    in a circle, and SQLite keeps the file of a closed connection open until its last cursor is gone: what stays is looked for
    among circles, here, where a warning out of them is still this test's. That takes a third of a second.
    """
    started, is_collected = time.monotonic(), False
    while left := {key: what for key, what in held().items() if key not in before and key not in shared}:
        waited = time.monotonic() - started
        if waited > MOMENT and not is_collected:
            gc.collect()
            is_collected = True
            continue
        if waited > grace:
            break
        time.sleep(0.001 if waited < MOMENT else 0.01)
    return left


def _processes() -> Held:
    """Children that run, and those that ended and nobody waited for."""
    found: Held = {}
    if not (PROCESS / "task" / str(os.getpid()) / "children").exists():
        # A kernel that does not list them, or no Linux: slower.
        return {("process", one.pid): f"a child process: {one}" for one in psutil.Process().children()}
    for children in PROCESS.glob("task/*/children"):
        # A thread may be gone by now.
        with suppress(OSError):
            found |= {
                ("process", int(pid)): f"a child process: {_command(pid)}" for pid in children.read_text().split()
            }
    return found


def _command(pid: str) -> str:
    with suppress(OSError):
        return f"{pid} {Path('/proc', pid, 'cmdline').read_text().replace(chr(0), ' ').strip() or '(ended, not waited for)'}"
    return pid


def _descriptors() -> Held:
    found: Held = {}
    for number in os.listdir(PROCESS / "fd") if PROCESS.exists() else ():
        # The one of the listing itself is closed again.
        with suppress(OSError):
            target = os.readlink(f"/proc/self/fd/{number}")
            if target.startswith(NOT_KEPT) or not (target.startswith(KEPT) or target.endswith(FONTS)):
                found["descriptor", number, target] = _kind_of(target)
    return found


def _kind_of(target: str) -> str:
    if target.startswith("socket:"):
        return f"a socket: {target}"
    return "an event loop (its poll)" if target == "anon_inode:[eventpoll]" else f"an open file: {target}"


def _threads() -> Held:
    return {
        ("thread", one.ident): f"a running thread: {one.name}"
        for one in threading.enumerate()
        if one.is_alive() and not one.name.startswith(THREADS_KEPT)
    }


def end_processes(left: Held) -> None:
    """Kill the children among these, so that they harm nobody later."""
    for key in left:
        match key:
            case ("process", int(pid)):
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Look before the first fixture; of tests that share an event loop, before the first of them."""
    item.stash[_BEFORE] = held()
    if _shares_a_loop(item) and item.parent is not None:
        item.stash[_BEFORE] = item.parent.stash.setdefault(_SHARED_LOOP, item.stash[_BEFORE])
    return (yield)


def _shares_a_loop(item: pytest.Item) -> bool:
    """What goes on in such a loop (a server keeps the connection of the last test) ends with the loop."""
    return any(mark.kwargs.get("loop_scope", "function") != "function" for mark in item.iter_markers("asyncio"))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """What a fixture holds that outlives the test is not the test's."""
    if fixturedef.scope == "function":
        return (yield)
    before = held()
    try:
        return (yield)
    finally:
        shared = request.session.stash.setdefault(_SHARED, {})
        shared |= {key: what for key, what in held().items() if key not in before}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A test that failed may keep what it held: its traceback does."""
    if call.excinfo is not None:
        item.stash[_HAS_FAILED] = True
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Look after the last fixture; of tests that share an event loop, after the last of them."""
    yield
    is_last = nextitem is None or nextitem.parent is not item.parent
    if item.stash.get(_HAS_FAILED, False) or (_shares_a_loop(item) and not is_last):
        return
    left = left_behind(item.stash.get(_BEFORE, {}), item.session.stash.get(_SHARED, {}))
    if left:
        end_processes(left)
        pytest.fail("This test left behind:\n" + "\n".join(f"- {what}" for what in left.values()), pytrace=False)
