"""Fails, with a member's words in the error."""

from __future__ import annotations

from datetime import datetime

from bot.scene.services import Services


async def run(services: Services, *, now: datetime) -> str:
    written = " ".join(("my", "secret", "plan"))
    raise KeyError(written)
