"""A community in which one member asked for an introduction, lived by chance; and all that this member ever sees of it.

They are an admin there, too, so they read its report.

Rules, texts, notices and the door are the real ones. What the other answers has a source of chance of its own, so that two
lives of one seed differ in the answer alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.host import CHECKS
from bot.messages import inquiries as inquiry_messages
from bot.messages import stats as stats_messages
from bot.messages.outgoing import Outgoing
from bot.notices import introduction_posts
from bot.scene.services import Services
from jobs import ask_after_introductions, propose_introductions
from models.domain.erasure import personal_data
from models.domain.introductions import inquiries, introductions, proposals, who_knows
from models.domain.introductions.introductions import NotASide, State
from models.domain.introductions.proposals import Answer
from models.domain.member_time import Defaults
from models.domain.members import consent
from models.domain.reports import demand, outcomes
from models.domain.sending import claims, deliveries
from models.tables.community import Community
from models.tables.consent import Purpose, Way
from models.tables.delivery import DeliveryKind
from models.tables.introduction import IntroductionKind
from models.tables.member import Member, Membership, Role
from tests.village import NOW, Village

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
N_DAYS = 18
QUESTIONS = ("who knows CE marking for a medical device?", "谁懂医疗器械注册？", "who knows a lawyer?")
ROUND_REASON = {"key": "they_wrote", "values": {"topic": {"field": "legal"}, "lately": "week"}, "about": []}


@dataclass
class Life:
    """One run: `seen` is all that the asker was shown, and all that stands in groups, each with its instant."""

    services: Services
    seed: int
    kind: IntroductionKind
    answer: Answer | None
    seen: list[str] = field(default_factory=list)
    introduction_id: int = 0
    _n_messages: int = 0

    async def live(self) -> list[str]:
        """From the first question to long after everything has expired."""
        async with self.services.database.transaction() as session:
            await self._begin(session)
        deeds = sorted(
            [*self._deeds_of_asker(), *self._deeds_of_helper(), *self._rounds_of_jobs()], key=lambda one: one[:2]
        )
        for at, _, deed in deeds:
            await deed(at)
            await self._leave(at)
        return self.seen

    async def _begin(self, session: AsyncSession) -> None:
        chance = Random(f"{self.seed}:place")
        village = await Village.found(session)
        self.village_id = village.community.id
        people = enumerate(("Mia", "Jo", "Wei"), start=1)
        self.asker, self.helper, other = [await village.learner(name, telegram_id=n) for n, name in people]
        for n in range(chance.randrange(1, 5)):
            text = chance.choice(("How long does CE marking of a medical device take?", "医疗器械注册要多久？"))
            asked = await village.say(other, text, hours_ago=50 + n)
            await village.say(self.helper, "ours took fourteen months", hours_ago=49 + n, reply_to=asked)
        await self._seat_admin(session)
        await self._live_before(session, village)
        await (self._propose_round(session) if self.kind == IntroductionKind.ROUND else self._ask(session, NOW, 0))

    async def _seat_admin(self, session: AsyncSession) -> None:
        """The asker reads what admins read, too."""
        theirs = (Membership.member_id == self.asker.id, Membership.community_id == self.village_id)
        await session.execute(update(Membership).where(*theirs).values(role=Role.ADMIN))

    async def _live_before(self, session: AsyncSession, village: Village) -> None:
        """Others asked before: two in vain, two not, so that one more may bring a number over what is told."""
        people = [await village.learner(f"Other {n}", telegram_id=100 + n) for n in range(6)]
        for n, (one, other) in enumerate(((0, 1), (2, 3), (4, 5), (1, 4))):
            sides = [people[one].id, people[other].id]
            where: dict[str, Any] = {"kind": IntroductionKind.ASKED, "reasons": [], "now": NOW - 3 * DAY}
            introduction = await introductions.propose(session, self.village_id, sides, **where)
            for side in sides[: 1 + n // 2]:
                await introductions.answer(session, introduction.id, side, is_accepted=True, now=NOW - 2 * DAY)

    async def _propose_round(self, session: AsyncSession) -> None:
        where: dict[str, Any] = {"kind": IntroductionKind.ROUND, "reasons": [ROUND_REASON], "now": NOW}
        one = await introductions.propose(session, self.village_id, [self.asker.id, self.helper.id], **where)
        self.introduction_id = one.id
        await introduction_posts.propose(self.services, session, one, now=NOW)

    # --- what the asker does; it hangs on the seed alone

    def _deeds_of_asker(self) -> list[tuple[datetime, int, Any]]:
        chance = Random(f"{self.seed}:asker")
        deeds = []
        for day in range(N_DAYS):
            at = NOW + day * DAY + chance.random() * DAY
            deeds.append(
                (at, 1, chance.choice((self._export, self._ask_again, self._say_yes, self._choose, self._rest)))
            )
        reports = [(NOW + day * DAY, 8, self._read_report) for day in range(0, N_DAYS + 1, 3)]
        return [*deeds, *reports, (NOW + N_DAYS * DAY, 9, self._export)]

    async def _rest(self, at: datetime) -> None:
        pass

    async def _ask_again(self, at: datetime) -> None:
        async with self.services.database.transaction() as session:
            await self._ask(session, at, Random(f"{self.seed}:{at}").randrange(len(QUESTIONS)))

    async def _ask(self, session: AsyncSession, at: datetime, which: int) -> None:
        """As the handler does: look, show, and ask whoever comes first."""
        where = {"asker_id": self.asker.id, "community_id": self.village_id, "now": at}
        knowers = await who_knows.find(session, QUESTIONS[which], **where)
        inquiry = await inquiries.begin(session, self.asker.id, QUESTIONS[which], knowers[:3], now=at)
        candidates = await inquiries.candidates(session, inquiry.id)
        if candidates:
            subjects = who_knows.subjects_of(inquiry.question)
            introduction = await inquiries.ask(session, inquiry, candidates[0], subjects, now=at)
            assert introduction is not None
            self.introduction_id = self.introduction_id or introduction.id
            due_at = inquiries.hour_of_asking(at)
            await introduction_posts.propose(self.services, session, introduction, now=at, due_at=due_at)
        voice = self.services.voice(self.asker)
        await self._reply(session, self.asker, inquiry_messages.answer(voice, inquiry, candidates, [], now=at), at)

    async def _say_yes(self, at: datetime) -> None:
        """Presses yes under a question, where there is one; of /intro they said it by asking."""
        if self.kind == IntroductionKind.ROUND:
            await self._press(self.asker, Answer.YES, at)

    async def _choose(self, at: datetime) -> None:
        async with self.services.database.transaction() as session:
            await _decide(session, self.asker.id, self.village_id, at)

    async def _export(self, at: datetime) -> None:
        async with self.services.database.reading() as session:
            held = await personal_data.export(session, await session.get_one(Member, self.asker.id))
        self.seen.append(f"{at} file {held}")

    async def _read_report(self, at: datetime) -> None:
        """/stats, as the handler shows it."""
        async with self.services.database.reading() as session:
            community = await session.get_one(Community, self.village_id)
            kept: dict[str, Any] = {"defaults": Defaults(), "kept_days": 365, "sent_days": 90}
            compared = await outcomes.compare(session, community, now=at, **kept)
            fields = await demand.by_field(session, self.village_id, now=at)
        told = stats_messages.report(self.services.voice(self.asker), compared, fields, community=community.name)
        self.seen.append(f"{at} report {told.text}")

    # --- what the helper does, and what nobody does

    def _deeds_of_helper(self) -> list[tuple[datetime, int, Any]]:
        chance = Random(f"{self.seed}:helper")
        at = NOW + 2 * HOUR + chance.random() * 12 * DAY
        stops_at, stops = at + chance.random() * DAY, chance.random() < 0.3
        if self.answer is None:
            return []
        deeds: list[tuple[datetime, int, Any]] = [(at, 2, self._answer)]
        return [*deeds, (stops_at, 2, self._choose_as_helper)] if stops and self.answer != Answer.YES else deeds

    async def _answer(self, at: datetime) -> None:
        if self.answer is not None:
            await self._press(self.helper, self.answer, at)

    async def _choose_as_helper(self, at: datetime) -> None:
        """The helper's own choices about other things leave rows as well."""
        async with self.services.database.transaction() as session:
            await _decide(session, self.helper.id, self.village_id, at)

    async def _press(self, who: Member, answer: Answer, at: datetime) -> None:
        async with self.services.database.transaction() as session:
            voice = self.services.voice(who)
            try:
                state = await proposals.reply(session, self.introduction_id, who.id, answer, now=at)
            except NotASide:
                await self._reply(session, who, Outgoing(voice.say("introductions.over")), at)
                return
            await self._reply(session, who, Outgoing(voice.say(f"introductions.said.{answer}")), at)
            if state == State.INTRODUCED:
                await introduction_posts.introduce(self.services, session, self.introduction_id, now=at)

    def _rounds_of_jobs(self) -> list[tuple[datetime, int, Any]]:
        """Also at hours at which nothing is due."""
        return [(NOW + n * 29 * HOUR, 0, self._run_jobs) for n in range(N_DAYS * 24 // 29)]

    async def _run_jobs(self, at: datetime) -> None:
        await propose_introductions.run(self.services, now=at)
        await ask_after_introductions.run(self.services, now=at)

    async def _reply(self, session: AsyncSession, reader: Member, message: Outgoing, at: datetime) -> None:
        where = {"member_id": reader.id, "community_id": self.village_id, "now": at}
        await deliveries.queue(session, DeliveryKind.REPLY, payload=message.payload(), **where)

    async def _leave(self, at: datetime) -> None:
        """The real door's decisions; what goes to the asker, or into a group, is seen."""
        async with self.services.database.transaction() as session:
            while one := await claims.claim_next(session, now=at, by="test", defaults=Defaults(), checks=CHECKS):
                if not isinstance(one, claims.ClaimedDelivery):
                    continue
                is_seen = one.member_id == self.asker.id or one.chat_id is not None
                self._n_messages += is_seen
                await claims.receipt(session, one, now=at, message_id=self._n_messages if is_seen else 1)
                if is_seen:
                    self.seen.append(f"{at} {one.method} {orjson.dumps(one.payload).decode()}")


async def _decide(session: AsyncSession, member_id: int, community_id: int, at: datetime) -> None:
    who = {"member_id": member_id, "community_id": community_id, "purposes": [Purpose.DIGEST]}
    await consent.decide(session, **who, is_given=at.day % 2 == 0, now=at, way=Way.BUTTON)
