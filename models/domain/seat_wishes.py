"""What a member's wish does to their own answer: pure rules over the rows of one event; seats.py loads and locks them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from models.domain.waitlist import free_seats
from models.tables.event import Event, Rsvp

Wish = Callable[[Event, Rsvp, Sequence[Rsvp], datetime], None]


class AnswerRefused(Exception):
    """No change; `code` says why: unknown, not_a_member, cancelled, past, closed, no_seat_for_guest."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _go(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime) -> None:
    if own.claim_until is not None:
        own.claim_until = None
    elif own.status in ("going", "waitlisted"):
        _leave(own, "withdrawn")
    else:
        _take_or_wait(event, own, rows, now)


def _take_or_wait(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime) -> None:
    free = free_seats(event.capacity, rows)
    if free is None or free >= 1:
        own.status, own.guests = "going", 0
    else:
        own.status, own.guests, own.waitlisted_at = "waitlisted", 0, _end_of_line(rows, now)


def _end_of_line(rows: Sequence[Rsvp], now: datetime) -> datetime:
    """After everyone who waits, even when two come in one instant or the clocks of two processes differ."""
    last = max((row.waitlisted_at for row in rows if row.waitlisted_at), default=None)
    return now if last is None or last < now else last + timedelta(microseconds=1)


def _leave(own: Rsvp, status: str) -> None:
    own.status, own.guests = status, 0
    own.waitlisted_at = own.claim_until = own.confirmed_at = None


def _toggle(status: str) -> Wish:
    return lambda event, own, rows, now: _leave(own, "withdrawn" if own.status == status else status)


def _bring_guest(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime) -> None:
    if own.status not in ("going", "waitlisted"):
        _take_or_wait(event, own, rows, now)
    elif own.guests >= event.plus_ones:
        own.guests = 0
    elif own.status == "going" and free_seats(event.capacity, rows) == 0:
        raise AnswerRefused("no_seat_for_guest")
    else:
        own.guests += 1


def _keep(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime) -> None:
    if own.status != "going":
        if own.status != "waitlisted":
            _take_or_wait(event, own, rows, now)
        return
    own.claim_until, own.confirmed_at = None, own.confirmed_at or now


# What each wish does to the member's own row; `rows` are all answers, the own one among them. May raise AnswerRefused, then
# nothing was changed.
WISHES: dict[str, Wish] = {
    "going": _go,
    "maybe": _toggle("maybe"),
    "not_going": _toggle("not_going"),
    "guest": _bring_guest,
    "keep": _keep,
    "release": lambda event, own, rows, now: _leave(own, "not_going"),
    "withdraw": lambda event, own, rows, now: _leave(own, "withdrawn"),
}
