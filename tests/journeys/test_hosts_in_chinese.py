"""What hosts and their guests read in a Chinese group, from the wrong line to the cancelled series."""

from __future__ import annotations

from sqlalchemy import update

from bot.playground.server.snapshots import Chat, Message, User
from models.tables.community import Community
from models.tables.member import Member
from tests.journeys.test_events import buttons
from tests.stage import Stage


async def chinese_club(stage: Stage, *names: str) -> tuple[Chat, User, list[User]]:
    """A group and its members, all of whom read Chinese and live in Shanghai."""
    club, owner, people = stage.club(*names, owner="周敏")
    for person in (owner, *people):
        stage.telegram.start(person, stage.bot)
        stage.telegram.say(person, club, "大家好")
    await stage.settle()
    async with stage.database.transaction() as session:
        for table in (Community, Member):
            await session.execute(update(table).values(language="zh", time_zone="Asia/Shanghai"))
    return club, owner, people


async def pressed(stage: Stage, person: User, button: str) -> Message:
    """What the person's chat with us ends with after this press on its last message."""
    stage.telegram.press(person, stage.read_by(person)[-1], button)
    await stage.settle(8)
    return stage.read_by(person)[-1]


async def managed(stage: Stage, host: User) -> Message:
    """The host's menu, by the private list."""
    stage.telegram.say(host, stage.telegram.private(host, stage.bot), "/events")
    await stage.settle()
    hosted = await pressed(stage, host, "⚙️ 我办的")
    assert hosted.text.startswith("我办的活动")
    return await pressed(stage, host, "1. 读书会")


async def test_a_series_is_planned_written_about_and_called_off(stage: Stage) -> None:
    club, zhou, [mia] = await chinese_club(stage, "米娅")
    stage.telegram.say(zhou, club, "/event 下周晚上8点 读书会")
    await stage.settle()
    question = stage.said_in(club)[-1]
    stage.telegram.say(zhou, club, "/event 每周四晚8点 读书会 @ 季风书园")
    await stage.settle()
    preview = stage.said_in(club)[-1]
    stage.telegram.press(zhou, preview, "📣 发布")
    await stage.settle()
    stage.telegram.press(mia, stage.said_in(club)[-1], "✅ 参加")
    await stage.settle(8)

    await managed(stage, zhou)
    await pressed(stage, zhou, "✉️ 给要来的人发消息")
    stage.telegram.say(zhou, stage.telegram.private(zhou, stage.bot), "记得带书")
    await stage.settle()
    words = stage.read_by(zhou)[-1]
    held = await pressed(stage, zhou, "📨 发给 1 人")
    await stage.settle(30)
    received = stage.said_to(mia)[-1]
    await managed(stage, zhou)
    which = await pressed(stage, zhou, "❌ 取消活动")
    done = await pressed(stage, zhou, "❌ 之后的全部取消")

    assert question.id not in [said.id for said in stage.said_in(club)]
    assert [said.id for said in stage.said_in(club) if "读书会" in said.text] == [preview.id]
    assert words.text.startswith("还没发出。会发给参加和待定的 1 人：")
    assert held.text == "⏳ 30 秒后发给 1 人，在那之前谁也收不到。"
    assert received == "✉️ 周敏关于读书会：\n记得带书"
    assert buttons(which) == ["❌ 只取消 3月5日 周四这场", "❌ 之后的全部取消", "保留"]
    assert done.text == "之后的场次已全部取消，报名的人会收到通知。"
    assert stage.said_to(mia)[-1].endswith("取消了，之后的场次也都不办了。")
