"""People to meet at an event, in words: a few names with reasons, and a way to say "not this one" to each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Control, ControlButton
from bot.messages import controls, times
from bot.messages.event_clocks import by_event_clock
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Voice
from models.domain.digests.feedback import ShownItem
from models.domain.introductions.people_to_meet import Suggestion
from models.tables.event import Event
from models.tables.recommendation import Recommendation


def people_to_meet(voice: Voice, event: Event, suggestion: Suggestion, rows: Sequence[Recommendation]) -> Outgoing:
    """The whole message; `rows` are the recommendations of its names, in order."""
    names = [
        voice.say(
            "people_to_meet.name",
            number=number,
            name=name.member.name,
            reasons=Safe(
                " · ".join(voice.say(f"people_to_meet.reason.{one['key']}", **one["values"]) for one in name.reasons)
            ),
        )
        for number, name in enumerate(suggestion.names, start=1)
    ]
    when = times.when(by_event_clock(voice, event), event.starts_at)
    title = voice.say("people_to_meet.title", title=event.title, when=when)
    text = lines(title, "", *names, "", voice.say("people_to_meet.footer", n=len(names)))
    name_rows = [(row.id, name.member.name, None) for row, name in zip(rows, suggestion.names, strict=True)]
    return Outgoing(text, buttons(voice, name_rows))


def buttons(voice: Voice, name_rows: Sequence[tuple[int, str, str | None]]) -> list[list[Button]]:
    """A button per name, (recommendation id, name, action pressed so far), and the last row."""
    names = [
        Button(
            f"{'☑️ ' if action == 'not_person' else ''}{voice.plain('controls.not_person', name=name)}"[:60],
            data=ControlButton(Control.NOT_PERSON, row_id).pack(),
        )
        for row_id, name, action in name_rows
    ]
    return [*([name] for name in names), controls.last_row(voice, name_rows[0][0])]


def buttons_again(voice: Voice, items: Sequence[ShownItem]) -> list[list[Button]]:
    """The same buttons after a press; whoever was erased meanwhile has none."""
    return buttons(voice, [(one.row.id, one.author or "?", one.row.action) for one in items])
