"""What a member chose about being written to: how often, when, in which zone, and for how long not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.domain.member_time import Defaults, digest_hour, quiet_hours
from models.reading.zones import keys
from models.tables.member import Frequency, Member

DIGEST_HOURS = (7, 8, 9, 12, 15, 18, 20, 21)
# From, until: nothing of our own accord in between; equal hours mean at any hour.
QUIET_HOURS = ((20, 8), (21, 9), (22, 8), (23, 7), (0, 0))
BUDGETS = (1, 2, 3, 5, 7, 14)
# Enough for most; any other is typed.
ZONES = (
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
# Whether they can come when people meet.
MEETING = ("in_person", "online")
LONGEST_PAUSE = timedelta(days=366)
PAUSES = {"week": timedelta(days=7), "fortnight": timedelta(days=14), "month": timedelta(days=30)}


class NotAChoice(ValueError):
    """A value that no button offers: forged, or of another version."""


def choose(member: Member, what: str, value: str) -> None:
    """Set one preference from a button's text: digest, hour, quiet ("22-8"), budget, meeting or zone. Raises NotAChoice."""
    if value not in options(what) and not (what == "zone" and value in keys().values()):
        raise NotAChoice(what)
    if what == "digest":
        member.digest = Frequency(value)
    elif what == "hour":
        member.digest_hour = int(value)
    elif what == "quiet":
        member.quiet_from_hour, member.quiet_until_hour = (int(hour) for hour in value.split("-"))
    elif what == "budget":
        member.attention_budget = int(value)
    elif what == "meeting":
        member.is_online_only = value == "online"
    else:
        member.time_zone = value


def options(what: str) -> Sequence[str]:
    """The values of a preference, as buttons carry them; () for an unknown one."""
    choices: dict[str, Sequence[str]] = {
        "digest": list(Frequency),
        "hour": [str(hour) for hour in DIGEST_HOURS],
        "quiet": [f"{start}-{end}" for start, end in QUIET_HOURS],
        "budget": [str(budget) for budget in BUDGETS],
        "zone": ZONES,
        "meeting": MEETING,
    }
    return choices.get(what, ())


def current(member: Member, what: str, *, defaults: Defaults, zone: str) -> str:
    """What holds now, chosen or by default; `zone` is the one that holds."""
    quiet = quiet_hours(member, zone, defaults)
    values = {
        "digest": member.digest or defaults.digest,
        "hour": str(digest_hour(member, defaults)),
        "quiet": f"{quiet.from_hour}-{quiet.until_hour}",
        "budget": str(defaults.attention_budget if member.attention_budget is None else member.attention_budget),
        "zone": zone,
        "meeting": "online" if member.is_online_only else "in_person",
    }
    return values[what]


def pause(member: Member, how_long: str, *, now: datetime) -> None:
    """Quiet for a week, a fortnight or a month; "resume" ends it. Raises NotAChoice."""
    if how_long == "resume":
        member.paused_until = None
    elif how_long in PAUSES:
        member.paused_until = now + PAUSES[how_long]
    else:
        raise NotAChoice(how_long)


def pause_until(member: Member, until: datetime, *, now: datetime) -> bool:
    """Quiet until an instant that they named; False for one that is over or further ahead than anybody plans."""
    if not now < until <= now + LONGEST_PAUSE:
        return False
    member.paused_until = until
    return True
