"""The whole timetable on one page: what runs, when, where, and what for.

Each name, a JobName, is a module of this folder, jobs/NAME.py, with one `run(services, *, now, **arguments) -> str`: one plain
line for the admin. `klatch job --list` shows when each is due and what it last said; `klatch job NAME` rehearses one.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from bot.config import Config
from models.tables.job import JobName

Job = Callable[..., Awaitable[str]]
Where = Literal["loop", "process", "training"]


class When(Protocol):
    """A rule for points in time."""

    def next_after(self, instant: datetime, config: Config) -> datetime:
        """The first point strictly after `instant`."""

    def __str__(self) -> str:
        """In plain words."""


@dataclass(frozen=True)
class Every:
    """So often, at round times: every 10 minutes is :00, :10, :20 ... of each hour (UTC)."""

    minutes: int

    def next_after(self, instant: datetime, config: Config) -> datetime:
        """The next round time."""
        step = timedelta(minutes=self.minutes)
        return instant + step - (instant - _EPOCH) % step

    def __str__(self) -> str:
        return {1: "every minute", 60: "hourly"}.get(self.minutes, f"every {self.minutes} minutes")


@dataclass(frozen=True)
class DailyAtTrainingHour:
    """Once a day at [jobs] training_hour of the installation's wall clock ([defaults] time_zone), plus some minutes."""

    minute: int = 0

    def next_after(self, instant: datetime, config: Config) -> datetime:
        """Today's or tomorrow's; where a clock change skips that hour, the one after it."""
        zone = ZoneInfo(config.defaults.time_zone)
        today = instant.astimezone(zone).replace(
            hour=config.jobs.training_hour, minute=self.minute, second=0, microsecond=0, fold=0
        )
        days = (today + timedelta(days=days) for days in range(3))
        return next(at for day in days if (at := day.astimezone(UTC)) > instant)

    def __str__(self) -> str:
        return f"daily, {self.minute} minutes after the training hour" if self.minute else "daily at the training hour"


@dataclass(frozen=True)
class Entry:
    """One line of the timetable.

    `where` is "process" for what computes for seconds or imports models.learning: it runs in another process (see
    jobs/engine/process.py) and cannot hold up the bot; "training" for what may take minutes: it has a process of its own, so that
    nobody who asked for a digest waits for it. `when` None: only on demand, see models.domain.installation.timetable.defer.
    """

    name: str
    when: When | None
    where: Where
    what_for: str
    package: str = "jobs"

    @property
    def job(self) -> Job:
        """The function; its module is imported now. Raises ImportError."""
        job: Job = importlib.import_module(f"{self.package}.{self.name}").run
        return job


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

HOURLY = Every(60)

TIMETABLE: tuple[Entry, ...] = (
    Entry(JobName.CONTINUE_SERIES, Every(10), "loop", "announces the next of a repeated event when one has begun"),
    Entry(JobName.FOLLOW_UP_EVENTS, Every(30), "loop", "asks attendees how it was"),
    Entry(JobName.REMIND_OF_EVENTS, Every(5), "loop", "those who go hear of their event a day and an hour before"),
    Entry(JobName.PROPOSE_INTRODUCTIONS, HOURLY, "loop", "asks, namelessly, who would stay in touch after an event"),
    Entry(JobName.PASS_ON_SEATS, Every(5), "loop", "offers a seat that nobody took to the next in line"),
    Entry(
        JobName.ASK_AFTER_LISTINGS, Every(30), "loop", "asks what is still open, closes needs and offers that are over"
    ),
    Entry(JobName.ASK_AFTER_INTRODUCTIONS, HOURLY, "loop", "asks a week after names passed whether people met"),
    Entry(JobName.NOTICE_LISTINGS, Every(10), "process", "asks who wrote of a need or an offer whether to keep it"),
    Entry(
        JobName.MATCH_LISTINGS, Every(10), "process", "tells authors who offers what they need, and the other way round"
    ),
    Entry(JobName.MAKE_ROUNDS, Every(20), "process", "introduces everybody who joined a round that is due"),
    Entry(JobName.WEAVE_THREADS, Every(10), "process", "ties messages to threads, sees what recommendations led to"),
    Entry(JobName.SEND_DIGESTS, HOURLY, "process", "writes to members whose digest hour it is, or who asked"),
    Entry(JobName.RESCUE_QUESTIONS, Every(30), "process", "brings questions nobody answered to the few who may know"),
    Entry(
        JobName.WELCOME_NEWCOMERS,
        Every(20),
        "process",
        "tells who joined what they said of themselves, and where to begin",
    ),
    Entry(JobName.INVITE_TO_EVENTS, HOURLY, "process", "invites the members most likely to enjoy an event"),
    Entry(JobName.SUGGEST_PEOPLE_TO_MEET, Every(20), "process", "names people to meet to those going to an event soon"),
    Entry(JobName.REPORT_ON_EVENTS, Every(30), "process", "tells hosts a day later, or when asked, what came of it"),
    Entry(JobName.TRAIN_RECOMMENDER, DailyAtTrainingHour(), "training", "learns who cares for what"),
    Entry(JobName.TRAIN_INTERACTION_MODEL, DailyAtTrainingHour(10), "training", "learns who acts on what"),
    Entry(JobName.TRAIN_INVITATION_MODEL, DailyAtTrainingHour(20), "training", "learns who comes to what"),
    Entry(JobName.APPLY_RETENTION, DailyAtTrainingHour(50), "loop", "erases what is older than [privacy] allows"),
)


def next_due(entry: Entry, now: datetime, config: Config) -> datetime | None:
    """When it is due again after a run that ended `now`; None: when it is asked for."""
    return entry.when.next_after(now, config) if entry.when else None
