from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.config import Config
from bot.scene.services import Services
from jobs import suggest_people_to_meet
from models.database import Database
from models.domain.erasure import personal_data
from models.domain.events import announcements, events
from models.domain.introductions import meetings, people_to_meet
from models.domain.introductions.validity import CHECKS
from models.domain.member_time import Defaults
from models.domain.profiles import profiles
from models.domain.sending import claims
from models.tables.community import Chat, Community
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp
from models.tables.interaction import Interaction
from models.tables.member import Member, Membership, Mute
from models.tables.message import Message, Reaction
from models.tables.recommendation import Recommendation
from tests.factories import give_consent, join, make_chat, make_community, make_event, make_member, make_rsvp
from tests.stage import TEXTS

# The evening before is an afternoon: nobody sleeps.
NOW = datetime(2026, 3, 9, 14, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STARTS_AT = NOW + 20 * HOUR
ANSWER = "The one at the corner bakes at night"


@pytest.fixture
def services(sqlite: Database, clock: Clock) -> Services:
    return Services(sqlite, clock, TEXTS, Config())


class World:
    """A community with one group, an evening tomorrow, and members who are going as the story needs them."""

    community: Community
    chat: Chat
    event: Event

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._n_messages = 0

    async def open(self, **event: Any) -> World:
        self.community = await make_community(self.session)
        self.chat = await make_chat(self.session, community_id=self.community.id)
        values = {"title": "Demo night", "starts_at": STARTS_AT, **event}
        self.event = await make_event(self.session, self.community, **values)
        return self

    async def guest(
        self, name: str, *purposes: str, joined_at: datetime | None = None, status: str = "going", **values: Any
    ) -> Member:
        """Going, and agreed to introductions and learning unless other purposes are named."""
        member = await make_member(self.session, name=name, **values)
        await join(self.session, member, self.community, joined_at=joined_at)
        await give_consent(self.session, member, self.community, *(purposes or ("introduce", "learn")))
        await make_rsvp(self.session, self.event, member, status=status)
        return member

    async def says(self, who: Member, text: str, *, times: int = 1, to: Member | None = None, **values: Any) -> Message:
        for _ in range(times):
            self._n_messages += 1
            message = Message(
                **{
                    "chat_id": self.chat.id,
                    "telegram_message_id": self._n_messages,
                    "member_id": who.id,
                    "sender": "member",
                    "kind": "text",
                    "text": text,
                    "sent_at": NOW - DAY,
                    "reply_to_member_id": to.id if to else None,
                    **values,
                }
            )
            self.session.add(message)
        await self.session.flush()
        return message

    async def helps(self, who: Member, whom: Member, *answers: str, asked: str = "Which bakery is good?") -> None:
        """One question of theirs for each of these answers."""
        for answer in answers:
            question = await self.says(whom, asked, sent_at=NOW - 2 * DAY)
            await self.says(who, answer, to=whom, reply_to_telegram_id=question.telegram_message_id)

    async def past(self, title: str, *guests: Member, host: Member | None = None) -> Event:
        starts_at = NOW - 20 * DAY
        host_id = host.id if host else None
        event = await make_event(self.session, self.community, title=title, starts_at=starts_at, host_id=host_id)
        for guest in guests:
            await make_rsvp(self.session, event, guest, answered_at=starts_at - DAY)
        return event


async def told(services: Services) -> dict[int, Delivery]:
    """What waits or was sent, by reader."""
    async with services.database.reading() as session:
        query = select(Delivery).where(Delivery.kind == "people_to_meet", Delivery.failed_at.is_(None))
        return {delivery.member_id or 0: delivery for delivery in await session.scalars(query)}


async def run(services: Services, *, now: datetime = NOW) -> str:
    return await suggest_people_to_meet.run(services, now=now)


async def _answers(world: World, mia: Member, jo: Member) -> None:
    await world.helps(jo, mia, *[ANSWER] * 4)


async def _answered_before(world: World, mia: Member, jo: Member) -> None:
    await _answers(world, mia, jo)
    await world.past("Breakfast", mia, jo)


async def _is_thanked_mostly(world: World, mia: Member, jo: Member) -> None:
    answers = ["The one at the corner", "Ours is at the station", "Thanks!", "Welcome!", "+1", "Which one do you mean?"]
    await world.helps(jo, mia, *answers)


async def _both_build_hardware(world: World, mia: Member, jo: Member) -> None:
    for who in (mia, jo):
        for text in ("Here is our PCB assembly checklist", "Here is a guide to firmware updates"):
            await world.says(who, text)


async def _knows_what_she_asked(world: World, mia: Member, jo: Member) -> None:
    friend = await world.guest("Friend", status="maybe")
    await world.helps(
        jo, friend, *["Two of each, tested on the bench"] * 3, asked="How many PCB prototypes do you order?"
    )
    await world.says(mia, "哪家做 PCB 打样比较快？")


async def _once_asked(world: World, mia: Member, jo: Member) -> None:
    await _knows_what_she_asked(world, mia, jo)
    query = select(Message).where(Message.member_id == mia.id)
    (await world.session.scalars(query)).one().sent_at = NOW - 40 * DAY
    await world.session.flush()
    await _both_were_there(world, mia, jo)


async def _hosted(world: World, mia: Member, jo: Member) -> None:
    await world.past("Breakfast", mia, host=jo)


async def _reacts(world: World, mia: Member, jo: Member) -> None:
    for author, reader in ((mia, jo), (jo, mia)):
        for _ in range(2):
            message = await world.says(author, "Hello")
            world.session.add(Reaction(message_id=message.id, member_id=reader.id, emoji="👍", reacted_at=NOW - DAY))
    await world.session.flush()


async def _both_were_there(world: World, mia: Member, jo: Member) -> None:
    await world.past("Breakfast", mia, jo)


async def _is_new(world: World, mia: Member, jo: Member) -> None:
    query = select(Membership).where(Membership.member_id == jo.id)
    (await world.session.scalars(query)).one().joined_at = NOW - 3 * DAY
    await world.session.flush()


async def _told_what_she_builds(world: World, mia: Member, jo: Member) -> None:
    await _is_new(world, mia, jo)
    await world.says(jo, "Hi all, I'm Jo, just joined. Building solar chargers for market stalls. Happy to be here!")


async def _removed_what_she_builds(world: World, mia: Member, jo: Member) -> None:
    await _told_what_she_builds(world, mia, jo)
    profile = await profiles.of_member(world.session, jo.id, world.community.id, now=NOW)
    await profiles.remove(world.session, profile.facts[0], now=NOW)


@pytest.mark.parametrize(
    ("happened", "to_mia", "to_jo"),
    [
        (
            _answers,
            "answered several questions of yours; you haven't met at an event yet",
            "you answered several questions of theirs; you haven't met at an event yet",
        ),
        (
            _answered_before,
            "answered several questions of yours lately",
            "you answered several questions of theirs lately",
        ),
        # Thanks, a welcome and a question back are replies, and no answers.
        (
            _is_thanked_mostly,
            "answered two questions of yours; you haven't met at an event yet",
            "you answered two questions of theirs; you haven't met at an event yet",
        ),
        (_both_build_hardware, "talks about hardware, as you do", "talks about hardware, as you do"),
        # In whichever language: a field, never a word.
        (
            _knows_what_she_asked,
            "you asked about hardware lately; they often answer questions about it",
            "asked about hardware lately; you often answer questions about it",
        ),
        (
            _once_asked,
            "you were both at “Breakfast” and haven't talked since",
            "you were both at “Breakfast” and haven't talked since",
        ),
        (_hosted, "hosted an event you went to", "came to an event of yours"),
        (
            _reacts,
            "you react to each other's messages",
            "you react to each other's messages",
        ),
        (
            _both_were_there,
            "you were both at “Breakfast” and haven't talked since",
            "you were both at “Breakfast” and haven't talked since",
        ),
        (_is_new, "here for 3 days, and this is their first event", None),
        (_told_what_she_builds, "new here: “Building solar chargers for market stalls”", None),
        (_removed_what_she_builds, "here for 3 days, and this is their first event", None),
    ],
)
async def test_each_is_told_of_the_other_and_truly_why(
    services: Services, happened: Any, to_mia: str, to_jo: str | None
) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo = await world.guest("Mia"), await world.guest("Jo")
        await happened(world, mia, jo)

    outcome = await run(services)

    messages = await told(services)
    assert outcome == f"{1 + (to_jo is not None)} members told of people to meet, 1 events looked at"
    assert f"<b>1. Jo</b>: {to_mia}" in messages[mia.id].payload["text"].splitlines()
    assert (jo.id in messages) == (to_jo is not None)
    if to_jo is not None:
        assert f"<b>1. Mia</b>: {to_jo}" in messages[jo.id].payload["text"].splitlines()
    assert "🙈 Not Jo" in str(messages[mia.id].payload["reply_markup"])


async def test_a_newcomer_is_told_of_who_knows_many_and_the_other_way_round(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        new, lena = await world.guest("New", joined_at=NOW - 2 * DAY), await world.guest("Lena")
        for number in range(5):
            friend = await world.guest(f"Friend {number}", status="maybe")
            await world.says(lena, "Yes", to=friend)

    await run(services)

    messages = await told(services)
    assert "Lena</b>: knows many people here, a good first person to meet" in messages[new.id].payload["text"]
    assert "New</b>: here for 2 days, and this is their first event" in messages[lena.id].payload["text"]


async def test_in_a_group_that_has_just_begun_nobody_is_new(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        await world.guest("Mia")
        await world.guest("Jo", joined_at=NOW - 3 * DAY)
        world.community.created_at = NOW - 3 * DAY

    await run(services)

    assert await told(services) == {}


@pytest.mark.parametrize("missing", ["introduce", "learn"])
async def test_whoever_did_not_agree_is_neither_told_nor_named(services: Services, missing: str) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia = await world.guest("Mia")
        jo = await world.guest("Jo", *({"introduce", "learn", "digest"} - {missing}), joined_at=NOW - 3 * DAY)
        await _answers(world, mia, jo)
        await _answers(world, jo, mia)

    await run(services)

    assert await told(services) == {}


async def test_who_only_agreed_to_be_introduced_is_told_what_is_not_learned_from_them(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, new = await world.guest("Mia", "introduce"), await world.guest("New", joined_at=NOW - 3 * DAY)
        await _answers(world, mia, new)

    await run(services)

    [message] = (await told(services)).values()
    assert message.member_id == mia.id
    assert "answered" not in message.payload["text"]


async def test_what_was_said_in_a_group_only_one_of_them_is_in_is_no_reason(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo = await world.guest("Mia"), await world.guest("Jo")
        team = await make_chat(session, community_id=world.community.id)
        for text in ("Here is our PCB assembly checklist", "Here is a guide to firmware updates"):
            await world.says(mia, text)
            # The second group makes it matter who is where; Mia never was in the team's.
            await world.says(jo, text, chat_id=team.id)

    await run(services)

    assert await told(services) == {}


@pytest.mark.parametrize("who", [0, 1])
async def test_who_left_the_other_out_is_not_named_either_way(services: Services, who: int) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        pair = [await world.guest("Mia"), await world.guest("Jo")]
        await _answers(world, *pair)
        ids = {"member_id": pair[who].id, "target": str(pair[1 - who].id)}
        session.add(Mute(**ids, kind="person", created_at=NOW))

    await run(services)

    assert await told(services) == {}


async def test_who_met_already_is_named_to_neither(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo, wei = [await world.guest(name) for name in ("Mia", "Jo", "Wei")]
        await _answers(world, mia, jo)
        await _answers(world, mia, wei)
        ids = {"community_id": world.community.id, "member_id": jo.id, "about_member_id": mia.id}
        session.add(Interaction(**ids, kind="met", at=NOW - 9 * DAY))

    await run(services)

    messages = await told(services)
    assert "Wei" in messages[mia.id].payload["text"]
    assert "Jo" not in messages[mia.id].payload["text"]
    # Jo has a reason to meet nobody else.
    assert jo.id not in messages


async def test_best_friends_need_no_introduction_when_there_is_somebody_else(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo, wei = [await world.guest(name) for name in ("Mia", "Jo", "Wei")]
        await world.helps(jo, mia, *[ANSWER] * 40)
        await world.helps(wei, mia, *[ANSWER] * 3)

    await run(services)

    assert "Jo" not in (await told(services))[mia.id].payload["text"]


async def test_nobody_is_named_to_more_than_five_and_everybody_has_somebody(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        star = await world.guest("Star")
        guests = [await world.guest(f"Guest {number}") for number in range(8)]
        for guest in guests:
            await world.helps(star, guest, *[ANSWER] * 3)
        for one, other in zip(guests, [*guests[1:], guests[0]], strict=True):
            await world.helps(one, other, *[ANSWER] * 2)

    await run(services)

    messages = await told(services)
    texts = [message.payload["text"] for message in messages.values()]
    assert len(messages) == 9
    assert sum("Star</b>" in text for text in texts) <= 5
    assert all(1 <= text.count("</b>:") <= 3 for text in texts)


@pytest.mark.parametrize(
    ("now", "values"),
    [
        (STARTS_AT - 23 * HOUR, {}),  # before the reminder has settled who comes
        (STARTS_AT - HOUR, {}),  # people are on their way
        (NOW, {"status": "cancelled"}),
        (NOW, {"shows_names": False}),
    ],
)
async def test_names_wait_for_their_time(services: Services, now: datetime, values: dict[str, Any]) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open(**values)
        await _answers(world, await world.guest("Mia"), await world.guest("Jo"))

    assert (await run(services, now=now)).endswith("0 events looked at")


async def test_a_member_is_told_once_and_latecomers_are_told_later(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo = await world.guest("Mia"), await world.guest("Jo")
        wei = await world.guest("Wei", status="maybe")
        await _answers(world, mia, jo)
        await _answers(world, wei, mia)

    first, second = await run(services), await run(services)
    async with services.database.transaction() as session:
        query = select(Rsvp).where(Rsvp.member_id == wei.id)
        (await session.scalars(query)).one().status = "going"
    third = await run(services)

    assert [outcome[:2] for outcome in (first, second, third)] == ["2 ", "0 ", "1 "]
    assert "Mia" in (await told(services))[wei.id].payload["text"]


async def claim(services: Services, *, now: datetime = NOW) -> list[str]:
    """What the door does with everything due: the kind when it is sent, else why not."""
    found = []
    async with services.database.transaction() as session:
        while one := await claims.claim_next(session, now=now, by="test", defaults=Defaults(), checks=CHECKS):
            if isinstance(one, claims.ClaimedDelivery):
                await claims.receipt(session, one, now=now, message_id=1)
            found.append(getattr(one, "why", "sent"))
    return found


async def _release(session: AsyncSession, jo: Member) -> None:
    (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one().status = "not_going"


async def _take_back_consent(session: AsyncSession, jo: Member) -> None:
    (await session.scalars(select(Membership).where(Membership.member_id == jo.id))).one().left_at = NOW


async def _mute(session: AsyncSession, jo: Member) -> None:
    mia = (await session.scalars(select(Rsvp.member_id).where(Rsvp.member_id != jo.id))).first()
    session.add(Mute(member_id=jo.id, kind="person", target=str(mia), created_at=NOW))


@pytest.mark.parametrize("happens", [_release, _take_back_consent, _mute])
async def test_what_is_no_longer_true_does_not_leave_and_is_said_anew(services: Services, happens: Any) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo = await world.guest("Mia"), await world.guest("Jo")
        wei = await world.guest("Wei")
        await _answers(world, mia, jo)
        await world.helps(wei, mia, *[ANSWER] * 2)
    await run(services)
    async with services.database.transaction() as session:
        await happens(session, await session.get_one(Member, jo.id))

    at_the_door = await claim(services)
    again = await run(services)

    message = (await told(services))[mia.id]
    assert "outdated" in at_the_door
    assert again.startswith("1 ")
    assert "Wei" in message.payload["text"]
    assert "Jo" not in message.payload["text"]


async def test_a_moved_or_cancelled_event_takes_names_back(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        await _answers(world, await world.guest("Mia"), await world.guest("Jo"))
    await run(services)

    async with services.database.transaction() as session:
        await events.change(session, world.event.id, {"starts_at": STARTS_AT + HOUR}, now=NOW)
    moved = await told(services)
    again = await run(services)
    async with services.database.transaction() as session:
        await events.cancel(session, world.event.id, now=NOW)

    assert moved == {}
    assert again.startswith("2 ")
    assert await told(services) == {}


async def test_whoever_is_forgotten_is_in_no_message_any_more(services: Services) -> None:
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo = await world.guest("Mia"), await world.guest("Jo")
        await _answers(world, mia, jo)
    await run(services)

    async with services.database.transaction() as session:
        await personal_data.forget(session, await session.get_one(Member, jo.id), now=NOW)

    async with services.database.reading() as session:
        [left] = list(await session.scalars(select(Delivery).where(Delivery.member_id == mia.id)))
        names = list(await session.scalars(select(Recommendation)))
        told_again = await announcements.recipients(session, await session.get_one(Event, world.event.id), "meet")
    assert (left.payload, left.failure, names, told_again) == ({}, "withdrawn", [], set())


async def test_whom_one_met_is_known_and_counted_by_pair(database: Database, clock: Clock) -> None:
    services = Services(database, clock, TEXTS, Config())
    async with services.database.transaction() as session:
        world = await World(session).open()
        mia, jo, wei = [await world.guest(name) for name in ("Mia", "Jo", "Wei")]
        await _answers(world, mia, jo)
        await _hosted(world, mia, wei)
    await run(services)
    await claim(services)
    after = STARTS_AT + 4 * HOUR

    async with services.database.transaction() as session:
        before = await people_to_meet.outcomes(session, event_id=world.event.id)
        await meetings.turn_met(session, world.event.id, jo.id, mia.id, now=after)
        found = await people_to_meet.outcomes(session, community_id=world.community.id, since=NOW)
        later = await people_to_meet.outcomes(session, since=NOW + DAY)
        query = select(Recommendation.action).where(Recommendation.member_id == jo.id)
        acted = list(await session.scalars(query))
        await meetings.turn_met(session, world.event.id, jo.id, mia.id, now=after)
        taken_back = list(await session.scalars(query))

    assert (before.n_pairs, before.n_met) == (2, 0)
    assert (found.n_pairs, found.n_met) == (2, 1)
    assert found.by_source == {"answered_you_apart": (1, 1), "hosted": (1, 0)}
    assert later.n_pairs == 0
    assert (acted, taken_back) == (["met"], [None])
