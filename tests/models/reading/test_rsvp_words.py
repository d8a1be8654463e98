from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading.rsvp_words import Answer, Said, read_answer


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", Said("going")),  # the command alone
        ("going", Said("going")),
        ("YES!", Said("going")),  # loudly
        ("I'm in", Said("going")),  # with an apostrophe
        ("I’ll come", Said("going")),  # a curly one
        ("count me in, please", Said("going")),
        ("yes, we will come", Said("going")),  # two sayings that agree
        ("👍🏽", Said("going")),  # a coloured thumb is a thumb
        ("👍", Said("going")),
        ("✔", None),  # not one of the signs of the card
        ("maybe", Said("maybe")),
        ("interested", Said("maybe")),
        ("not sure yet", Said("maybe")),
        ("I might come", Said("maybe")),
        ("I will not come", Said("not_going")),
        ("thanks", None),  # polite, but no answer
        ("no", Said("not_going")),
        ("can't", Said("not_going")),
        ("I cannot make it", Said("not_going")),
        ("not going", Said("not_going")),
        ("sorry, can't make it this time", Said("not_going")),
        ("Sorry, can't make it!", Said("not_going")),
        ("out", Said("not_going")),
        ("去", Said("going")),
        ("我去！", Said("going")),
        ("来", Said("going")),
        ("参加", Said("going")),
        ("报名", Said("going")),
        ("算我一个", Said("going")),
        ("我要参加啦", Said("going")),
        ("我们会来的，谢谢", Said("going")),
        ("待定", Said("maybe")),
        ("可能去吧", Said("maybe")),
        ("也许", Said("maybe")),
        ("感兴趣", Said("maybe")),
        ("不去", Said("not_going")),
        ("我不去了", Said("not_going")),
        ("不来", Said("not_going")),
        ("去不了", Said("not_going")),
        ("抱歉，去不了", Said("not_going")),
        ("取消", Said("not_going")),
        ("算了", Said("not_going")),
        # guests
        ("+1", Said("going", 1)),
        ("＋２", Said("going", 2)),  # full width
        ("going +2", Said("going", 2)),
        ("yes, plus one", Said("going", 1)),
        ("with 2 friends", Said("going", 2)),
        ("coming with my partner", Said("going", 1)),
        ("and a friend", Said("going", 1)),
        ("alone", Said("going", 0)),
        ("+0", Said("going", 0)),
        ("带两个人", Said("going", 2)),
        ("去，带1人", Said("going", 1)),
        ("我带个朋友", None),  # 个 alone counts nothing
        ("我带一个朋友一起来", Said("going", 1)),
        ("带家属", Said("going", 1)),
        ("一个人来", Said("going", 0)),
        ("maybe +1", Said("maybe")),  # nobody counts the guests of a maybe
        ("no, +1", Said("not_going")),
        ("+100", None),
        # a number of the list
        ("2", Said("going", number=2)),
        ("2 maybe", Said("maybe", number=2)),
        ("2去", Said("going", number=2)),
        ("2. 去", Said("going", number=2)),
        ("#3 no", Said("not_going", number=3)),
        ("2 +1", Said("going", 1, 2)),
        ("2号 带两个人", Said("going", 2, 2)),
        ("0 maybe", None),  # lists begin with 1
        ("222 maybe", None),  # and end sooner
        # no answers
        ("no problem, I'm going", Said("going")),  # "no problem" is no no
        ("yes no", None),  # which?
        ("what is this?", None),
        ("这是什么活动", None),
        ("20 seats", None),
        ("<b>going</b>", None),
        ("x" * 5_000, None),
        ("去" * 5_000, None),
    ],
)
def test_words_mean_an_answer_or_none(words: str, said: Said | None) -> None:
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
