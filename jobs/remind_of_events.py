"""Every few minutes: those who are going hear of their event a day and an hour before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.messages import event_notices as notices
from bot.messages.outgoing import Outgoing
from bot.notices import event_posts
from bot.scene.services import Services
from bot.texts import Voice
from models.domain.events import reminders as event_reminders
from models.domain.events.announcements import about
from models.domain.events.reminders import Reminder
from models.tables.delivery import DeliveryKind
from models.tables.event import Event, EventStatus


async def run(services: Services, *, now: datetime) -> str:
    """Queue the reminders that are due."""
    async with services.database.reading() as session:
        event_ids = [event.id for event in await event_reminders.soon(session, now=now)]
    n_reminders = sum([await _remind(services, event_id, now) for event_id in event_ids])
    return f"{n_reminders} reminders queued for {len(event_ids)} events within a day"


async def _remind(services: Services, event_id: int, now: datetime) -> int:
    async with services.database.transaction() as session:
        event = await session.get(Event, event_id)
        if event is None or event.status != EventStatus.PUBLISHED:
            return 0
        reminders = await event_reminders.due(session, event, now=now, defaults=services.defaults)
        for reminder in reminders:
            await event_posts.tell(
                services,
                session,
                event,
                reminder.member,
                DeliveryKind.REMINDER,
                _notice(reminder),
                now=now,
                due_at=reminder.due_at,
                expires_at=reminder.expires_at,
                about=about(event, reminder.what),
            )
    if reminders:
        services.door.wake()
    return len(reminders)


def _notice(reminder: Reminder) -> Callable[[Voice, Event], Outgoing]:
    if reminder.what == "day":
        return partial(notices.still_coming, is_silent=reminder.is_silent)
    return partial(notices.soon, is_silent=reminder.is_silent, leaves_at=reminder.due_at)
