"""One table of refusals over everything that reads members: whoever refused is neither written to, nor named, nor counted.

Eve does all that members do. Each reader is shown to find her while she agrees (so that a row of the table can fail), and to
find nothing of her after each kind of refusal. A new reader of members' rows belongs into READERS.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import orjson
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.charts import event_summary
from bot.charts.board import Board
from bot.config import Config
from bot.host import CHECKS
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs import (
    invite_to_events,
    make_rounds,
    notice_listings,
    rescue_questions,
    send_digests,
    suggest_people_to_meet,
    weave_threads,
    welcome_newcomers,
)
from models.database import Database, keys_of_session
from models.domain.conversations.conversations import describe_threads
from models.domain.digests import feedback
from models.domain.erasure import personal_data
from models.domain.events import check_ins, exports, summaries
from models.domain.events.answer_times import answer_times
from models.domain.events.summaries import MetPairs
from models.domain.hearing.facts import HeardStanding, Person, Place
from models.domain.hearing.recording import record
from models.domain.introductions import open_profiles, round_facts, rounds, staying_in_touch, who_knows
from models.domain.introductions.rounds import Rhythm
from models.domain.invitations import expected_answers, history, turnout
from models.domain.member_time import Defaults
from models.domain.members import communities, consent
from models.domain.members.learners import learners
from models.domain.members.own_words import own_words
from models.domain.profiles import profiles
from models.domain.reports import demand
from models.domain.sending import claims
from models.domain.serving import training
from models.encryption import KeyRing
from models.tables.community import Community
from models.tables.consent import Consent, Purpose, Way
from models.tables.delivery import Delivery
from models.tables.event import Event, EventRating, Rsvp
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.member import Member, Membership, Standing
from models.tables.message import Message, Thread
from models.tables.profile import ProfileFact
from models.tables.recommendation import Recommendation
from tests.factories import make_card, make_community, make_event, make_rsvp
from tests.stage import TEXTS, voice
from tests.statements import compile_once
from tests.village import NOW, Village

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# What nothing else in these tests is or says: her id, her name, her handle, her word.
EVE_ID, EVE_NAME, EVE_HANDLE, EVE_WORD = 987_654_321, "Eve Evesson", "eve_evesson", "quokka"
SIGNS = (str(EVE_ID), EVE_NAME, EVE_HANDLE, EVE_WORD)


@dataclass
class World:
    """A community where Eve talks, goes, hosts and answers as others do."""

    village: Village
    eve: Member
    mia: Member
    bob: Member
    evening: Event
    dinner: Event
    tomorrow: Event

    @property
    def community_id(self) -> int:
        return self.village.community.id


async def build(session: AsyncSession) -> World:
    village = await Village.found(session)
    keys = {"handle": EVE_HANDLE, "handle_hash": keys_of_session(session).lookup_hash(EVE_HANDLE)}
    eve = await village.learner(EVE_NAME, id=EVE_ID, **keys)
    mia, bob, ana = [await village.learner(name) for name in ("Mia", "Bob", "Ana")]
    await talk(village, eve, mia, bob)
    await live(village, eve, ana, [mia, bob, ana])
    where = {"member_id": eve.id, "community_id": village.community.id, "created_at": NOW, "decided_at": NOW}
    session.add(ProfileFact(**where, kind="project", words=f"{EVE_WORD} houses", state="confirmed"))
    coming = {"host_id": ana.id, "created_at": NOW - 9 * DAY}
    evening = await make_event(session, village.community, title="Summer evening", starts_at=NOW + 5 * DAY, **coming)
    dinner = await make_event(session, village.community, title="Winter dinner", starts_at=NOW + 6 * DAY, **coming)
    tomorrow = await make_event(session, village.community, starts_at=NOW + 20 * HOUR, **coming)
    await make_card(session, village.chat, eve, village.community, text="a customs broker", posted_at=NOW - DAY)
    await make_rsvp(session, evening, eve, answered_at=NOW - HOUR)
    await make_rsvp(session, dinner, bob, answered_at=NOW - HOUR)
    for member in (eve, mia, bob):
        await make_rsvp(session, tomorrow, member, answered_at=NOW - 2 * DAY)
    return World(village, eve, mia, bob, evening, dinner, tomorrow)


async def talk(village: Village, eve: Member, mia: Member, bob: Member) -> None:
    """Eve asks and answers, reacts and is reacted to, is named, forwarded and answered."""
    for day in range(4):
        asked = await village.say(eve, f"Which vet in Lisbon treats {EVE_WORD}s? {day}", hours_ago=24 * (9 + day))
        said = await village.say(mia, "the vet at the harbour", hours_ago=24 * (9 + day) - 1, reply_to=asked)
        await village.react(eve, said, hours_ago=24 * (9 + day) - 2)
        ids = {"community_id": village.community.id, "member_id": mia.id, "about_member_id": eve.id}
        village.session.add(Interaction(**ids, kind="reply", at=NOW - (9 + day) * DAY))
    await village.say(eve, f"Hi all, I'm Eve, building houses for {EVE_WORD}s", hours_ago=300)
    await village.say(eve, f"Which vet looks after {EVE_WORD}s in a garden?", hours_ago=50)
    question = await village.say(bob, "Are there good customs brokers here?", hours_ago=30)
    answer = await village.say(eve, f"the {EVE_WORD}s brokers at the port", hours_ago=29, reply_to=question)
    await village.react(bob, answer)
    await village.say(mia, "ours at the airport has been reliable", hours_ago=29, reply_to=question)
    question = await village.say(bob, "How long does customs clearance take for samples?", hours_ago=72)
    await village.say(eve, f"two weeks with {EVE_WORD}s in it", hours_ago=71, reply_to=question)
    await village.say(mia, "one week when the papers are complete", hours_ago=70, reply_to=question)
    await village.say(bob, f"Which farm sells {EVE_WORD}s?", hours_ago=28, is_forward=True)
    thanks = f"Who else knows somebody like {EVE_NAME} or @{EVE_HANDLE}?"
    entity = {"type": "text_mention", "offset": thanks.index("Eve"), "length": len(EVE_NAME)}
    details = {"entities": [entity | {"user": {"id": eve.telegram_id, "first_name": "Eve"}}]}
    await village.say(bob, thanks, hours_ago=27, mentions=eve, details=details)
    await village.say(eve, "Which freight company carries pianos?", hours_ago=24)
    await village.say(bob, "Which warehouse takes single pallets?", hours_ago=20)
    await village.say(mia, "Does anyone print stickers?", hours_ago=4)
    await village.say(eve, f"Looking for a bookkeeper who likes {EVE_WORD}s", hours_ago=0.5)


async def live(village: Village, eve: Member, ana: Member, others: list[Member]) -> None:
    """Evenings of Eve's and of Ana's, at which all were; an invitation that Eve answered; and what she was told of."""
    session, community = village.session, village.community
    for number, host in enumerate((eve, ana, eve, ana)):
        starts_at = NOW - (10 + 7 * number) * DAY
        event = await make_event(session, community, title=f"Talk {number}", host_id=host.id, starts_at=starts_at)
        for guest in (eve, *others):
            await make_rsvp(session, event, guest, answered_at=starts_at - DAY, checked_in_at=starts_at)
            stars = {"stars": 5, "sentence": f"More {EVE_WORD}s" if guest is eve else None}
            session.add(EventRating(event_id=event.id, member_id=guest.id, rated_at=starts_at + DAY, **stars))
        for reader, about in ((eve, others[0]), (others[0], eve)):
            await recommend(session, community.id, reader, "person", about.id, event_id=event.id, action="met")
        await recommend(session, community.id, eve, "event", event.id, kind="invite", action="going", probability=0.1)


async def recommend(
    session: AsyncSession,
    community_id: int,
    reader: Member,
    what: str,
    item_id: int,
    *,
    kind: str = "people_to_meet",
    **values: Any,
) -> None:
    at = NOW - 8 * DAY
    times = {"created_at": at, "due_at": at, "sent_at": at}
    delivery = Delivery(kind=kind, member_id=reader.id, method="sendMessage", payload={}, **times)
    session.add(delivery)
    await session.flush()
    made = {"source": "host", "position": 0, "score": 1.0, "reasons": [], "created_at": at, "acted_at": at}
    about = {"community_id": community_id, "member_id": reader.id, "item_kind": what, "item_id": item_id}
    session.add(Recommendation(**about, **made, delivery_id=delivery.id, **values))
    await session.flush()


# --- the refusals -----------------------------------------------------------------------------------------------------


async def _never_asked(session: AsyncSession, world: World) -> None:
    await session.execute(delete(Consent).where(Consent.member_id == EVE_ID))


async def _imported(session: AsyncSession, world: World) -> None:
    await _never_asked(session, world)
    world.eve.reachable_at = None
    await session.execute(update(Message).where(Message.member_id == EVE_ID).values(source="import"))


def _no_to(purpose: Purpose) -> Any:
    async def refuse(session: AsyncSession, world: World) -> None:
        where = {"member_id": EVE_ID, "community_id": world.community_id}
        await consent.decide(session, **where, purposes=[purpose], is_given=False, now=NOW, way=Way.BUTTON)

    return refuse


def _goes(standing: Standing) -> Any:
    async def refuse(session: AsyncSession, world: World) -> None:
        chat = world.village.chat
        where = Place(chat.telegram_id, chat.kind, chat.title)
        who = Person(world.eve.telegram_id, EVE_NAME, handle=EVE_HANDLE)
        await record(session, [HeardStanding(where, who, NOW, status=standing)], now=NOW)

    return refuse


async def _is_a_bot(session: AsyncSession, world: World) -> None:
    world.eve.is_bot = True


async def _erased(session: AsyncSession, world: World) -> None:
    await personal_data.forget(session, world.eve, now=NOW)
    session.expunge(world.eve)


async def _elsewhere(session: AsyncSession, world: World) -> None:
    """All her yeses are for another community; here she never was."""
    there = await make_community(session)
    await session.execute(update(Consent).where(Consent.member_id == EVE_ID).values(community_id=there.id))
    await session.execute(update(Membership).where(Membership.member_id == EVE_ID).values(community_id=there.id))


Refusal = Callable[[AsyncSession, World], Awaitable[None]]
REFUSALS: dict[str, Refusal] = {
    "never asked": _never_asked,
    "declined recording": _no_to(Purpose.RECORD),
    "declined learning": _no_to(Purpose.LEARN),
    "left": _goes(Standing.LEFT),
    "banned": _goes(Standing.KICKED),
    "a bot": _is_a_bot,
    "imported and never asked": _imported,
    "erased": _erased,
    "agreed in another community": _elsewhere,
}
AFTER_A_YES = {"declined recording", "declined learning", "left", "banned", "erased"}
# They said yes to being written to: they are, out of what is everybody's, and nobody learns of them by it.
STILL_WRITTEN_TO = {"declined recording", "declined learning"}


# --- the readers ------------------------------------------------------------------------------------------------------


@dataclass
class Trace:
    """All that a reader came to: whom it writes to, and all it says or keeps, as text."""

    written_to: set[int]
    said: str


def _dump(value: Any) -> str:
    """Everything in it, arrays to their last number."""
    if dataclasses.is_dataclass(value):
        return " ".join(_dump(getattr(value, one.name)) for one in dataclasses.fields(value))
    if isinstance(value, np.ndarray):
        return " ".join(map(str, value.tolist()))
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(map(_dump, value))
    if isinstance(value, dict):
        return " ".join(f"{_dump(key)} {_dump(one)}" for key, one in value.items())
    return f"{value.id} {value.name}" if isinstance(value, Member) else str(value)


async def _arrays(services: Services, world: World) -> Trace:
    async with services.database.reading() as session:
        learnt = await training.read_log(session, world.community_id, since=NOW - 90 * DAY, until=NOW)
    return Trace(set(), _dump(learnt))


async def _talk(services: Services, world: World) -> Trace:
    async with services.database.reading() as session:
        return Trace(
            set(),
            _dump(await training.read_talk(session, world.community_id, since=NOW - 90 * DAY, until=NOW)),
        )


async def _gatherings(services: Services, world: World) -> Trace:
    async with services.database.reading() as session:
        return Trace(set(), _dump(await history.read_past(session, world.community_id, now=NOW)))


async def _conversations(services: Services, world: World) -> Trace:
    await weave_threads.run(services, now=NOW)
    async with services.database.reading() as session:
        allowed = await learners(session, world.community_id)
        threads = list(await session.scalars(select(Thread)))
        told = await describe_threads(session, [one.id for one in threads], allowed)
        return Trace(set(), _dump([one.keywords for one in threads]) + _dump([_told(one) for one in told.values()]))


def _told(conversation: Any) -> Any:
    """Names and words; how many agreed is counted over everybody, whoever they are."""
    words = [conversation.head.text, *(one.words.text for one in conversation.answers)]
    people = [conversation.author_id, *(one.words.member_id for one in conversation.answers if one.words.text)]
    return [words, people, conversation.participants]


async def _pushed(services: Services, kind: str, job: Any) -> Trace:
    """Hers are left out of what is said: she may read her own name."""
    await job.run(services, now=NOW)
    async with services.database.reading() as session:
        sent = list(await session.scalars(select(Delivery).where(Delivery.kind == kind, Delivery.sent_at.is_(None))))
        rows = list(await session.scalars(select(Recommendation).where(Recommendation.created_at == NOW)))
    said = [(one.payload, one.reasons) for one in sent if one.member_id != EVE_ID]
    said += [(one.reasons, one.item_id) for one in rows if one.member_id != EVE_ID]
    return Trace({one.member_id for one in sent if one.member_id}, orjson.dumps(said).decode())


async def _digests(services: Services, world: World) -> Trace:
    await weave_threads.run(services, now=NOW)
    return await _pushed(services, "digest", send_digests)


async def _invitations(services: Services, world: World) -> Trace:
    return await _pushed(services, "invite", invite_to_events)


async def _people_to_meet(services: Services, world: World) -> Trace:
    return await _pushed(services, "people_to_meet", suggest_people_to_meet)


async def _hints(services: Services, world: World) -> Trace:
    """Her own words, to herself: with her refusal they are not read."""
    await notice_listings.run(services, now=NOW)
    async with services.database.reading() as session:
        sent = list(await session.scalars(select(Delivery).where(Delivery.kind == "listing_hint")))
    return Trace({one.member_id for one in sent if one.member_id}, _dump([one.payload for one in sent]))


async def _questions(services: Services, world: World) -> Trace:
    """What nobody answered: hers to Mia, who knows of such, and Bob's to her."""
    await weave_threads.run(services, now=NOW)
    return await _pushed(services, "question", rescue_questions)


