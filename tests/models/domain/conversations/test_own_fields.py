from __future__ import annotations

from datetime import timedelta

from models.domain.conversations.own_fields import Choices, Talks, Trace
from models.reading.fields import Field
from tests.village import NOW

AI, DESIGN, LEGAL = Field.AI, Field.DESIGN, Field.LEGAL


def joined(*fields: Field) -> Talks:
    talks = Talks()
    for day, field in enumerate(fields):
        talks.take_part(day, {field}, NOW + timedelta(days=day), begins=False, solves=False)
    return talks


def test_a_talk_or_two_that_others_began_are_no_field_of_theirs() -> None:
    assert joined(AI, AI).own() == set()
    assert joined(AI, AI, AI, AI).own() == {AI}


def test_two_answers_are() -> None:
    talks = Talks()
    for number in range(2):
        talks.take_part(number, {AI}, NOW, begins=False, solves=True)

    assert (talks.own(), talks.solutions[AI].n) == ({AI}, 2)


def test_who_began_a_talk_and_did_anything_more_about_it_cares_for_it() -> None:
    talks = joined(AI, AI, AI, AI)
    talks.take_part("own", {DESIGN}, NOW, begins=True, solves=False)
    assert talks.own() == {AI}
    talks.like("other", {DESIGN}, NOW)

    assert talks.own() == {AI, DESIGN}
    assert talks.openings == {DESIGN: Trace(NOW)}


def test_a_small_part_of_all_their_talks_is_none() -> None:
    assert joined(*[AI] * 25, *[LEGAL] * 4).own() == {AI}


def test_a_talk_counts_once_whatever_they_wrote_in_it() -> None:
    talks = joined(AI)
    for _ in range(3):
        talks.take_part("long", {AI}, NOW, begins=False, solves=True)

    assert (talks.contributions[AI].n, talks.solutions[AI].n) == (2, 1)


def test_a_talk_about_nothing_known_leaves_no_trace() -> None:
    talks = Talks()
    talks.take_part(1, set(), NOW, begins=True, solves=True)

    assert (talks.contributions, talks.own()) == ({}, set())


def test_reactions_are_evidence_too_but_less() -> None:
    talks = Talks()
    for number in range(5):
        talks.like(number, {AI}, NOW)
        talks.like(number, {AI}, NOW)
    talks.like("other", {LEGAL}, NOW)

    assert (talks.own(), talks.likes[AI].n, talks.contributions) == ({AI}, 5, {})


def test_what_is_about_two_fields_says_half_as_much_of_each() -> None:
    talks = Talks()
    talks.take_part(1, {AI, LEGAL}, NOW, begins=True, solves=False)
    for number in range(2, 4):
        talks.take_part(number, {AI}, NOW, begins=False, solves=True)

    assert talks.own() == {AI}


def test_a_question_answered_after_something_else_was_said_is_answered() -> None:
    talks = Talks()
    for solves in (False, True, True):
        talks.take_part(1, {AI}, NOW, begins=False, solves=solves)

    assert (talks.contributions[AI].n, talks.solutions[AI].n) == (1, 1)


def test_courtesies_are_no_part_in_a_talk_and_a_question_back_answers_nothing() -> None:
    talks, head = Talks(), "Which lawyer writes good contracts?"
    for talk, text in enumerate(
        (
            "thanks!",
            "welcome",
            "Which kind of contract?",
            "Interesting, we see it differently",
            "Ours at the station, fixed price",
        )
    ):
        talks.hear(text, NOW, talk=talk, head=head, is_first=False, answers=head)

    assert (talks.contributions[LEGAL].n, talks.solutions[LEGAL].n) == (2, 1)


def test_of_what_they_began_only_what_asks_is_a_question_of_theirs() -> None:
    talks = Talks()
    for talk, text in enumerate(("Which lawyer writes good contracts?", "Our contract template: https://example.org")):
        talks.hear(text, NOW, talk=talk, head=text, is_first=True)

    assert (talks.openings[LEGAL].n, talks.questions[LEGAL].n) == (2, 1)


def test_what_somebody_did_in_two_groups_adds_up() -> None:
    later = Talks()
    later.take_part("later", {AI}, NOW + timedelta(days=9), begins=False, solves=True)

    both = Talks.together([joined(AI, AI), later])

    assert both.contributions == {AI: Trace(NOW + timedelta(days=9), 3)}
    assert (both.solutions[AI].n, both.own(), Talks.together([]).own()) == (1, {AI}, set())


def test_who_welcomes_somebody_new_need_not_share_their_work() -> None:
    came = "嗨，赵雨晴，朋友介绍来的。我们做给小店用的智能客服，大模型和评测可以问我"
    newcomer, neighbour = Talks(), Talks()

    newcomer.hear(came, NOW, talk=1, head=came, is_first=True)
    neighbour.hear("欢迎来坐坐，我们办公室就在旁边", NOW, talk=1, head=came, is_first=False)

    assert set(newcomer.openings) == {AI}
    assert neighbour.contributions == {}


def test_what_they_say_of_their_fields_comes_before_what_they_talk_about() -> None:
    talks = joined(AI, AI, AI, AI, DESIGN, DESIGN, DESIGN, DESIGN)
    talks.choices = Choices(own=frozenset({LEGAL, AI}), denials=frozenset({DESIGN, AI}))

    assert talks.own() == {LEGAL}


def test_what_they_say_holds_over_several_groups() -> None:
    parts = [
        Talks(choices=Choices(frozenset({LEGAL}))),
        Talks(choices=Choices(denials=frozenset({AI}))),
        joined(*[AI] * 4),
    ]

    whole = Talks.together(iter(parts))

    assert whole.choices == Choices(frozenset({LEGAL}), frozenset({AI}))
    assert (whole.own(), whole.contributions[AI].n) == ({LEGAL}, 4)


def test_who_would_like_to_know_as_well_answers_nothing() -> None:
    talks, head = Talks(), "Which lawyer writes good contracts?"
    for talk, text in enumerate(("Following this, same problem here", "Good luck with it!", "Kranz")):
        talks.hear(text, NOW, talk=talk, head=head, is_first=False, answers=head)

    assert talks.solutions[LEGAL].n == 1
