"""When somebody sleeps, by the hours in which they never write."""

from __future__ import annotations

import pytest

from models.database import Database
from models.domain.members import sleep
from tests.village import NOW, Village

# Messages by hour of UTC.
IN_SHANGHAI = dict.fromkeys([*range(1, 16)], 4)
AT_THE_OFFICE = dict.fromkeys([*range(8, 17)], 5)


def test_the_middle_of_the_longest_silence_is_the_night() -> None:
    # Silent from 16 to 1 h UTC, midnight to nine in Shanghai: 17 to 23 h UTC are one to eight o'clock there.
    assert sleep.night(IN_SHANGHAI) == {17, 18, 19, 20, 21, 22, 23}
    # Who writes at the office alone is up in the evening, too.
    assert sleep.night(AT_THE_OFFICE) == {21, 22, 23, 0, 1, 2, 3}


@pytest.mark.parametrize(
    "n_by_hour",
    [{}, {9: 12, 20: 12}, dict.fromkeys(range(24), 5), dict.fromkeys([0, 5, 10, 15, 20], 20)],
    ids=["silent", "few", "always", "no long silence"],
)
def test_without_a_long_silence_nothing_is_known(n_by_hour: dict[int, int]) -> None:
    assert sleep.night(n_by_hour) == frozenset()


def test_one_bad_night_is_no_habit() -> None:
    assert sleep.night(IN_SHANGHAI | {18: 1} | dict.fromkeys(range(1, 16), 20)) == sleep.night(IN_SHANGHAI)


async def test_hours_are_read_from_what_was_written(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        wei, mia = await village.learner("Wei"), await village.learner("Mia")
        for day in range(1, 4):
            for hour in range(1, 16):
                at = NOW.replace(hour=hour, minute=30) - sleep.LOOK_BACK / 60 * day
                await village.say(wei, "hello", sent_at=at)
        await village.say(mia, "hello")

        asleep = await sleep.hours_asleep(session, [wei.id, mia.id], now=NOW)

    assert asleep == {wei.id: {17, 18, 19, 20, 21, 22, 23}}