async def _why(services: Services, world: World) -> Trace:
    """What Mia reads when she asks why she was told of Eve."""
    async with services.database.reading() as session:
        shown = await feedback.last_shown(session, world.mia.id)
    return Trace(set(), _dump([(one.words, one.author) for one in shown]))


async def _willingness(services: Services, world: World) -> Trace:
    """The bar of /setup; four said yes."""
    async with services.database.reading() as session:
        found = await communities.willingness(session, world.community_id)
    return Trace(set(), EVE_NAME if found.n_yes == 4 else "")


async def _who_knows(services: Services, world: World) -> Trace:
    """Mia asks in private who knows what Eve answered."""
    where = {"asker_id": world.mia.id, "community_id": world.community_id, "now": NOW}
    async with services.database.reading() as session:
        return Trace(set(), _dump(await who_knows.find(session, f"who knows {EVE_WORD} brokers?", **where)))


async def _profile(services: Services, world: World) -> Trace:
    """What is inferred about her, as she alone reads it."""
    async with services.database.transaction() as session:
        profile = await profiles.of_member(session, EVE_ID, world.community_id, now=NOW)
    return Trace({EVE_ID} if profile else set(), _dump([one.words for one in profile.facts] if profile else []))


async def _by_profile(services: Services, world: World) -> Trace:
    """Whom Mia finds by what members confirmed of themselves, and who may know it for that."""
    where = {"community_id": world.community_id, "asker_id": world.mia.id, "now": NOW}
    async with services.database.reading() as session:
        found = await open_profiles.open_profiles(session, [world.community_id], reader_id=world.mia.id, now=NOW)
        knowers = await who_knows.find(session, f"who builds {EVE_WORD} houses?", **where)
    return Trace(set(), _dump([(one.member, one.text) for one in found]) + _dump(knowers))


