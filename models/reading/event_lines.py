"""An event from one line of chat, in English, Chinese or both: `Demo night, Fri 19:00-21:30 @ Café Kranz, 20 seats`.

A small grammar of our own on top of datetime and zoneinfo, not the library dateparser. Asked for the start of
358 lines of tests/models/reading/event_phrasings.txt (all of which this grammar reads, having been written with them), the
search of dateparser 1.5 has it among its answers for 120 of 210 English and 16 of 148 Chinese lines, gives only other
days for 182 and nothing for 40: 12月3日 becomes 26 November of next year, 7-9pm a day in July. It takes 1 ms a line and
145 ms for the first one, against 1.4 ms and 5 ms here, and knows no end, place or seats. As a fallback it would turn an
honest question into a wrong day, so there is none.

The last look at a line is doubts.py: what is left over must not look like time, rhythm or zone, else it is asked about, or told
under the preview. dateparser knows no such honesty.

Of several lines one is the title, some say when and where, the rest describes the event (announcement_lines.py); so do price
and the like behind a title (notes.py).

Of the words left over one part is the title (title_parts.py); what stands apart from it is a place by its form, or description.

Known failings: a place that neither a sign, a venue word nor its form gives away stays in the description, and a guest's bare
name behind the time is taken for one; a series has one weekday, of several it asks which; of two dates or hours apart
("semi-final 26 March, final 9 April", "at 8 or 8.30") one is read and the other told. Of lines as admins write them, before
they were run, about one in five is read wrong somewhere, mostly a place that is not found, seldom in its time.
Every draft is shown before it counts.
"""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from models.reading.counts import Count, find_people, find_plus_ones, find_seats
from models.reading.days import DayMention
from models.reading.descriptions import description, description_lines, other_lines, saying_more
from models.reading.doubt_questions import question
from models.reading.doubts import Doubt, find_doubts, said_again, unread
from models.reading.event_draft import Choice, EventDraft, EventLineProblem, NotAnEvent
from models.reading.instants import NOTHING, resolve, zone_meant
from models.reading.labels import with_plain_labels
from models.reading.leftovers import find_hours_in
from models.reading.loose_ends import is_saying
from models.reading.mentions import WhenMentions, find_when
from models.reading.notes import find_notes
from models.reading.patterns import pattern_of
from models.reading.places import Text, find_link, find_place
from models.reading.rhythms import repeating, rhythm_of
from models.reading.stamps import plain_stamps
from models.reading.title_parts import beside_title, programme_hours
from models.reading.unmarked_places import find_unmarked_place, perhaps_place
from models.reading.wording import MASK, Span, mask, present, reading_copy, tidy

__all__ = ["EventDraft", "EventLineProblem", "read_event_line"]

MAX_CHARACTERS = 1_000
MAX_CAPACITY = 100_000

