"""What still looks like time, rhythm or zone in the words that reading left over: one pattern per habit, and what it may mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from models.reading.day_choices import Choose, coming, in_days, next_day_of_month, of_weekend, on_date
from models.reading.day_patterns import MONTH
from models.reading.day_readers import MONTHS, weekday_of
from models.reading.feasts import CHINESE_FEASTS, ENGLISH_FEASTS, feast_named
from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, MASK, RIGHT, script_of

Kind = Literal["weekday", "day", "gone", "rhythm", "name_of_rhythm", "zone", "clock", "season", "hour", "bound"]
Guess = Callable[[re.Match[str]], Choose | None]

_WEEK = "(?:周|星期|礼拜)"
_FULL_MONTH = "january|february|april|june|july|august|september|october|november|december"


def of_whole_week(weeks: int) -> Choose:
    """Every day of that week which is not over, today's week being 0."""

    def choose(today: date) -> list[date]:
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
        return [day for day in (first + timedelta(days=n) for n in range(7)) if day >= today]

    return choose


def _none(_: re.Match[str]) -> None:
    return None


def _this_weekday(match: re.Match[str]) -> Choose:
    return coming(weekday_of(match["weekday"]))


def _week(match: re.Match[str]) -> Choose:
    words = match[0]
    return of_whole_week(words.count("下") or int("next" in words or "following" in words))


def _date(match: re.Match[str]) -> Choose:
    if match["month"]:
        return on_date(None, MONTHS.index(match["month"][:3]) + 1, int(match["day"]))
    if match["nth"]:
        return next_day_of_month(int(match["nth"]))
    return on_date(None, int(match["zh_month"]), int(match["zh_day"]))


def _around_feast(match: re.Match[str]) -> Choose:
    """The days of "Memorial Day weekend", of the feast's week and the next."""
    feast = feast_named(match["feast"])
    return lambda today: [
        day for first in feast(today)[:1] for n in range(-4, 5) if (day := first + timedelta(days=n)) >= today
    ]


def _days_ahead(*days: int) -> Choose:
    return lambda today: [today + timedelta(days=number) for number in days]


def _words(*alternatives: str) -> str:
    """English words, whole."""
    return rf"{LEFT}(?:{'|'.join(alternatives)}){RIGHT}"


_DAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
_NTH = "(?:first|second|third|fourth|fifth|last|[1-5](?:st|nd|rd|th))"
_PART_OF = (
    r"(?:early|late|later|mid|middle of|end of|start of|beginning of|some ?time|any ?time)[\s-](?:in\s)?(?:the\s)?"
)
_COMING = "(?:next|this|the coming|the following)"
_FEAST_OR_LEAVE = "(?:国庆|中秋|春节|元旦|端午|清明|五一|十一|[过长]?假期?|节|年)(?:小?长?假期?|节)?"
_FIGURE = "(?:0?[1-9]|[12][0-9]|3[01])"
_NO_HOUSE = "(?![场门口楼线店馆门室厅桌院码会游机元])"

