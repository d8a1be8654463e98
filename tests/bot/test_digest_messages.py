from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.messages import digests as messages
from bot.messages import times
from bot.messages.reasons import reason as reason_in
from bot.texts.languages import LANGUAGES
from models.domain.digests.feedback import ShownItem
from models.domain.digests.items import Digest, Earlier, Gist, Item, Reason, Section
from models.domain.members.communities import Willingness
from models.domain.sending.addresses import Address
from models.reading.listing_kinds import ListingKind
from models.tables.member import Member
from models.tables.recommendation import Recommendation
from tests.models.domain.digests.test_needs_and_offers import card
from tests.models.domain.digests.test_reasons import ANA, answer, event, thread
from tests.stage import TEXTS, voice
from tests.village import NOW

AT = (NOW - timedelta(days=3)).isoformat()
# Every reason there is, with values as reasons.py makes them.
REASONS = [
    Reason("you_answered", {"word": "log<b>istics", "at": AT, "n": 2}),
    Reason("you_asked", {"word": "logistics", "at": AT, "n": 1}),
    Reason("you_wrote", {"word": "logistics", "at": AT, "n": 3}),
    Reason("unanswered"),
    Reason("popular", {"n": 5}),
    Reason("friends_go", {"names": ["Jo <b>", "Ana"], "n": 2}),
    Reason("many_go", {"n": 5}),
    Reason("you_go"),
]
ASKED = REASONS[1]


def read(facts: Any, reason: Reason = ASKED, section: Section = Section.READ) -> Item:
    return Item(facts, section, (reason,), "content", 0.1)


def say(*items: Item, language: str = "en", is_cold: bool = False) -> dict[str, Any]:
    digest = Digest(Member(id=1, name="Mia"), 1, items, is_cold)
    rows = [Recommendation(id=10 + position) for position in range(len(items))]
    return messages.digest(voice(language), digest, rows, community="Founders", now=NOW).payload()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.key)
def test_every_reason_is_told_in_every_language(language: str, reason: Reason) -> None:
    told = reason_in(voice(language), reason.as_json(), section="digests", now=NOW)

    assert "{" not in told
    assert "<b>" not in told
    assert f"digests.data.{reason.key}" in TEXTS.keys(language)


def test_a_digest_reads_as_a_good_host_would_write_it() -> None:
    answered = thread(
        title="Delaware flip for a US fund?",
        answers=(answer(ANA), answer(4)),
        gist=Gist("Only after the term sheet, it took us four weeks", ANA, "Ana"),
    )
    open_one = thread(title="Stuck in customs, carrier silent", asked_at=NOW - timedelta(hours=5))
    soon = event(place="Café Kranz", starts_at=NOW + timedelta(days=2, hours=10))

    said = say(
        read(open_one, REASONS[0], Section.HELP),
        read(answered),
        Item(soon, Section.COMING, (Reason("friends_go", {"names": ["Jo", "Ana"], "n": 2}),), "calendar", 0.0),
    )["text"]

    assert _plain(said) == (
        "☀️ Founders · this week\n\n"
        "You could help\n"
        "1. Stuck in customs, carrier silent\n"
        "Jo · 5 h ago · no answer yet\n"
        "↳ You answered a question about log&lt;b&gt;istics on Friday\n\n"
        "Worth reading\n"
        "2. Delaware flip for a US fund?\n"
        "Jo · Fri · 2 answers\n"
        "“Only after the term sheet, it took us four weeks” (Ana)\n"
        "↳ You asked about logistics on Friday\n\n"
        "Coming up\n"
        "3. Demo night\n"
        "Wed 4 Mar, 19:00 (UTC) · Café Kranz\n"
        "↳ Jo and Ana are going\n\n"
        "Tap a number for more or less like it."
    )


def test_a_reason_that_several_share_stands_once_above_them() -> None:
    lines = _plain(say(read(thread(id=1)), read(thread(id=2)))["text"]).splitlines()

    assert lines[2:5] == ["Worth reading", "You asked about logistics on Friday:", "1. Which bank?"]
    assert str(lines).count("You asked about logistics") == 1


def test_a_reason_is_not_said_again_in_the_next_section() -> None:
    said = say(read(thread(id=1), section=Section.HELP), read(thread(id=2)))["text"]

    assert said.count("You asked about logistics") == 1


def test_answers_are_counted_only_where_all_are_known() -> None:
    answers = (answer(ANA), answer(4))

    assert "2 answers" in say(read(thread(answers=answers)))["text"]
    in_doubt = say(read(thread(answers=answers, may_be_answered=True)))["text"]
    assert "answered" in in_doubt
    assert "2" not in _plain(in_doubt)
    # What is said under a piece of news answers nothing.
    assert "answer" not in say(read(thread(title="We moved", is_question=False, answers=answers)))["text"]


