"""The times of day that an event line names, in English and Chinese: clock times, ranges, durations, waits."""

import re
from dataclasses import dataclass
from functools import cache

from models.reading.clock_patterns import CLOCKS, DURATION, ENDS, GOES_ON, WAIT
from models.reading.hours import MORNING, Clock, in_part
from models.reading.patterns import pattern_of
from models.reading.wording import Span, number

# "1800 EST": what a zone stands behind is an hour.
_ZONE_AHEAD = pattern_of(r"\s?(?:[ecmp][sd]t|gmt|utc|ces?t|eest|eet|bst|ist|jst|kst|sgt|hkt|aes?t|aedt)\b")
_HAN = pattern_of("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class ClockMention(Span):
    """A start, perhaps with an end; weak when only its neighbours can tell that a clock time is meant.

    is_bare: nothing but a number; ends_next_day: the end was said to be on the day after ("到次日2点").
    """

    starts: Clock
    ends: Clock | None = None
    is_weak: bool = False
    is_bare: bool = False
    ends_next_day: bool = False


@dataclass(frozen=True)
class Minutes(Span):
    """A stretch of time that was named: a duration, or a wait from now; is_weak when it may be part of a title."""

    minutes: int
    is_weak: bool = False


def find_clocks(reading: str) -> list[ClockMention]:
    """Every clock time or range in the reading copy, in order."""
    return [mention for match in CLOCKS.finditer(reading) if (mention := _mention(match, reading)) is not None]


def find_end(reading: str) -> ClockMention | None:
    """An end said apart from the start: "until 22:00", 到9点, 9点结束."""
    for match in ENDS.finditer(reading):
        clock = _clock(match, "1") or _clock(match, "2")
        # 从0到1读书会 is a title.
        if clock is not None and not (match["bare_1"] and _HAN.match(reading, match.end())):
            return ClockMention(match.start(), match.end(), clock, ends_next_day=_is_next_day(match))
    return None


def _is_next_day(match: re.Match[str]) -> bool:
    return bool(match["next_day"] or match["day_after"])


def find_durations(reading: str) -> list[Minutes]:
    """Every duration: "for 2 hours", 90 min, 一个半小时."""
    return [
        Minutes(match.start(), match.end(), _duration(match), not match["lead"]) for match in DURATION.finditer(reading)
    ]


def find_wait(reading: str) -> Minutes | None:
    """A start told from now: "in 2h30m", "15 minutes from now", 半小时后, 一刻钟后."""
    match = WAIT.search(reading)
    if match is None:
        return None
    parts = {name: value for name, value in match.groupdict().items() if value}
    return Minutes(match.start(), match.end(), _wait_hours(parts) + _wait_minutes(parts))


def _wait_hours(parts: dict[str, str]) -> int:
    hours = parts.get("hours") or parts.get("zh_hours")
    whole = 0.0 if not hours else 2.0 if hours == "a couple of" else float(hours) if "." in hours else number(hours)
    has_half = any(name in parts for name in ("half_hour", "and_half", "half_after", "zh_half"))
    return round(whole * 60) + 30 * has_half


def _wait_minutes(parts: dict[str, str]) -> int:
    minutes = next((parts[name] for name in parts if "minutes" in name), "0")
    return number(minutes) + 15 * number(parts.get("zh_quarters", "0"))


def _mention(match: re.Match[str], reading: str) -> ClockMention | None:
    starts, ends = _clock(match, "1"), _clock(match, "2")
    if starts is None:
        return None
    # "7:30 for 8am": the second says for both which half of the day.
    tail = match["tail"] or _half_of(match["for"])
    if tail:
        starts, ends = in_part(starts, tail), ends and in_part(ends, tail)
    is_bare = (
        not _ZONE_AHEAD.match(reading, match.end())
        and _is_bare(match, "1")
        and (ends is None or _is_bare(match, "2"))
        and not tail
        and not match["for"]
    )
    if is_bare and match["lead"] and ends is None and not GOES_ON.match(reading, match.end()):
        return None
    # "The next one Thursday" is no hour.
    if is_bare and ends is None and match["bare_1"] == "one" and not match["lead"]:
        return None
    # 从0到1读书会, "from zero to one" are titles.
    if is_bare and ends and (starts.hour == 0 or (match["lead"] and _HAN.match(reading, match.end()))):
        return None
    is_weak = (is_bare and not match["lead"]) or (ends is None and not match["lead"] and _is_doubtful(match))
    # "At seven for eight" may be a table for so many; "half seven for eight" is an hour.
    end = match.start("for_word") if match["for_word"] and not match["fraction_1"] else match.end()
    return ClockMention(match.start(), end, starts, ends, is_weak, is_bare and not match["lead"], _is_next_day(match))


def _is_bare(match: re.Match[str], which: str) -> bool:
    """Nothing but a number: 7, 1830; but not 19h, 7ish, 7半, 0730."""
    if match[f"run_{which}"]:
        says_more = match[f"run_ap_{which}"] or match[f"run_h_{which}"] or match[f"run_part_{which}"]
        return not says_more and not match[f"run_{which}"].startswith("0")
    hour = match[f"bare_{which}"]
    is_hour_of_day = match[f"bare_h_{which}"] and hour.isdecimal() and 13 <= int(hour) <= 23
    return bool(hour) and not is_hour_of_day and match[f"bare_ish_{which}"] is None and not match[f"bare_half_{which}"]


def _is_doubtful(match: re.Match[str]) -> bool:
    """Python 3.12, one 点 as in 轻松一点, half seven."""
    if match["point_1"] == ".":
        return not match["figures_ap_1"]
    return bool(match["zh_1"]) and not match["part_1"] and not match["zh_1"].isdecimal()


@cache
def _groups(pattern: re.Pattern[str], which: str) -> tuple[tuple[str, int], ...]:
    """The groups of one of the two clock times, by what they hold; asked for 1,000 times by a line of digits."""
    return tuple((name[:-2], group) for name, group in pattern.groupindex.items() if name.endswith("_" + which))


def _clock(match: re.Match[str], which: str) -> Clock | None:
    parts = {name: value for name, group in _groups(match.re, which) if (value := match[group])}
    for sign, reader in _READERS.items():
        if sign in parts:
            return reader(parts)
    return None


def _read_chinese(parts: dict[str, str]) -> Clock:
    hour, minute = number(parts["zh"]), number(parts.get("zh_minute", "0"))
    if "quarter" in parts:
        minute = 30 if parts["quarter"] == "半" else 15 * number(parts["quarter"][0])
    if "less" in parts:
        hour, minute = (hour or 24) - 1, 60 - (15 if "刻" in parts["less"] else number(parts["less"].strip("差分")))
    if "before" in parts:
        back = {"刻": 15, "五": 5, "十": 10}["刻" if "刻" in parts["before"] else parts["before"][1]]
        hour, minute = hour - 1, 60 - back
    is_exact = "part" not in parts and (hour > 12 or hour == 0 or parts["zh"].startswith("0"))
    part = parts.get("part") or _half(parts.get("zh_ap"))
    return Clock(hour, minute, part, "exact" if is_exact and part is None else "bare")


def _read_figures(parts: dict[str, str]) -> Clock:
    hour, minute = int(parts["hour"]), int(parts["minute"])
    part = _half(parts.get("figures_ap")) or parts.get("figures_part")
    if hour > 12 and part and hour < 24 and part not in MORNING:
        part = None  # 19:00pm and 晚上19:30 say it twice
    precision = "short" if len(parts["hour"]) == 1 and hour else "exact"
    return Clock(hour, minute, part, precision)


def _read_run(parts: dict[str, str]) -> Clock | None:
    hour, minute = int(parts["run"][:-2]), int(parts["run"][-2:])
    part = _half(parts.get("run_ap")) or parts.get("run_part")
    if minute % 5 and not part and "run_h" not in parts:
        return None  # rather a number
    if hour > 12 and part and part not in MORNING:
        part = None
    return Clock(hour, minute, part, "exact" if len(parts["run"]) == 4 else "short")


def _read_phrase(parts: dict[str, str]) -> Clock:
    fraction, hour = parts["fraction"].removeprefix("a "), number(parts["phrase_hour"])
    word = fraction.split()[0]
    minute = {"half": 30, "quarter": 15}.get(word) or number(word)
    if fraction.endswith("to"):
        hour, minute = (hour - 1 or 12), 60 - minute
    return Clock(hour, minute, _half(parts.get("phrase_ap")), "bare")


def _read_spoken(parts: dict[str, str]) -> Clock:
    """ "Six thirty", "seven forty-five pm"."""
    minute = {"fifteen": 15, "thirty": 30}.get(parts["spoken_minute"], 45)
    return Clock(number(parts["spoken"]), minute, _half(parts.get("spoken_ap")), "bare")


def _read_hour(parts: dict[str, str]) -> Clock:
    half, hour = _half(parts["ap"]), number(parts["ap_hour"])
    is_exact = parts["ap"] == "uhr" or (half is None and hour > 12)
    return Clock(hour, 0, None if half == "pm" and 12 < hour < 24 else half, "exact" if is_exact else "bare")


def _read_word(parts: dict[str, str]) -> Clock:
    hour = {"noon": 12, "midday": 12, "正午": 12, "中午": 12, "零点": 0}.get(parts["word"], 24)
    return Clock(hour, 0, None, "word")


def _read_bare(parts: dict[str, str]) -> Clock:
    hour = number(parts.get("part_bare") or parts["bare"])
    return Clock(
        hour, 30 if "bare_half" in parts else 0, parts.get("bare_part"), "exact" if hour > 12 or hour == 0 else "bare"
    )


_READERS = {
    "zh": _read_chinese,
    "hour": _read_figures,
    "run": _read_run,
    "fraction": _read_phrase,
    "spoken": _read_spoken,
    "ap_hour": _read_hour,
    "word": _read_word,
    "part_bare": _read_bare,
    "bare": _read_bare,
}


def _half_of(second: str | None) -> str | None:
    match = re.search(r"(?P<half>[ap])\.?m?\.?$", second or "")
    return match and match["half"] + "m"


def _half(words: str | None) -> str | None:
    return None if not words or words[0] not in "ap" else words[0] + "m"


def _duration(match: re.Match[str]) -> int:
    if match["half_hour"]:
        return 30
    if match["minutes"]:
        return number(match["minutes"])
    half = 30 if match["half"] or match["and_half"] else 0
    return _minutes(match["count"], match["unit"]) + half + int(match["more"] or 0)


def _minutes(count: str, unit: str) -> int:
    unit_minutes = 1 if unit.startswith(("min", "分")) else 60
    if count.startswith("half"):
        return unit_minutes // 2
    return round((float(count) if count[0].isdecimal() else number(count)) * unit_minutes)