async def _in_vain(services: Services, world: World) -> Trace:
    """Whose questions are counted for admins as having had no answer: before anybody is too few to be told."""
    await weave_threads.run(services, now=NOW)
    async with services.database.reading() as session:
        return Trace(set(), _dump(await demand.askers_in_vain(session, world.community_id, now=NOW + 2 * DAY)))


async def _welcomes(services: Services, world: World) -> Trace:
    """She joined yesterday, as Nia did, who works on what Eve confirmed; both introduce themselves."""
    async with services.database.transaction() as session:
        village = world.village
        village.session = session
        joined = {"joined_at": NOW - DAY}
        await session.execute(update(Membership).where(Membership.member_id == EVE_ID).values(**joined))
        nia = await village.learner("Nia")
        await session.execute(update(Membership).where(Membership.member_id == nia.id).values(**joined))
        await village.say(nia, "Hi all, I'm Nia, building customs software for freight", hours_ago=3)
        if (eve := await session.get(Member, EVE_ID)) is not None:
            await village.say(eve, f"Hi all, I'm Eve, building freight boxes for {EVE_WORD}s", hours_ago=2)
            where = {"member_id": EVE_ID, "community_id": world.community_id, "created_at": NOW, "decided_at": NOW}
            session.add(ProfileFact(**where, kind="field", words="logistics", state="confirmed"))
    return await _pushed(services, "welcome", welcome_newcomers)


