"""Computes without a pause, as a training does; imports what the bot's own process must not."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

import numpy as np

from bot.scene.services import Services


async def run(services: Services, *, now: datetime, seconds: float = 0.0, pid_file: str = "") -> str:
    if pid_file:
        Path(pid_file).write_text(str(os.getpid()))  # noqa: ASYNC240  # nothing else runs here
    until = time.monotonic() + seconds
    matrix = np.random.default_rng(1).random((300, 300))
    while time.monotonic() < until:
        matrix = matrix @ matrix / np.linalg.norm(matrix)
    return f"computed by {os.getpid()} with niceness {os.nice(0)}"
