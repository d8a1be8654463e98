"""What numbers with units, prices and rates look like, for the patterns of a listing's amounts."""

from __future__ import annotations

from models.reading.wording import EN_NUMBERS, RIGHT, ZH_NUMBER

SEVERAL = "|".join(sorted((word for word, value in EN_NUMBERS.items() if value > 1), key=len, reverse=True))
ABOUT = (
    r"(?:(?:about|around|approx\.?|roughly|up to|at least|at most|max\.?|maximum|min\.?|only|over|more than"
    r"|less than|under|~|>|<)\s?)?"
)
FIGURE = r"[0-9]{1,3}(?:[,.][0-9]{3})+(?![0-9])|[0-9]{1,7}(?:[.,][0-9]{1,2})?"
NUMBER = rf"(?:(?:{FIGURE})(?:\s?-\s?(?:{FIGURE}))?\+?|(?:{SEVERAL})(?:\s(?:or|to)\s(?:{SEVERAL}))?{RIGHT})"
SOME = r"(?:a\s)?(?:few|couple(?:\sof)?|dozen|handful\sof|several|half\sa\sdozen|dozens\sof)"
UNIT = (
    r"(?:kgs?|kilos?|g|tons?|tonnes?|t|km|m|cm|mm|m2|m²|m3|m³|sqm|sq\.?\s?m|sq\s?ft|sqft|l|lit(?:er|re)s?"
    r"|gb|tb|kwh|kw"
    r"|hours?|hrs?|h|min(?:ute)?s?|days?|weeks?|months?|years?)"
)
MEASURE = (
    rf"(?:{UNIT}|sessions?|boxes|pallets?|pieces?|pcs|units?|sets?|pairs?|packs?|rolls?|sheets?|bottles?"
    r"|licen[cs]es?|copies"
    r"|seats?|spots?|slots?|places?|tickets?|vouchers?|times|x)"
)
PER = (
    r"(?:\s?(?:/|per|a|an|each|every)\s?(?:hour|hr|h|day|week|wk|month|mo|year|yr|person|head|piece|seat|unit"
    r"|desk|slot|session|pallet|night|kg|m2|m²|sqm|clip|page|word|minute|min|item|session|call|video"
    r"|ticket|day|copy)s?(?![a-z])|\sper\s[a-z]+(?![a-z])|\s(?:each|p\.?\s?m\.?|p\.?\s?a\.?)(?![a-z]))"
)
_CURRENCY = (
    r"(?:€|£|¥|￥|\$|eur(?:os?)?|usd|gbp|chf|cny|rmb|hkd|sgd|usdt|dollars|bucks|pounds|元|块(?:钱"
    r"|(?![\u4e00-\u9fff]))|人民币|欧(?:元|(?![洲盟美]))|美元"
    r"|美金|刀|港币|英镑|万元?|w)"
)
# "5k", 1万; not the first letter of a word.
_TIMES = r"(?:\s?(?:[kmw](?![a-z])|[万千]))?"
PRICE = (
    rf"(?:(?:us|hk|s|a)?[$€£¥￥]\s?(?:{FIGURE}){_TIMES}(?:\s?-\s?[$€£¥￥]?\s?(?:{FIGURE}){_TIMES})?\+?"
    rf"|(?:{FIGURE}){_TIMES}(?:\s?-\s?(?:{FIGURE}){_TIMES})?\s?{_CURRENCY}(?![a-z]))"
)
_ZH_EACH = "(?:小时|天|日|周|月|年|人|位|次|个|件|把|平米?|工位|斤|公斤|千?字|页|条|分钟|节|课时|台|张|间|晚)"
ZH_PER = (
    rf"(?:\s?(?:/|每|一|元/)?\s?{_ZH_EACH}|\s?(?:左右|以内|以下"
    r"|以上|上下|起|封顶))?"
)
ZH_ABOUT = r"(?:大?约|大概|至少|最多|不超过|共|一共|总共|还有|还剩|剩|仅|只有|限|差不多|近|预算|价格|单价|总价|费用)?"
ZH_COUNT = rf"(?:(?:{FIGURE})(?:\s?[-到至]\s?(?:{FIGURE}))?|{ZH_NUMBER}{{1,4}}|几十?|十几|若干)"
ZH_MEASURE = (
    "个|位|名|台|张|间|套|箱|吨|件|块|把|部|辆|本|份|支|只|条|盒|包|桶|卷|平米?|平方米?|方|公斤|斤|克"
    "|公里|米|升|人|家|组|次|场|节|课时|小时|分钟|天|周"
    "|个月|年|席|座|工位|名额|批|袋|桌|页"
)
FREE = (
    r"(?:(?:it's |totally |completely |all )?(?:for )?free(?: of (?:charge|cost))?|no (?:charge|cost|fee)"
    r"|at cost(?: price)?|pro bono|paid|unpaid"
    r"|(?:price |rate |rent )?negotiable|免费|不收费|有偿|无偿|付费|成本价|价格?面议|面议|可议价?"
    r"|(?:费用)?AA制?|aa制?)"
)
BUDGET = (
    r"(?:(?:(?:fixed|flat|total|monthly|hourly|day)\s)?(?:budget|price|rate|cost|fee|rent|asking|预算|价格|单价|租金|费用|报价|时薪|日薪|月薪|月费|日租|月租|时租|年费|售价)\s?(?:is|of"
    r"|around|about|about:|max\.?|up to|under|below|在|为|约|大概|不超过|最多|不高于|控制在)?\s?[:：]?\s?)"
)
AT = r"(?:(?:for|at|from|budget|under|below|up to|max\.?|around|about|only)\s)"
WHOLE_PRICE = (
    rf"{BUDGET}?(?:{AT}|{ABOUT})?{PRICE}(?:{PER}|{ZH_PER})?(?:\s(?:max|net|gross|budget|only|total|tops"
    r"|plus vat|vat incl\.?|each|or (?:less|best offer)|obo))?"
)
BUDGET_FIGURE = (
    rf"(?:{BUDGET}[一二两三四五六七八九十百千万]{{1,6}}{ZH_PER}"
    rf"|{BUDGET}{ABOUT}(?:{FIGURE})\s?[kmw万千]?(?:\s?[-到至]\s?(?:{FIGURE})\s?[kmw万千]?)?{ZH_PER}(?:{PER})?"
    # 150/天, 150一位, 一天800.
    rf"|(?:{FIGURE})[kw万千]?\s?(?:/|一|每){_ZH_EACH}|[一每]{_ZH_EACH}\s?(?:{FIGURE})[kw万千]?(?![0-9]))"
)
LEFT_OVER = r"(?:\s(?:left|available|free|only|max|in total|total|needed|or so|or more|spare|remaining|each))?"
