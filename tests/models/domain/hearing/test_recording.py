"""Recording: what is heard becomes rows, and each thing counts once, in whatever order and however often it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.hearing.facts import (
    Fact,
    HeardMessage,
    HeardMigration,
    HeardOwnStanding,
    HeardPin,
    HeardPollAnswer,
    HeardReaction,
    HeardReactionCount,
    HeardStanding,
    HeardTopic,
    Person,
    Place,
)
from models.domain.hearing.recording import record
from models.domain.members import consent
from models.tables.community import Chat, Community, Topic
from models.tables.consent import Consent
from models.tables.interaction import Interaction
from models.tables.member import Member, Membership, Presence
from models.tables.message import Mention, Message, PollAnswer, Reaction, ReactionCount

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLUB = Place(-1_001_000_000_001, "supergroup", "Founders")
ANNEX = Place(-1_001_000_000_002, "supergroup", "Annex")
MIA = Person(101, "Mia", "mia", "en")
TOM = Person(102, "Tom", "tom", "zh")
ANA = Person(103, "Ana")
ROBOT = Person(900, "Robot", "robot_bot", is_bot=True)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def said(number: int, author: Person | None = MIA, **values: Any) -> HeardMessage:
    sender = "anonymous_admin" if author is None else "bot" if author.is_bot else "member"
    usual = {"place": CLUB, "at": at(number), "sender": sender, "kind": "text", "text": f"message {number}"}
    return HeardMessage(actor=author, telegram_message_id=number, **{**usual, **values})


def reacted(
    minute: float, *, added: str = "", removed: str = "", person: Person = TOM, number: int = 1
) -> HeardReaction:
    return HeardReaction(
        CLUB, person, at(minute), telegram_message_id=number, new_emoji=tuple(added), old_emoji=tuple(removed)
    )


async def hear(database: Database, *facts: Fact) -> int:
    async with database.transaction() as session:
        return await record(session, facts, now=NOW)


async def all_of(database: Database, *columns: Any) -> list[Any]:
    async with database.reading() as session:
        rows = (await session.execute(select(*columns))).all()
    return sorted((row[0] if len(columns) == 1 else tuple(row) for row in rows), key=repr)


async def kinds(database: Database) -> Counter[str]:
    return Counter(await all_of(database, Interaction.kind))


async def test_a_message_told_twice_counts_once(database: Database) -> None:
    first = await hear(database, said(1, n_links=2), said(1, n_links=2))
    again = await hear(database, said(1, n_links=2))

    assert (first, again) == (1, 0)
    assert await kinds(database) == {"message": 1, "link": 1}
    assert await all_of(database, Interaction.kind, Interaction.value) == [("link", 2), ("message", 1)]


async def test_an_edit_changes_the_words_and_no_count(database: Database) -> None:
    await hear(database, said(1))
    await hear(database, said(1, text="later", edited_at=at(20)), said(1, text="last", edited_at=at(30)))
    await hear(database, said(1, text="later", edited_at=at(20)))

    assert await all_of(database, Message.text, Message.edited_at) == [("last", at(30))]
    assert await kinds(database) == {"message": 1}


async def test_an_edit_before_its_message_is_its_first_hearing(database: Database) -> None:
    new = await hear(database, said(1, text="new words", edited_at=at(5)))
    late = await hear(database, said(1, text="old words"))

    assert (new, late) == (1, 0)
    assert await all_of(database, Message.text) == ["new words"]
    assert await kinds(database) == {"message": 1}


async def test_a_reply_is_about_whom_it_answers(database: Database) -> None:
    await hear(database, said(1, MIA), said(2, TOM, reply_to_telegram_id=1, reply_to_author=MIA))

    ids = dict(await all_of(database, Member.name, Member.id))
    assert (("reply", ids["Tom"], ids["Mia"])) in await all_of(
        database, Interaction.kind, Interaction.member_id, Interaction.about_member_id
    )


async def test_whom_a_reply_answers_is_looked_up_when_it_is_not_told(database: Database) -> None:
    await hear(database, said(1, MIA, telegram_thread_id=7))
    await hear(
        database,
        said(2, TOM, reply_to_telegram_id=1),  # answered a batch ago
        said(3, ANA, reply_to_telegram_id=2),  # answered in the same batch
        said(4, ANA, reply_to_telegram_id=99),  # answered before our time
    )

    ids = dict(await all_of(database, Member.name, Member.id))
    rows = await all_of(database, Message.telegram_message_id, Message.reply_to_member_id, Message.telegram_thread_id)
    assert rows == [(1, None, 7), (2, ids["Mia"], 7), (3, ids["Tom"], 7), (4, None, None)]


async def test_a_reaction_stands_until_it_is_withdrawn(database: Database) -> None:
    await hear(database, said(1), reacted(2, added="👍"))
    standing = await all_of(database, Reaction.emoji)
    await hear(database, reacted(3, added="🔥", removed="👍"))
    await hear(database, reacted(2, added="👍"))  # told again, late

    assert standing == ["👍"]
    assert await all_of(database, Reaction.emoji) == ["🔥"]
    changes = await all_of(database, Interaction.what, Interaction.value, Interaction.at)
    assert changes == sorted([("👍", 1, at(2)), ("👍", -1, at(3)), ("🔥", 1, at(3)), (None, 1, at(1))], key=repr)


async def test_a_reaction_to_a_message_never_heard_waits_for_it(database: Database) -> None:
    await hear(database, reacted(2, added="👍"))
    unseen = await all_of(database, Message.sender, Message.text)
    await hear(database, said(1))

    assert unseen == [("unseen", None)]
    assert await all_of(database, Message.sender, Message.text, Message.sent_at) == [("member", "message 1", at(1))]
    assert await kinds(database) == {"message": 1, "reaction": 1}


async def test_an_edit_fills_a_message_that_only_a_reaction_told_of(database: Database) -> None:
    await hear(database, reacted(2, added="👍"))
    await hear(database, said(1, text="new words", edited_at=at(3)))
    await hear(database, said(1, text="old words"))

    assert await all_of(database, Message.sender, Message.text) == [("member", "new words")]
    assert await kinds(database) == {"message": 1, "reaction": 1}


async def test_a_reaction_set_and_withdrawn_within_a_second_leaves_things_as_they_were(database: Database) -> None:
    await hear(database, said(1), reacted(2, added="👍"))
    await hear(database, reacted(3, removed="👍"), reacted(3, added="👍"))

    assert await all_of(database, Reaction.emoji) == ["👍"]


async def test_anonymous_counts_are_replaced_by_later_ones_only(database: Database) -> None:
    await hear(database, HeardReactionCount(CLUB, None, at(5), telegram_message_id=1, counts={"👍": 4, "🔥": 1}))
    await hear(database, HeardReactionCount(CLUB, None, at(9), telegram_message_id=1, counts={"👍": 6}))
    await hear(database, HeardReactionCount(CLUB, None, at(7), telegram_message_id=1, counts={"👍": 5}))

    assert await all_of(database, ReactionCount.emoji, ReactionCount.n_reactions) == [("👍", 6)]
    assert await kinds(database) == {}


@pytest.mark.parametrize(
    ("statuses", "joined_at"),
    [
        (["administrator"], None),  # whom we first hear of as one was there before us
        (["administrator", "member"], None),  # another rank is no arrival
        (["member", "administrator"], at(1)),
        (["left", "member"], at(2)),
    ],
)
async def test_only_an_arrival_is_the_day_somebody_joined(
    database: Database, statuses: list[str], joined_at: datetime | None
) -> None:
    await hear(database, said(0))
    for minute, status in enumerate(statuses, start=1):
        await hear(database, HeardStanding(CLUB, MIA, at(minute), status=status))

    assert await all_of(database, Membership.joined_at) == [joined_at]


async def test_a_join_told_by_a_service_message_and_by_a_standing_counts_once(database: Database) -> None:
    vague = HeardStanding(CLUB, MIA, at(1), status="member", is_vague=True)
    exact = HeardStanding(CLUB, MIA, at(1) + timedelta(seconds=1), status="member")

    await hear(database, vague)
    await hear(database, exact)
    await hear(database, vague, exact)

    assert await kinds(database) == {"join": 1}
    assert await all_of(database, Membership.joined_at, Membership.left_at) == [(at(1), None)]


async def test_a_service_message_makes_no_administrator_a_member(database: Database) -> None:
    await hear(database, HeardStanding(CLUB, MIA, at(1), status="administrator"))
    await hear(database, HeardStanding(CLUB, MIA, at(2), status="member", is_vague=True))

    assert await all_of(database, Presence.status) == ["administrator"]
    assert await all_of(database, Membership.role) == ["admin"]


async def test_a_new_rank_is_no_join(database: Database) -> None:
    for minute, status in enumerate(["member", "administrator", "member", "restricted"]):
        await hear(database, HeardStanding(CLUB, MIA, at(minute), status=status))

    assert await kinds(database) == {"join": 1}


async def test_who_leaves_and_comes_back_did_so_twice(database: Database) -> None:
    statuses = ["member", "left", "member", "kicked", "left"]
    for minute, status in enumerate(statuses):
        await hear(database, HeardStanding(CLUB, MIA, at(minute), status=status))

    assert await kinds(database) == {"join": 2, "leave": 2}
    assert await all_of(database, Membership.joined_at, Membership.left_at) == [(at(0), at(4))]


async def test_an_old_standing_changes_no_new_one(database: Database) -> None:
    await hear(database, HeardStanding(CLUB, MIA, at(9), status="left"))
    await hear(database, HeardStanding(CLUB, MIA, at(3), status="member", is_vague=True))

    assert await all_of(database, Presence.status) == ["left"]
    assert await all_of(database, Membership.joined_at, Membership.left_at) == [(at(3), at(9))]
    assert await kinds(database) == {"join": 1, "leave": 1}


async def test_who_leaves_one_of_two_chats_stays_in_the_community(database: Database) -> None:
    await hear(database, said(1), said(1, place=ANNEX))
    async with database.transaction() as session:
        club, annex = (await session.scalars(select(Chat).order_by(Chat.telegram_id.desc()))).all()
        annex.community_id = club.community_id
    await hear(
        database, HeardStanding(CLUB, MIA, at(2), status="member"), HeardStanding(ANNEX, MIA, at(2), status="member")
    )

    await hear(database, HeardStanding(CLUB, MIA, at(3), status="left"))
    still = await all_of(database, Membership.community_id, Membership.left_at)
    await hear(database, HeardStanding(ANNEX, MIA, at(4), status="left"))

    assert (1, None) in still
    assert (1, at(4)) in await all_of(database, Membership.community_id, Membership.left_at)


async def test_who_speaks_after_leaving_is_back(database: Database) -> None:
    await hear(database, HeardStanding(CLUB, MIA, at(3), status="left"), said(5))

    assert await all_of(database, Membership.left_at, Membership.last_seen_at) == [(None, at(5))]


async def test_a_group_that_moves_keeps_its_community_and_its_administrators(database: Database) -> None:
    group = Place(-55, "group", "Founders")
    await hear(database, said(1, place=group), HeardStanding(group, MIA, at(1), status="administrator"))
    await hear(database, HeardMigration(group, None, at(2), new_telegram_id=CLUB.telegram_id))
    await hear(database, said(1, place=CLUB), HeardMigration(group, None, at(2), new_telegram_id=CLUB.telegram_id))

    chats = dict(await all_of(database, Chat.telegram_id, Chat.community_id))
    club = dict(await all_of(database, Chat.telegram_id, Chat.id))[CLUB.telegram_id]
    assert chats == {-55: 1, CLUB.telegram_id: 1}
    assert await all_of(database, Presence.chat_id, Presence.status) == [(club, "administrator")]
    assert await kinds(database) == {"message": 2}


async def test_a_supergroup_heard_before_its_move_brings_along_what_it_had(database: Database) -> None:
    group = Place(-55, "group", "Founders")
    await hear(database, said(1, place=group), said(1, place=CLUB, author=TOM), said(2, place=CLUB))
    async with database.transaction() as session:
        founded = await session.scalar(select(Chat.community_id).where(Chat.telegram_id == CLUB.telegram_id))
        mia = await session.scalar(
            select(Member.id).where(Member.name.is_not(None), Member.telegram_id == MIA.telegram_id)
        )
        assert founded is not None
        assert mia is not None
        await consent.decide(
            session, member_id=mia, community_id=founded, purposes=["learn"], is_given=True, now=NOW, way="button"
        )

    await hear(database, HeardMigration(group, None, at(3), new_telegram_id=CLUB.telegram_id))

    assert await all_of(database, Community.id) == [1]
    assert await all_of(database, Interaction.community_id) == [1, 1, 1]
    assert await all_of(database, Membership.community_id) == [1, 1]
    assert await all_of(database, Consent.community_id, Consent.is_given) == [(1, True)]


async def test_a_move_may_be_the_first_thing_heard(database: Database) -> None:
    group = Place(-55, "group", "Founders")

    await hear(database, HeardMigration(group, None, at(2), new_telegram_id=CLUB.telegram_id), said(1, place=group))
    await hear(database, said(1))

    assert set(await all_of(database, Chat.community_id)) == {1}


async def test_a_topic_learns_its_name_and_whether_it_is_closed(database: Database) -> None:
    await hear(database, HeardTopic(CLUB, None, NOW, telegram_thread_id=7, name="Legal"))
    await hear(database, HeardTopic(CLUB, None, NOW, telegram_thread_id=7, is_closed=True))
    await hear(database, HeardTopic(CLUB, None, NOW, telegram_thread_id=7, name="Law"))

    assert await all_of(database, Topic.telegram_thread_id, Topic.name, Topic.is_closed) == [(7, "Law", True)]


async def test_a_message_is_pinned_when_it_was_last_pinned(database: Database) -> None:
    await hear(database, said(1), HeardPin(CLUB, None, at(5), telegram_message_id=1))
    await hear(
        database,
        HeardPin(CLUB, None, at(3), telegram_message_id=1),
        HeardPin(CLUB, None, at(3), telegram_message_id=99),
    )

    assert await all_of(database, Message.pinned_at) == [at(5)]


async def test_bots_and_anonymous_senders_do_nothing_that_counts(database: Database) -> None:
    await hear(database, said(1, ROBOT), said(2, None), HeardStanding(CLUB, ROBOT, at(3), status="member"))

    assert await all_of(database, Message.sender) == ["anonymous_admin", "bot"]
    assert await kinds(database) == {}
    assert await all_of(database, Membership.id) == []


async def test_of_a_member_who_declined_only_that_a_message_exists_is_kept(database: Database) -> None:
    await hear(database, said(1))
    async with database.transaction() as session:
        session.add(Consent(member_id=1, community_id=1, purpose="record", is_given=False, decided_at=NOW))

    await hear(
        database,
        said(2, n_links=1, mentioned_handles=("tom",), reply_to_telegram_id=1, reply_to_author=TOM),
        said(3, text="edited", edited_at=at(9)),
        reacted(4, added="👍", person=MIA),
        HeardStanding(CLUB, MIA, at(50), status="left"),
    )

    columns = (Message.telegram_message_id, Message.sender, Message.member_id, Message.text, Message.reply_to_member_id)
    assert (await all_of(database, *columns))[1:] == [
        (2, "withheld", None, None, None),
        (3, "withheld", None, None, None),
    ]
    assert await kinds(database) == {"message": 1}
    assert await all_of(database, Reaction.id) == await all_of(database, Mention.id) == []


async def test_a_member_is_mentioned_by_handle_and_by_id(database: Database) -> None:
    await hear(database, said(1, TOM))
    await hear(database, said(2, MIA, mentioned_handles=("TOM", "nobody_known"), mentioned_people=(ANA,)))

    ids = dict(await all_of(database, Member.name, Member.id))
    named = await all_of(database, Interaction.kind, Interaction.about_member_id)
    assert [about for kind, about in named if kind == "mention"] == sorted([ids["Tom"], ids["Ana"]])
    assert len(await all_of(database, Mention.id)) == 3


async def test_a_poll_answer_replaces_the_one_before(database: Database) -> None:
    await hear(database, HeardPollAnswer(None, MIA, None, telegram_poll_id="p1", options=(0,)))
    await hear(database, HeardPollAnswer(None, MIA, None, telegram_poll_id="p1", options=(1, 2)))

    assert await all_of(database, PollAnswer.options) == [[1, 2]]


async def test_what_is_told_second_hand_changes_nothing_known(database: Database) -> None:
    await hear(database, said(1, place=Place(CLUB.telegram_id, "supergroup", "New title", "new_handle", True)))
    old_place = Place(CLUB.telegram_id, "supergroup", "Old title", is_vague=True)
    old_mia = Person(MIA.telegram_id, "Mia before her wedding", is_vague=True)

    await hear(
        database,
        said(2, old_mia, place=old_place),
        HeardTopic(old_place, None, NOW, telegram_thread_id=7, name="Legal"),
    )
    await hear(
        database,
        HeardTopic(CLUB, None, NOW, telegram_thread_id=7, name="Law"),
        HeardTopic(old_place, None, NOW, telegram_thread_id=7, name="Legal"),
    )

    assert await all_of(database, Chat.title, Chat.handle, Chat.is_forum) == [("New title", "new_handle", True)]
    assert await all_of(database, Member.name, Member.handle, Member.client_language) == [("Mia", "mia", "en")]
    assert await all_of(database, Topic.name) == ["Law"]


async def test_what_was_told_second_hand_is_corrected_first_hand(database: Database) -> None:
    await hear(database, said(1, Person(MIA.telegram_id, "M.", is_vague=True)))
    await hear(database, said(2, MIA), said(3, Person(ROBOT.telegram_id, "Robot", is_vague=True)))
    await hear(database, said(4, ROBOT))

    assert await all_of(database, Member.name, Member.handle, Member.is_bot) == [
        ("Mia", "mia", False),
        ("Robot", "robot_bot", True),
    ]


async def test_an_exported_reaction_counts_only_where_nothing_was_heard_of_it(database: Database) -> None:
    exported = HeardReaction(CLUB, TOM, at(60), telegram_message_id=1, new_emoji=("👍",), is_vague=True)
    await hear(database, said(1), reacted(2, added="👍"), reacted(3, removed="👍"))

    await hear(
        database, exported, HeardReaction(CLUB, ANA, at(60), telegram_message_id=1, new_emoji=("👍",), is_vague=True)
    )
    await hear(database, HeardReaction(CLUB, ANA, at(120), telegram_message_id=1, new_emoji=("👍",), is_vague=True))

    assert await kinds(database) == {"message": 1, "reaction": 3}
    assert len(await all_of(database, Reaction.id)) == 1


async def test_where_the_bot_stands_is_known_of_groups_and_of_private_chats(database: Database) -> None:
    private = Place(MIA.telegram_id, "private", "Mia")
    await hear(database, HeardOwnStanding(CLUB, MIA, at(1), status="administrator"), said(1, place=private))
    reachable = await all_of(database, Member.reachable_at, Member.blocked_at)
    await hear(
        database,
        HeardOwnStanding(CLUB, MIA, at(2), status="kicked"),
        HeardOwnStanding(private, MIA, at(2), status="kicked"),
    )

    assert reachable == [(at(1), None)]
    assert await all_of(database, Member.reachable_at, Member.blocked_at) == [(at(1), at(2))]
    assert ("kicked", at(2)) in await all_of(database, Chat.bot_status, Chat.gone_at)


# A small community's hour: every fact is consistent with the others, whatever the order in which they are told.
PEOPLE = st.sampled_from([MIA, TOM, ANA, ROBOT])


def _message(number: int, wording: int | None) -> HeardMessage:
    author = [MIA, TOM, ANA, None, ROBOT][number % 5]
    reply = {"reply_to_telegram_id": number - 1, "reply_to_author": MIA} if number % 2 else {}
    handles = ("mia",) if number % 3 == 0 else ()
    edit = {} if wording is None else {"text": f"wording {wording}", "edited_at": at(100 + wording)}
    return said(number, author, n_links=number % 2, mentioned_handles=handles, **reply, **edit)


FACTS = st.one_of(
    st.builds(_message, st.integers(1, 8), st.none() | st.integers(1, 3)),
    st.builds(
        lambda minute, person, number: reacted(
            minute, person=person, number=number, **{"added" if minute % 2 else "removed": "👍"}
        ),
        st.integers(1, 30),
        st.sampled_from([MIA, TOM, ANA]),
        st.integers(1, 9),
    ),
    st.builds(
        lambda minute, person: HeardStanding(
            CLUB, person, at(minute), status="member" if minute % 2 else "left", is_vague=True
        ),
        st.integers(1, 30),
        PEOPLE,
    ),
    st.builds(
        lambda minute, number: HeardPin(CLUB, None, at(minute), telegram_message_id=number),
        st.integers(1, 9),
        st.integers(1, 9),
    ),
)


async def _snapshot(session: AsyncSession) -> dict[str, list[Any]]:
    """All that counts, without row ids and without what depends on whether a thing was known before a pin."""
    names = {row.id: row.telegram_id for row in await session.execute(select(Member.id, Member.telegram_id))}
    told = {
        row.id: row.telegram_message_id
        for row in await session.execute(select(Message.id, Message.telegram_message_id))
    }
    interactions = [
        (
            row.kind,
            names[row.member_id],
            row.at,
            told.get(row.message_id),
            names.get(row.about_member_id),
            row.value,
            row.what,
        )
        for row in await session.scalars(select(Interaction).where(Interaction.kind != "mention"))
    ]
    reactions = [
        (told[row.message_id], names[row.member_id], row.emoji) for row in await session.scalars(select(Reaction))
    ]
    messages = [
        (row.telegram_message_id, row.sender, row.text, names.get(row.member_id), row.edited_at)
        for row in await session.scalars(select(Message))
    ]
    memberships = [
        (names[row.member_id], row.role, row.joined_at, row.left_at)
        for row in await session.scalars(select(Membership))
    ]
    found = {"interactions": interactions, "reactions": reactions, "messages": messages, "memberships": memberships}
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


class _Undo(Exception):
    pass


async def _outcome(database: Database, batches: Sequence[Sequence[Fact]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    try:
        async with database.transaction() as session:
            for batch in batches:
                await record(session, batch, now=NOW)
            found = await _snapshot(session)
            raise _Undo
    except _Undo:
        return found


@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_order_and_no_repetition_changes_what_counts(database: Database, data: st.DataObject) -> None:
    facts = data.draw(st.lists(FACTS, min_size=1, max_size=12))
    shuffled = data.draw(st.permutations(facts + data.draw(st.lists(st.sampled_from(facts), max_size=6))))
    cut = data.draw(st.integers(0, len(shuffled)))

    in_order = await _outcome(database, [sorted(facts, key=_told_at)])
    otherwise = await _outcome(database, [shuffled[:cut], shuffled[cut:]])

    assert otherwise == in_order


def _told_at(fact: Fact) -> datetime:
    return (fact.edited_at if isinstance(fact, HeardMessage) else None) or fact.at or NOW
