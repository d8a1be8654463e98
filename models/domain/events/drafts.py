"""Which messages show a draft, or ask about a line that made none: a newer line of the same host takes their place."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.delivery import Delivery, Subject
from models.tables.event import Event, EventStatus

# How it stands: as the preview or question, or as one line that a later preview left of it.
OPEN, ASIDE = "open", "aside"
# How alike two titles are, from 0 to 1, when one is the other corrected; with the same start less will do.
ALIKE, ALIKE_AT_ONE_TIME = 0.9, 0.4


@dataclass(frozen=True)
class Standing:
    """A message that still waits for its host: the delivery that posted it, and its draft; None for a question."""

    delivery: Delivery
    event: Event | None


def remember(delivery: Delivery, event: Event | None, *, author_id: int | None, how: str = OPEN) -> None:
    """The message now shows this draft, or (None) a question about a line of this member (None: an anonymous admin)."""
    delivery.about_kind, delivery.what = (Subject.DRAFT if event else Subject.EVENT_LINE), how
    delivery.about_id = event.id if event else author_id or 0


def forget(delivery: Delivery) -> None:
    """The message is neither any more."""
    delivery.about_kind = delivery.about_id = delivery.what = None


async def standing(
    session: AsyncSession, author_id: int | None, *, member_id: int | None = None, chat_id: int | None = None
) -> list[Standing]:
    """What waits for this member (None: an anonymous admin) in their private chat or in a chat, oldest first."""
    in_place = (Delivery.member_id == member_id, Delivery.chat_id == chat_id, Delivery.what == OPEN)
    questions = select(Delivery).where(
        Delivery.about_kind == Subject.EVENT_LINE, Delivery.about_id == (author_id or 0), *in_place
    )
    previews = (
        select(Delivery, Event)
        .join(Event, Event.id == Delivery.about_id)
        .where(Delivery.about_kind == Subject.DRAFT, *in_place)
        .where(Event.host_id.is_not_distinct_from(author_id), Event.status == EventStatus.DRAFT)
    )
    drafts = [Standing(delivery, None) for delivery in await session.scalars(questions)]
    drafts += [Standing(shown, event) for shown, event in await session.execute(previews)]
    return sorted(drafts, key=lambda one: one.delivery.id)


async def previews_of(session: AsyncSession, event_id: int) -> list[Delivery]:
    """Every message that shows the draft, in whatever form."""
    query = select(Delivery).where(Delivery.about_kind == Subject.DRAFT, Delivery.about_id == event_id)
    return list(await session.scalars(query.order_by(Delivery.id)))


def is_corrected_by(old: Event, new: Event) -> bool:
    """Whether the new draft is the old one, written again; else it is another event."""
    likeness = SequenceMatcher(None, old.title.casefold(), new.title.casefold(), autojunk=False).ratio()
    return likeness >= (ALIKE_AT_ONE_TIME if old.starts_at == new.starts_at else ALIKE)
