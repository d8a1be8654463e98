"""Our first words in a group: who we are, the one question about consent, and what we lack to hear anything."""

from __future__ import annotations

from sqlalchemy import select
from telegram import Update
from telegram.constants import ChatMemberStatus

from bot.handlers.inspections import inspect
from bot.handlers.privacy import link_to_choices
from bot.messages import privacy as messages
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from bot.texts import Voice
from models.domain.members import community_choices
from models.domain.members.communities import Inspection
from models.domain.members.group_signs import signs_of
from models.domain.sending import deliveries
from models.domain.sending.about import About
from models.reading.group_guesses import language_of
from models.tables.community import Community
from models.tables.delivery import Delivery, DeliveryKind, Subject

PRESENT = {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER}
# What the notice is about; in a community's settings, that it said we hear nothing.
WHAT, DEAF = "consent", "greeted_deaf"


async def hear_arrival(update: Update, context: BotContext) -> None:
    """Our own standing in a group changed."""
    change = update.my_chat_member
    is_there = change is not None and change.new_chat_member.status in PRESENT
    inspection = await inspect(update, context) if is_there else Inspection()
    async with context.scene(update) as scene:
        if is_there and scene.community and not scene.is_private:
            await ask_consent_once(scene, inspection)


async def ask_consent_once(scene: Scene, inspection: Inspection) -> None:
    """One friendly question a group, ever; /privacy shows the same buttons at any time."""
    if scene.community is None or scene.chat is None:
        return
    voices = await _voices(scene, scene.community)
    is_deaf = not inspection.problem and not inspection.reads_everything
    delivery_id = await _post(scene, scene.community, voices, is_deaf=is_deaf, once_key=f"consent:{scene.chat_id}")
    if delivery_id is None:
        await _mend(scene, scene.community, voices, is_deaf=is_deaf)
        return
    scene.chat.consent_asked_at = scene.chat.consent_asked_at or scene.now
    scene.community.settings = {**scene.community.settings, DEAF: is_deaf}


async def ask_again(scene: Scene) -> bool:
    """The same question once more, at most once a day; says whether it was asked."""
    if scene.community is None:
        return False
    voices = await _voices(scene, scene.community)
    key = f"consent:{scene.chat_id}:{scene.now:%Y-%m-%d}"
    return await _post(scene, scene.community, voices, is_deaf=False, once_key=key) is not None


async def pin(scene: Scene) -> bool:
    """Pin the question that was asked last, without a sound; False where none has arrived."""
    post = await last_asked(scene)
    if post is None:
        return False
    payload = {"message_id": post.telegram_message_id, "disable_notification": True}
    await deliveries.queue(
        scene.session,
        DeliveryKind.REPLY,
        now=scene.now,
        method="pinChatMessage",
        payload=payload,
        chat_id=scene.chat_id,
    )
    return True


async def last_asked(scene: Scene) -> Delivery | None:
    """The latest question about consent that stands in this chat."""
    query = select(Delivery).where(
        Delivery.about_kind == Subject.CHAT, Delivery.about_id == scene.chat_id, Delivery.what == WHAT
    )
    posts = query.where(Delivery.telegram_message_id.is_not(None), Delivery.edits_id.is_(None))
    return (await scene.session.scalars(posts.order_by(Delivery.id.desc()).limit(1))).one_or_none()


async def _voices(scene: Scene, community: Community) -> list[Voice]:
    """The group's language where that is clear or was chosen, else every one of ours."""
    services, default = scene.services, scene.services.defaults.language
    if scene.chat is not None and not community_choices.is_chosen(community, "language", default=default):
        signs = await signs_of(scene.session, community, scene.chat, scene.member)
        language = language_of(signs)
        # What letters a title is in proves little against what this installation was set up for.
        if language is None or (language != default and language == "en"):
            return [services.voice(community).speaking(code) for code in services.languages(first=community.language)]
        community_choices.speak(community, language)
    return [services.voice(community)]


async def _post(
    scene: Scene, community: Community, voices: list[Voice], *, is_deaf: bool, once_key: str
) -> Delivery | None:
    message = await _notice(scene, community, voices, is_deaf=is_deaf)
    return await deliveries.queue(
        scene.session,
        DeliveryKind.CONSENT,
        now=scene.now,
        payload=message.payload(),
        chat_id=scene.chat_id,
        community_id=community.id,
        about=About(Subject.CHAT, scene.chat_id, WHAT),
        once_key=once_key,
    )


async def _notice(scene: Scene, community: Community, voices: list[Voice], *, is_deaf: bool) -> Outgoing:
    return messages.consent_notice(
        voices,
        community=community.name,
        community_id=community.id,
        link=await link_to_choices(scene, community),
        days=scene.services.config.privacy.retention_days,
        is_deaf=is_deaf,
    )


async def _mend(scene: Scene, community: Community, voices: list[Voice], *, is_deaf: bool) -> None:
    """What the first words said of our ears is not so any more."""
    post = await last_asked(scene) if community.settings.get(DEAF) and not is_deaf else None
    if post is not None:
        message = await _notice(scene, community, voices, is_deaf=False)
        await scene.change(post, "editMessageText", message.payload())
        community.settings = {**community.settings, DEAF: False}
