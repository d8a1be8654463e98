"""What follows from an answer to an event, however it was given: by a press, a thumb on the card or a command."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.notices import event_posts
from bot.scene.services import Services
from models.domain.events import announcements
from models.domain.events.seats import Seating
from models.domain.invitations import answers
from models.tables.event import Event, RsvpStatus
from models.tables.recommendation import Response


async def spread(
    services: Services,
    session: AsyncSession,
    event: Event,
    member_id: int,
    result: Seating,
    *,
    now: datetime,
    shows_cards: bool = True,
) -> None:
    """Cards show the change, whoever got a seat through it is told, and the member hears of the event only what still fits.

    Who does not come needs no reminder, and nobody who answered an invitation; what an invitation led to is noted. With
    many answers at once the caller shows the cards once, after the last.
    """
    if not result.is_changed:
        return
    await answers.note_answer(session, event.id, member_id, Response(result.status), now=now)
    what = "invite" if result.status == RsvpStatus.GOING else None
    await announcements.withdraw(session, event.id, now=now, member_id=member_id, what=what)
    if shows_cards:
        await event_posts.refresh_cards(services, session, event, now=now)
    await event_posts.offer_seats(services, session, event, result.promoted_ids, now=now)