Reader = Callable[[Services, World], Awaitable[Trace]]
READERS: dict[str, Reader] = {
    "training rows": _arrays,
    "what is woven": _talk,
    "invitation model's rows": _gatherings,
    "conversations": _conversations,
    "digests": _digests,
    "invitations": _invitations,
    "people to meet": _people_to_meet,
    "messages that sound like a need": _hints,
    "questions brought to who may know": _questions,
    "why": _why,
    "what is inferred": _profile,
    "confirmed profiles": _by_profile,
    "welcomes": _welcomes,
    "who may know something": _who_knows,
    "counts of who said yes": _willingness,
    "counts of who asked in vain": _in_vain,
}
WRITE = {"digests", "invitations", "people to meet", "questions brought to who may know", "welcomes"}
# Why they were told rests on what their readers did themselves, and names nobody.
OF_READERS_ALONE = {"questions brought to who may know"}
# They tell her of nobody but herself.
OF_HERSELF = {"messages that sound like a need", "what is inferred"}


@pytest.fixture
def services(database: Database, clock: SimulatedClock) -> Services:
    return Services(database, clock, TEXTS, Config(), random=Random(7))


# The file of each world that was made, and its objects: nearly all tests begin with one of ten.
_MADE: dict[str | None, tuple[bytes, World]] = {}


async def _prepared(services: Services, refusal: str | None) -> World:
    """The world in which she refused, or agrees; on SQLite made once, and copied before the file is opened."""
    if not services.database.is_sqlite:
        return await _made(services, refusal)
    if refusal not in _MADE:
        world = await _made(services, refusal)
        # The last connection to close brings what was written into the file itself.
        await services.database.close()
        _MADE[refusal] = _file_of(services).read_bytes(), world
    copied, world = _MADE[refusal]
    _lay_over(_file_of(services), copied)
    return dataclasses.replace(world)


def _file_of(services: Services) -> Path:
    return Path(services.database.engine.url.database or "")


def _lay_over(file: Path, copied: bytes) -> None:
    assert not file.with_name(f"{file.name}-wal").exists()
    file.write_bytes(copied)


