"""What bots may send, to whom, and how long: Telegram's rules and words."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.clock import SimulatedClock
from bot.playground.server import ApiError, BotUser, Chat, LocalTelegram, User
from bot.playground.server.entities import find_entities, utf16_length, utf16_slice
from bot.playground.server.markup import parse_html
from tests.bot.playground.conftest import Client


def keyboard(**button: Any) -> dict[str, Any]:
    """An inline keyboard of one button."""
    return {"inline_keyboard": [[button]]}


def spanning(kind: str, length: int, **more: Any) -> dict[str, Any]:
    """An entity from the beginning of a text."""
    return {"type": kind, "offset": 0, "length": length, **more}


LONG = "a" * 4096
# Each row: what it is about, what sendMessage is given besides the chat, and the refusal (None: it goes through).
MESSAGES: list[tuple[str, dict[str, Any], str | None]] = [
    ("the longest text", {"text": LONG}, None),
    ("one character more", {"text": LONG + "a"}, "message is too long"),
    ("tags do not count", {"text": f"<b>{LONG}</b>", "parse_mode": "HTML"}, None),
    ("an emoji counts as one character", {"text": "🎉" * 4096}, None),
    ("nothing", {"text": " \n "}, "message text is empty"),
    ("only tags", {"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    ("an unknown tag", {"text": "<h1>a</h1>", "parse_mode": "HTML"}, 'Unsupported start tag "h1" at byte offset 0'),
    ("a tag left open", {"text": "<b>a", "parse_mode": "HTML"}, 'Can\'t find end tag corresponding to start tag "b"'),
    ("tags crossed", {"text": "ä<b><i>a</b></i>", "parse_mode": "HTML"}, 'offset 9, expected "</i>", found "</b>"'),
    ("an end without a start", {"text": "a</b>", "parse_mode": "HTML"}, "Unexpected end tag at byte offset 1"),
    ("a bare less-than sign", {"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
    ("the same escaped", {"text": "a &lt; b", "parse_mode": "HTML"}, None),
    ("old Markdown, which is not emulated", {"text": "*a*", "parse_mode": "Markdown"}, "parse_mode Markdown"),
    ("MarkdownV2", {"text": "*a*", "parse_mode": "MarkdownV2"}, None),
    ("a mode nobody knows", {"text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (
        "64 bytes behind a button",
        {"text": "a", "reply_markup": keyboard(text="a", callback_data="中" * 21 + "a")},
        None,
    ),
    (
        "65 bytes",
        {"text": "a", "reply_markup": keyboard(text="a", callback_data="中" * 21 + "ab")},
        "BUTTON_DATA_INVALID",
    ),
    ("no bytes", {"text": "a", "reply_markup": keyboard(text="a", callback_data="")}, "BUTTON_DATA_INVALID"),
    (
        "a button without words",
        {"text": "a", "reply_markup": keyboard(text=" ", callback_data="a")},
        "Button text must be",
    ),
    ("a button without a purpose", {"text": "a", "reply_markup": keyboard(text="a")}, "one purpose each"),
    (
        "a button with two",
        {"text": "a", "reply_markup": keyboard(text="a", callback_data="a", url="t.me")},
        "one purpose",
    ),
    (
        "a button with a misspelt field",
        {"text": "a", "reply_markup": keyboard(text="a", calback_data="a")},
        "calback_data",
    ),
    ("a link that is none", {"text": "a", "reply_markup": keyboard(text="a", url="not a link")}, "Wrong HTTP URL"),
    ("a link", {"text": "a", "reply_markup": keyboard(text="a", url="https://example.org/x?y")}, None),
    ("an answer to nothing", {"text": "a", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    (
        "the same, forgiven",
        {"text": "a", "reply_parameters": {"message_id": 999, "allow_sending_without_reply": True}},
        None,
    ),
    (
        "a date of its own zone",
        {"text": "Fri", "entities": [spanning("date_time", 3, unix_time=1)]},
        None,
    ),
    (
        "an entity beyond the end",
        {"text": "a", "entities": [spanning("bold", 2)]},
        "does not fit",
    ),
    (
        "an entity nobody knows",
        {"text": "a", "entities": [spanning("loud", 1)]},
        "unsupported type",
    ),
    (
        "a link entity without its link",
        {"text": "a", "entities": [spanning("text_link", 1)]},
        "misses url",
    ),
    ("a keyboard instead of buttons", {"text": "a", "reply_markup": {"keyboard": [["Yes", "No"]]}}, None),
    ("a thread where there are none", {"text": "a", "message_thread_id": 5}, "message thread not found"),
]


@pytest.mark.parametrize(("params", "words"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES])
async def test_messages(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser, params: dict[str, Any], words: str | None
) -> None:
    tg.start(mia, bot)

    envelope = await call.raw("sendMessage", chat_id=mia.id, **params)

    assert envelope["ok"] is (words is None)
    assert words is None or words in envelope["description"]
    assert len(tg.messages(tg.private(mia, bot))) == (2 if words is None else 1)


# Each row: a text and its entities as (type, covered text), found without any parse mode.
FOUND = [
    ("nothing special", "Good morning", []),
    ("a command", "/events please", [("bot_command", "/events")]),
    ("a command for one bot", "/need@klatch_bot a lawyer", [("bot_command", "/need@klatch_bot")]),
    ("no command in a path", "see a/b and 1/2", []),
    ("a mention after Chinese", "问一下@mia吧 @wei_88", [("mention", "@wei_88")]),
    ("an address is no mention", "write to mia.k@example.org", [("email", "mia.k@example.org")]),
    ("a link without its full stop", "see https://example.org/a?b=1.", [("url", "https://example.org/a?b=1")]),
    ("a bare domain", "klatch.dev is ours, file.txt is not", [("url", "klatch.dev")]),
    ("hashtags in two languages", "#demo #活动 #1", [("hashtag", "#demo"), ("hashtag", "#活动")]),
    ("offsets after an emoji", "🎉🎉 /start", [("bot_command", "/start")]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_entities_are_found_in_plain_text(text: str, expected: list[tuple[str, str]]) -> None:
    entities = find_entities(text)

    covered = [(one["type"], utf16_slice(text, one["offset"], one["length"])) for one in entities]
    assert covered == expected


# Each row: HTML, and what becomes of it.
HTML = [
    ("nested", "<b>a <i>b</i></b>", "a b", [("bold", "a b"), ("italic", "b")]),
    ("other names of a tag", "<strong>a</strong><del>b</del>", "ab", [("bold", "a"), ("strikethrough", "b")]),
    (
        "a spoiler either way",
        '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
        "ab",
        [("spoiler", "a"), ("spoiler", "b")],
    ),
    ("a link", '<a href="https://t.me/c/1/2">msg</a>', "msg", [("text_link", "msg")]),
    ("a quote that expands", "<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", "a")]),
    ("code with a language", '<pre><code class="language-py">x</code></pre>', "x", [("pre", "x")]),
    ("a moment", '<tg-time unix="1" format="wDT">Fri</tg-time>', "Fri", [("date_time", "Fri")]),
    ("references", "&lt;b&gt; &amp; &#128075; &eacute;", "<b> & 👋 &eacute;", []),
    ("after an emoji", "🎉<b>a</b>", "🎉a", [("bold", "a")]),
    ("nothing inside", "a<b></b>", "a", []),
]


@pytest.mark.parametrize(("source", "text", "expected"), [row[1:] for row in HTML], ids=[row[0] for row in HTML])
def test_html(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    plain, entities = parse_html(source)

    assert plain == text
    assert [(one["type"], utf16_slice(plain, one["offset"], one["length"])) for one in entities] == expected


@given(st.text(alphabet="<>/abi&;lt #\"'=🎉中\n", max_size=40))
def test_html_is_parsed_or_refused_but_never_breaks(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except ApiError as error:
        text, entities = error.description.removeprefix("Bad Request: can't parse entities: "), []
        is_said = text != error.description
    else:
        is_said = True

    assert is_said
    assert all(one["offset"] + one["length"] <= utf16_length(text) for one in entities)


async def test_blanks_around_a_text_go_and_entities_move_with_it(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)

    sent = await call("sendMessage", chat_id=mia.id, text="  <b> Hi </b> ", parse_mode="HTML")

    assert (sent["text"], sent["entities"]) == ("Hi", [{"type": "bold", "offset": 0, "length": 2}])


async def test_a_mention_of_a_known_person_carries_them_and_of_a_stranger_is_dropped(
    tg: LocalTelegram, call: Client, mia: User, wei: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    text = f'<a href="tg://user?id={wei.id}">Wei</a> and <a href="tg://user?id=42">who?</a>'

    sent = await call("sendMessage", chat_id=mia.id, text=text, parse_mode="HTML")

    assert sent["text"] == "Wei and who?"
    assert [(one["type"], one["user"]["id"]) for one in sent["entities"]] == [("text_mention", wei.id)]


async def test_strangers_and_other_peoples_chats_are_not_found(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    stranger = tg.add_user("Nobody knows")
    elsewhere = tg.add_chat("Elsewhere", owner=mia)

    for chat_id in (stranger.id, elsewhere.id, 12345, -10099, "@nowhere", bot.id):
        assert await call.refusal("sendMessage", chat_id=chat_id, text="a") == (400, "Bad Request: chat not found")


async def test_public_chats_are_found_by_their_name(tg: LocalTelegram, call: Client, mia: User, bot: BotUser) -> None:
    club = tg.add_chat("Founders", owner=mia, username="founders")
    tg.add_to_chat(club, bot, by=mia)

    sent = await call("sendMessage", chat_id="@Founders", text="a")

    assert sent["chat"]["id"] == club.id


# Each row: what happened to the bot, and the answer to its next message.
UNWELCOME = [
    ("restricted", "restrict", 400, "not enough rights to send text messages to the chat"),
    ("banned", "ban", 403, "bot was kicked from the supergroup chat"),
]


@pytest.mark.parametrize(("act", "code", "words"), [row[1:] for row in UNWELCOME], ids=[row[0] for row in UNWELCOME])
async def test_an_unwelcome_bot(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, bot: BotUser, act: str, code: int, words: str
) -> None:
    getattr(tg, act)(club, bot, by=mia)

    refusal = await call.refusal("sendMessage", chat_id=club.id, text="a")

    assert refusal[0] == code
    assert words in refusal[1]


async def test_a_bot_left_is_not_a_member(call: Client, club: Chat) -> None:
    await call("leaveChat", chat_id=club.id)

    assert await call.refusal("getChat", chat_id=club.id) == (
        403,
        "Forbidden: bot is not a member of the supergroup chat",
    )


async def test_bots_post_in_channels_only_with_the_right(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    channel = tg.add_chat("News", kind="channel", owner=mia)
    tg.promote(channel, bot, by=mia, can_edit_messages=True)
    refused = await call.refusal("sendMessage", chat_id=channel.id, text="a")

    tg.promote(channel, bot, by=mia, can_post_messages=True)
    sent = await call("sendMessage", chat_id=channel.id, text="a")

    assert refused == (400, "Bad Request: need administrator rights in the channel chat")
    assert sent["sender_chat"]["id"] == channel.id
    assert "from" not in sent


async def test_a_press_can_be_answered_once_and_within_150_seconds(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    await call("sendMessage", chat_id=mia.id, text="Coming?", reply_markup=keyboard(text="Yes", callback_data="y"))
    card = tg.messages(tg.private(mia, bot))[-1]
    first, second = tg.press(mia, card, "Yes"), tg.press(mia, card, "Yes")

    too_long = await call.refusal("answerCallbackQuery", callback_query_id=first.id, text="a" * 201)
    await call("answerCallbackQuery", callback_query_id=first.id, text="a" * 200)
    again = await call.refusal("answerCallbackQuery", callback_query_id=first.id)
    await clock.advance(timedelta(seconds=150))
    late = await call.refusal("answerCallbackQuery", callback_query_id=second.id)

    assert too_long == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert "query is too old" in again[1]
    assert "query is too old" in late[1]
    assert (first.is_answered, second.is_answered) == (True, False)
    assert (first.is_expired, second.is_expired) == (False, True)


async def test_own_messages_can_be_edited_for_ever_but_deleted_for_48_hours(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, club: Chat, mia: User
) -> None:
    sent = await call("sendMessage", chat_id=club.id, text="Demo night")
    other = tg.say(mia, club, "Fine")
    where = {"chat_id": club.id, "message_id": sent["message_id"]}

    same = await call.refusal("editMessageText", **where, text="Demo night")
    others = await call.refusal("editMessageText", chat_id=club.id, message_id=other.id, text="a")
    not_mine = await call.refusal("deleteMessage", chat_id=club.id, message_id=other.id)
    await clock.advance(timedelta(hours=48, seconds=1))
    await call("editMessageText", **where, text="Demo night is over")
    too_late = await call.refusal("deleteMessage", **where)

    assert "message is not modified" in same[1]
    assert others == (400, "Bad Request: message can't be edited")
    assert not_mine == (400, "Bad Request: message can't be deleted for everyone")
    assert too_late == not_mine
    assert (await call.refusal("editMessageText", chat_id=club.id, message_id=99, text="a"))[1].endswith(
        "edit not found"
    )
    assert (await call.refusal("deleteMessage", chat_id=club.id, message_id=99))[1].endswith("delete not found")


async def test_buttons_change_alone(tg: LocalTelegram, call: Client, club: Chat) -> None:
    sent = await call("sendMessage", chat_id=club.id, text="a", reply_markup=keyboard(text="1", callback_data="a"))
    where = {"chat_id": club.id, "message_id": sent["message_id"]}

    changed = await call("editMessageReplyMarkup", **where, reply_markup=keyboard(text="2", callback_data="a"))
    gone = await call("editMessageReplyMarkup", **where)

    assert changed["reply_markup"]["inline_keyboard"][0][0]["text"] == "2"
    assert "reply_markup" not in gone
    assert gone["text"] == "a"


async def test_a_quote_must_be_in_the_message(tg: LocalTelegram, call: Client, club: Chat, mia: User) -> None:
    said = tg.say(mia, club, "🎉 Who knows hardware?")
    asked = {"message_id": said.id, "quote": "hardware"}

    sent = await call("sendMessage", chat_id=club.id, text="I do", reply_parameters=asked)
    wrong = await call.refusal("sendMessage", chat_id=club.id, text="a", reply_parameters=asked | {"quote": "software"})

    assert sent["quote"] == {"text": "hardware", "position": 13, "is_manual": True}
    assert wrong[1] == "Bad Request: QUOTE_TEXT_INVALID"


# Each row: what is wrong with a poll, what is changed in a good one, and the refusal.
POLLS: list[tuple[str, dict[str, Any], str]] = [
    ("no question", {"question": " "}, "poll question must be non-empty"),
    ("a long question", {"question": "a" * 301}, "poll question is too long"),
    ("no options", {"options": []}, "poll must have 1-12 options"),
    ("thirteen options", {"options": [{"text": str(n)} for n in range(13)]}, "poll must have 1-12 options"),
    ("a long option", {"options": [{"text": "a" * 101}]}, "poll option is too long"),
    ("an empty option", {"options": [{"text": ""}]}, "poll options must be non-empty"),
    ("a quiz without an answer", {"type": "quiz"}, "wrong correct option IDs"),
    ("an answer out of range", {"type": "quiz", "correct_option_ids": [2]}, "wrong correct option IDs"),
    ("a poll of a few seconds", {"open_period": 4}, "5-2628000 seconds"),
    ("two ends", {"open_period": 60, "close_date": 2_000_000_000}, "can't be used together"),
    ("a type nobody knows", {"type": "survey"}, "unsupported poll type"),
]


@pytest.mark.parametrize(("change", "words"), [row[1:] for row in POLLS], ids=[row[0] for row in POLLS])
async def test_polls_that_are_refused(call: Client, club: Chat, change: dict[str, Any], words: str) -> None:
    good = {"chat_id": club.id, "question": "When?", "options": [{"text": "Thu"}, {"text": "Fri"}]}

    assert words in (await call.refusal("sendPoll", **good | change))[1]


async def test_a_poll_closes_by_itself_and_takes_no_vote_then(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, club: Chat, wei: User
) -> None:
    await call("sendPoll", chat_id=club.id, question="When?", options=["Thu", "Fri"], open_period=600)
    message = tg.messages(club)[-1]
    tg.vote(wei, message, ["Fri"])
    await clock.advance(timedelta(seconds=600))

    with pytest.raises(ValueError, match="closed"):
        tg.vote(wei, message, ["Thu"])
    polls = [update["poll"] for update in await call.updates() if "poll" in update]

    assert [(poll["total_voter_count"], poll["is_closed"]) for poll in polls] == [(1, False), (1, True)]


# Each row: commands a bot may not set, and why.
COMMANDS = [
    ("capitals", [{"command": "Events", "description": "a"}], "BOT_COMMAND_INVALID"),
    ("33 characters", [{"command": "a" * 33, "description": "a"}], "BOT_COMMAND_INVALID"),
    ("no description", [{"command": "a", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("257 characters of it", [{"command": "a", "description": "a" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("101 commands", [{"command": f"a{n}", "description": "a"} for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
    ("a misspelt field", [{"command": "a", "descripton": "a"}], "misses description"),
]


@pytest.mark.parametrize(("commands", "words"), [row[1:] for row in COMMANDS], ids=[row[0] for row in COMMANDS])
async def test_commands_that_are_refused(call: Client, commands: list[dict[str, str]], words: str) -> None:
    assert words in (await call.refusal("setMyCommands", commands=commands))[1]


async def test_files_that_are_refused(tg: LocalTelegram, call: Client, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)
    voice = tg.say(mia, tg.private(mia, bot), media="voice")["voice"]["file_id"]

    assert (await call.refusal("sendPhoto", chat_id=mia.id, photo="https://example.org/a.jpg"))[0] == 501
    assert "wrong file identifier" in (await call.refusal("sendPhoto", chat_id=mia.id, photo="nonsense"))[1]
    assert "can't use file of type voice as photo" in (await call.refusal("sendPhoto", chat_id=mia.id, photo=voice))[1]
    assert "wrong file_id" in (await call.refusal("getFile", file_id="nonsense"))[1]
    too_long = await call.refusal("sendVoice", chat_id=mia.id, voice=voice, caption="a" * 1025)
    assert too_long == (400, "Bad Request: message caption is too long")


async def test_an_album_of_one_or_of_strange_company_is_refused(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    photo = {"type": "photo", "media": tg.say(mia, tg.private(mia, bot), media="photo")["photo"][-1]["file_id"]}
    paper = {"type": "document", "media": tg.say(mia, tg.private(mia, bot), media="document")["document"]["file_id"]}

    assert "2-10 items" in (await call.refusal("sendMediaGroup", chat_id=mia.id, media=[photo]))[1]
    assert "can't be mixed" in (await call.refusal("sendMediaGroup", chat_id=mia.id, media=[photo, paper]))[1]
    assert len(await call("sendMediaGroup", chat_id=mia.id, media=[photo, photo])) == 2


async def test_a_text_becomes_a_picture_with_a_caption_and_never_a_text_again(
    tg: LocalTelegram, call: Client, club: Chat, mia: User
) -> None:
    first, second = (tg.say(mia, club, media="photo")["photo"][-1]["file_id"] for _ in range(2))
    sent = await call("sendMessage", chat_id=club.id, text="Demo <night>", reply_markup=keyboard(text="1", url="t.me"))
    where = {"chat_id": club.id, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": first, "caption": "<b>Demo</b>", "parse_mode": "HTML"}

    drawn = await call("editMessageMedia", **where, media=media)
    same = await call.refusal("editMessageMedia", **where, media=media)
    as_text = await call.refusal("editMessageText", **where, text="Demo night")
    other = await call("editMessageMedia", **where, media=media | {"media": second})
    recaptioned = await call("editMessageCaption", **where, caption="Demo night")

    assert drawn["photo"][-1]["file_id"] == first
    assert (drawn["caption"], drawn["caption_entities"][0]["type"]) == ("Demo", "bold")
    assert not {"text", "entities", "reply_markup"} & drawn.keys()
    assert drawn["edit_date"]
    assert "message is not modified" in same[1]
    assert as_text == (400, "Bad Request: there is no text in the message to edit")
    assert (other["photo"][-1]["file_id"], recaptioned["photo"]) == (second, other["photo"])


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ({"type": "photo", "media": "nonsense"}, "wrong file identifier"),
        ({"type": "photo", "media": "<document>"}, "can't use file of type document as photo"),
        ({"type": "photo", "media": "attach://missing"}, 'there is no file "missing"'),
        ({"type": "photo", "media": "<photo>", "caption": "a" * 1025}, "caption is too long"),
        ({"type": "photo", "media": "<photo>", "text": "a"}, "unknown fields: text"),
        ({"type": "photo"}, "misses media"),
        ({"type": "photo", "media": 7}, "media"),
        ({"type": "sticker", "media": "<photo>"}, "type must be one of"),
        ("<photo>", "must be InputMedia"),
    ],
)
async def test_media_that_take_no_texts_place(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, media: Any, words: str
) -> None:
    known = {
        "<photo>": tg.say(mia, club, media="photo")["photo"][-1]["file_id"],
        "<document>": tg.say(mia, club, media="document")["document"]["file_id"],
    }
    if isinstance(media, dict) and "media" in media:
        media = media | {"media": known.get(media["media"], media["media"])}
    sent = await call("sendMessage", chat_id=club.id, text="Demo night")

    refused = await call.refusal("editMessageMedia", chat_id=club.id, message_id=sent["message_id"], media=media)

    assert refused[0] == 400
    assert words in refused[1]
    assert tg.messages(club)[-1].text == "Demo night"


async def test_what_holds_no_exchangeable_media_gets_none(
    tg: LocalTelegram, call: Client, club: Chat, mia: User
) -> None:
    photo = {"type": "photo", "media": tg.say(mia, club, media="photo")["photo"][-1]["file_id"]}
    paper = {"type": "document", "media": tg.say(mia, club, media="document")["document"]["file_id"]}
    voice = await call("sendVoice", chat_id=club.id, voice=tg.say(mia, club, media="voice")["voice"]["file_id"])
    place = await call("sendLocation", chat_id=club.id, latitude=1.0, longitude=1.0)
    [page, _] = await call("sendMediaGroup", chat_id=club.id, media=[paper, paper])
    others = tg.say(mia, club, "mine")

    refusals = [
        (await call.refusal("editMessageMedia", chat_id=club.id, message_id=message_id, media=photo))[1]
        for message_id in (voice["message_id"], place["message_id"], page["message_id"], others.id, 9999)
    ]

    assert [refusal.removeprefix("Bad Request: ") for refusal in refusals] == [
        "there is no media in the message to edit",
        "there is no media in the message to edit",
        "message can't be edited: the album takes no media of this type",
        "message can't be edited",
        "message to edit not found",
    ]


async def test_small_messages(tg: LocalTelegram, call: Client, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)

    point = await call("sendLocation", chat_id=mia.id, latitude=52.5, longitude=13.4)
    venue = await call(
        "sendVenue", chat_id=mia.id, latitude=52.5, longitude=13.4, title="Café Kranz", address="Torstr. 1"
    )
    contact = await call("sendContact", chat_id=mia.id, phone_number="+491", first_name="Wei")
    dice = await call("sendDice", chat_id=mia.id, emoji="🎰")

    assert point["location"]["latitude"] == 52.5
    assert (venue["venue"]["title"], venue["location"]) == ("Café Kranz", point["location"])
    assert contact["contact"]["first_name"] == "Wei"
    assert 1 <= dice["dice"]["value"] <= 64
    assert "DICE_EMOJI_INVALID" in (await call.refusal("sendDice", chat_id=mia.id, emoji="🐳"))[1]


async def test_every_send_method_knows_its_reader(tg: LocalTelegram, call: Client, club: Chat, wei: User) -> None:
    for action, words in (("typing", "initiate"), ("dancing", "wrong parameter action")):
        assert words in (await call.refusal("sendChatAction", chat_id=wei.id, action=action))[1]
    assert await call("sendChatAction", chat_id=club.id, action="typing") is True
