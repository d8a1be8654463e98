"""Keeps the lists fresh that hosts check people in with: who answers or comes in after a list was opened appears in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import check_ins as messages
from bot.scene.services import Services
from models.domain.events import check_ins, events, open_lists
from models.domain.events.open_lists import OpenList
from models.domain.sending import deliveries
from models.tables.delivery import DeliveryKind
from models.tables.event import Event
from models.tables.member import Member


async def refresh(services: Services, session: AsyncSession, event: Event, *, now: datetime) -> None:
    """Every open list of the event shows how it stands; the door joins a rush at the entrance into few edits."""
    for open_list in await open_lists.open_lists(session, event.id, now=now):
        if await events.may_manage(session, event, open_list.member_id):
            await _redraw(services, session, event, open_list, now)


async def _redraw(services: Services, session: AsyncSession, event: Event, open_list: OpenList, now: datetime) -> None:
    host = await session.get(Member, open_list.member_id)
    rows = await check_ins.guest_list(session, event.id)
    code = await check_ins.code_of(session, event.id)
    message = messages.guest_list(services.voice(host), event, rows, code=code, page=open_list.page)
    await deliveries.queue(
        session,
        DeliveryKind.ANSWER,
        now=now,
        method="editMessageText",
        payload=message.payload(),
        edits_id=open_list.delivery_id,
        about=open_lists.about(event.id, open_list.page),
    )