def test_this_morning_is_left_out_of_what_is_told_on_another_day() -> None:
    told = {"title": "We closed our round this morning!", "is_question": False, "answers": (answer(ANA),)}

    assert "We closed our round!" in say(read(thread(**told)))["text"]
    assert "round this morning!" in say(read(thread(**told, asked_at=NOW - timedelta(hours=2))))["text"]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Asked before, on 1 Feb: “Only after the term sheet” (Ana)"),
        ("zh", "2月1日有人问过：“Only after the term sheet”（Ana）"),
    ],
)
def test_what_was_answered_before_is_told_with_its_day(language: str, line: str) -> None:
    before = thread(id=3, asked_at=NOW - timedelta(days=29), answers=(answer(ANA),)).talk
    again = thread(earlier=Earlier(before, Gist("Only after the term sheet", ANA, "Ana")))

    assert line in say(read(again), language=language)["text"]


def test_a_digest_of_a_day_is_called_todays() -> None:
    digest = Digest(Member(id=1, name="Mia"), 1, (read(thread()),), is_cold=False, is_of_a_day=True)

    said = messages.digest(voice("en"), digest, [Recommendation(id=1)], community="Founders", now=NOW).text

    assert said.startswith("☀️ <b>Founders</b> · today")


@pytest.mark.parametrize(
    ("hours", "ends_after", "place", "en", "zh"),
    [
        (0, None, "Café", "same time as 1", "和 1 同一时间"),
        (1, 2, "Café", "same time as 1", "和 1 同一时间"),
        # Without an end nobody knows whether they overlap.
        (1, None, "Café", "same evening as 1", "和 1 同一晚"),
        (2, 2, "Café", "same evening as 1", "和 1 同一晚"),
        # Whose evening it is, is not known of what one joins from anywhere.
        (2, 2, "Zoom", None, None),
        (24, None, "Café", None, None),
        (-8, 1, "Café", None, None),
    ],
)
def test_events_of_one_evening_are_said_to_be(
    hours: float, ends_after: float | None, place: str, en: str | None, zh: str | None
) -> None:
    start = (NOW + timedelta(days=2)).replace(hour=18)
    ends_at = start + timedelta(hours=ends_after) if ends_after else None
    first = event(place="Hall", starts_at=start, ends_at=ends_at)
    second = event(id=5, place=place, starts_at=start + timedelta(hours=hours), is_online=place == "Zoom")
    why = Reason("many_go", {"n": 5})
    items = [Item(one, Section.COMING, (why,), "calendar", 0.0) for one in (first, second)]

    for language, told in (("en", en), ("zh", zh)):
        said = say(*items, language=language)["text"]
        assert told is None or told in said
        assert told is not None or ("same" not in said and "同一" not in said)


@pytest.mark.parametrize(
    ("language", "clock", "ends"),
    [
        ("en", "UTC", "⏳ ends today"),
        ("zh", "UTC", "⏳ 今天截止"),
        ("en", "Pacific/Auckland", "⏳ until Mon 2 Mar"),  # where it is Tuesday already
        ("en", None, "⏳ until Mon 2 Mar"),
        ("zh", None, "⏳ 3月2日 周一截止"),
    ],
)
def test_today_is_told_only_to_whose_day_it_is(language: str, clock: str | None, ends: str) -> None:
    facts = thread(title="Two desks free today", last_day=NOW.date())
    item = replace(read(facts), is_last_chance=True)
    digest = Digest(Member(id=1, name="Mia"), 1, (item,), is_cold=False, is_of_a_day=True)
    reader = replace(voice(language, clock or "UTC"), is_unsure=clock is None)

    evening = NOW.replace(hour=18)
    said = messages.digest(reader, digest, [Recommendation(id=1)], community="F", now=evening).text

    assert ends in said
    assert clock is not None or not any(word in said for word in ("today", "今"))


def test_a_question_that_may_be_answered_leaves_that_out() -> None:
    in_doubt = say(read(thread(may_be_answered=True)))["text"]

    assert "no answer yet" in say(read(thread()))["text"]
    assert "answer" not in in_doubt
    assert "回答" not in say(read(thread(may_be_answered=True)), language="zh")["text"]


def test_an_item_in_a_newcomers_digest_does_not_say_twice_that_it_waits() -> None:
    said = say(read(thread(), Reason("unanswered"), Section.HELP), is_cold=True)["text"]

    assert "Waiting for an answer" in said
    assert "Nobody has answered" not in said
    assert "I don't know your interests yet" in said


def test_the_most_and_longest_items_fit_into_one_message() -> None:
    words = "w" * 90
    facts = thread(title=words, author_name="N" * 60, answers=(answer(ANA),), gist=Gist("g" * 100, ANA, "A" * 60))
    items = [read(replace(facts, title=f"{words}{i}"), REASONS[i % 2]) for i in range(8)]

    said = say(*items)

    assert len(said["text"]) < 4096
    assert [len(row) for row in said["reply_markup"]["inline_keyboard"]] == [8, 3]


