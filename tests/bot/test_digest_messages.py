from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.messages import digests as messages
from bot.texts.languages import LANGUAGES
from models.domain.digests import reasons
from models.domain.digests.items import Address, Digest, Item, Personal, Reason
from models.domain.members.communities import Willingness
from models.tables.member import Member
from models.tables.recommendation import Recommendation
from tests.models.domain.digests.test_reasons import event, thread
from tests.stage import TEXTS, voice
from tests.village import NOW

# Every reason there is, with values as reasons.py makes them.
KNOWN = {"name": "Jo <b>", "n": 3, "member_id": 2}
REASONS = [
    Reason("answered_author", KNOWN),
    Reason("author_answered_you", KNOWN),
    Reason("answered_participant", KNOWN),
    Reason("answered_going", KNOWN),
    Reason("topic", {"word": "logistics", "n": 2}),
    Reason("unanswered"),
    Reason("people", {"n": 5}),
    Reason("popular", {"n": 5}),
    Reason("event_today", {"n": 0}),
    Reason("event_tomorrow", {"n": 1}),
    Reason("event_in_days", {"n": 4}),
]


def say(*items: Item, language: str = "en", is_cold: bool = False) -> dict[str, Any]:
    digest = Digest(Member(id=1, name="Mia"), 1, items, is_cold)
    rows = [Recommendation(id=10 + position) for position in range(len(items))]
    return messages.digest(voice(language), digest, rows, community="Founders").payload()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.key)
def test_every_reason_is_told_in_every_language_short_and_in_full(language: str, reason: Reason) -> None:
    short = say(Item(thread(), (reason,), "content", 0.1), language=language)["text"]
    full = messages.reason(voice(language), reason.as_json())

    assert "{" not in short + full
    assert "<b>" not in full
    assert f"digests.data.{reason.key}" in TEXTS.keys(language)


def test_the_most_and_longest_items_fit_into_one_message() -> None:
    words = "long words of a long message " * 200
    item = Item(thread(text=words, author_name="N" * 60), tuple(REASONS[:2]), "content", 0.1)

    said = say(*[item] * 7)

    assert len(said["text"]) < 4096
    assert [len(row) for row in said["reply_markup"]["inline_keyboard"]] == [7, 3]


def test_a_basic_group_has_no_links_so_its_name_is_told() -> None:
    item = Item(thread(address=Address("Old <club>", -55, 5)), (Reason("unanswered"),), "content", 0.1)

    said = say(item)["text"]

    assert "Which bank? <i>(in Old &lt;club&gt;)</i>" in said
    assert "<a href" not in said


def test_a_public_group_is_linked_by_its_handle_and_a_private_one_by_its_number() -> None:
    public = Item(thread(address=Address("F", -1001234, 5, "founders")), (Reason("unanswered"),), "content", 0.1)
    private = Item(thread(address=Address("F", -1001234, 5)), (Reason("unanswered"),), "content", 0.1)

    assert 'href="https://t.me/founders/5"' in say(public)["text"]
    assert 'href="https://t.me/c/1234/5"' in say(private)["text"]


def test_an_event_says_when_and_where() -> None:
    facts = event(place="Café Kranz", starts_at=NOW + timedelta(days=2, hours=10))
    [soon] = reasons.for_event(facts, Personal(), {}, now=NOW, zone=NOW.tzinfo)  # type: ignore[arg-type]

    said = say(Item(facts, (soon,), "calendar", 0.0))["text"]

    assert "📅 <b>Demo night</b>" in said
    assert "Café Kranz · in 2 days" in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("two\n\nlines", "two lines"),
        ("word " * 40, "word " * 22 + "word…"),
        # No spaces to cut at.
        ("字" * 200, "字" * 119 + "…"),
    ],
)
def test_a_long_message_is_cut_at_a_word(text: str, shown: str) -> None:
    assert messages.shortened(text) == shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("n_yes", "is_quiet"), [(2, False), (9, False), (10, True), (181, True)])
def test_with_few_yeses_it_is_consent_that_is_missing_and_not_news(language: str, n_yes: int, is_quiet: bool) -> None:
    payload = messages.quiet(voice(language), Willingness(n_yes, 181), community="Founders").payload()

    assert ("181" in payload["text"]) is not is_quiet
    assert "Founders" in payload["text"]


@pytest.mark.parametrize(
    ("n_yes", "n_members", "is_thin"),
    [(0, 0, False), (1, 1, False), (1, 2, True), (2, 3, True), (3, 5, False), (3, 30, True), (6, 30, False)],
)
def test_what_counts_as_few_grows_with_the_community_up_to_a_point(n_yes: int, n_members: int, is_thin: bool) -> None:
    assert Willingness(n_yes, n_members).is_thin is is_thin
