"""Keeps what was said of a need or an offer in step with its row: its card, and what its author hears. For handlers and jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.links import start_link
from bot.messages import listings as messages
from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from bot.texts import Voice
from models.database import is_one_of
from models.domain.introductions.validity import meets
from models.domain.listings import answers, cards, erasure, validity
from models.domain.listings.cards import ListingView
from models.domain.member_time import quiet_hours
from models.domain.members import deep_links
from models.domain.sending import deliveries
from models.domain.sending.about import About
from models.tables.community import Community
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.listing import Listing
from models.tables.member import LinkAction, Member


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


async def refresh_cards(
    services: Services, session: AsyncSession, listing_ids: Sequence[int], *, now: datetime
) -> None:
    """The same for those of these that are still there."""
    for listing in await session.scalars(select(Listing).where(is_one_of(Listing.id, listing_ids))):
        await refresh_card(services, session, listing, now=now)


async def tell_author(
    services: Services,
    session: AsyncSession,
    listing: Listing,
    message: Callable[[Voice, ListingView], Outgoing],
    *,
    now: datetime,
    about: About,
    expires_at: datetime | None = None,
    reasons: Sequence[dict[str, Any]] = (),
) -> Delivery | None:
    """Tell its author something of it, once, after their night; None where they cannot be written to."""
    author = await session.get_one(Member, listing.member_id)
    if not author.is_reachable:
        return None
    community = await session.get_one(Community, listing.community_id)
    view = await cards.view_of(session, listing, now=now)
    return await deliveries.queue(
        session,
        DeliveryKind.NOTICE,
        now=now,
        payload=message(services.voice(author), view).payload(),
        member_id=author.id,
        community_id=listing.community_id,
        due_at=quiet_hours(author, community.time_zone, services.defaults).end_after(now),
        about=about,
        reasons=reasons,
        expires_at=expires_at,
    )


async def tell_of_answer(
    services: Services, session: AsyncSession, listing: Listing, helper: Member, *, now: datetime
) -> None:
    """Its author hears who can help; one whom we cannot write to is called in the group, once a day, without the name."""
    if helper.id not in {one.id for one in await answers.helpers(session, listing)}:
        return
    author = await session.get_one(Member, listing.member_id)
    if author.is_reachable:
        message = partial(messages.answer, helper=helper)
        about = answers.about(listing.id, helper.id)
        claims = [{"key": "answer", "values": {}, "about": [validity.helper(listing.id, helper.id)]}]
        await tell_author(services, session, listing, message, now=now, about=about, reasons=claims)
    elif listing.chat_id is not None:
        await _call_author(services, session, listing, author, now=now)


async def tell_helper(
    services: Services, session: AsyncSession, listing: Listing, helper: Member, *, now: datetime
) -> bool:
    """Who helped hears it once, after their night; False where they cannot be written to."""
    if not helper.is_reachable:
        return False
    community = await session.get_one(Community, listing.community_id)
    view = await cards.view_of(session, listing, now=now)
    delivery = await deliveries.queue(
        session,
        DeliveryKind.NOTICE,
        now=now,
        payload=messages.thanks(services.voice(helper), view).payload(),
        member_id=helper.id,
        community_id=community.id,
        due_at=quiet_hours(helper, community.time_zone, services.defaults).end_after(now),
        about=answers.about_thanks(listing.id, helper.id),
        reasons=[{"key": "thanks", "values": {}, "about": [meets(community.id, listing.member_id)]}],
    )
    return delivery is not None


async def _call_author(
    services: Services, session: AsyncSession, listing: Listing, author: Member, *, now: datetime
) -> None:
    community = await session.get_one(Community, listing.community_id)
    where = {"community_id": community.id, "target_id": listing.id, "member_id": author.id}
    token = await deep_links.remember(session, LinkAction.LISTING, now=now, **where)
    link = start_link(services.bot_username, token)
    card_shown = await session.get(Delivery, listing.card_id) if listing.card_id else None
    reply_to = card_shown.telegram_message_id if card_shown else None
    await deliveries.queue(
        session,
        DeliveryKind.NOTICE,
        now=now,
        payload=messages.call(services.voice(community), author, link=link).payload(reply_to=reply_to),
        chat_id=listing.chat_id,
        thread_id=listing.telegram_thread_id,
        community_id=community.id,
        once_key=f"listing:{listing.id}:call:{now:%Y-%m-%d}",
    )


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
