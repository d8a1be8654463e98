"""Waits for an hour of real time, unless ended."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.scene.services import Services


async def run(services: Services, *, now: datetime) -> str:
    await asyncio.sleep(3600)
    return "waited"
