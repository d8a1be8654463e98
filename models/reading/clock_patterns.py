"""How people write a time of day, a range, a duration; a # in a pattern stands for which of two clock times it is."""

from models.reading.patterns import pattern_of
from models.reading.wording import EN_NUMBERS, LEFT, MASK, RIGHT, ZH_NUMBER

_HOURS = "|".join(sorted(list(EN_NUMBERS)[:12], key=len, reverse=True))
# 6p and 9a are common in North America, 20p is money.
_AFTER_HOUR = r"(?:(?<=(?<![0-9])[0-9])|(?<=(?<![0-9])1[0-2])|(?<=[:.][0-5][0-9])|(?<=[0-9]{3}))"
_AP = rf"(?:[ap]\.m\.|[ap]\.?m|{_AFTER_HOUR}[ap]){RIGHT}"
_PART = "(?<![a-z0-9])[ap]m(?=\\s?[0-9])|凌晨|清晨|早上|早晨|早|上午|中午|午后|下午|傍晚|晚上|晚间|晚|夜里|夜间|半夜|午夜|夜"
_EN_PART = rf"(?:\s?(?:in the|at|this|in)\s(?P<tail>morning|afternoon|evening|night){RIGHT})?"
_NEXT_DAY = r"(?:(?:次日|第二天|翌日|隔天)的?|(?:the\s)?(?:next|following)\s(?:day|morning)(?:\sat)?)\s?"
_TO = rf"\s?(?:-|→|to|until|till|'?til|到|至|and)+\s?(?P<next_day>{_NEXT_DAY})?(?:at\s|about\s)?"
_AND_NEXT_DAY = rf"(?P<day_after>,?\s?\(?(?:(?:the\s)?(?:next|following)\s(?:day|morning)|\+1){RIGHT}\)?)?"
# "1,000" has no hour, "今晚见,8:00" has one.
_NO_THOUSANDS = "(?<![0-9],)"
# One figure alone is no minute: 7点一起看.
_MINUTE_AHEAD = rf"(?=[零过]|[0-9]{{2}}|{ZH_NUMBER}{{2}}|(?:[0-9]|{ZH_NUMBER})分)"
_CHINESE = (
    rf"(?:(?P<part_#>{_PART})?\s?(?:(?P<before_#>差一刻|差[五十]分)\s?)?(?P<zh_#>[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}})\s?"
    rf"(?:点|时(?![间候代尚]))钟?整?"
    rf"(?:(?P<quarter_#>半|[一三1-3]刻)|(?P<less_#>差(?:[一1]刻|(?:[五十]|[0-9]{{1,2}})分))|{_MINUTE_AHEAD}[零过]?(?P<zh_minute_#>[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}})(?:分|"
    rf"(?![0-9人位名个月号日年])))?(?:\s?(?P<zh_ap_#>[ap]m{RIGHT}))?)"
)
_FIGURES = (
    rf"(?:(?P<figures_part_#>{_PART})?\s?(?<![0-9.:$€£¥a-z]){_NO_THOUSANDS}(?P<hour_#>[0-9]{{1,2}})(?P<point_#>[:.h])"
    rf"(?P<minute_#>[0-9]{{2}})(?![0-9%])"
    rf"(?![.:][0-9])(?:\s?(?P<figures_ap_#>{_AP})|时(?![间候代尚长段]))?)"
)
# Run together: 730am, 1830, 0730hrs; three figures only where what follows says that they are a time.
_RUN = (
    rf"(?:(?P<run_part_#>{_PART})?{LEFT}(?<![.:$€£¥#/+]){_NO_THOUSANDS}(?P<run_#>(?:[01][0-9]|2[0-3])(?:[0-5][05]|[0-5][0-9](?=\s?(?:{_AP}|(?:hrs?|h|uhr){RIGHT})))|[1-9][0-5][0-9](?=\s?(?:{_AP}|(?:hrs?|h|uhr){RIGHT}"
    rf"|(?:-\s?|to\s|until\s|till\s)[0-9]{{1,4}}\s?(?:{_AP}|hrs?|h{RIGHT}))))(?![0-9:%/]|[.,][0-9])(?:\s?(?P<run_ap_#>{_AP})|\s?(?P<run_h_#>(?:hrs?|h|uhr){RIGHT})"
    rf"|(?![a-z年月日号人个位名席元块])))"
)
# "Five to seven" and "ten to two" are rather ranges, unless "at" leads to them.
_TO_THE_HOUR = (
    rf"(?:twenty(?:-five)? to(?=\s(?:{_HOURS}){RIGHT})|ten to(?=\s(?:six|seven|eight|nine){RIGHT})"
    rf"|(?<=at\s)(?:five|ten) to(?=\s(?:{_HOURS}){RIGHT}))"
)
_PHRASE = (
    rf"(?:{LEFT}(?P<fraction_#>half past|half|quarter past|a quarter past|quarter to|a quarter to|(?:five|ten|twenty|twenty-five"
    rf"|[0-9]{{1,2}}) past|{_TO_THE_HOUR})\s"
    rf"(?P<phrase_hour_#>{_HOURS}|[0-9]{{1,2}}){RIGHT}(?:\s?(?P<phrase_ap_#>{_AP}))?)"
)
_SPOKEN = (
    rf"(?:{LEFT}(?P<spoken_#>{_HOURS})[\s-](?P<spoken_minute_#>fifteen|thirty|forty[\s-]five){RIGHT}"
    rf"(?:\s?(?P<spoken_ap_#>{_AP}))?)"
)
_HOUR_AP = (
    rf"(?:(?:(?:晚上?|下午|上午|早上?|中午)\s)?{LEFT}(?<![.:$€£¥]){_NO_THOUSANDS}(?P<ap_hour_#>{_HOURS}|[0-9]{{1,2}})(?:-?ish)?\s?(?P<ap_#>{_AP}|o'?clock{RIGHT}"
    rf"|uhr{RIGHT}))"
)
_WORD = (
    rf"(?P<word_#>{LEFT}(?:noon|midday|midnight){RIGHT}|正午|午夜(?![零一二两三四五六七八九十0-9])|零点|中午(?!,\s?[0-9]{{1,2}}[:点])"
    rf"(?![零一二两三四五六七八九十0-9饭餐]))"
)
_BARE = (
    rf"(?:{LEFT}(?<![.:/$€£¥]){_NO_THOUSANDS}(?P<bare_#>{_HOURS}|[0-9]{{1,2}})(?![0-9:%/月日号年]|\.[0-9])(?:(?P<bare_h_#>h{RIGHT})"
    rf"|(?P<bare_half_#>半(?![\u4e00-\u9fff]))|(?P<bare_ish_#>(?=-?ish))|(?![a-z人位名个席])))"
)
_PART_BARE = rf"(?:(?P<bare_part_#>{_PART})\s?(?P<part_bare_#>[0-9]{{1,2}})(?=\s?[-到至]))"
_CLOCK = f"(?:{_CHINESE}|{_FIGURES}|{_RUN}|{_PHRASE}|{_SPOKEN}|{_HOUR_AP}|{_WORD}|{_PART_BARE}|{_BARE})"
# "8.30 for 9": come at the first, it begins at the second.
_FOR = (
    rf"(?P<for>(?<=[:.][0-9]{{2}})\sfor\s[0-9]{{1,2}}(?:[:.][0-9]{{2}})?(?:\s?{_AP})?"
    rf"|\sfor\s(?:an?\s)?[0-9]{{1,2}}(?:[:.][0-9]{{2}}(?:\s?{_AP})?|\s?{_AP})"
    rf"|(?P<for_word>\sfor\s(?:{_HOURS}){RIGHT}(?!\s[a-z])))"
    rf"(?=\s?(?:$|[,;:\n@.){MASK}]|at\s|sharp|prompt|start))"
)
_START = (
    rf"(?:(?P<lead>{LEFT}(?:(?:starts?|starting|starting at|starts at|doors)\s)?(?:at|from|between|around|um)\s|@\s?"
    rf"|从\s?|starts?\s|starting\s))?"
    rf"{_CLOCK.replace('#', '1')}(?:{_TO}(?:{_CLOCK.replace('#', '2')}{_AND_NEXT_DAY}|(?:late|open end){RIGHT})|{_FOR})?"
    rf"(?:\s?-?(?:sharp|uhr|hrs|h|ish|on the dot|prompt(?:ly)?"
    rf"|start(?=\s?(?:$|[,;|.)\n@{MASK}]))){RIGHT})?{_EN_PART}(?:\s?(?:准时)?(?:(?:开始|开场|集合|见面|起)(?![\u4e00-\u9fff])|起(?=每)))?"
)
_END = (
    rf"(?:{LEFT}(?:until|till|til|ends|ends at|ending at|end)\s|(?:(?<![0-9零一二三四五六七八九十签报遇])[到至]|结束时间:?"
    rf"|结束于)\s?)(?P<next_day>{_NEXT_DAY})?{_CLOCK.replace('#', '1')}{_AND_NEXT_DAY}(?:\s?结束)?"
    rf"|{_CLOCK.replace('#', '2')}\s?结束(?![\u4e00-\u9fff])"
)
CLOCKS = pattern_of(_START)
ENDS = pattern_of(_END)
# After "at 7" a capital or small word makes it a house number; these do not.
GOES_ON = pattern_of(
    r"\s*(?:$|[^a-z0-9\s'/]|[\u4e00-\u9fff]|(?:on|in|at|for|with|sharp|until|till|through|thru|from|every|each|weekly|starting"
    r"|beginning|except|but|and|this|next|the|mon|tue|wed|thu"
    r"|fri|sat|sun|tomorrow|tonight|today)"
    r"|utc|gmt|ce?s?t|[a-z ]{3,20} time\b)"
)
_COUNT = rf"(?:[0-9]{{1,3}}(?:\.[0-9])?|{ZH_NUMBER}{{1,3}}|an?|one|two|three|four|five|six|half an?)"
DURATION = pattern_of(
    rf"(?P<lead>{LEFT}for\s(?:about\s)?|(?:时长|持续|为期|历时|大约|约|共)[:]?\s?)?(?:(?P<count>{_COUNT})\s?"
    rf"(?:个)?\s?(?P<half>半)?\s?(?P<unit>hours?|hrs?|h|小时|钟头)"
    rf"(?:\s?(?P<and_half>and a half|半)|\s?(?P<more>[0-9]{{1,2}})\s?(?:minutes|mins?|m|分钟?))?{RIGHT}"
    rf"|(?P<half_hour>半个?小时)|(?P<minutes>[0-9]{{1,3}}|{ZH_NUMBER}{{1,3}})\s?(?:minutes|mins?|分钟)){RIGHT}"
    rf"(?![后之以])(?:\slong{RIGHT})?"
)
_SMALL = rf"(?:[0-9]{{1,3}}|{ZH_NUMBER}{{1,3}}|{'|'.join(sorted(EN_NUMBERS, key=len, reverse=True))})"
_HOUR_UNIT = r"(?:hours?|hrs?|h)"
_MINUTE_UNIT = r"(?:minutes?|mins?|m)"
WAIT = pattern_of(
    rf"(?P<in>{LEFT}in\s(?:about\s|around\s|another\s)?)?(?:(?P<half_hour>half an hour)"
    rf"|(?P<hours>[0-9]{{1,2}}\.[0-9]{{1,2}}|a couple of|{_SMALL})(?P<and_half>\sand\sa\shalf)?\s?{_HOUR_UNIT}"
    rf"(?:(?P<half_after>\s(?:and\s)?(?:a\s)?half)"
    rf"|\s?(?:and\s)?(?P<minutes_after>[0-9]{{1,2}})(?:\s?{_MINUTE_UNIT}|(?![0-9:a-z])))?"
    rf"|(?P<minutes>{_SMALL})\s?{_MINUTE_UNIT}){RIGHT}(?(in)|\sfrom\s(?:now|right now){RIGHT})"
    rf"|(?P<over>再?过)?(?:(?P<zh_quarters>[一两二三123])刻钟"
    rf"|(?P<zh_hours>[0-9]{{1,2}}(?:\.[0-9])?|{ZH_NUMBER}{{1,3}}|(?=半))\s?个?(?P<zh_half>半)?个?(?:小时|钟头)(?:零|又)?"
    rf"(?:\s?(?P<zh_minutes_after>[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}})\s?分钟?)?"
    rf"|(?P<zh_minutes>[0-9]{{1,3}}|{ZH_NUMBER}{{1,3}})\s?分钟)(?(over)(?:之后|以后|后)?|(?:之后|以后|后))"
)
