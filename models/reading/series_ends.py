"""Until when an event repeats, as its line says it: "every Mon 9:30 until March", 每周一9:30 共6次, "for 8 weeks".

What the words mean, where people differ: a day is the last one on which it may happen; "until March", 直到3月 stop before
March begins, "through March", "until the end of March", 到3月底 after its last day; a count includes the first one.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from models.reading.day_choices import Choose, in_days, of_month, of_week, on_date
from models.reading.day_patterns import MONTH, ZH_DAY_NUMBER
from models.reading.day_readers import MONTHS
from models.reading.days import DayMention, find_days
from models.reading.feasts import BY_COUNTRY, CHINESE_FEASTS, ENGLISH_FEASTS, day_of, feast_named
from models.reading.patterns import pattern_of
from models.reading.recurrence import Recurrence
from models.reading.wording import LEFT, MASK, NUMBER, RIGHT, Span, number

_UNTIL = r"(?:(?:until|till|til|through|thru|up to)(?:\sand\sincluding)?)"
_EN_MONTH = pattern_of(
    rf"{LEFT}(?P<until>{_UNTIL})\s(?P<end>(?:the\s)?end\sof\s)?(?P<month>{MONTH})"
    rf"(?:\s(?:(?P<year>20[0-9]{{2}})|(?:of\s)?(?P<next>next\syear)))?{RIGHT}(?!\s?[0-9])"
)
_ZH_MONTH = pattern_of(
    rf"(?:持续|坚持|一?直|截止?)?(?:到|至)\s?(?:(?P<year>20[0-9]{{2}})年|(?P<next>明年))?(?P<month>{ZH_DAY_NUMBER})月份?(?P<end>底|末)?(?:结束|为?止)?(?![0-9])"
)
_TIMES = pattern_of(
    rf"{LEFT}(?:for\s)?(?P<times>{NUMBER})\s(?:times|sessions|evenings|dates|classes){RIGHT}|{LEFT}x\s?(?P<by>[0-9]{{1,2}}){RIGHT}"
    rf"|{LEFT}for\s(?:the next\s)?(?P<spans>{NUMBER})\s(?P<unit>weeks?|months?){RIGHT}(?:\s(?:in a row|running|straight){RIGHT})?"
    rf"|{LEFT}(?P<in_a_row>{NUMBER})\s(?:(?:consecutive\s)?weeks(?:\s(?:in a row|running|straight))|consecutive\sweeks){RIGHT}"
    rf"|(?<=[,;({MASK}])\s?(?P<alone>{NUMBER})[\s-]weeks?(?=\s?(?:$|[,;){MASK}]))"
    rf"|(?:共|连续|一共)\s?(?P<zh_times>{NUMBER})\s?(?:次|期|场|节)|(?P<zh_till>{NUMBER})\s?(?:次|期|场|节)(?:为止|结束)"
    rf"|(?:持续|连续|共|为期|历时)\s?(?P<zh_spans>{NUMBER})\s?个?(?P<zh_unit>周|星期|月)"
)
_FIGURES = ("times", "by", "spans", "in_a_row", "alone", "zh_times", "zh_till", "zh_spans")
_ZH_UNTIL = r"(?:持续|坚持|一?直|截止?)?(?:到|至)\s?"
_YEAR_END = pattern_of(
    rf"{LEFT}(?:(?P<before>until|till?)\s(?P<before_year>20[0-9]{{2}})(?!\s?[-/.0-9]))"
    rf"|{LEFT}(?:(?:{_UNTIL}|to)\s(?:the\s)?(?:end\sof\s(?:the\s|this\s|(?P<next>next\s))?(?:year|(?P<year>20[0-9]{{2}}))"
    rf"|year'?s?[\s-]end|eoy)|for\sthe\srest\sof\s(?:the|this)\syear){RIGHT}"
    rf"|{_ZH_UNTIL}(?:(?:今|本|(?P<zh_next>明)|(?P<zh_year>20[0-9]{{2}}))年年?|年)[底末](?:结束|为?止)?|今年(?=\s?{MASK})"
)
_REST_OF_MONTH = pattern_of(rf"{LEFT}for\sthe\srest\sof\s(?:the|this)\smonth{RIGHT}")
# What is a season elsewhere is a day as an end.
_BY_SEASON = pattern_of(
    rf"(?:{LEFT}{_UNTIL}\s(?P<before>before\s)?(?:the\s)?(?P<en_feast>{ENGLISH_FEASTS})"
    rf"|{_ZH_UNTIL}(?P<zh_feast>{CHINESE_FEASTS})节?(?:(?P<zh_before>之?前)|结束|为?止)?)(?:{RIGHT})(?!\s(?:weekend|week|break|holidays?))"
)
# A series without an end, said aloud.
_OPEN = pattern_of(rf"{LEFT}(?:until|till|til)\sfurther\snotice{RIGHT}|直?到另行通知(?:为止)?")
# "RSVP until Sunday" is about answers.
_OF_ANSWERS = pattern_of(r"(?:rsvps?|answers?|reply|sign[- ]?ups?|register|registration|open|报名|登记)\s?$")
_BEFORE_DAY = pattern_of(
    rf"(?:{LEFT}(?:{_UNTIL}|to|ends|ending|last\s(?:one|session|date|meeting)(?:\sis)?:?)\s(?:on\s)?(?:the\s)?"
    r"|(?:(?:持续|坚持|一?直|截止?)?(?:到|至)|截止|最后一[次期场][:是为在]?)\s?)$"
)
_STARTING = pattern_of(
    rf"(?:{LEFT}(?:starting|beginning|commencing|starts|begins|from|as of|(?:first|next)(?:\sone|\ssession|\smeeting)?:?)"
    rf"\s(?:on\s|from\s)?(?:the\s)?|(?:[从自]|首[次期场]|下一?[次期场]|第一[次期场])[:是为]?\s?)$"
)
_AND_ON = pattern_of(r"\s?(?:起|开始|开课|(?:是|为)?(?:第一|首)[次期场节课]课?)")
_STARTING_PERIOD = pattern_of(
    rf"{LEFT}(?:starting|beginning|starts|begins|from|as of)\s(?:in\s)?(?:(?P<which>next|this)\s(?P<unit>week|month)"
    rf"|(?P<month>{MONTH})(?!\s?[0-9])){RIGHT}"
    rf"|从?(?:(?:[本这]个?(?:周|星期|礼拜|月)|即日|现在)(?P<zh_now>起|开始))|{LEFT}(?:starting|as of|from)\s(?P<now>now){RIGHT}"
    rf"|从?(?P<zh_which>下{{1,2}})个?(?P<zh_unit>周|星期|礼拜|月)(?:起|开始)|从?(?P<zh_month>{ZH_DAY_NUMBER})月份?(?:起|开始)"
)
_IN_MONTH = pattern_of(
    rf"{LEFT}(?:in|during|throughout|all)\s(?P<month>{MONTH})(?:\s?(?:and|&|-|to|through)\s?(?P<last>{MONTH}))?{RIGHT}(?!\s?[0-9])"
    rf"|(?:整个)?(?<![0-9到至])(?P<zh_month>{ZH_DAY_NUMBER})月份?[里内的]?(?=\s?{MASK})"
)
# Nobody means more; a longer series goes on until it is stopped.
MOST_TIMES = 500


@dataclass(frozen=True)
class SeriesEnd(Span):
    """How often, how many weeks or months, or from the day of the first one to the last day that is meant; none: open.

    feast: by which feast it was told, where countries differ about its day.
    """

    count: int | None = None
    unit: str | None = None
    last: Choose | None = None
    feast: str | None = None


def find_series_end(reading: str) -> SeriesEnd | None:
    """The end of a series, in a reading copy where its day and time are masked; None when it just goes on."""
    end = _read_count(reading) or _by_words(reading) or _by_month(reading) or _by_day(reading)
    return None if end is None or _OF_ANSWERS.search(reading[: end.start]) else end


@dataclass(frozen=True)
class SeriesStart(Span):
    """The first day on which a series may begin; until: what the same words say of its end ("from 19 March to 2 April")."""

    first: Choose
    until: SeriesEnd | None = None


def find_series_start(reading: str) -> SeriesStart | None:
    """ "starting 21 March", "from next week", 下周起, 从10月8日开始; None when it begins with the next such day."""
    if (match := _IN_MONTH.search(reading)) and (match["month"] or 1 <= number(match["zh_month"]) <= 12):
        month = MONTHS.index(match["month"][:3]) + 1 if match["month"] else number(match["zh_month"])
        last_month = MONTHS.index(match["last"][:3]) + 1 if match["last"] else month
        until = SeriesEnd(match.start(), match.end(), last=_end_of(None, last_month, is_included=True))
        return SeriesStart(match.start(), match.end(), _first_of(month), until)
    match = _STARTING_PERIOD.search(reading)
    if match:
        return SeriesStart(match.start(), match.end(), _period(match))
    for day in find_days(reading):
        before, after = _STARTING.search(reading[: day.start]), _AND_ON.match(reading, day.end)
        if before or after or day.last:
            start, end = before.start() if before else day.start, after.end() if after else day.end
            last = _last_of(day) if day.last else None
            return SeriesStart(start, end, day.choose, last and SeriesEnd(day.start, day.end, last=last))
    return None


def _first_of(month: int) -> Choose:
    """Today, or the first day of a month that is still to come."""
    return lambda today: [today if month == today.month else date(today.year + (month < today.month), month, 1)]


def _last_of(day: DayMention) -> Choose:
    """The last day of several, from any day on."""
    return lambda today: [last for first in day.choose(today)[:1] for last in (day.last(first) if day.last else [])]


def _period(match: re.Match[str]) -> Choose:
    """The Monday of the next week, the first of a month; today for this week's."""
    if match["zh_now"] or match["now"]:
        return in_days(0)
    if match["which"] == "this":
        return of_week(0, 0) if match["unit"] == "week" else of_month(0, 1)
    if match["unit"] == "week" or (match["zh_unit"] or "月") != "月":
        return of_week(len(match["zh_which"] or "下"), 0)
    if match["unit"] or match["zh_unit"]:
        return of_month(len(match["zh_which"] or "下"), 1)
    month = MONTHS.index(match["month"][:3]) + 1 if match["month"] else number(match["zh_month"])
    return lambda today: [date(today.year + (month <= today.month), month, 1)] if 1 <= month <= 12 else []


