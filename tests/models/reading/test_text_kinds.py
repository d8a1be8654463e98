import pytest

from models.reading.text_kinds import TextKind, is_question, kind

KINDS = [
    ("Does anyone know a small factory for sensors", TextKind.QUESTION),  # no question mark needed
    ("what would you charge for this?", TextKind.QUESTION),
    ("求推荐靠谱的律师", TextKind.QUESTION),  # asks without a mark
    ("这个方案大家觉得可行吗", TextKind.QUESTION),  # ends in a question particle
    ("Demo night this Friday 19:00, 20 seats, join us", TextKind.EVENT_NOTICE),
    ("周五晚7点线下沙龙，欢迎报名", TextKind.EVENT_NOTICE),
    ("Hi all, I'm Mia, founder of a logistics startup, new here", TextKind.INTRODUCTION),
    ("大家好，我是做硬件的，刚搬到柏林", TextKind.INTRODUCTION),
    ("We just launched our beta, feedback welcome", TextKind.PRODUCT),
    ("我们刚上线了新版本，欢迎试用", TextKind.PRODUCT),
    ("Acme raises $5m seed", TextKind.NEWS),
    ("某公司宣布完成A轮融资", TextKind.NEWS),
    ("good guide on term sheets https://example.org/guide", TextKind.RESOURCE),
    ("整理了一份融投资料合集", TextKind.RESOURCE),
    ("haha true", TextKind.AGREEMENT),
    ("haha", TextKind.SMALL_TALK),
    ("Thanks Mia, that helps a lot!", TextKind.THANKS),
    ("Huge congratulations! 🎉", TextKind.CONGRATULATION),
    ("早上好", TextKind.GREETING),
    ("谢谢小雨", TextKind.THANKS),
    ("Decided: demo night moves to Thursdays", TextKind.DECISION),
    ("thanks! which lawyer was it?", TextKind.QUESTION),  # more than a courtesy
    ("好的，明天见", TextKind.GREETING),  # a time alone is no event
    ("see https://example.org/?q=1", TextKind.RESOURCE),  # a question mark inside a link asks nothing
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_a_text_has_a_kind(text, expected):
    assert kind(text) == expected


def test_a_question_mark_in_code_asks_nothing():
    assert not is_question("use `(empty? list)` there")


def test_a_very_long_text_has_a_kind_too():
    # A pattern that looks back again and again would not come to an end here.
    assert kind("a? b: 19:00 " * 5_000) == kind("a? b: 19:00 " * 50)
