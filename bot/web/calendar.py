"""The personal calendar feed: one address per member, as secret as its token."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.services import Services
from models.domain import event_calendar_links
from models.domain.calendar_files import calendar_feed

# Calendars ask every hour at most.
HEADERS = {"Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex"}


def routes(services: Services) -> list[Route]:
    """GET /calendar/TOKEN.ics."""

    async def tell(request: Request) -> Response:
        token = request.path_params["token"]
        async with services.database.reading() as session:
            found = await event_calendar_links.feed(session, token, now=services.clock.now())
        if found is None:
            return Response(status_code=404)
        # Writing some hundred events takes longer than the loop may be held up.
        text = await asyncio.to_thread(calendar_feed, found.events, "Klatch")
        return Response(text, media_type="text/calendar; charset=utf-8", headers=HEADERS)

    return [Route("/calendar/{token}.ics", tell)]
