"""The controls under everything that is pushed: more, less, not this person, why, pause, stop."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import ControlButton
from bot.messages.outgoing import Button
from bot.texts import Texts

# How an item's number shows what was pressed.
MARKS = {"like": "👍", "less": "👎", "not_person": "🙈"}


def numbers(texts: Texts, language: str, items: Sequence[tuple[int, str | None]]) -> list[list[Button]]:
    """A button per item, (recommendation id, action pressed so far), and the last row; [] without items."""
    if not items:
        return []
    row = [
        Button(f"{number} {MARKS.get(action or '', '')}".strip(), data=ControlButton("open", row_id).pack())
        for number, (row_id, action) in enumerate(items, start=1)
    ]
    return [row, last_row(texts, language, items[0][0])]


def last_row(texts: Texts, language: str, recommendation_id: int) -> list[Button]:
    """Why, pause, stop: for every push, whatever else it has."""
    return [
        Button(texts.plain(language, f"controls.{action}"), data=ControlButton(action, recommendation_id).pack())
        for action in ("why", "pause", "stop")
    ]


def menu(texts: Texts, language: str, recommendation_id: int, *, number: int, author: str | None) -> list[list[Button]]:
    """What can be said about one item; the number keeps in sight which one it is."""

    def button(action: str, label: str) -> Button:
        return Button(f"{number} {label}", data=ControlButton(action, recommendation_id).pack())

    person = texts.plain(language, "controls.not_person", name=author) if author else None
    rows = [
        [
            button("like", texts.plain(language, "controls.like")),
            button("less", texts.plain(language, "controls.less")),
        ],
        [button("not_person", person)] if person else [],
        [
            button("why_one", texts.plain(language, "controls.why")),
            button("back", texts.plain(language, "controls.back")),
        ],
    ]
    return [row for row in rows if row]
