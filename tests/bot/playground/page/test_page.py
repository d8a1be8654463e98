"""The playground's page in a real Chromium: what a founder without Telegram sees and does."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Locator, Page, expect
from starlette.applications import Starlette

from bot.playground.page import page_routes
from tests.bot.playground.page.browser import Playground

# One browser, one loop: starting Chromium takes longer than most of these stories.
pytestmark = pytest.mark.asyncio(loop_scope="module")
# A picture of one pixel.
ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOSTILE = "<img src=x onerror=window.hacked=1>\u202eevil"
CARD = {
    "inline_keyboard": [
        [{"text": "Going", "callback_data": "going"}, {"text": "Map", "url": "https://map.example/kranz"}],
        [{"text": "Answer in private", "url": "https://t.me/klatch_bot?start=event-7"}],
    ]
}


def bubble(page: Page, words: str) -> Locator:
    """The message with these words."""
    return page.locator("#conversation article", has_text=words).last


async def become(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=re.compile(f"^Chat as {name}"))
    await button.click()
    # The page draws in its next frame: what is typed before it is still said by the one before.
    await expect(button).to_have_attribute("aria-pressed", "true")


async def open_private(page: Page) -> None:
    await page.locator('.chat[data-place*=":"]').click()


async def write(page: Page, words: str) -> None:
    await page.locator("textarea").fill(words)
    await page.keyboard.press("Enter")


async def test_a_newcomer_reads_three_sentences_and_puts_them_away(town: Playground) -> None:
    page = await town.open()

    await expect(page.locator("#intro")).to_contain_text("/event Demo night")
    await page.get_by_role("button", name="Got it").click()
    await expect(page.locator("#intro")).to_be_hidden()
    await page.reload()
    await expect(page.locator("#chats")).to_contain_text("You are Mia Lindqvist")
    await expect(page.locator("#intro")).to_be_hidden()
    await page.get_by_role("button", name="What is this?").click()
    await expect(page.locator("#intro")).to_be_visible()


async def test_a_member_writes_and_sees_it(town: Playground) -> None:
    page = await town.open()

    await write(page, "Hello everybody, see https://example.org")

    await expect(bubble(page, "Hello everybody")).to_have_class(re.compile("own"))
    await expect(bubble(page, "Hello everybody").locator("a")).to_have_attribute("rel", "noopener noreferrer")
    said = town.tg.messages(town.club)[-1]
    assert (said["from"]["id"], said["text"]) == (town.mia.id, "Hello everybody, see https://example.org")
    assert await page.locator("textarea").input_value() == ""


async def test_a_reply_quotes_and_leads_back(town: Playground) -> None:
    asked = town.tg.say(town.wei, town.club, "Who knows a good lawyer?")
    page = await town.open()

    await bubble(page, "good lawyer").hover()
    await page.get_by_role("button", name="Reply").click()
    await expect(page.locator(".about")).to_contain_text("Reply to 陈伟")
    await write(page, "Lena does")
    await expect(bubble(page, "Lena does").locator(".quote")).to_contain_text("Who knows a good lawyer?")
    await bubble(page, "Lena does").locator(".quote").click()

    await expect(bubble(page, "Who knows a good lawyer?").first).to_be_in_viewport()
    assert town.tg.messages(town.club)[-1]["reply_to_message"]["message_id"] == asked.id
    await expect(page.locator("article.found")).to_have_count(1)


async def test_own_messages_are_edited_and_deleted(town: Playground) -> None:
    town.tg.say(town.wei, town.club, "Not Mia's")
    page = await town.open()
    await write(page, "Helo")

    await bubble(page, "Helo").hover()
    await page.get_by_role("button", name="Edit").click()
    await write(page, "Hello")
    await expect(bubble(page, "Hello").locator(".meta")).to_contain_text("edited")
    await bubble(page, "Hello").hover()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.locator("article", has_text="Hello")).to_have_count(0)

    await bubble(page, "Not Mia's").hover()
    await expect(page.get_by_role("button", name="Edit")).to_be_hidden()
    await expect(page.get_by_role("button", name="Delete")).to_be_hidden()
    assert town.tg.messages(town.club)[-1]["text"] == "Not Mia's"


async def test_reactions_are_given_counted_and_taken_back(town: Playground) -> None:
    town.tg.react(town.mia, town.tg.say(town.wei, town.club, "We launched!"), ["🔥"])
    page = await town.open()
    reaction = bubble(page, "We launched!").locator(".reaction")

    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await become(page, "陈伟")
    await expect(reaction).to_have_attribute("aria-pressed", "false")
    await reaction.click()
    await expect(reaction).to_have_text("🔥2")
    await bubble(page, "We launched!").hover()
    await page.locator(".tools").get_by_role("button", name="React with ❤️").click()

    await expect(bubble(page, "We launched!").locator(".reaction")).to_have_text(["🔥1", "❤1"])
    await bubble(page, "We launched!").locator(".reaction", has_text="❤").click()
    await expect(reaction).to_have_text(["🔥1"])


async def test_a_pressed_button_is_answered_and_the_message_changes(town: Playground) -> None:
    sent = await town.call("sendMessage", chat_id=town.club.id, text="Demo night", reply_markup=CARD)
    await town.call.updates("callback_query")
    page = await town.open()

    await page.get_by_role("button", name="Going").click()
    await expect(page.locator(".keyboard .busy")).to_have_text("Going")
    (update,) = await town.call.coming_updates()
    press = update["callback_query"]
    await town.call("answerCallbackQuery", callback_query_id=press["id"], text="You are going")
    text = "Demo night\nGoing 1"
    await town.call(
        "editMessageText", chat_id=town.club.id, message_id=sent["message_id"], text=text, reply_markup=CARD
    )

    await expect(page.locator(".notice")).to_have_text("You are going")
    await expect(page.locator(".keyboard .busy")).to_have_count(0)
    await expect(bubble(page, "Going 1").locator(".meta")).to_contain_text("edited")
    assert (press["from"]["id"], press["data"]) == (town.mia.id, "going")


async def test_a_picture_appears_in_a_message_that_is_open(town: Playground) -> None:
    sent = await town.call("sendMessage", chat_id=town.club.id, text="Demo night")
    page = await town.open()
    await expect(bubble(page, "Demo night")).to_be_visible()

    where = {"chat_id": town.club.id, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://drawn", "caption": "Demo night, drawn"}
    await town.call.upload("editMessageMedia", {"drawn": b64decode(ONE_PIXEL)}, **where, media=json.dumps(media))

    edited = bubble(page, "Demo night, drawn")
    await expect(edited.locator("img")).to_have_js_property("naturalWidth", 1)
    await expect(edited.locator(".meta")).to_contain_text("edited")
    await expect(edited).to_have_attribute("data-id", str(sent["message_id"]))


async def test_answers_to_somebody_elses_press_are_not_shown(town: Playground) -> None:
    await town.call("sendMessage", chat_id=town.club.id, text="Demo night", reply_markup=CARD)
    page = await town.open()
    town.tg.start(town.wei, town.bot)

    press = town.tg.press(town.mia, town.tg.messages(town.club)[-1], "Going")
    await town.call("answerCallbackQuery", callback_query_id=press.id, text="You are going")
    await town.call("sendMessage", chat_id=town.wei.id, text="and later")

    await expect(page.locator("#arrivals")).to_contain_text("and later")
    await expect(page.locator("#notices")).to_be_empty()


async def test_an_alert_waits_for_ok(town: Playground) -> None:
    await town.call("sendMessage", chat_id=town.club.id, text="Demo night", reply_markup=CARD)
    await town.call.updates("callback_query")
    page = await town.open()
    await page.get_by_role("button", name="Going").click()
    await expect(page.locator(".keyboard .busy")).to_be_visible()
    (update,) = await town.call.coming_updates()
    press_id = update["callback_query"]["id"]

    await town.call("answerCallbackQuery", callback_query_id=press_id, text="It is full", show_alert=True)
    await expect(page.get_by_role("dialog")).to_contain_text("It is full")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_private_chat_begins_with_start(town: Playground) -> None:
    page = await town.open()
    await open_private(page)

    await expect(page.locator(".empty")).to_contain_text("A bot cannot write first")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(bubble(page, "/start")).to_be_visible()
    await expect(page.locator("textarea")).to_be_visible()

    await page.get_by_role("button", name="Stop bot").click()
    await expect(page.locator(".closed")).to_contain_text("You stopped this bot")
    assert (await town.call.refusal("sendMessage", chat_id=town.mia.id, text="hi"))[0] == 403
    await page.get_by_role("button", name="Unblock").click()
    await expect(page.locator("textarea")).to_be_visible()


async def test_a_deep_link_opens_the_private_chat_and_starts(town: Playground) -> None:
    await town.call("sendMessage", chat_id=town.club.id, text="Demo night", reply_markup=CARD)
    page = await town.open()

    await page.get_by_role("button", name="Answer in private").click()

    await expect(page.locator("h1")).to_have_text("Klatch")
    await expect(bubble(page, "/start").locator(".text")).to_have_text("/start")
    assert town.tg.messages(town.tg.private(town.mia, town.bot))[-1]["text"] == "/start event-7"


async def test_a_link_to_a_message_leads_there(town: Playground) -> None:
    target = town.tg.say(town.wei, town.club, "The thread worth reading")
    for number in range(120):
        town.tg.say(town.wei, town.club, f"chatter {number}")
    town.tg.start(town.mia, town.bot)
    link = f"https://t.me/c/{str(town.club.id)[4:]}/{target.id}"
    await town.call("sendMessage", chat_id=town.mia.id, text=f'<a href="{link}">1. a thread</a>', parse_mode="HTML")
    page = await town.open()

    await open_private(page)
    await page.get_by_role("link", name="a thread").click()

    await expect(page.locator("h1")).to_have_text("Founders")
    await expect(bubble(page, "The thread worth reading")).to_be_in_viewport()


async def test_another_member_sees_their_own_side_in_their_own_zone(town: Playground) -> None:
    town.tg.start(town.wei, town.bot)
    when = int((town.clock.now() + timedelta(hours=10)).timestamp())
    text = f'Starts <tg-time unix="{when}" format="t">at 20:00 in Berlin</tg-time>'
    await town.call("sendMessage", chat_id=town.wei.id, text=text, parse_mode="HTML")
    page = await town.open()

    await open_private(page)
    await expect(page.locator("article")).to_have_count(0)
    await become(page, "陈伟")
    await expect(bubble(page, "Starts").locator(".text")).to_have_text("Starts 03:00")
    await expect(page.locator("#top time")).to_contain_text("17:00")
    await page.get_by_label("Time zone").select_option("America/New_York")
    await expect(bubble(page, "Starts").locator(".text")).to_have_text("Starts 14:00")
    await page.get_by_label("Language").select_option("en")

    await expect(page.locator(".self strong")).to_have_text("You are 陈伟 🇬🇧")
    assert town.tg.world.account(town.wei.id).user["language_code"] == "en"


async def test_commands_are_suggested_in_the_members_language(town: Playground) -> None:
    for code, words in (("", "What is coming up"), ("zh", "最近有什么活动")):
        commands = [{"command": "events", "description": words}, {"command": "help", "description": "?"}]
        scope = {"type": "all_group_chats"}
        await town.call("setMyCommands", commands=commands, scope=scope, language_code=code)
    page = await town.open()

    await page.locator("textarea").press_sequentially("/ev")
    await expect(page.locator("#suggestions").get_by_role("option")).to_have_text("/eventsWhat is coming up")
    await become(page, "陈伟")
    await page.locator("textarea").press_sequentially("/")
    await expect(page.locator("#suggestions").get_by_role("option")).to_have_count(2)
    await expect(page.locator("#suggestions").get_by_role("option").first).to_contain_text("最近有什么活动")
    await page.keyboard.press("Tab")
    await expect(page.locator("textarea")).to_have_value("/events ")
    await page.keyboard.press("Enter")

    await expect(bubble(page, "/events").locator(".command")).to_have_text("/events")
    assert town.tg.messages(town.club)[-1]["entities"][0]["type"] == "bot_command"


async def test_time_moves_on_and_what_arrives_is_announced_with_its_reason(town: Playground) -> None:
    town.tg.start(town.wei, town.bot)
    page = await town.open()

    await page.get_by_role("button", name="One day").click()
    await expect(page.locator("#top time")).to_have_text("Tue, 24 Nov 2026, 10:00")
    sent = await town.call("sendMessage", chat_id=town.wei.id, text="☀️ Worth your time\nfive items")
    private = f"{town.wei.id}:{town.bot.id}"
    why = ["you answered Mia 3 times in 30 days"]
    town.deeds.append({"chat": private, "message_id": sent["message_id"], "kind": "digest", "why": why})

    await expect(page.locator(".notice.arrival")).to_contain_text("Digest for 陈伟")
    deed = page.locator("#deeds .deed", has_text="Worth your time")
    await expect(deed.locator(".why")).to_have_text("Why: you answered Mia 3 times in 30 days")
    await expect(page.get_by_role("button", name="Chat as 陈伟, 1 unread")).to_be_visible()
    await deed.click()
    await expect(page.locator(".self")).to_contain_text("You are 陈伟")
    await expect(bubble(page, "five items")).to_be_in_viewport()
    await expect(page.locator("#rail .badge")).to_have_count(0)
    assert town.asked == ["day"]


async def test_a_notice_in_the_list_of_what_was_done_does_not_look_like_a_short_word_at_the_edge(
    town: Playground,
) -> None:
    town.tg.start(town.wei, town.bot)
    page = await town.open()
    sent = await town.call("sendMessage", chat_id=town.wei.id, text="Jo can help")
    chat = f"{town.wei.id}:{town.bot.id}"
    town.deeds.append({"chat": chat, "message_id": sent["message_id"], "kind": "notice", "why": []})

    await expect(page.locator("#deeds .deed", has_text="Jo can help").locator(".kind")).to_have_text("Notice")
    await expect(page.locator("#deeds .notice")).to_have_count(0)


async def test_whoever_opens_a_chat_begins_with_the_unread(town: Playground) -> None:
    town.tg.start(town.wei, town.bot)
    page = await town.open()
    for number in range(40):
        await town.call("sendMessage", chat_id=town.wei.id, text=f"news {number}\nwith two lines")
    await expect(page.get_by_role("button", name="Chat as 陈伟, 40 unread")).to_be_visible()

    await become(page, "陈伟")
    await open_private(page)

    await expect(bubble(page, "news 0")).to_be_in_viewport()
    await expect(page.locator("#rail .badge")).to_have_count(0)


async def test_answers_are_no_news(town: Playground) -> None:
    town.tg.start(town.wei, town.bot)
    page = await town.open()

    town.deeds.append({"chat": f"{town.wei.id}:{town.bot.id}", "message_id": 0, "kind": "reply", "why": []})
    sent = await town.call("sendMessage", chat_id=town.wei.id, text="You asked, I answer")
    town.deeds[0]["message_id"] = sent["message_id"]

    await expect(page.get_by_role("button", name="Chat as 陈伟, 1 unread")).to_be_visible()
    await page.get_by_label("Answers too").check()
    await expect(page.locator("#deeds .deed")).to_contain_text("You asked, I answer")
    await page.get_by_label("Answers too").uncheck()
    await expect(page.locator("#deeds .deed")).to_have_count(0)
    await expect(page.locator(".notice")).to_have_count(0)


async def test_hostile_names_and_words_stay_text(town: Playground) -> None:
    mallory = town.tg.add_user(first_name=HOSTILE, language_code="en")
    town.tg.join(town.club, mallory)
    town.tg.rename_chat(town.club, f"Founders {HOSTILE}", by=town.mia)
    town.tg.say(mallory, town.club, f"words {HOSTILE} [x](javascript:alert(1)) javascript:alert(1)")
    markup = {"inline_keyboard": [[{"text": HOSTILE, "callback_data": HOSTILE[:40]}]]}
    text = f'<a href="http://t.me/%6a">odd link</a> {HOSTILE.replace("<", "&lt;")}'
    await town.call("sendMessage", chat_id=town.club.id, text=text, parse_mode="HTML", reply_markup=markup)
    page = await town.open()

    await page.locator(f'[data-user="{mallory.id}"]').click()
    await expect(page.locator(f'[data-user="{mallory.id}"]')).to_have_attribute("aria-pressed", "true")
    await write(page, HOSTILE)

    await expect(page.locator("h1")).to_have_text(f"Founders {HOSTILE}")
    await expect(page.locator(".own .text")).to_have_text([re.compile("words"), HOSTILE])
    await expect(page.locator("#desk img")).to_have_count(0)
    assert await page.evaluate("window.hacked") is None
    assert await page.locator("a[href^='javascript']").count() == 0
    # What follows a name that turns the direction stays where it belongs.
    flag, name = (await page.locator(".self strong bdi").bounding_box()), page.locator(".self strong")
    assert flag is not None
    assert await name.evaluate("node => getComputedStyle(node.querySelector('bdi')).unicodeBidi") == "isolate"


async def test_everything_a_message_may_hold_is_drawn(town: Playground) -> None:
    tg, club, mia, wei = town.tg, town.club, town.mia, town.wei
    for kind in ("photo", "voice", "video", "video_note", "audio", "animation", "document", "sticker"):
        tg.say(wei, club, media=kind, caption="" if kind in ("sticker", "video_note") else f"a {kind}")
    tg.say(wei, club, forward_of=tg.say(mia, club, "first said by Mia"))
    tg.pin(mia, tg.messages(club)[-1])
    text = (
        "<b>bold <i>and italic</i></b> <u>under</u> <s>struck</s> <code>code</code> <pre>block</pre>"
        "<blockquote>quoted</blockquote> <tg-spoiler>secret</tg-spoiler> #tag @klatch_bot 😀<b>after</b>"
    )
    await town.call("sendMessage", chat_id=club.id, text=text, parse_mode="HTML")
    page = await town.open()

    rich = bubble(page, "and italic").locator(".text")
    await expect(rich.locator("strong em")).to_have_text("and italic")
    await expect(rich.locator("strong").last).to_have_text("after")
    for tag in ("u", "s", "code", "pre", "blockquote", ".spoiler", ".hashtag", ".mention"):
        await expect(rich.locator(tag)).to_have_count(1)
    await expect(page.locator(".forward")).to_have_text("Forwarded from Mia")
    await expect(page.locator(".service", has_text="pinned")).to_contain_text("Mia Lindqvist pinned first said by Mia")
    await expect(page.locator(".no-picture")).to_have_count(1)
    async with page.expect_download() as download:
        await bubble(page, "a document").get_by_role("link", name="Download notes.pdf").click()
    assert (await download.value).suggested_filename == "notes.pdf"


async def test_a_poll_is_voted_on(town: Playground) -> None:
    options = [{"text": "Mon"}, {"text": "Tue"}]
    await town.call("sendPoll", chat_id=town.club.id, question="When?", options=options, is_anonymous=False)
    page = await town.open()

    await page.locator(".option", has_text="Tue").click()

    await expect(page.locator(".option").last).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".option .percent")).to_have_text(["0%", "100%"])
    await page.locator(".option", has_text="Mon").click()
    await expect(page.locator(".option .percent")).to_have_text(["100%", "0%"])


async def test_topics_of_a_forum_part_the_talk(town: Playground) -> None:
    forum = town.tg.add_chat("Workshop", kind="supergroup", owner=town.mia, is_forum=True)
    topic = town.tg.create_topic(forum, "Hardware", by=town.mia)
    town.tg.say(town.mia, forum, "in general")
    page = await town.open()

    await page.locator("#chats").get_by_role("button", name="Workshop").click()
    await expect(bubble(page, "in general")).to_be_visible()
    await page.get_by_role("button", name="# Hardware").click()
    await write(page, "Which resin?")

    await expect(bubble(page, "Which resin?").locator(".quote")).to_have_count(0)
    await expect(page.locator("article", has_text="in general")).to_have_count(0)
    assert town.tg.messages(forum)[-1]["message_thread_id"] == topic["message_thread_id"]


async def test_long_talk_comes_in_pages_and_stays_where_one_reads(town: Playground) -> None:
    for number in range(200):
        town.tg.say(town.wei, town.club, f"line {number}.")
    page = await town.open()
    await expect(bubble(page, "line 199.")).to_be_in_viewport()

    await page.locator(".log").evaluate("node => { node.scrollTop = 0; }")
    await page.get_by_role("button", name="Earlier messages").click()
    await expect(page.locator("article", has_text="line 100.")).to_have_count(1)
    town.tg.say(town.wei, town.club, "news below")
    await expect(page.locator(".newest")).to_be_visible()
    await expect(bubble(page, "news below")).not_to_be_in_viewport()
    await page.locator(".newest").click()

    await expect(bubble(page, "news below")).to_be_in_viewport()


async def test_what_happened_while_the_line_was_cut_is_not_missed(town: Playground) -> None:
    page = await town.open()
    await become(page, "陈伟")

    town.tg.hang_up()
    await expect(page.locator(".notice.refusal")).to_have_text("The playground does not answer. Trying again…")
    town.tg.say(town.mia, town.club, "Did you miss me?")

    await expect(bubble(page, "Did you miss me?")).to_be_visible()
    await expect(page.locator(".self")).to_contain_text("You are 陈伟")


async def test_refusals_are_said_in_words(town: Playground) -> None:
    page = await town.open()
    await write(page, "First")
    await expect(bubble(page, "First")).to_be_visible()

    await page.locator("textarea").fill("x" * 4097)
    await page.keyboard.press("Enter")

    await expect(page.locator(".notice.refusal")).to_have_text("a text has up to 4096 characters")
    assert [line for line in town.trouble if line.startswith("400")] == ["400 for /playground/do"]
    town.trouble.clear()


async def test_all_of_it_works_from_the_keyboard(town: Playground) -> None:
    town.tg.say(town.wei, town.club, "Read me")
    page = await town.open()

    await page.locator(".log").focus()
    await page.keyboard.press("ArrowUp")
    await expect(bubble(page, "Read me")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="React with 👍")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(bubble(page, "Read me").locator(".reaction")).to_have_text("👍1")


# Each row: a width, and whether what Klatch did stands beside the talk without being asked for.
WIDTHS = [("a desk", 1440, True), ("a laptop", 1280, True), ("the narrowest", 900, False)]


@pytest.mark.parametrize(("width", "has_panel"), [row[1:] for row in WIDTHS], ids=[row[0] for row in WIDTHS])
async def test_it_fits_the_screen(town: Playground, width: int, has_panel: bool) -> None:
    town.tg.say(town.wei, town.club, "Looooong" * 80)
    page = await town.open(viewport={"width": width, "height": 700})

    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    if has_panel:
        await expect(page.locator("#deeds")).to_be_in_viewport()
    else:
        await expect(page.locator("#deeds")).to_be_hidden()
        await page.get_by_role("button", name="Show what Klatch just did").click()
        await expect(page.locator("#deeds")).to_be_in_viewport()
    box = await bubble(page, "Looooong").locator(".bubble").bounding_box()
    assert box is not None
    assert box["width"] <= width / 2


async def test_a_chinese_browser_gets_a_chinese_page(town: Playground) -> None:
    page = await town.open(locale="zh-CN")

    await expect(page.locator(".self strong")).to_contain_text("你是 Mia Lindqvist")
    await expect(page.get_by_role("button", name="过一周")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "zh")


async def test_a_dark_desk_gets_a_dark_page(town: Playground) -> None:
    lightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"

    light = await (await town.open(color_scheme="light")).evaluate(lightness)
    dark = await (await town.open(color_scheme="dark")).evaluate(lightness)

    assert min(light) > 200
    assert max(dark) < 60


async def test_the_page_comes_with_a_strict_policy_and_has_no_inline_code() -> None:
    app = Starlette(routes=page_routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        page = await client.get("/")
        deeds: dict[str, Any] = (await client.get("/playground/deeds")).json()
        stranger = await client.get("/playground/deeds", headers={"Host": "evil.example"})

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=|https?://(?!www\.w3\.org/2000/svg)", page.text) == []
    assert deeds == {"ok": True, "result": None}
    assert stranger.status_code == 403
