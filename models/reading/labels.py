"""Labels in front of the parts of an announcement, in one form: 【地点】西岸咖啡, "2. 地 点｜西岸咖啡" begin a new line."""

import re

from models.reading.patterns import pattern_of

_NAMES_OF = {
    "时间": "时间 日期 日子 時間",
    "地点": "地点 地點 地址 场地 場地 坐标 位置",
    "主题": "主题 主題 题目 名称 名稱 标题",
    "人数": "人数 人數",
    "名额": "名额 名額",
}
_KIND = {name: kind for kind, names in _NAMES_OF.items() for name in names.split()}
_NAME = "|".join(rf"{name[0]}\s?{name[1]}" for name in _KIND)
_NUMBER = r"(?:[0-9一二三四五六七八九]{1,2}\s?[.、．)）:：]\s?)?"
_PICTURE = "[\u2600-\u27bf\u23f0\U0001f300-\U0001faff]\ufe0f?"
_LABEL = pattern_of(
    rf"(?:^|[\s;；。，,|｜])?(?:{_PICTURE}\s?)?(?:(?<![\w]){_NUMBER})?(?:"
    rf"[【\[［]\s?(?:活动|活動|会议|聚会)?\s?(?P<boxed>{_NAME}|活动|活動)\s?[】\]］]\s?[:：]?"
    rf"|(?<![\u4e00-\u9fff])(?:活动|活動|会议|聚会)?\s?(?P<open>{_NAME})\s?[:：｜|]"
    rf")\s?"
)


def with_plain_labels(text: str) -> str:
    """The text with each such label at the start of a line of its own."""
    if not any(sign in text for sign in ":：｜|】]］"):
        return text
    return _LABEL.sub(_plain, text).strip()


def _plain(match: re.Match[str]) -> str:
    name = re.sub(r"\s", "", match["boxed"] or match["open"])
    return f"\n{_KIND.get(name, '主题')}： "
