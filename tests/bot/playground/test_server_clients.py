"""The same stories through two libraries that share no code: python-telegram-bot and aiogram.

Both are met over real HTTP; python-telegram-bot also in process, as Klatch's own tests use it.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import telegram
import telegram.error
import telegram.request

from bot.playground.server import BotUser, Chat, LocalTelegram, User
from tests.bot.playground.conftest import TOKEN
from tests.bot.playground.http_server import serving

ALL_KINDS = ["message", "callback_query", "message_reaction", "message_reaction_count", "chat_member", "my_chat_member"]
ALL_KINDS += ["poll", "poll_answer", "edited_message", "channel_post", "chat_join_request"]
Errors = tuple[type[Exception], ...]


@dataclass
class Kit:
    """One library: its bot, and what its bot's methods want to be given."""

    bot: Any
    types: Any
    forbidden: Errors
    bad_request: Errors
    retry: Errors
    migrated: Errors
    conflict: Errors
    network: Errors
    garbled: Errors
    file: Callable[[bytes, str], Any]
    download: Callable[[Any], Any]
    offset: int = 0

    def buttons(self, *rows: list[tuple[str, str]]) -> Any:
        """An inline keyboard of (text, callback_data)."""
        button = self.types.InlineKeyboardButton
        keyboard = [[button(text=text, callback_data=data) for text, data in row] for row in rows]
        return self.types.InlineKeyboardMarkup(inline_keyboard=keyboard)

    async def updates(self) -> list[Any]:
        """Everything new, confirmed."""
        found: list[Any] = []
        while batch := await self.bot.get_updates(offset=self.offset, timeout=0, allowed_updates=ALL_KINDS):
            found += batch
            self.offset = batch[-1].update_id + 1
        return found


async def ptb_kit(base: str, transport: httpx.ASGITransport | None = None) -> Kit:
    kwargs = {"transport": transport} if transport else {"verify": False}  # loading certificates takes long
    request, polls = (telegram.request.HTTPXRequest(httpx_kwargs=kwargs) for _ in range(2))
    bot = telegram.Bot(
        TOKEN, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot", request=request, get_updates_request=polls
    )
    await bot.initialize()

    async def download(file: Any) -> bytes:
        return bytes(await (await bot.get_file(file.file_id)).download_as_bytearray())

    return Kit(
        bot=bot,
        types=telegram,
        forbidden=(telegram.error.Forbidden,),
        bad_request=(telegram.error.BadRequest,),
        retry=(telegram.error.RetryAfter,),
        migrated=(telegram.error.ChatMigrated,),
        conflict=(telegram.error.Conflict,),
        network=(telegram.error.NetworkError,),
        garbled=(telegram.error.TelegramError,),
        file=lambda content, name: telegram.InputFile(content, filename=name, attach=True),
        download=download,
    )


def aiogram_kit(base: str) -> Kit:
    # Here: to load it takes three seconds, which nobody who only collects the tests should wait.
    import aiogram.client.telegram
    import aiogram.exceptions
    import aiogram.types

    from tests.bot.playground.quick_session import QuickSession

    server = aiogram.client.telegram.TelegramAPIServer.from_base(base)
    bot = aiogram.Bot(TOKEN, session=QuickSession(api=server))
    errors = aiogram.exceptions

    async def download(file: Any) -> bytes:
        stream = await bot.download(file.file_id)
        assert stream is not None
        return stream.read()

    return Kit(
        bot=bot,
        types=aiogram.types,
        forbidden=(errors.TelegramForbiddenError,),
        bad_request=(errors.TelegramBadRequest,),
        retry=(errors.TelegramRetryAfter,),
        migrated=(errors.TelegramMigrateToChat,),
        conflict=(errors.TelegramConflictError,),
        network=(errors.TelegramNetworkError, errors.TelegramServerError),
        garbled=(errors.ClientDecodeError,),
        file=lambda content, name: aiogram.types.BufferedInputFile(content, filename=name),
        download=download,
    )


