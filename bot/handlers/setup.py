"""/setup: what Klatch may do here, in which language and on whose clock, how many said yes; and one tap for each."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import FirstStepButton, SetupButton
from bot.handlers import greetings
from bot.handlers.inspections import inspect
from bot.messages import setup as messages
from bot.messages.outgoing import Outgoing
from bot.messages.setup import Choices
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from bot.texts.languages import LANGUAGES
from models.domain.members import communities, community_choices
from models.domain.members.communities import Inspection
from models.domain.members.community_choices import NotAChoice
from models.domain.members.group_signs import signs_of
from models.reading.group_guesses import language_of, zones_of
from models.tables.community import Chat, Community


async def setup(update: Update, context: BotContext) -> None:
    """An admin wants to know whether everything is right here."""
    inspection = await inspect(update, context)
    async with context.scene(update) as scene:
        if scene.is_private or scene.community is None:
            await scene.tell("errors.group_only")
            return
        if not await scene.is_admin():
            await scene.tell("errors.admins_only")
            return
        await scene.reply(await _report(scene, inspection))
        await greetings.ask_consent_once(scene, inspection)


async def check_again(update: Update, context: BotContext) -> None:
    """The admin pressed Check again: the same message shows the new state."""
    SetupButton.of(update)
    inspection = await inspect(update, context)
    async with context.scene(update) as scene:
        if scene.community is None or not await scene.is_admin():
            scene.alert("errors.admins_only")
            return
        scene.toast("setup.checked")
        await scene.redraw(await _report(scene, inspection), for_all=True)


async def choose(update: Update, context: BotContext) -> None:
    """The admin pressed a choice or asked for something: done, and the report shows how it stands then."""
    button = FirstStepButton.of(update)
    inspection = await inspect(update, context)
    async with context.scene(update) as scene:
        if scene.community is None or not await scene.is_admin():
            scene.alert("errors.admins_only")
            return
        try:
            await _take(scene, scene.community, button)
        except NotAChoice:
            scene.alert("errors.foreign_button")
            return
        shows_all = button.step == "other_zones"
        await scene.redraw(await _report(scene, inspection, shows_all=shows_all), for_all=True)


async def _take(scene: Scene, community: Community, button: FirstStepButton) -> None:
    match button.step:
        case "language" | "zone":
            community_choices.choose(community, button.step, button.value, languages=LANGUAGES)
            scene.toast("events.saved")
        case "ask_again":
            scene.toast("setup.asked_again" if await greetings.ask_again(scene) else "setup.asked_today")
        case "pin":
            scene.toast("setup.pinned" if await greetings.pin(scene) else "setup.nothing_to_pin")
        case _:
            scene.answer()


async def _report(scene: Scene, inspection: Inspection, *, shows_all: bool = False) -> Outgoing:
    if scene.community is None or scene.chat is None:
        raise RuntimeError("a report is about a community")
    if inspection.n_there is not None:
        await communities.note_count(scene.session, scene.community, scene.chat_id, inspection.n_there)
        await scene.session.flush()
    return messages.report(
        scene.voice,
        inspection,
        await communities.heard_so_far(scene.session, scene.chat_id),
        await _choices(scene, scene.community, scene.chat, shows_all=shows_all),
        chat_id=scene.chat_id,
        bot_username=scene.services.bot_username,
        now=scene.now,
        can_pin=inspection.can_pin and await greetings.last_asked(scene) is not None,
    )


async def _choices(scene: Scene, community: Community, chat: Chat, *, shows_all: bool) -> Choices:
    defaults = scene.services.defaults
    has_language = community_choices.is_chosen(community, "language", default=defaults.language)
    has_zone = community_choices.is_chosen(community, "zone", default=defaults.time_zone)
    if has_language and has_zone:
        return Choices(has_language, has_zone)
    signs = await signs_of(scene.session, community, chat, scene.member)
    return Choices(has_language, has_zone, language_of(signs), zones_of(signs), shows_all)
