"""/profile: what is inferred about whoever asks, every line with its source; they confirm, correct or remove it."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import ProfileAction, ProfileButton
from bot.handlers import welcomes
from bot.messages import profiles as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.listings import answers
from models.domain.members import consent, dialogues
from models.domain.profiles import profiles
from models.domain.profiles.profiles import LineRefused
from models.domain.questions import questions
from models.tables.community import Community
from models.tables.consent import Purpose
from models.tables.member import Dialogue, DialogueAction
from models.tables.profile import ProfileFact


async def show(update: Update, context: BotContext) -> None:
    """/profile, in every community of theirs."""
    async with context.scene(update) as scene:
        communities = await consent.communities_of(scene.session, scene.actor.id)
        for community in communities:
            await scene.reply(await _page(scene, community))
        if not communities:
            await scene.tell("errors.no_community")


async def press(update: Update, context: BotContext) -> None:
    """A button under a line, or under all of them."""
    button = ProfileButton.of(update)
    async with context.scene(update) as scene:
        if button.action in (ProfileAction.CONFIRM_ALL, ProfileAction.ADD):
            await _with_all(scene, button)
            return
        fact = await profiles.own_fact(scene.session, button.target_id, scene.actor.id)
        community = await scene.session.get(Community, fact.community_id) if fact else None
        if fact is None or community is None:
            scene.alert("profile.gone")
        elif button.action == ProfileAction.CORRECT:
            await _ask(scene, community, fact)
        else:
            await _decide(scene, button.action, fact)
            of_line = {ProfileButton(action, fact.id).pack() for action in messages.OF_A_LINE}
            if not await welcomes.take_buttons(scene, of_line.__contains__):
                await scene.redraw(await _page(scene, community))


async def _decide(scene: Scene, action: ProfileAction, fact: ProfileFact) -> None:
    if action == ProfileAction.CONFIRM:
        await profiles.confirm(scene.session, fact, now=scene.now)
        scene.toast("profile.confirmed")
    else:
        await profiles.remove(scene.session, fact, now=scene.now)
        scene.toast("profile.removed")


async def _with_all(scene: Scene, button: ProfileButton) -> None:
    community = await scene.session.get(Community, button.target_id)
    if community is None or not await consent.is_member(scene.session, scene.actor.id, community.id):
        scene.alert("errors.not_a_member")
    elif button.action == ProfileAction.ADD:
        await _ask(scene, community, None)
    else:
        await profiles.confirm_all(scene.session, scene.actor.id, community.id, now=scene.now)
        scene.toast("profile.confirmed")
        start = ProfileButton(ProfileAction.CONFIRM, 0).pack().removesuffix("0")
        if not await welcomes.take_buttons(scene, lambda data: data.startswith(start)):
            await scene.redraw(await _page(scene, community))


async def _ask(scene: Scene, community: Community, fact: ProfileFact | None) -> None:
    """Their own words come with the next message."""
    await dialogues.ask(
        scene.session,
        scene.actor.id,
        DialogueAction.PROFILE,
        messages.STEP,
        now=scene.now,
        community_id=community.id,
        target_id=fact.id if fact else None,
    )
    scene.answer()
    await scene.reply(messages.ask(scene.voice, fact))


async def go_on(scene: Scene, dialogue: Dialogue, answer: str | None) -> None:
    """The words, or none: then all stays as it was."""
    community = await scene.session.get(Community, dialogue.community_id) if dialogue.community_id else None
    if answer is None or community is None:
        await dialogues.stop(scene.session, scene.actor.id)
        await scene.tell("profile.kept")
        return
    try:
        is_there = await _take(scene, dialogue, community, answer)
    except LineRefused:
        await scene.tell("profile.refused", n=profiles.LONGEST)
        return
    await dialogues.stop(scene.session, scene.actor.id)
    if is_there:
        await scene.reply(await _page(scene, community))
    else:
        await scene.tell("profile.gone")


async def _take(scene: Scene, dialogue: Dialogue, community: Community, words: str) -> bool:
    """False for a line that went meanwhile, and for who left or wants nothing kept. Raises LineRefused."""
    choices = await consent.choices(scene.session, scene.actor.id, community.id)
    is_member = await consent.is_member(scene.session, scene.actor.id, community.id)
    if not (is_member and choices[Purpose.RECORD] and choices[Purpose.LEARN]):
        return False
    if dialogue.target_id is None:
        await profiles.add(scene.session, scene.actor.id, community.id, words, now=scene.now)
        return True
    fact = await profiles.own_fact(scene.session, dialogue.target_id, scene.actor.id)
    if fact is not None:
        await profiles.correct(scene.session, fact, words, now=scene.now)
    return fact is not None


async def _page(scene: Scene, community: Community) -> Outgoing:
    profile = await profiles.of_member(scene.session, scene.actor.id, community.id, now=scene.now)
    choices = await consent.choices(scene.session, scene.actor.id, community.id)
    voice = scene.voice.near(community.time_zone)
    return messages.page(
        voice,
        community,
        profile,
        is_found=choices[Purpose.INTRODUCE] and choices[Purpose.LEARN],
        now=scene.now,
        n_needs_met=await answers.count_needs_met(scene.session, scene.actor.id, community.id),
        n_questions=await questions.count_taken_up(scene.session, scene.actor.id, community.id),
    )