def end_series(rule: Recurrence, end: SeriesEnd | None, starts_at: datetime, where: tzinfo) -> Recurrence | None:
    """The rule with its end, on the wall clock of the place; None for an end before the first one."""
    if end is None:
        return rule
    if end.count is not None:
        return _counting(rule, end.count, end.unit, starts_at)
    first = starts_at.astimezone(where).date()
    if end.last is None:
        return rule
    choose = day_of(end.feast, str(where)) if end.feast in BY_COUNTRY else end.last
    days = choose(first)
    if not days or days[0] < first:
        return None
    midnight = datetime.combine(days[0] + timedelta(days=1), time(), where)
    return replace(rule, until=(midnight - timedelta(seconds=1)).astimezone(UTC))


def _counting(rule: Recurrence, count: int, unit: str | None, starts_at: datetime) -> Recurrence:
    """So many times, or for so many weeks or months, where "every other week for 8 weeks" is four times."""
    if unit is None or unit == rule.every:
        return replace(rule, count=max(count // (rule.interval if unit else 1), 1))
    # A weekly rule for months, or a monthly one for weeks: nobody counts those closer than by 30 days a month.
    return replace(rule, until=starts_at + timedelta(days=count * (30 if unit == "month" else 7)))


def _read_count(reading: str) -> SeriesEnd | None:
    match = _TIMES.search(reading)
    if match is None:
        return None
    figure = next(match[name] for name in _FIGURES if match[name])
    unit = {"w": "week", "m": "month", "周": "week", "星": "week", "月": "month"}.get(
        (match["unit"] or match["zh_unit"] or ("week" if match["in_a_row"] or match["alone"] else " "))[0]
    )
    count = number(figure)
    return SeriesEnd(match.start(), match.end(), count, unit) if 0 < count <= MOST_TIMES else None


def _by_words(reading: str) -> SeriesEnd | None:
    """The end of the year or of this month, Christmas; or said to be open."""
    if match := _OPEN.search(reading):
        return SeriesEnd(match.start(), match.end())
    if match := _YEAR_END.search(reading):
        return SeriesEnd(match.start(), match.end(), last=_end_of_year(match))
    if match := _REST_OF_MONTH.search(reading):
        return SeriesEnd(match.start(), match.end(), last=of_month(0, 0))
    match = _BY_SEASON.search(reading)
    if match is None:
        return None
    feast = match["en_feast"] or match["zh_feast"]
    is_before = bool(match["before"] or match["zh_before"])
    return SeriesEnd(
        match.start(), match.end(), last=_day_before(feast) if is_before else feast_named(feast), feast=feast
    )


def _day_before(feast: str) -> Choose:
    return lambda first: [day - timedelta(days=1) for day in feast_named(feast)(first)]


def _end_of_year(match: re.Match[str]) -> Choose:
    if match["before_year"]:
        return on_date(int(match["before_year"]) - 1, 12, 31)
    year, years_on = match["year"] or match["zh_year"], int(bool(match["next"] or match["zh_next"]))
    return lambda first: [date(int(year) if year else first.year + years_on, 12, 31)]


def _by_month(reading: str) -> SeriesEnd | None:
    match = _EN_MONTH.search(reading)
    if match:
        month, is_included = (
            MONTHS.index(match["month"][:3]) + 1,
            match["until"].startswith("thr") or match["until"].endswith("including") or bool(match["end"]),
        )
    else:
        match = _ZH_MONTH.search(reading)
        if match is None or not 1 <= number(match["month"]) <= 12:
            return None
        month, is_included = number(match["month"]), bool(match["end"])
    year = int(match["year"]) if match["year"] else None
    if match["next"]:
        return SeriesEnd(match.start(), match.end(), last=_end_next_year(month, is_included=is_included))
    return SeriesEnd(match.start(), match.end(), last=_end_of(year, month, is_included=is_included))


def _end_next_year(month: int, *, is_included: bool) -> Choose:
    return lambda first: _end_of(first.year + 1, month, is_included=is_included)(first)


def _end_of(year: int | None, month: int, *, is_included: bool) -> Choose:
    """The last day before that month, or of it; without a year of the next such month."""

    def choose(first: date) -> list[date]:
        begins = date(
            year or first.year + (month < first.month or (month == first.month and not is_included)), month, 1
        )
        after = (begins + timedelta(days=31)).replace(day=1) if is_included else begins
        return [after - timedelta(days=1)]

    return choose


def _by_day(reading: str) -> SeriesEnd | None:
    for day in find_days(reading):
        before = _BEFORE_DAY.search(reading[: day.start])
        if before:
            stop = re.compile(r"\s?(?:结束|为?止)").match(reading, day.end)
            return SeriesEnd(before.start(), stop.end() if stop else day.end, last=day.choose)
    return None