async def _made(services: Services, refusal: str | None) -> World:
    async with services.database.transaction() as session:
        world = await build(session)
    if refusal in AFTER_A_YES:
        # What she said was woven while she agreed: it goes, too.
        await weave_threads.run(services, now=NOW - HOUR)
    if refusal is not None:
        async with services.database.transaction() as session:
            world.eve = await session.get_one(Member, EVE_ID)
            await REFUSALS[refusal](session, world)
    return world


@pytest.mark.parametrize("reader", READERS)
async def test_whoever_agrees_is_read(services: Services, reader: str) -> None:
    """The control: each reader would find her."""
    world = await _prepared(services, None)

    trace = await READERS[reader](services, world)

    assert any(sign in trace.said for sign in SIGNS)
    assert (EVE_ID in trace.written_to) == (reader in WRITE | OF_HERSELF)


@pytest.fixture
def on_sqlite(sqlite: Database, clock: SimulatedClock) -> Services:
    return Services(sqlite, clock, TEXTS, Config(), random=Random(7))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("refusal", REFUSALS)
async def test_whoever_refused_is_not_read(on_sqlite: Services, refusal: str, reader: str) -> None:
    services = on_sqlite
    world = await _prepared(services, refusal)

    trace = await READERS[reader](services, world)

    assert [sign for sign in SIGNS if sign in trace.said] == []
    assert EVE_ID not in trace.written_to or refusal in STILL_WRITTEN_TO


# --- what was queued before -------------------------------------------------------------------------------------------


async def _leave(services: Services, *, now: datetime = NOW) -> list[claims.ClaimedDelivery]:
    """What the door lets out of all that is due, to others than Eve."""
    out = []
    async with services.database.transaction() as session:
        while one := await claims.claim_next(session, now=now, by="test", defaults=Defaults(), checks=CHECKS):
            if isinstance(one, claims.ClaimedDelivery):
                await claims.receipt(session, one, now=now, message_id=1)
                out.append(one)
    return [one for one in out if one.member_id != EVE_ID]


async def _queued_before(services: Services, refusal: str | None, writer: str) -> list[claims.ClaimedDelivery]:
    """A push that names her is queued; then she refuses; then it is its turn."""
    world = await _prepared(services, None)
    queued = await READERS[writer](services, world)
    assert any(sign in queued.said for sign in SIGNS)
    if refusal is not None:
        async with services.database.transaction() as session:
            world.eve = await session.get_one(Member, EVE_ID)
            await REFUSALS[refusal](session, world)
    return await _leave(services)


def _signs(sent: list[claims.ClaimedDelivery]) -> list[str]:
    said = orjson.dumps([one.payload for one in sent]).decode()
    return [sign for sign in SIGNS if sign in said]


@pytest.mark.parametrize("writer", sorted(WRITE))
async def test_what_was_queued_leaves_while_everybody_named_agrees(on_sqlite: Services, writer: str) -> None:
    """The control: nothing but a refusal keeps it."""
    assert EVE_NAME in _signs(await _queued_before(on_sqlite, None, writer))


@pytest.mark.parametrize("writer", sorted(WRITE))
@pytest.mark.parametrize("refusal", ["declined learning", "erased"])
async def test_what_was_queued_before_a_refusal_names_nobody_who_refused(
    services: Services, refusal: str, writer: str
) -> None:
    assert _signs(await _queued_before(services, refusal, writer)) == []


@pytest.mark.parametrize("is_sent", [False, True])
@pytest.mark.parametrize("writer", sorted(WRITE))
async def test_no_row_of_what_was_queued_or_sent_to_others_names_who_was_erased(
    services: Services, writer: str, is_sent: bool
) -> None:
    """Neither what waits, nor why something was told long ago."""
    world = await _prepared(services, None)
    await READERS[writer](services, world)
    if is_sent:
        await _leave(services)
    before = await _held_of_others(services, with_messages=not is_sent)
    async with services.database.transaction() as session:
        world.eve = await session.get_one(Member, EVE_ID)
        await _erased(session, world)

    after = await _held_of_others(services, with_messages=not is_sent)

    assert (str(EVE_ID) in before) == (not is_sent or writer not in OF_READERS_ALONE)
    assert [sign for sign in SIGNS if sign in after] == []


async def _held_of_others(services: Services, *, with_messages: bool) -> str:
    """Why others were told what they were; and what waits for them."""
    async with services.database.reading() as session:
        rows = list(await session.scalars(select(Recommendation).where(Recommendation.member_id != EVE_ID)))
        messages = list(await session.scalars(select(Delivery).where(Delivery.member_id != EVE_ID)))
    waiting = [(one.payload, one.reasons) for one in messages if with_messages and one.sent_at is None]
    return orjson.dumps([[one.reasons for one in rows], waiting]).decode()


@pytest.mark.parametrize("writer", sorted(WRITE))
@pytest.mark.parametrize("refusal", sorted(AFTER_A_YES - {"declined learning", "erased"}))
async def test_what_was_queued_before_somebody_left_names_them_no_more(
    on_sqlite: Services, refusal: str, writer: str
) -> None:
    assert _signs(await _queued_before(on_sqlite, refusal, writer)) == []


