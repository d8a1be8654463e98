"""A member's digest time: pure rules from what they chose, what the community is and what the installation says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.domain import member_time
from models.domain.member_time import Defaults, QuietHours, member_zone, quiet_hours
from models.tables.community import Community
from models.tables.consent import AT_ONCE
from models.tables.member import Frequency

# Whose hour was so many hours ago, or fewer, when they chose it has their digest still today.
CATCH_UP_HOURS = 3
MONDAY = 0


@dataclass(frozen=True)
class DigestTime:
    """When a member's digests leave: how often, from which local hour on, in which zone that hour is, and when it is quiet.

    Whoever gets one a week has that hour on other days, too: for what would be over by Monday and nothing else.
    """

    frequency: Frequency
    hour: int
    zone: ZoneInfo
    quiet: QuietHours | None = None

    def is_now(self, now: datetime) -> bool:
        """True from the hour on, for CATCH_UP_HOURS but not over midnight."""
        local = now.astimezone(self.zone)
        return self._is_wanted and self.hour <= local.hour < self.hour + CATCH_UP_HOURS

    def is_made_up(self, now: datetime, due_at: datetime | None) -> bool:
        """Whether today's comes still, however late: it was due (`due_at`, aware UTC) and nobody looked, or it did not leave.

        It does until its reader's night. Who is looked at because they chose just now waits for the next day.
        """
        was_due = due_at is not None and AT_ONCE < due_at <= now
        local = now.astimezone(self.zone)
        is_awake = self.quiet is None or not self.quiet.holds_at(local.hour)
        return was_due and self._is_wanted and is_awake and self.hour <= local.hour

    def next_after(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which it begins to be their time (aware UTC); None: never."""
        today = now.astimezone(self.zone).date()
        for day in (today + timedelta(days=n) for n in range(3)):
            at = datetime.combine(day, time(self.hour), tzinfo=self.zone).astimezone(UTC)
            if self._is_wanted and at > now:
                return at
        return None

    def is_between(self, now: datetime) -> bool:
        """Whether today is none of the days on which they get all that is worth it."""
        return self.frequency == Frequency.WEEKLY and now.astimezone(self.zone).weekday() != MONDAY

    @property
    def _is_wanted(self) -> bool:
        return self.frequency != Frequency.NEVER


def digest_time(member: Any, community: Community, defaults: Defaults) -> DigestTime:
    """A member's (or their row's) digest time: what they chose, else what the community or the installation says."""
    zone = member_zone(member, community.time_zone, defaults)
    quiet = quiet_hours(member, community.time_zone, defaults)
    return DigestTime(member.digest or defaults.digest, digest_hour(member, defaults), zone, quiet)


def digest_hour(member: Any, defaults: Defaults) -> int:
    """The local hour a member's digest leaves: the one they chose, or when their quiet hours end if it lies in those."""
    hour, quiet = member_time.digest_hour(member, defaults), quiet_hours(member, None, defaults)
    return quiet.until_hour if quiet.holds_at(hour) else hour


def local_day(member: Any, community: Community, defaults: Defaults, now: datetime) -> date:
    """The member's calendar day."""
    return now.astimezone(member_zone(member, community.time_zone, defaults)).date()


def may_be_written_to(member: Any, now: datetime) -> bool:
    """A person whom a message would reach, and who did not ask for quiet."""
    is_reachable = member.reachable_at is not None and member.blocked_at is None
    is_paused = member.paused_until is not None and member.paused_until > now
    return is_reachable and not is_paused and not member.is_bot


def is_due(member: Any, community: Community, defaults: Defaults, now: datetime) -> bool:
    """Whether a member who said yes is to get a digest now, unless they got today's."""
    return digest_time(member, community, defaults).is_now(now) and may_be_written_to(member, now)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """When a day's digest is stale: the next midnight in the member's zone."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
