"""Feasts as days: of a fixed date, by Easter, by weekday, by the moon; where countries differ, by the zone of the community.

What has no rule here (Eid, Diwali, a bank holiday) is known by name and asked about, see doubt_questions.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from models.reading.day_choices import Choose, on_date, on_nth_weekday_of
from models.reading.moon import NEW_YEAR, new_years_eve, on_moon_day, on_solar_term
from models.reading.wording import LEFT, RIGHT

_MON, _THU, _SUN = 0, 3, 6


def by_easter(days: int) -> Choose:
    """So many days after Easter Sunday, as the western churches reckon it."""

    def choose(today: date) -> list[date]:
        from dateutil.easter import easter

        candidates = (easter(year) + timedelta(days=days) for year in (today.year, today.year + 1))
        return [one for one in candidates if one >= today][:1]

    return choose


def _after(feast: Choose, days: int) -> Choose:
    """So many days after a feast, while that day is ahead."""
    back = timedelta(days=days)
    return lambda today: [first + back for first in feast(today - back)]


_US_THANKSGIVING = on_nth_weekday_of(11, _THU, 4)
_NEW_YEAR = on_moon_day(*NEW_YEAR)
# The weekday in these must not be read alone.
_OF_WEEKDAY: tuple[tuple[Choose, str], ...] = (
    (by_easter(-47), "shrove tuesday"),
    (by_easter(-46), "ash wednesday"),
    (by_easter(-7), "palm sunday"),
    (by_easter(-3), "maundy thursday"),
    (by_easter(-2), "good friday"),
    (by_easter(-1), "easter saturday"),
    (by_easter(0), "easter sunday"),
    (by_easter(1), "easter monday"),
    (by_easter(49), "whit sunday"),
    (by_easter(50), "whit monday, pentecost monday"),
    (_after(_US_THANKSGIVING, 1), "black friday"),
    (_after(_US_THANKSGIVING, 4), "cyber monday"),
    (_after(_US_THANKSGIVING, 5), "giving tuesday"),
)
_OTHERS: tuple[tuple[Choose, str], ...] = (
    (on_date(None, 1, 1), "new year's day, new years day, 元旦"),
    (on_date(None, 1, 26), "australia day"),
    (on_date(None, 2, 14), "valentine's day, valentines day, valentine's, 情人节"),
    (on_date(None, 3, 8), "women's day, international women's day, 妇女节, 三八节"),
    (on_date(None, 3, 12), "植树节"),
    (on_date(None, 3, 14), "pi day, 白色情人节"),
    (on_date(None, 3, 17), "st patrick's day, st patricks day, st. patrick's day, saint patrick's day, st paddy's day"),
    (on_date(None, 4, 1), "april fools, april fool's day, 愚人节"),
    (on_date(None, 4, 25), "anzac day"),
    (on_date(None, 4, 27), "king's day"),
    (on_date(None, 5, 1), "may day, 五一劳动节, 劳动节, 五一"),
    (on_date(None, 5, 4), "青年节, 五四青年节"),
    (on_date(None, 5, 5), "cinco de mayo"),
    (on_date(None, 6, 1), "儿童节, 六一儿童节"),
    (on_date(None, 6, 19), "juneteenth"),
    (on_date(None, 7, 1), "canada day"),
    (on_date(None, 7, 4), "fourth of july, 4th of july, july 4th"),
    (on_date(None, 7, 14), "bastille day"),
    (on_date(None, 9, 10), "教师节"),
    (on_date(None, 10, 1), "国庆节, 国庆"),
    (on_date(None, 10, 24), "程序员节"),
    (on_date(None, 10, 31), "halloween, 万圣夜, 万圣节"),
    (on_date(None, 11, 5), "bonfire night, guy fawkes night"),
    (on_date(None, 11, 11), "veterans day, singles day, singles' day, 双十一, 双11, 光棍节"),
    (on_date(None, 12, 12), "双十二, 双12"),
    (on_date(None, 12, 24), "christmas eve, xmas eve, 圣诞前夜, 平安夜"),
    (on_date(None, 12, 25), "christmas day, xmas day, 圣诞节"),
    (on_date(None, 12, 26), "boxing day"),
    (on_date(None, 12, 31), "new year's eve, new years eve, nye, 元旦前夜, 新年前夜, 跨年夜"),
    (by_easter(-47), "pancake day, mardi gras"),
    (by_easter(-2), "耶稣受难日"),
    (by_easter(0), "easter, 复活节"),
    (by_easter(39), "ascension day"),
    (by_easter(49), "pentecost"),
    (by_easter(60), "corpus christi"),
    (new_years_eve, "chinese new year's eve, cny eve"),
    (_NEW_YEAR, "chinese new year, lunar new year, cny, 春节, 农历新年"),
    (on_moon_day(1, 15), "lantern festival, 元宵节, 元宵"),
    (on_moon_day(5, 5), "dragon boat festival, 端午节, 端午"),
    (on_moon_day(7, 7), "七夕节, 七夕"),
    (on_moon_day(7, 15), "中元节"),
    (on_moon_day(8, 15), "mid-autumn festival, mid-autumn, mid autumn, mooncake festival, 中秋节, 中秋"),
    (on_moon_day(9, 9), "重阳节, 重阳"),
    (on_moon_day(12, 8), "腊八节, 腊八"),
    (on_solar_term("清明"), "清明节, 清明"),
    (on_solar_term("冬至"), "冬至"),
    *((on_solar_term(term), term) for term in "立春 春分 立夏 小满 芒种 夏至 立秋 秋分 霜降 立冬".split()),  # noqa: SIM905
    (on_nth_weekday_of(1, _MON, 3), "mlk day"),
    (on_nth_weekday_of(10, _MON, 2), "columbus day, indigenous peoples' day"),
    (on_nth_weekday_of(2, _MON, 3), "presidents day, presidents' day"),
    (on_nth_weekday_of(5, _SUN, 2), "母亲节"),
    (on_nth_weekday_of(5, _MON, -1), "memorial day"),
    (on_nth_weekday_of(6, _SUN, 3), "father's day, fathers day, 父亲节"),
    (_US_THANKSGIVING, "感恩节"),
)
_CANADA = "America/Toronto America/Vancouver America/Edmonton America/Halifax America/Winnipeg"
_CHINA = "Asia/Shanghai Asia/Hong_Kong Asia/Macau"
# The same name for different days: by zone, or by the continent where that ends in a stroke; "" is everywhere else.
_BY_COUNTRY: tuple[tuple[str, tuple[tuple[str, Choose], ...]], ...] = (
    ("thanksgiving, thanksgiving day", ((_CANADA, on_nth_weekday_of(10, _MON, 2)), ("", _US_THANKSGIVING))),
    (
        "mother's day, mothers day",
        (("Europe/London Europe/Dublin", by_easter(-21)), ("", on_nth_weekday_of(5, _SUN, 2))),
    ),
    ("labor day, labour day", (("America/", on_nth_weekday_of(9, _MON, 1)), ("Europe/ Asia/", on_date(None, 5, 1)))),
    ("independence day", (("America/", on_date(None, 7, 4)), ("Asia/Kolkata", on_date(None, 8, 15)))),
    (
        "national day",
        (
            ("Asia/Singapore", on_date(None, 8, 9)),
            (_CHINA, on_date(None, 10, 1)),
            ("Europe/Zurich", on_date(None, 8, 1)),
            ("Asia/Dubai", on_date(None, 12, 2)),
            ("Asia/Riyadh", on_date(None, 9, 23)),
        ),
    ),
)
BY_COUNTRY = {name: days for names, days in _BY_COUNTRY for name in names.split(", ")}


def _nowhere(today: date) -> list[date]:
    return []


_SURE = {name: choose for choose, names in _OF_WEEKDAY for name in names.split(", ")}
_WEAK = {name: choose for choose, names in _OTHERS for name in names.split(", ")} | dict.fromkeys(BY_COUNTRY, _nowhere)
# A season rather than a day, unless something is told by it ("the day after Christmas").
_SEASONS: dict[str, Choose] = {
    **dict.fromkeys(("christmas", "xmas", "圣诞"), on_date(None, 12, 25)),
    "new year": on_date(None, 1, 1),
}
_ALL: Mapping[str, Choose] = _SURE | _WEAK
_AND_SEASONS: Mapping[str, Choose] = {**_ALL, **_SEASONS}
# "Before Thanksgiving", 国庆节后, 中秋假期 are other days; 五一 stands in 周五一起, too.
_NOT_THE_DAY = "(?!\\s?节?(?:前(?!夜)|后|之后|假期|长假|黄金周|期间|周末|weekend|week\\b))"


def _one_of(names: Iterable[str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    english = "|".join(re.escape(name) for name in longest_first if name.isascii())
    chinese = "|".join(name for name in longest_first if not name.isascii())
    return rf"(?<!pre-)(?<!before )(?<!after ){LEFT}(?:{english}){RIGHT}{_NOT_THE_DAY}" + (
        rf"|(?<![周星期礼拜月])(?:{chinese}){_NOT_THE_DAY}" if chinese else ""
    )


ENGLISH_FEASTS = "|".join(re.escape(name) for name in sorted(_AND_SEASONS, key=len, reverse=True) if name.isascii())
CHINESE_FEASTS = "|".join(name for name in sorted(_AND_SEASONS, key=len, reverse=True) if not name.isascii())
SURE_FEASTS = _one_of(_SURE)
WEAK_FEASTS = _one_of(_WEAK)


def read_feast(match: re.Match[str]) -> Choose:
    """The coming one; a feast by country has no day until the zone is known, see day_of()."""
    return _ALL[match["feast"]]


def feast_named(name: str) -> Choose:
    """The coming one; no day for a feast that depends on the country."""
    return _AND_SEASONS[name]


def day_of(feast: str, zone: str) -> Choose:
    """The feast where the zone lies; no day where none of the countries we know is."""
    for zones, choose in BY_COUNTRY.get(feast, ()):
        if any(zone == one or (one.endswith("/") and zone.startswith(one)) for one in zones.split()) or not zones:
            return choose
    return _nowhere if feast in BY_COUNTRY else _ALL[feast]
