from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.config import Config
from bot.host import CHECKS
from bot.notices import event_posts
from bot.scene.services import Services
from jobs import invite_to_events
from models.database import Database
from models.domain.events import events, seats
from models.domain.invitations import answers, validity
from models.domain.invitations import history as invitation_history
from models.domain.member_time import Defaults
from models.domain.members import consent
from models.domain.sending import checks, claims
from models.domain.serving import champions
from models.domain.serving.champions import Trial
from models.learning.behaviour_model import BehaviourModel
from models.learning.predictors import Calibration, Linear
from models.tables.community import Community
from models.tables.delivery import Delivery, Failure
from models.tables.event import Event, EventRating, Rsvp
from models.tables.interaction import Interaction
from models.tables.job import DueJob
from models.tables.member import Member, Mute
from models.tables.message import Message
from models.tables.profile import ProfileFact
from models.tables.recommendation import Recommendation
from tests.factories import give_consent, join, make_chat, make_community, make_event, make_member, make_rsvp
from tests.stage import TEXTS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def services(sqlite: Database, clock: Clock) -> Services:
    return Services(sqlite, clock, TEXTS, Config())


class World:
    """A community, its host Ana, an evening on hardware next week, and members as the story needs them."""

    community: Community
    ana: Member
    event: Event

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def open(self, **event: Any) -> World:
        self.community = await make_community(self.session)
        self.ana = await self.member("Ana", "learn")
        values = {"title": "Hardware evening", "host_id": self.ana.id, "starts_at": NOW + 7 * DAY, **event}
        self.event = await make_event(self.session, self.community, **values)
        return self

    async def member(self, name: str, *purposes: str, joined_at: datetime | None = None, **values: Any) -> Member:
        member = await make_member(self.session, name=name, **values)
        await join(self.session, member, self.community, joined_at=joined_at, last_seen_at=NOW - DAY)
        await give_consent(self.session, member, self.community, *purposes)
        return member

    async def past(self, title: str, *guests: Member, days_ago: int = 20, **values: Any) -> Event:
        starts_at = NOW - days_ago * DAY
        event = await make_event(self.session, self.community, title=title, starts_at=starts_at, **values)
        for guest in guests:
            await make_rsvp(self.session, event, guest, answered_at=starts_at - DAY)
        return event

    async def answered(self, who: Member, whom: Member, times: int) -> None:
        for _ in range(times):
            ids = {"community_id": self.community.id, "member_id": who.id, "about_member_id": whom.id}
            self.session.add(Interaction(**ids, kind="reply", at=NOW - DAY))
        await self.session.flush()


def likes_product() -> Trial:
    """A champion that ranks by the product and gives most a chance of a third."""
    one = np.ones(1)
    predictor = Linear(mean=one * 0, scale=one, coefficients=one, intercept=np.asarray(0.0))
    calibration = Calibration(np.array([-20.0, 0.0]), np.array([0.3, 0.4]))
    dates = {"trained_from": NOW - 90 * DAY, "trained_until": NOW - 30 * DAY, "evaluated_until": NOW}
    model = BehaviourModel(("product",), predictor, calibration)
    return Trial("invitation_model", model, is_promoted=True, verdict="no_champion", metrics={}, **dates)


async def invites(services: Services) -> list[Delivery]:
    async with services.database.reading() as session:
        return list(await session.scalars(select(Delivery).where(Delivery.kind == "invite").order_by(Delivery.id)))


