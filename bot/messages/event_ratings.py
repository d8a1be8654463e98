"""After an event: the question to those who were there. What its hosts read is event_summaries.py."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.callbacks import MetButton, RatingButton, SkipButton, WhomButton
from bot.messages.introductions import PAGE, in_twos, name_button, ways_on
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Voice
from models.tables.event import Event
from models.tables.member import Member


def question(voice: Voice, event: Event, *, is_silent: bool = False) -> Outgoing:
    """One tap: one to five stars."""
    row = [Button("⭐" * stars, data=RatingButton(event.id, stars).pack()) for stars in (1, 2, 3)]
    last = [Button("⭐" * stars, data=RatingButton(event.id, stars).pack()) for stars in (4, 5)]
    return Outgoing(voice.say("event_ratings.question", title=event.title), [row, last], is_silent)


def thanks(voice: Voice, event: Event, stars: int, *, can_name: bool) -> Outgoing:
    """The stars are kept; a sentence may follow, and whom they met."""
    rows = [[Button(voice.plain("event_ratings.no_sentence"), data=SkipButton("sentence").pack())]]
    if can_name:
        rows.append([Button(voice.plain("event_ratings.who"), data=MetButton(event.id, 0).pack())])
    text = voice.say("event_ratings.thanks", title=event.title, stars="⭐" * stars)
    return Outgoing(text, rows)


def people(
    voice: Voice,
    event: Event,
    others: Sequence[Member],
    met_ids: Collection[int],
    *,
    suggested_ids: Collection[int] = (),
    page: int = 0,
) -> Outgoing:
    """Whom did you meet? One tap each, another takes it back; below, the ways to stay in touch."""
    page = page if page * PAGE < len(others) else 0
    names = [
        name_button(_mark(one, met_ids, suggested_ids), one, WhomButton(event.id, one.id, page).pack())
        for one in others[page * PAGE : (page + 1) * PAGE]
    ]
    pages = [
        Button(label, data=WhomButton(event.id, 0, other).pack())
        for label, other in (("‹", page - 1), ("›", page + 1))
        if 0 <= other * PAGE < len(others)
    ]
    n_met = sum(one.id in met_ids for one in others)
    ways = ways_on(voice, event, has_met=n_met > 0, has_missed=n_met < len(others))
    hint = voice.say("event_ratings.suggested_mark") if any(one.id in suggested_ids for one in others) else None
    text = lines(voice.say("event_ratings.people", title=event.title), hint)
    return Outgoing(text, [*in_twos(names), pages, *([way] for way in ways)])


def _mark(one: Member, met_ids: Collection[int], suggested_ids: Collection[int]) -> str:
    if one.id in met_ids:
        return "🤝"
    return "✨" if one.id in suggested_ids else "▫️"
