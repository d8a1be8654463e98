"""What is erased when: one rule for each kind of row.

What members wrote goes as whole rows, not as rows without text: who wrote when to whom is behaviour, it is theirs as much as
the words, and nothing needs it after so long (what is learned forgets within weeks). Reactions and mentions go with their
message; interactions, recommendations and threads of that age go too. Events, answers to them and introductions stay as a
community's history, without the sentences attendees wrote; consent decisions stay as proof. Deliveries lose their words first;
their rows go later, but for those that something rests on: see _is_done_with().
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, Update, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from models.database import is_one_of
from models.domain.erasure import departures
from models.tables.community import Chat, Community
from models.tables.delivery import Delivery
from models.tables.event import EventCard, EventRating, Rsvp
from models.tables.inbox import RawUpdate
from models.tables.inquiry import Inquiry
from models.tables.interaction import Interaction
from models.tables.introduction import Introduction, IntroductionSide
from models.tables.listing import Listing
from models.tables.member import Dialogue, Intent
from models.tables.message import Message, PollAnswer, Thread
from models.tables.profile import ProfileFact, ProfileState
from models.tables.recommendation import Recommendation


@dataclass(frozen=True)
class Cutoffs:
    """What is older than these goes."""

    texts: datetime
    raw: datetime
    messages: datetime
    deliveries: datetime
    departures: datetime
    now: datetime


@dataclass(frozen=True)
class Rule:
    """One kind of row: which ids are old enough, and what happens to them."""

    what: str
    old: Callable[[Cutoffs], Select[Any]]
    erase: Callable[[Sequence[int]], list[Delete | Update]]


def _rows_of(table: type[Any]) -> Callable[[Sequence[int]], list[Delete | Update]]:
    return lambda ids: [delete(table).where(is_one_of(table.id, ids))]


def _columns_of(table: type[Any], **blank: Any) -> Callable[[Sequence[int]], list[Delete | Update]]:
    return lambda ids: [update(table).where(is_one_of(table.id, ids)).values(**blank)]


def _in_communities(table: type[Any]) -> Select[Any]:
    """Community by community, as these rows are indexed: none of another age is read."""
    return select(table.id).where(table.community_id.in_(select(Community.id)))


def _was_settled_before(instant: datetime) -> ColumnElement[bool]:
    return func.coalesce(Delivery.sent_at, Delivery.failed_at) < instant


def _is_done_with(instant: datetime) -> ColumnElement[bool]:
    """Nothing rests on the row of an old delivery.

    It keeps nothing from being said twice (its key can be used no more, or it has none), shows no event and no listing, holds
    no seat, and no recommendation asks when it was shown, as learning and "shown before" do until that goes by itself. A
    changed message lasts as long as its latest change.
    """
    later = aliased(Delivery)
    edited_since = exists().where(later.edits_id == Delivery.id, later.created_at >= instant)
    is_kept = (
        exists().where(EventCard.delivery_id == Delivery.id),
        exists().where(Listing.card_id == Delivery.id),
        exists().where(Rsvp.offer_id == Delivery.id),
        exists().where(Recommendation.delivery_id == Delivery.id),
        edited_since,
    )
    return and_(or_(Delivery.once_key.is_(None), Delivery.expires_at < instant), *(~one for one in is_kept))


RULES = (
    Rule(
        "raw updates",
        # Nothing is done before it is received, and that is indexed.
        lambda at: select(RawUpdate.id).where(RawUpdate.received_at < at.raw, RawUpdate.done_at < at.raw),
        _rows_of(RawUpdate),
    ),
    Rule(
        # Kept long, because an update may be handled by a later version; what waits unhandled is never touched.
        "quarantined updates",
        lambda at: select(RawUpdate.id).where(RawUpdate.received_at < at.texts, RawUpdate.quarantined_at.is_not(None)),
        _rows_of(RawUpdate),
    ),
    Rule(
        "messages",
        # Chat by chat, as they are indexed.
        lambda at: select(Message.id).where(Message.chat_id.in_(select(Chat.id)), Message.sent_at < at.texts),
        _rows_of(Message),
    ),
    Rule(
        "interactions",
        lambda at: _in_communities(Interaction).where(Interaction.at < at.texts),
        _rows_of(Interaction),
    ),
    Rule(
        "poll answers",
        lambda at: select(PollAnswer.id).where(PollAnswer.answered_at < at.texts),
        _rows_of(PollAnswer),
    ),
    Rule(
        # Their keywords are made of what members wrote.
        "threads",
        lambda at: _in_communities(Thread).where(Thread.last_at < at.texts),
        _rows_of(Thread),
    ),
    Rule(
        # Their reasons name what members wrote and did.
        "recommendations",
        lambda at: _in_communities(Recommendation).where(Recommendation.created_at < at.texts),
        _rows_of(Recommendation),
    ),
    Rule(
        "needs and offers",
        lambda at: (
            select(Listing.id)
            .where(func.coalesce(Listing.closed_at, Listing.expires_at) < at.texts)
            .order_by(Listing.id)
        ),
        _rows_of(Listing),
    ),
    Rule(
        # Made of what members wrote, and made anew when they ask.
        "lines of profiles that nobody confirmed",
        lambda at: (
            select(ProfileFact.id)
            .where(ProfileFact.state == ProfileState.INFERRED, ProfileFact.created_at < at.messages)
            .order_by(ProfileFact.id)
        ),
        _rows_of(ProfileFact),
    ),
    Rule(
        # That something was removed stays as long as its member, without a word of it.
        "lines of profiles",
        lambda at: (
            select(ProfileFact.id)
            .where(ProfileFact.words.is_not(None), ProfileFact.decided_at < at.texts)
            .order_by(ProfileFact.id)
        ),
        _rows_of(ProfileFact),
    ),
    Rule(
        # Wishes that were not returned are forgotten when they expire; what was proposed otherwise goes at last, too, and so
        # does what nobody is part of any more.
        "introductions",
        lambda at: (
            select(Introduction.id)
            .where(
                or_(
                    and_(Introduction.introduced_at.is_(None), Introduction.expires_at < at.texts),
                    ~exists().where(IntroductionSide.introduction_id == Introduction.id),
                )
            )
            .order_by(Introduction.id)
        ),
        _rows_of(Introduction),
    ),
    Rule(
        "sentences about events",
        lambda at: (
            select(EventRating.id)
            .where(EventRating.sentence.is_not(None), EventRating.rated_at < at.texts)
            .order_by(EventRating.id)
        ),
        _columns_of(EventRating, sentence=None),
    ),
    Rule(
        "sentences about introductions",
        lambda at: (
            select(IntroductionSide.id)
            .where(IntroductionSide.sentence.is_not(None), IntroductionSide.outcome_at < at.texts)
            .order_by(IntroductionSide.id)
        ),
        _columns_of(IntroductionSide, sentence=None),
    ),
    Rule(
        # Of use while the names that they lead to may pass; who asked whom goes with them.
        "questions who knows something",
        lambda at: select(Inquiry.id).where(Inquiry.asked_at < at.messages).order_by(Inquiry.id),
        _rows_of(Inquiry),
    ),
    Rule(
        "texts sent",
        # Nothing is sent before it is made; of what is older, few still hold words.
        lambda at: select(Delivery.id).where(
            Delivery.payload.is_not(None), Delivery.created_at < at.messages, _was_settled_before(at.messages)
        ),
        _columns_of(Delivery, payload=None, reasons=None),
    ),
    Rule(
        "deliveries",
        lambda at: select(Delivery.id).where(
            Delivery.created_at < at.deliveries, _was_settled_before(at.deliveries), _is_done_with(at.deliveries)
        ),
        _rows_of(Delivery),
    ),
    Rule(
        # The answers given so far are a member's words.
        "unfinished dialogues",
        lambda at: select(Dialogue.id).where(Dialogue.asked_at < at.departures).order_by(Dialogue.id),
        _rows_of(Dialogue),
    ),
    Rule(
        "links",
        lambda at: select(Intent.id).where(Intent.expires_at <= at.now).order_by(Intent.id),
        _rows_of(Intent),
    ),
    # Last: the rules above may have taken away what kept a member.
    Rule(
        "members who left",
        lambda at: departures.long_gone(left_before=at.departures, wrote_before=at.texts),
        departures.erase,
    ),
)
