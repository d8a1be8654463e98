"""Check-in in words and pictures: the host's list, the door's QR, a member's ticket."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from bot.callbacks import CheckInButton, EventButton
from bot.messages.event_clocks import by_event_clock
from bot.messages.outgoing import Button, Outgoing
from bot.messages.times import moment
from bot.texts import Voice
from models.domain.events.check_ins import CheckIn, GuestRow
from models.domain.sending import deliveries
from models.tables.event import Event

# Names on one page of the host's list; Telegram shows at most 100 buttons.
PAGE = 20


def guest_list(voice: Voice, event: Event, rows: Sequence[GuestRow], *, code: str, page: int = 0) -> Outgoing:
    """One tap marks a guest as there, another takes it back."""
    n_in = sum(row.checked_in_at is not None for row in rows)
    text = voice.say("check_ins.list", title=event.title, n_in=n_in, n_all=len(rows), code=code)
    rows_shown = rows[page * PAGE : (page + 1) * PAGE]
    names = [
        Button(
            f"{'☑️' if row.checked_in_at else '▫️'} {row.name}{f' +{row.guests}' if row.guests else ''}"[:60],
            data=CheckInButton(event.id, row.member_id, page).pack(),
        )
        for row in rows_shown
    ]
    pages = [
        Button(label, data=CheckInButton(event.id, 0, other).pack())
        for label, other in (("‹", page - 1), (voice.plain("check_ins.refresh"), page), ("›", page + 1))
        if other == page or 0 <= other * PAGE < len(rows)
    ]
    last = [
        Button(voice.plain("check_ins.door"), data=EventButton("door_qr", event.id).pack()),
        Button(voice.plain("events.back"), data=EventButton("manage_here", event.id).pack()),
    ]
    return Outgoing(text, [*(names[start : start + 2] for start in range(0, len(names), 2)), pages, last])


def outcome(voice: Voice, event: Event, result: CheckIn, *, name: str | None = None) -> Outgoing:
    """What became of a check-in: of the reader's own, or for a host of the named guest's."""
    at = moment(by_event_clock(voice, event), result.at) if result.at else ""
    key = f"check_ins.{'guest' if name else 'own'}.{result.outcome}"
    return Outgoing(voice.say(key, title=event.title, at=at, name=name or ""))


def picture(link: str, caption: str) -> dict[str, Any]:
    """Parameters of sendPhoto: a QR code of the link."""
    import segno  # loads only when somebody wants a code

    buffer = io.BytesIO()
    segno.make(link, error="m").save(buffer, kind="png", scale=10, border=4)
    return {
        "photo": deliveries.attachment(buffer.getvalue(), "qr.png"),
        "caption": caption,
        "parse_mode": "HTML",
    }
