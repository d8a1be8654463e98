"""A pytest plugin: what a test and its fixtures hold after their teardown fails this test, not a later, innocent one.

Garbage counts too: it is collected at the end of each test, so that `ResourceWarning: unclosed transport` is said of the
test that left it. Only what is younger than the test is looked through (gc.freeze), which takes about a millisecond.
What a fixture of a wider scope holds is its own until that ends. Threads, descriptors and orphaned processes that are just
ending are waited for; a child process that nobody waited for is not: how fast it ends is chance.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Generator, Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.leaks.held import Held, Watch

PR_SET_CHILD_SUBREAPER = 36


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--leak-patience", type=float, default=10.0, help="seconds for what is just ending to end")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    # The process that only hands out tests to xdist's workers runs none.
    if hasattr(config, "workerinput") or config.getoption("dist", "no") == "no":
        config.pluginmanager.register(Guard(config), "leak guard")


class Guard(logging.Handler):
    """Knows what is held, and by whom; also hears asyncio's own complaints, which go to a log."""

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(logging.WARNING)
        self._patience: float = config.getoption("--leak-patience")
        self._folder = Path(tempfile.mkdtemp(prefix="klatch-tests-"))
        self._owned: dict[Any, list[Hashable]] = {}
        self._complaints: list[str] = []
        self._restore = _move_to(self._folder)
        _adopt_orphans()
        logging.getLogger("asyncio").addHandler(self)
        # Instead of pytest's own, which would tell the next test of what is collected at the very end of this one.
        self._told_before, sys.unraisablehook = sys.unraisablehook, self._hear_garbage
        self._watch = Watch(self._folder / "tmp", self._folder / "here")
        self._known: Held = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        # What pytest and its plugins opened, and what modules hold that were imported.
        self._known = self._watch.held()

    def pytest_unconfigure(self) -> None:
        self._watch.close()
        sys.unraisablehook = self._told_before
        logging.getLogger("asyncio").removeHandler(self)
        self._restore()
        shutil.rmtree(self._folder, ignore_errors=True)

    def emit(self, record: logging.LogRecord) -> None:
        self._complaints.append(f"asyncio says: {record.getMessage()}")

    def _hear_garbage(self, told: sys.UnraisableHookArgs) -> None:
        self._complaints.append(f"garbage: {told.exc_value!r} in {told.object!r}")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        gc.freeze()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        if fixturedef.scope == "function":
            return (yield)
        before = self._watch.held()
        result = yield
        mine = _without(self._watch.held(), before)
        self._owned.setdefault(fixturedef, []).extend(mine)
        self._known |= mine
        return result

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[Any]) -> None:
        for thing in self._owned.pop(fixturedef, ()):
            self._known.pop(thing, None)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        try:
            result = yield
        finally:
            left = self._left_behind()
        if left:
            pytest.fail("This test left behind:\n" + "\n".join(f"- {one}" for one in left), pytrace=False)
        return result

    def _left_behind(self) -> list[str]:
        held, left = self._look()
        deadline = time.monotonic() + self._patience
        while left and time.monotonic() < deadline:
            time.sleep(0.01)
            held, left = self._look()
        self._watch.let_go(left)
        self._known = held
        cancelled = [f"a running task: {name}" for name in self._watch.cancelled]
        told = [*left.values(), *cancelled, *self._complaints]
        self._watch.cancelled, self._complaints = [], []
        return list(dict.fromkeys(told))

    def _look(self) -> tuple[Held, Held]:
        """What is held, and what of it was not held before the test."""
        gc.collect()
        held = self._watch.held()
        return held, _without(held, self._known)


def _without(held: Held, known: Held) -> Held:
    return {thing: told for thing, told in held.items() if thing not in known}


def _move_to(folder: Path) -> Any:
    """Work in an empty folder, with another for what is temporary, so that any file left there is seen; returns the way back."""
    before, temporary = Path.cwd(), os.environ.get("TMPDIR")
    for name in ("tmp", "here"):
        (folder / name).mkdir()
    # Where pytest keeps each test's tmp_path stays as it was.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    os.chdir(folder / "here")
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")

    def restore() -> None:
        os.chdir(before)
        tempfile.tempdir = None
        os.environ.pop("TMPDIR")
        if temporary is not None:
            os.environ["TMPDIR"] = temporary

    return restore


def _adopt_orphans() -> None:
    """Become the parent of grandchildren whose own parent was killed, to see them; Linux only."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
