"""After an event: the question to those who were there. What its hosts read is event_summaries.py."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.callbacks import MetButton, RatingButton, SkipButton
from bot.messages.outgoing import Button, Outgoing
from bot.texts import Texts
from models.tables.event import Event
from models.tables.member import Member

# People to choose from; more names would not be read.
MOST_NAMES = 24


def question(texts: Texts, language: str, event: Event, *, zone: str, is_silent: bool = False) -> Outgoing:
    """One tap: one to five stars."""
    row = [Button("⭐" * stars, data=RatingButton(event.id, stars).pack()) for stars in (1, 2, 3)]
    last = [Button("⭐" * stars, data=RatingButton(event.id, stars).pack()) for stars in (4, 5)]
    return Outgoing(texts.say(language, "event_ratings.question", title=event.title), [row, last], is_silent)


def thanks(texts: Texts, language: str, event: Event, stars: int, *, can_name: bool) -> Outgoing:
    """The stars are kept; a sentence may follow, and whom they met."""
    rows = [[Button(texts.plain(language, "event_ratings.no_sentence"), data=SkipButton("sentence").pack())]]
    if can_name:
        rows.append([Button(texts.plain(language, "event_ratings.who"), data=MetButton(event.id, 0).pack())])
    text = texts.say(language, "event_ratings.thanks", title=event.title, stars="⭐" * stars)
    return Outgoing(text, rows)


def people(texts: Texts, language: str, event: Event, others: Sequence[Member], met: Collection[int]) -> Outgoing:
    """Whom did you meet? One tap each, another takes it back."""
    names = [
        Button(f"{'🤝' if one.id in met else '▫️'} {one.name}"[:60], data=MetButton(event.id, one.id).pack())
        for one in others[:MOST_NAMES]
    ]
    rows = [names[start : start + 2] for start in range(0, len(names), 2)]
    return Outgoing(texts.say(language, "event_ratings.people", title=event.title), rows)
