"""Erases what is older than [privacy] allows, in small steps."""

from __future__ import annotations

from datetime import datetime

from bot.scene.services import Services
from models.domain.erasure import retention


async def run(services: Services, *, now: datetime) -> str:
    """Apply every rule of models/domain/erasure/retention.py; says how many rows of what are gone."""
    privacy = services.config.privacy
    limits = retention.Limits(
        written_days=privacy.retention_days,
        raw_days=privacy.raw_update_days,
        delivery_days=privacy.delivery_days,
    )
    counts = await retention.apply(services.database, now=now, limits=limits)
    # Much may be gone: which index serves best is decided by fresh counts.
    await services.database.optimize()
    if not counts:
        return "nothing was old enough to erase"
    return "erased: " + ", ".join(f"{n} {what}" for what, n in counts.items())