async def _forecasts(services: Services, refusal: str | None, *, has_come: bool) -> list[float]:
    """What is expected of an evening that she and Bob go to, and of who is invited, after she came always or never."""
    world = await _prepared(services, refusal)
    async with services.database.transaction() as session:
        if not has_come:
            theirs = (Rsvp.member_id == EVE_ID, Rsvp.checked_in_at.is_not(None))
            await session.execute(update(Rsvp).where(*theirs).values(checked_in_at=None))
            invited = (Recommendation.member_id == EVE_ID, Recommendation.item_kind == "event")
            await session.execute(update(Recommendation).where(*invited).values(action="not_going"))
    async with services.database.reading() as session:
        tomorrow = await session.get_one(Event, world.tomorrow.id)
        expected = (await turnout.forecast(session, tomorrow, now=NOW)).mean
        rate = await expected_answers.acceptance_rate(session, world.community_id, now=NOW)
        return [expected, rate, await expected_answers.lift(session, world.community_id, now=NOW)]


@pytest.mark.parametrize("refusal", [None, *REFUSALS])
async def test_a_forecast_is_the_same_whatever_somebody_did_who_refused(
    clock: SimulatedClock, migrated_file: Path, tmp_path: Path, keys: KeyRing, refusal: str | None
) -> None:
    found = []
    for has_come in (True, False):
        file = shutil.copy(migrated_file, tmp_path / f"{has_come}.db")
        database = compile_once(Database(f"sqlite+aiosqlite:///{file}", keys))
        services = Services(database, clock, TEXTS, Config(), random=Random(7))
        found.append(await _forecasts(services, refusal, has_come=has_come))
        await database.close()

    always, never = found
    if refusal is None:
        assert all(one > other for one, other in zip(always, never, strict=True))
    else:
        assert always == never


async def _of_one_event(session: AsyncSession, event: Event) -> str:
    """What its host holds: the table, the list at the door, the picture of what came of it."""
    listed = [await exports.answers_csv(session, event), await check_ins.guest_list(session, event.id)]
    return _dump([*listed, "came", (await summaries.summary(session, event, suggestions=MetPairs())).n_came])


@pytest.mark.parametrize("refusal", [None, *REFUSALS])
async def test_what_somebody_answered_an_event_is_its_hosts_until_it_is_erased(
    on_sqlite: Services, refusal: str | None
) -> None:
    """An answer is given to this host, in sight of the group; it is no learning. What was said with stars names nobody."""
    world = await _prepared(on_sqlite, refusal)

    async with on_sqlite.database.reading() as session:
        past = await session.get_one(Event, 1)
        held = await _of_one_event(session, past)
        summed_up = await summaries.summary(session, past, suggestions=MetPairs())

    assert (EVE_NAME in held) == (refusal != "erased")
    assert held.endswith(f"came {3 if refusal == 'erased' else 4}")
    assert EVE_NAME not in _dump(summed_up)
    assert world.community_id == past.community_id


