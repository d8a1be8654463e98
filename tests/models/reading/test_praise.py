from __future__ import annotations

import pytest

from models.reading.praise import praises


@pytest.mark.parametrize(
    ("sentence", "is_all"),
    [
        ("Kofi, sounds like a fun project.", True),
        ("Congrats to whoever argued for the four entries", True),
        ("Please share, we're at month four", True),
        ("I’d sign that", True),
        ("We'd love to see those numbers too", True),
        ("Love the new onboarding, so clear", True),
        ("听起来很有意思", True),
        ("恭喜恭喜，导航改得真清楚", True),
        ("期待你的数据", True),
        # What follows tells something: words enough, a number, where to read on.
        ("Great question, we did both and kept the cheaper lab for the repeat test", False),
        ("Nice idea, 12 percent more for us", False),
        ("Great post on that: example.org", False),
        # The same words may begin something else.
        ("Sounds like the antenna is too close to the battery", False),
        ("Good lawyers answer within a day", False),
        ("Welcome mails work best on the second day", False),
        ("欢迎邮件第二天发效果最好", False),
        ("真实用户的反馈最有用", False),
        ("牛皮纸盒比塑料便宜", False),
    ],
)
def test_who_only_praises_tells_nothing(sentence: str, is_all: bool) -> None:
    assert praises(sentence) is is_all
