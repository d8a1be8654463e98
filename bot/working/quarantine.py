"""Setting an update aside: with its error for those who run the host, with an apology for who waits."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hearing.parts import NotUnderstood
from bot.hearing.raw_updates import plain_kind, unpack
from bot.hearing.updates import kind_of, origin_of
from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from bot.working.attempts import EndedTheHost
from models.domain.hearing import inbox
from models.domain.hearing.inbox import Waiting
from models.domain.sending import deliveries
from models.tables.delivery import DeliveryKind
from models.tables.member import Member

log = logging.getLogger(__name__)


async def set_aside(services: Services, row_id: int, raw: Any, error: BaseException) -> None:
    """Quarantine one stored update, in one line of log; neither row nor log repeats what a member wrote."""
    what = _describe(error)
    log.error("worker: update row %d (%s) is set aside: %s", row_id, plain_kind(raw), what)
    log.debug("worker: update row %d:\n%s", row_id, "".join(traceback.format_tb(error.__traceback__)))
    async with services.database.transaction() as session:
        await inbox.quarantine(session, row_id, what, now=services.clock.now())
        await _apologise(session, services, raw)


async def set_aside_unread(services: Services, row: Waiting) -> None:
    """Quarantine an update that ended the process again and again; only then is it opened, to apologise."""
    error = EndedTheHost()
    log.error("worker: update row %d is set aside: %s", row.id, error)
    async with services.database.transaction() as session:
        await inbox.quarantine(session, row.id, str(error), now=services.clock.now())
    async with services.database.transaction() as session:
        await _apologise(session, services, unpack(row.payload))


def _describe(error: BaseException) -> str:
    """Type and place; only our own sentences are repeated, for another error's text may quote a member."""
    name = str(error) if isinstance(error, NotUnderstood) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    # Where our code stood; what libraries did below it helps nobody.
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    return f"{name} in {ours[-1].name}:{ours[-1].lineno}" if ours else name


async def _apologise(session: AsyncSession, services: Services, raw: Any) -> None:
    """Tell the person who waits in private; groups are not bothered, and a press is answered anyway."""
    sender_id, chat_id = origin_of(raw)
    if chat_id is None or chat_id != sender_id or kind_of(raw) != "message":
        return
    for member in await session.scalars(select(Member).where(Member.telegram_id == sender_id)):
        message = Outgoing(services.voice(member).say("errors.set_aside"))
        await deliveries.queue(
            session, DeliveryKind.REPLY, now=services.clock.now(), payload=message.payload(), member_id=member.id
        )
