"""What members did with what was recommended: presses under it, and joining the thread afterwards.

Bots cannot see that a link was opened. So a press, a message, a reaction or an answer is all there is to learn from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, is_one_of, keys_of_session
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.members.own_words import own_words
from models.tables.consent import Purpose
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp
from models.tables.interaction import Interaction
from models.tables.listing import Listing, ListingAnswer
from models.tables.member import Member, Mute, MuteKind
from models.tables.message import Message, Reaction, Thread
from models.tables.model import TrainedModel
from models.tables.recommendation import Recommendation, RecommendedItem, Response

Action = Literal[Response.LIKE, Response.LESS, Response.NOT_PERSON]
# "Less like this" leaves a thread's words out for so long: tastes change, and one press should not hide a topic for ever.
TOPIC_MUTE = timedelta(days=30)
# Somebody who joins later than this was hardly led there by the recommendation.
LED_THERE = timedelta(days=14)


@dataclass(frozen=True)
class PressEffect:
    """What a press changed, for the answer: the words left out from now on, or the person."""

    words: tuple[str, ...] = ()
    person: str | None = None


async def of_member(session: AsyncSession, recommendation_id: int, member_id: int) -> Recommendation | None:
    """A recommendation that was made to this member; None when it is somebody else's or gone."""
    recommendation = await session.get(Recommendation, recommendation_id)
    return recommendation if recommendation is not None and recommendation.member_id == member_id else None


async def note(session: AsyncSession, about: Recommendation, action: Action, *, now: datetime) -> PressEffect:
    """Write a press and what follows from it; pressing twice changes nothing more. The very next send honours it."""
    if about.action != action:
        row = {"community_id": about.community_id, "member_id": about.member_id, "kind": "feedback", "at": now}
        row |= {"recommendation_id": about.id, "what": action, "value": 1 if action == Response.LIKE else -1}
        await session.execute(insert_of(session, Interaction), [row])
    about.action, about.acted_at = action, about.acted_at or now
    if about.delivery_id is not None:
        update_seen = update(Delivery).where(Delivery.id == about.delivery_id, Delivery.acted_at.is_(None))
        await session.execute(update_seen.values(acted_at=now))
    if action == Response.LESS:
        return PressEffect(words=await _mute_like(session, about, now))
    if action == Response.NOT_PERSON:
        return PressEffect(person=await _mute_person(session, about, now))
    return PressEffect()


async def mute(
    session: AsyncSession, member_id: int, kind: MuteKind, target: str, *, now: datetime, until: datetime | None = None
) -> None:
    """Leave something out for a member, for ever or until an instant; the later wish counts."""
    row = {"member_id": member_id, "kind": kind, "target": target, "until": until, "created_at": now}
    statement = insert_of(session, Mute)
    keys = ["member_id", "kind", "target"]
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_={"until": until}), [row])


async def muted_items(session: AsyncSession, member_ids: set[int], *, now: datetime) -> dict[int, set[tuple[str, str]]]:
    """What each of these members has left out now, as (kind, target)."""
    still = Mute.until.is_(None) | (Mute.until > now)
    rows = await session.execute(
        select(Mute.member_id, Mute.kind, Mute.target).where(still, is_one_of(Mute.member_id, member_ids))
    )
    mutes: dict[int, set[tuple[str, str]]] = {member_id: set() for member_id in member_ids}
    for member_id, kind, target in rows:
        mutes[member_id].add((kind, target))
    return mutes


async def forget_mutes(session: AsyncSession, member_id: int) -> None:
    """Show a member everything and everybody again."""
    await session.execute(delete(Mute).where(Mute.member_id == member_id))


def keyword_target(session: AsyncSession, word: str) -> str:
    """A word as the target of a mute, the same for one and many; hashed, because it says what somebody does not like."""
    return keys_of_session(session).lookup_hash(word.casefold().rstrip("s"))


