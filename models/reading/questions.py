"""Whether a text asks something, with or without a question mark, in English and Chinese.

Tables of how people begin to ask; an invitation to answer counts ("looking for a lawyer", 找个会计). Not asking: the title of
something to read ("How we price: a post"), and words that it is settled ("found one, thanks", 已经解决了).
Known failings: rhetorical questions ask; other languages are known by their question mark only.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.reading.patterns import pattern_of

_CODE_OR_LINK = pattern_of(r"```.*?```|`[^`]*`|https?://\S+", re.DOTALL)
_LINK = pattern_of(r"https?://\S+")
_MARK = pattern_of(r"？|\?(?:\s|$|[^\w]|[\u3400-\u9fff])")

_YOU = r"(?:any(?:one|body)|some(?:one|body)|people|you|u|y'?all|folks|(?:one )?of you|others)"
_HELP = (
    r"(?:tips?|advice|ideas?|thoughts?|suggestions?|recommendations?|recos?|recs|experiences?|pointers?|feedback|help)"
)
# Where a sentence or a part of one begins.
_BEGINS = (
    r"(?:^|[.!\n:,;(–—-]\s*)"
    r"(?:(?:so|hey|hi|hello|ok|and|but|also|btw|please|guys|folks|all|everyone|quick question|question)\b[ ,:!]*)*"
)
_AT_THE_BEGINNING = (
    r"how (?:do|can|would|should|does|did|is|are|many|much|long|often|come)\b",
    r"how to \w",
    r"what(?:'s| is| are| was| do| does| did| would| should| about| kind| sort)\b",
    r"what \w+ (?:do|does|should|would|are|is)\b",
    r"(?:do|does|did|has|have|had|is|are|was|can|could|would|will|should|may|shall|might) "
    rf"(?:{_YOU}|i|we|he|she|it|there|they|this|that|the)\b",
    r"(?:know|seen|used|tried|heard of|met) any(?:one|body|thing)\b",
    rf"{_YOU} (?:here )?(?:knows?|have|has|had|using|uses?|used|tried|recommends?|going|coming|been|up for|interested)\b",
    rf"{_YOU} (?:here )?(?:else|around|free|able|willing|selling|who|with|from|in|got)\b",
    r"anyone\b",
    rf"any (?:\w+ )?{_HELP}\b",
    r"any (?:leads?|contacts?|luck|opinions?|good|decent|insights?|preferences?|alternatives?)\b",
    r"where (?:can|could|do|does|did|is|are|should|would|to)\b",
    r"when (?:is|are|do|does|did|will|can|should|would)\b",
    r"which (?:\w+ ){1,3}(?:do|does|did|should|would|is|are|can|have|has)\b",
    r"which (?:one|is|are)\b",
    r"why (?:do|does|did|is|are|was|would|should|not|can't)\b",
    r"whose\b",
    r"who(?:'s|'d| is| are| was| knows?| can| could| has| have| here| wants?| would| will)\b",
    r"who (?:else|uses?|used|do|does|did|should|sells?)\b",
    r"(?:(?:we|i)(?:'m| am|'re| are|'ve been| have been)? )?(?:(?:still|also|now|currently|desperately|urgently) )*"
    r"(?:looking|searching|hunting) for\b",
    r"(?:we|i) (?:(?:would|'d|urgently|really|also|still) )*(?:need|could use|want) "
    r"(?:an?|some|someone|somebody|help|advice|recommendations?|to find)\b",
    r"(?:need|seeking|wanted)(?: an?| some| help| advice| recommendations?)\b",
    r"in (?:search|need) of\b",
    r"iso an?\b",
    r"(?:i(?:'m| am|'ve been)? |just |was )*(?:wonder|wondering|curious)\b",
    rf"{_HELP} (?:for|on|about|please|appreciated)\b",
    r"(?:can|could|please|pls) (?:\w+ )?recommend\b",
    r"recommend me\b",
)
_ANYWHERE = (
    rf"\b{_HELP} (?:please|pls|appreciated)\b",
    r"\bdoes any(?:one|body)\b",
    r"\bhas any(?:one|body)\b",
    r"\blet me know if (?:you|any)",
    r"请问|请教|求推荐|求介绍|求助|求解|求指导|求带|求一?个|求问|想问|问一?下|想知道|想了解|帮忙推荐|推荐(?:一下|一?个|几个)",
    r"有没有|有谁|有哪|有木有|哪位|谁(?:有|知道|认识|家|能|来|去|用|在|做|要|想)",
    r"有(?:人|朋友|大佬|老师|小伙伴|群友|同学)(?:知道|用过|认识|做过|有|了解|试过|去过|能|可以|愿意|想|要|推荐|懂|在|做|用|会|一起|来|去)",
    r"怎么(?:办|做|样|弄|选|找|用|处理|解决|收|注册|买|去|走|看|写|定|说|算|申请|报|搞|谈|才|能|会|把)",
    r"如何|咋(?:办|弄|做|选|整)|什么是|为什么|为啥|是不是|能不能|可不可以|要不要|会不会|行不行|好不好|可否|能否|是否(?:有|能|可|需|要)",
    r"哪里(?:有|能|可|买|找)|哪儿|哪家|哪个(?:好|更|比较|平台|工具|软件|银行|城市)|哪些|多少钱|多久|几点|几号|(?:什么|啥)时候",
    r"找(?:一个|个|一位|位|一家|家|一下)|寻找|急需|急求|诚聘|招(?:一个|个|一名|聘)",
    # "We are looking for ..." as the whole message begins; "while looking for a flat I found ..." tells something.
    r"^\W*(?:各位|大家好?)?[，,\s]*(?:我们?|公司|团队)?(?:正|现|急)?(?:在找|急找|求购|想找)(?!到|了)(?![^，。；\n]{0,12}(?:的时候|这件事|时发现|过程))",
    r"(?:吗|呢|么|嘛|不|没|没有)\s*[~～?？。!！.…]*\s*(?:$|\n)",
)
_ASKS = pattern_of(f"{_BEGINS}(?:{'|'.join(_AT_THE_BEGINNING)})|{'|'.join(_ANYWHERE)}")
_IS_SETTLED = pattern_of(
    r"已经?(?:解决|搞定|找到|处理)|解决了|搞定了|找到了|不用了|没事了|是这么|就这么|没什么|那么$|"
    r"\b(?:(?<!not )solved|sorted (?:it|out)|and it works|never ?mind|nvm|found (?:one|it|somebody|someone))\b|"
    r"\b(?:not looking for|no longer (?:need|looking))\b|"
    r"\b(?:hint|tip|advice|suggestion)s? (?:was right|were right|worked|did it)\b|\bit works now\b"
)
_READING = (
    r"(?:article|post|guide|blog|video|talk|slides|podcast|episode|thread|newsletter|book|course|webinar|workshop)"
)
_IS_A_TITLE = pattern_of(
    rf"^\W*(?:(?:new|read):? |our |my )*(?:how|what|why|where|when|who|which)\b[^?\n]*(?::|–|—|-|\||»|\bis) *(?:\w+ ){{0,4}}"
    rf"(?:{_READING}|https?)\b|"
    rf"\b(?:wrote|published|blog(?:ged)?|{_READING})\b[^?\n]{{0,30}}\b(?:on|about|:) *(?:how|why|what)\b"
)


@lru_cache(maxsize=50_000)
def is_question(text: str) -> bool:
    """True when the text asks something, with or without a question mark."""
    plain = _CODE_OR_LINK.sub(" ", text)
    if _MARK.search(plain):
        return True
    lower = plain.lower().replace("’", "'")
    if not _ASKS.search(lower):
        return False
    return not (_IS_SETTLED.search(lower) or _IS_A_TITLE.search(_LINK.sub("https", text.lower())))


def settles(text: str) -> bool:
    """Whether somebody says that what they asked is solved."""
    return _IS_SETTLED.search(text.lower().replace("’", "'")) is not None
