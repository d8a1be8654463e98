"""Waiting for what another task, thread or process does, however slow the machine is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

# Real seconds after which something hangs. Far beyond what a busy machine needs: no test is about speed.
PATIENCE = 120.0
# Often enough that a test is not slower for it.
LOOK_SECONDS = 0.01


async def eventually(is_so: Callable[[], bool | Awaitable[bool]], what: str = "what is waited for") -> None:
    """Look until it is so: rows and other processes ring no bell. Raises TimeoutError after PATIENCE seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not (await answer if isinstance(answer := is_so(), Awaitable) else answer):
        if loop.time() > deadline:
            raise TimeoutError(f"{what} did not happen in {PATIENCE:.0f} seconds")
        await asyncio.sleep(LOOK_SECONDS)