def test_a_basic_group_has_no_links_so_its_name_is_told() -> None:
    said = say(read(thread(address=Address("Old <club>", -55, 5))))["text"]

    assert "Which bank? <i>(in Old &lt;club&gt;)</i>" in said
    assert "<a href" not in said


def test_a_public_group_is_linked_by_its_handle_and_a_private_one_by_its_number() -> None:
    public = read(thread(address=Address("F", -1001234, 5, "founders")))
    private = read(thread(address=Address("F", -1001234, 5)))

    assert 'href="https://t.me/founders/5"' in say(public)["text"]
    assert 'href="https://t.me/c/1234/5"' in say(private)["text"]


@pytest.mark.parametrize(
    ("is_online", "told_to_chosen"),
    [
        (False, "19:00 Tokyo time"),  # a room's clock is everybody's
        (True, "11:00 Berlin time"),  # one joins from where one is
    ],
)
def test_an_event_stands_on_its_own_clock_unless_it_is_online_and_the_reader_chose_one(
    is_online: bool, told_to_chosen: str
) -> None:
    starts_at = datetime(2026, 3, 4, 19, tzinfo=ZoneInfo("Asia/Tokyo"))
    facts = event(starts_at=starts_at, time_zone="Asia/Tokyo", is_online=is_online)
    digest = Digest(Member(id=1), 1, (Item(facts, Section.COMING, (Reason("you_go"),), "calendar", 0.0),), False)
    rows = [Recommendation(id=1)]
    chosen = replace(voice("en"), zone=ZoneInfo("Europe/Berlin"), is_own_clock=True)

    told = [messages.digest(v, digest, rows, community="F", now=NOW).text for v in (voice("en"), chosen)]

    assert "19:00 Tokyo time" in told[0]
    assert told_to_chosen in told[1]


def test_why_names_each_source_once() -> None:
    rows = [
        Recommendation(id=i, position=i, source="content", reasons=[reason.as_json()])
        for i, reason in enumerate((REASONS[0], REASONS[0], ASKED))
    ]
    shown = [ShownItem(row, "Which bank?", "Jo") for row in rows]

    said = messages.why(voice("en"), shown, now=NOW, learned_until=None).text

    assert said.count("your answers in the last 120 days") == 1
    assert "Based on: your answers in the last 120 days; your questions in the last 120 days." in said


@pytest.mark.parametrize(
    ("passed", "en", "zh"),
    [
        (timedelta(minutes=5), "5 m ago", "5 分钟前"),
        (timedelta(hours=23), "23 h ago", "23 小时前"),
        (timedelta(hours=25), "1 day ago", "1 天前"),
        (timedelta(days=3), "3 days ago", "3 天前"),
        (timedelta(days=13, hours=23), "14 days ago", "14 天前"),
    ],
)
def test_who_never_said_their_clock_is_told_no_day(passed: timedelta, en: str, zh: str) -> None:
    for language, said in (("en", en), ("zh", zh)):
        unsure = replace(voice(language), is_unsure=True).near("Europe/Berlin")
        assert (times.ago(unsure, NOW - passed, NOW), times.back_then(unsure, NOW - passed, NOW)) == (said, said)


@pytest.mark.parametrize(
    ("passed", "en", "zh"),
    [
        (timedelta(hours=3), "today", "今天"),
        (timedelta(hours=20), "yesterday", "昨天"),
        (timedelta(days=3), "on Friday", "周五"),
        (timedelta(days=12), "on 18 Feb", "2月18日"),
        (timedelta(days=70), "in December", "12月"),
    ],
)
def test_a_date_in_a_reason_is_as_exact_as_people_remember(passed: timedelta, en: str, zh: str) -> None:
    assert times.back_then(voice("en"), NOW - passed, NOW) == en
    assert times.back_then(voice("zh"), NOW - passed, NOW) == zh


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


def _plain(html: str) -> str:
    import re

    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("language", "heading", "line"),
    [
        ("en", "You could help", "1. 🙏 a customs broker\nJo · Sun · 📍 Gdańsk · ⏳ until Wed 4 Mar"),
        ("zh", "你可能帮得上", "1. 🙏 a customs broker"),
    ],
)
def test_a_need_is_told_with_what_its_card_says(language: str, heading: str, line: str) -> None:
    view = replace(card().view, place="Gdańsk", until_at=NOW.replace(hour=0) + timedelta(days=3))
    facts = card(view=view)
    reason = Reason("field_answered", {"field": "logistics", "at": AT, "n": 2})

    said = _plain(say(Item(facts, Section.HELP, (reason,), "field", 0.0), language=language)["text"])

    assert f"{heading}\n{line}" in said


def test_an_offer_has_a_heading_of_its_own() -> None:
    reason = Reason("field_raised", {"field": "logistics", "at": AT, "n": 2})

    said = _plain(say(Item(card(ListingKind.OFFER), Section.OFFER, (reason,), "field", 0.0))["text"])

    assert "On offer\n1. 🎁 a customs broker" in said
