"""The controls under everything that is pushed: more, less, not this person, why, pause, stop."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Control, ControlButton
from bot.messages.outgoing import Button
from bot.texts import Voice
from models.tables.recommendation import Response

# How an item's number shows what was pressed.
MARKS = {Response.LIKE: "👍", Response.LESS: "👎", Response.NOT_PERSON: "🙈"}


def numbers(voice: Voice, items: Sequence[tuple[int, Response | None]]) -> list[list[Button]]:
    """A button per item, (recommendation id, action pressed so far), and the last row; [] without items."""
    if not items:
        return []
    row = [
        Button(
            f"{number} {MARKS.get(action, '') if action else ''}".strip(),
            data=ControlButton(Control.OPEN, row_id).pack(),
        )
        for number, (row_id, action) in enumerate(items, start=1)
    ]
    return [row, last_row(voice, items[0][0])]


def last_row(voice: Voice, recommendation_id: int) -> list[Button]:
    """Why, pause, stop: for every push, whatever else it has."""
    return [
        Button(voice.plain(f"controls.{action}"), data=ControlButton(action, recommendation_id).pack())
        for action in (Control.WHY, Control.PAUSE, Control.STOP)
    ]


def menu(voice: Voice, recommendation_id: int, *, number: int, author: str | None) -> list[list[Button]]:
    """What can be said about one item; the number keeps in sight which one it is."""

    def button(action: Control, label: str) -> Button:
        return Button(f"{number} {label}", data=ControlButton(action, recommendation_id).pack())

    person = voice.plain("controls.not_person", name=author) if author else None
    rows = [
        [
            button(Control.LIKE, voice.plain("controls.like")),
            button(Control.LESS, voice.plain("controls.less")),
        ],
        [button(Control.NOT_PERSON, person)] if person else [],
        [
            button(Control.WHY_ONE, voice.plain("controls.why")),
            button(Control.BACK, voice.plain("controls.back")),
        ],
    ]
    return [row for row in rows if row]
