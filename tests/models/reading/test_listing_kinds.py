import pytest

from models.reading.listing_kinds import ListingKind, kind_of_listing

NEED, OFFER = ListingKind.NEED, ListingKind.OFFER

MESSAGES: list[tuple[str, ListingKind | None]] = [
    ("We're looking for a backend engineer, remote within two hours of Berlin time", NEED),
    ("周三前有没有人能帮我看看路演材料？", NEED),
    ("I have 40 spare BLE sensors left over from our last batch. Free for anybody building prototypes.", OFFER),
    ("我们律师周四有一小时免费咨询，还有三个名额，谁要？", OFFER),
    ("we need to talk", None),
    ("I need coffee", None),
    ("How do you find a good lawyer?", None),
]


@pytest.mark.parametrize(("text", "right"), MESSAGES, ids=[text for text, _ in MESSAGES])
def test_a_message_is_a_need_an_offer_or_none(text: str, right: ListingKind | None) -> None:
    assert kind_of_listing(text) is right
