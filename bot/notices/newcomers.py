"""Who joins later is asked about consent once: privately where we can write to them, else in the group's welcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.links import start_link
from bot.messages import privacy as messages
from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from models.database import is_one_of
from models.domain.hearing.facts import Fact, HeardStanding
from models.domain.hearing.standings import TOLD_TWICE
from models.domain.members import consent, deep_links
from models.domain.sending import deliveries
from models.domain.sending.about import About
from models.tables.community import GROUPS, Chat, Community
from models.tables.consent import Consent
from models.tables.delivery import Delivery, DeliveryKind, Subject
from models.tables.member import PRESENT, LinkAction, Member, Membership, Presence, Standing

# Within so long after a welcome, whoever comes is added to it: a wave of arrivals is no wave of messages.
ONE_WELCOME = timedelta(hours=1)
WHAT = "welcome"


async def greet(services: Services, session: AsyncSession, facts: Sequence[Fact], *, now: datetime) -> bool:
    """Ask those who came for the first time, after the group itself was asked; says whether anything was queued."""
    joins = [
        fact
        for fact in facts
        if isinstance(fact, HeardStanding)
        and fact.status in PRESENT
        and fact.place.kind in GROUPS
        and not fact.actor.is_bot
    ]
    is_asked = False
    for chat in await _asked_before(session, {fact.place.telegram_id for fact in joins}):
        # An administrator is told of every arrival twice: once by a service message.
        told_twice = chat.bot_status == Standing.ADMINISTRATOR
        here = [fact for fact in joins if fact.place.telegram_id == chat.telegram_id]
        at = {fact.actor.telegram_id: fact.at for fact in here if not (told_twice and fact.is_vague)}
        is_asked |= await _greet_in(services, session, chat, at, now=now)
    return is_asked


async def _asked_before(session: AsyncSession, telegram_ids: set[int]) -> Sequence[Chat]:
    if not telegram_ids:
        return []
    query = select(Chat).where(is_one_of(Chat.telegram_id, telegram_ids), Chat.consent_asked_at.is_not(None))
    return (await session.scalars(query.where(Chat.community_id.is_not(None)))).all()


async def _greet_in(
    services: Services, session: AsyncSession, chat: Chat, at: dict[int, datetime], *, now: datetime
) -> bool:
    community = await session.get_one(Community, chat.community_id)
    rows = await session.execute(_undecided_members(community.id).where(is_one_of(Member.telegram_id, at)))
    came = [
        member
        for member, joined_at in rows
        if joined_at
        and chat.consent_asked_at
        and joined_at > chat.consent_asked_at
        # An earlier arrival was asked about then.
        and abs(joined_at - at[member.telegram_id]) <= TOLD_TWICE
    ]
    for member in came:
        if member.is_reachable:
            await _ask_privately(services, session, member, community, now=now)
    if any(not member.is_reachable for member in came):
        # Updates may have waited while nobody fetched them: who came an hour ago is welcomed by name, too.
        since = min(at[member.telegram_id] for member in came) - timedelta(minutes=1)
        await _welcome(services, session, chat, community, since=since, now=now)
    return bool(came)


def _undecided_members(community_id: int) -> Select[Member, datetime | None]:
    """Members of the community who said neither yes nor no to anything, and when they came."""
    has_decided = exists().where(Consent.member_id == Member.id, Consent.community_id == community_id)
    return (
        select(Member, Membership.joined_at)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.community_id == community_id, Membership.left_at.is_(None), ~has_decided)
        .order_by(Membership.joined_at, Member.id)
    )


async def _ask_privately(
    services: Services, session: AsyncSession, member: Member, community: Community, *, now: datetime
) -> None:
    voice = services.voice(member)
    message = messages.asked_privately(
        voice,
        community=community.name,
        community_id=community.id,
        choices_made=await consent.choices(session, member.id, community.id),
        days=services.config.privacy.retention_days,
    )
    await deliveries.queue(
        session,
        DeliveryKind.CONSENT,
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=community.id,
        once_key=f"consent:{community.id}:member:{member.id}",
    )


async def _welcome(
    services: Services, session: AsyncSession, chat: Chat, community: Community, *, since: datetime, now: datetime
) -> None:
    """One message for all who came lately and cannot be written to."""
    open_ = await _open_welcome(session, chat.id, now=now)
    if open_ is not None:
        since = min(since, open_.created_at - ONE_WELCOME)
    present = exists().where(Presence.member_id == Member.id, Presence.chat_id == chat.id, Presence.status.in_(PRESENT))
    members = await session.scalars(_undecided_members(community.id).where(Membership.joined_at >= since, present))
    names = [member.name for member in members if not member.is_reachable]
    if not names:
        return
    token = await deep_links.remember(session, LinkAction.CHOICES, now=now, community_id=community.id)
    message = messages.welcome(
        services.voice(community),
        names=names,
        community_id=community.id,
        link=start_link(services.bot_username, token),
    )
    await _say(session, chat, message, open_, now=now)


async def _say(session: AsyncSession, chat: Chat, message: Outgoing, open_: Delivery | None, *, now: datetime) -> None:
    if open_ is not None:
        await deliveries.queue(
            session,
            DeliveryKind.ANSWER,
            now=now,
            method="editMessageText",
            payload=replace(message, is_silent=False).payload(),
            edits_id=open_.id,
        )
        return
    about = About(Subject.CHAT, chat.id, WHAT)
    where = {"chat_id": chat.id, "community_id": chat.community_id}
    await deliveries.queue(session, DeliveryKind.CONSENT, now=now, payload=message.payload(), about=about, **where)  # type: ignore[arg-type]


async def _open_welcome(session: AsyncSession, chat_id: int, *, now: datetime) -> Delivery | None:
    query = select(Delivery).where(
        Delivery.about_kind == Subject.CHAT,
        Delivery.about_id == chat_id,
        Delivery.what == WHAT,
        Delivery.edits_id.is_(None),
    )
    latest = query.where(Delivery.created_at > now - ONE_WELCOME, Delivery.failed_at.is_(None))
    return (await session.scalars(latest.order_by(Delivery.id.desc()).limit(1))).one_or_none()
