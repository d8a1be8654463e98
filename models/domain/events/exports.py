"""An event's answers as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.member_time import zone_of
from models.tables.event import Event, Rsvp
from models.tables.member import Member

COLUMNS = ("name", "handle", "answer", "guests", "answered_at", "confirmed_at", "checked_in_at")
# A cell that begins like this is run as a formula by spreadsheets.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


async def answers_csv(session: AsyncSession, event: Event) -> str:
    """One row for each answer, in the order in which they were given; times on the event's wall clock."""
    query = (
        select(Member, Rsvp)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.event_id == event.id)
        .order_by(Rsvp.answered_at, Rsvp.id)
    )
    zone = zone_of(event.time_zone)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for member, rsvp in await session.execute(query):
        times = (_wall(at, zone) for at in (rsvp.answered_at, rsvp.confirmed_at, rsvp.checked_in_at))
        writer.writerow([harmless(member.name), harmless(member.handle or ""), rsvp.status, rsvp.guests, *times])
    return text.getvalue()


def harmless(cell: str) -> str:
    """A member's words as text, whatever a spreadsheet would make of them."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _wall(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
