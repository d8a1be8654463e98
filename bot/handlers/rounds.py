"""/round: join, leave, see when the next one is; admins say how often, and see how it stands."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import RoundAction, RoundButton
from bot.messages import rounds as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.introductions import round_outcomes, rounds
from models.domain.introductions.rounds import Rhythm
from models.domain.members import consent
from models.domain.members.deep_links import FollowedLink
from models.tables.community import Community
from models.tables.member import LinkAction

# What admins may type after the command, or press.
FOR_ADMINS = (RoundAction.WEEKLY, RoundAction.MONTHLY, RoundAction.OFF, RoundAction.PREVIEW)


async def show(update: Update, context: BotContext) -> None:
    """/round, perhaps with a word: join, leave, and for admins weekly, monthly, off, preview."""
    word = (context.args[0].lower() if context.args else "").strip()
    async with context.scene(update) as scene:
        if scene.is_private:
            await _show_privately(scene, word)
        elif scene.community is None:
            await scene.tell("errors.no_community")
        elif word in FOR_ADMINS and not await scene.is_admin():
            await scene.tell("errors.admins_only")
        elif word == RoundAction.PREVIEW:
            await scene.reply(await _preview(scene, scene.community))
        else:
            if word in FOR_ADMINS:
                rounds.choose_rhythm(scene.community, Rhythm(word), now=scene.now)
            await scene.show(await _card(scene, scene.community))


async def press(update: Update, context: BotContext) -> None:
    """A button under the card, one's own page, or an introduction."""
    button = RoundButton.of(update)
    async with context.scene(update) as scene:
        if button.action == RoundAction.MET:
            await _note_met(scene, button.target_id)
            return
        community = await scene.session.get(Community, button.target_id)
        if community is None or (not scene.is_private and community is not scene.community):
            scene.alert("errors.foreign_button")
        elif button.action in FOR_ADMINS:
            await _set(scene, community, button.action)
        else:
            await _turn(scene, community, joins=button.action == RoundAction.JOIN)


async def resume(scene: Scene, link: FollowedLink) -> None:
    """The private chat was opened to join."""
    community = await scene.session.get(Community, link.community_id) if link.community_id else None
    if community is None:
        await scene.tell("errors.stale_link")
        return
    try:
        if rounds.rhythm(community) != Rhythm.OFF:
            await rounds.join(scene.session, community.id, scene.actor.id, now=scene.now)
        await scene.reply(await _page(scene, community))
    except consent.NotAMember:
        await scene.tell("errors.not_a_member")


async def _show_privately(scene: Scene, word: str) -> None:
    communities = await consent.communities_of(scene.session, scene.actor.id)
    with_rounds = [one for one in communities if rounds.rhythm(one) != Rhythm.OFF]
    if not communities:
        await scene.tell("errors.no_community")
    elif not with_rounds:
        await scene.tell("rounds.nowhere")
    for community in with_rounds:
        # A word is meant for the one community there is; of several each has its own button.
        if len(with_rounds) == 1 and word == RoundAction.JOIN:
            await rounds.join(scene.session, community.id, scene.actor.id, now=scene.now)
        elif len(with_rounds) == 1 and word == RoundAction.LEAVE:
            await rounds.leave(scene.session, community.id, scene.actor.id)
        await scene.reply(await _page(scene, community))


async def _turn(scene: Scene, community: Community, *, joins: bool) -> None:
    """Join or leave; whom we cannot write to joins where we can, in the private chat."""
    if not joins:
        await rounds.leave(scene.session, community.id, scene.actor.id)
        scene.toast("rounds.left")
    elif rounds.rhythm(community) == Rhythm.OFF:
        scene.alert("rounds.off")
    elif not scene.actor.is_reachable:
        own = scene.actor.id
        scene.answer(url=await scene.link(LinkAction.ROUND, community_id=community.id, member_id=own))
    else:
        try:
            await rounds.join(scene.session, community.id, scene.actor.id, now=scene.now)
            scene.toast("rounds.joined")
        except consent.NotAMember:
            scene.alert("errors.not_a_member")
            return
    if scene.is_private:
        await scene.redraw(await _page(scene, community))


async def _set(scene: Scene, community: Community, action: RoundAction) -> None:
    if scene.is_private or not await scene.is_admin():
        scene.alert("errors.admins_only")
    elif action == RoundAction.PREVIEW:
        scene.answer()
        await scene.reply(await _preview(scene, community))
    else:
        rounds.choose_rhythm(community, Rhythm(action), now=scene.now)
        scene.toast("events.saved")
        await scene.redraw(await _card(scene, community), for_all=True)


async def _note_met(scene: Scene, introduction_id: int) -> None:
    try:
        await round_outcomes.note_met(scene.session, introduction_id, scene.actor.id, now=scene.now)
        scene.toast("rounds.noted")
    except round_outcomes.NotIntroduced:
        scene.alert("errors.foreign_button")


async def _card(scene: Scene, community: Community) -> Outgoing:
    return messages.card(
        scene.voice,
        community.id,
        next_at=rounds.next_at(community, scene.now, scene.services.defaults),
        rhythm=rounds.rhythm(community),
        for_admins=await scene.is_admin(),
    )


async def _page(scene: Scene, community: Community) -> Outgoing:
    defaults = scene.services.defaults
    standing = await rounds.standing(scene.session, community, scene.actor, now=scene.now, defaults=defaults)
    voice = scene.voice.near(community.time_zone)
    return messages.page(voice, community.id, community=community.name, standing=standing)


async def _preview(scene: Scene, community: Community) -> Outgoing:
    next_at = rounds.next_at(community, scene.now, scene.services.defaults)
    if next_at is None:
        return Outgoing(scene.say("rounds.off"))
    return messages.preview(scene.voice, await rounds.preview(scene.session, community.id, at=next_at), next_at=next_at)
