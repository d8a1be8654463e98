"""The letters and numbers of an event line: tidied for people, and a reading copy of equal length for the grammar.

Every pattern of the event grammar runs on the reading copy (lower case, half-width, simplified characters), while
titles and places are cut from the tidied line at the same positions, so that `Café` stays `Café`. What has been
understood is overwritten with MASK: nothing is read twice, and MASK is a border for whatever is read next.
"""

import re
import unicodedata
from dataclasses import dataclass

from models.reading.patterns import pattern_of

# A sign that tidy() removes from every line, and no blank to a pattern.
MASK = "\x00"

# Borders of a word: \b is of no use, because a Chinese character beside a digit is no border to it.
LEFT = r"(?<![a-z0-9à-ÿ])"
RIGHT = r"(?![a-z0-9à-ÿ])"

ZH_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
EN_NUMBERS = {
    word: value
    for value, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        start=1,
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50}
ZH_NUMBER = "[零〇一二两三四五六七八九十百廿卅]"
NUMBER = rf"(?:[0-9]{{1,6}}|{ZH_NUMBER}{{1,6}}|{'|'.join(sorted(EN_NUMBERS, key=len, reverse=True))})"

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PUNCTUATION = dict(zip(map(ord, "\u3000。、–—−‐‑―〜～’‘【】〔〕「」"), " .,--------''[][][]", strict=True))
_SIMPLIFIED = str.maketrans(
    "點週後兩號時個鐘線間禮從開館廳場樓區園與對結東舉辦紐約倫羅這額題數遊農曆節慶聖誕陽臘過雙隨報總達連續幾歲內現無會議鏈動標稱員參為僅滿錯齊國當於將啟發設計創業講辯樂見談話團體課訓練習"
    "營聽說讀寫歐亞灣綠藍紅黃燈籠親兒圓環驗類別單獨選擇極關係據陳馬蘇劉雲廣莊滬寧漢臺門韓緬蘭諾維爾濟頓來載學長晝讓還邊蘿蔔麵聯絡賓費價飲帶備請預語書門勞煩車遲",
    "点周后两号时个钟线间礼从开馆厅场楼区园与对结东举办纽约伦罗这额题数游农历节庆圣诞阳腊过双随报总达连续几岁内现无会议链动标称员参为仅满错齐国当于将启发设计创业讲辩乐见谈话团体课训练习"
    "营听说读写欧亚湾绿蓝红黄灯笼亲儿圆环验类别单独选择极关系据陈马苏刘云广庄沪宁汉台门韩缅兰诺维尔济顿来载学长昼让还边萝卜面联络宾费价饮带备请预语书门劳烦车迟",
)
_READING = _FULL_WIDTH | _PUNCTUATION | _SIMPLIFIED | {ord("~"): "-", ord("～"): "-"}
_BLANKS = pattern_of(r"[^\S\n]+")
_LINE_ENDS = pattern_of(r"\s*\n\s*")


@dataclass(frozen=True)
class Span:
    """Where something was understood: text[start:end]."""

    start: int
    end: int


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, as far as patterns and names of places need it."""
    return text.translate(_SIMPLIFIED)


def tidy(line: str) -> str:
    """The line without control, formatting and right-to-left marks, in composed letters, with single blanks and line ends."""
    normal_form = unicodedata.normalize("NFC", line.replace("\r\n", "\n").replace("\r", "\n"))
    letters = "".join(
        character if not _is_invisible(character) else ""
        for character in re.sub(r"[^\S\n]", " ", _joined_emoji_only(normal_form))
    )
    return _LINE_ENDS.sub("\n", _BLANKS.sub(" ", letters)).strip()


def reading_copy(text: str) -> str:
    """Text as the grammar reads it, character for character as long as the text itself."""
    lower_letters = (character.lower() for character in text.translate(_READING))
    return "".join(low if len(low) == 1 else "?" for low in lower_letters)


_HAN, _LATIN = pattern_of("[\u4e00-\u9fff]"), pattern_of("[a-z]")


def scripts_in(reading: str) -> frozenset[str]:
    """ "han" and "latin", as far as a reading copy has them: patterns of the other one need not be tried."""
    scripts = (("han", _HAN), ("latin", _LATIN))
    return frozenset(script for script, letters in scripts if letters.search(reading))


def script_of(pattern: str) -> str | None:
    """The script without which a pattern cannot match; None for figures and for patterns of both."""
    has_han, has_words = _HAN.search(pattern) is not None, LEFT in pattern
    return None if has_han == has_words else "han" if has_han else "latin"


def mask(reading: str, *spans: Span) -> str:
    """The reading copy with these spans marked as understood."""
    for span in spans:
        reading = reading[: span.start] + MASK * (span.end - span.start) + reading[span.end :]
    return reading


def present(*spans: Span | None) -> list[Span]:
    """Those that were found."""
    return [span for span in spans if span is not None]


def overlaid(reading: str, other: str) -> str:
    """The reading copy, with everything marked as understood that is marked in one of the two."""
    return "".join(MASK if mark == MASK else character for character, mark in zip(reading, other, strict=True))


def number(words: str) -> int:
    """The value of digits, of a Chinese numeral below a thousand, or of an English number word that NUMBER accepts."""
    if words.isdecimal():
        return int(words)
    return EN_NUMBERS[words] if words in EN_NUMBERS else _chinese_number(words)


def _chinese_number(words: str) -> int:
    words = words.replace("廿", "二十").replace("卅", "三十")
    if not set(words) & set("十百"):
        return int("".join(str(ZH_DIGITS[character]) for character in words))
    total, digit = 0, None
    for character in words:
        if character in ZH_DIGITS:
            digit = ZH_DIGITS[character]
            continue
        total += (1 if digit is None else digit) * (10 if character == "十" else 100)
        digit = None
    return total + (digit or 0)


def _joined_emoji_only(text: str) -> str:
    """Zero-width joiners are kept inside emoji, where they make one picture of several, and dropped elsewhere."""
    return re.sub("(?<![\u2600-\u27bf\U0001f000-\U0001faff\ufe0f])\u200d", "", text)


def _is_invisible(character: str) -> bool:
    return character not in "\n\u200d" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")


def words_of(text: str, *spans: Span | None) -> str:
    """What was written from the first of these places to the last; "" where none is there."""
    present = [span for span in spans if span is not None]
    return text[min(span.start for span in present) : max(span.end for span in present)].strip() if present else ""
