"""What a member's wish does to their own answer: pure rules over the rows of one event; seats.py loads and locks them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from models.domain.events.waitlist import free_seats
from models.reading.rsvp_words import Answer
from models.tables.event import IS_IN, Event, Rsvp, RsvpStatus

Change = Callable[[Event, Rsvp, Sequence[Rsvp], datetime], None]


class Wish(StrEnum):
    """What a member may want of their own answer, as buttons say it."""

    # Set, or taken back where it holds already.
    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"
    # One guest more.
    GUEST = "guest"
    # Still coming, or: I take the offered seat.
    KEEP = "keep"
    # Somebody else may have the seat.
    RELEASE = "release"
    # No answer any more.
    WITHDRAW = "withdraw"


class AnswerRefused(Exception):
    """No change; `code` says why.

    unknown, not_a_member, cancelled, past, closed, no_seat_for_guest, no_guests, or too_many_guests with the most (`n`).
    """

    def __init__(self, code: str, n: int | None = None) -> None:
        super().__init__(code)
        self.code, self.n = code, n


def _go(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime) -> None:
    if own.claim_until is not None:
        own.claim_until = None
    elif own.status in IS_IN:
        leave(own, RsvpStatus.WITHDRAWN)
    else:
        _take_or_wait(event, own, rows, now)


def _take_or_wait(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime) -> None:
    free = free_seats(event.capacity, rows)
    if free is None or free >= 1:
        own.status, own.guests = RsvpStatus.GOING, 0
    else:
        own.status, own.guests, own.waitlisted_at = RsvpStatus.WAITLISTED, 0, _end_of_line(rows, now)


def _end_of_line(rows: Sequence[Rsvp], now: datetime) -> datetime:
    """After everyone who waits, even when two come in one instant or the clocks of two processes differ."""
    last = max((row.waitlisted_at for row in rows if row.waitlisted_at), default=None)
    return now if last is None or last < now else last + timedelta(microseconds=1)


def is_closed(event: Event, now: datetime) -> bool:
    """True when the time to answer is over; whoever cannot come may still say so."""
    return event.rsvp_until is not None and event.rsvp_until <= now


def change_of(answer: Answer, guests: int | None = None) -> Change:
    """The wish of somebody who says outright what shall hold: saying it again changes nothing.

    `guests` are those who come along, None: as many as before. Being in and going takes an offered seat; a party that does
    not fit waits together.
    """
    if answer == Answer.GOING:
        return lambda event, own, rows, now: _state_going(event, own, rows, now, guests)
    return lambda event, own, rows, now: _state_other(event, own, now, RsvpStatus(answer))


def _state_other(event: Event, own: Rsvp, now: datetime, status: RsvpStatus) -> None:
    if own.status == status:
        return
    if status != RsvpStatus.NOT_GOING and is_closed(event, now):
        raise AnswerRefused("closed")
    leave(own, status)


def _state_going(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime, guests: int | None) -> None:
    is_in = own.status in IS_IN
    party = (own.guests if is_in else 0) if guests is None else guests
    if not is_in or party > own.guests:
        _refuse_more(event, party, now)
    free = free_seats(event.capacity, rows)
    seats = 1 + own.guests if own.status == RsvpStatus.GOING else 0
    is_fitting = free is None or 1 + party <= free + seats
    if own.status == RsvpStatus.GOING and not is_fitting and party > own.guests:
        raise AnswerRefused("no_seat_for_guest")
    if not is_in:
        own.status, own.waitlisted_at = (
            (RsvpStatus.GOING, None) if is_fitting else (RsvpStatus.WAITLISTED, _end_of_line(rows, now))
        )
    own.guests, own.claim_until = party, None


def _refuse_more(event: Event, guests: int, now: datetime) -> None:
    if is_closed(event, now):
        raise AnswerRefused("closed")
    if guests > event.plus_ones:
        raise AnswerRefused("too_many_guests" if event.plus_ones else "no_guests", event.plus_ones)


def leave(own: Rsvp, status: RsvpStatus) -> None:
    """The member is not in any more, and nothing stays of their party, place in line or held seat."""
    own.status, own.guests = status, 0
    own.waitlisted_at = own.claim_until = own.confirmed_at = None


def _toggle(status: RsvpStatus) -> Change:
    return lambda event, own, rows, now: leave(own, RsvpStatus.WITHDRAWN if own.status == status else status)


def _bring_guest(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime) -> None:
    if own.status not in IS_IN:
        _take_or_wait(event, own, rows, now)
    elif own.guests >= event.plus_ones:
        own.guests = 0
    elif own.status == RsvpStatus.GOING and free_seats(event.capacity, rows) == 0:
        raise AnswerRefused("no_seat_for_guest")
    else:
        own.guests += 1


def _keep(event: Event, own: Rsvp, rows: Sequence[Rsvp], now: datetime) -> None:
    if own.status != RsvpStatus.GOING:
        if own.status != RsvpStatus.WAITLISTED:
            _take_or_wait(event, own, rows, now)
        return
    own.claim_until, own.confirmed_at = None, own.confirmed_at or now


# What each wish does to the member's own row; `rows` are all answers, the own one among them. May raise AnswerRefused, then
# nothing was changed.
WISHES: dict[Wish, Change] = {
    Wish.GOING: _go,
    Wish.MAYBE: _toggle(RsvpStatus.MAYBE),
    Wish.NOT_GOING: _toggle(RsvpStatus.NOT_GOING),
    Wish.GUEST: _bring_guest,
    Wish.KEEP: _keep,
    Wish.RELEASE: lambda event, own, rows, now: leave(own, RsvpStatus.NOT_GOING),
    Wish.WITHDRAW: lambda event, own, rows, now: leave(own, RsvpStatus.WITHDRAWN),
}
