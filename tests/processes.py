"""Other programs for the length of a block: none outlives the test that started it, however the test ends."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def environment(**settings: str) -> dict[str, str]:
    """Finds the code under test from any folder; settings of ours are only those that are given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KLATCH_")}
    return {**inherited, "PYTHONPATH": os.pathsep.join([str(ROOT), *(part for part in sys.path if part)]), **settings}


@asynccontextmanager
async def python(*arguments: str, **options: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python of its own; killed at the end of the block when it still runs. `options` as of create_subprocess_exec."""
    options.setdefault("env", environment())
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, **options)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await _gone(process)


async def _gone(process: asyncio.subprocess.Process) -> None:
    """Wait for the end of the process and of its pipes: a loop that ends before them leaves transports behind."""
    if process.stdin is not None:
        process.stdin.close()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            await pipe.read()
    await process.wait()
