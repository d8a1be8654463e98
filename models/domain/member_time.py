"""A member's clock: whose zone holds, when it is quiet there, and what holds until somebody chooses. The one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from models.tables.member import Frequency


@dataclass(frozen=True)
class Defaults:
    """What holds until a community or a member chooses; hours are 0 to 23 in the member's zone, the budget is a week's."""

    language: str = "en"
    time_zone: str = "UTC"
    digest: Frequency = Frequency.WEEKLY
    digest_hour: int = 9
    quiet_hours: tuple[int, int] = (22, 8)
    attention_budget: int = 3


@dataclass(frozen=True)
class QuietHours:
    """Quiet from one wall-clock hour until another, over midnight when `from_hour` is the later; equal: never quiet."""

    from_hour: int
    until_hour: int
    zone: ZoneInfo

    def end_after(self, now: datetime) -> datetime | None:
        """When the quiet that holds at `now` ends (aware UTC), None when it is not quiet.

        An end in the hour that daylight saving skips falls on the first instant after the gap; in the hour it repeats,
        the first pass ends it.
        """
        local = now.astimezone(self.zone)
        if not self.holds_at(local.hour):
            return None
        end = local.replace(hour=self.until_hour, minute=0, second=0, microsecond=0, fold=0)
        if end.replace(tzinfo=None) <= local.replace(tzinfo=None):
            end += timedelta(days=1)
        return end.astimezone(UTC)

    def holds_at(self, hour: int) -> bool:
        """Whether it is quiet in a wall-clock hour, 0 to 23."""
        if self.from_hour <= self.until_hour:
            return self.from_hour <= hour < self.until_hour
        return hour >= self.from_hour or hour < self.until_hour


class Chooser(Protocol):
    """Whoever chose about their own clock: a member, or a row with these columns. None: the default holds."""

    @property
    def time_zone(self) -> str | None: ...  # noqa: D102  # the columns of Member
    @property
    def digest_hour(self) -> int | None: ...  # noqa: D102
    @property
    def quiet_from_hour(self) -> int | None: ...  # noqa: D102
    @property
    def quiet_until_hour(self) -> int | None: ...  # noqa: D102


def member_zone(member: Chooser, near: str | None, defaults: Defaults) -> ZoneInfo:
    """The member's own zone, else the one of what is near (the event, the community), else the default."""
    return zone_of(member.time_zone, near, defaults.time_zone)


def place_zone(name: str | None, defaults: Defaults) -> ZoneInfo:
    """A community's zone, else the default."""
    return zone_of(name, defaults.time_zone)


def quiet_hours(member: Chooser, near: str | None, defaults: Defaults) -> QuietHours:
    """The member's night; zones as in member_zone()."""
    start, end = defaults.quiet_hours
    return QuietHours(
        start if member.quiet_from_hour is None else member.quiet_from_hour,
        end if member.quiet_until_hour is None else member.quiet_until_hour,
        member_zone(member, near, defaults),
    )


def digest_hour(member: Chooser, defaults: Defaults) -> int:
    """The local hour that the member chose for digests, else the default; not moved out of their night."""
    return defaults.digest_hour if member.digest_hour is None else member.digest_hour


def zone_of(*names: str | None) -> ZoneInfo:
    """The zone of the first name that is one; UTC when none is."""
    for name in names:
        try:
            if name:
                return ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            continue
    return ZoneInfo("UTC")
