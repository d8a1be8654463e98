"""What an event line left open, as a question with its answers; and what of it was not used, under the preview."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.callbacks import EventHourButton, EventLineButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.times import day, moment, month, offset, place_or_offset
from bot.texts import Safe, Voice
from models.reading.event_draft import Choice, EventDraft, EventLineProblem

BUTTONS_IN_A_ROW = 3
_ABOUT_DAYS = ("which_day", "no_such_day")
_ABOUT_HOURS = ("which_hour", "no_time")


def question(voice: Voice, doubt: EventLineProblem, *, now: datetime) -> Outgoing:
    """The one thing to ask about a line that made no event, with a button for each answer that is known."""
    buttons = [Button(_label(voice, doubt.code, choice, now), data=_button(choice).pack()) for choice in doubt.choices]
    width = BUTTONS_IN_A_ROW if doubt.code in (*_ABOUT_DAYS, *_ABOUT_HOURS) else 1
    return Outgoing(problem(voice, doubt), [buttons[n : n + width] for n in range(0, len(buttons), width)])


def problem(voice: Voice, doubt: EventLineProblem) -> Safe:
    """The question alone."""
    values: dict[str, str | int] = {"part": doubt.part, "example": voice.plain("events.example")}
    if doubt.understood_at is not None:
        values["when"] = moment(voice, doubt.understood_at, has_year=True)
    code: str = doubt.code
    if doubt.day is not None:
        values["day"] = day(voice, datetime.combine(doubt.day, time(), UTC))
        code = {"no_time": "no_time_on_day", "in_the_past": "day_in_the_past"}.get(code, code)
    if doubt.missing is not None:
        values |= {"month": _month(voice, doubt.missing), "n": doubt.missing[2]}
    if not doubt.choices:
        code = {"which_day": "which_day_open", "which_zone": "which_zone_open"}.get(code, code)
    return voice.say(f"events.problem.{code}", **values)


def _month(voice: Voice, missing: tuple[int, int, int]) -> str:
    """The month that has no such day; with its year where another year's has it."""
    year, month_, day_ = missing
    return month(voice, date(year, month_, 1), has_year=(month_, day_) == (2, 29))


def unread(voice: Voice, draft: EventDraft) -> Safe | None:
    """Words that look like a time or a place and were not used; None where there are none."""
    words = voice.together([f"“{words}”" for words in draft.unread])
    about_time = voice.say("events.unread", words=words) if draft.unread else None
    about_place = voice.say("events.perhaps_place", words=draft.perhaps_place) if draft.perhaps_place else None
    return lines(about_time, about_place) if about_time or about_place else None


def _button(choice: Choice) -> EventLineButton | EventHourButton:
    day_ = int(f"{choice.day:%Y%m%d}") if choice.day else 0
    if choice.minute is not None:
        return EventHourButton(choice.minute, day_, choice.rhythm or "", choice.zone or "")
    return EventLineButton(day_, choice.rhythm or "", choice.zone or "")


def _label(voice: Voice, code: str, choice: Choice, now: datetime) -> str:
    """What is asked about: a choice may also hold the answer to an earlier question."""
    if code in _ABOUT_HOURS and choice.minute is not None:
        return f"{choice.minute // 60:02}:{choice.minute % 60:02}"
    if code == "which_rhythm" and choice.rhythm and choice.rhythm != "once":
        every = voice.plain("events.repeats.week", n=int(choice.rhythm.partition("/")[2] or 1))
        return f"{every} · {day(voice, choice.day)}" if choice.day else every
    if code == "which_zone" and choice.zone:
        name = place_or_offset(voice, choice.zone)
        # Several places share the word that was written: their distance from UTC tells them apart.
        return f"{name} {offset(voice.on_clock(choice.zone), now)}"
    return day(voice, choice.day) if code in _ABOUT_DAYS and choice.day else voice.plain("events.just_once")