@pytest.fixture(params=["ptb over http", "ptb in process", "aiogram over http"])
async def kit(
    request: pytest.FixtureRequest, tg: LocalTelegram, bot: BotUser, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Kit]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # otherwise python-telegram-bot warns about its own future
    if request.param == "ptb in process":
        made = await ptb_kit("http://127.0.0.1", httpx.ASGITransport(tg.api))
        yield made
        await made.bot.shutdown()
        return
    async with serving(tg.api) as address:
        if request.param == "ptb over http":
            made = await ptb_kit(address)
            yield made
            await made.bot.shutdown()
        else:
            made = aiogram_kit(address)
            yield made
            await made.bot.session.close()


async def test_it_knows_itself(kit: Kit, bot: BotUser) -> None:
    me = await kit.bot.get_me()

    assert (me.id, me.username, me.is_bot) == (bot.id, "klatch_bot", True)


async def test_a_private_start_with_a_deep_link_gets_an_answer(
    kit: Kit, tg: LocalTelegram, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot, payload="event_12")

    (update,) = await kit.updates()
    answer = await kit.bot.send_message(
        chat_id=update.message.chat.id, text="Demo night, <b>Fri 19:00</b>", parse_mode="HTML"
    )

    assert update.message.text == "/start event_12"
    assert (update.message.from_user.id, update.message.from_user.language_code) == (mia.id, "en")
    assert (answer.text, answer.entities[0].type, answer.entities[0].offset) == ("Demo night, Fri 19:00", "bold", 12)
    assert tg.messages(tg.private(mia, bot))[-1]["text"] == answer.text


async def test_a_button_is_pressed_answered_and_its_message_edited(
    kit: Kit, tg: LocalTelegram, club: Chat, wei: User
) -> None:
    card = await kit.bot.send_message(
        chat_id=club.id, text="Demo night", reply_markup=kit.buttons([("Going", "e1:going"), ("Can't", "e1:no")])
    )
    await kit.updates()

    press = tg.press(wei, tg.messages(club)[-1], (0, 1))
    (update,) = await kit.updates()
    await kit.bot.answer_callback_query(callback_query_id=update.callback_query.id, text="A pity", show_alert=True)
    edited = await kit.bot.edit_message_text(
        text="Demo night: 0 going", chat_id=club.id, message_id=card.message_id, reply_markup=card.reply_markup
    )

    assert (update.callback_query.data, update.callback_query.message.message_id) == ("e1:no", card.message_id)
    assert press.answer == {"text": "A pity", "show_alert": True, "cache_time": 0}
    assert edited.text == "Demo night: 0 going"
    with pytest.raises(kit.bad_request, match=r"(?i)query is too old"):
        await kit.bot.answer_callback_query(callback_query_id=update.callback_query.id)
    with pytest.raises(kit.bad_request, match=r"(?i)message is not modified"):
        await kit.bot.edit_message_text(
            text="Demo night: 0 going", chat_id=club.id, message_id=card.message_id, reply_markup=card.reply_markup
        )


async def test_reactions_and_memberships_reach_an_administrator(
    kit: Kit, tg: LocalTelegram, club: Chat, mia: User, wei: User, bot: BotUser
) -> None:
    tg.promote(club, bot, by=mia)
    await kit.updates()

    message = tg.say(mia, club, "Who is in?")
    tg.react(wei, message, ["❤"])
    tg.leave(club, wei)
    tg.join(club, wei)
    heard = await kit.updates()

    reaction = next(update.message_reaction for update in heard if update.message_reaction)
    changes = [update.chat_member for update in heard if update.chat_member]
    assert (reaction.user.id, reaction.new_reaction[0].emoji, list(reaction.old_reaction)) == (wei.id, "❤", [])
    assert [(one.old_chat_member.status, one.new_chat_member.status) for one in changes] == [
        ("member", "left"),
        ("left", "member"),
    ]


async def test_a_chat_and_its_members_can_be_looked_at(
    kit: Kit, tg: LocalTelegram, club: Chat, mia: User, wei: User, bot: BotUser
) -> None:
    tg.promote(club, bot, by=mia)
    tg.restrict(club, wei, by=mia, can_send_messages=True)

    chat = await kit.bot.get_chat(chat_id=club.id)
    admins = await kit.bot.get_chat_administrators(chat_id=club.id)
    restricted = await kit.bot.get_chat_member(chat_id=club.id, user_id=wei.id)

    assert (chat.title, chat.type, chat.permissions.can_pin_messages) == ("Founders", "supergroup", False)
    assert {(one.status, one.user.id) for one in admins} == {("creator", mia.id), ("administrator", bot.id)}
    assert (restricted.status, restricted.can_send_messages, restricted.can_send_polls) == ("restricted", True, False)
    assert await kit.bot.get_chat_member_count(chat_id=club.id) == 3


async def test_a_poll_is_answered_changed_and_stopped(
    kit: Kit, tg: LocalTelegram, club: Chat, mia: User, wei: User
) -> None:
    asked = await kit.bot.send_poll(
        chat_id=club.id, question="When?", options=["Thu", "Fri"], is_anonymous=False, allows_multiple_answers=False
    )
    await kit.updates()
    message = tg.messages(club)[-1]

    tg.vote(wei, message, ["Thu"])
    tg.vote(wei, message, [1])
    tg.vote(mia, message, [1])
    tg.vote(mia, message, [])
    heard = await kit.updates()
    final = await kit.bot.stop_poll(chat_id=club.id, message_id=asked.message_id)

    answers = [(one.poll_answer.user.id, list(one.poll_answer.option_ids)) for one in heard if one.poll_answer]
    assert answers == [(wei.id, [0]), (wei.id, [1]), (mia.id, [1]), (mia.id, [])]
    assert [option.voter_count for option in final.options] == [0, 1]
    assert final.is_closed
    with pytest.raises(kit.bad_request, match=r"(?i)already been closed"):
        await kit.bot.stop_poll(chat_id=club.id, message_id=asked.message_id)


async def test_files_go_up_and_come_down(kit: Kit, tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)
    content = b"when,who\n2026-11-27,Mia\n"

    sent = await kit.bot.send_document(
        chat_id=mia.id, document=kit.file(content, "stats.csv"), caption="Your <i>export</i>", parse_mode="HTML"
    )
    again = await kit.bot.send_document(chat_id=mia.id, document=sent.document.file_id)
    tg.say(mia, tg.private(mia, bot), media="voice")
    voice = (await kit.updates())[-1].message.voice

    assert (sent.document.file_name, sent.document.file_size, sent.caption) == (
        "stats.csv",
        len(content),
        "Your export",
    )
    assert again.document.file_unique_id == sent.document.file_unique_id
    assert await kit.download(sent.document) == content
    assert len(await kit.download(voice)) == voice.file_size


async def test_an_album_and_a_replaced_picture(kit: Kit, tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)
    photos = [kit.types.InputMediaPhoto(media=kit.file(bytes([65 + n]) * 99, f"{n}.jpg")) for n in range(3)]

    album = await kit.bot.send_media_group(chat_id=mia.id, media=photos)
    single = await kit.bot.send_photo(chat_id=mia.id, photo=kit.file(b"first", "a.jpg"), caption="A chart")
    edited = await kit.bot.edit_message_media(
        chat_id=mia.id,
        message_id=single.message_id,
        media=kit.types.InputMediaPhoto(media=kit.file(b"second", "b.jpg"), caption="A better chart"),
    )

    assert len({one.media_group_id for one in album}) == 1
    assert (await kit.download(album[2].photo[-1]))[:1] == b"C"
    assert edited.caption == "A better chart"
    assert await kit.download(edited.photo[-1]) == b"second"


