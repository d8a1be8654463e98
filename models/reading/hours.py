"""What a clock time means: in which half of the day, and when a range ends.

What the words mean, where people differ:
- with minutes and two digits (19:00, 07:30) a time is as written. With one digit and no am/pm it is what such
  events usually mean: "at 7", "7-9", 7点 and "7:30" are in the evening (1 to 7, for full hours to 8), "at 9" and
  9:00 in the morning; words such as dinner, night, breakfast, 晚, 早 in the line decide otherwise.
- midnight and 晚上12点 end the day they are said with; 00:00 begins it; 凌晨1点 is early on the named day, "tonight at 1"
  after it.
- an end without its own am/pm is the first such time after the start; an end up to MAX_NIGHT_MINUTES later may be
  next day.
"""

from dataclasses import dataclass, replace

DAY = 24 * 60
HALF_DAY = 12 * 60

# "22:00-08:00" is a night; "19:00-18:00" is a slip.
MAX_NIGHT_MINUTES = 14 * 60


@dataclass(frozen=True)
class Clock:
    """A time of day as said: part_of_day is None, or a word that tells morning from evening; written is how exactly.

    written: "exact" (19:00, 07:30), "short" (7:30), "bare" (7), "word" (noon, midnight).
    """

    hour: int
    minute: int
    part_of_day: str | None = None
    precision: str = "exact"


def minutes_of(clock: Clock, mood: str | None = None) -> int | None:
    """Minutes from the start of the named day (1440 and more: after its end), or None when no clock shows such a time.

    mood is "evening" or "morning" when other words of the line tell, and counts only where the clock leaves it
    open.
    """
    hour, minute = clock.hour, clock.minute
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    shift = _shift(clock, mood)
    return None if shift is None else (hour + shift) * 60 + minute


def minutes_of_range(
    starts: Clock, ends: Clock, mood: str | None = None, *, ends_next_day: bool = False
) -> tuple[int, int | None] | None:
    """Start and end in minutes from the start of the named day; None for an impossible time, the end None when it is before."""
    if starts.part_of_day is None and starts.precision in ("bare", "short") and ends.part_of_day:
        starts = _as_its_end(starts, ends)
    first, last = minutes_of(starts, mood), minutes_of(ends)
    if mood is None and _is_rather_by_day(starts, ends):
        return starts.hour * 60 + starts.minute, (ends.hour + 12) * 60 + ends.minute
    if first is None or last is None:
        return None
    if ends_next_day:
        # 次日2点 is 2 in the morning.
        last = ends.hour * 60 + ends.minute if ends.part_of_day is None else last
        return first, last + DAY * (last < DAY)
    if _is_half_day(starts, ends):
        last = ends.hour * 60 + ends.minute
        while last <= first:
            last += HALF_DAY
    elif last <= first:
        last += DAY
    if last - first > MAX_NIGHT_MINUTES and ends.part_of_day is None and ends.precision in ("bare", "short"):
        # "23:30 to 2:00": the first 2 o'clock after it, whatever such an hour usually means.
        last = ends.hour * 60 + ends.minute
        while last <= first:
            last += HALF_DAY
    return first, last if last - first <= MAX_NIGHT_MINUTES else None


def _is_rather_by_day(starts: Clock, ends: Clock) -> bool:
    """Whether "8 to 2" without a word of evening is 8:00 to 14:00: nobody says so of a night."""
    are_open = all(one.part_of_day is None and one.precision in ("bare", "short") for one in (starts, ends))
    return are_open and 6 <= starts.hour <= 8 and 1 <= ends.hour <= 5


def in_part(clock: Clock, part: str) -> Clock:
    """The clock time with the part of the day that was said beside it, if it said none itself ("Friday evening, 7:30")."""
    is_open = clock.part_of_day is None and clock.precision != "word" and clock.hour <= 12
    return replace(clock, part_of_day=part) if is_open else clock


def _is_half_day(starts: Clock, ends: Clock) -> bool:
    """Whether the end is told on a clock of 12 hours: 晚7:30-10:00 and 9-5, but not 19:00-07:00."""
    if ends.part_of_day or ends.precision == "word" or not 1 <= ends.hour <= 12:
        return False
    is_exact = starts.precision == "exact" and starts.part_of_day is None
    return not is_exact or (starts.hour <= 12 and ends.precision != "exact")


def _as_its_end(starts: Clock, ends: Clock) -> Clock:
    """7-9pm starts at 7pm, 11-1pm at 11am, 8:30-1am at 8:30pm."""
    same = replace(starts, part_of_day=ends.part_of_day)
    first, last = minutes_of(same), minutes_of(ends)
    if first is not None and last is not None and first < last:
        return same
    other_half = "pm" if ends.part_of_day in MORNING or ends.part_of_day == "凌晨" else "am"
    return replace(starts, part_of_day=other_half)


MORNING = frozenset(("am", "morning", "清晨", "早上", "早晨", "早", "上午"))
_AFTERNOON = frozenset(("pm", "afternoon", "下午", "午后", "傍晚", "evening"))
NIGHT = frozenset(("night", "晚", "晚上", "晚间", "夜里", "夜间", "夜", "半夜", "深夜"))
_NOON = frozenset(("中午",))


def _shift(clock: Clock, mood: str | None) -> int | None:
    """Hours to add to the hour as said, None when the two contradict (13 am)."""
    hour, part = clock.hour, clock.part_of_day
    if clock.precision == "word" or (part is None and clock.precision == "exact"):
        return 0
    if part is None:
        return _usual_shift(hour, clock.precision, mood)
    if part in MORNING or part == "凌晨":
        return _morning_shift(hour, part)
    if part in _NOON:
        return 12 if hour < 4 else 0
    if part in _AFTERNOON:
        return None if hour == 0 else 12 * (hour < 12)
    return _night_shift(hour)


def _morning_shift(hour: int, part: str) -> int | None:
    if hour == 12:
        return -12 if part in ("am", "凌晨") else 0
    return None if hour > 12 else 0


def _night_shift(hour: int) -> int:
    if hour in (0, 24):
        return 24 - hour
    if hour < 5:
        return 24
    return 12 if hour <= 12 else 0


def _usual_shift(hour: int, precision: str, mood: str | None) -> int:
    if mood == "evening":
        return 12 * (1 <= hour <= 11)
    if mood == "morning":
        return 12 * (1 <= hour <= 4)
    return 12 * (1 <= hour <= (8 if precision == "bare" else 7))
