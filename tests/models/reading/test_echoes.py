from __future__ import annotations

import pytest

from models.reading.echoes import echoes


@pytest.mark.parametrize(
    "text",
    [
        "Following this, same problem here",
        "I'd love to know too",
        "Interested in this as well, please share",
        "Good luck with it!",
        "No idea, sorry",
        "同问",
        "我也想知道，蹲一个",
        "不太清楚",
    ],
)
def test_who_would_like_to_know_as_well_answers_nothing(text: str) -> None:
    assert echoes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kontist",
        "Kontraktor, two days",
        "Yes, we did",
        "Not sure, but the notary in Mitte did ours",
        "Good question, we used Kranz",
        "Hope it helps: 3 weeks at the port",
        "我们按床位收费，三个月一签",
        "不太清楚，不过可以问问周敏",
    ],
)
def test_what_tells_something_is_an_answer_however_it_begins(text: str) -> None:
    assert not echoes(text)
