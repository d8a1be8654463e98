"""Deliveries as rows: queued with their decision, claimed once, in order, and settled after a crash."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, literal_column, select, update

from models.database import Database
from models.domain.introductions.validity import CHECKS
from models.domain.member_time import Defaults
from models.domain.sending import claims
from models.domain.sending.about import About, about_of, is_about
from models.domain.sending.claims import MAX_ATTEMPTS, ClaimedDelivery, SettledDelivery
from models.domain.sending.deliveries import (
    EDIT_GAP,
    POLICIES,
    NoReason,
    UnknownKind,
    attachment,
    queue,
    say_instead,
    withdraw,
)
from models.domain.sending.destinations import follow_migration
from models.encryption import KeyRing
from models.tables.community import Chat
from models.tables.delivery import Delivery, Failure, Subject
from models.tables.member import Member
from tests.factories import give_consent, make_chat, make_community, make_member

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WHY = [{"key": "answered_by", "count": 2}]


async def put(database: Database, kind: str = "reply", text: str = "Hi", **values: Any) -> int:
    async with database.transaction() as session:
        delivery = await queue(session, kind, **{"now": NOW, "payload": {"text": text}, **values})
    assert delivery is not None
    return delivery.id


async def claim(
    database: Database, *, now: datetime = NOW, by: str = "door", **values: Any
) -> ClaimedDelivery | SettledDelivery | None:
    async with database.transaction() as session:
        return await claims.claim_next(session, now=now, by=by, defaults=Defaults(), checks=CHECKS, **values)


async def sent(database: Database, *, now: datetime = NOW, message_id: int = 7, **values: Any) -> ClaimedDelivery:
    claimed = await claim(database, now=now, **values)
    assert isinstance(claimed, ClaimedDelivery)
    async with database.transaction() as session:
        await claims.receipt(session, claimed, now=now, message_id=message_id)
    return claimed


async def row(database: Database, delivery_id: int) -> Delivery:
    async with database.reading() as session:
        return await session.get_one(Delivery, delivery_id)


@pytest.fixture
async def mia(database: Database) -> Member:
    async with database.transaction() as session:
        return await make_member(session)


@pytest.fixture
async def club(database: Database) -> Chat:
    async with database.transaction() as session:
        return await make_chat(session)


# Queueing


async def test_a_push_without_a_reason_is_refused(database: Database, mia: Member) -> None:
    with pytest.raises(NoReason):
        await put(database, "digest", member_id=mia.id, reasons=[])


async def test_a_kind_without_a_policy_is_refused(database: Database, mia: Member) -> None:
    with pytest.raises(UnknownKind):
        await put(database, "spam", member_id=mia.id)


@pytest.mark.parametrize("both", [True, False])
async def test_a_delivery_has_exactly_one_destination(database: Database, mia: Member, club: Chat, both: bool) -> None:
    destination = {"member_id": mia.id, "chat_id": club.id} if both else {}

    with pytest.raises(ValueError, match="exactly one destination"):
        await put(database, **destination)


async def test_what_is_queued_goes_only_with_its_decision(database: Database, mia: Member) -> None:
    async def decide_and_fail() -> None:
        async with database.transaction() as session:
            await queue(session, "reply", now=NOW, payload={"text": "Hi"}, member_id=mia.id)
            raise RuntimeError("the decision failed")

    with pytest.raises(RuntimeError):
        await decide_and_fail()

    assert await claim(database) is None


async def test_a_once_key_is_used_once_for_ever(database: Database, mia: Member) -> None:
    await put(database, member_id=mia.id, once_key="digest:1:2026-03-02")
    await sent(database)

    async with database.transaction() as session:
        again = await queue(
            session, "reply", now=NOW, payload={"text": "Hi"}, member_id=mia.id, once_key="digest:1:2026-03-02"
        )

    assert again is None


async def test_what_is_about_a_row_is_said_to_each_member_once_and_found_by_it(database: Database, mia: Member) -> None:
    async with database.transaction() as session:
        jo = await make_member(session, name="Jo")
    invitation = About(Subject.EVENT, 7, "invite", NOW)
    first = await put(database, member_id=mia.id, about=invitation)
    other = await put(database, member_id=jo.id, about=invitation)
    await put(database, member_id=mia.id, about=About(Subject.EVENT, 7, "rate", NOW))
    moved = await put(database, member_id=mia.id, about=About(Subject.EVENT, 7, "invite", NOW + timedelta(days=1)))
    await put(database, member_id=mia.id, about=About(Subject.INTRODUCTION, 7, "invite"))

    async with database.transaction() as session:
        again = await queue(session, "reply", now=NOW, payload={}, member_id=mia.id, about=invitation)

        told = list(await session.scalars(select(Delivery.id).where(is_about(invitation)).order_by(Delivery.id)))
        whenever = is_about(About(Subject.EVENT, 7, "invite"))
        of_any_start = list(await session.scalars(select(Delivery.id).where(whenever).order_by(Delivery.id)))
    assert again is None
    assert told == [first, other]
    assert of_any_start == [first, other, moved]


async def test_what_is_said_instead_is_about_the_same(database: Database, mia: Member) -> None:
    about = About(Subject.EVENT, 7, "summary", NOW)
    refused = await put(database, member_id=mia.id, about=about, method="sendPhoto", instead={"text": "in words"})

    async with database.transaction() as session:
        said = await say_instead(session, refused, now=NOW)

    assert said is not None
    assert about_of(said) == about
    assert about_of(await row(database, refused)) == about


async def test_a_once_key_used_by_another_process_meanwhile_changes_nothing_else(
    database: Database, keys: KeyRing, mia: Member
) -> None:
    other = Database(database.url, keys)

    async def decide(on: Database, text: str) -> Delivery | None:
        async with on.transaction() as session:
            await queue(session, "reply", now=NOW, payload={"text": text}, member_id=mia.id)
            await asyncio.sleep(0.02)
            return await queue(
                session, "notice", now=NOW, payload={"text": text}, member_id=mia.id, once_key="the same"
            )

    first, second = await asyncio.gather(decide(database, "a"), decide(other, "b"))
    await other.close()

    assert (first is None) != (second is None)
    async with database.reading() as session:
        kinds = await session.scalars(select(Delivery.kind))
    assert Counter(kinds) == {"reply": 2, "notice": 1}


async def test_a_payload_is_not_readable_in_the_database(database: Database, mia: Member) -> None:
    await put(database, text="our runway is 4 months", member_id=mia.id)

    async with database.reading() as session:
        connection = await session.connection()
        stored = (await connection.exec_driver_sql("SELECT payload FROM delivery")).scalar_one()

    assert b"runway" not in bytes(stored)


async def test_withdrawn_deliveries_do_not_leave(database: Database, mia: Member) -> None:
    first, second = await put(database, member_id=mia.id), await put(database, text="Two", member_id=mia.id)

    async with database.transaction() as session:
        n_withdrawn = await withdraw(session, [first], now=NOW, why=Failure.OUTDATED)
    claimed = await claim(database)

    assert n_withdrawn == 1
    assert isinstance(claimed, ClaimedDelivery)
    assert claimed.id == second
    assert (await row(database, first)).failure == Failure.OUTDATED


def test_an_attachment_survives_json() -> None:
    assert attachment(b"\x89PNG", "week.png") == {"upload": "iVBORw==", "filename": "week.png"}


# Claiming


async def test_what_somebody_waits_for_goes_before_pushes_and_older_before_newer(database: Database) -> None:
    async with database.transaction() as session:
        members = [await make_member(session) for _ in range(4)]
        community = await make_community(session)
        await give_consent(session, members[0], community, "digest")
    await put(database, "digest", "digest", member_id=members[0].id, community_id=community.id, reasons=WHY)
    await put(database, "card", "first card", member_id=members[1].id)
    await put(database, "card", "second card", member_id=members[2].id)
    await put(database, "reply", "reply", member_id=members[3].id)

    texts = [(await sent(database)).payload["text"] for _ in range(4)]

    assert texts == ["reply", "first card", "second card", "digest"]


async def test_a_chat_gets_one_at_a_time(database: Database, mia: Member, club: Chat) -> None:
    await put(database, text="one", member_id=mia.id)
    await put(database, text="two", member_id=mia.id)
    await put(database, text="elsewhere", chat_id=club.id)

    first = await claim(database, by="a")
    second = await claim(database, by="b")
    third = await claim(database, by="b")

    assert isinstance(first, ClaimedDelivery)
    assert isinstance(second, ClaimedDelivery)
    assert (first.payload["text"], second.payload["text"], third) == ("one", "elsewhere", None)


async def test_a_busy_chat_is_passed_over_and_a_busy_group_still_takes_messages(
    database: Database, mia: Member, club: Chat
) -> None:
    card = await put(database, "card", chat_id=club.id)
    await sent(database)
    await put(database, "card_edit", "edit", method="editMessageText", edits_id=card, now=NOW - 2 * EDIT_GAP)
    await put(database, text="to Mia", member_id=mia.id)
    later = NOW + EDIT_GAP

    nothing = await claim(database, now=later, busy={mia.telegram_id, club.telegram_id})
    passed = await claim(database, now=later, busy={mia.telegram_id}, busy_for_edits={club.telegram_id})
    await put(database, "card", "a message", chat_id=club.id)
    message = await claim(database, now=later, busy={mia.telegram_id}, busy_for_edits={club.telegram_id})

    assert (nothing, passed) == (None, None)
    assert isinstance(message, ClaimedDelivery)
    assert message.payload["text"] == "a message"


@pytest.mark.parametrize(
    ("kind", "changes", "failure"),
    [
        # its time has passed
        ("reply", {"expires_at": NOW}, "expired"),
        # a day of trying
        ("reply", {"n_attempts": MAX_ATTEMPTS}, "gave_up"),
        # a release that no longer knows the kind
        ("forgotten", {}, "unknown_kind"),
    ],
)
async def test_what_cannot_leave_any_more_is_dropped_with_its_reason(
    database: Database, mia: Member, kind: str, changes: dict[str, Any], failure: str
) -> None:
    delivery_id = await put(database, member_id=mia.id)
    async with database.transaction() as session:
        await session.execute(update(Delivery).values(kind=literal_column(f"'{kind}'"), **changes))

    settled = await claim(database)

    assert settled == SettledDelivery(delivery_id, failure)
    assert (await row(database, delivery_id)).failure == failure
    assert await claim(database) is None


async def test_a_member_erased_while_their_message_is_in_flight_takes_the_row_along(
    database: Database, mia: Member
) -> None:
    await put(database, member_id=mia.id)
    claimed = await claim(database)
    assert isinstance(claimed, ClaimedDelivery)

    async with database.transaction() as session:
        await session.execute(delete(Member).where(Member.id == mia.id))
    async with database.transaction() as session:
        await claims.receipt(session, claimed, now=NOW, message_id=7)
        await claims.release(session, claimed, now=NOW, due_at=NOW)

    assert await claim(database) is None


async def test_nothing_goes_to_a_chat_that_is_gone(database: Database, club: Chat) -> None:
    delivery_id = await put(database, "card", chat_id=club.id)
    async with database.transaction() as session:
        (await session.get_one(Chat, club.id)).gone_at = NOW

    assert await claim(database) == SettledDelivery(delivery_id, "chat_is_gone")


async def test_a_migrated_group_is_written_to_under_its_new_id(database: Database, club: Chat) -> None:
    async with database.transaction() as session:
        new = await make_chat(session)
        await follow_migration(session, club.id, new.telegram_id)
    await put(database, "card", chat_id=club.id)

    claimed = await claim(database)

    assert isinstance(claimed, ClaimedDelivery)
    assert claimed.address == new.telegram_id


async def test_two_doors_never_claim_one_row(database: Database, keys: KeyRing) -> None:
    async with database.transaction() as session:
        for _ in range(20):
            member = await make_member(session)
            await queue(session, "reply", now=NOW, payload={"text": "Hi"}, member_id=member.id)
    other = Database(database.url, keys)

    async def claim_all(on: Database, by: str) -> list[int]:
        found = []
        while isinstance(claimed := await claim(on, by=by), ClaimedDelivery):
            found.append(claimed.id)
        return found

    by_door = await asyncio.gather(*[claim_all(on, by) for on, by in ((database, "a"), (other, "b"), (other, "c"))])
    await other.close()

    everything = [delivery_id for found in by_door for delivery_id in found]
    assert sorted(everything) == sorted(set(everything))
    assert len(everything) == 20


async def test_two_doors_never_overdraw_one_budget(database: Database, keys: KeyRing) -> None:
    async with database.transaction() as session:
        mia = await make_member(session, attention_budget=1)
        here, there = await make_community(session), await make_community(session)
        await give_consent(session, mia, here, "digest")
        await give_consent(session, mia, there, "invite")
    await put(database, "digest", member_id=mia.id, community_id=here.id, reasons=WHY)
    other = Database(database.url, keys)
    is_deciding = asyncio.Event()

    async def claim_slowly() -> None:
        async with database.transaction() as session:
            await claims.claim_next(session, now=NOW, by="a", defaults=Defaults(), checks=CHECKS)
            is_deciding.set()
            await asyncio.sleep(0.1)

    async def claim_what_is_more_urgent_meanwhile() -> None:
        await is_deciding.wait()
        await put(other, "invite", member_id=mia.id, community_id=there.id, reasons=WHY)
        await claim(other, by="b")

    await asyncio.gather(claim_slowly(), claim_what_is_more_urgent_meanwhile())
    await other.close()

    async with database.reading() as session:
        claimed = list(await session.scalars(select(Delivery.kind).where(Delivery.claimed_at.is_not(None))))
    assert claimed == ["digest"]


# Edits


async def test_a_burst_of_edits_leaves_the_last_state_only(database: Database, club: Chat) -> None:
    card = await put(database, "card", "0 going", chat_id=club.id)
    await sent(database)

    edits = [
        await put(database, "card_edit", f"{n} going", method="editMessageText", edits_id=card) for n in range(1, 6)
    ]
    shown = await sent(database)

    assert (shown.payload["text"], shown.edits_message_id) == ("5 going", 7)
    assert [(await row(database, edit)).failure for edit in edits] == ["superseded"] * 4 + [None]
    assert await claim(database) is None


async def test_an_edit_of_an_edit_changes_the_first_message(database: Database, club: Chat) -> None:
    card = await put(database, "card", "0", chat_id=club.id)
    await sent(database)
    edit = await put(database, "card_edit", "1", edits_id=card)
    await sent(database)

    again = await put(database, "card_edit", "2", edits_id=edit)

    assert (await row(database, again)).edits_id == card


async def test_a_busy_card_changes_at_most_every_few_seconds(database: Database, club: Chat) -> None:
    card = await put(database, "card", chat_id=club.id)
    await sent(database)
    await put(database, "card_edit", "1", edits_id=card)
    await sent(database)

    await put(database, "card_edit", "2", edits_id=card, now=NOW + SECOND)

    assert await claim(database, now=NOW + EDIT_GAP - SECOND) is None
    assert isinstance(await claim(database, now=NOW + EDIT_GAP), ClaimedDelivery)


async def test_an_edit_waits_until_its_message_is_there(database: Database, club: Chat) -> None:
    card = await put(database, "card", chat_id=club.id)
    await put(database, "reply", "edited", edits_id=card)

    first = await sent(database)
    second = await sent(database)

    assert (first.id, second.edits_message_id) == (card, 7)


async def test_an_edit_of_a_message_that_never_arrived_is_dropped(database: Database, club: Chat) -> None:
    card = await put(database, "card", chat_id=club.id)
    edit = await put(database, "card_edit", edits_id=card)
    claimed = await claim(database)
    assert isinstance(claimed, ClaimedDelivery)
    async with database.transaction() as session:
        await claims.fail(session, claimed, now=NOW, failure="refused: not enough rights")

    assert await claim(database) == SettledDelivery(edit, "nothing_to_edit")


async def test_an_edit_that_failed_gives_way_to_the_newer_one(database: Database, club: Chat) -> None:
    card = await put(database, "card", chat_id=club.id)
    await sent(database)
    older = await put(database, "card_edit", "older", edits_id=card)
    claimed = await claim(database)
    newer = await put(database, "card_edit", "newer", edits_id=card)
    assert isinstance(claimed, ClaimedDelivery)

    async with database.transaction() as session:
        await claims.release(session, claimed, now=NOW, due_at=NOW + SECOND)

    assert (await row(database, older)).failure == "superseded"
    shown = await sent(database, now=NOW + EDIT_GAP)
    assert shown.id == newer


# After a crash


@pytest.mark.parametrize("kind", sorted(POLICIES))
async def test_each_kind_says_what_a_crash_does_to_it(sqlite: Database, kind: str) -> None:
    async with sqlite.transaction() as session:
        mia = await make_member(session)
        community = await make_community(session)
        await give_consent(session, mia, community, "digest", "invite", "introduce")
    delivery_id = await put(sqlite, kind, member_id=mia.id, community_id=community.id, reasons=WHY)
    await claim(sqlite, by="door")

    async with sqlite.transaction() as session:
        counts = await claims.recover_in_doubt(session, now=NOW, older_than=timedelta(minutes=5), by={"door"})

    again = await claim(sqlite)
    if POLICIES[kind].in_doubt == "twice":
        assert counts == (1, 0)
        assert isinstance(again, ClaimedDelivery)
        assert (again.id, again.n_attempts) == (delivery_id, 2)
    else:
        assert counts == (0, 1)
        assert again is None
        assert (await row(sqlite, delivery_id)).failure == "in_doubt"


async def test_claims_of_another_door_are_left_alone_until_they_are_stale(database: Database, mia: Member) -> None:
    await put(database, member_id=mia.id)
    await claim(database, by="another")
    stale_after = timedelta(minutes=5)

    async with database.transaction() as session:
        young = await claims.recover_in_doubt(session, now=NOW + SECOND, older_than=stale_after, by={"door"})
        old = await claims.recover_in_doubt(session, now=NOW + stale_after, older_than=stale_after)

    assert (young, old) == ((0, 0), (1, 0))


async def test_a_door_that_hung_cannot_undo_what_another_did_meanwhile(database: Database, mia: Member) -> None:
    delivery_id = await put(database, member_id=mia.id)
    hung = await claim(database, by="hung")
    async with database.transaction() as session:
        await claims.recover_in_doubt(session, now=NOW, older_than=timedelta(0))
    await claim(database, by="other")
    assert isinstance(hung, ClaimedDelivery)

    async with database.transaction() as session:
        await claims.release(session, hung, now=NOW, due_at=NOW)
        await claims.fail(session, hung, now=NOW, failure="in_doubt")

    found = await row(database, delivery_id)
    assert (found.claimed_by, found.failed_at) == ("other", None)


async def test_a_message_that_arrives_proves_its_member_reachable(database: Database) -> None:
    async with database.transaction() as session:
        mia = await make_member(session, blocked_at=NOW - SECOND)
    await put(database, member_id=mia.id)

    await sent(database)

    async with database.reading() as session:
        assert (await session.get_one(Member, mia.id)).is_reachable


async def test_the_outlook_tells_what_waits_and_what_comes(database: Database, mia: Member) -> None:
    async def look(now: datetime) -> tuple[bool, datetime | None]:
        async with database.reading() as session:
            return await claims.outlook(session, now=now)

    empty = await look(NOW)
    await put(database, member_id=mia.id, due_at=NOW + SECOND)

    assert empty == (False, None)
    assert await look(NOW) == (False, NOW + SECOND)
    assert await look(NOW + SECOND) == (True, None)
