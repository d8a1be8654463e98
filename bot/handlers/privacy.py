"""/privacy, /stop, and the consent buttons."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from bot.callbacks import ConsentButton
from bot.handlers import clocks, inspections
from bot.messages import privacy as messages
from bot.messages.outgoing import Outgoing, lines
from bot.notices import listing_posts
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from bot.texts import Safe
from models.domain.members import consent
from models.domain.members.consent import NotAMember
from models.domain.members.deep_links import FollowedLink
from models.tables.community import Community
from models.tables.consent import Purpose, Way
from models.tables.member import LinkAction


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
    return await scene.link(LinkAction.CHOICES, community_id=community.id)


async def _show_all_choices(scene: Scene) -> None:
    communities = await consent.communities_of(scene.session, scene.actor.id)
    for community in communities:
        await show_choices(scene, community)
    if not communities:
        await scene.tell("errors.no_community")


async def show_choices(scene: Scene, community: Community, *, hello: Safe | None = None) -> None:
    """The single choices in one community, after a first greeting perhaps."""
    message = await _choices_message(scene, community)
    await scene.reply(replace(message, text=lines(hello, "", message.text)) if hello else message)


async def _choices_message(scene: Scene, community: Community) -> Outgoing:
    return messages.choices(
        scene.voice,
        community=community.name,
        community_id=community.id,
        choices_made=await consent.choices(scene.session, scene.actor.id, community.id),
        days=scene.services.config.privacy.retention_days,
    )


async def resume_choices(scene: Scene, link: FollowedLink) -> None:
    """The group's link was followed: following it does not make anyone a member."""
    community = await scene.session.get(Community, link.community_id)
    if community and await consent.is_member(scene.session, scene.actor.id, community.id):
        await show_choices(scene, community)
        await _ask_clock(scene, community.id)
    else:
        await scene.tell("errors.not_a_member")


async def _ask_clock(scene: Scene, community_id: int) -> None:
    """After a yes to being written to or learned from, times should be right."""
    choices = await consent.choices(scene.session, scene.actor.id, community_id)
    if any(choices[purpose] for purpose in consent.NEED_A_YES):
        await clocks.ask_once(scene, community_id)


async def choose(update: Update, context: BotContext) -> None:
    """A member pressed a choice: in the group one yes for all, in private one by one."""
    button = ConsentButton.of(update)
    await inspections.recognise(update, context, button.community_id)
    async with context.scene(update) as scene:
        try:
            await consent.decide(
                scene.session,
                member_id=scene.actor.id,
                community_id=button.community_id,
                purposes=Purpose if button.purpose == "all" else [button.purpose],
                is_given=bool(button.is_given),
                now=scene.now,
                way=Way.BUTTON,
            )
        except NotAMember:
            scene.alert("errors.not_a_member")
            return
        if _ends_recording(button):
            await listing_posts.take_back(
                scene.services, scene.session, scene.actor.id, now=scene.now, community_id=button.community_id
            )
        await _confirm(scene, button)


def _ends_recording(button: ConsentButton) -> bool:
    """Nothing of the member's words is kept from now on, nor of those before."""
    return button.purpose in (Purpose.RECORD, "all") and not button.is_given


async def _confirm(scene: Scene, button: ConsentButton) -> None:
    if scene.is_private:
        if _ends_recording(button):
            scene.alert("privacy.words_erased")
        else:
            scene.toast("privacy.saved")
        await _refresh_choices(scene, button.community_id)
        await _ask_clock(scene, button.community_id)
    elif scene.actor.is_reachable:
        scene.toast("privacy.counted_in")
        await _ask_clock(scene, button.community_id)
    else:
        # Only a press can open a private chat: the answer carries the link.
        scene.answer(url=await scene.link(LinkAction.CHOICES, community_id=button.community_id))


async def _refresh_choices(scene: Scene, community_id: int) -> None:
    community = await scene.session.get(Community, community_id)
    if community is not None:
        await scene.redraw(await _choices_message(scene, community))


async def stop(update: Update, context: BotContext) -> None:
    """A member wants to be left alone."""
    async with context.scene(update) as scene:
        await consent.stop(scene.session, member_id=scene.actor.id, now=scene.now, way=Way.COMMAND)
        await scene.tell("privacy.stopped")
