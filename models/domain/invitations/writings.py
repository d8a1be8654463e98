"""What members wrote lately: in which fields of work, on which of an event's terms, how much, and in which scripts.

Imported by jobs alone; it loads dictionaries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.conversations.own_fields import Choices, Talks
from models.domain.conversations.own_messages import OwnMessage, messages_of, talks_of
from models.domain.members.literacy import LanguageCounts
from models.domain.profiles.field_choices import field_choices
from models.learning.languages import language_of
from models.learning.terms import Terms
from models.tables.event import Event
from models.tables.member import Member, Membership


@dataclass(frozen=True)
class Writing:
    """What one member wrote lately: in how many messages each term of the event, how many in all, in which scripts and languages.

    `talks`: what they took part in, by field of a founder's work.
    """

    words: Counter[str] = field(default_factory=Counter)
    n_messages: int = 0
    traces: LanguageCounts = field(default_factory=LanguageCounts)
    talks: Talks = field(default_factory=Talks)


async def of_learners(
    session: AsyncSession, event: Event, learners: Collection[int], *, now: datetime
) -> dict[int, Writing]:
    """The writing of each learner who wrote; words are told as people mostly write them."""
    messages = await messages_of(session, event.community_id, learners, now=now)
    about = f"{event.title}. {event.description or ''}"
    # The host uses its words, too.
    texts = [(event.host_id or 0, about), *((who, one.text) for who, of in messages.items() for one in of)]
    terms = Terms.fit(texts, await _names(session, event))
    topic = terms.of(about)
    choices = await field_choices(session, event.community_id, messages.keys())
    return {who: _writing(of, terms, topic, choices.get(who)) for who, of in messages.items()}


def _writing(
    messages: Sequence[OwnMessage], terms: Terms, topic: Mapping[str, str], choices: Choices | None
) -> Writing:
    words = Counter(topic[key] for one in messages for key in terms.of(one.text) if key in topic)
    traces = LanguageCounts()
    for one in messages:
        traces.add(one.text, language_of(one.text))
    return Writing(words, len(messages), traces, talks_of(reversed(messages), choices))


async def _names(session: AsyncSession, event: Event) -> list[str]:
    """Everybody's here: whom people write to is not what they write about."""
    query = select(Member.name).join(Membership, Membership.member_id == Member.id)
    return list(await session.scalars(query.where(Membership.community_id == event.community_id)))