async def test_a_text_that_is_given_a_picture(kit: Kit, tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)
    sent = await kit.bot.send_message(chat_id=mia.id, text="Demo night")

    uploaded = await kit.bot.edit_message_media(
        chat_id=mia.id,
        message_id=sent.message_id,
        media=kit.types.InputMediaPhoto(
            media=kit.file(b"first", "a.jpg"), caption="Demo <b>night</b>", parse_mode="HTML"
        ),
    )
    known = await kit.bot.send_photo(chat_id=mia.id, photo=kit.file(b"second", "b.jpg"))
    edited = await kit.bot.edit_message_media(
        chat_id=mia.id,
        message_id=sent.message_id,
        media=kit.types.InputMediaPhoto(media=known.photo[-1].file_id, caption="Demo night"),
    )

    assert (uploaded.text, uploaded.caption) == (None, "Demo night")
    assert uploaded.caption_entities[0].type == "bold"
    assert await kit.download(edited.photo[-1]) == b"second"


async def test_who_cannot_be_reached_answers_403(
    kit: Kit, tg: LocalTelegram, club: Chat, mia: User, wei: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    tg.block(mia, bot)
    gone = tg.add_user("Gone")
    tg.start(gone, bot)
    tg.deactivate(gone)
    tg.ban(club, bot, by=mia)

    for chat_id, words in [
        (mia.id, "bot was blocked by the user"),
        (gone.id, "user is deactivated"),
        (club.id, "bot was kicked from the supergroup chat"),
    ]:
        with pytest.raises(kit.forbidden, match=words):
            await kit.bot.send_message(chat_id=chat_id, text="Hello")


async def test_a_member_who_never_started_cannot_be_written_to(kit: Kit, club: Chat, wei: User) -> None:
    with pytest.raises(kit.forbidden, match="bot can't initiate conversation with a user"):
        await kit.bot.send_message(chat_id=wei.id, text="Hello")


async def test_a_migrated_group_names_its_new_id(kit: Kit, tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    group = tg.add_chat("Founders", kind="group", owner=mia)
    tg.add_to_chat(group, bot, by=mia)
    bigger = tg.migrate(group)

    with pytest.raises(kit.migrated) as caught:
        await kit.bot.send_message(chat_id=group.id, text="Hello")

    error: Any = caught.value
    assert getattr(error, "new_chat_id", None) or error.migrate_to_chat_id == bigger.id


async def test_topics_are_made_used_and_closed(kit: Kit, tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    forum = tg.add_chat("Founders", owner=mia, is_forum=True)
    tg.add_to_chat(forum, bot, by=mia)
    tg.promote(forum, bot, by=mia)

    topic = await kit.bot.create_forum_topic(chat_id=forum.id, name="Events")
    sent = await kit.bot.send_message(chat_id=forum.id, message_thread_id=topic.message_thread_id, text="Demo night")
    await kit.bot.close_forum_topic(chat_id=forum.id, message_thread_id=topic.message_thread_id)
    tg.demote(forum, bot, by=mia)

    assert (sent.is_topic_message, sent.message_thread_id) == (True, topic.message_thread_id)
    with pytest.raises(kit.bad_request, match=r"(?i)topic_closed"):
        await kit.bot.send_message(chat_id=forum.id, message_thread_id=topic.message_thread_id, text="Another")


async def test_commands_differ_by_scope_and_language(kit: Kit, club: Chat) -> None:
    english = [kit.types.BotCommand(command="events", description="What is on")]
    chinese = [kit.types.BotCommand(command="events", description="活动")]
    admins = [kit.types.BotCommand(command="stats", description="Numbers")]
    scope = kit.types.BotCommandScopeChatAdministrators(chat_id=club.id)

    await kit.bot.set_my_commands(commands=english)
    await kit.bot.set_my_commands(commands=chinese, language_code="zh")
    await kit.bot.set_my_commands(commands=admins, scope=scope)

    async def known(**where: Any) -> list[tuple[str, str]]:
        return [(one.command, one.description) for one in await kit.bot.get_my_commands(**where)]

    assert await known() == [("events", "What is on")]
    assert await known(language_code="zh") == [("events", "活动")]
    assert await known(scope=scope) == [("stats", "Numbers")]


async def test_forwards_copies_pins_reactions_and_deletions(
    kit: Kit, tg: LocalTelegram, club: Chat, mia: User, wei: User, bot: BotUser
) -> None:
    tg.promote(club, bot, by=mia)
    tg.start(mia, bot)
    said = tg.say(wei, club, "I offer help with contracts")

    forwarded = await kit.bot.forward_message(chat_id=mia.id, from_chat_id=club.id, message_id=said.id)
    copied = await kit.bot.copy_message(chat_id=mia.id, from_chat_id=club.id, message_id=said.id)
    await kit.bot.pin_chat_message(chat_id=club.id, message_id=said.id)
    await kit.bot.set_message_reaction(
        chat_id=club.id, message_id=said.id, reaction=[kit.types.ReactionTypeEmoji(emoji="👍")]
    )
    shown = next(one for one in tg.messages(club) if one.id == said.id)
    await kit.bot.delete_message(chat_id=club.id, message_id=said.id)

    assert forwarded.forward_origin.sender_user.id == wei.id
    assert copied.message_id == forwarded.message_id + 1
    assert shown["is_pinned"]
    assert shown["reactions"] == [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 1}]
    assert said.id not in [one.id for one in tg.messages(club)]


# Each row: the fault, and which of a library's errors it must become.
FAULTS = [
    ("429", "retry"),
    ("500", "network"),
    ("502", "garbled"),  # a proxy's HTML page
    ("409", "conflict"),
    ("garbage", "garbled"),
    ("nothing", "garbled"),
    ("drop_after_apply", "network"),
]


@pytest.mark.parametrize(("fault", "error"), FAULTS, ids=[row[0] for row in FAULTS])
async def test_a_scripted_fault_is_met_once_and_only_a_dropped_answer_was_applied(
    kit: Kit, tg: LocalTelegram, mia: User, bot: BotUser, fault: Any, error: str
) -> None:
    tg.start(mia, bot)
    tg.faults.add(method="sendMessage", kind=fault, retry_after=3)

    with pytest.raises(getattr(kit, error)):
        await kit.bot.send_message(chat_id=mia.id, text="Are you there?")
    arrived = len(tg.messages(tg.private(mia, bot))) - 1
    await kit.bot.send_message(chat_id=mia.id, text="Are you there?")

    assert arrived == (1 if fault == "drop_after_apply" else 0)
    assert [call.method.lower() for call in tg.calls].count("sendmessage") == 2


async def test_names_and_descriptions_are_kept_per_language(kit: Kit) -> None:
    await kit.bot.set_my_description(description="A community host")
    await kit.bot.set_my_description(description="社群主持人", language_code="zh")
    await kit.bot.set_my_short_description(short_description="Host")
    await kit.bot.set_my_name(name="Klatch the host")

    assert (await kit.bot.get_my_description()).description == "A community host"
    assert (await kit.bot.get_my_description(language_code="zh")).description == "社群主持人"
    assert (await kit.bot.get_my_description(language_code="fr")).description == "A community host"
    assert (await kit.bot.get_my_short_description()).short_description == "Host"
    assert (await kit.bot.get_my_name()).name == "Klatch the host"


async def test_invite_links_and_requests_to_join(
    kit: Kit, tg: LocalTelegram, club: Chat, mia: User, bot: BotUser
) -> None:
    tg.promote(club, bot, by=mia)
    await kit.updates()
    link = await kit.bot.create_chat_invite_link(chat_id=club.id, name="Autumn", creates_join_request=True)
    guest = tg.add_user("Guest")

    tg.join(club, guest, invite_link=link.invite_link)
    (asked,) = await kit.updates()
    await kit.bot.approve_chat_join_request(chat_id=club.id, user_id=guest.id)
    entered = [update.chat_member for update in await kit.updates() if update.chat_member]

    assert (asked.chat_join_request.from_user.id, asked.chat_join_request.invite_link.name) == (guest.id, "Autumn")
    assert (entered[0].new_chat_member.status, entered[0].via_join_request) == ("member", True)
