"""Whether a message leans on what was said before it: "Do you have a contact for that?", 那家怎么样? Pure rules.

To be asked of messages that came shortly after others; a title made of one that leans says nothing.
"""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"[.!?。！？\n]")
# "Is it normal that …", "it takes", "there is a …", "this week" point at nothing before.
_POINTS_NOWHERE = re.compile(
    r"\b(?:is|was|would|does|will|has|isn't|wouldn't) it "
    r"(?:just me|\w+ (?:to|that|if|for|when|whether)\b|worth|ok(?:ay)?|normal|possible|legal|"
    r"common|usual|true|too (?:early|late)|make sense|take|cost)"
    r"|\bthere(?:'s| is| are| was| were|'re)\b|\b(?:is|are|was) there\b"
    r"|\b(?:this|these|that) (?:week|weekend|month|year|quarter|summer|winter|spring|autumn|fall|morning|afternoon|evening|group|"
    r"chat|community|time|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"|\b(?:know|think|sure|find|hope|heard|seen|say|says|said|means?|so|such|now|except|given|other than) that\b"
    r"|\b\w\w+(?:er|or|ist|ant|ent|ian|body|one|people|person|company|team|tool|bank|lab|shop|place|factory|agency|app) that\b"
    r"|\bthat (?:is|are|can|could|does|do|has|have|would|will|accepts?|ships?|works?|makes?|takes?|offers?|speaks?)\b"
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|these|those|they|them|their|he|she|him|her|his|ones?|there|then|same|such|either|neither|both|another)\b(?!-)"
)
_BEGINS_AFTER = re.compile(
    r"^\W*(?:and|but|or|because|so|also|yes|no|nope|yeah|ok|same|exactly|true|agreed|sure|ah|oh|hm+|which one|who else|what else|"
    r"how so|why not|what about|how about|那|所以|但是?|而且|还有|也是|是的|对|嗯|不是|同意|同感|一样)(?:\b|(?=[\u3400-\u9fff]))"
)
_POINTS_BACK_ZH = re.compile(
    r"(?:这|那)(?:个(?!月|周|星期)|家|种|样|些|里|边|位|次|套|款|条|是|不|也|就|要|得|会|能|么)|它|他们|她们|其|同样|上面|楼上|前面|"
    r"刚才|刚刚|你说|您说|你们?家|你们?(?:最后|后来|当时)|你那"
)


def refers_back(text: str) -> bool:
    """Whether the first sentence points at something said before it."""
    first = next((part for part in _SENTENCE_END.split(text) if part.strip()), "").lower().replace("’", "'")
    pointing = _POINTS_NOWHERE.sub(" ", first)
    return any(rule.search(pointing) for rule in (_POINTS_BACK, _BEGINS_AFTER, _POINTS_BACK_ZH))
