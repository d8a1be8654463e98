"""/setup, and what happens when the host is added to a group: look, say what is missing, ask for consent once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import Bot, ChatMember, Update
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.callbacks import SetupButton
from bot.handlers.privacy import link_to_choices
from bot.hearing.parts import person, place
from bot.hearing.updates import ALLOWED_UPDATES
from bot.messages import privacy as privacy_messages
from bot.messages import setup as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.hearing.facts import Fact, HeardStanding
from models.domain.members import communities
from models.domain.members.communities import Inspection
from models.domain.sending import deliveries
from models.tables.base import word_of
from models.tables.community import ChatKind
from models.tables.member import Standing

PRESENT = {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER}


async def added(update: Update, context: BotContext) -> None:
    """Our own standing in a group changed."""
    change = update.my_chat_member
    is_there = change is not None and change.new_chat_member.status in PRESENT
    if is_there:
        await _learn_admins(update, context)
    async with context.scene(update) as scene:
        if is_there and scene.community and not scene.is_private:
            await _ask_consent_once(scene)


async def setup(update: Update, context: BotContext) -> None:
    """An admin wants to know whether everything is right here."""
    inspection = await _inspect(update, context)
    async with context.scene(update) as scene:
        if scene.is_private or scene.community is None:
            await scene.tell("errors.group_only")
            return
        if not await scene.is_admin():
            await scene.tell("errors.admins_only")
            return
        await scene.reply(await _report(scene, inspection))
        await _ask_consent_once(scene)


async def check_again(update: Update, context: BotContext) -> None:
    """The admin pressed Check again: the same message shows the new state."""
    SetupButton.of(update)
    inspection = await _inspect(update, context)
    async with context.scene(update) as scene:
        if scene.community is None or not await scene.is_admin():
            scene.alert("errors.admins_only")
            return
        scene.toast("setup.checked")
        await scene.redraw(await _report(scene, inspection), for_all=True)


async def _report(scene: Scene, inspection: Inspection) -> Outgoing:
    counts = await communities.heard_so_far(scene.session, scene.chat_id)
    voice = scene.voice
    return messages.report(voice, inspection, counts, chat_id=scene.chat_id, bot_username=scene.services.bot_username)


async def _ask_consent_once(scene: Scene) -> None:
    """One friendly question a group, ever; /privacy shows the same buttons at any time."""
    community = scene.community
    if community is None or scene.chat is None:
        return
    services = scene.services
    message = privacy_messages.consent_notice(
        services.voice(community),
        community=community.name,
        community_id=community.id,
        link=await link_to_choices(scene, community),
        days=services.config.privacy.retention_days,
    )
    await deliveries.queue(
        scene.session,
        "consent",
        now=scene.now,
        payload=message.payload(),
        chat_id=scene.chat_id,
        community_id=community.id,
        once_key=f"consent:{scene.chat_id}",
    )
    scene.chat.consent_asked_at = scene.chat.consent_asked_at or scene.now


async def _inspect(update: Update, context: BotContext) -> Inspection:
    """Ask Telegram about our rights, before and outside the scene's transaction."""
    chat = update.effective_chat
    if chat is None or chat.type == ChatKind.PRIVATE:
        return Inspection()
    bot: Bot = context.bot
    try:
        own = await bot.get_chat_member(chat.id, bot.id)
        me = await bot.get_me()
        info = await bot.get_webhook_info()
        await _learn_admins(update, context)
    except TelegramError as error:
        return Inspection(problem=error.message)
    is_admin = own.status == ChatMemberStatus.ADMINISTRATOR
    return Inspection(
        is_admin=is_admin,
        reads_everything=is_admin or bool(me.can_read_all_group_messages),
        missing_updates=tuple(
            sorted({"message_reaction", "chat_member"} - set(info.allowed_updates or ALLOWED_UPDATES))
        ),
        is_supergroup=chat.type == ChatKind.SUPERGROUP,
    )


async def _learn_admins(update: Update, context: BotContext) -> None:
    """Who administers the chat: bots are not told of those who did before they came."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or chat.type == ChatKind.PRIVATE:
        return
    try:
        admins: Sequence[ChatMember] = await context.bot.get_chat_administrators(chat.id)
    except TelegramError:
        # We may have been removed again meanwhile; rights are then as we last heard.
        return
    at = message.date if message and message.date else context.turn.now
    where = place(chat.to_dict())
    facts: list[Fact] = []
    for admin in admins:
        raw: dict[str, Any] = admin.user.to_dict()
        if who := person(raw):
            facts.append(
                HeardStanding(where, who, min(at, context.turn.now), status=word_of(Standing, str(admin.status)))
            )
    context.turn.facts = [*context.turn.facts, *facts]
