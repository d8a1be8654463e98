"""What a member chose about being written to: how often, when, in which zone, and for how long not at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from models.domain.member_time import Defaults
from models.tables.member import Member

FREQUENCIES = ("never", "daily", "weekly")
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
# Names that say where; the database also has old ones such as Canada/Atlantic and Etc/GMT+5.
_CONTINENTS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()  # noqa: SIM905
)
PAUSES = {"week": timedelta(days=7), "fortnight": timedelta(days=14), "month": timedelta(days=30)}


class NotAChoice(ValueError):
    """A value that no button offers: forged, or of another version."""


def choose(member: Member, what: str, value: str) -> None:
    """Set one preference from a button's text: digest, hour, quiet ("22-8"), budget or zone. Raises NotAChoice."""
    if value not in offered(what):
        raise NotAChoice(what)
    if what == "digest":
        member.digest = value
    elif what == "hour":
        member.digest_hour = int(value)
    elif what == "quiet":
        member.quiet_from_hour, member.quiet_until_hour = (int(hour) for hour in value.split("-"))
    elif what == "budget":
        member.attention_budget = int(value)
    else:
        member.time_zone = value


def offered(what: str) -> Sequence[str]:
    """The values of a preference, as buttons carry them; () for an unknown one."""
    choices: dict[str, Sequence[str]] = {
        "digest": FREQUENCIES,
        "hour": [str(hour) for hour in DIGEST_HOURS],
        "quiet": [f"{start}-{end}" for start, end in QUIET_HOURS],
        "budget": [str(budget) for budget in BUDGETS],
        "zone": ZONES,
    }
    return choices.get(what, ())


def chosen(member: Member, what: str, *, defaults: Defaults, zone: str) -> str:
    """What holds now, chosen or by default; `zone` is the one that holds."""
    quiet_from, quiet_until = defaults.quiet_hours
    start = quiet_from if member.quiet_from_hour is None else member.quiet_from_hour
    end = quiet_until if member.quiet_until_hour is None else member.quiet_until_hour
    values = {
        "digest": member.digest or defaults.digest,
        "hour": str(defaults.digest_hour if member.digest_hour is None else member.digest_hour),
        "quiet": f"{start}-{end}",
        "budget": str(defaults.attention_budget if member.attention_budget is None else member.attention_budget),
        "zone": zone,
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


def zone_named(text: str) -> str | None:
    """The time zone a member typed: its name or its city, with or without accents; None when there is none like it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    wanted = "_".join(plain.split()).casefold()
    names = _zones()
    if wanted in names:
        return names[wanted]
    close = get_close_matches(wanted, names, n=1, cutoff=0.85)
    return names[close[0]] if close else None


@cache
def _zones() -> dict[str, str]:
    """Every name, and every city where only one zone has it."""
    zones = sorted(name for name in available_timezones() if name.partition("/")[0] in _CONTINENTS)
    cities: dict[str, str] = {}
    for name in zones:
        cities.setdefault(name.rsplit("/", 1)[1].casefold(), name)
    return cities | {name.casefold(): name for name in [*zones, "UTC"]}
