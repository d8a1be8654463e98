from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from models.domain.conversations.description import Answer, Conversation, Words
from models.domain.conversations.own_fields import Talks, Trace
from models.domain.digests import reasons
from models.domain.digests.interests import Reader
from models.domain.digests.items import EventFacts, Gist, ThreadFacts
from models.domain.sending.addresses import Address
from models.reading.fields import Field
from models.reading.text_kinds import TextKind
from tests.village import NOW

MIA, JO, ANA, BEN = 1, 2, 3, 4
NAMES = {JO: "Jo", ANA: "Ana", BEN: "Ben"}
LATELY = NOW - timedelta(days=3)


def answer(who: int, text: str = "Ours, in Leipzig", *, is_thanked: bool = False) -> Answer:
    return Answer(Words(20 + who, 20 + who, who, LATELY, text), frozenset(), is_thanked)


def talk(**values: Any) -> Conversation:
    """Jo's open question of three days ago."""
    defaults: dict[str, Any] = {
        "thread_id": 9,
        "chat_id": 1,
        "topic_id": None,
        "head": Words(5, 5, JO, LATELY, "Which bank?"),
        "kind": TextKind.QUESTION,
        "author_id": JO,
        "asked_at": LATELY,
        "last_at": LATELY,
        "last_spoke": {JO: LATELY},
        "participants": frozenset({JO}),
        "answers": (),
        "is_question": True,
        "is_open": True,
        "may_be_answered": False,
        "is_small_talk": False,
    }
    made = {**defaults, **values}
    if "answers" in values and "is_open" not in values:
        made["is_open"] = not values["answers"]
        made["is_settled"] = values.get("is_settled", False) or any(one.is_thanked for one in values["answers"])
    return Conversation(**made)


def thread(**values: Any) -> ThreadFacts:
    of_talk = {name: values.pop(name) for name in list(values) if name in Conversation.__slots__}
    if "id" in values:
        of_talk["thread_id"] = values.pop("id")
    defaults: dict[str, Any] = {
        "talk": talk(**of_talk),
        "title": "Which bank?",
        "author_name": "Jo",
        "address": Address("Founders", -1001, 5),
        "terms": {"bank": "banks"},
        "rare": frozenset({"bank", "visa"}),
        "gist": _gist(of_talk.get("answers", ())),
    }
    return ThreadFacts(**{**defaults, **values})


def _gist(answers: Sequence[Answer]) -> Gist | None:
    """What the first of these says."""
    first = answers[0].words if answers else None
    return Gist(first.text or "", first.member_id, NAMES.get(first.member_id, "?")) if first else None


def event(**values: Any) -> EventFacts:
    defaults: dict[str, Any] = {
        "id": 4,
        "author_id": JO,
        "author_name": "Jo",
        "title": "Demo night",
        "address": None,
        "place": None,
        "starts_at": NOW + timedelta(days=2),
        "time_zone": "UTC",
        "going": frozenset(),
        "terms": {},
    }
    return EventFacts(**{**defaults, **values})


@pytest.mark.parametrize(
    ("facts", "reader", "key"),
    [
        # A stranger's question about something the reader never spoke of.
        (thread(), Reader(), None),
        (thread(), Reader(answers={"lawyer": Trace(LATELY)}), None),
        # Company alone is no reason, however often they answer each other.
        (thread(), Reader(company={JO: 12}), None),
        (thread(), Reader(answers={"bank": Trace(LATELY)}), "you_answered"),
        (thread(), Reader(asks={"bank": Trace(LATELY)}), "you_asked"),
        # One message about a thing is no interest.
        (thread(), Reader(wrote={"bank": Trace(LATELY)}), None),
        (thread(), Reader(wrote={"bank": Trace(LATELY, 2)}), "you_wrote"),
        # The strongest alone is told.
        (
            thread(),
            Reader(answers={"bank": Trace(LATELY)}, asks={"bank": Trace(LATELY)}, wrote={"bank": Trace(LATELY, 9)}),
            "you_answered",
        ),
    ],
)
def test_a_reason_is_something_the_reader_did_themselves(facts: ThreadFacts, reader: Reader, key: str | None) -> None:
    made = reasons.for_thread(facts, reader)

    assert (made.key if made else None) == key