@pytest.mark.parametrize("refusal", [None, *REFUSALS])
async def test_a_picture_of_an_event_counts_answers_until_erased_and_names_nobody(
    on_sqlite: Services, refusal: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bars are its host's, as the answers they count are; who answered, and what they wrote, is in none of its words."""
    world = await _prepared(on_sqlite, refusal)
    words: list[str] = []
    write = Board.write
    monkeypatch.setattr(
        Board,
        "write",
        lambda board, x, y, text, *rest, **more: words.append(text) or write(board, x, y, text, *rest, **more),
    )

    async with on_sqlite.database.reading() as session:
        past = await session.get_one(Event, 1)
        summary = await summaries.summary(session, past, suggestions=MetPairs())
    event_summary.draw(voice(), summary, title=past.title)

    n_there = 3 if refusal == "erased" else 4
    # One invitation is counted, and too few to be told.
    assert summary.n_invited == (0 if refusal == "erased" else 1)
    assert {one.name: one.n for one in event_summary.steps(summary)} == dict.fromkeys(
        ("going", "came", "liked"), n_there
    )
    assert sum(answer_times(summary.answered_at, starts_at=past.starts_at, posted_at=None, zone=UTC).counts) == n_there
    assert past.title in words
    assert [sign for sign in SIGNS if sign in " ".join(words)] == []
    assert world.community_id == past.community_id


@pytest.mark.parametrize("refusal", [None, *REFUSALS])
async def test_answers_are_counted_as_they_stand_in_the_group_and_quoted_of_whoever_agrees(
    on_sqlite: Services, refusal: str | None
) -> None:
    """ "2 answers" is true in sight of the group, whoever wrote them, until they are erased; who, and what, is for yeses."""
    world = await _prepared(on_sqlite, refusal)
    await weave_threads.run(on_sqlite, now=NOW)

    async with on_sqlite.database.reading() as session:
        learner_ids = await learners(session, world.community_id)
        thread_ids = list(await session.scalars(select(Thread.id)))
        talks = (await describe_threads(session, thread_ids, learner_ids)).values()
    talk = next(one for one in talks if one.head.text == "Are there good customs brokers here?")

    assert len(talk.answers) == (1 if refusal == "erased" else 2)
    assert talk.n_people() == (2 if refusal == "erased" else 3)
    assert (EVE_ID in talk.participants) == (refusal is None)
    best = talk.best_answer
    assert best is not None
    assert best.words.text == (
        f"the {EVE_WORD}s brokers at the port" if refusal is None else "ours at the airport has been reliable"
    )


def update_of(mia: Member, eve: Member) -> dict[str, Any]:
    """Mia answers Eve, quotes her, names her by a link; Telegram repeats who Eve is and what she said."""
    eves = {"id": eve.telegram_id, "is_bot": False, "first_name": EVE_NAME, "username": EVE_HANDLE}
    chat = {"id": -1001, "type": "supergroup", "title": "Village"}
    asked = {"message_id": 7, "date": 1, "chat": chat, "from": eves, "text": f"Which vet treats {EVE_WORD}s?"}
    message = {
        "message_id": 8,
        "date": 2,
        "chat": chat,
        "from": {"id": mia.telegram_id, "is_bot": False, "first_name": "Mia"},
        "text": "the vet at the harbour",
        "entities": [{"type": "text_mention", "offset": 0, "length": 3, "user": eves}],
        "reply_to_message": asked,
        "quote": {"text": EVE_WORD, "position": 0},
    }
    return {"update_id": 1, "message": message}


@pytest.mark.parametrize("refusal", [None, *REFUSALS])
async def test_what_a_member_takes_home_holds_no_name_and_no_word_of_others(
    on_sqlite: Services, refusal: str | None
) -> None:
    """Not even while she agrees: /mydata is of one person. Only the number says whom an answer was for, until she is erased."""
    world = await _prepared(on_sqlite, refusal)
    raw = update_of(world.mia, world.eve)
    forwarded = {"forward_origin": {"type": "hidden_user", "sender_user_name": EVE_NAME}, "text": EVE_WORD}
    second = {"update_id": 2, "message": {**raw["message"], "message_id": 9, **forwarded}}
    pressed = {"update_id": 3, "callback_query": {"message": raw["message"]["reply_to_message"], "data": "1:why"}}
    async with on_sqlite.database.transaction() as session:
        for one in (raw, second, pressed):
            ids = {"bot_id": 1, "update_id": one["update_id"], "sender_telegram_id": world.mia.telegram_id}
            session.add(RawUpdate(**ids, kind="message", is_urgent=False, payload=orjson.dumps(one), received_at=NOW))

    async with on_sqlite.database.reading() as session:
        everything = await personal_data.export(session, await session.get_one(Member, world.mia.id))

    taken_home = orjson.dumps(everything, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    assert [sign for sign in (EVE_NAME, EVE_HANDLE, EVE_WORD) if sign in taken_home] == []
    assert (f'"reply_to_member_id":{EVE_ID}' in taken_home) == (refusal != "erased")
    assert [list(orjson.loads(one)) for one in everything["raw_update"]] == [
        ["message"],
        ["message"],
        ["callback_query"],
    ]
    assert orjson.loads(everything["raw_update"][0])["message"]["text"] == "the vet at the harbour"
    assert orjson.loads(everything["raw_update"][2])["callback_query"] == {
        "message": {"message_id": 7},
        "data": "1:why",
    }


@pytest.mark.parametrize("refusal", [None, *REFUSALS, "declined introductions"])
async def test_who_was_there_is_named_to_be_picked_until_they_leave_or_want_nothing_kept(
    on_sqlite: Services, refusal: str | None
) -> None:
    """They sat at one table and their names stood on its list; a pick stays secret until both picked.

    To be missing because of a no to introductions would tell that no.
    """
    world = await _prepared(on_sqlite, None if refusal == "declined introductions" else refusal)
    if refusal == "declined introductions":
        async with on_sqlite.database.transaction() as session:
            await _no_to(Purpose.INTRODUCE)(session, world)

    async with on_sqlite.database.reading() as session:
        evening = await session.get_one(Event, 1)
        others = await staying_in_touch.pick_list(session, evening, world.bob.id, now=evening.starts_at + HOUR)

    is_gone = refusal in ("left", "banned", "agreed in another community", "erased", "a bot", "declined recording")
    assert (EVE_NAME in {one.name for one in others}) == (not is_gone)
    assert {"Mia", "Ana"} <= {one.name for one in others}


# Joining is a yes of its own to be named, whoever learns what: it ends with leaving, erasure, and a no to introductions.
IN_NO_ROUND = {*REFUSALS, "declined introductions"} - {"declined recording", "declined learning"}
AT_ROUND = NOW + HOUR + timedelta(minutes=5)


async def _in_rounds(services: Services, refusal: str | None) -> World:
    """All four joined before she refused."""
    world = await _prepared(services, None)
    async with services.database.transaction() as session:
        community = await session.get_one(Community, world.community_id)
        rounds.choose_rhythm(community, Rhythm.WEEKLY, now=NOW - 2 * DAY)
        for member in await session.scalars(select(Member).where(Member.is_bot.is_(False))):
            await rounds.join(session, community.id, member.id, now=NOW - DAY)
    await _refuse(services, world, refusal)
    return world


async def _refuse(services: Services, world: World, refusal: str | None) -> None:
    if refusal is None:
        return
    async with services.database.transaction() as session:
        world.eve = await session.get_one(Member, EVE_ID)
        await (REFUSALS | {"declined introductions": _no_to(Purpose.INTRODUCE)})[refusal](session, world)


@pytest.mark.parametrize("refusal", [None, *REFUSALS, "declined introductions"])
async def test_a_round_names_her_while_she_is_in_it_and_rests_on_her_words_while_she_agrees(
    on_sqlite: Services, refusal: str | None
) -> None:
    world = await _in_rounds(on_sqlite, refusal)
    async with on_sqlite.database.reading() as session:
        community = await session.get_one(Community, world.community_id)
        circle = await round_facts.load(session, community, (), now=AT_ROUND, defaults=Defaults())
    await make_rounds.run(on_sqlite, now=AT_ROUND)

    async with on_sqlite.database.reading() as session:
        sent = list(await session.scalars(select(Delivery).where(Delivery.kind == "introduction")))
    said = orjson.dumps([one.payload for one in sent if one.member_id != EVE_ID]).decode()
    assert (EVE_NAME in said) == (refusal not in IN_NO_ROUND)
    assert (EVE_ID in {one.member_id for one in sent}) == (refusal not in IN_NO_ROUND)
    assert EVE_WORD not in said
    talks = [person.talks for person in circle.people if person.member.id == EVE_ID]
    assert (any(talks), EVE_ID in {one for pair in circle.replies for one in pair}) == (
        (refusal is None, refusal is None) if refusal != "declined introductions" else (False, True)
    )


@pytest.mark.parametrize("refusal", [None, *sorted(IN_NO_ROUND & (AFTER_A_YES | {"declined introductions"}))])
async def test_a_name_of_a_round_that_waits_for_the_morning_leaves_only_while_it_may(
    services: Services, refusal: str | None
) -> None:
    world = await _in_rounds(services, None)
    async with services.database.transaction() as session:
        # It is two in the morning where they are.
        await session.execute(update(Member).values(time_zone="America/Los_Angeles"))
    await make_rounds.run(services, now=AT_ROUND)
    at_night = await _leave(services, now=AT_ROUND)

    await _refuse(services, world, refusal)
    in_the_morning = await _leave(services, now=AT_ROUND + 12 * HOUR)

    assert at_night == []
    assert (EVE_NAME in orjson.dumps([one.payload for one in in_the_morning]).decode()) == (refusal is None)


@pytest.mark.parametrize("refusal", [None, *REFUSALS])
async def test_what_others_wrote_of_her_names_her_only_while_she_agrees(
    on_sqlite: Services, refusal: str | None
) -> None:
    """Bob's words are Bob's: her name and handle in them are not, and what he forwards never is."""
    world = await _prepared(on_sqlite, refusal)

    async with on_sqlite.database.reading() as session:
        allowed = await learners(session, world.community_id)
        rows = list(await session.scalars(select(Message).where(Message.member_id == world.bob.id)))
        told = await own_words(session, rows, allowed)

    assert "Are there good customs brokers here?" in told.values()
    assert not any("farm" in text for text in told.values())
    thanks = next(text for text in told.values() if text.startswith("Who else"))
    named = f"Who else knows somebody like {EVE_NAME} or @{EVE_HANDLE}?"
    assert thanks == (named if refusal is None else "Who else knows somebody like @… or @…?")


@pytest.mark.parametrize(
    ("text", "entities", "left"),
    [
        ("thanks 🦘🦘 Eve Evesson!", [(12, 11)], "thanks 🦘🦘 @…!"),  # offsets count UTF-16 units
        ("感谢 Eve 和 @eve_evesson", [(3, 3)], "感谢 @… 和 @…"),
        ("@eve_evesson", [(0, 12)], "@…"),  # marked twice
        ("mail eve@evesson.example", [], "mail eve@evesson.example"),  # no handle
        ("see you @ 7 or @ Café", [], "see you @ 7 or @ Café"),
        ("ask @somebody_unknown", [], "ask @…"),  # nobody knows whose it is
        ("ask @mia_k", [], "ask @mia_k"),  # who agrees may be named
    ],
)
async def test_names_are_cut_out_of_a_text(
    sqlite: Database, text: str, entities: list[tuple[int, int]], left: str
) -> None:
    async with sqlite.transaction() as session:
        village = await Village.found(session)
        eve = await village.silent("Eve")
        mia = await village.learner("Mia", handle_hash=keys_of_session(session).lookup_hash("Mia_K"))
        marks = [
            {"type": "text_mention", "offset": at, "length": n, "user": {"id": eve.telegram_id}} for at, n in entities
        ]
        message = await village.say(mia, text, details={"entities": marks} if marks else None)

        told = await own_words(session, [message], {mia.id})

    assert told == {message.id: left}


@pytest.mark.parametrize("purpose", [Purpose.LEARN, Purpose.RECORD])
async def test_who_may_be_learned_from_is_not_asked_of_consent(sqlite: Database, purpose: Any) -> None:
    async with sqlite.reading() as session:
        with pytest.raises(ValueError, match="not asked for here"):
            await consent.consenting(session, 1, purpose)
