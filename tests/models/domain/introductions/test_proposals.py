"""Proposals: what each answer does, what the door asks before one leaves, and that no answer shows anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.digests import feedback
from models.domain.erasure import personal_data
from models.domain.introductions import introductions, proposals, staying_in_touch, validity
from models.domain.introductions.introductions import EXPIRES_AFTER, NotASide, State
from models.domain.introductions.proposals import Answer
from models.domain.members import consent
from models.tables.consent import Purpose, Way
from models.tables.introduction import Introduction, IntroductionKind, IntroductionSide
from models.tables.member import Member, Mute, MuteKind
from models.tables.recommendation import RecommendedItem
from tests.factories import make_event, make_rsvp
from tests.village import NOW, Village

LEGAL = [{"key": "looks_for", "values": {"topic": {"field": "legal"}}, "about": ["subject:legal"]}]


class Pair:
    """Mia asked for somebody, and Jo may be that; both agreed to everything."""

    def __init__(self, village: Village, mia: Member, jo: Member, introduction: Introduction) -> None:
        self.session, self.village, self.community = village.session, village, village.community
        self.mia, self.jo, self.introduction = mia, jo, introduction

    @classmethod
    async def of(
        cls, session: AsyncSession, *, kind: IntroductionKind = IntroductionKind.ASKED, reasons: Any = LEGAL
    ) -> Pair:
        village = await Village.found(session)
        mia, jo = [await village.learner(name) for name in ("Mia", "Jo")]
        where = {"kind": kind, "reasons": reasons, "now": NOW}
        introduction = await introductions.propose(session, village.community.id, [mia.id, jo.id], **where)
        return cls(village, mia, jo, introduction)

    async def reply(self, who: Member, answer: Answer, *, now: Any = NOW) -> State:
        return await proposals.reply(self.session, self.introduction.id, who.id, answer, now=now)

    async def leaves(self, *, to: Member, facts: bool = False) -> bool:
        check = validity.CHECKS["proposal_facts" if facts else "proposal"]
        return await check(self.session, to.id, [str(self.introduction.id)], NOW)

    async def refuse(self, who: Member, purpose: Purpose) -> None:
        choice = {"purposes": [purpose], "is_given": False, "now": NOW, "way": Way.BUTTON}
        await consent.decide(self.session, member_id=who.id, community_id=self.community.id, **choice)


async def test_two_yeses_introduce_and_the_second_says_so(database: Database) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session)

        states = [await pair.reply(one, Answer.YES) for one in (pair.mia, pair.jo)]

        assert states == [State.OPEN, State.INTRODUCED]
        with pytest.raises(NotASide):
            await pair.reply(pair.jo, Answer.NOT_NOW)


@pytest.mark.parametrize(
    ("answer", "left_out"),
    [
        (Answer.NOT_NOW, set()),
        (Answer.NOT_PERSON, {("nameless", "mia")}),
        (Answer.NEVER, {("subject", "legal")}),
    ],
)
async def test_each_no_leaves_out_what_it_says_and_nothing_else(
    database: Database, answer: Answer, left_out: set[tuple[str, str]]
) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session)

        await pair.reply(pair.jo, answer)
        after = await pair.reply(pair.mia, Answer.YES)

        mutes = await feedback.muted_items(session, {pair.mia.id, pair.jo.id}, now=NOW)
        who = {str(pair.mia.id): "mia"}
        assert {(kind, who.get(target, target)) for kind, target in mutes[pair.jo.id]} == left_out
        assert mutes[pair.mia.id] == set()
        assert after != State.INTRODUCED


async def test_never_for_a_reason_without_a_field_means_its_kind(database: Database) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session, kind=IntroductionKind.ROUND, reasons=[{"key": "looks_for", "values": {}}])

        await pair.reply(pair.jo, Answer.NEVER)

        ids, kinds = [pair.mia.id, pair.jo.id], ["round"]
        assert await proposals.unwilling(session, ids, kinds, now=NOW) == {pair.jo.id}
        assert await proposals.unwilling(session, ids, ["legal"], now=NOW) == set()


@pytest.mark.parametrize("answer", Answer)
async def test_what_one_answers_is_in_nothing_that_the_other_may_see(database: Database, answer: Answer) -> None:
    """Jo's answer: Mia's export stays as it was, and Mia's own question leaves as before."""
    async with database.transaction() as session:
        pair = await Pair.of(session, kind=IntroductionKind.ROUND)
        before = await personal_data.export(session, pair.mia)

        await pair.reply(pair.jo, answer)

        assert await personal_data.export(session, pair.mia) == before
        assert await pair.leaves(to=pair.mia)


async def test_nobodys_own_file_says_whom_they_left_out_without_knowing(database: Database) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session)
        side = (await proposals.silent_sides(session, pair.introduction.id))[1]
        await proposals.remember(session, pair.introduction, side, now=NOW)

        await pair.reply(pair.jo, Answer.NOT_PERSON)
        own = await personal_data.export(session, pair.jo)

        assert [(one["kind"], one["target"]) for one in own["mute"]] == [("nameless", None)]
        assert own["recommendation"][0]["item_id"] == pair.introduction.id
        assert "person" not in str(own["recommendation"])
        assert own["introduction_side"][0]["about_member_id"] is None


