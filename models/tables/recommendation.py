"""What was recommended to whom, why, and what they did then."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, RowId, RowIdType, SealedJson, Word, index_of_set


class RecommendedItem(StrEnum):
    """What can be recommended; `item_id` is its row."""

    THREAD = "thread"
    EVENT = "event"
    LISTING = "listing"
    # A member, to be met.
    PERSON = "person"
    # A message of the reader's own that sounds like a need or an offer.
    MESSAGE = "message"
    # Somebody whose name passes only after all said yes.
    INTRODUCTION = "introduction"


class Source(StrEnum):
    """What knowledge found it; where something is chosen for its reason, that of the strongest.

    A source of threads is named as in SOURCES of models/learning/recommender.py, a reason as in the texts.
    """

    # Threads: the same people take part, it is on their terms, they know who wrote; many are in it, it is new.
    CO_PARTICIPATION = "co_participation"
    CONTENT = "content"
    SOCIAL = "social"
    POPULARITY = "popularity"
    RECENCY = "recency"
    # Chance, among the next best.
    EXPLORATION = "exploration"
    # A question that nobody answered, brought to who may know.
    RESCUE = "rescue"
    # Events in a digest: what is coming up.
    CALENDAR = "calendar"
    # Invitations, and needs and offers: a field (one they talk about, or call theirs) or words of theirs, events like it, its
    # host, who goes.
    FIELD = "field"
    FIELD_TOLD = "field_told"
    WORDS = "words"
    SIMILAR_ONE = "similar_one"
    SIMILAR_TWO = "similar_two"
    HOST = "host"
    FRIENDS_ONE = "friends_one"
    FRIENDS_TWO = "friends_two"
    MET_ONE = "met_one"
    MET_TWO = "met_two"
    # Invitations and people to meet: they joined lately.
    NEW_HERE = "new_here"
    # People to meet: who told what they build, who knows many, what one asks and the other knows, what is both's work.
    TOLD_PROJECT = "told_project"
    KNOWS_MANY = "knows_many"
    CAN_HELP = "can_help"
    WANTS_HELP = "wants_help"
    SAME_FIELD = "same_field"
    # They answered each other (apart: and were at no event together), or react to each other.
    ANSWERED_YOU = "answered_you"
    ANSWERED_YOU_APART = "answered_you_apart"
    YOU_ANSWERED = "you_answered"
    YOU_ANSWERED_APART = "you_answered_apart"
    REACT = "react"
    # One was the other's host, or guest; both were at an event.
    HOSTED = "hosted"
    CAME = "came"
    SAME_EVENT = "same_event"
    # The nameless question, since somebody picked them.
    STAY_IN_TOUCH = "stay_in_touch"
    # All that somebody new is told at once.
    WELCOME = "welcome"
    # Introductions, by their kind: somebody asked who knows; a round.
    ASKED = "asked"
    ROUND = "round"


class Response(StrEnum):
    """What a member did with it, as far as a bot can see."""

    # Pressed under the message.
    LIKE = "like"
    LESS = "less"
    NOT_PERSON = "not_person"
    # Wrote or reacted in the thread afterwards.
    JOINED = "joined"
    REACTED = "reacted"
    # Answered the event; of an invitation, how (as RsvpStatus).
    RSVP = "rsvp"
    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"
    # Said on a card that they can help, or are interested.
    HELPED = "helped"
    # Said that they met the person.
    MET = "met"
    # Kept their message as a need or an offer.
    KEPT = "kept"


class Recommendation(Base):
    """One item chosen for one member."""

    __tablename__ = "recommendation"
    __table_args__ = (
        Index(None, "member_id", "item_kind", "item_id"),
        # Who was told of an event or of a person.
        Index(None, "item_kind", "item_id"),
        Index(None, "community_id", "created_at"),
        index_of_set("model_id"),
    )

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"), index=True)
    item_kind: Mapped[RecommendedItem] = mapped_column(Word(RecommendedItem))
    item_id: Mapped[int]
    # Where a person was suggested to be met, without a key like item_id; NULL for everything else.
    event_id: Mapped[int | None] = mapped_column(RowIdType, index=True)
    source: Mapped[Source] = mapped_column(Word(Source))
    # Its place in the message, from 0.
    position: Mapped[int]
    score: Mapped[float]
    # Calibrated P(they do it), where a model served.
    probability: Mapped[float | None]
    # How probable this choice was under exploration, for offline policy comparison; 1.0 when greedy.
    propensity: Mapped[float] = mapped_column(default=1.0)
    reasons: Mapped[SealedJson]
    model_id: Mapped[int | None] = mapped_column(ForeignKey("trained_model.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    acted_at: Mapped[datetime | None]
    action: Mapped[Response | None] = mapped_column(Word(Response))
