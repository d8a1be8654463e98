"""What stands around the end of a need or an offer: the words that lead to it or follow it, and those by which a day is none."""

from __future__ import annotations

from models.reading.patterns import pattern_of

LONGEST_LEAD = 40
LEAD = pattern_of(
    r"(?:\b(?:(?:that|which) (?:will )?)?(?:(?:is |are |it's |still |only |just )?"
    r"(?:valid|available|open|free|good|on|here|there|needed"
    r"|required|ends?|ending|expires?"
    r"|closes?|closing|due|deadline|latest|offer|only|just)\s?(?:is|ends)?:?\s)?"
    r"(?P<word>until|till?|'til|by|before|through|thru|(?:no|not) later than|up to|(?<!pick )(?<!picked )up until|latest(?: by"
    r"| on)?|deadline:?|due:?"
    r"|ends?|ending|expires?|closes?|closing|expiry:?|valid to)\s?(?:and including |on |the |this |at )*"
    r"|(?P<zh>(?:有效期?|截止|截至|最晚|最迟|直|一直|持续|开放|限)?(?:日期|时间)?(?:到|至|为|是|在|于|:)"
    r"|截止|截至|最晚|最迟|赶在|在)\s?)$"
)
TAIL = pattern_of(
    r"\s?(?:(?P<before>(?:之前|以前|前(?!天|端|台|沿|期))(?:都?有效|截止)?)|(?:之内|以内|内|截止|为止|止"
    r"|结束|到期|有效|都?有效)"
    r"|,?\s?(?:at the latest|latest|the latest|or (?:earlier|sooner|before)|deadline|max(?!\.?\s?[a-z0-9€$£¥])))"
)
# A day of each month, and one that is left out: 每月15号, "except 24 March".
NOT_THEN = pattern_of(
    r"\b(?:except(?: for)?|excluding|but not|not|apart from|other than)\s(?:on |the |for |between |from )*$"
    r"|每个?月\s?$|(?:除了?|不含|避开)\s?$"
)
# The day has a second one that the reader of days left.
GOES_ON = pattern_of(r"\s?(?:-|到|至)\s?[0-9]{1,2}(?:\s?[日号]|(?![0-9:.点时apAP]))")
# What keeps until then is the thing, not the offer: "best before May", 保质期到8月.
KEEPS = pattern_of(r"(?:\b(?:best|use|warranty|guarantee)\s?|(?<!有)效期|保质期|质保|保修期?)$")
STARTS = pattern_of(
    r"(?:\b(?:from|since|starting|starts?|as of|beginning|after|available from|free from)\s(?:on |in |the )*"
    r"|(?:从|自|自从)\s?)$"
)
AFTER_START = pattern_of(r"\s?(?:onwards?\b|起|开始|以后|之后|后)")
UNTIL = pattern_of(r",?\s(?:before|by|until|till|no later than|latest)\s")
# "By Friday morning" is by noon.
PART_ENDS = {"morning": 12, "早上": 12, "上午": 12, "早": 12, "早晨": 12, "清晨": 12, "afternoon": 18, "下午": 18}
