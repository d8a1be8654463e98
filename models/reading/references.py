"""Whether a message leans on what was said before it: "Do you have a contact for that?", 那家怎么样? Pure rules.

To be asked of messages that came shortly after others; a title made of one that leans says nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.reading.patterns import pattern_of

_SENTENCE_END = pattern_of(r"[.!?。！？\n]")
# "Is it normal that …", "it takes", "there is a …", "this week" point at nothing before.
_POINTS_NOWHERE = pattern_of(
    r"\b(?:is|was|would|does|will|has|isn't|wouldn't) it "
    r"(?:just me|\w+ (?:to|that|if|for|when|whether)\b|worth|ok(?:ay)?|normal|possible|legal|"
    r"common|usual|true|too (?:early|late)|make sense|take|cost)"
    r"|\bthere(?:'s| is| are| was| were|'re)\b|\b(?:is|are|was) there\b"
    r"|\b(?:this|these|that) (?:week|weekend|month|year|quarter|summer|winter|spring|autumn|fall|morning|afternoon|evening|group|"
    r"chat|community|time|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"|\b(?:know|think|sure|find|hope|heard|seen|say|says|said|means?|so|such|now|except|given|other than) that\b"
    r"|\b(?:any|some|no|every)thing that\b"
    r"|\b\w\w+(?:er|or|ist|ant|ent|ian|body|one|people|person|company|team|tool|bank|lab|shop|place|factory|agency|app) that\b"
    r"|\bthat (?:is|are|can|could|does|do|has|have|would|will|accepts?|ships?|works?|makes?|takes?|offers?|speaks?)\b"
)
_POINTS_BACK = pattern_of(
    r"\b(?:it|its|that|this|these|those|they|them|their|he|she|him|her|his|ones?|there|then|same|such|either|neither|both|another)\b(?!-)"
)
# "Some" and "any" with nothing after them that they are of: "We could use some for the workshop", "Do you have any left?"
_OF_WHAT = pattern_of(
    r"\b(?:use|take|have|want|need|get|got|send|buy|sell|spare|like|love|try|seen|there's|are) "
    r"(?:some|any|one|two|three|a few|more)"
    r"(?= (?:for|to|too|in|at|from|as|left|please|if|when|by|next|this|until)\b|\W*$|[,;])"
)
# A sentence that names what its pronoun stands for leans on nothing: "Is SEO worth it, or should we put it all into …?"
_NAMES_ONE = pattern_of(
    r"(?i:\b(?:any|some|every|no)(?:one|body)\b|\bwho\b|\bpeople\b|\b(?:our|my) (?:\w+ ){0,2}\w{4,}|\ban? (?:\w+ ){0,2}\w{5,})"
    r"|\b[A-Z]{2,5}\b"
)
_MAY_BE_NAMED = pattern_of(r"\b(?:it|its|they|them|their|he|she|him|her|his|ones?)\b")
# What ends so answers what was said: "Does the guide count?", "Could it have a default instead?"
_ENDS_AFTER = pattern_of(
    r"\b(?:counts?|instead|in the end|then|as well|either)\W*$"
    # "Did retention hold?", "Trial week or interviews?": a follow-up names no circumstances.
    r"|^\W*did (?:the |your )?\w+ (?:hold|work|help|change|drop|last|improve|stick|pay off|work out)(?: up)?\W*$"
    r"|^\W*(?:\w+ ){1,2}or (?:\w+ ?){1,2}\W*$|^\W*\S{0,12}算(?:吗|么|不算|数吗)\W*$"
    # A short yes or no about what was not named: 需要带电脑吗？
    r"|^\W*(?:还有|还要|还能|需要|要不要|能|可以|包)[\u3400-\u9fff]{0,3}(?:吗|么)\W*$"
    r"|^\W*\S{0,6}(?:还好吗|怎么样了|后来呢|结果呢|效果怎么样)\W*$"
)
# Who thanks, congratulates or praises first has been told something.
_THANKS_FIRST = pattern_of(
    r"^\W*(?:(?:thanks|thank you|very kind|how kind|congrat\w*|恭喜|谢谢|太感谢)[^.!?。！？\n]{0,25}"
    r"|(?:fantastic|amazing|brilliant|wonderful|perfect|awesome|great|nice|太好了|太棒了)(?! (?:news|to)\b)"
    r"[^.!?。！？:：\n]{0,40})"
    r"[.!。！]\s*\S",
    re.IGNORECASE,
)
# Who asks and tells at once what it was for them answers: "Is the debug port still enabled? It cost us two weeks".
_TELLS_WHAT_IT_WAS = pattern_of(
    r"^[^.!?\n]*\?\s+(?:it (?:cost|took|was)|for us (?:it|that)|that (?:was|cost|took))\b"
    r"|^[^。！？?\n]*[？?]\s*(?:我们)?(?:因为|就是)这个",
    re.IGNORECASE,
)
_BEGINS_AFTER = pattern_of(
    r"^\W*(?:and|but|or|because|so|also|yes|no|nope|yeah|ok|same|exactly|true|agreed|sure|ah|oh|hm+|which one|who else|what else|"
    r"how so|why not|what about|how about|那|所以|但是?|而且|还有|也是|是的|对|嗯|不是|同意|同感|一样)(?:\b|(?=[\u3400-\u9fff]))"
)
_POINTS_BACK_ZH = pattern_of(
    r"(?:这|(?<!的)那)(?:个(?!月|周|星期)|家|种|样|些|里|边|位|次|套|款|条|是|不|也|就|要|得|会|能|么)|它|他们|她们|其|同样|上面|楼上|前面|"
    r"刚才|刚刚|你说|您说|你们?家|你们?(?:最后|后来|当时)|你那"
)

# "The draft angles look right, I'd lead with the customer": whoever judges a thing has been shown it.
_JUDGES = pattern_of(
    r"^\W*(?:the|your|both|all) (?:[\w'-]+ ){0,3}[\w'-]+ (?:look|seem|feel|sound|read|work|make|is|are)s? "
    r"(?:(?:all|pretty|quite|really|very|a bit|a little|too|so|much|almost|mostly) )*"
    r"(?:right|fine|good|great|solid|clear|nice|ok|okay|off|wrong|well|odd|strange|promising|strong|weak|sense|long|short|full|"
    r"crowded|busy|convincing|better|best|perfect|neat|sharp|tight|fair|reasonable|high|low|steep|cheap)\b"
    r"|^\W*[\u3400-\u9fff]{1,6}(?:没问题|挺好|不错|很好|可以的|有点[\u3400-\u9fff]{1,3}|太[\u3400-\u9fff]{1,2}了)(?=\W|$)"
)


_LEANING = (_OF_WHAT, _BEGINS_AFTER, _ENDS_AFTER, _POINTS_BACK_ZH)


@lru_cache(maxsize=50_000)
def refers_back(text: str) -> bool:
    """Whether the first sentence points at something said before it."""
    written = next((part for part in _SENTENCE_END.split(text) if part.strip()), "").replace("’", "'")
    first = written.lower()
    if _THANKS_FIRST.search(text) or _TELLS_WHAT_IT_WAS.search(text) or any(rule.search(first) for rule in _LEANING):
        return True
    found = _POINTS_BACK.search(_POINTS_NOWHERE.sub(_blank, first))
    return found is not None and not _is_named_before(written, found)


def judges(text: str) -> bool:
    """Whether it begins with a judgement of something that must have been shown before, linked or not."""
    return _JUDGES.search(text.lower().replace("’", "'")) is not None


def asks_on(text: str) -> bool:
    """Whether a text ends in a question about what was said to its writer: "Good point. Do you have a contact for that?"."""
    parts = [part for part in re.split(r"(?<=[.!?。！？])\s*", text.strip()) if part]
    return bool(parts) and parts[-1][-1] in "?？" and refers_back(parts[-1])


def _blank(match: re.Match[str]) -> str:
    """As many blanks: places in the sentence stay what they are."""
    return " " * len(match[0])


def _is_named_before(sentence: str, pronoun: re.Match[str]) -> bool:
    """Whether what the pronoun stands for comes before it in the same sentence; "that" and "this" always point further."""
    before = sentence[: pronoun.start()]
    may_be_named = _MAY_BE_NAMED.fullmatch(pronoun[0]) is not None
    others = [one for one in _POINTS_BACK.finditer(sentence.lower(), pronoun.end()) if one[0] not in ("it", "them")]
    is_alone = all(_MAY_BE_NAMED.fullmatch(one[0]) for one in others)
    return may_be_named and is_alone and _NAMES_ONE.search(before) is not None
