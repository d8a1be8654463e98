"""What reading an event line gives: a draft to show before publishing, or the one thing to ask the member about."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from models.reading.positions import Position
from models.reading.recurrence import Recurrence

ProblemCode = Literal[
    "too_long",
    "no_title",
    "no_time",
    "impossible_time",
    "no_such_day",
    "skipped_hour",
    "weekday_differs",
    "in_the_past",
    "too_far",
    "ends_before_it_starts",
    "impossible_capacity",
    "which_day",
    "which_hour",
    "which_zone",
    "which_rhythm",
]


@dataclass(frozen=True)
class Choice:
    """What was chosen where a line left it open: the day of its start, its zone, how it repeats ("once", "week", "week/2").

    minute is the hour of its start, in minutes from the beginning of its day.
    """

    day: date | None = None
    zone: str | None = None
    rhythm: str | None = None
    minute: int | None = None


@dataclass(frozen=True)
class EventDraft:
    """An event as understood from one line; instants are aware UTC, capacity None means no limit.

    unread: words left in the title that look like time, rhythm or zone, and were not used; to be shown with the draft.
    description: what the line says beside its title, time and place, as it was written. zone: the IANA key of the zone that
    the line names ("19:00 Lisbon time"), where its clock then shows another hour than the community's. perhaps_place: words of
    the description that may be the place, where none was found; to be shown with the draft.
    """

    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    place: str | None = None
    capacity: int | None = None
    link: str | None = None
    plus_ones: int = 0
    repeats: Recurrence | None = None
    position: Position | None = None
    unread: tuple[str, ...] = ()
    description: str | None = None
    zone: str | None = None
    perhaps_place: str | None = None


@dataclass(frozen=True)
class EventLineProblem:
    """Why a line made no draft, with what a helpful question needs.

    part: the words that cannot be right, as the member wrote them. understood_at: the start as understood
    (in_the_past, too_far, ends_before_it_starts), or the nearest time that exists (skipped_hour). day: the day
    understood (no_time, which_hour, weekday_differs, or in_the_past where no hour was said). missing: year, month and day
    of a date that its month is too short for (no_such_day). choices: what the line read again with one of them would
    mean, the likeliest first (which_day, which_hour, which_zone, which_rhythm, no_such_day, no_time); there may be none.
    """

    code: ProblemCode
    part: str = ""
    understood_at: datetime | None = None
    day: date | None = None
    choices: tuple[Choice, ...] = ()
    missing: tuple[int, int, int] | None = None


class NotAnEvent(Exception):
    """The line cannot become an event; the problem says why."""

    def __init__(self, problem: EventLineProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem
