from __future__ import annotations

from tests.stage import Stage


async def test_adding_the_bot_asks_for_consent_once(stage: Stage) -> None:
    club, owner, _ = stage.club("Mia")
    await stage.settle()

    stage.telegram.demote(club, stage.bot, by=owner)
    stage.telegram.promote(club, stage.bot, by=owner)
    await stage.settle()

    notices = [said for said in stage.said_in(club) if "I'm your host" in said["text"]]
    assert len(notices) == 1


async def test_one_tap_in_the_group_opens_the_private_chat_of_who_never_started_it(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    await stage.settle()
    notice = stage.said_in(club)[0]

    press = stage.telegram.press(mia, notice, "✅ Count me in")
    await stage.settle()

    assert press.answer["url"].startswith("https://t.me/klatch_bot?start=")


async def test_setup_tells_an_admin_what_is_missing_and_how_to_mend_it(stage: Stage) -> None:
    club, owner, _ = stage.club("Mia")
    await stage.settle()
    stage.telegram.demote(club, stage.bot, by=owner)
    stage.telegram.say(owner, club, "/setup")
    await stage.settle()
    report = stage.said_in(club)[-1]
    assert "❌ I'm not an administrator" in report["text"]

    stage.telegram.promote(club, stage.bot, by=owner)
    stage.telegram.press(owner, report, "English")
    stage.telegram.press(owner, report, "London 09:00")
    stage.telegram.press(owner, report, "🔄 Check again")
    await stage.settle()

    assert "All set" in stage.said_in(club)[-1]["text"]


async def test_setup_is_for_admins_only(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    stage.telegram.say(mia, club, "/setup")

    await stage.settle()

    assert stage.said_in(club)[-1]["text"] == "Only admins of this group can do that."
