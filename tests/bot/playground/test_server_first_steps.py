"""The thinnest story: a bot and people meet, talk, press and react."""

from bot.playground.server import BotUser, Chat, LocalTelegram, User
from tests.bot.playground.conftest import Client


async def test_a_bot_hears_a_command_in_a_group_and_answers_it(
    tg: LocalTelegram, call: Client, club: Chat, wei: User
) -> None:
    await call.updates()
    tg.say(wei, club, "/events@klatch_bot")

    (update,) = await call.updates()
    sent = await call("sendMessage", chat_id=club.id, text="Nothing <b>yet</b>", parse_mode="HTML")

    assert update["message"]["from"] == wei
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 18}]
    assert sent["text"] == "Nothing yet"
    assert sent["entities"] == [{"type": "bold", "offset": 8, "length": 3}]
    assert tg.messages(club)[-1] == sent


async def test_a_press_is_heard_answered_and_edits_its_message(
    tg: LocalTelegram, call: Client, bot: BotUser, mia: User
) -> None:
    tg.start(mia, bot, payload="rsvp_7")
    markup = {"inline_keyboard": [[{"text": "Going", "callback_data": "g:7"}]]}
    sent = await call("sendMessage", chat_id=mia.id, text="Demo night", reply_markup=markup)
    await call.updates()

    press = tg.press(mia, tg.messages(tg.private(mia, bot))[-1], "Going")
    (update,) = await call.updates()
    await call("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="See you there")
    await call("editMessageText", chat_id=mia.id, message_id=sent["message_id"], text="Demo night: 1 going")

    assert update["callback_query"]["data"] == "g:7"
    assert update["callback_query"]["message"] == sent
    assert (await press)["text"] == "See you there"
    last = tg.messages(tg.private(mia, bot))[-1]
    assert last["text"] == "Demo night: 1 going"
    assert "reply_markup" not in last


async def test_an_administrator_bot_sees_reactions_and_members(
    tg: LocalTelegram, call: Client, club: Chat, bot: BotUser, mia: User, wei: User
) -> None:
    tg.promote(club, bot, by=mia)
    await call.updates("message", "message_reaction", "chat_member")

    message = tg.say(mia, club, "Who is coming on Friday?")
    tg.react(wei, message, ["👍"])
    tg.leave(club, wei)
    heard = await call.updates()

    assert [next(name for name in update if name != "update_id") for update in heard] == [
        "message",
        "message_reaction",
        "chat_member",
        "message",
    ]
    assert heard[1]["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert heard[2]["chat_member"]["new_chat_member"]["status"] == "left"


async def test_a_bot_learns_about_itself_chats_and_members(call: Client, club: Chat, mia: User, bot: BotUser) -> None:
    me = await call("getMe")
    chat = await call("getChat", chat_id=club.id)
    admins = await call("getChatAdministrators", chat_id=club.id)
    member = await call("getChatMember", chat_id=club.id, user_id=bot.id)
    await call("setMyCommands", commands=[{"command": "events", "description": "What is on"}])

    assert (me["username"], me["can_read_all_group_messages"]) == ("klatch_bot", False)
    assert (chat["title"], chat["type"]) == ("Founders", "supergroup")
    assert [(one["status"], one["user"]["id"]) for one in admins] == [("creator", mia.id)]
    assert member["status"] == "member"
    assert await call("getMyCommands") == [{"command": "events", "description": "What is on"}]
