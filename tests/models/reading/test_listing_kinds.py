"""Whether chat messages are needs or offers, against the table listing_messages.txt."""

import time
from pathlib import Path

import pytest

from models.reading.listing_kinds import ListingKind, kind_of_listing

ROWS = [
    row
    for row in (Path(__file__).parent / "listing_messages.txt").read_text("utf-8").splitlines()
    if " | " in row and row[0] != "#"
]


@pytest.mark.parametrize("row", ROWS)
def test_a_message_is_a_need_an_offer_or_none(row: str) -> None:
    right, _, message = row.partition(" | ")

    assert kind_of_listing(message.replace("\\n", "\n")) is (None if right == "none" else ListingKind(right))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\u202e",
        "🙏" * 5_000,
        "we need a " * 500,
        "有" * 5_000,
        "有" * 500,
        "a good " * 60,
        "/need a desk",
        "/offer",
    ],
    ids=lambda text: text[:6],
)
def test_nothing_is_noticed_in_noise_and_quickly_so(text: str) -> None:
    kind_of_listing("we need a desk")
    before = time.process_time()

    assert kind_of_listing(text) is None
    assert time.process_time() - before < 0.2