def test_one_common_word_in_common_is_no_reason_unless_it_came_up_again_or_among_company() -> None:
    facts = thread(rare=frozenset(), terms={"investor": "investors", "visa": "visas"})
    once = {"investor": Trace(LATELY)}

    assert reasons.for_thread(facts, Reader(asks=once)) is None
    assert reasons.for_thread(facts, Reader(asks={"investor": Trace(LATELY, 2)})) is not None
    assert reasons.for_thread(facts, Reader(asks={**once, "visa": Trace(LATELY)})) is not None
    assert reasons.for_thread(facts, Reader(asks=once, company={JO: reasons.FEW_ANSWERS})) is not None


def test_a_reason_names_the_word_as_the_thread_has_it_and_when_it_was_last_the_readers() -> None:
    facts = thread(terms={"bank": "banks", "visa": "visas"})
    reader = Reader(asks={"bank": Trace(LATELY, 3), "visa": Trace(NOW, 1)})

    made = reasons.for_thread(facts, reader)

    assert made is not None
    assert made.as_json() == {
        "key": "you_asked",
        "values": {"word": "banks", "at": LATELY.isoformat(), "n": 3},
        "about": [],
    }


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, "unanswered"),
        # Somebody spoke right after it, and we may not read what: then nothing is claimed.
        ({"may_be_answered": True}, None),
        ({"answers": (answer(ANA),)}, None),
        ({"last_spoke": dict.fromkeys((JO, ANA, BEN), LATELY)}, "popular"),
        # Last week's crowd is no news.
        ({"last_spoke": dict.fromkeys((JO, ANA, BEN), NOW - timedelta(days=9))}, "unanswered"),
    ],
)
def test_of_whom_nothing_is_known_reads_what_waits_or_what_many_talk_about(
    values: dict[str, Any], key: str | None
) -> None:
    made = reasons.for_newcomer(thread(**values), Reader(), since=NOW - timedelta(days=7))

    assert (made.key if made else None) == key


def test_who_has_company_already_reads_of_talks_among_it() -> None:
    busy = thread(last_spoke=dict.fromkeys((JO, ANA, BEN), LATELY), participants=frozenset({JO, ANA, BEN}))

    def told(company: dict[int, int]) -> bool:
        return reasons.for_newcomer(busy, Reader(company=company), since=NOW - timedelta(days=7)) is not None

    assert (told({}), told({ANA: 1}), told({77: 5})) == (True, True, False)


@pytest.mark.parametrize(
    ("values", "reader", "key"),
    [
        # A date is no reason, and neither is a crowd of strangers.
        ({"going": frozenset({JO, ANA, BEN})}, Reader(), None),
        ({"going": frozenset({ANA})}, Reader(company={ANA: 2}), "friends_go"),
        ({"terms": {"bank": "banks"}}, Reader(asks={"bank": Trace(LATELY)}), "you_asked"),
        ({}, Reader(going_to=frozenset({4})), "you_go"),
        # Who hosts it knows of it.
        ({"author_id": MIA}, Reader(going_to=frozenset({4})), None),
    ],
)
def test_an_event_needs_a_real_why(values: dict[str, Any], reader: Reader, key: str | None) -> None:
    made = reasons.for_event(event(**values), reader, MIA, NAMES)

    assert (made.key if made else None) == key


def test_friends_are_named_most_answered_first_and_a_mute_of_one_stops_the_reason() -> None:
    facts = event(going=frozenset({JO, ANA, BEN}))
    reader = Reader(company={JO: 1, ANA: 5, BEN: 2})

    made = reasons.for_event(facts, reader, MIA, NAMES)
    muted = reasons.for_event(facts, reader, MIA, NAMES, muted_people={ANA})
    nameless = reasons.for_event(facts, reader, MIA, {})

    assert made is not None
    assert made.values["names"] == ["Ana", "Ben"]
    assert made.about == (f"person:{ANA}", f"person:{BEN}")
    assert muted is not None
    assert muted.values["names"] == ["Ben", "Jo"]
    assert nameless is None


