"""Keeps what was said of a need or an offer in step with its row: its card, and what its author hears. For handlers and jobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import listings as messages
from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from models.domain.listings import cards, erasure
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.listing import Listing


async def card(services: Services, session: AsyncSession, listing: Listing, *, now: datetime) -> Outgoing:
    """The card in the community's language."""
    community = await session.get_one(Community, listing.community_id)
    return messages.card(services.voice(community), await cards.view_of(session, listing, now=now))


async def post_card(
    services: Services,
    session: AsyncSession,
    listing: Listing,
    *,
    now: datetime,
    reply_to: int | None = None,
    once_key: str | None = None,
) -> Delivery | None:
    """Show it in its group, as a reply to the line perhaps; None where it has none, or was posted with this key before."""
    if listing.chat_id is None:
        return None
    message = await card(services, session, listing, now=now)
    delivery = await deliveries.queue(
        session,
        DeliveryKind.CARD,
        now=now,
        payload=message.payload(reply_to=reply_to),
        chat_id=listing.chat_id,
        thread_id=listing.telegram_thread_id,
        community_id=listing.community_id,
        once_key=once_key,
    )
    if delivery is not None:
        listing.card_id = delivery.id
        await session.flush()
    return delivery


async def refresh_card(services: Services, session: AsyncSession, listing: Listing, *, now: datetime) -> None:
    """The card shows how it stands."""
    if listing.card_id is None:
        return
    message = await card(services, session, listing, now=now)
    await change_card(session, listing.card_id, message, now=now)


async def change_card(session: AsyncSession, card_id: int, message: Outgoing, *, now: datetime) -> None:
    """Show this in the message that is a card."""
    await deliveries.queue(
        session,
        DeliveryKind.CARD_EDIT,
        now=now,
        method="editMessageText",
        payload=message.payload(),
        edits_id=card_id,
    )


async def take_back(
    services: Services, session: AsyncSession, member_id: int, *, now: datetime, community_id: int | None = None
) -> None:
    """Erase all that a member needed or offered, in one community perhaps; what groups still show of it says so."""
    for of_community, shown in (await erasure.erase(session, member_id, now=now, community_id=community_id)).items():
        voice = services.voice(await session.get_one(Community, of_community))
        for delivery_id in shown:
            await change_card(session, delivery_id, Outgoing(voice.say("listings.taken_back")), now=now)
