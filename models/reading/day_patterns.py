"""How people name a day: one pattern per habit, the surest first; what an earlier one has read is masked for the later ones."""

from models.reading.around_feasts import EN_AROUND, ZH_AROUND, read_around
from models.reading.day_choices import in_days
from models.reading.day_readers import (
    DAYS_AFTER,
    Reader,
    read_chinese_date,
    read_chinese_weekday,
    read_date,
    read_day_of_month,
    read_dots,
    read_month_end,
    read_named_month,
    read_nth_weekday,
    read_period,
    read_period_from,
    read_relative_day,
    read_same_day,
    read_slashes,
    read_week_from_weekday,
    read_weekday,
    read_weekend,
)
from models.reading.feasts import SURE_FEASTS, WEAK_FEASTS, read_feast
from models.reading.moon import MOON_DAYS, read_moon_day
from models.reading.patterns import pattern_of
from models.reading.wording import EN_NUMBERS, LEFT, MASK, RIGHT, ZH_NUMBER, script_of

_WEEKDAY = (
    r"(?:mon|tue|wed|thu|fri|sat|sun)(?:(?<=mon)day|(?<=tue)s(?:day)?|(?<=wed)(?:s|nesday)|(?<=thu)(?:rs?|rsday)|"
    r"(?<=fri)day|(?<=sat)urday|(?<=sun)day)?\.?"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
ZH_DAY_NUMBER = rf"(?:[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}})"
_PART = rf"(?:,?\s*(?:early\s+|late\s+)?(?P<part>morning|afternoon|evening|night|eve){RIGHT})?"
_ZH_PART = (
    r"(?:那天|当[天日](?![赛期])|[那当](?=晚))?(?:的?\s*(?P<part>凌晨|清晨|早上|早晨|上午|中午(?=\s?[0-9零一二两三四五六七八九十])|午后|下午(?!茶)|傍晚|晚上"
    r"|晚间|夜里|夜间|半夜|午夜"
    # 周五晚不见不散; 晚会, 早茶 are what there is.
    r"|[早晚](?![会餐宴饭报安茶课操年期到上市间班自点读跑高场辈婚风霞祷樱鸟教午起晨盘春])(?=[\u4e00-\u9fff])"
    r"|[早晚夜](?=[^\u4e00-\u9fff]|$|[零一二两三四五六七八九十在]|开始)))?"
)
_ZH_WEEK = r"(?:周|星期|礼拜)"
# 虹桥路18号 is a house.
_STREET = "[路街道弄巷村]"
# What stands between 昨天 and its hour; 昨天的活动, 前天聊的 tell of something.
_ZH_HOUR_BEGINS = f"(?:[0-9上下中早晚夜凌清傍午半]|{ZH_NUMBER})"

# "Nashville, TN" is no night.
_DAY_WORDS = "(?<!, )tn|" + "|".join(
    sorted((word for word in DAYS_AFTER if word.isascii() and " " not in word and word != "tn"), key=len, reverse=True)
)
_NTH = "first|second|third|fourth|last|1st|2nd|3rd|4th"
_LETTERS_FOLLOW = r"(?!\s*(?!at|from|in|@|and|until|to|noon|midnight)[a-z\u4e00-\u9fff])"
_EN_COUNT = rf"(?:[0-9]{{1,3}}|{'|'.join(sorted(EN_NUMBERS, key=len, reverse=True))})"
_EN_WEEKDAY = rf"{LEFT}(?P<weekday>{_WEEKDAY})(?<!\.){RIGHT}"
_RULE_TEXTS: tuple[tuple[str, Reader, bool], ...] = (
    (EN_AROUND, read_around, False),
    (ZH_AROUND, read_around, False),
    (
        rf"(?P<feast>{SURE_FEASTS}),?\s(?P<part>morning|afternoon|evening|night){RIGHT}(?!\s(?!at\s)[a-z])",
        read_feast,
        False,
    ),
    (rf"(?P<feast>{SURE_FEASTS}){_ZH_PART}", read_feast, False),
    (rf"(?P<moon>{MOON_DAYS}){_ZH_PART}", read_moon_day, False),
    (
        rf"(?<![0-9])(?P<year>[0-9]{{4}})\s?(?P<mark>[-/.年])\s?(?P<month>[0-9]{{1,2}})\s?(?:(?<=[^年])[-/.]|月)\s?"
        rf"(?P<day>[0-9]{{1,2}})(?:[日号]|t(?=[0-9]{{2}}:)|(?![0-9])){_ZH_PART}",
        read_date,
        False,
    ),
    (
        rf"(?:(?P<year>(?:[0-9]{{4}}|{ZH_NUMBER}{{4}}|去|今|明|后)年)的?\s?)?(?P<month>{ZH_DAY_NUMBER})\s?月份?\s?"
        rf"(?P<day>{ZH_DAY_NUMBER})(?:\s?[日号]|(?![0-9]|[个人]))(?:\s?[-到至]\s?"
        rf"(?P<last>{ZH_DAY_NUMBER})[日号])?{_ZH_PART}",
        read_chinese_date,
        False,
    ),
    (
        rf"{LEFT}(?<![0-9][:.])(?:the\s)?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\.?(?:\s?(?:-|to)\s?"
        rf"(?P<last>[0-9]{{1,2}})(?:st|nd|rd|th)?\.?)?\s?(?:of\s)?(?P<month>{MONTH}){RIGHT}"
        rf"(?:,?\s?(?P<year>20[0-9]{{2}})(?![0-9:.]))?{_PART}",
        read_named_month,
        False,
    ),
    (
        rf"{LEFT}(?P<month>{MONTH})\s?(?:the\s)?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9a-z]|[:.][0-9]"
        rf"|\s[ap]\.?m)(?:\s?(?:-|to)\s?(?P<last>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9a-z:.]|\s?[ap]\.?m))?"
        rf"(?:,?\s?(?P<year>20[0-9]{{2}})(?![0-9:.]))?{_PART}",
        read_named_month,
        False,
    ),
    (
        r"(?<![0-9.:])(?<!\bat )(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.(?P<year>20[0-9]{2}|[0-9]{2}(?![.:]))?"
        r"(?![0-9])",
        read_dots,
        False,
    ),
    (
        r"(?<![0-9/])(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})/(?P<year>20[0-9]{2}|[0-9]{2})(?![0-9/])",
        read_slashes,
        False,
    ),
    (
        rf"{LEFT}(?:on\s)?(?:the\s|(?P<each>every\s|each\s))?(?P<nth>{_NTH})\s(?P<nth_weekday>{_WEEKDAY})s?,?\s"
        rf"(?:(?:of|in)\s(?P<month>(?P<every>every month|each month)|the month|this month|next month|{MONTH})"
        rf"|(?P<monthly>(?:of\s)?(?:each|every|the|a)\smonth|monthly)){RIGHT}{_PART}",
        read_nth_weekday,
        False,
    ),
    (
        rf"{LEFT}(?:monthly,?\s(?:on\s)?(?:the\s)?|every\s(?!second\s|2nd\s)|each\s)(?P<nth>{_NTH})\s"
        rf"(?P<nth_weekday>{_WEEKDAY})s?(?P<month>)(?P<monthly>){RIGHT}{_PART}",
        read_nth_weekday,
        False,
    ),
    (
        rf"(?P<month>(?P<every>每个?月)|下个?月|这个?月|本月|月底|(?<![0-9每]){ZH_DAY_NUMBER}月份?)?的?(?<![周期拜0-9.])(?:第?(?P<nth>[一二三四1-4]|最后一)|(?P<first>首))个?{_ZH_WEEK}"
        rf"(?P<nth_weekday>[一二三四五六日天]){_ZH_PART}",
        read_nth_weekday,
        False,
    ),
    (
        rf"{LEFT}in\s+(?P<count>{_EN_COUNT})\s+(?P<unit>weeks?|fortnight),?\s+(?:on\s+)?"
        rf"(?P<in_weekday>{_WEEKDAY}){RIGHT}{_PART}",
        read_period,
        False,
    ),
    (
        rf"(?:(?P<base_day>{_EN_WEEKDAY.replace('weekday', 'in_weekday')})\s+)?{LEFT}in\s+"
        rf"(?:(?:exactly|about|around|roughly|just)\s+)?(?P<count>{_EN_COUNT})\s+"
        rf"(?P<unit>days?|weeks?|months?|fortnight){RIGHT}{_PART}",
        read_period,
        False,
    ),
    (
        rf"{LEFT}(?<!for )(?P<count>{_EN_COUNT})\s+(?P<unit>days?|weeks?|months?|fortnight)\s+(?:from\s+(?:now|today)|today)"
        rf"(?P<in_weekday>){RIGHT}",
        lambda match: read_period(match),
        False,
    ),
    (
        rf"{LEFT}(?P<count>{_EN_COUNT})\s+(?P<unit>days?|weeks?|months?|fortnight)\s+(?P<ago>ago)(?P<in_weekday>){RIGHT}",
        read_period,
        False,
    ),
    (
        rf"(?P<count>[0-9]{{1,3}}|{ZH_NUMBER}{{1,3}})\s?(?P<unit>天|个?周|个?星期|个?礼拜|个月)\s?(?P<ago>之前|以前|前)"
        rf"(?P<in_weekday>)(?![端台沿瞻夕后景途线辈]|[\s,]*[报截预锁确]){_ZH_PART}",
        read_period,
        False,
    ),
    (
        rf"(?P<count>[0-9]{{1,3}}|{ZH_NUMBER}{{1,3}})\s?个?\s?(?P<unit>天|周|星期|礼拜|月)\s?(?:之后|以后|后)"
        rf"(?:的?\s?{_ZH_WEEK}(?P<in_weekday>[一二三四五六日天]))?{_ZH_PART}",
        read_period,
        False,
    ),
    (
        rf"{LEFT}(?P<week>(?:the\s)?week after next|(?:next|this) w(?:ee)?k|last w(?:ee)?k(?!,))(?!')(?:s\b)?,?\s"
        rf"(?:on\s)?(?P<which>)"
        rf"(?P<weekday>{_WEEKDAY}){RIGHT}{_PART}",
        read_weekday,
        False,
    ),
    (
        rf"{LEFT}(?:a\s)?week\s(?:from|on)\s(?:this\s)?(?P<base>{_WEEKDAY}){RIGHT}{_PART}",
        read_week_from_weekday,
        False,
    ),
    (
        rf"{LEFT}(?P<base>{_WEEKDAY})\sweek(?!\s?end){RIGHT}(?!\s(?!at\s|from\s|[0-9])[a-z])",
        read_week_from_weekday,
        False,
    ),
    (rf"{LEFT}(?:the\s)?(?P<base>{_WEEKDAY})\safter\snext{RIGHT}{_PART}", read_week_from_weekday, False),
    (rf"{LEFT}(?P<base>{_WEEKDAY}|today|tomorrow)\s(?P<unit>fortnight){RIGHT}{_PART}", read_period_from, False),
    (rf"{LEFT}(?P<base>today|tomorrow)\s(?P<unit>week){RIGHT}{_PART}", read_period_from, False),
    (
        rf"{LEFT}(?P<count>{_EN_COUNT})\s+(?P<unit>days?|weeks?|fortnight)\s+(?:from|after)\s+(?:this\s+)?"
        rf"(?P<base>tomorrow|{_WEEKDAY}){RIGHT}{_PART}",
        read_period_from,
        False,
    ),
    (
        # "Three weeks today", "two weeks on Friday"; not "every two weeks on Friday", "for 3 weeks".
        rf"{LEFT}(?<!every )(?<!for )(?<!next )(?P<count>{_EN_COUNT})\s+(?P<unit>weeks?|fortnight)\s+"
        rf"(?P<base>tomorrow|(?:on|this)\s{_WEEKDAY}){RIGHT}{_PART}",
        read_period_from,
        False,
    ),
    (
        # "Thursday evenings" are every week's.
        rf"{LEFT}(?P<every>(?:on\s)?(?P<weekday>{_WEEKDAY})\s(?P<part>morning|afternoon|evening|night)s){RIGHT}(?P<which>)(?P<week>)",
        read_weekday,
        False,
    ),
    (
        # "Thursday next" is next Thursday.
        rf"{LEFT}(?P<weekday>{_WEEKDAY})\s(?P<which>next)(?P<week>){RIGHT}(?=\s?(?:[,;|)]|$|at\s|[0-9]))",
        read_weekday,
        False,
    ),
    (
        rf"{LEFT}(?:(?P<every>every(?:\s(?:other|second|2nd|two weeks on|2 weeks on|alternate))?|alternate"
        rf"|(?:bi-?weekly|fortnightly)(?:,|\son)?|weekly on|(?<!-)weekly,?|each)\s)?(?:"
        rf"(?P<which>this coming|this past|this|next|last|past|the coming|coming)\s)?(?P<weekday>{_WEEKDAY})(?(every)s?){RIGHT}"
        rf"(?:'s{RIGHT})?(?:,?\s(?:of\s|in\s)?(?:the\s)?(?P<week>week after next|(?:next|this|last) w(?:ee)?k){RIGHT}(?!'))?"
        rf"{_PART}",
        read_weekday,
        False,
    ),
    (
        rf"(?P<which>上{{1,2}}个?|再?下{{1,4}}个?|这个?|本){_ZH_WEEK}的?[\s,]?{_ZH_WEEK}(?P<weekday>[一二三四五六日天]){_ZH_PART}",
        read_chinese_weekday,
        False,
    ),
    (rf"(?P<which>下{{1,3}}个?){_ZH_WEEK}的?(?:今[天日]|同一天){_ZH_PART}", read_same_day, False),
    (
        rf"(?P<every>(?:每?隔一?|每?双|每[两二三四2-4]?)(?:个?{_ZH_WEEK})的?\s?|(?:every|each)\s|每(?:隔一?|双|逢|个)?|逢|隔|(?<!单)双(?!.{{2}}[场次期节]))(?P<which>){_ZH_WEEK}"
        rf"(?P<weekday>[一二三四五六日天](?!次)|[1-7](?![0-9:.点])){_ZH_PART}",
        read_chinese_weekday,
        False,
    ),
    (
        rf"(?<![一两二三四几半])(?P<which>上{{1,2}}个?|再?下{{1,4}}个?|这个?"
        rf"|本)?{_ZH_WEEK}(?P<weekday>[一二三四五六日天]|[1-7](?![0-9:.点]))"
        rf"{_ZH_PART}",
        read_chinese_weekday,
        False,
    ),
    (rf"{LEFT}(?P<which>)(?P<week>)(?P<weekday>mo|tu|we|th|fr|sa|su)(?=\.?\s[0-9]{{1,2}}/[0-9])", read_weekday, False),
    # 8/12 三, with blanks around it.
    (rf"(?<=[0-9日号{MASK}])\s(?P<which>)(?P<weekday>[一二三四五六日])(?=\s)", read_chinese_weekday, False),
    (rf"(?P<which>下{{1,3}}个?)(?P<unit>月)的?(?:今[天日]|同一天){_ZH_PART}", read_same_day, False),
    # 9/18(六): the weekday alone, in the brackets behind its date.
    (rf"(?<=[0-9日号{MASK}])\s?[(\[](?P<which>)(?P<weekday>[一二三四五六日天])(?=[)\]])", read_chinese_weekday, False),
    (
        rf"{LEFT}(?P<word>(?:the\s)?day before yesterday|yesterday|last (?P<part_of_last>night|evening)(?!\sof))"
        rf"{RIGHT}(?!'s){_PART}",
        read_relative_day,
        False,
    ),
    (
        rf"{LEFT}(?:later\s)?(?P<word>(?:the\s)?day after tomorrow|{_DAY_WORDS}){RIGHT}{_PART}",
        read_relative_day,
        False,
    ),
    (rf"{LEFT}(?:later\s)?(?P<word>this)\s(?P<part>morning|afternoon|evening){RIGHT}", lambda _: in_days(0), False),
    (
        rf"(?P<word>大后|今|明|后)(?:[天日儿](?!本|报|份)|(?=[早晚夜])){_ZH_PART}(?:晚(?!会|餐|宴|饭|报)|早(?!餐|饭|茶|会))?",
        read_relative_day,
        False,
    ),
    (
        r"(?:(?P<word>昨)(?:[天日儿](?!报)|(?=[早晚夜]))|(?P<day_before>大?前[天日]|前(?=晚(?!会))))"
        rf"(?!(?:(?!{_ZH_HOUR_BEGINS})[\u4e00-\u9fff]){{0,3}}的(?!\s?{_ZH_HOUR_BEGINS})){_ZH_PART}",
        read_relative_day,
        False,
    ),
    (rf"{LEFT}(?:on|at|over)\s(?P<which>)the\sweekend{RIGHT}(?!\sof|'s)", read_weekend, False),
    (rf"{LEFT}(?P<which>this|next|last|the coming|coming)\sweekend{RIGHT}(?!\sof|'s)", read_weekend, False),
    (rf"(?P<which>下{{1,3}}个?|上个?|这个?|本)周末{_ZH_PART}", read_weekend, False),
    (
        rf"(?P<which>下{{1,3}}个?月|上个?月|这个?月|本月)\s?(?P<day>{ZH_DAY_NUMBER})\s?[日号]{_ZH_PART}",
        read_day_of_month,
        False,
    ),
    (
        rf"{LEFT}(?:the\s)?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\sof\s(?P<which>next|last|this)\smonth{RIGHT}{_PART}",
        read_day_of_month,
        False,
    ),
    (rf"{LEFT}(?:the\s)?(?:end|last day) of (?P<which>the|this|next) month{RIGHT}", read_month_end, False),
    (
        rf"(?:(?P<which>下{{1,3}}个?|上个?|这个?|本)|(?P<month>{ZH_DAY_NUMBER}))?月份?(?:[底末](?:那天|的?最后一天)?|的?最后一天){_ZH_PART}",
        read_month_end,
        False,
    ),
    (
        rf"(?P<which>)(?<![0-9])(?<!{_STREET})(?P<day>[0-9]{{1,2}})[日号](?![楼线店馆门室厅桌院码会游机])(?!公寓){_ZH_PART}",
        read_day_of_month,
        False,
    ),
    # "Tuesday 24th": an ordinal right behind a weekday that was read above.
    (
        rf"(?P<which>)(?<={MASK}\s)(?:the\s)?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th){RIGHT}(?!\s(?:floor|street|st|ave|anniversary"
        r"|birthday|annual|edition))",
        read_day_of_month,
        False,
    ),
    (
        rf"(?P<feast>{WEAK_FEASTS}),?\s(?P<part>morning|afternoon|evening|night){RIGHT}(?!\s(?!at\s)[a-z])",
        read_feast,
        True,
    ),
    (rf"(?P<feast>{WEAK_FEASTS}){_ZH_PART}", read_feast, True),
    # Yesterday's demo, 昨天的活动: believed only where a line names no other time.
    (rf"{LEFT}(?P<word>(?:the\s)?day before yesterday|yesterday)(?='s{RIGHT})", read_relative_day, True),
    (r"(?:(?P<word>昨)[天日晚]|(?P<day_before>大?前[天日晚]))的?", read_relative_day, True),
    # "Thu 19, 7pm": believed only beside its weekday and with an hour elsewhere.
    (
        rf"(?P<which>)(?<={MASK}\s)(?P<day>1[3-9]|2[0-9]|3[01])(?=\s?(?:$|[,;|)\n·]|at\s|@|-\s))",
        read_day_of_month,
        True,
    ),
    # "Wednesdays 4pm" is every Wednesday; "Founder Fridays, 4 Dec 7pm" is a name.
    (rf"{LEFT}(?P<every>(?:on\s)?(?P<weekday>{_WEEKDAY})(?<![.s])s){RIGHT}(?P<which>)(?P<week>)", read_weekday, True),
    (rf"(?P<which>)周末{_ZH_PART}", read_weekend, True),
    (rf"{LEFT}on (?P<which>)weekend{RIGHT}", read_weekend, True),
    (
        rf"(?P<which>){LEFT}(?:on\s)?(?:the\s)?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th){RIGHT}{_LETTERS_FOLLOW}",
        read_day_of_month,
        True,
    ),
    (
        rf"(?P<which>)(?<!{_STREET})(?P<day>{ZH_NUMBER}{{1,3}})号(?![楼线店馆门室厅桌院码会游机]){_ZH_PART}",
        read_day_of_month,
        True,
    ),
    (r"(?<![0-9/.])(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})(?P<year>)(?![0-9/.])", read_slashes, True),
    (
        r"(?<![0-9.:$€£¥a-z])(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})(?P<year>)(?![0-9.:]|\s?[ap]\.?m)",
        read_dots,
        True,
    ),
    (
        r"(?<![0-9.:-])(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3][0-9])(?P<year>)(?=\s?(?:[0-9]{1,2}[:点]|[早晚上下中]))",
        read_date,
        True,
    ),
)
# Figures such as 2026-12-03 are read in any script, whatever may stand behind them.
RULES = tuple(
    (pattern_of(text), reader, is_weak, None if reader is read_date else script_of(text))
    for text, reader, is_weak in _RULE_TEXTS
)
