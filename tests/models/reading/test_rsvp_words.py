from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading.rsvp_words import Answer, AnswerInWords, read_answer


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", AnswerInWords("going")),  # the command alone
        ("going", AnswerInWords("going")),
        ("YES!", AnswerInWords("going")),  # loudly
        ("I'm in", AnswerInWords("going")),  # with an apostrophe
        ("I’ll come", AnswerInWords("going")),  # a curly one
        ("count me in, please", AnswerInWords("going")),
        ("yes, we will come", AnswerInWords("going")),  # two sayings that agree
        ("👍🏽", AnswerInWords("going")),  # a coloured thumb is a thumb
        ("👍", AnswerInWords("going")),
        ("✔", None),  # not one of the signs of the card
        ("maybe", AnswerInWords("maybe")),
        ("interested", AnswerInWords("maybe")),
        ("not sure yet", AnswerInWords("maybe")),
        ("I might come", AnswerInWords("maybe")),
        ("I will not come", AnswerInWords("not_going")),
        ("thanks", None),  # polite, but no answer
        ("no", AnswerInWords("not_going")),
        ("can't", AnswerInWords("not_going")),
        ("I cannot make it", AnswerInWords("not_going")),
        ("not going", AnswerInWords("not_going")),
        ("sorry, can't make it this time", AnswerInWords("not_going")),
        ("Sorry, can't make it!", AnswerInWords("not_going")),
        ("out", AnswerInWords("not_going")),
        ("去", AnswerInWords("going")),
        ("我去！", AnswerInWords("going")),
        ("来", AnswerInWords("going")),
        ("参加", AnswerInWords("going")),
        ("报名", AnswerInWords("going")),
        ("算我一个", AnswerInWords("going")),
        ("我要参加啦", AnswerInWords("going")),
        ("我们会来的，谢谢", AnswerInWords("going")),
        ("待定", AnswerInWords("maybe")),
        ("可能去吧", AnswerInWords("maybe")),
        ("也许", AnswerInWords("maybe")),
        ("感兴趣", AnswerInWords("maybe")),
        ("不去", AnswerInWords("not_going")),
        ("我不去了", AnswerInWords("not_going")),
        ("不来", AnswerInWords("not_going")),
        ("去不了", AnswerInWords("not_going")),
        ("抱歉，去不了", AnswerInWords("not_going")),
        ("取消", AnswerInWords("not_going")),
        ("算了", AnswerInWords("not_going")),
        # guests
        ("+1", AnswerInWords("going", 1)),
        ("＋２", AnswerInWords("going", 2)),  # full width
        ("going +2", AnswerInWords("going", 2)),
        ("yes, plus one", AnswerInWords("going", 1)),
        ("with 2 friends", AnswerInWords("going", 2)),
        ("coming with my partner", AnswerInWords("going", 1)),
        ("and a friend", AnswerInWords("going", 1)),
        ("alone", AnswerInWords("going", 0)),
        ("+0", AnswerInWords("going", 0)),
        ("带两个人", AnswerInWords("going", 2)),
        ("去，带1人", AnswerInWords("going", 1)),
        ("我带个朋友", None),  # 个 alone counts nothing
        ("我带一个朋友一起来", AnswerInWords("going", 1)),
        ("带家属", AnswerInWords("going", 1)),
        ("一个人来", AnswerInWords("going", 0)),
        ("maybe +1", AnswerInWords("maybe")),  # nobody counts the guests of a maybe
        ("no, +1", AnswerInWords("not_going")),
        ("+100", None),
        # a number of the list
        ("2", AnswerInWords("going", number=2)),
        ("2 maybe", AnswerInWords("maybe", number=2)),
        ("2去", AnswerInWords("going", number=2)),
        ("2. 去", AnswerInWords("going", number=2)),
        ("#3 no", AnswerInWords("not_going", number=3)),
        ("2 +1", AnswerInWords("going", 1, 2)),
        ("2号 带两个人", AnswerInWords("going", 2, 2)),
        ("0 maybe", None),  # lists begin with 1
        ("222 maybe", None),  # and end sooner
        # no answers
        ("no problem, I'm going", AnswerInWords("going")),  # "no problem" is no no
        ("yes no", None),  # which?
        ("what is this?", None),
        ("这是什么活动", None),
        ("20 seats", None),
        ("<b>going</b>", None),
        ("x" * 5_000, None),
        ("去" * 5_000, None),
    ],
)
def test_words_mean_an_answer_or_none(words: str, said: AnswerInWords | None) -> None:
    assert read_answer(words) == said


@given(st.text(max_size=200))
def test_no_words_raise(words: str) -> None:
    said = read_answer(words)

    assert said is None or said.answer in list(Answer)


def _phrasings() -> list[tuple[str, str | None]]:
    """Every phrasing of rsvp_phrasings.txt with what it means."""
    found: list[tuple[str, str | None]] = []
    meant = ""
    for line in Path(__file__).with_name("rsvp_phrasings.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            meant = line.strip("[]").split()[0]
        elif line and not line.startswith("#"):
            found += [(one.strip(), None if meant == "hint" else meant) for one in line.split(" | ")]
    return found


@pytest.mark.parametrize(("words", "meant"), _phrasings())
def test_what_people_say_is_taken_as_they_mean_it(words: str, meant: str | None) -> None:
    said = read_answer(words)

    assert (said.answer if said else None) == meant