_COMMAND = pattern_of(r"^/\w+(?:@\w+)?(?:\s+|$)")
_EMPTY_BRACKETS = pattern_of(rf"[(\[（【<][\s,;·{MASK}-]*[)\]）】>]")
# What led to an hour in brackets: "Hike (leave )".
_LED = (
    r"(?:leav(?:e|ing)|depart(?:s|ure)?|from|starts?|starting|begins?|at|on|until|till|to|by|meet(?:ing)?|doors|ends?"
    r"|出发|集合|开始|结束|签到|从|到|至|于|在)"
)
_LED_BRACKETS = pattern_of(
    rf"[(\[（【<]\s?(?:{_LED}\s?:?[\s{MASK}]*{MASK}|[\s{MASK}]*{MASK}[\s{MASK}]*{_LED})[\s{MASK}]*(?:[)\]）】>]|$)"
    rf"|[(\[（【<][\s{MASK}]*$",
    re.IGNORECASE,
)
_LONE_STROKE = pattern_of(rf"(?<![^\s{MASK}])/{{1,2}}(?![^\s{MASK}])")
_LABEL = pattern_of(r"^(?:title|event|what|name|主题|活动名称|活动|标题|名称|题目)\s?[:：]\s?", re.IGNORECASE)
_BEFORE_MASK = pattern_of(
    r"(?:(?:^|[\s,;，])(?:am|ab|vom|den|a las|when|date|time|on|at|from|starting"
    r"|starts|begins|kicks off|about|around|is|in|this|by|for|and|to"
    r"|(?:let's |we )?meet"
    r"|(?:(?:has |is |was )?(?:now )?(?:moved|moving|rescheduled|postponed|changed|shifted)(?: to)?)|@|🕖|🗓️?|📅|⏰|👥|🎟️?|📍)\s?:?"
    r"|(?:(?:活动|会议|聚会)?(?:时间|日期)|地点|人数|名额|(?:zoom|腾讯会议|飞书会议|会议|直播)?链接|定于|将于|(?:改|推迟|延期|延后|提前|挪|调整)(?:到|至|为)|[下首][次期场]|下一[次期场]|第一[次期场]|在|于|从|大概|大约|差不多|预计|约)\s?[:：]?)\s?$",
    re.IGNORECASE,
)
_AFTER_MASK = pattern_of(
    r"^\s?(?:的|(?:中午|正午)(?=[\u4e00-\u9fff])|(?:上午|下午|晚上)(?=\s[a-z])|签到(?=\s|$)|举行|举办|(?:准时)?(?:开始|开场)|(?:准时)?开(?:演|讲|席|饭|赛|课|麦)(?=[\s,，。;；]|$)|之后|以后|左右|[两二三四五六七2-7]天(?=[\s,，]|$)|lunchtime(?=[\s,]|$)|准[时点](?=[\s,，]|$)|多(?=[\s,，]|$)|later\b|sharp\b|onwards\b|请|and(?=\s?$))\s?",
    re.IGNORECASE,
)
# Words that only lead to the link of an event online, where they stand apart from the title.
_ONLINE = (
    r"(?:via|on|at|online|join|us|here|link|call|video|zoom|google|meet|teams|webex|discord"
    r"|线上|在线|腾讯会议|飞书会议|会议|链接|入会|地址)"
)
_TO_LINK = pattern_of(rf"\W*{_ONLINE}(?:\W*{_ONLINE})*\W*", re.IGNORECASE)
_EDGES = " \t\n,;:|｜·-–—，。；：、.~～"


