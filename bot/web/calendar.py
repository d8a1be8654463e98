"""The personal calendar feed: one address per member, as secret as its token."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.messages.calendars import with_title
from bot.scene.services import Services
from models.domain.events import calendar_links
from models.domain.events.calendar_files import calendar_feed

# Calendars ask every hour at most. Who knows the address may read it; nobody shall find it.
HEADERS = {"Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
# A member's three devices ask a few times an hour; guessers of addresses share the other limit with everybody.
PER_FEED = 20, timedelta(minutes=10)
OVERALL = 50, timedelta(seconds=1)


@dataclass
class Rate:
    """How often somebody may ask: at most `count` times in any `window`, for each key; remembers the `keys` asked for last."""

    count: int
    window: timedelta
    keys: int = 10_000
    _instants: dict[Hashable, deque[datetime]] = field(default_factory=dict)

    def wait(self, key: Hashable, now: datetime) -> int:
        """Whole seconds until this one may ask again, at least 1; 0 when it may now, which is counted."""
        instants = self._instants.pop(key, deque())
        while instants and now - instants[0] >= self.window:
            instants.popleft()
        self._instants[key] = instants
        if len(self._instants) > self.keys:
            del self._instants[next(iter(self._instants))]
        if len(instants) < self.count:
            instants.append(now)
            return 0
        return max(1, ceil((instants[0] + self.window - now).total_seconds()))


def routes(services: Services) -> list[Route]:
    """GET and HEAD of /calendar/TOKEN.ics."""
    per_feed, overall = Rate(*PER_FEED), Rate(*OVERALL)

    async def tell(request: Request) -> Response:
        now = services.clock.now()
        if seconds := overall.wait("all", now):
            return _later(seconds)
        # Known or not, one keyed hash and one look-up: how long a guess takes tells nothing about how near it was.
        async with services.database.reading() as session:
            feed = await calendar_links.feed(session, request.path_params["token"], now=now)
        if feed is None:
            return Response(status_code=404, headers=HEADERS)
        if seconds := per_feed.wait(feed.member.id, now):
            return _later(seconds)
        voice = services.voice(feed.member)
        entries = [with_title(voice, event) for event in feed.events]
        # Writing some hundred events takes longer than the loop may be held up.
        text = await asyncio.to_thread(calendar_feed, entries, "Klatch")
        return _answer(request, text)

    return [Route("/calendar/{token}.ics", tell)]


def _answer(request: Request, text: str) -> Response:
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = HEADERS | {"ETag": tag}
    if _is_known(request.headers.get("If-None-Match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


def _is_known(header: str, tag: str) -> bool:
    """RFC 9110, 13.1.2: a star, or a list of tags that may be marked weak."""
    tags = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in tags or tag in tags


def _later(seconds: int) -> Response:
    return Response(status_code=429, headers=HEADERS | {"Retry-After": str(seconds)})
