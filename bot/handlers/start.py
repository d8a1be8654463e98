"""/start with resuming deep links, /help, /language, and what is said to unknown words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.callbacks import LanguageButton
from bot.handlers import (
    check_ins,
    digests,
    event_dialogues,
    event_lines,
    event_lists,
    event_management,
    event_tools,
    inspections,
    listing_lines,
    listing_management,
    pair_rules,
    privacy,
    rounds,
    rsvps,
    stats,
)
from bot.menu import COMMANDS
from bot.messages import start as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from bot.texts.languages import LANGUAGES
from models.domain.members import consent, deep_links
from models.domain.members.deep_links import FollowedLink
from models.tables.member import LinkAction

# What a deep link may resume, by its action; each feature adds its line.
RESUME: dict[LinkAction, Callable[[Scene, FollowedLink], Awaitable[None]]] = {
    LinkAction.CHOICES: privacy.resume_choices,
    LinkAction.HELP: lambda scene, _: _help(scene),
    LinkAction.DIGEST: digests.resume_digest,
    LinkAction.EVENT: rsvps.resume_event,
    LinkAction.EVENTS: event_lists.resume,
    LinkAction.HOSTING: event_lists.resume_hosting,
    LinkAction.NEW_EVENT: event_dialogues.resume,
    LinkAction.MANAGE_EVENT: event_management.resume,
    LinkAction.CO_HOST: event_tools.become_co_host,
    LinkAction.CHECK_IN: check_ins.resume_check_in,
    LinkAction.TICKET: check_ins.resume_ticket,
    LinkAction.LISTING: listing_management.resume,
    LinkAction.LISTINGS: listing_management.resume_list,
    LinkAction.ROUND: rounds.resume,
    LinkAction.PAIRS: pair_rules.resume,
    LinkAction.STATS: stats.resume,
}


async def start(update: Update, context: BotContext) -> None:
    """A member opened the private chat, perhaps through a link that waits to be resumed."""
    token = context.args[0] if context.args else None
    if token:
        async with context.services.database.reading() as session:
            community_id = await deep_links.community_behind(session, token)
        await inspections.recognise(update, context, community_id)
    async with context.scene(update) as scene:
        link = await deep_links.resume(scene.session, token, member_id=scene.actor.id, now=scene.now) if token else None
        if link and (step := RESUME.get(link.action)):
            await step(scene, link)
        elif token:
            await scene.tell("errors.stale_link")
        else:
            await _welcome(scene)


async def _welcome(scene: Scene) -> None:
    services, name = scene.services, scene.actor.name
    communities = await consent.communities_of(scene.session, scene.actor.id)
    if not communities:
        await scene.reply(messages.welcome_alone(scene.voice, name=name, bot_username=services.bot_username))
        return
    hello = messages.welcome(scene.voice, name=name, community=communities[0].name)
    await privacy.show_choices(scene, communities[0], hello=hello)


async def help_(update: Update, context: BotContext) -> None:
    """Someone asked what can be done."""
    async with context.scene(update) as scene:
        await _help(scene)


async def _help(scene: Scene) -> None:
    if scene.is_private:
        await scene.reply(messages.help_private(scene.voice))
        return
    link, is_admin = await scene.link(LinkAction.HELP), await scene.is_admin()
    await scene.show(messages.help_group(scene.voice, link=link, is_admin=is_admin))


async def ask_language(update: Update, context: BotContext) -> None:
    """A member wants another language."""
    async with context.scene(update) as scene:
        await scene.reply(messages.ask_language(scene.voice))


async def choose_language(update: Update, context: BotContext) -> None:
    """A member pressed a language."""
    button = LanguageButton.of(update)
    async with context.scene(update) as scene:
        if button.language in LANGUAGES:
            scene.actor.language = button.language
            scene.toast("language.chosen")
            await scene.reply(messages.help_private(scene.voice))


async def unknown_words(update: Update, context: BotContext) -> None:
    """Something in private that is no command of ours: a short hint."""
    async with context.scene(update) as scene:
        text = update.effective_message.text if update.effective_message else None
        key = "errors.unknown_command" if (text or "").startswith("/") else "errors.unknown_words"
        await scene.tell(key)


async def hear_edit(update: Update, context: BotContext) -> None:
    """A command of ours that was changed after it was sent: what it did stays, but for drafts of events and for listings."""
    message = update.effective_message
    command = re.match(
        r"/(?P<name>[a-z0-9_]+)(?:@(?P<bot>\w+))?", (message.text or message.caption if message else None) or ""
    )
    is_ours = command and command["bot"] in (None, context.services.bot_username)
    if message is None or command is None or not is_ours or command["name"] not in COMMANDS:
        return
    async with context.scene(update) as scene:
        if command["name"] == "event" and await event_lines.correct(scene, message):
            return
        if command["name"] in ("need", "offer") and await listing_lines.correct(scene, message):
            return
        reply_to = None if scene.is_private else message.message_id
        await scene.reply(Outgoing(scene.answer_voice.say("errors.edited")), to_message_id=reply_to)


async def foreign_button(update: Update, context: BotContext) -> None:
    """A press whose data none of our buttons wrote, or wrote long ago."""
    async with context.scene(update) as scene:
        scene.alert("errors.foreign_button")
