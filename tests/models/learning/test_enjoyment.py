from dataclasses import replace

import numpy as np
import pytest

from models.learning.arrays import DAY
from models.learning.enjoyment import dislikes_host, expectation
from models.learning.gatherings import Answers, Gatherings, Ratings
from models.learning.invitation_scores import Moment, moment

MIA, JO, WEI, ANA, BEN = range(1, 6)


def _at(*stars: tuple[int, float, int, int], words: tuple[tuple[int, int], ...] = ()) -> Moment:
    """Event 4 of host Ana on day 100, after ratings of (member, day, event, stars); events 0 to 2 were hers, 3 was Ben's."""
    rows = [(member, event) for event in range(4) for member in (MIA, JO)]
    member, at, event, given = zip(*stars, strict=True) if stars else ((), (), (), ())
    history = Gatherings(
        members=np.arange(1, 6),
        starts_at=np.arange(5) * DAY,
        host=np.array([ANA, ANA, ANA, BEN, ANA]),
        answers=Answers(
            np.array([one for one, _ in rows]),
            np.array([event * DAY for _, event in rows], dtype=float),
            np.array([event for _, event in rows]),
            np.ones(len(rows)),
            np.zeros(len(rows)),
        ),
        ratings=Ratings(np.array(member), np.array(at) * DAY, np.array(event), np.array(given)),
        word_event=np.array([event for event, _ in words], dtype=np.int64),
        word=np.array([word for _, word in words], dtype=np.int64),
    )
    return moment(history, 4, 100 * DAY)


def test_without_ratings_everybody_likes_everything_as_usual():
    assert expectation(_at()).tolist() == [0.75] * 5


def test_own_stars_for_the_host_outweigh_the_usual_slowly():
    found = expectation(_at((WEI, 1, 0, 1), (WEI, 2, 1, 1)))

    # Usual: .75 as of five, and two of one star: 3.75 / 7. Wei: three of the usual and two of nothing; nobody is Wei's company.
    usual = 3.75 / 7
    assert found == pytest.approx([usual, usual, 3 * usual / 5, usual, usual])


def test_company_of_a_rater_is_told_a_little():
    found = expectation(_at((MIA, 1, 0, 5)))

    # Mia and Jo were at four events together: full company, a quarter of an own rating.
    usual = 4.75 / 6
    assert found[JO - 1] == pytest.approx((3 * usual + 0.25) / 3.25)
    assert found[MIA - 1] == pytest.approx((3 * usual + 1) / 4)
    assert found[WEI - 1] == pytest.approx(usual)


def test_stars_for_another_hosts_event_count_by_the_words_it_shares():
    words = ((3, 70), (3, 71), (4, 70))

    found = expectation(_at((WEI, 3, 3, 5), words=words))

    # One word of two is shared with the one of this event: 1 / sqrt(2), of which half counts.
    usual, weight = 4.75 / 6, 0.5 / np.sqrt(2)
    assert found[WEI - 1] == pytest.approx((3 * usual + weight) / (3 + weight))


@pytest.mark.parametrize(
    ("stars", "dislikes"),
    [
        ([(WEI, 1, 0, 1)], True),
        ([(WEI, 1, 0, 1), (WEI, 2, 1, 2)], True),
        ([(WEI, 1, 0, 1), (WEI, 2, 1, 4)], False),  # the mean is above two
        ([(WEI, 3, 3, 1)], False),  # that was another host
        ([(WEI, 101, 0, 1)], False),  # not yet
        ([], False),
    ],
)
def test_a_host_is_disliked_for_the_last_events(stars, dislikes):
    found = dislikes_host(_at(*stars))

    assert found.tolist() == [False, False, dislikes, False, False]


def test_only_the_newest_three_stars_say_whether_a_host_is_disliked():
    at = _at((WEI, 1, 0, 5), (WEI, 2, 1, 2), (WEI, 3, 2, 2))
    more = Ratings(np.full(4, WEI), np.array([1.0, 2, 3, 4]) * DAY, np.array([0, 1, 2, 0]), np.array([5, 2, 2, 1]))

    later = replace(at, history=replace(at.history, ratings=more))

    assert not dislikes_host(at)[WEI - 1]
    assert dislikes_host(later)[WEI - 1]