async def author_of(session: AsyncSession, about: Recommendation) -> Member | None:
    """Who opened the recommended thread, hosts the recommended event, or is the recommended person; of no introduction."""
    if about.item_kind == RecommendedItem.INTRODUCTION:
        return None
    if about.item_kind == RecommendedItem.PERSON:
        return await session.get(Member, about.item_id)
    if about.item_kind == RecommendedItem.EVENT:
        event = await session.get(Event, about.item_id)
        return await session.get(Member, event.host_id) if event and event.host_id else None
    if about.item_kind == RecommendedItem.LISTING:
        listing = await session.get(Listing, about.item_id)
        return await session.get(Member, listing.member_id) if listing else None
    if about.item_kind == RecommendedItem.MESSAGE:
        return await session.get(Member, about.member_id)
    opener = await _opener(session, about.item_id)
    return await session.get(Member, opener.member_id) if opener and opener.member_id else None


async def _opener(session: AsyncSession, thread_id: int) -> Message | None:
    query = select(Message).where(Message.thread_id == thread_id).order_by(Message.sent_at, Message.id).limit(1)
    return (await session.scalars(query)).one_or_none()


async def _mute_like(session: AsyncSession, about: Recommendation, now: datetime) -> tuple[str, ...]:
    if about.item_kind in (RecommendedItem.MESSAGE, RecommendedItem.INTRODUCTION):
        # One's own message, or somebody without a name: there is nothing to leave out but such questions.
        return ()
    await mute(session, about.member_id, MuteKind(about.item_kind), str(about.item_id), now=now)
    thread = await session.get(Thread, about.item_id) if about.item_kind == RecommendedItem.THREAD else None
    words = tuple((thread.keywords if thread else None) or ())
    for word in words:
        target = keyword_target(session, word)
        await mute(session, about.member_id, MuteKind.KEYWORD, target, now=now, until=now + TOPIC_MUTE)
    return words


async def _mute_person(session: AsyncSession, about: Recommendation, now: datetime) -> str | None:
    author = await author_of(session, about)
    if author is None or author.id == about.member_id:
        return None
    await mute(session, about.member_id, MuteKind.PERSON, str(author.id), now=now)
    return await _name(session, author, about)


async def note_actions(session: AsyncSession, community_id: int, *, now: datetime) -> int:
    """Members who wrote or reacted in a recommended thread, or answered a recommended event or card, after it was sent.

    Returns how many recommendations that were.
    """
    n_noted = 0
    for action, query in _FOLLOWED.items():
        rows = await session.execute(
            query.where(
                Recommendation.community_id == community_id,
                Recommendation.acted_at.is_(None),
                Recommendation.created_at > now - LED_THERE,
            )
        )
        for recommendation_id, delivery_id, at in rows.all():
            await _note_action(session, recommendation_id, delivery_id, action, at)
            n_noted += 1
    return n_noted


async def _note_action(
    session: AsyncSession, recommendation_id: int, delivery_id: int, action: Response, at: datetime
) -> None:
    recommendation_update = update(Recommendation).where(
        Recommendation.id == recommendation_id, Recommendation.acted_at.is_(None)
    )
    await session.execute(recommendation_update.values(acted_at=at, action=action))
    delivery_update = update(Delivery).where(Delivery.id == delivery_id, Delivery.acted_at.is_(None))
    await session.execute(delivery_update.values(acted_at=at))


def _follow(at: Any, *, item_kind: str) -> Any:
    return (
        select(Recommendation.id, Recommendation.delivery_id, func.min(at))
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.item_kind == item_kind, at > Delivery.sent_at)
        .group_by(Recommendation.id, Recommendation.delivery_id)
    )


