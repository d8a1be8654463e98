"""The web side of the host: calendar feeds, a health page, and Telegram's webhook where that is chosen."""

from __future__ import annotations

import hmac
import logging
from datetime import timedelta

from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.hearing.intake import IntakeHealth, store_updates
from bot.hearing.raw_updates import read_update
from bot.scene.services import Services
from bot.web import calendar
from models.database import is_temporary
from models.tables.inbox import RawUpdate

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
# Telegram's updates are a few kB. So much is taken into memory before anybody looks at it.
LARGEST_BODY = 2**24
# A bot that has not heard from Telegram for so long is deaf: a poll is answered every 30 s.
DEAF_AFTER = timedelta(minutes=3)


def build_web(services: Services, health: IntakeHealth, *, secret: str | None) -> Starlette:
    """Routes of the host; without a secret there is no webhook."""

    async def webhook(request: Request) -> Response:
        return await _receive(request, services, health, secret or "")

    async def tell_health(_: Request) -> Response:
        return await _health(services, health, is_polling=secret is None)

    routes = [Route("/health", tell_health), *calendar.routes(services)]
    if secret is not None:
        routes.append(Route("/telegram", webhook, methods=["POST"]))
    return Starlette(routes=routes)


async def _receive(request: Request, services: Services, health: IntakeHealth, secret: str) -> Response:
    """Store, then acknowledge: 200 only after the commit. 503 lets Telegram try again, in order, for a day.

    What cannot be read is kept too, as when polling: refused, it would hold up its chat until Telegram forgets it.
    """
    if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
        return Response(status_code=403)
    body = await _body(request)
    if body is None:
        return Response(status_code=413)
    try:
        updates = [read_update(body)]
        await store_updates(services.database, services.bot_id, updates, now=services.clock.now())
    except Exception as error:
        log.warning("webhook: not stored (%s); Telegram will send it again", type(error).__name__)
        if not is_temporary(error):
            raise
        return Response(status_code=503, headers={"Retry-After": "5"})
    health.polled_at = services.clock.now()
    health.storing.set()
    return Response(status_code=200)


async def _body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body


async def _health(services: Services, health: IntakeHealth, *, is_polling: bool) -> Response:
    """200 when Telegram and the database answer; numbers only, nothing about anyone."""
    now = services.clock.now()
    waiting = RawUpdate.done_at.is_(None) & RawUpdate.quarantined_at.is_(None)
    try:
        async with services.database.reading() as session:
            n_waiting = await session.scalar(select(func.count()).select_from(RawUpdate).where(waiting))
            n_quarantined = await session.scalar(
                select(func.count()).select_from(RawUpdate).where(RawUpdate.quarantined_at.is_not(None))
            )
    except Exception as error:
        return JSONResponse({"is_well": False, "problem": f"database: {type(error).__name__}"}, 503)
    is_deaf = is_polling and (health.polled_at is None or now - health.polled_at > DEAF_AFTER)
    report = {
        "is_well": not is_deaf,
        "heard_from_telegram_at": health.polled_at.isoformat() if health.polled_at else None,
        "problem": health.problem,
        "n_waiting": n_waiting,
        "n_quarantined": n_quarantined,
    }
    return JSONResponse(report, 503 if is_deaf else 200)
