"""Which of the words left over in a line are its title: of parts that stand apart, one; the others are told beside it.

"Founders breakfast, Wed 8:30, Café Kranz, bring a friend": what a comma or a bar parts from the title behind the time is no
part of it. Such a part stays readable in the description, whatever it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, MASK, RIGHT, Span

_BLOCK = pattern_of(rf"[^{MASK}]+")
_SENTENCE_END = pattern_of(
    "[.:;,!?|。](?:\\s|(?=[\u4e00-\u9fff]))|(?<=[\u4e00-\u9fff]),(?=[0-9])|(?<=[\u4e00-\u9fff)\\]》])\\s(?=[\u4e00-\u9fff])"
)
# A sign that parts what stands behind it from what stands before.
_PARTING = "[,;|·\n•]|[.!?…](?:\\s|$)|\\s[-–—/]+\\s|[-–—]$|^[-–—]|\\s//"
_ENDS_APART = pattern_of(rf"(?:{_PARTING}|[(:\]]|[.!?])\s*$")
_STARTS_APART = pattern_of(rf"\s*(?:{_PARTING}|[(\[]|comes with|incl)")
_HAN = pattern_of("[\u4e00-\u9fff]")
_EDGES = " \t\n,;:|·•-–—/。、"
_ENGLISH_EVENT = (
    "dinner|lunch|breakfast|brunch|supper|drinks?|coffee|beers?|tea|bbq|barbecue|picnic|roast|happy hours?|meet-?ups?"
    "|mixer|social|gathering|get-?together|networking|night|evening|party|celebration|fest|festival|fair|market"
    "|workshop|masterclass|class|course|bootcamp|training|lesson|seminar|webinar|lecture|talks?|fireside|chat|panel"
    "|ama|ask me anything|q&a|conference|summit|forum|congress|unconference|barcamp|demos?|showcase|pitch(?:es|ing)?"
    "|hackathon|hack|jam|sprint|session|clinic|office hours?|circle|roundtable|mastermind|club|group|run|hike|walk"
    "|ride|climb(?:ing)?|swim|yoga|pilates|padel|tennis|football|basketball|badminton|volleyball|bowling|karaoke|quiz"
    "|trivia|poker|chess|games?|screening|movie|film|concert|gig|tour|visit|trip|retreat|offsite|camp|launch"
    "|kick-?off|opening|stand-?up|retro|review|sync|call|meeting|all[- ]hands|briefing|onboarding"
    "|rehearsal|practice|co-?working|matchmaking|speed dating|lunch & learn|show & tell|crawl|potluck|reading|book"
)
_EVENT = pattern_of(
    rf"{LEFT}(?:{_ENGLISH_EVENT})s?(?![\w-])"
    "|会(?![议员计社])|沙龙|局(?!限)|派对|聚餐|聚会|聚聚|小聚|分享|路演|课|营(?!业|销)|赛|徒步|爬山|登山|[羽乒足篮排网]毛?兵?球|桌游|剧本杀|狼人杀|密室|饭"
    "|咖啡(?![馆厅店])|早茶|下午茶|火锅(?!店)|烧烤|撸串|直播|讲座|工作坊|答疑|复盘|例会|观影|电影(?!院)|露营|骑行|跑|瑜伽|K歌|市集|画展|训练|培训|交流"
    r"|参访|游学|团建|论坛|峰会|讨论|辩论|对谈|圆桌|马拉松|头脑风暴|演练|彩排|打卡|体验|欧冠|世界杯|看球|训|展|派|宴|麻将|咨询|小组|角|日(?=$|\s)|破冰|(?<![安今半深午一])夜(?=\s|$)|之夜"
)
_ENDS_WITH_EVENT = pattern_of(rf"{LEFT}(?:{_ENGLISH_EVENT})s?[,;]\s*$")
# What a host says beside the event.
_BESIDE = pattern_of(
    rf"\s*(?:(?:(?:hosted|organi[sz]ed|moderated|sponsored|powered|led|run|presented) by|(?:speakers?|guests?|note|ps)\s?:"
    rf"|with|w/|featuring|feat\.|deadline|applications?|registrations?|sign[- ]?ups?|rsvps?|tickets?|doors|arrival|please|pls"
    rf"|bring|limit(?:ed)?|max|(?:[a-z]+\s)?link|call for [a-z]+|(?:[a-z]+\s){{1,4}}(?:closes?|is due|are due)|venue|location"
    rf"|book (?:via|a|your|here)|invite only|early[- ]?bird|postponed|moved|rescheduled|changed|cancell?ed){RIGHT}"
    r"|[^\s,]{0,8}(?:报名|参加)(?=\s|$)|集合|出发|傍晚|报名|截止|嘉宾|主讲|主持|请|欢迎|不见不散|记得|所有人|人齐|规模|费用|每[人位场次组]|名额|人数|提前|晚到|迟到|先到先得"
    r"|备注|注意|带(?![娃孩着你练队货]))"
)
# What only says that something is announced.
_ANNOUNCING = pattern_of(
    r"\W*(?:reminder|save the date|upcoming|announcement|heads[- ]up|new|event|hi all|hey all|hello everyone|psa"
    r"|(?:直播|活动|课程|本周|下周|新|会议|沙龙)?(?:预告|通知|提醒|公告|招募|活动))\W*"
)

# "Talks 19:00", "carpool from SF 7:15": an hour whose words say what happens then.
_PROGRAMME_HOUR = pattern_of(
    rf"{LEFT}(?!or|and|until|till|to|not|maybe|before|after|moved|changed|tickets?)[a-z][a-z'-]+\s(?:at\s|from\s)?"
    rf"(?P<hour>[0-9]{{1,2}}(?:[:.][0-9]{{2}}\s?(?:[ap]m)?|\s?[ap]m)){RIGHT}(?!\s?or\b)"
)


@dataclass(frozen=True)
class Part(Span):
    """Words left over between two mentions, and whether a sign parts them from the words before."""

    is_apart: bool


def beside_title(reading: str) -> list[Span]:
    """The parts of a reading copy (everything understood is masked) that stand apart from the one that is the title."""
    groups = _groups(_parts(reading), reading)
    if len(groups) < 2:
        return []
    title = _title_group(groups, reading)
    return [_without_edges(part, reading) for group in groups if group is not title for part in group]


def says_beside(words: str) -> bool:
    """Whether words of the reading copy begin like what a host says beside the event."""
    return _BESIDE.match(words) is not None


def ends_with_event(words: str) -> bool:
    """Whether words of the reading copy end with a kind of event, as titles do."""
    return any(match.end() == len(words) for match in _EVENT.finditer(words))


def programme_hours(reading: str) -> list[Span]:
    """The hours of the programme in the parts beside the title: each is told with its words, and in no need of a doubt."""
    parts = beside_title(reading)
    return [
        Span(*one.span("hour")) for part in parts for one in _PROGRAMME_HOUR.finditer(reading, part.start, part.end)
    ]


def _without_edges(part: Part, reading: str) -> Span:
    words = reading[part.start : part.end]
    edges = _EDGES if words.count("(") + words.count("[") == words.count(")") + words.count("]") else _EDGES + "()[]"
    return Span(part.start + len(words) - len(words.lstrip(edges)), part.start + len(words.rstrip(edges)))


def _parts(reading: str) -> list[Part]:
    parts: list[Part] = []
    was_parted = True
    for block in _blocks(reading):
        words = reading[block.start : block.end]
        if not any(character.isalnum() for character in words):
            was_parted = was_parted or (_STARTS_APART.match(words) is not None and "(" not in words)
            continue
        is_cut = block.start > 0 and reading[block.start - 1] != MASK
        parts.append(Part(block.start, block.end, was_parted or is_cut or bool(_STARTS_APART.match(words))))
        was_parted = bool(_ENDS_APART.search(words))
    return parts


def _blocks(reading: str) -> list[Span]:
    """What lies between two mentions, cut where a sentence begins or ends that says something beside the event."""
    blocks = []
    for match in _BLOCK.finditer(reading):
        start = match.start()
        signs = _SENTENCE_END.finditer(reading, start, match.end())
        sentences = [start, *(sign.end() for sign in signs if not _is_label(reading, match.start(), sign))]
        for one, after in pairwise([*sentences, match.end()]):
            is_beside = (after < match.end() and _BESIDE.match(reading, one)) or _BESIDE.match(reading, after)
            if is_beside or (match.start() and _ends_name(reading, one, after, match.end())):
                blocks.append(Span(start, after))
                start = after
        blocks.append(Span(start, match.end()))
    return blocks


def _ends_name(reading: str, start: int, comma: int, end: int) -> bool:
    """Whether a comma ends what is behind the time: 跑步，5公里起; "Angels dinner, Quo Vadis", not "drinks, pizza & demos"."""
    words, rest = reading[start:comma], reading[comma:end]
    if not words.rstrip().endswith((",", ";")):
        return False
    is_english_event = _ENDS_WITH_EVENT.search(words) is not None and not _EVENT.search(rest)
    return _HAN.search(words) is not None or is_english_event


def _is_label(reading: str, start: int, sign: re.Match[str]) -> bool:
    """Whether a colon only leads to what follows; in "Registration closes 20 March: Startup bootcamp" a sentence ends."""
    is_told = any(character.isdecimal() for character in reading[start : sign.start()])
    return sign[0][0] == ":" and not is_told and not _BESIDE.match(reading, sign.end())


def _groups(parts: list[Part], reading: str) -> list[list[Part]]:
    """The parts, each with those that no sign parts from it."""
    groups: list[list[Part]] = []
    for part in parts:
        if part.is_apart or not groups or _is_apart_by_blanks(groups[-1], part, reading):
            groups.append([])
        groups[-1].append(part)
    return groups


def _is_apart_by_blanks(group: list[Part], part: Part, reading: str) -> bool:
    """Whether blanks stand for commas, as in Chinese they do: 周日羽毛球 下午3点 朝阳体育馆."""
    before, words = reading[group[0].start : group[-1].end], reading[part.start : part.end]
    is_parted = (
        before[-1:] in (" ", "》", ")")
        and words[:1] == " "
        and (_HAN.match(words, 1) or _HAN.search(before)) is not None
    )
    return is_parted and (_EVENT.search(before) or _BESIDE.match(words)) is not None


def _title_group(groups: list[list[Part]], reading: str) -> list[Part]:
    """The first that names a kind of event and does not say something beside it; else the first that might."""

    def rank(group: list[Part]) -> int:
        words = " ".join(reading[part.start : part.end] for part in group).strip()
        is_name = group is groups[0] and len(words.split()) > 1 and _HAN.search(words) is None
        if _ANNOUNCING.fullmatch(words):
            return 0
        # "Bring your daughter to code day" may be a title where it comes first.
        is_beside = _BESIDE.match(words) is not None and not (is_name and words.startswith("bring"))
        is_event = _EVENT.search(words) is not None or (is_name and not is_beside)
        return 2 * (not is_beside) + 2 * is_event + (group is groups[0])

    return max(groups, key=rank)
