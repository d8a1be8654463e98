"""What this process holds and would have to give back, as one dictionary that is compared before and after a test."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
from collections.abc import Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

import psutil

# A thing, and how whoever left it is told.
Held = dict[Hashable, str]

DESCRIPTORS = Path("/proc/self/fd")
# Of the machinery, not of a test: pytest says there which test runs.
MACHINERYS = {"PYTEST_CURRENT_TEST"}


class Watch:
    """Notes what is started, and says what is held. `folders` must stay empty: the temporary and the working one.

    Only one at a time: it listens in `subprocess.Popen` and `asyncio.Runner` until close().
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._started: list[subprocess.Popen[Any]] = []
        self._runners: WeakSet[asyncio.Runner] = WeakSet()
        self._has_forked = False
        self._children: Held = {}
        # Tasks that an event loop's end had to cancel.
        self.cancelled: list[str] = []
        os.register_at_fork(after_in_parent=self._note_fork)
        self._restore = _listen(self)

    def close(self) -> None:
        """Listen no more."""
        self._restore()

    def held(self) -> Held:
        """Everything that is held at this instant."""
        return {
            **self._processes(),
            **self._tasks(),
            **_threads(),
            **_descriptors(),
            **_environment(),
            **self._files(),
        }

    def let_go(self, things: Held) -> None:
        """End the processes among these, so that they harm nobody later."""
        for thing in things:
            match thing:
                case ("process", int(pid)):
                    with suppress(psutil.Error):
                        psutil.Process(pid).kill()
        self._started = [one for one in self._started if ("process", one.pid) not in things or one.wait() is None]

    def note_process(self, process: subprocess.Popen[Any]) -> None:
        self._started.append(process)
        self._has_forked = True

    def note_runner(self, runner: asyncio.Runner) -> None:
        self._runners.add(runner)

    def note_end(self, runner: asyncio.Runner) -> None:
        self.cancelled += [_name_of(task) for task in _unfinished(runner)]

    def _note_fork(self) -> None:
        self._has_forked = True

    def _processes(self) -> Held:
        # By its own account and not by the kernel's: whoever starts one must wait for it, however soon it ends.
        self._started = [one for one in self._started if one.returncode is None]
        waited_for = {("process", one.pid): f"a process nobody waited for: {one.args}" for one in self._started}
        # Looking through the machine's processes takes some ten milliseconds.
        if self._has_forked or self._children:
            children = [one for one in psutil.Process().children() if not self._is_buried(one.pid)]
            self._children = {("process", one.pid): f"a process: {_command(one)}" for one in children}
            self._has_forked = False
        return self._children | waited_for

    def _is_buried(self, pid: int) -> bool:
        """Nobody but us waits for an orphan."""
        if any(one.pid == pid for one in self._started):
            return False
        with suppress(ChildProcessError):
            return os.waitpid(pid, os.WNOHANG)[0] == pid
        return True

    def _tasks(self) -> Held:
        return {
            ("task", id(task)): f"a running task: {_name_of(task)}"
            for one in self._runners
            for task in _unfinished(one)
        }

    def _files(self) -> Held:
        return {("file", name): f"a file: {name}" for folder in self._folders for name in os.listdir(folder)}


def _listen(watch: Watch) -> Any:
    """Tell the watch what is started and what ends; returns the way back."""
    start, enter, close = subprocess.Popen.__init__, asyncio.Runner.__enter__, asyncio.Runner.close

    def start_noted(process: subprocess.Popen[Any], *args: Any, **values: Any) -> None:
        start(process, *args, **values)
        watch.note_process(process)

    def enter_noted(runner: asyncio.Runner) -> asyncio.Runner:
        watch.note_runner(runner)
        return enter(runner)

    def close_noted(runner: asyncio.Runner) -> None:
        watch.note_end(runner)
        close(runner)

    def restore() -> None:
        subprocess.Popen.__init__ = start  # type: ignore[method-assign]
        asyncio.Runner.__enter__, asyncio.Runner.close = enter, close  # type: ignore[method-assign]

    subprocess.Popen.__init__ = start_noted  # type: ignore[method-assign]
    asyncio.Runner.__enter__, asyncio.Runner.close = enter_noted, close_noted  # type: ignore[method-assign]
    return restore


def _unfinished(runner: asyncio.Runner) -> list[asyncio.Task[Any]]:
    try:
        return [task for task in asyncio.all_tasks(runner.get_loop()) if not task.done()]
    except RuntimeError:  # it is closed
        return []


def _name_of(task: asyncio.Task[Any]) -> str:
    return f"{task.get_name()} ({getattr(task.get_coro(), '__qualname__', task.get_coro())})"


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()) or f"{process.name()} ({process.status()})"
    except psutil.Error:
        return "ended"


def _threads() -> Held:
    return {("thread", one.ident): f"a thread: {one.name}" for one in threading.enumerate()}


def _descriptors() -> Held:
    """Open files, sockets, pipes and event loops by number; none are seen where there is no /proc."""
    found: Held = {}
    for number in os.listdir(DESCRIPTORS) if DESCRIPTORS.exists() else ():
        with suppress(OSError):  # the listing's own is gone by now
            target = os.readlink(DESCRIPTORS / number)
            found["descriptor", number, target] = f"an open descriptor: {target}"
    return found


def _environment() -> Held:
    return {
        ("environment", name, value): f"a variable of the environment: {name}"
        for name, value in os.environ.items()
        if name not in MACHINERYS
    }
