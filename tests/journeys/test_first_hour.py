"""The first hour in a group: in its language, on its clock, heard or not, and nobody is asked twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from bot.playground.server.snapshots import Chat, User
from models.tables.community import Community
from models.tables.member import Member, Membership
from tests.stage import Stage


def _group(stage: Stage, title: str, *, client: str | None = None, is_admin: bool = True) -> tuple[Chat, User]:
    owner = stage.telegram.add_user(first_name="Olga", username="olga", language_code=client)
    chat = stage.telegram.add_chat(title, kind="supergroup", owner=owner)
    stage.telegram.add_to_chat(chat, stage.bot, by=owner)
    if is_admin:
        stage.telegram.promote(chat, stage.bot, by=owner)
    return chat, owner


def _labels(message: Any) -> list[str]:
    return [button["text"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


async def _community(stage: Stage) -> Community:
    async with stage.database.reading() as session:
        return (await session.scalars(select(Community))).one()


async def test_a_chinese_group_is_greeted_in_chinese(stage: Stage) -> None:
    chat, _ = _group(stage, "上海创业者", client="zh-hans")

    await stage.settle()

    greeting = stage.said_in(chat)[0]
    assert "大家好" in greeting["text"]
    assert "I'm your host" not in greeting["text"]
    assert "✅ 算我一个" in _labels(greeting)


async def test_a_group_of_unknown_language_is_greeted_in_both(stage: Stage) -> None:
    chat, _ = _group(stage, "创始人圆桌 / Founders' Table")

    await stage.settle()

    greeting = stage.said_in(chat)[0]
    assert "大家好" in greeting["text"]
    assert "I'm your host" in greeting["text"]
    assert "✅ Count me in · 算我一个" in _labels(greeting)


async def test_a_host_that_hears_nothing_says_so_until_it_does(stage: Stage) -> None:
    chat, owner = _group(stage, "Founders", is_admin=False)
    await stage.settle()
    assert "I can't hear messages yet" in stage.said_in(chat)[0]["text"]
    assert "/setup" in stage.said_in(chat)[0]["text"]

    stage.telegram.promote(chat, stage.bot, by=owner)
    await stage.settle()

    assert len(stage.said_in(chat)) == 1
    assert "hear messages" not in stage.said_in(chat)[0]["text"]


async def test_language_and_zone_are_missing_until_a_tap_chooses_what_is_proposed(stage: Stage) -> None:
    chat, owner = _group(stage, "上海创业者", client="zh-hans")
    stage.telegram.say(owner, chat, "/setup")
    await stage.settle()
    report = stage.said_in(chat)[-1]
    assert report["text"].count("❌") == 3  # The sentence that explains them, the language and the zone.
    assert _labels(report)[:3] == ["简体中文", "English", "上海 17:00"]

    stage.telegram.press(owner, report, "上海 17:00")
    stage.telegram.press(owner, report, "简体中文")
    await stage.settle()

    report = next(said for said in stage.said_in(chat) if said["message_id"] == report["message_id"])
    community = await _community(stage)
    assert "都准备好了" in report["text"]
    assert "❌" not in report["text"]
    assert (community.language, community.time_zone) == ("zh", "Asia/Shanghai")


async def test_a_member_who_is_no_admin_chooses_nothing_in_the_report(stage: Stage) -> None:
    chat, owner = _group(stage, "Berlin Founders")
    mia = stage.telegram.add_user(first_name="Mia")
    stage.telegram.join(chat, mia)
    stage.telegram.say(owner, chat, "/setup")
    await stage.settle()

    press = stage.telegram.press(mia, stage.said_in(chat)[-1], "Berlin 10:00")
    await stage.settle()

    assert "admins" in press.answer["text"]
    assert (await _community(stage)).time_zone == "UTC"


async def test_utc_is_a_choice_like_any_other(stage: Stage) -> None:
    chat, owner = _group(stage, "Founders")
    await stage.settle()
    stage.telegram.say(owner, chat, "/settings UTC")
    stage.telegram.say(owner, chat, "/setup")

    await stage.settle()

    assert "✅ Times here are UTC" in stage.said_in(chat)[-1]["text"]


async def test_other_zones_than_the_likely_ones_are_one_tap_away(stage: Stage) -> None:
    chat, owner = _group(stage, "Berlin Founders")
    stage.telegram.say(owner, chat, "/setup")
    await stage.settle()

    stage.telegram.press(owner, stage.said_in(chat)[-1], "Another …")
    await stage.settle()

    assert {"Berlin 10:00", "New York 04:00", "Shanghai 17:00"} <= set(_labels(stage.said_in(chat)[-1]))


async def test_the_first_event_of_a_group_without_a_clock_asks_where_it_is_and_only_the_first(stage: Stage) -> None:
    chat, owner = _group(stage, "Shanghai Builders")
    await stage.settle()
    stage.telegram.say(owner, chat, "/event Demo, Fri 19:00")
    await stage.settle()
    preview = stage.said_in(chat)[-1]
    assert "took this as UTC" in preview["text"]

    stage.telegram.press(owner, preview, "Shanghai 17:00")
    await stage.settle()
    read_again = stage.said_in(chat)[-1]
    stage.telegram.say(owner, chat, "/event Lunch, Sat 12:00")
    await stage.settle()

    assert read_again["message_id"] == preview["message_id"]
    assert "19:00 Shanghai time" in read_again["text"]
    assert "📣 Publish" in _labels(read_again)
    assert (await _community(stage)).time_zone == "Asia/Shanghai"
    assert "12:00 Shanghai time" in stage.said_in(chat)[-1]["text"]
    assert "Where are you" not in stage.said_in(chat)[-1]["text"]


async def test_a_group_that_has_a_clock_is_not_asked(stage: Stage) -> None:
    chat, owner = _group(stage, "Founders")
    stage.telegram.say(owner, chat, "/settings Berlin")
    stage.telegram.say(owner, chat, "/event Demo, Fri 19:00")

    await stage.settle()

    assert "Where are you" not in stage.said_in(chat)[-1]["text"]


async def test_setup_counts_everybody_in_the_chat_and_asks_them_again_once_a_day(stage: Stage) -> None:
    chat, owner = _group(stage, "Founders")
    people = [stage.telegram.add_user(first_name=f"P{n}") for n in range(5)]
    await stage.settle()
    for person in people:
        stage.telegram.join(chat, person)
    stage.telegram.press(people[0], stage.said_in(chat)[0], "✅ Count me in")
    stage.telegram.say(owner, chat, "/setup")
    await stage.settle()
    report = stage.said_in(chat)[-1]
    # Five, the owner, and not the bot.
    assert "1 of 6 said yes" in report["text"]

    stage.telegram.press(owner, report, "📣 Ask everyone again")
    await stage.settle()
    again = stage.telegram.press(owner, report, "📣 Ask everyone again")
    await stage.settle()

    notices = [said for said in stage.said_in(chat) if "I'm your host" in said["text"]]
    assert len(notices) == 2
    assert "today already" in again.answer["text"]


async def test_the_question_is_pinned_by_one_tap_where_we_may(stage: Stage) -> None:
    chat, owner = _group(stage, "Founders")
    stage.telegram.promote(chat, stage.bot, by=owner, can_pin_messages=True)
    stage.telegram.say(owner, chat, "hello")
    await stage.settle()
    stage.telegram.say(owner, chat, "/setup")
    await stage.settle()

    stage.telegram.press(owner, stage.said_in(chat)[-1], "📌 Pin the question")
    await stage.settle()

    [told] = [said["pinned_message"] for said in stage.telegram.messages(chat) if "pinned_message" in said]
    assert "I'm your host" in told["text"]


async def test_who_joins_later_is_asked_in_the_welcome_once(stage: Stage) -> None:
    chat, _ = _group(stage, "Founders")
    await stage.settle()
    await stage.clock.advance(timedelta(minutes=5))
    ben, ana = (stage.telegram.add_user(first_name=name) for name in ("Ben", "Ana"))
    stage.telegram.join(chat, ben)
    await stage.settle()
    stage.telegram.join(chat, ana)
    await stage.settle()

    [welcome] = [said for said in stage.said_in(chat) if "Welcome" in said["text"]]
    assert "Ben and Ana" in welcome["text"]
    stage.telegram.press(ana, welcome, "✅ Count me in")
    stage.telegram.leave(chat, ben)
    await stage.settle()
    await stage.clock.advance(timedelta(hours=2))
    stage.telegram.join(chat, ben)
    await stage.settle()

    assert len([said for said in stage.said_in(chat) if "Welcome" in said["text"]]) == 1


async def test_who_joined_while_nobody_fetched_updates_is_welcomed_by_name(stage: Stage) -> None:
    chat, _ = _group(stage, "Founders")
    await stage.settle()
    await stage.clock.advance(timedelta(minutes=5))
    stage.telegram.join(chat, stage.telegram.add_user(first_name="Ben"))
    await stage.clock.advance(timedelta(minutes=40))
    await stage.settle()

    [welcome] = [said for said in stage.said_in(chat) if "Welcome" in said["text"]]
    assert "Welcome, Ben!" in welcome["text"]


async def test_who_joins_later_and_can_be_written_to_is_asked_in_private(stage: Stage) -> None:
    chat, _ = _group(stage, "Founders")
    mia = stage.telegram.add_user(first_name="Mia")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    await stage.clock.advance(timedelta(minutes=5))

    stage.telegram.join(chat, mia)
    await stage.settle()

    assert "You joined Founders" in stage.said_to(mia)[-1]
    assert "▫️ Send me digests" in _labels(stage.read_by(mia)[-1])
    assert not [said for said in stage.said_in(chat) if "Welcome" in said["text"]]


async def _never_heard_of(stage: Stage, person: User) -> None:
    """As on the day the host arrives: who is silent was never heard of."""
    async with stage.database.transaction() as session:
        await session.execute(delete(Member).where(Member.telegram_id == person.id))


async def test_who_never_wrote_is_known_by_asking_telegram_when_they_follow_the_link(stage: Stage) -> None:
    chat, _ = _group(stage, "Founders")
    lurker, stranger = (stage.telegram.add_user(first_name=name) for name in ("Ben", "Eve"))
    stage.telegram.join(chat, lurker)
    await stage.settle()
    await _never_heard_of(stage, lurker)
    url = stage.said_in(chat)[0]["reply_markup"]["inline_keyboard"][1][0]["url"]

    for person in (lurker, stranger):
        stage.telegram.start(person, stage.bot, payload=url.rpartition("=")[2])
    await stage.settle()

    assert "Your choices in Founders" in stage.said_to(lurker)[-1]
    assert "for members of the community" in stage.said_to(stranger)[-1]
    async with stage.database.reading() as session:
        joined = select(Membership.joined_at).join(Member, Member.id == Membership.member_id)
        # They were there all along: nobody's newcomer.
        assert await session.scalar(joined.where(Member.telegram_id == lurker.id)) is None


async def test_after_the_first_yes_a_members_clock_is_asked_about_once(stage: Stage) -> None:
    chat, owner = _group(stage, "Founders")
    stage.telegram.say(owner, chat, "/settings Berlin")
    wei = stage.telegram.add_user(first_name="Wei", language_code="zh-hans")
    stage.telegram.join(chat, wei)
    stage.telegram.say(wei, chat, "大家好")
    stage.telegram.start(wei, stage.bot)
    await stage.settle()
    choices = stage.read_by(wei)[-1]
    stage.telegram.press(wei, choices, "✅ 全部同意")
    await stage.settle()
    question = stage.read_by(wei)[-1]
    assert question["text"] == "🕒 你那边现在是 10:00 吗？"

    stage.telegram.press(wei, question, "不是")
    await stage.settle()
    stage.telegram.press(wei, stage.read_by(wei)[-1], "上海")
    stage.telegram.press(wei, choices, "⛔ 全部拒绝")
    stage.telegram.press(wei, choices, "✅ 全部同意")
    await stage.settle()

    async with stage.database.reading() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == wei.id))).one()
    assert member.time_zone == "Asia/Shanghai"
    assert sum("你那边现在是" in text for text in stage.said_to(wei)) == 0  # The one message became the settings.


async def test_who_has_the_same_clock_is_asked_whether_they_can_come(stage: Stage) -> None:
    chat, owner = _group(stage, "Founders")
    stage.telegram.say(owner, chat, "/settings Berlin")
    eva = stage.telegram.add_user(first_name="Eva")
    stage.telegram.join(chat, eva)
    stage.telegram.start(eva, stage.bot)
    await stage.settle()
    stage.telegram.press(eva, stage.read_by(eva)[-1], "✅ Yes to everything")
    await stage.settle()

    stage.telegram.press(eva, stage.read_by(eva)[-1], "Yes")
    await stage.settle()
    assert stage.said_to(eva)[-1] == ("Good, Berlin time it is. Can you usually come when people here meet in person?")
    stage.telegram.press(eva, stage.read_by(eva)[-1], "No, online only")
    await stage.settle()

    assert "📍 Meeting in person: online only" in stage.said_to(eva)[-1]
    async with stage.database.reading() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == eva.id))).one()
    assert (member.time_zone, member.is_online_only) == ("Europe/Berlin", True)


async def test_a_no_asks_nobody_about_their_clock(stage: Stage) -> None:
    chat, _ = _group(stage, "Founders")
    mia = stage.telegram.add_user(first_name="Mia")
    stage.telegram.join(chat, mia)
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    stage.telegram.press(mia, stage.read_by(mia)[-1], "⛔ No to everything")
    await stage.settle()

    assert not [text for text in stage.said_to(mia) if "where you are" in text]