def read_event_line(
    line: str, *, now: datetime, zone: ZoneInfo, language: str = "en", choice: Choice = NOTHING
) -> EventDraft | EventLineProblem:
    """The event that a member described in one line, or the first thing to ask about.

    now is aware and any start is later than it; zone is the community's, and what the line means unless it names
    another; language ("en" or "zh") decides only what both languages write alike (CST, 3/4). choice is what a member
    answered to such a question: one of the problem's choices. A leading command is skipped. Never raises on any text;
    reads at most MAX_CHARACTERS. Raises ValueError on a naive now.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    if len(line) > MAX_CHARACTERS:
        return EventLineProblem("too_long")
    try:
        return _read_draft(with_plain_labels(plain_stamps(_COMMAND.sub("", tidy(line)))), now, zone, language, choice)
    except NotAnEvent as found:
        return _keeping(found.problem, choice)


def _read_draft(text: str, now: datetime, zone: ZoneInfo, language: str, choice: Choice) -> EventDraft:
    whole = reading_copy(text)
    prose = description_lines(text, whole, zone, language, now)
    try:
        return _read_beside(prose, text, whole, now, zone, language, choice)
    except NotAnEvent as found:
        if found.problem.code != "no_title" or not prose:
            raise
    # The line that was taken for the title says only when or where: the event is named below.
    return _read_beside([], text, whole, now, zone, language, choice)


def _read_beside(
    prose: list[Span], text: str, whole: str, now: datetime, zone: ZoneInfo, language: str, choice: Choice
) -> EventDraft:
    """The event of a line or announcement, in which these lines are its description."""
    reading = mask(whole, *prose)
    link = find_link(text)
    seats = find_seats(mask(reading, *present(link))) or find_seats(mask(whole, *present(link)))
    plus_ones = find_plus_ones(mask(reading, *present(link, seats)))
    when = find_when(text, mask(reading, *present(link, seats, plus_ones)), zone, language, now.astimezone(zone).date())
    spans = [*present(link, seats, plus_ones), *when.spans]
    if seats is None:
        seats = find_people(mask(reading, *spans))
        spans += present(seats)
    place = find_place(text, mask(reading, *spans)) or find_unmarked_place(text, mask(reading, *spans))
    spans += present(place)
    spans += present(_to_link(mask(reading, *spans), link))
    notes = find_notes(mask(reading, *spans))
    spans += notes
    text_left = mask(reading, *spans)
    doubts = find_doubts(
        text, text_left, [*when.asides, *programme_hours(text_left)], find_hours_in(mask(reading, *when.spans), place)
    )
    settled = _settled_doubts(doubts, choice)
    spans += settled
    bounds = [one for one in doubts if one.kind == "bound" and not is_saying(text[one.start : one.end])]
    if when.day is None or not when.day.repeats:
        # "2pm till dusk" is no word of a title; another "until" may be.
        bounds = [one for one in bounds if one.start and text_left[: one.start].rstrip()[-1:] == MASK]
    notes += bounds
    spans += bounds
    if place is None and bounds:
        place = find_unmarked_place(text, mask(reading, *spans))
        spans += present(place)
    shown = [span for span in spans if span is not when.day or not _is_name(text, when.day, spans)]
    others = other_lines(text, whole, [*shown, *prose])
    others += beside_title(mask(whole, *shown, *prose, *others))
    title = _title(text, [*shown, *prose, *others])
    when = _with_rhythm(when, choice)
    if when.clock or when.wait or choice.minute is not None:
        today = now.astimezone(zone_meant(when, text, zone, choice)).date()
        _ask(question(doubts, text, text_left, when, today, choice))
    times = resolve(when, text, now=now, zone=zone, language=language, choice=choice)
    again = said_again(doubts, text, spans, times.starts_at.astimezone(zone).date())
    title = _title(text, [*shown, *prose, *others, *again]) if again else title
    return EventDraft(
        title,
        times.starts_at,
        times.ends_at,
        place=(place and place.words) or None,
        capacity=_capacity(seats, text),
        link=link.words if link else None,
        plus_ones=plus_ones.count if plus_ones else 0,
        repeats=times.repeats,
        unread=unread(
            [doubt for doubt in doubts if doubt not in settled],
            text,
            times.starts_at.astimezone(zone).date(),
            is_dated=_is_dated(when),
            repeats=times.repeats,
        ),
        zone=_other_zone(when, zone_meant(when, text, zone, choice), zone, times.starts_at),
        perhaps_place=None if place or link else perhaps_place(text, mask(whole, *shown, *prose, *notes)),
        description=description(text, [*notes, *prose, *saying_more(text_left, others)]),
    )


def _other_zone(when: WhenMentions, event_zone: tzinfo, own: ZoneInfo, at: datetime) -> str | None:
    """The key of the zone whose place was named, unless its clock shows what the own one does; "19:00 PST" names no place."""
    is_other = at.astimezone(event_zone).utcoffset() != at.astimezone(own).utcoffset()
    is_place = when.zone is not None and isinstance(event_zone, ZoneInfo) and "/" in event_zone.key
    return str(event_zone) if is_place and is_other else None


def _is_dated(when: WhenMentions) -> bool:
    return when.day is not None and when.day.weekday is None


def _ask(problem: EventLineProblem | None) -> None:
    if problem is not None:
        raise NotAnEvent(problem)


def _keeping(problem: EventLineProblem, choice: Choice) -> EventLineProblem:
    """A second question keeps what was chosen at the first."""
    kept = tuple(
        Choice(
            one.day or choice.day,
            one.zone or choice.zone,
            one.rhythm or choice.rhythm,
            choice.minute if one.minute is None else one.minute,
        )
        for one in problem.choices
    )
    return replace(problem, choices=kept)


def _settled_doubts(doubts: list[Doubt], choice: Choice) -> list[Doubt]:
    """The words about which a question was answered: they say no more than the answer."""
    days = [doubt for doubt in doubts if doubt.kind in ("day", "weekday")] if choice.day else []
    rhythms = [doubt for doubt in doubts if doubt.kind == "rhythm"] if choice.rhythm else []
    hours = [doubt for doubt in doubts if doubt.kind == "hour"] if choice.minute is not None else []
    return [*days, *rhythms, *hours]


def _with_rhythm(when: WhenMentions, choice: Choice) -> WhenMentions:
    if choice.rhythm is None or when.wait:
        return when
    day, rule = when.day, rhythm_of(choice.rhythm)
    if day is not None:
        return replace(when, day=repeating(day, rule) if rule else replace(day, repeats=None))
    today = DayMention(0, 0, lambda today: [today + timedelta(days=days) for days in (0, 1)])
    return replace(when, day=repeating(today, rule)) if rule else when


def _to_link(reading: str, link: Text | None) -> Span | None:
    """The words between what was understood, or a comma, and the link: "Fri 18:00 on Zoom: https://…"."""
    if link is None:
        return None
    before = re.search(rf"[{MASK},;|\n(](?P<words>[^{MASK},;|\n(]{{1,40}})$", reading[: link.start])
    if before is None or not _TO_LINK.fullmatch(before["words"]):
        return None
    return Span(before.start("words"), before.start("words") + len(before["words"].rstrip("<[")))


def _is_name(text: str, day: DayMention, spans: list[Span]) -> bool:
    """Whether the title needs the day, too: "Founder Fridays 19:00", written like the word before it; "Standup Mondays"."""
    word = re.search(r"([^\W\d_])\w* $", mask(text, *spans)[: day.start])
    is_plural = re.fullmatch(r"\w+s", text[day.start : day.end]) is not None and day.repeats is not None
    return is_plural and word is not None and word[1].isupper() == text[day.start].isupper()


def _capacity(seats: Count | None, text: str) -> int | None:
    if seats is not None and not 0 < seats.count <= MAX_CAPACITY:
        raise NotAnEvent(EventLineProblem("impossible_capacity", text[seats.start : seats.end].strip()))
    return seats.count if seats else None


def _title(text: str, spans: list[Span]) -> str:
    """What is left of the line, without the small words that led to what was understood."""
    text_left = _LONE_STROKE.sub("|", mask(text, *spans))
    text_left = re.sub(f"{MASK}+", MASK, _EMPTY_BRACKETS.sub(MASK, _LED_BRACKETS.sub(MASK, text_left)))
    parts = text_left.split(MASK)
    parts_kept = [
        _part(part, is_first=number == 0, is_last=number == len(parts) - 1) for number, part in enumerate(parts)
    ]
    title = _LABEL.sub("", _join([part for part in parts_kept if part[1]])).strip(_EDGES).rstrip("([（【 ")
    if not any(character.isalnum() or unicodedata.category(character) == "So" for character in title):
        raise NotAnEvent(EventLineProblem("no_title"))
    return title


def _part(part: str, *, is_first: bool, is_last: bool) -> tuple[str, str]:
    """What separated the part from the one before, and its words."""
    separator = ", " if re.match(r"\s?[,;，；、|｜·\n—–]", part) else " "
    for _ in range(3):
        part = part if is_last else _BEFORE_MASK.sub("", part.rstrip(_EDGES))
        part = part if is_first else _AFTER_MASK.sub("", part.lstrip(_EDGES + "!！"))
    words = part.strip(_EDGES)
    # "Ticket sales end 20 March, event 27 March: Spring Summit".
    return separator, "" if words.lower() == "event" and not is_last else words


def _join(parts: list[tuple[str, str]]) -> str:
    title = ""
    for separator, words in parts:
        title = title + separator + words if title else words
    return title.replace("\n", ", ")
