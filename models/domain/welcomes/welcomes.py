"""What somebody new is told, once: what they said of themselves, to confirm; one person, one event, one thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.digests.validity import as_told
from models.domain.events.engagements import free_for
from models.domain.events.validity import on
from models.domain.introductions import inquiries
from models.domain.introductions.inquiries import Knower
from models.domain.introductions.validity import may_ask, meets
from models.domain.profiles import profiles
from models.domain.profiles.profiles import OpenProfile, Profile
from models.domain.profiles.validity import says, stands
from models.domain.questions.questions import is_waiting
from models.domain.questions.validity import waits
from models.domain.sending.checks import learns
from models.domain.welcomes import arrivals, choice
from models.domain.welcomes.arrivals import Arrival
from models.domain.welcomes.choice import Offer, Talk
from models.reading.fields import Field
from models.tables.community import Community
from models.tables.consent import Purpose
from models.tables.event import Event
from models.tables.inquiry import Inquiry, InquiryCandidate
from models.tables.member import MuteKind
from models.tables.profile import ProfileKind, ProfileState
from models.tables.recommendation import Recommendation, RecommendedItem, Source

# Lines that are proposed at once.
MOST_LINES = 5


@dataclass(frozen=True)
class Welcome:
    """For one newcomer; at most one of offer, knower and profile. `inquiry` is what their press asks the knower."""

    arrival: Arrival
    lines: Profile | None = None
    offer: Offer | None = None
    knower: Knower | None = None
    profile: tuple[OpenProfile, Field] | None = None
    event: tuple[Event, Field] | None = None
    talk: Talk | None = None
    inquiry: Inquiry | None = None
    candidate: InquiryCandidate | None = None

    def __bool__(self) -> bool:
        return any((self.lines, self.offer, self.knower, self.profile, self.event, self.talk))


async def compose(session: AsyncSession, community: Community, *, now: datetime) -> list[Welcome]:
    """For everybody who is due, what fits them; their own lines are looked at by propose()."""
    return [await _compose(session, community, one, now) for one in await arrivals.due(session, community, now=now)]


async def _compose(session: AsyncSession, community: Community, arrival: Arrival, now: datetime) -> Welcome:
    offer = await choice.choose_offer(session, community, arrival, now=now)
    knower = None if offer else await choice.choose_knower(session, community, arrival, now=now)
    is_found = offer is not None or knower is not None
    profile = None if is_found else await choice.choose_profile(session, community, arrival, now=now)
    invites, tells = Purpose.INVITE in arrival.purposes, Purpose.DIGEST in arrival.purposes
    event = await choice.choose_event(session, community, arrival, now=now) if invites else None
    talk = await choice.choose_talk(session, community, arrival, now=now) if tells else None
    return Welcome(arrival, None, offer, knower, profile, event, talk)


async def propose(session: AsyncSession, community: Community, welcome: Welcome, *, now: datetime) -> Welcome:
    """With the lines of their profile, where they introduced themselves, and the question that a press would ask."""
    member = welcome.arrival.member
    if welcome.arrival.hello is not None:
        profile = await profiles.of_member(session, member.id, community.id, now=now)
        open_lines = [
            one
            for one in (profile.facts if profile else ())
            if one.state == ProfileState.INFERRED and one.kind != ProfileKind.LANGUAGE
        ]
        if profile and open_lines:
            welcome = replace(welcome, lines=replace(profile, facts=open_lines[:MOST_LINES]))
    if welcome.knower is not None and welcome.arrival.seeks is not None:
        inquiry = await inquiries.begin(session, member.id, welcome.arrival.seeks, [welcome.knower], now=now)
        [candidate] = await inquiries.candidates(session, inquiry.id)
        welcome = replace(welcome, inquiry=inquiry, candidate=candidate)
    return welcome


async def remember(
    session: AsyncSession, community: Community, welcome: Welcome, *, now: datetime
) -> list[Recommendation]:
    """Everything in it as rows, in order, so that the controls under it work; at least one."""
    rows = [
        Recommendation(
            community_id=community.id,
            member_id=welcome.arrival.member.id,
            item_kind=kind,
            item_id=item_id,
            source=Source.WELCOME,
            position=position,
            score=0.0,
            reasons=[reason],
            created_at=now,
        )
        for position, (kind, item_id, reason) in enumerate(_items(community, welcome, now))
    ]
    session.add_all(rows)
    await session.flush()
    return rows


def _items(
    community: Community, welcome: Welcome, now: datetime
) -> Iterator[tuple[RecommendedItem, int, dict[str, Any]]]:
    """(what, its row, why with what the door looks up again)."""
    own = learns(community.id, welcome.arrival.member.id)
    hello = welcome.arrival.hello
    if hello is not None and (welcome.lines or welcome.knower):
        asked = [may_ask(welcome.inquiry.id)] if welcome.inquiry else []
        about = [own, says(hello.message.id, hello.message.text), *asked]
        yield RecommendedItem.MESSAGE, hello.message.id, _reason("introduced", about, at=hello.message.at.isoformat())
    if welcome.offer is not None:
        about = [*_other(community, welcome.offer.author_id), f"{MuteKind.LISTING}:{welcome.offer.view.id}"]
        yield RecommendedItem.LISTING, welcome.offer.view.id, _reason("seeks", [own, *about])
    if welcome.profile is not None:
        profile, field = welcome.profile
        about = [*_other(community, profile.member.id), *(stands(one.id) for one in profile.facts)]
        yield RecommendedItem.PERSON, profile.member.id, _reason("field_of_both", [own, *about], field=field.value)
    if welcome.event is not None:
        event, field = welcome.event
        about = [on(event), free_for(event.id), f"room:{event.id}", f"{MuteKind.EVENT}:{event.id}"]
        yield RecommendedItem.EVENT, event.id, _reason("field", [own, *about], field=field.value)
    if welcome.talk is not None:
        talk = welcome.talk.talk
        claim = waits(community.id, talk.thread_id) if is_waiting(talk, now=now) else as_told(talk)
        about = [*_other(community, talk.author_id), claim, f"{MuteKind.THREAD}:{talk.thread_id}"]
        yield RecommendedItem.THREAD, talk.thread_id, _reason("field", [own, *about], field=welcome.talk.field.value)


def _other(community: Community, member_id: int) -> list[str]:
    """What holds for whoever is named."""
    return [learns(community.id, member_id), f"{MuteKind.PERSON}:{member_id}", meets(community.id, member_id)]


def _reason(key: str, about: list[str], **values: Any) -> dict[str, Any]:
    return {"key": key, "values": values, "about": about}
