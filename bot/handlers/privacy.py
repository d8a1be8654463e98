"""/privacy, /stop, and the consent buttons."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from bot.callbacks import ConsentButton
from bot.links import start_link
from bot.messages import privacy as messages
from bot.messages.outgoing import Outgoing, lines
from bot.scene.context import BotContext, Scene
from bot.texts import Safe
from models.domain.members import consent, deep_links
from models.domain.members.deep_links import Resumed
from models.domain.sending import receipts
from models.tables.community import Community
from models.tables.delivery import Delivery


async def privacy(update: Update, context: BotContext) -> None:
    """Someone asked what is kept."""
    async with context.scene(update) as scene:
        if scene.is_private:
            await _show_all_choices(scene)
        elif scene.community:
            link = await link_to_choices(scene, scene.community)
            days = scene.services.config.privacy.retention_days
            voice = scene.voice
            await scene.reply(messages.kept_here(voice, community_id=scene.community.id, link=link, days=days))


async def link_to_choices(scene: Scene, community: Community) -> str:
    """A link that opens the private chat at this community's choices, for whoever follows it."""
    token = await deep_links.remember(scene.session, "choices", now=scene.now, community_id=community.id)
    return start_link(scene.services.bot_username, token)


async def _show_all_choices(scene: Scene) -> None:
    communities = await consent.communities_of(scene.session, scene.actor.id)
    for community in communities:
        await show_choices(scene, community)
    if not communities:
        await scene.reply(Outgoing(scene.say("errors.no_community")))


async def show_choices(scene: Scene, community: Community, *, hello: Safe | None = None) -> None:
    """The single choices in one community, after a first greeting perhaps."""
    message = await _choices_message(scene, community)
    await scene.reply(replace(message, text=lines(hello, "", message.text)) if hello else message)


async def _choices_message(scene: Scene, community: Community) -> Outgoing:
    return messages.choices(
        scene.voice,
        community=community.name,
        community_id=community.id,
        chosen=await consent.choices(scene.session, scene.actor.id, community.id),
        days=scene.services.config.privacy.retention_days,
    )


async def resume_choices(scene: Scene, resumed: Resumed) -> None:
    """The group's link was followed: following it does not make anyone a member."""
    community = await scene.session.get(Community, resumed.community_id)
    if community and await consent.is_member(scene.session, scene.actor.id, community.id):
        await show_choices(scene, community)
    else:
        await scene.reply(Outgoing(scene.say("errors.not_a_member")))


async def choose(update: Update, context: BotContext) -> None:
    """A member pressed a choice: in the group one yes for all, in private one by one."""
    query = update.callback_query
    button = ConsentButton.unpack(query.data if query else None)
    async with context.scene(update) as scene:
        try:
            await consent.decide(
                scene.session,
                member_id=scene.actor.id,
                community_id=button.community_id,
                purposes=consent.PURPOSES if button.purpose == "all" else [button.purpose],
                is_given=bool(button.is_given),
                now=scene.now,
                way="button",
            )
        except ValueError:
            scene.answer(scene.voice.plain("errors.not_a_member"), is_alert=True)
            return
        await _confirm(scene, update, button)


async def _confirm(scene: Scene, update: Update, button: ConsentButton) -> None:
    if scene.is_private:
        scene.answer(scene.voice.plain("privacy.saved"))
        await _refresh_choices(scene, update, button.community_id)
    elif scene.actor.is_reachable:
        scene.answer(scene.voice.plain("privacy.counted_in"))
    else:
        await _invite_to_private(scene, button.community_id)


async def _refresh_choices(scene: Scene, update: Update, community_id: int) -> None:
    community = await scene.session.get(Community, community_id)
    message = update.effective_message
    if community is None or message is None:
        return
    shown = await receipts.sent_as(scene.session, message.message_id, member_id=scene.actor.id)
    await _edit_or_reply(scene, shown, await _choices_message(scene, community))


async def _edit_or_reply(scene: Scene, shown: Delivery | None, message: Outgoing) -> None:
    if shown is None:
        await scene.reply(message)
    else:
        await scene.edit(shown, message)


async def _invite_to_private(scene: Scene, community_id: int) -> None:
    """Only a press can open a private chat: the answer carries the link."""
    token = await deep_links.remember(scene.session, "choices", now=scene.now, community_id=community_id)
    scene.answer(url=start_link(scene.services.bot_username, token))


async def stop(update: Update, context: BotContext) -> None:
    """A member wants to be left alone."""
    async with context.scene(update) as scene:
        await consent.stop(scene.session, member_id=scene.actor.id, now=scene.now, way="command")
        await scene.reply(Outgoing(scene.say("privacy.stopped")))
