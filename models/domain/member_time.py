"""A member's clock: whose zone holds, when it is quiet there, and what holds until somebody chooses. The one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
        if not self._is_quiet(local.hour):
            return None
        end = local.replace(hour=self.until_hour, minute=0, second=0, microsecond=0, fold=0)
        if end.replace(tzinfo=None) <= local.replace(tzinfo=None):
            end += timedelta(days=1)
        return end.astimezone(UTC)

    def _is_quiet(self, hour: int) -> bool:
        if self.from_hour <= self.until_hour:
            return self.from_hour <= hour < self.until_hour
        return hour >= self.from_hour or hour < self.until_hour


def zone_of(*names: str | None) -> ZoneInfo:
    """The zone of the first name that is one; UTC when none is."""
    for name in names:
        try:
            if name:
                return ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            continue
    return ZoneInfo("UTC")
