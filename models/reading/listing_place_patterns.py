"""How the place of a need or an offer is written: labels, "in", online, what a name looks like and what is none."""

from __future__ import annotations

from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, MASK

_ONLINE = (
    r"(?:(?:fully |100% |ideally |preferably |can be |could be |is )?(?:remote(?:ly)?|online|on[- ]?site"
    r"|hybrid|in person|via zoom|over zoom|on zoom|by video"
    r"|from anywhere)(?: only| ok(?:ay)?| possible| is (?:ok|fine|possible)| fine| preferred| works?"
    r"| friendly| first)?"
    r"|(?:可|可以|支持|接受|最好|仅限?|纯)?(?:远程|线上|在线|线下|面聊|现场|坐班)(?:办公|工作|优先"
    r"|即可|也可以?|都?可以?|都?行|为主|皆可)?)"
)
AROUND = r"(?:\s(?:area|region|city|city cent(?:er|re)|based|and around|only|preferred))"
REGION = r"(?:附近|周边|周围|本地|市区|市内|市中心|一带|地区|这边|那边|当地|市|区)"
_LABEL = (
    rf"(?:(?:(?:^|(?<=[,;\n|(]\s)|(?<=[,;\n|(]))(?:where|place|location|loc|city)|{LEFT}(?:where|place|location|loc|city)(?=\s?:)"
    rf"|{LEFT}based(?=\sin\s|:))\s?(?:is\s?)?:?\s?(?:in\s)?|📍\s?|(?:地点"
    r"|地址|坐标|位置|城市|所在地|工作地|(?<![a-z])base(?![a-z]))\s?:?\s?(?:在\s?)?)"
)
LABELLED = pattern_of(rf"(?:{_LABEL})(?P<place>[^{MASK},;\n|·()]+)")
# Where a place is over: "@ Kranz from now until Friday".
_BEYOND = r"\s(?:available|free|open|from|until|till|by|before|for|on|at|every|starting|this|next|is|are|has)\s"
AT_SIGN = pattern_of(rf"(?:^|\s)@\s(?P<place>(?:(?!{_BEYOND})[^{MASK},;\n|·()@:])+)")
IN = pattern_of(
    r"(?<![\w])(?P<word>(?:based |located |living |somewhere )?(?:in|near|around|close to|at|across|within"
    r"|outside)(?: and around| or near)?"
    rf"(?: (?:the|downtown|central|east|west|north|south|greater))?)\s(?=(?P<place>[^{MASK},;\n|·()@.!?]+))"
)
SURE_WORDS = ("near", "around", "close to", "outside")
# Behind these "in" says a field, not a place.
FIELD_BEFORE = pattern_of(
    r"\b(?:expert(?:s|ise)?|experienced?|skill(?:s|ed)?|background|interest(?:ed)?|invest(?:s|ing|ors?"
    r"|ment)?|special(?:ist|ists|ised|ized|ising|izing)"
    r"|course|training|degree|fluent|written|speak(?:s|ing)?|help(?:ing)?|lessons?|class(?:es)?|advice"
    r"|built|coded|done|versed|proficient|knowledge|believe|work(?:s|ed|ing)?"
    r"|native|strong|good|confident|talent|phd|msc|mba|consulting|mentoring|coaching|trained|certified)\s$"
)
NO_PLACES = pattern_of(
    r"(?:python|java(?:script)?|typescript|rust|go(?:lang)?|ruby|php|kotlin|swift|react|vue|node|django"
    r"|rails|sql|excel|figma|notion|photoshop|blender|kubernetes|docker"
    r"|aws|azure|gcp|terraform|stripe|shopify|hubspot|salesforce|wordpress|webflow|airtable|solidity|web3"
    r"|crypto|blockchain|ai|ml|llms?|nlp|saas|b2b|b2c|d2c|fintech|medtech|biotech"
    r"|healthtech|climate|edtech|proptech|hardware|software|iot|ux|ui|seo|sem|ppc|pr|hr|vc|qa|ce|gdpr|iso"
    r"|pdf|csv|english|german|deutsch|french|spanish|italian|mandarin|cantonese|chinese"
    r"|japanese|korean|portuguese|dutch|polish|russian|arabic|turkish|hindi|q[1-4]|series|seed|pre-?seed"
    r"|linkedin|tiktok|instagram|reddit|telegram|slack|discord|zoom"
    r"|person|general|particular|return|exchange|total|advance|case|time|need|touch|house|kind|january"
    r"|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?"
    r"|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|i|we|my|our|a)\b"
)
VENUE = pattern_of(
    r"\b(?:cafe|café|bar|hub|house|wework|office|campus|coworking|betahaus|factory|station|square|platz"
    r"|street|str\.|straße|library|garage|loft|studio|center|centre|airport)\b|straße|platz|strasse"
)
_CAPITAL = r"[^\W\d_a-z\u4e00-\u9fff](?:(?![\u4e00-\u9fff])[\w'’.&-])*"
NAME = pattern_of(rf"{_CAPITAL}(?:\s(?:(?:am|an der|de|la|le|of|the|der|im|del|dos|da)\s)?{_CAPITAL}){{0,3}}")
AND = pattern_of(r"\s?(?:/|,|\bor\b|\band\b|&|\+|或者?|和|、|及)\s?(?:in\s|also\s)?")
ZH_IN = pattern_of(
    rf"(?:人?在|位于|坐标|base\s?在?)\s?(?P<place>[\u4e00-\u9fff]{{2,8}}?){REGION}{{0,2}}(?:的"
    rf"|有)?(?=[\s,;.!?\n|{MASK}]|$|找|求|招|有|需|可|能|提)"
)
# Whatever is named before 附近 is a place: 静安寺附近.
# 想请人带一带 is a wish.
BESIDE = pattern_of(
    "(?![\u4e00-\u9fff]{0,6}(?:想|请|求|找|帮|教|带一带))[\u4e00-\u9fff]{2,8}(?:附近|周边|旁边|门口|一带)"
)
IS_ONLINE = pattern_of(_ONLINE)