def test_many_going_is_a_reason_for_newcomers_from_three_on() -> None:
    assert reasons.many_go(event(going=frozenset({JO, ANA}))) is None
    assert reasons.many_go(event(going=frozenset({JO, ANA, BEN}))).values == {"n": 3}  # type: ignore[union-attr]


def talks_on(*fields: Field, solves: bool = False, begins: bool = False, n: int = 4) -> Talks:
    talks = Talks()
    for field in fields:
        for number in range(n):
            talks.take_part((field, number), {field}, LATELY, begins=begins, solves=solves)
    return talks


@pytest.mark.parametrize(
    ("talks", "key"),
    [
        (talks_on(Field.FINANCE), "field_joined"),
        (talks_on(Field.FINANCE, begins=True), "field_raised"),
        (talks_on(Field.FINANCE, solves=True), "field_answered"),
        # What others' work is about is no reason, whatever word it has in common.
        (talks_on(Field.LEGAL), None),
    ],
)
def test_a_field_of_the_readers_is_a_reason_by_the_strongest_they_did_about_it(talks: Talks, key: str | None) -> None:
    facts = thread(fields=frozenset({Field.FINANCE}), rare=frozenset())
    reader = Reader(talks=talks, wrote={"bank": Trace(LATELY, 1)}, company={JO: 5})

    made = reasons.for_thread(facts, reader)

    assert (made.key if made else None) == key
    if made:
        assert made.as_json()["values"] == {"field": "finance", "at": LATELY.isoformat(), "n": 4}


@pytest.mark.parametrize(
    ("word", "rare", "key"),
    [
        # The name of a thing, and a Chinese word, stand well in a sentence; a plain English noun does not.
        ("IBAN", {"bank"}, "you_answered"),
        ("开户", {"bank"}, "you_answered"),
        ("bank", {"bank"}, "field_joined"),
        # A capital may only have begun a message; an investor is whom a question is about by the way; half a compound is no word.
        ("Wireframes", {"bank"}, "field_joined"),
        ("投资人", {"bank"}, "field_joined"),
        ("新手", {"bank"}, "field_joined"),
        # Nor does a word that everybody uses say more than the field.
        ("IBAN", set(), "field_joined"),
    ],
)
def test_a_rare_name_in_ones_own_field_says_more_than_the_field(word: str, rare: set[str], key: str) -> None:
    facts = thread(fields=frozenset({Field.FINANCE}), terms={"bank": word}, rare=frozenset(rare))
    reader = Reader(talks=talks_on(Field.FINANCE), answers={"bank": Trace(LATELY)})

    assert getattr(reasons.for_thread(facts, reader), "key", None) == key


@pytest.mark.parametrize(("word", "key"), [("签证", "you_answered"), ("投资人", None), ("新手", None)])
def test_outside_any_field_too_a_chinese_word_must_surely_be_what_was_talked_about(word: str, key: str | None) -> None:
    reader = Reader(answers={"visa": Trace(LATELY, 2)})

    assert getattr(reasons.for_thread(thread(terms={"visa": word}), reader), "key", None) == key


def test_a_rare_word_in_a_field_of_others_is_chance() -> None:
    facts = thread(fields=frozenset({Field.FINANCE}))
    reader = Reader(talks=talks_on(Field.AI), answers={"bank": Trace(LATELY)})

    assert reasons.for_thread(facts, reader) is None
    assert reasons.for_thread(facts, Reader(answers={"bank": Trace(LATELY)})) is not None


def test_an_event_of_another_field_stands_only_for_who_is_part_of_it() -> None:
    facts = event(fields=frozenset({Field.LEGAL}), going=frozenset({JO}))
    stranger = Reader(talks=talks_on(Field.AI), company={JO: 5})
    lawyer = Reader(talks=talks_on(Field.LEGAL))

    assert reasons.for_event(facts, stranger, MIA, NAMES) is None
    assert getattr(reasons.for_event(facts, lawyer, MIA, NAMES), "key", None) == "field_joined"
    assert getattr(reasons.for_event(event(going=frozenset({JO})), stranger, MIA, NAMES), "key", None) == "friends_go"
    assert reasons.for_event(facts, Reader(talks=talks_on(Field.AI), going_to=frozenset({4})), MIA, NAMES) is not None