_IN_THREAD = Message.thread_id == Recommendation.item_id
# The first that applies counts.
_FOLLOWED: dict[Response, Any] = {
    Response.JOINED: _follow(Message.sent_at, item_kind=RecommendedItem.THREAD).join(
        Message, _IN_THREAD & (Message.member_id == Recommendation.member_id)
    ),
    Response.REACTED: _follow(Reaction.reacted_at, item_kind=RecommendedItem.THREAD)
    .join(Message, _IN_THREAD)
    .join(Reaction, (Reaction.message_id == Message.id) & (Reaction.member_id == Recommendation.member_id)),
    Response.RSVP: _follow(Rsvp.answered_at, item_kind=RecommendedItem.EVENT).join(
        Rsvp, (Rsvp.event_id == Recommendation.item_id) & (Rsvp.member_id == Recommendation.member_id)
    ),
    Response.HELPED: _follow(ListingAnswer.answered_at, item_kind=RecommendedItem.LISTING).join(
        ListingAnswer,
        (ListingAnswer.listing_id == Recommendation.item_id) & (ListingAnswer.member_id == Recommendation.member_id),
    ),
}


@dataclass(frozen=True)
class ShownItem:
    """A recommendation as its member saw it; the words are None when they may not be shown any more, or never were."""

    row: Recommendation
    words: str | None
    author: str | None

    @property
    def number(self) -> int:
        """Its number in the message, from 1."""
        return self.row.position + 1


async def shown_with(session: AsyncSession, about: Recommendation) -> list[ShownItem]:
    """Everything that came in the same message, in its order."""
    query = select(Recommendation).where(Recommendation.delivery_id == about.delivery_id)
    rows = await session.scalars(query.order_by(Recommendation.position))
    return [await _as_shown(session, row) for row in rows]


async def last_shown(session: AsyncSession, member_id: int) -> list[ShownItem]:
    """The member's latest push that arrived; [] when there was none."""
    query = (
        select(Recommendation)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.member_id == member_id, Delivery.sent_at.is_not(None))
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
    )
    latest = (await session.scalars(query.limit(1))).one_or_none()
    return await shown_with(session, latest) if latest else []


async def learned_until(session: AsyncSession, about: Recommendation) -> datetime | None:
    """Until when the model that chose it had learned; None: plain rules chose."""
    query = select(TrainedModel.trained_until).where(TrainedModel.id == about.model_id)
    return await session.scalar(query) if about.model_id is not None else None


async def _as_shown(session: AsyncSession, row: Recommendation) -> ShownItem:
    author = await author_of(session, row)
    name = await _name(session, author, row)
    if row.item_kind == RecommendedItem.INTRODUCTION:
        return ShownItem(row, None, None)
    if row.item_kind == RecommendedItem.PERSON:
        return ShownItem(row, name, name)
    if row.item_kind == RecommendedItem.EVENT:
        event = await session.get(Event, row.item_id)
        return ShownItem(row, event.title if event else None, name)
    if row.item_kind == RecommendedItem.LISTING:
        listing = await session.get(Listing, row.item_id)
        return ShownItem(row, listing.text if listing else None, name)
    if row.item_kind == RecommendedItem.MESSAGE:
        own = await session.get(Message, row.item_id)
        return ShownItem(row, own.text if own and own.deleted_at is None else None, name)
    learner_ids = await learners(session, row.community_id)
    opener = await _opener(session, row.item_id)
    if opener is None or opener.deleted_at is not None or opener.member_id not in learner_ids:
        return ShownItem(row, None, None)
    return ShownItem(row, (await own_words(session, [opener], learner_ids)).get(opener.id), name)


async def _name(session: AsyncSession, author: Member | None, about: Recommendation) -> str | None:
    """The name of whom a recommendation is about, as long as they may be named to others; who hosts does so in public."""
    if author is None or about.item_kind == RecommendedItem.EVENT:
        return author.name if author else None
    learner_ids = await learners(session, about.community_id)
    if about.item_kind == RecommendedItem.PERSON:
        learner_ids &= await consent.consenting(session, about.community_id, Purpose.INTRODUCE)
    return author.name if author.id in learner_ids else None