_TABLE: tuple[tuple[Kind, Guess, tuple[str, ...]], ...] = (
    (
        # What is over belongs to a title: "Recap of last week, Fri 7pm".
        "gone",
        _none,
        (
            _words(rf"(?:last|past|previous)\s(?:week|weekend|month|quarter|year|night|{MONTH}|{_DAY})(?:'s)?"),
            _words("yesterday(?:'s)?"),
            rf"上{{1,2}}个?(?:{_WEEK}[一二三四五六日天末]?|月|季度)|昨[天日晚]|前[天几]|去年",
        ),
    ),
    ("day", _week, (_words(rf"(?:{_PART_OF})?{_COMING}\s(?:week|wk)(?!'s|\s?end)", "the week of"),)),
    (
        "day",
        _none,
        (
            _words(
                rf"{_COMING}\s(?:month|quarter|year|spring|summer|autumn|fall|winter)",
                rf"{_PART_OF}(?:month|week|year|quarter|{MONTH}|{_FULL_MONTH})",
                "the new year|some ?day|some ?time|when ?ever|any ?time|soon(?:ish)?|tbd|tba|tbc|one of these days|next time",
                "(?:a )?fortnights?|(?:first|second|third|last) (?:week|weekend)(?! (?:and|or))",
                "(?:full|new) moon|(?:first|second|third|last|next) (?:business|working) day",
                "in a (?:bit|while|few days)|in (?:some|several|a couple of) (?:days|weeks)",
            ),
        ),
    ),
    ("day", _week, (rf"(?:(?:下{{1,4}}|这|本)个?){_WEEK}(?![末一二三四五六日天]|会|报|刊)",)),
    (
        "day",
        _none,
        (
            r"(?:下{1,3}|这|本)个?(?:月|季度)(?![底末]|刊|报)[初中]?(?:[上中下]旬)?",
            "[0-9一二两三四五六七八九十]{1,3}(?:天|个?(?:周|星期|月))(?:之内|以内|内)(?![\u4e00-\u9fff])",
            # "Next Tuesday but one".
            rf"(?<={MASK})\sbut (?:one|two){RIGHT}",
            # 大下周五 is the week after next, or next.
            f"(?<![\\w{MASK}])大(?={MASK})",
            "(?:月圆|满月)(?![酒时])(?:之夜|夜|那[天晚])?",
            "(?<![0-9一二三四五六七八九十])(?:月初|月中|月末|月底|[上中下]旬)|年[底初中末](?![会终])",
            "改天|回头(?!客|率|看)|择[日期]|过(?:几|些)天|这几天|这两天|近期|近日|有空(?![的来就一])|抽空|等会儿?|一会儿|待会儿?|稍后|哪天|随时",
            "时间?待定|周中(?!心)|不日",
            f"[^\\s,;|\\n{MASK}第]{{0,4}}(?:第(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})|最后一|[首头]一?)个?(?:周|星期|礼拜)"
            "(?![一二三四五六日天])",
            f"[^\\s,;|\\n{MASK}]{{0,4}}(?:那一?天|当[天日])(?![赛期])",
            "(?:[立][春夏秋冬]|雨水|惊蛰|谷雨|小满|芒种|[小大]暑|处暑|白露|寒露|霜降|[小大]雪|[小大]寒)(?=那天|当天|节气)",
            rf"{_FEAST_OR_LEAVE}(?:之)?[前后](?![端台沿瞻夕景途线辈浪厨人天])",
            # What a feast is named for, without being the day.
            r"(?<![0-9.])[0-9]{1,2}\.[0-9]{1,2}\.(?:20)?[0-9]{2}(?![0-9.])",
            rf"{LEFT}(?:before|after|around|over)\s(?:the\s)?(?:{ENGLISH_FEASTS}){RIGHT}",
            f"(?:{CHINESE_FEASTS})(?:[长小]?假期?|期间|前夕)",
        ),
    ),
    ("day", _around_feast, (rf"{LEFT}(?P<feast>{ENGLISH_FEASTS})\s(?:weekend|week){RIGHT}",)),
    ("day", lambda _: in_days(2), ("过两天",)),
    ("day", lambda match: _days_ahead(*((1, 2) if match[0][0] == "明" else (0, 1))), ("明后两?天|今明两?天",)),
    ("day", lambda _: of_weekend(0), (_words("week-?ends?"), "(?:[这本]个?)?周末")),
    (
        "day",
        _none,
        (
            _words(
                r"eid(?:\sal[\s-]\w+)?|ramadan|iftar|diwali|deepavali|hanukkah|chanukah|passover|pesach|purim|rosh hashanah",
                "holi|nowruz|songkran|vesak|bank holiday|public holiday|golden week|orthodox easter",
                "hari raya|aidilfitri|onam|pongal",
            ),
            "小年夜?|开斋节|排灯节|泼水节",
        ),
    ),
    (
        # Days in other languages; and a time of the year rather than a day, of which nothing is told beside a day.
        "season",
        _none,
        (
            _words(
                "(?:kar|oster|pfingst)(?:freitag|samstag|sonntag|montag)|ostern|pfingsten|weihnachten|heiligabend|silvester|neujahr",
                "christi himmelfahrt|fronleichnam|navidad|nochebuena|nochevieja|semana santa|pascua|noël|pâques|nouvel an|natal",
                "christmas|xmas|yuletide|midsummer|solstice|equinox",
            ),
            "圣诞(?![老树节])|寒假|暑假|夏至|秋分|春分",
        ),
    ),
    (
        # "4 Thursdays from 1 April": a series, though nothing says "every".
        "rhythm",
        _none,
        (_words(rf"(?:[2-9]|two|three|four|five|six|seven|eight|nine|ten)\s{_DAY}s"),),
    ),
    (
        "weekday",
        _this_weekday,
        (_words(rf"(?P<weekday>{_DAY}s?|mon|tues?|weds?|thu|thurs?|fri|sat)") + r"\.?",),
    ),
    ("weekday", _this_weekday, (rf"{_WEEK}(?P<weekday>[一二三四五六日天])",)),
    (
        # 每周一三五, 周六日: the other days behind the one that was read.
        "weekday",
        _this_weekday,
        (
            rf"(?<={MASK})(?:[、,/和及与或]\s?)?{_WEEK}?(?P<weekday>[一二三四五六日天])(?:[、,/和及与或]?[二三四五六日天])*"
            rf"(?=[早晚上下中凌两各都\s]|[0-9]{{1,2}}[:点]|{MASK}|$)",
        ),
    ),
    (
        "day",
        _date,
        (
            _words(rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{MONTH})"),
            rf"{LEFT}(?:on\s)?the\s(?P<nth>[0-9]{{1,2}})(?:st|nd|rd|th){RIGHT}(?!\s[a-z])",
            "(?<![0-9])(?P<zh_month>[0-9]{1,2})月(?P<zh_day>[0-9]{1,2})[日号]?",
        ),
    ),
    (
        "day",
        _none,
        (
            _words("today|tonight|tomorrow"),
            "[明后今][天晚](?!报)",
            _words(rf"(?:in|until|till|from|since|through|by|of)\s(?:{_FULL_MONTH}|march|may)"),
            "农历|阴历|旧历|(?<![0-9])(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月(?![亮饼光球色票薪嫂前])",
            "(?<![第0-9a-z.#路街道弄巷村])[0-9]{1,2}[号日]" + _NO_HOUSE,
            "廿[一二三四五六七八九]|初[一二三四五六七八九十](?![期次中级])",
        ),
    ),
    (
        "rhythm",
        _none,
        (
            # "Hackathon starts Sat 10am" is one; "starting Monday" may be a series.
            rf"{LEFT}(?:starts(?!\s(?:on\s|at\s|from\s|this\s)?{MASK})|starting|beginning|commencing)\s(?:in|on|from|next|this|the)?",
            rf"(?:[月日号周二三四五六日天]|(?<=[周期拜])一|{MASK})(?:起|开始)(?![床飞身源点跑步业发])",
            _words(
                r"(?:every|each)\s(?!team|person|group|participant|startup|founder|pitch|speaker|table|slot|one|body|thing|other\s(?!day|night|morning|evening|month|year)|time)[a-z0-9]+",
                "of (?:the|each|every|a) (?:month|week|quarter|year)",
                r"(?:on\s)?(?:weekdays|weeknights|week days|workdays)",
                r"(?:once|twice|thrice|[a-z0-9]+ times|[0-9]\s?x) (?:a|per|every) (?:day|week|month)",
                r"(?:[0-9]\s?x|once|twice|[a-z]+ times)\s?(?:/|per|a)\s?(?:day|week|month|wk|mo|year)",
                "recurring|repeats|repeating|alternate|alternating",
                r"(?:for\s)?(?:the\s)?(?:next\s)?[a-z0-9]+ (?:weeks|months) (?:in a row|running|straight)",
                rf"{_SHORT_DAY}\s?-\s?{_SHORT_DAY}",
                "m-f|m-th|m-sa|mwf|m/w/f|tth|t/th|tu/th|tues?/thurs?",
            ),
            rf"{LEFT}x\s?[0-9]{{1,2}}{RIGHT}(?:\s?$|\s(?:weeks?|months?|sessions?|classes|times){RIGHT})",
            # 周末两天, 三个周五, 单双周三.
            rf"(?<={MASK})\s?[两二三四2-7]天(?![\u4e00-\u9fff])",
            rf"(?<!第)[两二三四五六七八2-9]个(?={MASK})|(?:单双|(?<![\u4e00-\u9fff])[单双])(?={MASK})",
            rf"{LEFT}next (?:[2-9]|two|three|four|five|six){RIGHT}(?=\s?{MASK})",
            rf"{LEFT}{_NTH}{RIGHT}(?=\s?{MASK}[^0-9]|\s?(?:and|or|&|/|,|\+)\s?(?:{MASK}|{_NTH}))",
        ),
    ),
    (
        # That the hour is open; said no more once it was asked for.
        "hour",
        _none,
        (
            _words(r"uhrzeit\s(?:noch\s)?(?:offen|folgt|unklar|tba|tbd|tbc)|zeit\s(?:noch\s)?offen"),
            _words(
                r"(?:exact\s)?(?:time|hour)\s(?:is\s)?(?:tba|tbd|tbc|open|to be (?:announced|confirmed|decided|determined))"
            ),
        ),
    ),
    ("name_of_rhythm", _none, (_words("daily|nightly|weekly|bi-?weekly|fortnightly|monthly|bi-?monthly|quarterly"),)),
    (
        "rhythm",
        _none,
        (
            "每(?:周|星期|礼拜|天|日|晚|早|月|年|季|逢|隔|[两二三四2-9]|个(?:月|星期|工作日|周))",
            f"每个?(?={MASK})",
            "隔[周天日月]|[逢每][单双][日号]|逢[0-9一二三四五六七八九十][日号]?(?![\u4e00-\u9fff])|[单双]周|工作日|天天(?!向)|周更|定期|连续[0-9两三四五六七八九十]+[天周期次]",
        ),
    ),
    (
        "zone",
        _none,
        (
            rf"{LEFT}(?:africa|america|asia|atlantic|australia|europe|pacific)/[a-z_]+",
            rf"(?<={MASK})\s?[+-][01][0-9]:?[0-5][0-9](?![0-9])",
            rf"{LEFT}(?:utc|gmt){RIGHT}(?:\s?[+-]\s?[0-9]+)?",
        ),
    ),
    (
        "clock",
        _none,
        (
            r"(?<![0-9:.])[0-2]?[0-9]:[0-5][0-9](?![0-9:])",
            # Figures and 周 that touch what was read were cut off from it.
            rf"(?<![0-9a-z第#.])[0-9]{{1,2}}(?:\.[0-9]{{1,2}})?(?={MASK})|{_WEEK}(?={MASK})",
            # "Thu 2, 7pm": a day of the month, perhaps.
            rf"(?<={MASK}\s)[0-9]{{1,2}}(?:\.[0-9]{{1,2}})?(?=\s?[,;|])",
            # Two hours to choose from: "at 3 or 4", 七点或八点.
            rf"{LEFT}[0-9]{{1,2}}(?:[.:][0-9]{{2}})?\s?(?:[ap]\.?m)?\sor\s?(?={MASK})|(?<={MASK})\sor\s[0-9]{{1,2}}{RIGHT}",
            rf"[0-9一二三四五六七八九十]{{1,2}}点?半?(?:或者?|还是)(?={MASK})",
            rf"(?<![0-9.]){_FIGURE}\.{_FIGURE}-{_FIGURE}\.{_FIGURE}(?![0-9.])",
            # Half of a date of which the other half was used, and whole ones: "13/", "3/20-3/22".
            rf"[0-9]{{1,2}}[/.:](?={MASK})|(?<={MASK})[/.:][0-9]{{1,2}}{RIGHT}",
            rf"(?<![0-9/.])(?<!part )(?<!session )(?<!week )(?!24/7|9/11|50/50){_FIGURE}/{_FIGURE}(?:/(?:20)?[0-9]{{2}})?"
            r"(?![0-9/.%])",
            _words(r"[0-9]{1,2}(?:[.:][0-9]{2})?\s?[ap]\.?m", r"[0-9]{1,2}\sh"),
            "[0-9]{1,2}点(?![0-9\u4e00-\u9fff])|[一二三四五六七八九十]{1,2}点(?:半|钟|整)",
            "次日|第二天|翌日|全天|半个?小时后|[0-9]+\\s?(?:分钟|小时)后",
            _words("all day|the next day|next morning", "(?:until|till) late"),
        ),
    ),
)
DOUBTS = tuple((pattern_of("|".join(texts)), kind, guess, script_of("|".join(texts))) for kind, guess, texts in _TABLE)
