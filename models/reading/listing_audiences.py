"""For whom a need or an offer is: "for hardware teams", "founders only", 给硬件团队, 仅限会员."""

from __future__ import annotations

import re

from models.reading.listing_parts import parts_of
from models.reading.patterns import pattern_of
from models.reading.places import Text
from models.reading.wording import LEFT, MASK, RIGHT

_PEOPLE = (
    r"(?:teams|founders|co-?founders|startups|start-ups|scaleups|members|people|folks|women|men|students"
    r"|beginners|newcomers|makers|engineers|developers|devs|designers"
    r"|companies|smes|ngos|nonprofits|non-profits|charities|freelancers|entrepreneurs|artists|creators"
    r"|researchers|scientists|parents|mothers|moms|dads|kids|hackers|builders|marketers"
    r"|agencies|businesses|projects|solopreneurs|indie hackers|everyone|everybody|anyone|anybody|all"
    r"|friends|alumni|expats|immigrants|refugees|graduates|researchers|writers|pms"
    r"|product managers|ceos|ctos|operators|investors|angels|teenagers|seniors|musicians|photographers"
    r"|bootstrappers|locals|first-timers|shops|stores|sellers|brands|labs|(?!stickers|orders|printers"
    r"|numbers|containers|posters|sensors|computers|letters|newsletters|trailers|banners|papers|dinners"
    r"|flyers|servers|drivers|others|offers|covers|motors|doors|monitors|scooters|trackers|routers"
    r"|chargers|adapters|converters|layers|hours|colou?rs|errors|floors|rumou?rs|powers|corners|layovers"
    r"|tickers|boosters|filters|connectors|displayers|reactors|tractors|projectors|users|customers"
    r"|investors|investors)[a-z]{3,}(?:ers|ors|ists|ians))"
)
_WHO = (
    r"(?:(?!(?:our|my|the|a|an|your|his|her|their|this|that|some|us|me|two|three|four|five"
    r"|six|eight|ten|twelve|up"
    rf"|[0-9][0-9-]*)\s)(?:[a-z0-9][\w'&/+-]*\s){{0,4}}?{_PEOPLE}(?:\s{_PEOPLE}){{0,2}}(?:\s(?:and|or"
    rf"|&)\s(?:[a-z][\w'-]*\s){{0,2}}{_PEOPLE})?)"
)
_MORE = (
    r"(?:\s(?:who|that|with|without|in (?:the|this|our|your|need)|from|here|of this|raising|building|working|doing|new to|looking"
    rf"|starting|under|over|below|at|attending|(?!even|morn|dur|includ|accord)[a-z]{{3,}}ing)\b[^{MASK},;.!?\n|()]*|\sonly)?"
)
_ZH_PEOPLE = (
    "(?:团队|创始人|创业者|创业公司|公司|项目方?|朋友们?|同学们?|开发者|设计师|工程师|会员|群友|成员"
    "|小伙伴们?|新人|新手|大家|学生|女性|女生|妈妈|宝妈|初学者|企业|商家|卖家|人群|老板|人士|用户|品牌方?"
    "|厂家)"
)
# "An intro to anyone at Bosch", "talk to everyone" name whom one wants to meet.
_NOT_MET = (
    r"(?<!\bintro\s)(?<!\bintros\s)(?<!\bintroduction\s)(?<!\bintroductions\s)(?<!\breferral\s)(?<!\breferrals\s)"
    r"(?<!\bconnections\s)(?<!\bconnection\s)(?<!\bconnect\s)(?<!\bconnected\s)(?<!\btalk\s)(?<!\btalking\s)(?<!\bspeak\s)"
    r"(?<!\bspeaking\s)(?<!\blisten\s)(?<!\baccess\s)(?<!\bline\s)(?<!\bchat\s)(?<!\bwrite\s)(?<!\breach\s)(?<!\breaching\s)"
)
_FOR = pattern_of(
    rf"{LEFT}(?:only\s|just\s|open\s|meant\s|intended\s|reserved\s|free\s(?=for\s(?:all|every|any)))?(?:for"
    rf"|{_NOT_MET}to(?=\s(?:all|any|every)))\s(?P<who>{_WHO}{_MORE}|[\u4e00-\u9fff]{{0,8}}{_ZH_PEOPLE}(?:\sonly)?){RIGHT}"
)
_LABELLED = pattern_of(
    rf"(?:{LEFT}(?:who|for whom|for|audience)\s?:\s?|(?:(?<![\u4e00-\u9fff])(?:对象|受众)|面向(?=\s?:)|仅限于?|只限"
    rf"|限(?=[\u4e00-\u9fff]{{2}})|只给|只对)\s?(?:人群|对象)?\s?:?\s?)(?P<who>[^{MASK},;.!?\n|()]{{2,60}})"
)
_ONLY = pattern_of(
    r"(?:(?:only\s)?for\s|open to\s)?"
    rf"(?P<who>{_WHO}\s(?:only|welcome|preferred|first)|(?:everyone|anyone|all)\sis\swelcome|only\s{_WHO})"
)
_ZH_FOR = pattern_of(
    rf"(?:给|面向|对(?!象)|为|适合)(?P<who>(?!我|咱)[^\s{MASK},;.!?\n"
    rf"|:给对为我的]{{0,12}}?的?{_ZH_PEOPLE})(?:们)?(?:用|使用|开放)?(?:的|(?=免费|提供|做|[\s,;.!?\n|{MASK}]|$))"
)
_ZH_ONLY = pattern_of(
    rf"(?P<who>(?:仅限|只限|限)?[\u4e00-\u9fff]{{0,10}}?{_ZH_PEOPLE}(?:专享|专用|可用|均可|都可以?|限定|优先))"
)


def find_audience(text: str, reading: str) -> Text | None:
    """The people a line is for, in the member's own words; reading has everything else that was understood masked."""
    labelled = _LABELLED.search(reading)
    if labelled:
        return _of(labelled, text)
    for part in parts_of(reading):
        words = reading[part.start : part.end]
        if (match := _ONLY.fullmatch(words) or _ZH_ONLY.fullmatch(words)) is not None:
            return Text(part.start, part.end, text[part.start + match.start("who") : part.end])
    matches = [match for pattern in (_FOR, _ZH_FOR) for match in pattern.finditer(reading)]
    return _of(matches[-1], text) if matches else None


def _of(match: re.Match[str], text: str) -> Text:
    words = text[slice(*match.span("who"))]
    end = match.end() if match[0].endswith("的") else match.start("who") + len(words.rstrip())
    return Text(match.start(), end, words.strip())
