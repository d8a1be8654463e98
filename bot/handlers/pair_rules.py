"""/pairs: admins say, in private, which two are never introduced, or together in the next round."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import PairAction, PairButton
from bot.handlers import for_admins
from bot.messages import pair_rules as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.introductions import rounds
from models.domain.introductions.rounds import Rhythm
from models.domain.members import dialogues, pair_rules, rights, two_members
from models.domain.members.deep_links import FollowedLink
from models.domain.members.two_members import PairRefused
from models.tables.community import Community
from models.tables.member import Dialogue, DialogueAction, LinkAction
from models.tables.pair_rule import Decision

# What may be typed after the command.
_DECISIONS = {str(one): one for one in Decision}


async def pairs(update: Update, context: BotContext) -> None:
    """In a group the way to the private chat; there what holds, or after never or must the two it shall hold for."""
    words = list(context.args or ())
    async with context.scene(update) as scene:
        if not scene.is_private:
            await for_admins.show_the_way(scene, LinkAction.PAIRS)
            return
        communities = await rights.communities_of_admin(scene.session, scene.actor.id)
        decision = _DECISIONS.get(words[0].lower()) if words else None
        if not communities:
            await scene.tell("for_admins.nowhere")
        elif decision is not None and len(communities) == 1:
            await _decide(scene, communities[0], decision, " ".join(words[1:]))
        else:
            if decision is not None:
                await scene.tell("pairs.which")
            for community in communities:
                await scene.reply(await _page(scene, community))


async def resume(scene: Scene, link: FollowedLink) -> None:
    """The group's link was followed; whether they are an admin is looked at again."""
    community = await for_admins.community_of_admin(scene, link.community_id)
    if community is None:
        await scene.tell("errors.admins_only")
    else:
        await scene.reply(await _page(scene, community))


async def press(update: Update, context: BotContext) -> None:
    """Ask for two, or take a decision back; what was taken back already is shown so."""
    button = PairButton.of(update)
    async with context.scene(update) as scene:
        lifts = button.action == PairAction.LIFT
        community_id = await pair_rules.community_of(scene.session, button.target_id) if lifts else button.target_id
        community = await for_admins.community_of_admin(scene, community_id) if scene.is_private else None
        if community is None:
            scene.alert("errors.foreign_button" if lifts else "errors.admins_only")
        elif lifts:
            await pair_rules.lift(scene.session, button.target_id)
            scene.toast("pairs.lifted")
            await scene.redraw(await _page(scene, community))
        else:
            scene.answer()
            await _ask(scene, community, Decision(button.action))


async def go_on(scene: Scene, dialogue: Dialogue, answer: str | None) -> None:
    """The two names."""
    community = await for_admins.community_of_admin(scene, dialogue.community_id)
    if community is None:
        await dialogues.stop(scene.session, scene.actor.id)
        await scene.tell("errors.admins_only")
    else:
        await _decide(scene, community, Decision(dialogue.step), answer or "")


async def _ask(scene: Scene, community: Community, decision: Decision) -> None:
    if decision == Decision.MUST and rounds.rhythm(community) == Rhythm.OFF:
        await scene.tell("pairs.no_rounds")
        return
    what = DialogueAction.PAIR, str(decision)
    await dialogues.ask(scene.session, scene.actor.id, *what, now=scene.now, community_id=community.id)
    await scene.reply(Outgoing(scene.voice.say(f"pairs.ask.{decision}")))


async def _decide(scene: Scene, community: Community, decision: Decision, line: str) -> None:
    """What was not understood may be sent once more."""
    if not line.strip() or (decision == Decision.MUST and rounds.rhythm(community) == Rhythm.OFF):
        await _ask(scene, community, decision)
        return
    try:
        one, other = await two_members.find(scene.session, community.id, line)
        await pair_rules.decide(scene.session, community.id, (one, other), decision, now=scene.now)
    except PairRefused as refusal:
        await scene.reply(messages.refusal(scene.answer_voice, refusal))
        return
    await dialogues.stop(scene.session, scene.actor.id)
    await scene.tell(f"pairs.decided.{decision}", one=one.name, other=other.name)
    await scene.reply(await _page(scene, community))


async def _page(scene: Scene, community: Community) -> Outgoing:
    entries = await pair_rules.entries(scene.session, community.id)
    has_rounds = rounds.rhythm(community) != Rhythm.OFF
    return messages.page(scene.voice, community.id, entries, community=community.name, has_rounds=has_rounds)
