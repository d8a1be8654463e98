"""What came of an event, in numbers, for its hosts: invited, going, came, liked; and when people answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events import seats
from models.domain.events.announcements import about
from models.domain.events.ratings import LIKED_FROM
from models.domain.events.reminders import WINDOWS
from models.domain.sending.about import is_about
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.event import Event, EventCard, EventRating, Rsvp, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.recommendation import Recommendation, RecommendedItem, Source

# Answers of people; a check-in unasked and an answer taken back are none.
ANSWERS = frozenset(
    {RsvpStatus.GOING, RsvpStatus.MAYBE, RsvpStatus.NOT_GOING, RsvpStatus.WAITLISTED, RsvpStatus.LAPSED}
)
MOST_STARS = 5
# Raters were promised that the host does not learn who said what: of fewer, the mean and the words would tell.
FEWEST_RATERS = 3
# Of fewer invitations it says nothing how many were taken.
FEWEST_INVITED = 3
# Members were promised that nobody sees whom they met: of fewer suggested pairs than this the number would tell.
FEWEST_PAIRS = 3


@dataclass(frozen=True)
class MetPairs:
    """Pairs of whom at least one was told of the other, and how many of them say that they met; in all and by reason."""

    n_pairs: int = 0
    n_met: int = 0
    by_source: Mapping[Source, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """The funnel of one event in people.

    - Every count is of members; `n_guests` are those whom the members going meant to bring.
    - `n_came` is None where nobody was checked in: who came is not known then. It counts those who came unasked too, so
      `n_came_of_going` is the part of those going.
    - `n_yes_of_invited` said yes at some time before the start; of them `n_gave_back` were not going in the end.
    - `stars[i]` is how many gave i + 1; `mean_stars` is None without ratings. Where fewer than FEWEST_RATERS rated, neither
      their stars nor their sentences are here at all.
    - `answered_at` are the instants at which the standing answers were given, until the start, oldest first.
    - `posted_at`, `invited_at` and `reminded_at` (a day, an hour before) are first sendings; None or absent when nothing was.
    """

    starts_at: datetime
    n_invited: int = 0
    n_yes_of_invited: int = 0
    n_gave_back: int = 0
    n_going: int = 0
    n_guests: int = 0
    n_came: int | None = None
    n_came_of_going: int = 0
    stars: tuple[int, ...] = (0,) * MOST_STARS
    sentences: tuple[str, ...] = ()
    answered_at: tuple[datetime, ...] = ()
    posted_at: datetime | None = None
    invited_at: datetime | None = None
    reminded_at: tuple[datetime, ...] = ()
    # Who was suggested to each other before, and how many of these pairs say they met.
    suggestions: MetPairs = field(default_factory=MetPairs)

    @property
    def tells_invited(self) -> bool:
        """Whether enough were invited to tell how many of them go; others go too, so they are no step before those going."""
        return self.n_invited >= FEWEST_INVITED

    @property
    def n_came_unasked(self) -> int:
        """Who came without having said yes."""
        return (self.n_came or 0) - self.n_came_of_going

    @property
    def n_rated(self) -> int:
        """How many gave stars."""
        return sum(self.stars)

    @property
    def n_liked(self) -> int:
        """How many gave LIKED_FROM stars or more."""
        return sum(self.stars[LIKED_FROM - 1 :])

    @property
    def mean_stars(self) -> float | None:
        """1 to 5; None without ratings."""
        total = sum(n * (index + 1) for index, n in enumerate(self.stars))
        return total / self.n_rated if self.n_rated else None

    @property
    def is_empty(self) -> bool:
        """Nobody said yes, nobody came: there is nothing to sum up."""
        return not self.n_going and not self.n_came

    @property
    def tells_pairs(self) -> bool:
        """Whether so many pairs were suggested that the number met tells nobody who said so."""
        return self.suggestions.n_pairs >= FEWEST_PAIRS

    @property
    def is_worth_a_message(self) -> bool:
        """More is known than how many had said yes, which the hosts saw on the card."""
        knows_more = self.n_came is not None or self.n_rated > 0 or self.tells_invited or self.tells_pairs
        return not self.is_empty and knows_more


async def summary(session: AsyncSession, event: Event, *, suggestions: MetPairs) -> Summary:
    """What happened, as it is known now; what came of suggestions is people_to_meet.outcomes()."""
    rows = await seats.answers(session, event.id)
    going = [row for row in rows if row.status == RsvpStatus.GOING]
    check_ins = [row for row in rows if row.checked_in_at is not None]
    invited_at = await _invitation_times(session, event.id)
    going_ids = {row.member_id for row in going}
    yes_ids = going_ids | await _ever_going(session, event)
    ratings = list(await session.scalars(select(EventRating).where(EventRating.event_id == event.id)))
    ratings = ratings if len(ratings) >= FEWEST_RATERS else []
    all_stars = [one.stars for one in ratings]
    return Summary(
        starts_at=event.starts_at,
        n_invited=len(invited_at),
        n_yes_of_invited=len(yes_ids & invited_at.keys()),
        n_gave_back=len((yes_ids - going_ids) & invited_at.keys()),
        n_going=len(going),
        n_guests=sum(row.guests for row in going),
        n_came=len(check_ins) or None,
        n_came_of_going=sum(row.status == RsvpStatus.GOING for row in check_ins),
        stars=tuple(all_stars.count(stars) for stars in range(1, MOST_STARS + 1)),
        # In no order that would tell who wrote what.
        sentences=tuple(sorted(one.sentence for one in ratings if one.sentence)),
        answered_at=_answer_times(rows, event.starts_at),
        posted_at=await _posted_at(session, event.id),
        invited_at=min(invited_at.values(), default=None),
        reminded_at=await _reminded_at(session, event),
        suggestions=suggestions,
    )


def _answer_times(rows: Sequence[Rsvp], starts_at: datetime) -> tuple[datetime, ...]:
    return tuple(sorted(row.answered_at for row in rows if row.status in ANSWERS and row.answered_at <= starts_at))


async def _invitation_times(session: AsyncSession, event_id: int) -> dict[int, datetime]:
    """Whom an invitation reached, and when."""
    query = (
        select(Recommendation.member_id, func.min(Delivery.sent_at))
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.item_kind == RecommendedItem.EVENT, Recommendation.item_id == event_id)
        .where(Delivery.kind == DeliveryKind.INVITE, Delivery.sent_at.is_not(None))
        .group_by(Recommendation.member_id)
    )
    return {member_id: at for member_id, at in await session.execute(query) if at is not None}


async def _ever_going(session: AsyncSession, event: Event) -> set[int]:
    """Who said yes before the start, whatever they said later."""
    query = (
        select(Interaction.member_id)
        .where(Interaction.event_id == event.id, Interaction.kind == InteractionKind.RSVP)
        .where(Interaction.what == RsvpStatus.GOING, Interaction.at <= event.starts_at)
    )
    return set(await session.scalars(query))


async def _posted_at(session: AsyncSession, event_id: int) -> datetime | None:
    query = (
        select(func.min(Delivery.sent_at))
        .join(EventCard, EventCard.delivery_id == Delivery.id)
        .where(EventCard.event_id == event_id)
    )
    return await session.scalar(query)


async def _reminded_at(session: AsyncSession, event: Event) -> tuple[datetime, ...]:
    first = select(func.min(Delivery.sent_at))
    instants = [await session.scalar(first.where(is_about(about(event, what)))) for what in WINDOWS]
    return tuple(sorted(at for at in instants if at is not None))