async def _late(pair: Pair) -> None:
    pair.introduction.expires_at = NOW


async def _others_no(pair: Pair) -> None:
    await pair.reply(pair.mia, Answer.NOT_PERSON)


async def _own_answer(pair: Pair) -> None:
    await pair.reply(pair.jo, Answer.YES)


async def _left_out_by_reader(pair: Pair) -> None:
    await feedback.mute(pair.session, pair.jo.id, MuteKind.PERSON, str(pair.mia.id), now=NOW)


async def _no_introductions(pair: Pair) -> None:
    await pair.refuse(pair.mia, Purpose.INTRODUCE)


async def _no_learning(pair: Pair) -> None:
    await pair.refuse(pair.mia, Purpose.LEARN)


async def _erased(pair: Pair) -> None:
    await personal_data.forget(pair.session, pair.mia, now=NOW)


@pytest.mark.parametrize(
    ("change", "plain", "with_facts"),
    [
        (None, True, True),
        (_others_no, True, True),
        (_late, False, False),
        (_own_answer, False, False),
        (_left_out_by_reader, False, False),
        (_no_introductions, False, False),
        (_no_learning, True, False),
        (_erased, False, False),
    ],
)
async def test_a_question_leaves_only_while_all_it_says_holds_and_whatever_the_other_answered(
    database: Database, change: Callable[[Pair], Any] | None, plain: bool, with_facts: bool
) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session, kind=IntroductionKind.ROUND)
        if change is not None:
            await change(pair)

        assert await pair.leaves(to=pair.jo) is plain
        assert await pair.leaves(to=pair.jo, facts=True) is with_facts


async def test_a_pick_after_an_event_is_no_proposal_to_answer(database: Database) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session, kind=IntroductionKind.EVENT)

        for who, introduction_id in ((pair.jo, pair.introduction.id), (pair.jo, 999)):
            with pytest.raises(NotASide):
                await proposals.reply(session, introduction_id, who.id, Answer.YES, now=NOW)


async def test_whoever_is_no_side_of_it_cannot_answer(database: Database) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session)
        eve = await pair.village.learner("Eve")

        with pytest.raises(NotASide):
            await pair.reply(eve, Answer.YES)


async def test_an_expired_proposal_is_closed_for_a_yes_and_a_no_alike(database: Database) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session)

        for answer in Answer:
            with pytest.raises(NotASide):
                await pair.reply(pair.jo, answer, now=NOW + EXPIRES_AFTER + timedelta(seconds=1))


async def test_who_was_left_out_without_a_name_is_missing_nowhere_else(database: Database) -> None:
    """Jo sees Mia among the guests as before, and two who pick each other by name are introduced."""
    async with database.transaction() as session:
        pair = await Pair.of(session)
        await pair.reply(pair.jo, Answer.NOT_PERSON)
        event = await make_event(session, pair.community, starts_at=NOW - timedelta(hours=3))
        for one in (pair.mia, pair.jo):
            await make_rsvp(session, event, one)

        listed = await staying_in_touch.may_pick(session, event, pair.jo.id, now=NOW)
        ids = pair.mia.id, pair.jo.id
        picks = [await staying_in_touch.turn_pick(session, event.id, *one, now=NOW) for one in (ids, ids[::-1])]

        assert [one.name for one in listed] == ["Mia"]
        assert [one.outcome for one in picks] == ["picked", "introduced"]


async def test_what_is_kept_for_a_side_goes_when_the_other_is_erased(database: Database) -> None:
    """Why it was proposed to Jo are facts about Mia."""
    async with database.transaction() as session:
        pair = await Pair.of(session)
        why = {pair.jo.id: [{"key": "they_wrote", "values": {"topic": {"words": ["quokka"]}, "lately": "week"}}]}
        where = {"kind": IntroductionKind.ROUND, "reasons": [], "now": NOW, "reasons_for": why}
        second = await introductions.propose(session, pair.community.id, [pair.mia.id, pair.jo.id], **where)

        second_id = second.id
        await personal_data.forget(session, pair.mia, now=NOW)
        session.expire_all()

        of_jo = select(IntroductionSide).where(IntroductionSide.introduction_id == second_id)
        assert [side.reasons for side in await session.scalars(of_jo)] == [None]


async def test_why_of_a_proposal_names_nobody(database: Database) -> None:
    async with database.transaction() as session:
        pair = await Pair.of(session)
        side = (await proposals.silent_sides(session, pair.introduction.id))[1]
        row = await proposals.remember(session, pair.introduction, side, now=NOW)
        # A thread of the same number must not be taken for it.
        await pair.village.say(pair.mia, "Anybody here?", id=pair.introduction.id)

        [shown] = await feedback.shown_with(session, row)

        assert (shown.words, shown.author, shown.row.item_kind) == (None, None, RecommendedItem.INTRODUCTION)
        assert await feedback.note(session, row, "less", now=NOW) == feedback.PressEffect()
        assert (await session.scalars(select(Mute))).all() == []
