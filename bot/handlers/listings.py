"""/need and /offer in the group and in private, and the presses under cards and previews."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Message, Update

from bot.callbacks import KeepButton, ListingAction, ListingButton
from bot.handlers import listing_lines, listing_management
from bot.handlers.event_lines import line_of
from bot.messages import listings as messages
from bot.messages.outgoing import Outgoing
from bot.notices import listing_posts
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.listings import answers, listings
from models.domain.listings.answers import AnswerRefused
from models.domain.members import consent
from models.reading.listing_kinds import ListingKind
from models.tables.community import Chat, Community
from models.tables.listing import Listing, ListingOutcome
from models.tables.member import LinkAction, Member
from models.tables.message import Message as MessageRow

Step = Callable[[Scene, Listing], Awaitable[None]]


async def need(update: Update, context: BotContext) -> None:
    """/need."""
    await _hear(update, context, ListingKind.NEED)


async def offer(update: Update, context: BotContext) -> None:
    """/offer."""
    await _hear(update, context, ListingKind.OFFER)


async def _hear(update: Update, context: BotContext, kind: ListingKind) -> None:
    message = update.effective_message
    async with context.scene(update) as scene:
        place = await listing_lines.where(scene) if scene.member else None
        if scene.member is None:
            await scene.tell("listings.not_a_person")
        elif place is None or message is None:
            await scene.tell("errors.no_community")
        elif line := line_of(message):
            await listing_lines.take(scene, line, kind, place, message_id=message.message_id)
        elif words := _words_of(message.reply_to_message):
            await _take_reply(scene, message.reply_to_message, words, kind, place)
        elif scene.is_private:
            await scene.show(await listing_management.own_list(scene, kind))
        else:
            await scene.show(await _explain(scene, kind))


def _words_of(message: Message | None) -> str:
    """What a message says that a command replies to; "" for none, and for what holds no words."""
    return (getattr(message, "text", None) or getattr(message, "caption", None) or "") if message else ""


async def _take_reply(
    scene: Scene, target: Message | None, words: str, kind: ListingKind, place: tuple[Community, Chat]
) -> None:
    """A reply to one's own message takes its words; of somebody else's nothing is kept, its author is asked."""
    if target is None:
        return
    is_forward = getattr(target, "forward_origin", None) is not None
    is_own = target.from_user is not None and target.from_user.id == scene.actor.telegram_id
    if is_own and not is_forward and target.sender_chat is None:
        await listing_lines.take(scene, line_of(target) or words, kind, place, message_id=target.message_id)
        return
    row = None if scene.is_private else await listings.message_at(scene.session, scene.chat_id, target.message_id)
    author = await scene.session.get(Member, row.member_id) if row else None
    if row is None or author is None or author.is_bot or author.id == scene.actor.id:
        await scene.reply(Outgoing(scene.answer_voice.say("listings.not_those_words")))
        return
    question = messages.ask_author(scene.voice, kind, author=author.name, message_id=row.id)
    await scene.reply(question, to_message_id=target.message_id)


async def _explain(scene: Scene, kind: ListingKind) -> Outgoing:
    community_id = scene.community.id if scene.community else None
    link = await scene.link(LinkAction.LISTINGS, community_id=community_id)
    return messages.explain(scene.answer_voice, kind, link=link)


async def keep(update: Update, context: BotContext) -> None:
    """Whoever wrote a message pressed that it is a need or an offer of theirs."""
    button = KeepButton.of(update)
    async with context.scene(update) as scene:
        row = await scene.session.get(MessageRow, button.message_id)
        place = await _place_of(scene, row)
        if row is None or row.member_id != scene.actor.id:
            scene.alert("listings.only_its_author")
        elif place is None or not row.text or row.deleted_at is not None:
            scene.alert("listings.words_gone")
        elif await listings.of_message(scene.session, scene.actor.id, row) is not None:
            scene.alert("listings.open_already")
        else:
            await listing_lines.keep(scene, row, button.kind, place)


async def _place_of(scene: Scene, row: MessageRow | None) -> tuple[Community, Chat] | None:
    """Where the message was written, if whoever pressed is still there."""
    chat = await scene.session.get(Chat, row.chat_id) if row else None
    community = await scene.session.get(Community, chat.community_id) if chat and chat.community_id else None
    if chat is None or community is None:
        return None
    is_member = await consent.is_member(scene.session, scene.actor.id, community.id)
    return (community, chat) if is_member else None


async def press(update: Update, context: BotContext) -> None:
    """A press under a card, a preview or a page; whoever may not is told so."""
    button = ListingButton.of(update)
    async with context.scene(update) as scene:
        listing = await scene.session.get(Listing, button.listing_id)
        if listing is None or (listing.posted_at is None and button.action not in _FOR_DRAFTS):
            scene.alert("listings.gone")
        elif await _may(scene, listing, button.action):
            await _STEPS[button.action](scene, listing)
        else:
            scene.alert("listings.not_yours")


async def _may(scene: Scene, listing: Listing, action: ListingAction) -> bool:
    if action == ListingAction.HELP:
        return True
    if action in _FOR_ADMINS:
        return await listings.may_close(scene.session, listing, scene.actor.id)
    return listing.member_id == scene.actor.id


async def _help(scene: Scene, listing: Listing) -> None:
    """Somebody can help, or is interested: its author hears who, nobody else."""
    author = (await scene.session.get_one(Member, listing.member_id)).name
    try:
        is_new = await answers.answer(scene.session, listing, scene.actor.id, now=scene.now)
    except AnswerRefused as refused:
        scene.alert(f"listings.no_answer.{refused.code}")
        return
    if is_new:
        await listing_posts.tell_of_answer(scene.services, scene.session, listing, scene.actor, now=scene.now)
        await listing_posts.refresh_card(scene.services, scene.session, listing, now=scene.now)
    scene.alert(f"listings.thanks.{listing.kind}" if is_new else "listings.thanks.again", author=author)


_FOR_DRAFTS = (
    ListingAction.POST,
    ListingAction.POST_QUIETLY,
    ListingAction.DROP,
    ListingAction.MANAGE,
    ListingAction.EDIT,
)
# An admin may close what its author does not; the words stay their author's.
_FOR_ADMINS = (ListingAction.MANAGE, ListingAction.NO_LONGER)
_STEPS: dict[ListingAction, Step] = {
    ListingAction.HELP: _help,
    ListingAction.POST: listing_management.post,
    ListingAction.POST_QUIETLY: listing_management.post_quietly,
    ListingAction.DROP: listing_management.drop,
    ListingAction.MANAGE: listing_management.manage,
    ListingAction.EDIT: listing_management.ask_line,
    ListingAction.POST_CARD: listing_management.post_card,
    ListingAction.KEEP_OPEN: listing_management.keep_open,
    ListingAction.FOUND_HERE: partial(listing_management.close, ListingOutcome.FOUND_HERE),
    ListingAction.FOUND_ELSEWHERE: partial(listing_management.close, ListingOutcome.FOUND_ELSEWHERE),
    ListingAction.NO_LONGER: partial(listing_management.close, ListingOutcome.NO_LONGER),
}
