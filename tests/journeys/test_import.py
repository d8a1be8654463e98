"""A group's history is imported: once, wholly, and without anybody's consent being taken for granted."""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from bot.importing.command import INCOMPLETE, add_arguments, find, run
from bot.importing.reader import read_export
from bot.importing.source import open_source
from models.database import Database
from models.domain.erasure import retention
from models.domain.hearing.facts import HeardMigration
from models.domain.hearing.recording import record
from models.domain.members import consent
from models.domain.serving import training
from models.tables.community import Chat, Community, Topic
from models.tables.consent import Consent, ConsentDecision, Purpose
from models.tables.interaction import Interaction
from models.tables.member import Member, Membership, Presence
from models.tables.message import Mention, Message, Reaction, ReactionCount
from tests.bot.importing.exports import ANA, MIA, START, TOM, account, chat, message, service, write
from tests.models.domain.hearing.test_recording import Person, Place, all_of, kinds, said
from tests.outside import DATA, NO_DATA
from tests.stage import Stage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REAL = DATA / "telegram_export_full.json.xz"
COUNTED = (Community, Chat, Topic, Member, Membership, Presence, Message, Mention, Reaction, ReactionCount, Interaction)

HISTORY = [
    service(1, "join_group_by_link"),
    message(2, text=[{"type": "plain", "text": "Hello "}, {"type": "mention", "text": "@tom"}]),
    message(3, TOM, reply_to_message_id=2),
    service(4, "topic_created", title="Legal"),
    message(5, ANA, reply_to_message_id=4),
    message(6, TOM, reply_to_message_id=5),
    message(7, MIA) | {
        "reactions": [
            {
                "type": "emoji",
                "count": 4,
                "emoji": "👍",
                "recent": [{"from": "Tom", "from_id": "user102", "date": "2026-01-01T00:09:00"}],
            }
        ]
    },
    service(8, "pin_message", TOM, message_id=7),
    message(9, ("user999", None), text="from a deleted account"),
    message(10, ("channel7", "Founders"), text="from an anonymous administrator"),
    service(11, "remove_members", ANA, members=["Ana"]),
]  # fmt: skip