async def test_an_invitation_says_true_reasons_and_carries_every_answer(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open(capacity=20, place="Werkstatt")
        mia, jo, wei = [await world.member(name, "learn", "invite") for name in ("Mia", "Jo", "Wei")]
        await world.past("Hardware clinic", mia, host_id=world.ana.id)
        await world.past("Hardware drinks", mia, days_ago=40, host_id=world.ana.id)
        await world.answered(mia, jo, 3)
        await make_rsvp(session, world.event, jo, answered_at=NOW - DAY)
        await make_rsvp(session, world.event, wei, answered_at=NOW - DAY)

    outcome = await invite_to_events.run(services, now=NOW)

    [queued] = await invites(services)
    text, buttons = queued.payload["text"], str(queued.payload["reply_markup"])
    assert outcome == "1 members invited, 1 events looked at"
    assert queued.member_id == mia.id
    assert "<i>Jo, whom you often answer, is going</i>" in text
    assert "<i>You signed up for “Hardware clinic” and “Hardware drinks”</i>" in text
    assert "Wei" not in text
    for label in ("✅ Going", "🤔 Maybe", "🙅 Not my thing", "⏸", "⛔"):
        assert label in buttons
    async with services.database.reading() as session:
        row = (await session.scalars(select(Recommendation))).one()
    assert (row.item_kind, row.item_id, row.delivery_id, row.source) == (
        "event",
        world.event.id,
        queued.id,
        "friends_one",
    )


async def test_nobody_is_invited_without_consent_reach_or_reason(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        silent = await world.member("Silent", "learn")
        unreachable = await world.member("Far", "learn", "invite", reachable_at=None)
        paused = await world.member("Paused", "learn", "invite", paused_until=NOW + DAY)
        answered = await world.member("Answered", "learn", "invite")
        await world.member("Stranger", "learn", "invite")
        await world.past("Hardware clinic", silent, unreachable, paused, answered)
        await make_rsvp(session, world.event, answered, status="not_going")

    await invite_to_events.run(services, now=NOW)

    assert await invites(services) == []


async def test_members_without_learn_appear_in_nobodys_reasons(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.member("Mia", "learn", "invite", joined_at=NOW - 3 * DAY)
        jo = await world.member("Jo", "invite")
        await world.answered(mia, jo, 9)
        await make_rsvp(session, world.event, jo, answered_at=NOW - DAY)

    await invite_to_events.run(services, now=NOW)

    [queued] = await invites(services)
    assert "Jo" not in queued.payload["text"]
    assert "new here" in queued.payload["text"]


async def test_taking_consent_back_forgets_the_history_at_once(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.member("Mia", "learn", "invite")
        await world.past("Hardware clinic", mia)
        await consent.decide(
            session,
            member_id=mia.id,
            community_id=world.community.id,
            purposes=["learn"],
            is_given=False,
            now=NOW,
            way="button",
        )

    await invite_to_events.run(services, now=NOW)

    assert await invites(services) == []


async def test_the_likeliest_are_invited_first_and_no_more_than_fill_the_seats(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open(capacity=2)
        regulars = [await world.member(f"Regular {n}", "learn", "invite") for n in range(6)]
        newcomers = [await world.member(f"New {n}", "learn", "invite", joined_at=NOW - 2 * DAY) for n in range(6)]
        await world.past("Hardware clinic", *regulars, world.ana)

    await invite_to_events.run(services, now=NOW)
    await invite_to_events.run(services, now=NOW + timedelta(hours=1))

    invited = [delivery.member_id for delivery in await invites(services)]
    # One of four is expected to come until the community's own answers say more: 8 invitations fill 2 seats.
    assert len(invited) == 8
    assert set(invited[:6]) == {member.id for member in regulars}
    assert set(invited[6:]) < {member.id for member in newcomers}


async def test_a_full_event_invites_nobody(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open(capacity=1)
        mia, jo = [await world.member(name, "learn", "invite") for name in ("Mia", "Jo")]
        await world.past("Hardware clinic", mia, jo)
        await make_rsvp(session, world.event, jo)

    await invite_to_events.run(services, now=NOW)

    assert await invites(services) == []


@pytest.mark.parametrize(
    ("starts_in", "created_ago"),
    [
        (timedelta(hours=6), 9 * DAY),  # too soon to plan for
        (40 * DAY, 9 * DAY),  # so late that it would be forgotten
        (7 * DAY, timedelta(minutes=20)),  # the group has not had its say
    ],
)
async def test_invitations_wait_for_their_time(
    services: Services, starts_in: timedelta, created_ago: timedelta
) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open(starts_at=NOW + starts_in, created_at=NOW - created_ago)
        mia = await world.member("Mia", "learn", "invite")
        await world.past("Hardware clinic", mia)

    await invite_to_events.run(services, now=NOW)

    assert await invites(services) == []


async def test_a_member_is_invited_once_and_never_after_answering(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.member("Mia", "learn", "invite")
        await world.past("Hardware clinic", mia)
    await invite_to_events.run(services, now=NOW)

    async with services.database.transaction() as session:
        await events.cancel(session, world.event.id, now=NOW)
    await invite_to_events.run(services, now=NOW + DAY)

    assert [delivery.failure for delivery in await invites(services)] == ["withdrawn"]


async def test_not_for_me_keeps_the_hosts_events_away_for_a_while(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.member("Mia", "learn", "invite")
        await world.past("Hardware clinic", mia)
        await answers.not_for_me(session, world.event, mia.id, now=NOW)

    await invite_to_events.run(services, now=NOW + DAY)

    assert await invites(services) == []
    async with services.database.reading() as session:
        feedback = (await session.scalars(select(Interaction).where(Interaction.kind == "feedback"))).one()
    assert (feedback.member_id, feedback.value) == (mia.id, -1)


@pytest.mark.parametrize(
    ("begins", "hours", "answer", "told"),
    [
        # What somebody goes to lies in the same hours, or runs into them: they are not asked.
        (0, None, "going", None),
        (-2, None, "going", None),
        (2, None, "going", None),
        # On the same evening, one after the other: they are told.
        (-1.5, 1, "going", "The same evening as “Pitch hour”"),
        # They were invited there and have not answered.
        (0, None, None, "At the same time as “Pitch hour”"),
        # They said no, or it is on another day.
        (0, None, "not_going", ""),
        (24, 2, "going", ""),
    ],
)
async def test_nobody_is_asked_to_be_in_two_places(
    services: Services, begins: float, hours: float | None, answer: str | None, told: str | None
) -> None:
    """The event begins at 19:00; the other so many hours later or sooner."""
    async with services.database.transaction() as session:
        world = await World(session).open(starts_at=NOW.replace(hour=19) + 7 * DAY)
        mia = await world.member("Mia", "learn", "invite", language="en", attention_budget=14)
        await world.past("Hardware clinic", mia, host_id=world.ana.id)
        starts_at = world.event.starts_at + timedelta(hours=begins)
        ends_at = starts_at + timedelta(hours=hours) if hours else None
        other = await make_event(session, world.community, title="Pitch hour", starts_at=starts_at, ends_at=ends_at)
        if answer:
            await make_rsvp(session, other, mia, status=answer)
        else:
            await _was_invited(session, world, mia, other)

    await invite_to_events.run(services, now=NOW)

    texts = [one.payload["text"] for one in await invites(services) if one.about_id == world.event.id]
    assert len(texts) == (told is not None)
    assert all((told or "🔀") in text for text in texts) is (told != "")


async def _was_invited(session: AsyncSession, world: World, who: Member, event: Event) -> None:
    then = dict.fromkeys(("created_at", "due_at", "sent_at"), NOW - DAY)
    sent = Delivery(kind="invite", member_id=who.id, method="sendMessage", payload={"text": "…"}, priority=0, **then)
    session.add(sent)
    await session.flush()
    about = {"item_kind": "event", "item_id": event.id, "community_id": world.community.id}
    values = {"source": "host", "position": 0, "score": 0.5, "reasons": [], "created_at": NOW - DAY}
    session.add(Recommendation(member_id=who.id, delivery_id=sent.id, **about, **values))
    await session.flush()


async def test_who_said_yes_elsewhere_meanwhile_is_not_invited_any_more(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.member("Mia", "learn", "invite")
        await world.past("Hardware clinic", mia, host_id=world.ana.id)
    await invite_to_events.run(services, now=NOW)
    [queued] = await invites(services)
    async with services.database.transaction() as session:
        other = await make_event(session, world.community, title="Pitch hour", starts_at=world.event.starts_at)
        await make_rsvp(session, other, mia)

    async with services.database.transaction() as session:
        settled = await claims.claim_next(session, now=NOW, by="test", defaults=Defaults(), checks=CHECKS)

    assert settled is not None
    assert settled.id == queued.id
    assert not isinstance(settled, claims.ClaimedDelivery)


async def test_answers_teach_how_many_to_invite(services: Services) -> None:
    long_ago = NOW - 25 * DAY
    async with services.database.transaction() as session:
        world = await World(session).open(capacity=2)
        for n in range(12):
            guest = await world.member(f"Guest {n}", "learn")
            times = {"created_at": long_ago, "due_at": long_ago, "sent_at": long_ago}
            sent = Delivery(kind="invite", member_id=guest.id, method="sendMessage", payload={}, **times)
            session.add(sent)
            await session.flush()
            about = {"community_id": world.community.id, "member_id": guest.id, "item_kind": "event", "item_id": 0}
            made = {"source": "met_one", "position": 0, "score": 1.0, "reasons": [], "created_at": long_ago}
            session.add(Recommendation(**about, **made, delivery_id=sent.id, action="going"))
        regulars = [await world.member(f"Regular {n}", "learn", "invite") for n in range(9)]
        await world.past("Hardware clinic", *regulars)

    await invite_to_events.run(services, now=NOW)

    # All 12 came: 13 of 16 with the prior, so three invitations are enough for two seats.
    assert len([delivery for delivery in await invites(services) if delivery.created_at == NOW]) == 3


async def test_a_field_that_somebody_calls_theirs_is_a_reason_though_they_never_talked_about_it(
    services: Services,
) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.member("Mia", "learn", "invite")
        chat = await make_chat(session, community_id=world.community.id)
        said = {"chat_id": chat.id, "member_id": mia.id, "sender": "member", "kind": "text", "sent_at": NOW - DAY}
        session.add(Message(**said, telegram_message_id=1, text="the coffee here is good again"))
        place = {"member_id": mia.id, "community_id": world.community.id, "created_at": NOW}
        session.add(ProfileFact(**place, kind="field", words="hardware", state="confirmed", decided_at=NOW))

    await invite_to_events.run(services, now=NOW)

    async with services.database.reading() as session:
        [sent] = await session.scalars(select(Delivery).where(Delivery.member_id == mia.id))
    assert "You call hardware a field of yours" in sent.payload["text"]


async def test_talks_in_the_field_of_an_event_are_counted_truly(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        chat = await make_chat(session, community_id=world.community.id)
        mia = await world.member("Mia", "learn", "invite")
        kim = await world.member("Kim", "learn", "invite")
        said = [
            (mia, "Which PCB shop?"),
            (mia, "Our firmware bricks"),
            (mia, "Good morning"),
            (kim, "SAFE or priced round?"),
        ]
        for number, (who, text) in enumerate(said):
            place = {"chat_id": chat.id, "telegram_message_id": number + 1, "sent_at": NOW - DAY}
            session.add(Message(**place, member_id=who.id, sender="member", kind="text", text=text))

    await invite_to_events.run(services, now=NOW)

    # Kim's field is another one.
    [queued] = await invites(services)
    assert queued.member_id == mia.id
    assert "You talk about hardware now and then" in queued.payload["text"]


async def test_the_words_a_member_wrote_are_counted_truly(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open(title="Saunas evening")
        chat = await make_chat(session, community_id=world.community.id)
        mia = await world.member("Mia", "learn", "invite")
        for number, text in enumerate(("Which saunas are open?", "Our saunas are far off", "Good morning")):
            place = {"chat_id": chat.id, "telegram_message_id": number + 1, "sent_at": NOW - DAY}
            session.add(Message(**place, member_id=mia.id, sender="member", kind="text", text=text))

    await invite_to_events.run(services, now=NOW)

    [queued] = await invites(services)
    assert "You wrote about saunas twice lately" in queued.payload["text"]


@pytest.mark.parametrize(
    ("event", "mia", "is_invited"),
    [
        ({}, {}, True),
        # In a room elsewhere, unless they live there; online from everywhere.
        ({"time_zone": "Asia/Shanghai"}, {}, False),
        ({"time_zone": "Asia/Shanghai"}, {"time_zone": "Asia/Shanghai"}, True),
        ({"time_zone": "Asia/Shanghai", "place": "Zoom"}, {}, True),
        # Where they have been to an event, they may be again.
        ({}, {"time_zone": "Asia/Shanghai"}, True),
        # In a script they neither chose nor wrote.
        ({"title": "硬件之夜"}, {}, False),
        ({"title": "硬件之夜"}, {"client_language": "zh-hans"}, True),
    ],
)
async def test_nobody_is_invited_to_where_they_cannot_be_or_to_what_they_cannot_read(
    services: Services, event: dict[str, Any], mia: dict[str, Any], is_invited: bool
) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        for name, value in event.items():
            setattr(world.event, name, value)
        member = await world.member("Mia", "learn", "invite")
        for name, value in mia.items():
            setattr(member, name, value)
        await world.past("Hardware 硬件之夜 clinic", member)

    await invite_to_events.run(services, now=NOW)

    assert len(await invites(services)) == is_invited


async def test_an_invitation_that_waited_does_not_leave_for_a_full_room(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        world.event.capacity = 2
        mia = await world.member("Mia", "learn", "invite")
        await world.past("Hardware clinic", mia)
    await invite_to_events.run(services, now=NOW)
    [queued] = await invites(services)

    async def holds() -> bool:
        claims_of = [one for reason in queued.reasons for one in reason["about"] if one.startswith("room:")]
        about = [tuple(one.split(":", 1)) for one in claims_of]
        async with services.database.reading() as session:
            return await checks.holds(session, mia.id, about, validity.CHECKS, now=NOW)

    before = await holds()
    async with services.database.transaction() as session:
        for name in ("Jo", "Kim"):
            await make_rsvp(session, world.event, await make_member(session, name=name), answered_at=NOW)

    assert (before, await holds()) == (True, False)


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [("en", "💺 3 seats left", "💺 1 seat left"), ("zh", "💺 还剩 3 个位子", "💺 还剩 1 个位子")],
)
async def test_how_many_seats_are_left_is_true_when_it_leaves(
    services: Services, language: str, before: str, after: str
) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open(capacity=3, title="Hardware 之夜")
        mia = await world.member("Mia", "learn", "invite", language=language)
        await world.past("Hardware clinic", mia)
    await invite_to_events.run(services, now=NOW)
    [queued] = await invites(services)
    async with services.database.transaction() as session:
        jo = await make_member(session, name="Jo")
        await make_rsvp(session, world.event, jo, answered_at=NOW, guests=1)

    async with services.database.transaction() as session:
        settled = await claims.claim_next(session, now=NOW, by="test", defaults=Defaults(), checks=CHECKS)
    await invite_to_events.run(services, now=NOW + DAY / 24)

    first, again = await invites(services)
    assert settled == claims.SettledDelivery(first.id, Failure.OUTDATED)
    assert before in queued.payload["text"]
    assert after in again.payload["text"]
    async with services.database.transaction() as session:
        leaves = await claims.claim_next(session, now=NOW + DAY / 24, by="test", defaults=Defaults(), checks=CHECKS)
    assert isinstance(leaves, claims.ClaimedDelivery)


async def _cant(session: AsyncSession, event: Event, jo: Member) -> None:
    (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one().status = "not_going"


async def _says_otherwise(session: AsyncSession, event: Event, jo: Member) -> None:
    event.place = "Somewhere else"


async def _hides_names(session: AsyncSession, event: Event, jo: Member) -> None:
    event.shows_names = False


@pytest.mark.parametrize("happens", [_cant, _says_otherwise, _hides_names])
async def test_an_invitation_whose_words_hold_no_more_does_not_leave_and_is_written_anew(
    services: Services, happens: Any
) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo = [await world.member(name, "learn", "invite") for name in ("Mia", "Jo")]
        await world.answered(mia, jo, 5)
        await world.past("Hardware clinic", mia)
        await make_rsvp(session, world.event, jo, answered_at=NOW - DAY)
    await invite_to_events.run(services, now=NOW)
    [queued] = await invites(services)
    async with services.database.transaction() as session:
        await happens(session, await session.get_one(Event, world.event.id), await session.get_one(Member, jo.id))

    async with services.database.transaction() as session:
        settled = await claims.claim_next(session, now=NOW, by="test", defaults=Defaults(), checks=CHECKS)
    await invite_to_events.run(services, now=NOW + DAY / 24)

    before, again = await invites(services)
    assert settled == claims.SettledDelivery(queued.id, Failure.OUTDATED)
    assert "Jo" in queued.payload["text"]
    assert (before.once_key, before.payload, before.reasons) == (None, None, None)
    assert again.once_key == queued.once_key
    assert again.payload["text"] != queued.payload["text"]
    assert ("Jo" in again.payload["text"]) == (happens is _says_otherwise)


async def test_pressing_going_is_remembered_with_the_invitation(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.member("Mia", "learn", "invite")
        await world.past("Hardware clinic", mia)
    await invite_to_events.run(services, now=NOW)

    async with services.database.transaction() as session:
        answered = await seats.answer(session, world.event.id, mia.id, "going", now=NOW + DAY)
        await answers.note_answer(session, world.event.id, mia.id, answered.status, now=NOW + DAY)

    async with services.database.reading() as session:
        row = (await session.scalars(select(Recommendation))).one()
    assert (row.action, row.acted_at) == ("going", NOW + DAY)


async def test_somebody_the_member_muted_is_no_reason(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo = [await world.member(name, "learn", "invite") for name in ("Mia", "Jo")]
        await world.answered(mia, jo, 5)
        await make_rsvp(session, world.event, jo, answered_at=NOW - DAY)
        session.add(Mute(member_id=mia.id, kind="person", target=str(jo.id), created_at=NOW))

    await invite_to_events.run(services, now=NOW)

    assert await invites(services) == []


async def test_a_forgotten_member_is_named_in_no_invitation(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo = [await world.member(name, "learn", "invite") for name in ("Mia", "Jo")]
        await world.answered(mia, jo, 5)
        await make_rsvp(session, world.event, jo, answered_at=NOW - DAY)
    await invite_to_events.run(services, now=NOW)
    [before] = await invites(services)

    async with services.database.transaction() as session:
        named = await events.naming(session, jo.id)
        await session.delete(await session.get_one(Member, jo.id))
        await session.flush()
        await event_posts.tell_forgotten(services, session, named, jo.id, now=NOW)

    [after] = await invites(services)
    async with services.database.reading() as session:
        row = (await session.scalars(select(Recommendation))).one()
        due = (await session.scalars(select(DueJob.name))).all()
    assert "Jo" in before.payload["text"]
    assert (after.payload, after.reasons, after.failure) == ({}, None, "withdrawn")
    assert row.reasons == []
    assert due == ["pass_on_seats"]


@pytest.mark.parametrize("has_champion", [False, True])
async def test_who_gave_the_hosts_last_events_few_stars_is_invited_after_others(
    services: Services, has_champion: bool
) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open(capacity=1)
        regulars = [await world.member(f"Regular {n}", "learn", "invite") for n in range(6)]
        sour = regulars[0]
        clinic = await world.past("Hardware clinic", *regulars, host_id=world.ana.id)
        drinks = await world.past("Hardware drinks", sour, host_id=world.ana.id, days_ago=10)
        for event, stars in ((clinic, 2), (drinks, 1)):
            session.add(EventRating(event_id=event.id, member_id=sour.id, stars=stars, rated_at=NOW - 5 * DAY))
        if has_champion:
            await champions.enter(session, world.community.id, likes_product(), now=NOW)

    await invite_to_events.run(services, now=NOW)

    invited = [delivery.member_id for delivery in await invites(services)]
    assert sour.id not in invited
    assert 0 < len(invited) < 6


async def test_ratings_of_a_member_without_consent_change_nothing(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.member("Mia", "invite", joined_at=NOW - 3 * DAY)
        past = await world.past("Hardware clinic", mia, host_id=world.ana.id)
        session.add(EventRating(event_id=past.id, member_id=mia.id, stars=1, rated_at=NOW - 5 * DAY))
        await session.flush()
        history = await invitation_history.read_past(session, world.community.id, now=NOW)

    await invite_to_events.run(services, now=NOW)

    [queued] = await invites(services)
    assert len(history.gatherings.ratings) == 0
    assert "new here" in queued.payload["text"]
