"""Waiting for what another task, thread or process does, however slow the machine is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

# Real seconds after which something hangs. Far beyond what a busy machine needs: no test is about speed.
PATIENCE = 120.0
# At first often enough that a test is not slower for it, then a tenth of what was waited so far: on a busy machine the
# looks would cost more than what they wait for.
LOOK_SECONDS = (0.01, 0.2)


async def eventually(is_so: Callable[[], bool | Awaitable[bool]], what: str = "what is waited for") -> None:
    """Look until it is so: rows and other processes ring no bell. Raises TimeoutError after PATIENCE seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not (await answer if isinstance(answer := is_so(), Awaitable) else answer):
        waited = loop.time() - began
        if waited > PATIENCE:
            raise TimeoutError(f"{what} did not happen in {PATIENCE:.0f} seconds")
        shortest, longest = LOOK_SECONDS
        await asyncio.sleep(min(max(waited / 10, shortest), longest))