async def imported(database: Database | None, path: Path, *words: str) -> tuple[int, str]:
    """Exit status and summary of `klatch import`; without a database a dry run."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    out = io.StringIO()
    if (export := find(path, out)) is None:
        return INCOMPLETE, out.getvalue()
    status = await run(database, export, options=parser.parse_args([str(path), *words]), now=NOW, out=out)
    return status, out.getvalue()


async def counts(database: Database) -> dict[str, int]:
    async with database.reading() as session:
        return {table.__tablename__: await session.scalar(select(func.count(table.id))) or 0 for table in COUNTED}


async def test_a_history_becomes_rows(database: Database, tmp_path: Path) -> None:
    status, summary = await imported(database, write(tmp_path, chat(*HISTORY)))

    ids = dict(await all_of(database, Member.name, Member.id))
    rows = await all_of(database, Message.telegram_message_id, Message.telegram_thread_id, Message.reply_to_member_id)
    assert status == 0
    assert "“Founders”: 11 messages, 11 new, 3 people, 2026-01-01 to 2026-01-01." in summary
    assert await kinds(database) == {"message": 3, "reply": 2, "join": 1, "leave": 1, "reaction": 1}
    assert sorted(ids) == ["Ana", "Mia", "Tom"]
    assert {row for row in rows if row[1] or row[2]} == {
        (3, None, ids["Mia"]),
        (4, 4, None),
        (5, 4, None),
        (6, 4, ids["Ana"]),
    }
    assert await all_of(database, Topic.telegram_thread_id, Topic.name) == [(4, "Legal")]
    assert await all_of(database, Chat.telegram_id, Chat.title, Chat.is_forum) == [
        (-1_000_000_000_007, "Founders", True)
    ]
    assert await all_of(database, ReactionCount.emoji, ReactionCount.n_reactions) == [("👍", 3)]
    assert set(await all_of(database, Message.source)) == {"import"}


async def test_sqlite_counts_anew_what_an_import_brought(sqlite: Database, tmp_path: Path) -> None:
    """Without counts it would choose its indexes for an empty database until the next night."""

    await imported(sqlite, write(tmp_path, chat(*HISTORY)))

    async with sqlite.reading() as session:
        # The table is made by the first count.
        counted = set(await session.scalars(text("SELECT tbl FROM sqlite_stat1")))
    assert {"message", "interaction"} <= counted


async def test_a_second_import_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path, chat(*HISTORY))
    await imported(database, path)
    before = await counts(database)

    status, summary = await imported(database, path)

    assert status == 0
    assert "11 messages, 0 new" in summary
    assert await counts(database) == before


async def test_what_was_heard_live_counts_once_and_keeps_what_is_known(database: Database, tmp_path: Path) -> None:
    place = Place(-1_000_000_000_007, "supergroup", "Founders Club", "founders")
    mia = Person(101, "Mia M.", "mia", "de")
    async with database.transaction() as session:
        live = said(2, mia, place=place, at=datetime.fromtimestamp(START + 120, UTC), text="Hello @tom")
        await record(session, [live], now=NOW)

    _, summary = await imported(database, write(tmp_path, chat(*HISTORY)))

    assert "11 messages, 10 new" in summary
    assert (await kinds(database))["message"] == 3
    assert await all_of(database, Chat.title, Chat.handle) == [("Founders Club", "founders")]
    assert ("Mia M.", "mia", "de") in await all_of(database, Member.name, Member.handle, Member.client_language)


async def test_nobody_imported_has_consented_to_anything(database: Database, tmp_path: Path) -> None:
    await imported(database, write(tmp_path, chat(*HISTORY)))

    async with database.reading() as session:
        [community_id] = await session.scalars(select(Community.id))
        willing = [
            await consent.consenting(session, community_id, purpose)
            for purpose in (Purpose.DIGEST, Purpose.INVITE, Purpose.INTRODUCE)
        ]
        learnt = await training.read_log(session, community_id, since=datetime(2013, 1, 1, tzinfo=UTC), until=NOW)
    log = learnt.log
    assert willing == [set()] * 3
    assert await all_of(database, Consent.id) == await all_of(database, ConsentDecision.id) == []
    assert set(await all_of(database, Member.reachable_at)) == {None}
    assert (learnt.learners, len(learnt.thread_id)) == (frozenset(), 0)
    assert [len(part.member) for part in (log.messages, log.reactions, log.rsvps, log.joins)] == [0, 0, 0, 0]


async def test_an_import_ends_in_how_many_said_yes_and_the_next_step(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path, chat(*HISTORY))
    _, at_first = await imported(database, path)
    async with database.transaction() as session:
        [tom] = await session.scalars(select(Member.id).where(Member.telegram_id == 102))
        await consent.decide(
            session, member_id=tom, community_id=1, purposes=["learn"], is_given=True, now=NOW, way="button"
        )
    _, later = await imported(database, path)

    # Ana left, and a deleted account is nobody.
    assert "“Founders”: 0 of 2 members have said yes." in at_first
    assert "“Founders”: 1 of 2 members have said yes." in later
    assert "Next: add the bot to “Founders” as an administrator and send /setup there" in at_first
    assert "erased" not in at_first


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        (None, "Next: add the bot to “Founders” as an administrator and send /setup there"),
        ("kicked", "Next: add the bot to “Founders” as an administrator and send /setup there"),
        ("member", "Next: make the bot an administrator of “Founders”, then send /setup there"),
        ("administrator", "Next: send /setup in “Founders”"),
    ],
)
async def test_the_next_step_is_what_is_still_missing(
    sqlite: Database, tmp_path: Path, standing: str | None, step: str
) -> None:
    path = write(tmp_path, chat(message(1)))
    await imported(sqlite, path)
    async with sqlite.transaction() as session:
        await session.execute(update(Chat).values(bot_status=standing))

    _, summary = await imported(sqlite, path)

    assert step in summary


async def test_what_retention_will_erase_tonight_is_told_before(database: Database, tmp_path: Path) -> None:
    year = 366 * 24 * 3600
    old = [
        message(number, date_unixtime=str(START - year + number), date="2025-01-01T00:00:00") for number in range(1, 4)
    ]

    _, summary = await imported(database, write(tmp_path, chat(*old, message(10))))
    counts = await retention.apply(database, now=NOW, limits=retention.Limits(written_days=365, raw_days=7))

    assert "Tonight 3 messages older than 365 days will be erased, as privacy.retention_days says." in summary
    assert counts["messages"] == 3


async def test_each_community_of_an_account_has_its_own_numbers(sqlite: Database, tmp_path: Path) -> None:
    path = write(tmp_path, account(chat(message(1), name="One", number=1), chat(message(1, TOM), name="Two", number=2)))

    _, apart = await imported(sqlite, path)
    _, together = await imported(sqlite, path, "--chat", "One")

    assert apart.count("0 of 1 member has said yes") == 2
    assert "“Two”" in apart
    assert together.count("Next: ") == 1


async def test_a_dry_run_only_counts() -> None:
    with tempfile.TemporaryDirectory() as folder:
        status, summary = await imported(None, write(Path(folder), chat(*HISTORY)))

    assert status == 0
    assert "“Founders”: 11 messages, 3 people, 2026-01-01 to 2026-01-01." in summary
    assert "nothing was kept" in summary


async def test_who_consents_later_brings_their_own_history_only(database: Database, tmp_path: Path) -> None:
    await imported(database, write(tmp_path, chat(*HISTORY)))
    async with database.transaction() as session:
        [mia] = await session.scalars(select(Member.id).where(Member.telegram_id == 101))
        await consent.decide(
            session, member_id=mia, community_id=1, purposes=["learn"], is_given=True, now=NOW, way="button"
        )

    async with database.reading() as session:
        learnt = await training.read_log(session, 1, since=datetime(2013, 1, 1, tzinfo=UTC), until=NOW)

    assert set(learnt.log.messages.member.tolist()) == {mia}
    assert len(learnt.log.messages.member) == 2


async def test_who_declined_recording_before_leaves_only_that_messages_exist(
    database: Database, tmp_path: Path
) -> None:
    await imported(database, write(tmp_path, chat(HISTORY[1])))
    async with database.transaction() as session:
        session.add(Consent(member_id=1, community_id=1, purpose="record", is_given=False, decided_at=NOW))

    await imported(database, write(tmp_path, chat(*HISTORY)))

    texts = await all_of(database, Message.telegram_message_id, Message.sender, Message.text)
    assert [row for row in texts if row[1] == "withheld"] == [(number, "withheld", None) for number in (1, 4, 7)]


async def test_private_chats_are_never_read(database: Database, tmp_path: Path) -> None:
    secrets = [
        chat(message(1, text="secret"), kind=kind, name="Mia", number=number)
        for number, kind in enumerate(
            ["personal_chat", "saved_messages", "bot_chat", "replies", "verify_codes"], start=11
        )
    ]

    status, summary = await imported(database, write(tmp_path, account(*secrets, chat(message(1)), secrets[0])))
    named, _ = await imported(database, write(tmp_path, secrets[0], "single.json"), "--chat", "Mia")

    assert (status, named) == (0, 1)
    assert "Private and never imported: 1 chat with a bot, 2 personal chats" in summary
    assert await all_of(database, Message.text) == ["message 1"]
    assert len(await all_of(database, Chat.id)) == 1


@pytest.mark.parametrize("action", ["process_suggested_post", "suggested_post_success", "suggested_post_refund"])
async def test_direct_messages_of_a_channel_are_private_too(sqlite: Database, tmp_path: Path, action: str) -> None:
    direct = chat(message(1, text="secret"), service(2, action), name="News", kind="public_supergroup", number=9)
    group = chat(message(1, text=f"what is {action}?"), message(2, text=action))
    together = account(chat(message(1), name="One", number=1), direct, group)

    alone, _ = await imported(sqlite, write(tmp_path, direct, "alone.json"))
    status, summary = await imported(sqlite, write(tmp_path, together))

    assert (alone, status) == (1, 0)
    assert "Private and never imported: 1 chat of readers with a channel." in summary
    assert await all_of(sqlite, Chat.title) == ["Founders", "One"]
    assert "secret" not in await all_of(sqlite, Message.text)


async def test_chats_of_an_account_are_chosen_by_name_or_id(database: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        account(
            chat(message(1), name="One", number=1),
            chat(message(1), name="Two", number=2, kind="private_group"),
            chat(message(1), name="News", number=3, kind="public_channel"),
            left=(chat(message(1), name="Four", number=4),),
        ),
    )

    missing, summary = await imported(database, path, "--chat", "one", "--chat", "-1000000000004", "--chat", "Five")
    first = await all_of(database, Chat.title)
    rest, all_groups = await imported(database, path)
    second = await all_of(database, Chat.title)
    await imported(database, path, "--chat", "news")

    assert (missing, rest) == (1, 0)
    assert "There is no group or channel “five” in this file." in summary
    assert "Not imported unless named with --chat: “Two” (2), “News” (3)." in summary
    assert "Not imported unless named with --chat: “News” (3)." in all_groups
    assert (first, second) == (["Four", "One"], ["Four", "One", "Two"])
    assert await all_of(database, Chat.title, Chat.kind, Chat.community_id) == [
        ("Four", "supergroup", 2),
        ("News", "channel", None),
        ("One", "supergroup", 1),
        ("Two", "group", 3),
    ]


async def test_several_chats_make_one_community(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path, account(chat(message(1), name="One", number=1), chat(message(1, TOM), name="Two", number=2)))

    await imported(database, path, "--community", "Founders")
    await imported(database, path, "--community", "FOUNDERS ")

    assert await all_of(database, Community.name) == ["Founders"]
    assert await all_of(database, Chat.community_id) == [1, 1]
    assert await all_of(database, Interaction.community_id) == [1, 1]


async def test_a_chat_stays_in_the_community_whose_members_consented(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path, chat(message(1)))
    await imported(database, path)

    status, summary = await imported(database, path, "--community", "Another")

    assert status == 1
    assert "“Founders” was not imported: it belongs to another community" in summary
    assert await all_of(database, Community.name) == ["Founders"]


@pytest.mark.parametrize("how", ["cut", "damaged"])
async def test_a_broken_file_is_kept_as_far_as_it_goes_and_completed_later(
    database: Database, tmp_path: Path, how: str
) -> None:
    messages = [message(number, TOM if number % 2 else MIA) for number in range(1, 1501)]
    whole = json.dumps(chat(*messages), indent=1)
    at = whole.index("message 1200")
    broken = whole[:at] if how == "cut" else whole[:at] + "\x01" + whole[at:]

    status, summary = await imported(database, write(tmp_path, broken))
    kept = (await counts(database))["message"]
    again, completed = await imported(database, write(tmp_path, whole))

    assert status == 1
    assert "in “Founders”, after message 1199" in summary or "in “Founders”, after message 119" in summary
    position = int(summary.split("near byte ")[1].split(",", 1)[0] + summary.split("near byte ")[1].split(",")[1][:3])
    assert abs(position - at) <= 1024
    assert 1190 <= kept <= 1199
    assert (again, (await counts(database))["message"]) == (0, 1500)
    assert f"1,500 messages, {1500 - kept} new" in completed
    assert await kinds(database) == {"message": 1500}


async def test_entries_that_cannot_be_read_are_counted_and_passed_over(database: Database, tmp_path: Path) -> None:
    odd = [{"id": 1, "type": "unsupported"}, message(2), message(3) | {"id": 2**60}, [], message(4)]

    status, summary = await imported(database, write(tmp_path, chat(*odd)))

    assert status == 0
    assert "2 messages, 2 new, 1 person, 2026-01-01 to 2026-01-01; 3 entries could not be read" in summary


async def test_hostile_names_and_words_are_only_names_and_words(database: Database, tmp_path: Path) -> None:
    names = ["\u202egnp.exe", "\u200b\u200d", "<b>&amp;</b>", "'; DROP TABLE member; --", "x" * 5_000, "\x1b[2J\x07"]
    people = [message(number, (f"user{number}", name)) for number, name in enumerate(names, start=1)]
    words = [message(20, text="\x00 \x0b \u2028 <script>"), message(21, text="y" * 50_000)]

    status, summary = await imported(
        database, write(tmp_path, chat(*people, *words, name="\x1b[31m\u202e<b>" + "z" * 500))
    )

    kept = await all_of(database, Member.name)
    assert status == 0
    assert set(names[:4]) <= set(kept)
    assert max(map(len, kept)) == 129
    assert all(letter.isprintable() or letter == "\n" for letter in summary)
    assert max(len(text) for text in await all_of(database, Message.text)) == 20_000
    assert len((await all_of(database, Chat.title))[0]) == 128


async def test_a_group_imported_first_is_the_same_row_when_it_is_heard_live(stage: Stage, tmp_path: Path) -> None:
    club, _, [mia] = stage.club("Mia")
    number = -club.id - 10**12
    await imported(stage.database, write(tmp_path, chat(message(10_001), name="Founders", number=number)))

    stage.telegram.say(mia, club, "hello")
    await stage.settle()

    rows = await all_of(stage.database, Chat.telegram_id, Chat.community_id, Chat.kind)
    groups = [row for row in rows if row[2] == "supergroup"]
    assert groups == [(-(10**12) - number, 1, "supergroup")]
    assert len(await all_of(stage.database, Community.id)) == 1


async def test_a_basic_group_imported_first_is_followed_when_it_moves(database: Database, tmp_path: Path) -> None:
    await imported(database, write(tmp_path, chat(message(1), kind="private_group")))
    group, supergroup = Place(-7, "group", "Founders"), Place(-1_000_000_000_008, "supergroup", "Founders")
    async with database.transaction() as session:
        await record(
            session,
            [HeardMigration(group, None, NOW, new_telegram_id=supergroup.telegram_id), said(1, place=supergroup)],
            now=NOW,
        )

    await imported(database, write(tmp_path, chat(message(1), message(2), kind="private_group")))
    # An export of the supergroup begins with the basic group's messages, under ids below zero.
    earlier = message(1) | {"id": -999_999_998}
    await imported(database, write(tmp_path, chat(earlier, message(1), message(2), number=8)))

    assert await all_of(database, Chat.telegram_id, Chat.community_id) == [(-1_000_000_000_008, 1), (-7, 1)]
    assert Counter(await all_of(database, Message.chat_id)) == {1: 2, 2: 3}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[]", "JSON of another kind"),
        ("{}", "no export of Telegram Desktop"),
        ("", "empty"),
        ("<!DOCTYPE html>", "web page"),
    ],
)
async def test_another_file_is_refused_in_a_sentence(
    sqlite: Database, tmp_path: Path, content: str, sentence: str
) -> None:
    status, summary = await imported(sqlite, write(tmp_path, content))

    assert status == 1
    assert sentence in summary


MANY_EMOJI = """{
 "name": "Founders", "type": "private_supergroup", "id": 7,
 "messages": [
  {"id": 1, "type": "message", "date": "2026-01-01T00:01:00", "from": "Mia", "from_id": "user101", "text": "before"},
  {"id": 2, "type": "message", "date": "2026-01-01T00:02:00", "from": "Mia", "from_id": "user101", "text": [
    {
     "type": "custom_emoji",
     "text": "😍",
     "document_id": stickers/sticker [a, b].webp
    }, " hi"],
   "reactions": [
    {
     "type": "custom_emoji",
     "count": 2,
     "document_id": (File not included. Change data exporting settings to download.),
     "recent": []
    }]},
  {"id": 3, "type": "message", "date": "2026-01-01T00:03:00", "from": "Mia", "from_id": "user101", "text": "after"}
 ]
}"""


async def test_custom_emojis_without_quotes_stop_nothing(sqlite: Database, tmp_path: Path) -> None:
    status, summary = await imported(sqlite, write(tmp_path, MANY_EMOJI))

    assert status == 0
    assert "3 messages, 3 new" in summary
    assert await all_of(sqlite, Message.text) == ["after", "before", "😍 hi"]
    assert await all_of(sqlite, ReactionCount.n_reactions) == [2]


async def test_sorted_keys_are_read_in_a_second_pass(sqlite: Database, tmp_path: Path) -> None:
    sorted_keys = json.dumps(chat(*HISTORY), sort_keys=True)

    status, summary = await imported(sqlite, write(tmp_path, sorted_keys))

    assert status == 0
    assert "“Founders”: 11 messages, 11 new" in summary


async def test_a_missing_file_is_said_to_be_missing(sqlite: Database, tmp_path: Path) -> None:
    status, summary = await imported(sqlite, tmp_path / "none.json")

    assert status == 1
    assert f"There is no {tmp_path / 'none.json'}" in summary


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_progress_is_shown_on_a_terminal_only(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, chat(*HISTORY))
    shown = {}
    for kind in (io.StringIO, Terminal):
        monkeypatch.setattr("sys.stderr", errors := kind())
        await imported(sqlite, path)
        shown[kind] = errors.getvalue()

    assert shown[io.StringIO] == ""
    assert "Reading" in shown[Terminal]


@pytest.mark.skipif(not REAL.exists(), reason=NO_DATA)
async def test_a_real_export_is_read_to_its_last_message(sqlite: Database) -> None:
    status, summary = await imported(sqlite, REAL, "--chat", "elm-general")

    with open_source(REAL) as source:
        told: list[Any] = list(read_export(source, lambda one: one.name == "elm-general"))
    authors = {raw.get("from_id") or raw.get("actor_id") for raw in told[1:]}
    assert status == 0
    assert "“elm-general”: 8,707 messages, 8,707 new" in summary
    assert (await counts(sqlite))["message"] == len(told) - 1
    assert (await counts(sqlite))["member"] == len(authors)
