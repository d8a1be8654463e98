"""Invites somebody, with a reason."""

from __future__ import annotations

from datetime import datetime

from bot.scene.services import Services
from models.domain.sending import deliveries
from tests.factories import make_member


async def run(services: Services, *, now: datetime, name: str = "Jo") -> str:
    async with services.database.transaction() as session:
        member = await make_member(session, name=name)
        payload = {"text": "<b>Come</b> &amp; see"}
        reasons = ["you like hardware"]
        await deliveries.queue(session, "invite", now=now, member_id=member.id, payload=payload, reasons=reasons)
    return "1 invited"
