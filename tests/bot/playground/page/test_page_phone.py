"""The playground's page on a phone of 390 pixels: one pane at a time, a thumb instead of a pointer."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from bot.menu import publish_menus
from tests.bot.playground.page.browser import Playground
from tests.stage import TEXTS

# As test_page.py.
pytestmark = pytest.mark.asyncio(loop_scope="module")

WIDTH, HEIGHT = 390, 844
# What a thumb hits, in pixels.
THUMB = 40
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
CARD = {
    "inline_keyboard": [
        [{"text": f"{sign} {words}", "callback_data": sign} for sign, words in rows]
        for rows in (
            [("✅", "Going"), ("🤔", "Maybe"), ("❌", "Can't")],
            [("📅", "Add to calendar"), ("🗺", "Where it is"), ("🎟", "Bring somebody along")],
            [("🔕", LONG_WORD)],
        )
    ]
}


async def phone(town: Playground, language: str = "en-GB") -> Page:
    viewport = {"width": WIDTH, "height": HEIGHT}
    return await town.open(viewport=viewport, has_touch=True, is_mobile=True, locale=language)


async def assert_no_sideways(page: Page) -> None:
    """Nothing can be scrolled sideways but the row of faces, and nothing that is shown stands out of the screen."""
    scrolls = """() => [document.documentElement, ...document.querySelectorAll("body *:not(#rail)")]
        .filter((one) => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX))
        .map((one) => one.id || one.className)"""
    assert await page.evaluate(scrolls) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= WIDTH


async def assert_in_reach(buttons: Locator) -> None:
    """Each stands whole between the edges, high enough for a thumb."""
    for button in await buttons.all():
        box = await button.bounding_box()
        assert box is not None
        words = await button.inner_text()
        assert (box["x"] >= 0, box["x"] + box["width"] <= WIDTH) == (True, True), words
        assert box["height"] >= THUMB, words


async def tap_pane(page: Page, name: str) -> None:
    await page.locator("#panes").get_by_role("button", name=name, exact=True).tap()


# Each row: the page's language, and what its three panes are called.
LANGUAGES = {"en-GB": ("Chats", "Open chat", "What Klatch did"), "zh-CN": ("聊天", "当前聊天", "Klatch 动态")}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_chats_talk_and_deeds_are_one_tap_away(town: Playground, language: str) -> None:
    town.tg.start(town.mia, town.bot)
    sent = await town.call("sendMessage", chat_id=town.mia.id, text=f"☀️ Worth your time\n\n1. {LONG_WORD}")
    town.deeds.append(
        {"chat": f"{town.mia.id}:{town.bot.id}", "message_id": sent["message_id"], "kind": "digest", "why": []}
    )
    page = await phone(town, language)
    shown = {
        "#chats": LANGUAGES[language][0],
        "#conversation": LANGUAGES[language][1],
        "#deeds": LANGUAGES[language][2],
    }

    for pane, name in [*shown.items(), *reversed(shown.items())]:
        await tap_pane(page, name)
        for other in shown:
            assert await page.locator(other).is_visible() == (other == pane)
        await assert_no_sideways(page)
        await assert_in_reach(page.locator(f"#panes button, #top button:visible, {pane} button:visible"))


async def test_a_chosen_chat_and_a_deed_open_at_once(town: Playground) -> None:
    town.tg.start(town.wei, town.bot)
    sent = await town.call(
        "sendMessage", chat_id=town.wei.id, text="☀️ Worth your time\n\nRead\n1. Who knows a lawyer?\n2. More"
    )
    town.deeds.append(
        {"chat": f"{town.wei.id}:{town.bot.id}", "message_id": sent["message_id"], "kind": "digest", "why": []}
    )
    page = await phone(town)

    await tap_pane(page, "Chats")
    await page.locator("#rail").get_by_role("button", name="Chat as 陈伟").tap()
    await page.locator("#chats .chat", has_text="Founders").tap()
    await expect(page.locator("#conversation h1")).to_have_text("Founders")
    await expect(page.locator("#conversation")).to_be_in_viewport()
    await tap_pane(page, "What Klatch did")
    # What it tells of a list is its first item, not a heading that all of them have.
    await expect(page.locator("#deeds .deed .first")).to_have_text("Who knows a lawyer?")
    await page.locator("#deeds .deed").tap()

    await expect(page.locator("#conversation h1")).to_have_text("Klatch")
    await expect(page.locator("article", has_text="Who knows a lawyer?")).to_be_in_viewport()


async def test_a_cards_buttons_and_the_composer_fit_a_thumb(town: Playground) -> None:
    text = f"<b>Demo night {LONG_WORD}</b>\nhttps://example.org/{'a' * 200}"
    await town.call("sendMessage", chat_id=town.club.id, text=text, parse_mode="HTML", reply_markup=CARD)
    town.tg.say(town.mia, town.club, LONG_WORD)
    page = await phone(town)

    await expect(page.locator(".keyboard button")).to_have_count(7)
    await assert_in_reach(page.locator(".keyboard button"))
    await assert_in_reach(page.locator(".writing textarea, .writing button"))
    await assert_no_sideways(page)
    # No label is cut: there is no pointer that could rest on it.
    cut = "node => [...node.querySelectorAll('.keyboard span')].some((one) => one.scrollWidth > one.clientWidth + 1)"
    assert not await page.locator("#conversation").evaluate(cut)
    for bubble in await page.locator(".bubble").all():
        box = await bubble.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= WIDTH


async def test_a_message_that_is_tapped_shows_what_can_be_done_with_it(town: Playground) -> None:
    town.tg.say(town.wei, town.club, "Who knows a good lawyer?")
    page = await phone(town)

    await page.locator("article", has_text="good lawyer").tap()
    await assert_in_reach(page.locator(".tools button:visible"))
    await page.get_by_role("button", name="Reply", exact=True).tap()

    await expect(page.locator(".about")).to_contain_text("Reply to 陈伟")
    await assert_in_reach(page.locator(".about button"))


async def test_a_slash_lists_the_commands_of_this_place_for_a_thumb(town: Playground) -> None:
    async def ask(method: str, parameters: dict[str, object]) -> object:
        return await town.call(method, **parameters)

    await publish_menus(ask, TEXTS)
    page = await phone(town)
    options = page.locator("#suggestions").get_by_role("option")

    await page.locator("textarea").tap()
    await page.keyboard.type("/")
    # Mia made the group: administrators have commands that others have not.
    await expect(options.filter(has_text="/setup")).to_have_count(1)
    await assert_in_reach(options)
    await page.keyboard.type("ev")
    await expect(options.locator("b")).to_have_text(["/event", "/events"])
    await options.last.tap()

    await expect(page.locator("textarea")).to_have_value("/events ")
    await expect(page.locator("textarea")).to_be_focused()
    await expect(options).to_have_count(0)


async def test_the_first_words_leave_room_and_go_at_a_tap(town: Playground) -> None:
    page = await phone(town)

    await expect(page.locator("#intro")).to_contain_text("/event Demo night")
    await expect(page.locator(".writing")).to_be_in_viewport()
    await assert_no_sideways(page)
    await assert_in_reach(page.locator("#intro button"))
    await page.locator("#intro button").tap()
    await expect(page.locator("#intro")).to_be_hidden()


async def test_a_wide_desk_has_no_panes(town: Playground) -> None:
    page = await town.open()

    await expect(page.locator("#panes")).to_be_hidden()
    for part in ("#rail", "#chats", "#conversation", "#deeds"):
        await expect(page.locator(part)).to_be_visible()
    assert re.fullmatch(r"[1-9]\d*px", await page.locator("#chats").evaluate("node => getComputedStyle(node).width"))
