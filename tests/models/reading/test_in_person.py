from __future__ import annotations

import pytest

from models.reading.in_person import is_had_in_person, is_passed_on, thing_passed_on, zones_named


@pytest.mark.parametrize(
    ("text", "is_had"),
    [
        (
            "I have about 100 spare ESP32 boards left over from our last batch. Free for anybody building prototypes.",
            True,
        ),
        ("We have space for ten pallets in our Rotterdam warehouse until March. At cost for people here.", True),
        ("Two desks free in our office until Friday", True),
        ("多出来二十块开发板，谁要？", True),
        ("我们办公室空出两个工位，先到先得", True),
        # From anywhere.
        ("Our trademark got approved. Happy to share the filing text", False),
        ("I can review a pitch deck for the first three who write", False),
        ("30 spare boards left over, free for anybody, I can post them anywhere: we ship", False),
        ("多出来二十块开发板，谁要？包邮", False),
        ("我们律师周四有一小时免费咨询，还有三个名额", False),
        # Nobody offers anything.
        ("Which warehouse do you use?", False),
        ("仓库怎么选？", False),
    ],
)
def test_a_thing_or_a_room_is_had_where_it_is(text: str, is_had: bool) -> None:
    assert is_had_in_person(text) is is_had


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("We have space for ten pallets in our Rotterdam warehouse until March", "Europe/Amsterdam"),
        ("Berlin: two desks free until Friday", "Europe/Berlin"),
        ("深圳仓库还能放十个托盘", "Asia/Shanghai"),
        ("New York office, three desks free", "America/New_York"),
    ],
)
def test_the_place_it_names_is_found(text: str, zone: str) -> None:
    assert zone in zones_named(text)


@pytest.mark.parametrize(
    "text", ["I have 60 spare ESP32 boards left over", "Free for anybody", "多出来二十块开发板，谁要？"]
)
def test_what_names_no_place_is_nowhere_in_particular(text: str) -> None:
    assert zones_named(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("a used 3D printer for housings, filament included", True),
        ("podcast microphones to lend", True),
        ("old textbooks on contract law, to give away", True),
        ("出几张二手显卡", True),
        ("送一台旧打印机", True),
        ("两百个折叠纸箱，自提免费", True),
        # Somebody's work, time or room, whatever its words.
        ("half an hour on customs, I used to be a broker", False),
        ("一小时海关咨询", False),
        ("我们的电磁兼容暗室可以借半天，带工程师", False),
        ("a desk in our office", False),
    ],
)
def test_a_thing_that_changes_hands_is_no_help_with_anything_else(text: str, is_it: bool) -> None:
    assert is_passed_on(text) is is_it


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("podcast microphones to lend", "microphones"),
        ("a used 3D printer for housings, filament included", "printer"),
        ("200 folding cartons, free to collect", "cartons"),
        ("播客麦克风可以外借", "克风"),
        ("an hour on customs", None),
    ],
)
def test_a_thing_is_known_by_its_own_name(text: str, thing: str | None) -> None:
    assert thing_passed_on(text) == thing
