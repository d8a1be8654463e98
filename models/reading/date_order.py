"""Which figure of 3/4 is the month: the day comes first almost everywhere, the month in the United States and East Asia."""

from typing import Literal

_MONTH_FIRST = ("America/Indiana/", "America/Kentucky/", "America/North_Dakota/", "US/")
_MONTH_FIRST_ZONES = frozenset(
    "America/New_York America/Detroit America/Chicago America/Menominee America/Denver America/Boise America/Phoenix "  # noqa: SIM905
    "America/Los_Angeles America/Anchorage America/Juneau Pacific/Honolulu Pacific/Guam Asia/Manila Asia/Shanghai Asia/Urumqi "
    "Asia/Taipei Asia/Tokyo Asia/Seoul PRC".split()
)
# Canada writes both, and a fixed offset is no country.
_UNDECIDED = frozenset(
    ["America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax", "UTC"]
)


def order_of(zone: str, language: str) -> Literal["month", "day"] | None:
    """The order of the country of a zone, or of Chinese; None where neither decides."""
    if language == "zh" or zone in _MONTH_FIRST_ZONES or zone.startswith(_MONTH_FIRST):
        return "month"
    return None if zone in _UNDECIDED or zone.startswith("Etc/") else "day"
