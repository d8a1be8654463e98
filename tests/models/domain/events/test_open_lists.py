from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.events import open_lists
from models.domain.events.open_lists import FRESH_FOR, OpenList
from models.domain.sending.about import About
from models.domain.sending.deliveries import queue
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.member import Member
from tests.factories import make_community, make_event, make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def menu_of(session: AsyncSession, host: Member) -> int:
    shown = await queue(session, DeliveryKind.REPLY, now=NOW, payload={"text": "Manage"}, member_id=host.id)
    assert shown is not None
    return shown.id


async def turn_into(session: AsyncSession, shown: int, about: About | None, at: datetime = NOW) -> None:
    """The message shows something else now, and Telegram has it."""
    to = {"method": "editMessageText", "payload": {"text": "x"}, "edits_id": shown, "about": about}
    await queue(session, DeliveryKind.ANSWER, now=at, **to)  # type: ignore[arg-type]
    await session.execute(update(Delivery).where(Delivery.edits_id == shown).values(sent_at=at))


async def test_a_list_is_open_while_it_is_the_last_thing_its_message_showed(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        event, other = [await make_event(session, community) for _ in range(2)]
        hosts = [await make_member(session) for _ in range(4)]
        ana, jo, wei, kim = [await menu_of(session, host) for host in hosts]
        for shown, page in ((ana, 0), (ana, 2), (jo, 0), (wei, 0)):
            await turn_into(session, shown, open_lists.about(event.id, page))
        await turn_into(session, kim, open_lists.about(other.id, 0))
        await turn_into(session, jo, None)
        await session.execute(update(Delivery).where(Delivery.edits_id == wei).values(sent_at=None, failed_at=NOW))

        now_open = await open_lists.open_lists(session, event.id, now=NOW + HOUR)
        a_day_later = await open_lists.open_lists(session, event.id, now=NOW + FRESH_FOR)

    # Jo went back to the menu, Wei deleted the message, Kim looks at another event.
    assert now_open == [OpenList(ana, hosts[0].id, 2)]
    assert a_day_later == []
