"""The door keeps its promises: once, in order, within the limits, and through every kind of failure."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from telegram import Bot

import bot.delivery.calls
from bot.delivery.door import STALE_AFTER, Door
from bot.delivery.pacing import Limits
from bot.delivery.receipts import LONGEST_BACKOFF_SECONDS
from bot.playground.clock import SimulatedClock
from bot.playground.server import BotUser, LocalTelegram, User
from bot.playground.server import Chat as TelegramChat
from models.database import Database
from models.domain.introductions.validity import CHECKS
from models.domain.member_time import Defaults
from models.domain.sending import claims
from models.domain.sending.deliveries import attachment, queue, say_instead
from models.encryption import KeyRing
from models.tables.community import Chat, Community
from models.tables.consent import Consent
from models.tables.delivery import Delivery
from models.tables.member import Member
from tests.bot.wire import TOKEN, Killed, Wire, library_on
from tests.factories import give_consent, make_chat, make_community, make_member
from tests.patience import PATIENCE, eventually

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WHY = [{"key": "answered_by", "count": 2}]


@dataclass
class Stage:
    """A club with Mia, seen from both sides: Telegram's and our rows'."""

    database: Database
    clock: SimulatedClock
    tg: LocalTelegram
    wire: Wire
    library: Bot
    bot: BotUser
    user: User
    group: TelegramChat
    mia: Member
    club: Chat
    community: Community

    def door(self, **values: Any) -> Door:
        fine = {"defaults": Defaults(), "checks": CHECKS, "limits": Limits(), "name": "bot", "random": Random(7)}
        database, clock = values.pop("database", self.database), values.pop("clock", self.clock)
        return Door(database, self.library, clock, **{**fine, **values})

    async def queue(self, kind: str, text: str = "Hi", **values: Any) -> int:
        """Queue for Mia, or for the `chat_id` or message that is named."""
        to_mia = (
            {} if "chat_id" in values or "edits_id" in values or "member_id" in values else {"member_id": self.mia.id}
        )
        async with self.database.transaction() as session:
            delivery = await queue(
                session,
                kind,
                **{
                    "now": self.clock.now(),
                    "payload": {"text": text},
                    "community_id": self.community.id,
                    "reasons": WHY,
                    **to_mia,
                    **values,
                },
            )
        assert delivery is not None
        return delivery.id

    async def card(self, text: str = "0 going") -> int:
        return await self.queue("card", text, chat_id=self.club.id)

    async def edit(self, card_id: int, text: str) -> int:
        return await self.queue("card_edit", text, method="editMessageText", edits_id=card_id)

    async def live(self, door: Door, time: timedelta, step: timedelta = timedelta(seconds=1)) -> int:
        """Flush, let time pass, flush ... Returns how many arrived."""
        n_sent = await door.flush()
        for _ in range(int(time / step)):
            await self.clock.advance(step)
            n_sent += await door.flush()
        return n_sent

    async def row(self, delivery_id: int) -> Delivery:
        async with self.database.reading() as session:
            return await session.get_one(Delivery, delivery_id)

    async def change(self, kind: Any, **values: Any) -> None:
        async with self.database.transaction() as session:
            await session.execute(update(kind).values(**values))

    async def another_member(self, **values: Any) -> tuple[Member, User]:
        user = self.tg.add_user(first_name="Tom")
        self.tg.start(user, self.bot)
        async with self.database.transaction() as session:
            return await make_member(session, telegram_id=user.id, **values), user

    def seen(self, user: User | None = None) -> list[str]:
        """What the bot wrote to this person, as their client shows it."""
        return self._texts(self.tg.private(user or self.user, self.bot))

    def posted(self) -> list[str]:
        """What the bot wrote in the group."""
        return self._texts(self.group)

    def _texts(self, chat: TelegramChat) -> list[str]:
        messages = self.tg.messages(chat)
        return [
            message["text"]
            for message in messages
            if message.get("from", {}).get("id") == self.bot.id and "text" in message
        ]


async def set_up(database: Database, clock: SimulatedClock, kind: str = "supergroup") -> Stage:
    tg = LocalTelegram(clock=clock, random=Random(7))
    bot_user = tg.add_bot(token=TOKEN, first_name="Klatch", username="klatch_bot")
    user = tg.add_user(first_name="Mia")
    group = tg.add_chat("Founders", kind=kind, owner=user)
    tg.add_to_chat(group, bot_user, by=user)
    tg.start(user, bot_user)
    async with database.transaction() as session:
        community = await make_community(session)
        mia = await make_member(session, telegram_id=user.id)
        club = await make_chat(session, telegram_id=group.id, kind=kind, community_id=community.id)
        await give_consent(session, mia, community, "digest", "invite", "introduce")
    wire = Wire(tg)
    return Stage(database, clock, tg, wire, library_on(wire), bot_user, user, group, mia, club, community)


@pytest.fixture
async def stage(database: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    """On both databases."""
    made = await set_up(database, clock)
    async with made.library:
        yield made
    await made.tg.aclose()


@pytest.fixture
async def lone_stage(sqlite: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    """On SQLite only: for what the database has no part in."""
    made = await set_up(sqlite, clock)
    async with made.library:
        yield made
    await made.tg.aclose()


# Sending


async def test_a_queued_reply_arrives_and_leaves_a_receipt(stage: Stage) -> None:
    reply_id = await stage.queue("reply", "Hello")

    n_sent = await stage.door().flush()

    assert n_sent == 1
    assert stage.seen() == ["Hello"]
    reply = await stage.row(reply_id)
    message = stage.tg.messages(stage.tg.private(stage.user, stage.bot))[-1]
    assert (reply.sent_at, reply.telegram_message_id) == (stage.clock.now(), message["message_id"])


THUMB = [{"type": "emoji", "emoji": "👍"}]
TAKEN = {"text": "👍 Noted.", "disable_notification": True}


async def react(stage: Stage, message_id: int, **values: Any) -> int:
    """Queue a reaction on a message in the group, with words for where there are none."""
    payload = {"message_id": message_id, "reaction": THUMB}
    values = {"chat_id": stage.club.id, "instead": TAKEN, **values}
    return await stage.queue("receipt", method="setMessageReaction", payload=payload, **values)


async def test_a_reaction_is_left_and_makes_no_message(stage: Stage) -> None:
    said = stage.tg.say(stage.user, stage.group, "/rsvp")
    receipt_id = await react(stage, said.id)

    await stage.door().flush()

    receipt = await stage.row(receipt_id)
    assert stage.tg.messages(stage.group)[-1]["reactions"] == [{"type": THUMB[0], "total_count": 1}]
    assert (receipt.sent_at, receipt.telegram_message_id) == (stage.clock.now(), None)
    assert stage.posted() == []


async def test_where_reactions_are_not_allowed_it_is_said_once_in_words(stage: Stage) -> None:
    stage.tg.allow_reactions(stage.group, ["🔥"], by=stage.user)
    receipt_id = await react(stage, stage.tg.say(stage.user, stage.group, "/rsvp").id)
    door = stage.door()

    await stage.live(door, timedelta(seconds=5))
    async with stage.database.transaction() as session:
        again = await say_instead(session, receipt_id, now=stage.clock.now())

    assert (await stage.row(receipt_id)).failure == "refused: reaction_invalid"
    assert stage.posted() == ["👍 Noted."]
    assert again is None


async def test_nothing_is_said_about_a_command_that_was_deleted(stage: Stage) -> None:
    said = stage.tg.say(stage.user, stage.group, "/rsvp")
    stage.tg.delete(stage.user, said)
    receipt_id = await react(stage, said.id)

    await stage.live(stage.door(), timedelta(seconds=5))

    assert (await stage.row(receipt_id)).failure == "refused: message to react not found"
    assert stage.posted() == []


async def test_a_reaction_in_a_topic_goes_by_its_message_and_its_words_by_the_topic(
    sqlite: Database, clock: SimulatedClock
) -> None:
    stage = await set_up(sqlite, clock)
    forum = stage.tg.add_chat("Forum", kind="supergroup", owner=stage.user, is_forum=True)
    stage.tg.add_to_chat(forum, stage.bot, by=stage.user)
    thread_id = stage.tg.create_topic(forum, "Events", by=stage.user)["message_thread_id"]
    async with stage.database.transaction() as session:
        chat = await make_chat(session, telegram_id=forum.id, is_forum=True)
    first, second = [stage.tg.say(stage.user, forum, "/rsvp", topic=thread_id) for _ in range(2)]

    async with stage.library:
        await react(stage, first.id, chat_id=chat.id, thread_id=thread_id)
        await stage.door().flush()
        stage.tg.allow_reactions(forum, [], by=stage.user)
        await react(stage, second.id, chat_id=chat.id, thread_id=thread_id)
        await stage.live(stage.door(), timedelta(seconds=5))

    reacted = next(one for one in stage.tg.messages(forum) if one["message_id"] == first.id)
    said = stage.tg.messages(forum)[-1]
    assert reacted["reactions"][0]["type"] == THUMB[0]
    assert (said["text"], said["message_thread_id"]) == ("👍 Noted.", thread_id)
    await stage.tg.aclose()


async def test_nothing_is_sent_before_it_is_due(stage: Stage) -> None:
    await stage.queue("reminder", due_at=stage.clock.now() + HOUR)
    door = stage.door()

    before = await door.flush()
    await stage.clock.advance(HOUR)
    after = await door.flush()

    assert (before, after) == (0, 1)


async def test_a_post_reaches_its_topic_and_general_needs_no_number(sqlite: Database, clock: SimulatedClock) -> None:
    stage = await set_up(sqlite, clock)
    forum = stage.tg.add_chat("Forum", kind="supergroup", owner=stage.user, is_forum=True)
    stage.tg.add_to_chat(forum, stage.bot, by=stage.user)
    topic = stage.tg.create_topic(forum, "Hardware", by=stage.user)
    async with stage.library, stage.database.transaction() as session:
        chat = await make_chat(session, telegram_id=forum.id, is_forum=True)
    thread_id = topic["message_thread_id"]
    await stage.queue("card", "in the topic", chat_id=chat.id, thread_id=thread_id)
    await stage.queue("card", "in General", chat_id=chat.id, thread_id=1)

    async with stage.library:
        await stage.live(stage.door(), timedelta(seconds=2))

    posts = {m["text"]: m.get("message_thread_id") for m in stage.tg.messages(forum) if "text" in m}
    assert posts == {"in the topic": thread_id, "in General": None}


async def test_what_was_meant_for_a_deleted_topic_goes_to_the_chat_in_its_order(
    database: Database, clock: SimulatedClock
) -> None:
    stage = await set_up(database, clock)
    forum = stage.tg.add_chat("Forum", kind="supergroup", owner=stage.user, is_forum=True)
    stage.tg.add_to_chat(forum, stage.bot, by=stage.user)
    gone, kept = (stage.tg.create_topic(forum, name, by=stage.user) for name in ("Hardware", "Software"))
    stage.tg.delete_topic(forum, gone, by=stage.user)
    async with stage.library, stage.database.transaction() as session:
        chat = await make_chat(session, telegram_id=forum.id, is_forum=True)
    for text, topic in (("one", gone), ("two", gone), ("three", kept)):
        await stage.queue("reply", text, chat_id=chat.id, thread_id=topic["message_thread_id"])

    async with stage.library:
        await stage.live(stage.door(), timedelta(seconds=5))

    posts = [(m["text"], m.get("message_thread_id")) for m in stage.tg.messages(forum) if "text" in m]
    assert posts == [("one", None), ("two", None), ("three", kept["message_thread_id"])]
    n_refused = sum(call.result is not None and not call.result["ok"] for call in stage.tg.calls)
    assert n_refused == 1


async def test_a_file_is_uploaded(lone_stage: Stage) -> None:
    payload = {"document": attachment(b"BEGIN:VCALENDAR", "demo.ics"), "caption": "Your calendar file"}
    delivery_id = await lone_stage.queue("reply", payload=payload, method="sendDocument")

    await lone_stage.door().flush()

    message = lone_stage.tg.messages(lone_stage.tg.private(lone_stage.user, lone_stage.bot))[-1]
    assert (message["document"]["file_name"], message["caption"]) == ("demo.ics", "Your calendar file")
    assert (await lone_stage.row(delivery_id)).telegram_message_id == message["message_id"]


async def test_replies_arrive_in_order_a_second_apart(lone_stage: Stage) -> None:
    lone_stage.tg.limits.is_on = True
    for number in range(5):
        await lone_stage.queue("reply", str(number))

    at_once = await lone_stage.door().flush()
    later = await lone_stage.live(lone_stage.door(), timedelta(seconds=5))

    assert (at_once, later) == (1, 4)
    assert lone_stage.seen() == ["0", "1", "2", "3", "4"]
    assert not [call for call in lone_stage.tg.calls if not call.result["ok"]]


async def test_many_members_are_written_to_at_once(lone_stage: Stage) -> None:
    people = [await lone_stage.another_member() for _ in range(12)]
    answer = asyncio.Event()
    for member, user in people:
        lone_stage.wire.hanging[user.id] = answer
        await lone_stage.queue("reply", member_id=member.id)

    flushing = asyncio.create_task(lone_stage.door().flush())
    await eventually(lambda: lone_stage.wire.n_open == 8)
    answer.set()

    assert await flushing == 12
    assert lone_stage.wire.most_open == 8


async def test_a_chat_that_hangs_holds_up_nobody_else(lone_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.delivery.calls, "CALL_SECONDS", 0.2)
    tom, tom_user = await lone_stage.another_member()
    lone_stage.wire.hanging[lone_stage.user.id] = asyncio.Event()
    hanging_id = await lone_stage.queue("digest", "to Mia")
    for number in range(3):
        await lone_stage.queue("reply", str(number), member_id=tom.id)

    await lone_stage.live(lone_stage.door(), timedelta(seconds=3))

    assert lone_stage.seen(tom_user) == ["0", "1", "2"]
    assert (await lone_stage.row(hanging_id)).failure == "in_doubt"


# Crashes


POINTS = ["claimed, not sent", "sent, no answer read", "answered, receipt not committed", "receipted"]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", ["promotion", "digest"])
async def test_a_kill_at_any_point_does_what_the_kind_prefers(
    stage: Stage, kind: str, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id = await stage.queue(kind)
    with monkeypatch.context() as fatal:
        _kill_at(point, stage, fatal)
        await stage.door().flush()
    stage.wire.before = stage.wire.after = lambda chat, text: None

    await stage.live(stage.door(), timedelta(seconds=5))

    arrived_before = 0 if point == POINTS[0] else 1
    is_in_doubt = point != POINTS[3]
    goes_again = is_in_doubt and kind == "promotion"
    assert len(stage.seen()) == arrived_before + goes_again
    delivery = await stage.row(delivery_id)
    assert delivery.failure == ("in_doubt" if is_in_doubt and kind == "digest" else None)
    assert (delivery.sent_at is None) == (delivery.failure is not None)


def _kill_at(point: str, stage: Stage, fatal: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise Killed

    async def receipt_and_die(*args: Any, **values: Any) -> None:
        await write_receipt(*args, **values)
        raise Killed

    write_receipt = claims.receipt
    if point == POINTS[0]:
        stage.wire.before = die
    elif point == POINTS[1]:
        stage.wire.after = die
    elif point == POINTS[2]:
        fatal.setattr(claims, "receipt", receipt_and_die)


async def test_a_crash_of_another_door_is_settled_when_its_claims_are_stale(stage: Stage) -> None:
    def die(*_: Any) -> None:
        raise Killed

    await stage.queue("promotion", "a seat is free")
    stage.wire.before = die
    await stage.door(name="dead").flush()
    stage.wire.before = lambda chat, text: None
    door = stage.door(name="alive")

    early = await door.flush()
    await stage.clock.advance(STALE_AFTER)
    late = await door.flush()

    assert (early, late) == (0, 1)


async def test_two_doors_on_one_database_send_each_row_once(stage: Stage, keys: KeyRing) -> None:
    people = [(stage.mia, stage.user), *[await stage.another_member() for _ in range(4)]]
    for number in range(4):
        for member, _ in people:
            await stage.queue("reply", str(number), member_id=member.id)
    other = Database(stage.database.url, keys)
    doors = [stage.door(name="a"), stage.door(name="b", database=other)]

    for _ in range(12):
        await asyncio.gather(*[door.flush() for door in doors])
        await stage.clock.advance(timedelta(seconds=1))
    await other.close()

    assert [stage.seen(user) for _, user in people] == [["0", "1", "2", "3"]] * 5
    async with stage.database.reading() as session:
        by_door = Counter(await session.scalars(Delivery.__table__.select().with_only_columns(Delivery.claimed_by)))
    assert set(by_door) == {"a", "b"}


async def test_limits_hold_over_a_restart(lone_stage: Stage) -> None:
    for number in range(25):
        await lone_stage.queue("card", str(number), chat_id=lone_stage.club.id)
    await lone_stage.live(lone_stage.door(), timedelta(seconds=25))

    n_posted_before = len(lone_stage.posted())
    n_sent = await lone_stage.door().flush()

    assert (n_posted_before, n_sent) == (20, 0)


# Faults


@pytest.mark.parametrize(
    ("fault", "kind", "n_seen", "failure"),
    [
        # Telegram says no for now: everything goes again
        ("500", "reply", 1, None),
        ("500", "digest", 1, None),
        # a proxy's page, a broken or silent connection, nonsense: nobody knows, the kind decides
        ("502", "reply", 1, None),
        ("502", "digest", 0, "in_doubt"),
        ("nothing", "reply", 1, None),
        ("nothing", "digest", 0, "in_doubt"),
        ("garbage", "reply", 1, None),
        ("garbage", "digest", 0, "in_doubt"),
        ("timeout", "reply", 1, None),
        ("timeout", "digest", 0, "in_doubt"),
        # it was done and the answer was lost: the price of either preference
        ("drop_after_apply", "reply", 2, None),
        ("drop_after_apply", "digest", 1, "in_doubt"),
    ],
)
async def test_a_fault_of_the_network_ends_as_the_kind_prefers(
    lone_stage: Stage, fault: Any, kind: str, n_seen: int, failure: str | None
) -> None:
    lone_stage.tg.faults.add("sendMessage", kind=fault)
    delivery_id = await lone_stage.queue(kind)

    await lone_stage.live(lone_stage.door(), timedelta(seconds=5))

    assert len(lone_stage.seen()) == n_seen
    assert (await lone_stage.row(delivery_id)).failure == failure


async def test_order_holds_through_an_outage(lone_stage: Stage) -> None:
    lone_stage.tg.faults.add("sendMessage", kind="500", times=4)
    await lone_stage.queue("reply", "first")
    await lone_stage.queue("reply", "second")

    await lone_stage.live(lone_stage.door(), MINUTE)

    assert lone_stage.seen() == ["first", "second"]


async def test_one_message_that_always_fails_does_not_stop_its_chat(lone_stage: Stage) -> None:
    def breaks(chat: str, text: str) -> None:
        if text == "poison":
            lone_stage.tg.faults.clear()
            lone_stage.tg.faults.add("sendMessage", kind="500")

    lone_stage.wire.before = breaks
    poison_id = await lone_stage.queue("reply", "poison", expires_at=lone_stage.clock.now() + HOUR)
    await lone_stage.queue("reply", "behind it")

    await lone_stage.live(lone_stage.door(), 3 * MINUTE)
    seen = lone_stage.seen()
    await lone_stage.live(lone_stage.door(), HOUR, step=timedelta(seconds=10))

    assert seen == ["behind it"]
    poison = await lone_stage.row(poison_id)
    assert (poison.failure, poison.n_attempts > 30) == ("expired", True)
    n_calls = sum(1 for call in lone_stage.tg.calls if call.method == "sendMessage")
    assert n_calls <= poison.n_attempts + 1


async def test_retries_wait_longer_each_time_up_to_a_minute(lone_stage: Stage) -> None:
    tried_at: list[datetime] = []
    lone_stage.wire.before = lambda chat, text: tried_at.append(lone_stage.clock.now())
    lone_stage.tg.faults.add("sendMessage", kind="500", times=99)
    await lone_stage.queue("reply")

    await lone_stage.live(lone_stage.door(), 5 * MINUTE, step=timedelta(milliseconds=500))

    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(tried_at)]
    for wait, meant in zip(waits, [1, 2, 4, 8, 16, 32, 60, 60], strict=False):
        assert 0.8 * meant <= wait <= 1.2 * meant + 0.5
    assert len(waits) >= 8
    assert max(waits) <= 1.2 * LONGEST_BACKOFF_SECONDS + 0.5


async def test_too_many_requests_holds_up_that_chat_only(lone_stage: Stage) -> None:
    _, tom_user = tom = await lone_stage.another_member()
    lone_stage.tg.faults.add("sendMessage", kind="429", retry_after=17, chat_id=lone_stage.user.id)
    await lone_stage.queue("reply", "to Mia")
    await lone_stage.queue("reply", "to Mia, too")
    await lone_stage.queue("reply", "to Tom", member_id=tom[0].id)
    door = lone_stage.door()

    await lone_stage.live(door, timedelta(seconds=16))
    early = (lone_stage.seen(), lone_stage.seen(tom_user))
    await lone_stage.live(door, timedelta(seconds=2))

    assert early == ([], ["to Tom"])
    assert lone_stage.seen() == ["to Mia", "to Mia, too"]


async def test_when_many_chats_are_refused_everybody_waits(lone_stage: Stage) -> None:
    people = [await lone_stage.another_member() for _ in range(12)]
    lone_stage.tg.faults.add("sendMessage", kind="429", retry_after=30, times=3)
    for member, _ in people:
        await lone_stage.queue("reply", member_id=member.id)
    door = lone_stage.door()

    n_at_once = await door.flush()
    await lone_stage.clock.advance(timedelta(seconds=1))
    n_meanwhile = await lone_stage.live(door, timedelta(seconds=28))
    n_later = await lone_stage.live(door, timedelta(seconds=2))

    # those that were in flight with the third refusal, and nobody else
    assert n_at_once <= 5
    assert (n_meanwhile, n_at_once + n_later) == (0, 12)


async def test_a_rejected_token_fails_nothing(lone_stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    delivery_id = await lone_stage.queue("reply")
    lone_stage.tg.world.bots[lone_stage.bot.id].token = "7000000001:REVOKED"

    await lone_stage.live(lone_stage.door(), timedelta(seconds=30))
    lone_stage.tg.world.bots[lone_stage.bot.id].token = TOKEN
    await lone_stage.live(lone_stage.door(), 2 * MINUTE)

    assert lone_stage.seen() == ["Hi"]
    assert (await lone_stage.row(delivery_id)).n_attempts == 2
    assert "rejects the bot's token" in caplog.text


# Refusals


async def test_a_member_who_blocked_the_bot_is_written_to_once_more_and_never_again(stage: Stage) -> None:
    stage.tg.block(stage.user, stage.bot)
    promotion_id = await stage.queue("promotion")
    digest_id = await stage.queue("digest")
    door = stage.door()

    await stage.live(door, HOUR, step=10 * MINUTE)

    assert (await stage.row(promotion_id)).failure == "refused: bot was blocked by the user"
    assert (await stage.row(digest_id)).failure == "unreachable"
    assert [call.method for call in stage.tg.calls].count("sendMessage") == 1
    async with stage.database.reading() as session:
        assert (await session.get_one(Member, stage.mia.id)).blocked_at is not None


async def test_a_member_who_never_started_the_bot_becomes_unreachable(stage: Stage) -> None:
    stranger = stage.tg.add_user(first_name="Sam")
    async with stage.database.transaction() as session:
        sam = await make_member(session, telegram_id=stranger.id)
    delivery_id = await stage.queue("promotion", member_id=sam.id)

    await stage.door().flush()

    assert (await stage.row(delivery_id)).failure is not None
    async with stage.database.reading() as session:
        assert (await session.get_one(Member, sam.id)).reachable_at is None


async def test_a_group_that_removed_the_bot_is_gone(stage: Stage) -> None:
    stage.tg.ban(stage.group, stage.bot, by=stage.user)
    first, second = await stage.card(), await stage.card()

    await stage.live(stage.door(), MINUTE)

    assert (await stage.row(first)).failure == "refused: bot was kicked from the"
    assert (await stage.row(second)).failure == "chat_is_gone"
    async with stage.database.reading() as session:
        assert (await session.get_one(Chat, stage.club.id)).gone_at is not None


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_group_that_migrated_is_followed(database: Database, clock: SimulatedClock, is_known: bool) -> None:
    stage = await set_up(database, clock, kind="group")
    card_id = await stage.card()
    new = stage.tg.migrate(stage.group)
    async with database.transaction() as session:
        known = await make_chat(session, telegram_id=new.id) if is_known else None

    async with stage.library:
        n_sent = await stage.live(stage.door(), timedelta(seconds=2))

    assert n_sent == 1
    assert [m["text"] for m in stage.tg.messages(new) if "text" in m] == ["0 going"]
    assert (await stage.row(card_id)).n_attempts == 2
    async with database.reading() as session:
        club = await session.get_one(Chat, stage.club.id)
    if known is not None:
        assert (club.telegram_id, club.migrated_to_id) == (stage.group.id, known.id)
    else:
        assert (club.telegram_id, club.kind) == (new.id, "supergroup")


async def test_an_edit_that_changes_nothing_counts_as_sent(lone_stage: Stage) -> None:
    card_id = await lone_stage.card("3 going")
    edit_id = await lone_stage.edit(card_id, "3 going")

    await lone_stage.live(lone_stage.door(), timedelta(seconds=2))

    edit = await lone_stage.row(edit_id)
    assert (edit.failure, edit.sent_at is None) == (None, False)


async def test_an_edit_of_a_deleted_message_fails_once(lone_stage: Stage) -> None:
    card_id = await lone_stage.card()
    door = lone_stage.door()
    await door.flush()
    lone_stage.tg.delete(lone_stage.user, lone_stage.tg.messages(lone_stage.group)[-1])
    edit_id = await lone_stage.edit(card_id, "1 going")

    await lone_stage.live(door, MINUTE)

    edit = await lone_stage.row(edit_id)
    assert (edit.failure, edit.n_attempts) == ("refused: message to edit not found", 1)


async def test_a_failure_quotes_no_member_and_those_behind_go_on(
    lone_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    payload = {"text": "<sven-is-broke>", "parse_mode": "HTML"}
    bad_id = await lone_stage.queue("reply", payload=payload)
    await lone_stage.queue("reply", "fine")

    await lone_stage.live(lone_stage.door(), timedelta(seconds=2))

    assert (await lone_stage.row(bad_id)).failure == "refused: can't parse entities"
    assert "sven" not in caplog.text
    assert lone_stage.seen() == ["fine"]


async def test_a_fault_of_ours_is_loud_and_those_behind_go_on(
    lone_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bad_id = await lone_stage.queue("reply", payload={"document": {"upload": "not base64!"}}, method="sendDocument")
    await lone_stage.queue("reply", "fine")

    await lone_stage.live(lone_stage.door(), timedelta(seconds=2))

    assert (await lone_stage.row(bad_id)).failure == "unexpected: Error"
    assert f"Delivery {bad_id} (reply) failed unexpectedly" in caplog.text
    assert lone_stage.seen() == ["fine"]


async def test_the_token_reaches_no_log(lone_stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for fault in ("500", "502", "garbage", "timeout", "429"):
        lone_stage.tg.faults.add("sendMessage", kind=fault, retry_after=1)
    await lone_stage.queue("reply")

    await lone_stage.live(lone_stage.door(), 2 * MINUTE)

    assert lone_stage.seen() == ["Hi"]
    assert TOKEN not in caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text


# Attention


async def test_one_budget_holds_over_two_kinds(stage: Stage) -> None:
    await stage.change(Member, attention_budget=2)
    started_at = stage.clock.now()
    for kind in ("digest", "invite", "proposal"):
        await stage.queue(kind, kind)
    await stage.queue("reply", "reply")
    door = stage.door()

    await stage.live(door, MINUTE)
    this_week = stage.seen()
    await stage.clock.advance_to(started_at + 7 * DAY - MINUTE)
    await door.flush()
    still_this_week = stage.seen()
    await stage.live(door, 2 * MINUTE)

    # invites go before digests; the reply is exempt
    assert this_week == still_this_week == ["reply", "invite", "proposal"]
    assert stage.seen() == ["reply", "invite", "proposal", "digest"]


async def test_a_push_in_quiet_hours_waits_for_the_morning_and_a_reply_does_not(stage: Stage) -> None:
    await stage.change(Member, time_zone="Asia/Shanghai")
    # 23:30 in Shanghai
    await stage.clock.advance_to(datetime(2026, 3, 2, 15, 30, tzinfo=UTC))
    digest_id = await stage.queue("digest", "digest")
    await stage.queue("reply", "reply")
    door = stage.door()

    await stage.live(door, HOUR, step=10 * MINUTE)
    at_night = stage.seen()
    await stage.live(door, 9 * HOUR, step=10 * MINUTE)

    assert at_night == ["reply"]
    assert stage.seen() == ["reply", "digest"]
    # 8:00 in Shanghai
    assert (await stage.row(digest_id)).sent_at == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


async def test_a_pause_pressed_after_queueing_is_honoured_by_the_very_next_send(stage: Stage) -> None:
    for kind in ("digest", "invite"):
        await stage.queue(kind, kind)
    door = stage.door()
    await door.flush()
    await stage.change(Member, paused_until=stage.clock.now() + DAY)

    await stage.live(door, HOUR, step=MINUTE)
    paused = stage.seen()
    await stage.live(door, DAY, step=HOUR)

    assert paused == ["invite"]
    assert stage.seen() == ["invite", "digest"]


async def test_consent_withdrawn_after_queueing_is_honoured(stage: Stage) -> None:
    digest_id = await stage.queue("digest")
    await stage.change(Consent, is_given=False)

    await stage.door().flush()

    assert stage.seen() == []
    assert (await stage.row(digest_id)).failure == "no_consent"


# Cards


async def test_a_burst_of_presses_ends_in_few_calls_and_the_last_state(stage: Stage) -> None:
    stage.tg.limits.is_on = True
    card_id = await stage.card()
    door = stage.door()
    await door.flush()

    for number in range(1, 201):
        await stage.edit(card_id, f"{number} going")
        if number % 4 == 0:
            await stage.live(door, timedelta(seconds=1))
    n_edits_in_burst = _n_edits(stage)
    await stage.live(door, MINUTE)

    assert stage.posted() == ["200 going"]
    # 50 seconds, an edit every 3 at most, and never more than 12 in a minute
    assert 5 <= n_edits_in_burst <= 12
    assert _n_edits(stage) <= n_edits_in_burst + 2
    assert not [call for call in stage.tg.calls if not call.result["ok"]]


async def test_a_busy_card_leaves_room_for_messages(lone_stage: Stage) -> None:
    lone_stage.tg.limits.is_on = True
    cards = [await lone_stage.card(f"card {number}") for number in range(3)]
    door = lone_stage.door()
    await lone_stage.live(door, 2 * MINUTE)

    for second in range(120):
        for card_id in cards:
            await lone_stage.edit(card_id, f"card {card_id}: {second}")
        if second % 10 == 5:
            await lone_stage.queue("reply", f"answer {second}", chat_id=lone_stage.club.id)
        await lone_stage.live(door, timedelta(seconds=1))
        answers = [text for text in lone_stage.posted() if text.startswith("answer")]
        # each within two seconds of being asked for
        assert len(answers) >= len(range(5, second - 1, 10))

    await lone_stage.live(door, MINUTE)
    assert [text for text in lone_stage.posted() if text.startswith("card")] == [f"card {n}: 119" for n in cards]
    assert not [call for call in lone_stage.tg.calls if not call.result["ok"]]


def _n_edits(stage: Stage) -> int:
    return sum(1 for call in stage.tg.calls if call.method == "editMessageText")


# Running


async def test_a_running_door_sends_what_it_is_woken_for(stage: Stage) -> None:
    door = stage.door()
    running = asyncio.create_task(door.run())
    await asyncio.sleep(0.05)

    await stage.queue("reply", "one")
    door.wake()
    await eventually(lambda: stage.seen() == ["one"])
    await door.stop()
    await running

    assert stage.seen() == ["one"]


async def test_a_running_door_sees_by_itself_what_becomes_due_or_allowed(lone_stage: Stage) -> None:
    for number in range(3):
        await lone_stage.queue("reply", str(number))
    await lone_stage.queue("reminder", "later", due_at=lone_stage.clock.now() + HOUR)
    door = lone_stage.door(poll_seconds=DAY.total_seconds())
    running = asyncio.create_task(door.run())

    for count in range(1, 4):
        # A chat's second counts from the answer to the last call.
        await eventually(lambda count=count: _has_receipts(lone_stage, count))
        await lone_stage.clock.advance(timedelta(seconds=1))
    await lone_stage.clock.advance(HOUR)
    await eventually(lambda: _has_receipts(lone_stage, 4))
    await door.stop()
    await running

    assert lone_stage.seen() == ["0", "1", "2", "later"]


async def test_what_becomes_allowed_while_the_door_looks_is_not_overslept(
    lone_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find_nothing_slowly(*args: Any, **values: Any) -> Any:
        step = await claim_next(*args, **values)
        # Once a send has ended, which wakes the door.
        if step is None and await _has_receipts(lone_stage, len(lone_stage.seen())):
            await lone_stage.clock.advance(timedelta(seconds=1))
        return step

    claim_next = claims.claim_next
    monkeypatch.setattr(claims, "claim_next", find_nothing_slowly)
    for number in range(3):
        await lone_stage.queue("reply", str(number))
    door = lone_stage.door(poll_seconds=DAY.total_seconds())
    running = asyncio.create_task(door.run())

    await eventually(lambda: len(lone_stage.seen()) == 3)

    await door.stop()
    await running
    assert lone_stage.seen() == ["0", "1", "2"]


async def test_stopping_finishes_what_is_in_flight(lone_stage: Stage) -> None:
    lone_stage.wire.hanging[lone_stage.user.id] = asyncio.Event()
    delivery_id = await lone_stage.queue("digest")
    door = lone_stage.door()
    running = asyncio.create_task(door.run())
    await eventually(lambda: lone_stage.wire.n_open == 1)

    stopping = asyncio.create_task(door.stop())
    await asyncio.sleep(0.02)
    was_done = stopping.done()
    lone_stage.wire.hanging[lone_stage.user.id].set()
    await stopping
    await running

    assert not was_done
    assert (await lone_stage.row(delivery_id)).sent_at is not None


@pytest.mark.parametrize("n_turns", range(8))
async def test_a_door_that_is_cancelled_as_it_is_woken_ends(lone_stage: Stage, n_turns: int) -> None:
    door = lone_stage.door()
    running = asyncio.create_task(door.run())
    await asyncio.sleep(0.05)

    door.wake()
    for _ in range(n_turns):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait({running}, timeout=PATIENCE)

    assert running.done()


async def test_a_running_door_outlives_an_outage_of_the_database(
    lone_stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def is_down(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT 'secret words'", {}, Exception("server closed"))

    door = lone_stage.door()
    with monkeypatch.context() as outage:
        outage.setattr(claims, "claim_next", is_down)
        running = asyncio.create_task(door.run())
        await eventually(lambda: "cannot reach its rows" in caplog.text)
    await lone_stage.queue("reply")
    await lone_stage.clock.advance(timedelta(seconds=1))
    await eventually(lambda: lone_stage.seen() == ["Hi"])
    await door.stop()
    await running

    assert "secret words" not in caplog.text


async def test_a_receipt_waits_for_the_database(lone_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = iter([OperationalError("", {}, Exception("server closed"))] * 2)
    write_receipt = claims.receipt

    async def receipt(*args: Any, **values: Any) -> None:
        if (failure := next(failures, None)) is not None:
            raise failure
        await write_receipt(*args, **values)

    monkeypatch.setattr(claims, "receipt", receipt)
    delivery_id = await lone_stage.queue("digest")
    flushing = asyncio.create_task(lone_stage.door().flush())
    while not flushing.done():
        await asyncio.sleep(0.01)
        await lone_stage.clock.advance(timedelta(seconds=1))

    assert flushing.result() == 1
    assert (await lone_stage.row(delivery_id)).sent_at is not None


async def _has_receipts(stage: Stage, count: int) -> bool:
    async with stage.database.reading() as session:
        return await session.scalar(select(func.count(Delivery.sent_at))) == count


# A clock that was ahead


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_what_a_clock_a_day_ahead_put_off_is_sent_once_it_is_right(stage: Stage, is_restarted: bool) -> None:
    right, ahead = stage.clock, SimulatedClock(stage.clock.now() + timedelta(days=1))
    card = await stage.card()
    clock = _Corrected(ahead)
    door = stage.door(clock=clock)
    stage.clock = ahead
    await door.flush()
    await stage.edit(card, "1 going")
    await stage.live(door, timedelta(seconds=4))
    stage.wire.before = _refuse
    await stage.queue("reply", "refused")
    await door.flush()
    await stage.edit(card, "2 going")
    await stage.queue("reply", "waits")
    stage.wire.before = lambda chat, text: None

    stage.clock = clock.inner = right
    if is_restarted:
        door = stage.door(clock=clock)
    await stage.edit(card, "3 going")
    await stage.live(door, timedelta(seconds=6))

    assert sorted(stage.seen()) == ["refused", "waits"]
    assert stage.posted() == ["3 going"]


def _refuse(*_: Any) -> None:
    raise OSError("refused")


class _Corrected:
    """A clock that somebody sets."""

    def __init__(self, inner: SimulatedClock) -> None:
        self.inner = inner

    def now(self) -> datetime:
        return self.inner.now()

    async def sleep(self, seconds: float) -> None:
        await self.inner.sleep(seconds)
