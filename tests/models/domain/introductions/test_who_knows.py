"""Who may know it: found in both scripts by what they said, told without a name, and not found by whom it is no use to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database, keys_of_session
from models.domain.digests import feedback
from models.domain.erasure import personal_data
from models.domain.introductions import inquiries, introductions, proposals, who_knows
from models.domain.introductions.inquiries import MOST_ASKED, MOST_TURNS, Knower, TooManyAsked
from models.domain.introductions.proposals import Answer
from models.domain.members import consent
from models.domain.profiles import profiles
from models.domain.profiles.validity import stands, still_stand
from models.tables.consent import Purpose, Way
from models.tables.inquiry import Inquiry
from models.tables.introduction import IntroductionKind, IntroductionSide
from models.tables.member import Member, MuteKind
from models.tables.profile import ProfileFact
from tests.factories import make_event
from tests.village import NOW, Village

# What somebody asked, and what each expert answered.
ANSWERS = {
    "Priya": (
        "How long does CE marking take for a medical device?",
        "ours took fourteen months with the notified body",
    ),
    "Tomas": ("Has anybody flipped to Delaware?", "flip only after the term sheet, it took us four weeks"),
    "Kofi": ("Who makes enclosures in small runs?", "a shop in Lodz does aluminium from fifty pieces"),
    "Ana": ("Which bookkeeper for a UG?", "Frau Seidel, she files the annual accounts too"),
    "Wei": ("二类医疗器械注册要多久？", "我们走了十一个月，临床豁免的话更快"),
    "Min": ("上海有小批量的保税仓吗？", "外高桥那家可以，五十单起"),
    "Lin": ("小程序备案被驳回怎么办？", "主体信息要和营业执照一致，改了就过了"),
    "Jo": ("How do you price a pilot?", "a flat fee for three months, deducted later"),
    "Sam": ("What do you use for on-call alerts?", "grafana with a rota, nothing else"),
}
QUESTIONS = {
    "who knows EU medical-device approval?": {"Priya"},
    "anybody here done a CE mark?": {"Priya"},
    "who has flipped their company to Delaware?": {"Tomas"},
    "enclosure makers for a small batch": {"Kofi"},
    "looking for a good bookkeeper": {"Ana"},
    "谁懂医疗器械注册？": {"Wei"},
    "誰懂醫療器械註冊？": {"Wei"},
    "保税仓有人用过吗": {"Min"},
    "小程序怎么备案": {"Lin"},
    "how should I price pilots?": {"Jo"},
    "who runs grafana alerts": {"Sam"},
}


async def club(session: AsyncSession) -> tuple[Village, Member, dict[str, Member]]:
    village = await Village.found(session)
    asker = await village.learner("Mia")
    beginner = await village.learner("Beginner")
    people = {name: await village.learner(name) for name in ANSWERS}
    for name, (question, answer) in ANSWERS.items():
        asked = await village.say(beginner, question, hours_ago=200)
        await village.say(people[name], answer, hours_ago=199, reply_to=asked)
        await village.say(people[name], "thank you!", hours_ago=150)
    return village, asker, people


async def find(session: AsyncSession, village: Village, asker: Member, question: str) -> list[Knower]:
    where = {"asker_id": asker.id, "community_id": village.community.id, "now": NOW}
    return await who_knows.find(session, question, **where)


async def test_who_answered_it_is_found_in_either_script_and_first(database: Database) -> None:
    async with database.transaction() as session:
        village, asker, _ = await club(session)

        first = {}
        for question in QUESTIONS:
            found = await find(session, village, asker, question)
            first[question] = {one.member.name for one in found[:1]}

        assert first == QUESTIONS


@pytest.mark.parametrize("question", ["who breeds quokkas?", "谁会修钢琴？", "who can help me?"])
async def test_nobody_is_nobody(database: Database, question: str) -> None:
    async with database.transaction() as session:
        village, asker, _ = await club(session)

        assert await find(session, village, asker, question) == []


async def test_where_nobody_said_it_those_are_found_who_answer_in_its_field(database: Database) -> None:
    async with database.transaction() as session:
        village, asker, people = await club(session)
        for n in range(2):
            asked = await village.say(people["Sam"], f"哪个律师事务所看合同比较快？{n}", hours_ago=80 + n)
            await village.say(people["Lin"], "我们一直用的那家两天就回", hours_ago=79 + n, reply_to=asked)

        [found] = await find(session, village, asker, "who knows a lawyer for shareholder agreements?")

        assert found.member.name == "Lin"
        assert found.topic == {"field": "legal"}


async def test_what_is_told_names_nobody_and_quotes_nothing(database: Database) -> None:
    async with database.transaction() as session:
        village, asker, people = await club(session)
        await make_event(
            session,
            village.community,
            title="CE marking evening",
            host_id=people["Priya"].id,
            starts_at=NOW - timedelta(days=60),
            created_at=NOW - timedelta(days=80),
        )

        [priya] = await find(session, village, asker, "who knows about CE marking?")

        values = {"topic": {"words": ["CE marking"]}, "n": 1}
        assert priya.for_asker == [
            {"key": "they_answered", "values": {**values, "lately": "month"}, "about": []},
            {"key": "they_hosted", "values": {**values, "lately": "quarter"}, "about": []},
        ]
        assert [one["key"] for one in priya.for_helper] == ["looks_for", "you_answered", "you_hosted"]


async def _refuse(purpose: Purpose, session: AsyncSession, village: Village, priya: Member) -> None:
    what = {"purposes": [purpose], "is_given": False, "now": NOW, "way": Way.BUTTON}
    await consent.decide(session, member_id=priya.id, community_id=village.community.id, **what)


def _no_to(purpose: Purpose) -> Any:
    async def refuse(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
        await _refuse(purpose, session, village, priya)

    return refuse


async def _muted(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    await feedback.mute(session, priya.id, MuteKind.PERSON, str(asker.id), now=NOW)


async def _muted_by_asker(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    await feedback.mute(session, asker.id, MuteKind.PERSON, str(priya.id), now=NOW)


async def _left_out_without_a_name(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    await feedback.mute(session, priya.id, MuteKind.NAMELESS, str(asker.id), now=NOW)


async def _never(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    for one in who_knows.subjects_of("who knows CE marking?"):
        await feedback.mute(session, priya.id, MuteKind.SUBJECT, one, now=NOW)


async def _unreachable(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    priya.reachable_at = None


async def _no_budget(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    priya.attention_budget = 0


async def _away(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    priya.paused_until = NOW + timedelta(days=30)


async def _introduced(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    where = {"kind": IntroductionKind.ROUND, "reasons": [], "now": NOW}
    one = await introductions.propose(session, village.community.id, [asker.id, priya.id], **where)
    for member in (asker, priya):
        await proposals.reply(session, one.id, member.id, Answer.YES, now=NOW)


async def _asked_often(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    for n in range(MOST_TURNS):
        other = await village.learner(f"Asker {n}")
        [found] = await find(session, village, other, "who knows CE marking?")
        await _ask(session, other, found)


async def _ask(session: AsyncSession, asker: Member, found: Knower) -> Inquiry:
    inquiry = await inquiries.begin(session, asker.id, "who knows CE marking?", [found], now=NOW)
    [candidate] = await inquiries.candidates(session, inquiry.id)
    subjects = who_knows.subjects_of(inquiry.question)
    assert await inquiries.ask(session, inquiry, candidate, subjects, now=NOW) is not None
    assert await inquiries.ask(session, inquiry, candidate, subjects, now=NOW) is None
    return inquiry


async def _erased(session: AsyncSession, village: Village, asker: Member, priya: Member) -> None:
    await personal_data.forget(session, priya, now=NOW)


Change = Callable[[AsyncSession, Village, Member, Member], Any]


@pytest.mark.parametrize(
    "change",
    [
        _no_to(Purpose.INTRODUCE), _no_to(Purpose.LEARN), _no_to(Purpose.RECORD), _muted, _muted_by_asker, _never,
        _left_out_without_a_name,
        _unreachable, _no_budget, _away, _introduced, _asked_often, _erased,
    ],
)  # fmt: skip
async def test_whom_it_is_no_use_to_ask_is_not_found(database: Database, change: Change) -> None:
    async with database.transaction() as session:
        village, asker, people = await club(session)
        assert len(await find(session, village, asker, "who knows CE marking?")) == 1

        await change(session, village, asker, people["Priya"])

        assert await find(session, village, asker, "who knows CE marking?") == []


async def test_nobody_is_found_for_themselves(database: Database) -> None:
    async with database.transaction() as session:
        village, _, people = await club(session)

        assert await find(session, village, people["Priya"], "who knows CE marking?") == []


@pytest.mark.parametrize("change", [_no_to(Purpose.INTRODUCE), _muted, _never, _introduced])
async def test_whoever_may_not_be_asked_any_more_has_no_part_in_it(database: Database, change: Change) -> None:
    async with database.transaction() as session:
        village, asker, people = await club(session)
        [found] = await find(session, village, asker, "who knows CE marking?")
        await change(session, village, asker, people["Priya"])

        inquiry = await _ask(session, asker, found)
        [candidate] = await inquiries.candidates(session, inquiry.id)

        sides: list[IntroductionSide] = await proposals.sides_of(session, candidate.introduction_id or 0)
        assert [(one.member_id, one.is_accepted) for one in sides] == [(asker.id, True)]


async def test_nobody_asks_everybody(database: Database) -> None:
    async with database.transaction() as session:
        village, asker, _ = await club(session)
        found = [(await find(session, village, asker, question))[0] for question in list(QUESTIONS)[1:9]]
        distinct = list({one.member.id: one for one in found}.values())
        inquiry = await inquiries.begin(session, asker.id, "?", distinct, now=NOW)
        candidates = await inquiries.candidates(session, inquiry.id)

        for candidate in candidates[:MOST_ASKED]:
            assert await inquiries.ask(session, inquiry, candidate, ["asked"], now=NOW) is not None
        with pytest.raises(TooManyAsked):
            await inquiries.ask(session, inquiry, candidates[MOST_ASKED], ["asked"], now=NOW)
        later = NOW + inquiries.PERIOD
        assert await inquiries.ask(session, inquiry, candidates[MOST_ASKED], ["asked"], now=later) is not None


async def test_neither_file_says_who_the_other_is(database: Database) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        asker, priya = await village.learner("Mia", id=7_654_321), await village.learner("Priya", id=8_765_432)
        beginner = await village.learner("Beginner")
        asked = await village.say(beginner, "How long does CE marking take?", hours_ago=200)
        await village.say(priya, "ours took fourteen months", hours_ago=199, reply_to=asked)
        [found] = await find(session, village, asker, "who knows CE marking?")
        await _ask(session, asker, found)

        own, theirs = [await personal_data.export(session, one) for one in (asker, priya)]

        assert [one["question"] for one in own["inquiry"]] == ["who knows CE marking?"]
        assert "inquiry" not in theirs
        assert "inquiry_candidate" not in own.keys() | theirs.keys()
        assert str(priya.id) not in str(own)
        assert str(asker.id) not in str(theirs)
        [side] = theirs["introduction_side"]
        assert (side["about_member_id"], side["is_accepted"]) == (None, None)


async def test_what_was_asked_goes_with_either(database: Database) -> None:
    async with database.transaction() as session:
        village, asker, people = await club(session)
        [found] = await find(session, village, asker, "who knows CE marking?")
        inquiry = await _ask(session, asker, found)

        await personal_data.forget(session, people["Priya"], now=NOW)
        left = await inquiries.candidates(session, inquiry.id)
        await personal_data.forget(session, asker, now=NOW)

        assert left == []
        session.expire_all()
        assert await session.get(Inquiry, 1) is None


async def confirm(session: AsyncSession, village: Village, who: Member, kind: str, words: str) -> ProfileFact:
    ids = {"member_id": who.id, "community_id": village.community.id}
    fact = ProfileFact(**ids, kind=kind, words=words, state="confirmed", created_at=NOW, decided_at=NOW)
    session.add(fact)
    await session.flush()
    return fact


async def test_what_somebody_confirmed_of_themselves_speaks_for_them(database: Database) -> None:
    async with database.transaction() as session:
        village, asker, people = await club(session)
        quiet = await village.learner("Quiet")
        line = await confirm(session, village, quiet, "project", "building cargo bikes with swappable batteries")
        await confirm(session, village, people["Ana"], "field", "hardware")
        await confirm(session, village, people["Sam"], "place", "Batteries Street")

        by_words = await find(session, village, asker, "who builds cargo bikes?")
        by_field = await find(session, village, asker, "who can review my firmware?")
        by_place = await find(session, village, asker, "batteries street")

        [knower] = by_words
        assert knower.member.name == "Quiet"
        assert [(one["key"], one["values"]["topic"]["words"]) for one in knower.for_asker] == [
            ("they_confirmed", ["builds cargo bikes"])
        ]
        assert [one["key"] for one in knower.for_helper] == ["looks_for", "you_confirmed"]
        assert f"stands:{line.id}" in knower.for_helper[1]["about"]
        assert [one.member.name for one in by_field] == ["Ana"]
        assert "Sam" not in {one.member.name for one in by_place}


async def test_who_removed_a_field_is_not_found_for_it(database: Database) -> None:
    async with database.transaction() as session:
        village, asker, people = await club(session)
        before = await find(session, village, asker, "enclosure makers for a small batch")
        fact = await confirm(session, village, people["Kofi"], "field", "hardware")
        fact.inferred_hash = keys_of_session(session).lookup_hash("profile:field:hardware")
        await profiles.remove(session, fact, now=NOW)

        after = await find(session, village, asker, "enclosure makers for a small batch")

        assert [one.member.name for one in before] == ["Kofi"]
        assert after == []


async def test_a_line_that_was_removed_keeps_back_the_question_that_rests_on_it(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        village, asker, people = await club(session)
        fact = await confirm(session, village, people["Kofi"], "field", "hardware")
        [claim] = [stands(fact.id).partition(":")[2]]

        assert await still_stand(session, asker.id, [claim], NOW)
        await profiles.remove(session, fact, now=NOW)
        assert not await still_stand(session, asker.id, [claim], NOW)


async def found_after(
    sqlite: Database, asked: str, question: str, reply: str, *, times: int = 1, **values: Any
) -> list[Knower]:
    """Who may know what is asked, where somebody replied so to that question of another, so many times."""
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        asker, other = await village.learner("Mia"), await village.learner("Beginner")
        knower = await village.learner("Kofi", **values)
        for number in range(times):
            before = await village.say(other, question, hours_ago=200 - 10 * number)
            await village.say(knower, reply, hours_ago=199 - 10 * number, reply_to=before)
        where = {"asker_id": asker.id, "community_id": village.community.id, "now": NOW}
        return await who_knows.find(session, asked, **where)


async def test_a_welcome_answers_no_introduction_and_an_echo_no_question(sqlite: Database) -> None:
    hello = "Hi all, I'm Elif, a designer. Who has a good onboarding?"

    found = await found_after(sqlite, "a designer for onboarding", hello, "Welcome! Come to the next meetup")

    # Who introduced herself so is.
    assert [one.member.name for one in found] == ["Beginner"]


async def test_half_of_a_question_is_told_as_its_field_and_counted_in_it(sqlite: Database) -> None:
    reply = "we found two through a small agency, hiring took six weeks each"
    question = "Is hiring through an agency worth it?"
    found = await found_after(sqlite, "who knows hiring abroad?", question, reply, times=2)

    knower = next(one for one in found if one.member.name == "Kofi")
    assert (knower.topic, knower.for_asker[0]["values"]["n"]) == ({"field": "hiring"}, 2)


async def test_who_reads_nothing_of_the_askers_is_not_found(sqlite: Database) -> None:
    only_chinese = {"client_language": "zh-hans"}
    found = await found_after(
        sqlite, "who knows GDPR?", "GDPR怎么做合规？", "GDPR我们请了律师，三周做完", **only_chinese
    )

    assert found == []
