"""/intro: who knows this? In private; whom of those found to ask is one tap, and so is posting it as a need."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import InquiryAction, InquiryButton
from bot.handlers import listing_lines, welcomes
from bot.handlers.event_lines import line_of
from bot.messages import inquiries as messages
from bot.notices import introduction_posts
from bot.scene.context import BotContext
from bot.scene.scene import Scene
from models.domain.events import visibility
from models.domain.finding import finding
from models.domain.introductions import inquiries, who_knows
from models.domain.introductions.inquiries import MOST_SHOWN, Knower, TooManyAsked
from models.domain.listings import listings
from models.domain.listings.cards import ListingView
from models.domain.members import consent
from models.reading.listing_kinds import ListingKind
from models.reading.listing_leads import need_of
from models.tables.consent import Purpose, Way
from models.tables.inquiry import Inquiry, InquiryCandidate

# Openly on offer, beside those who are found without a name; characters of a question.
MOST_OFFERS, LONGEST_QUESTION = 2, 300


async def intro(update: Update, context: BotContext) -> None:
    """/intro."""
    async with context.scene(update) as scene:
        question = line_of(update.effective_message).strip()
        community_ids = [one.id for one in await consent.communities_of(scene.session, scene.actor.id)]
        if not community_ids:
            await scene.tell("errors.no_community")
        elif not question:
            await scene.tell("inquiries.explain")
        elif len(question) > LONGEST_QUESTION:
            await scene.tell("inquiries.too_long", n=LONGEST_QUESTION)
        else:
            await _answer(scene, question, community_ids)


async def _answer(scene: Scene, question: str, community_ids: list[int]) -> None:
    offers = await _offers(scene, question, community_ids)
    without = await listings.authors(scene.session, [one.id for one in offers])
    knowers: list[Knower] = []
    for community_id in community_ids:
        knowers += await who_knows.find(
            scene.session,
            question,
            asker_id=scene.actor.id,
            community_id=community_id,
            now=scene.now,
            without=without | {one.member.id for one in knowers},
        )
    best = sorted(knowers, key=lambda one: (-one.score, one.member.id))[:MOST_SHOWN]
    inquiry = await inquiries.begin(scene.session, scene.actor.id, question, best, now=scene.now)
    found = await inquiries.candidates(scene.session, inquiry.id)
    await scene.reply(messages.answer(scene.answer_voice, inquiry, found, offers, now=scene.now))


async def _offers(scene: Scene, question: str, community_ids: list[int]) -> list[ListingView]:
    """What others post openly needs no asking in secret: it is shown with its author, as /find does."""
    is_visible = visibility.is_seen_by(scene.actor.id)
    discovery = await finding.find(
        scene.session, question, community_ids=community_ids, is_visible=is_visible, now=scene.now
    )
    own_ids = {one.id for one in await listings.own_listings(scene.session, scene.actor.id, now=scene.now)}
    offers = [] if discovery.is_near else discovery.offers
    return [one for one in offers if one.id not in own_ids][:MOST_OFFERS]


async def press(update: Update, context: BotContext) -> None:
    """A press under the answer: ask one of them, agree to introductions and ask, or post it as a need."""
    button = InquiryButton.of(update)
    async with context.scene(update) as scene:
        inquiry = await inquiries.of_member(scene.session, button.inquiry_id, scene.actor.id)
        found = await inquiries.candidates(scene.session, inquiry.id) if inquiry else []
        candidate = next((one for one in found if one.position == button.position), None)
        if inquiry is None:
            scene.alert("introductions.over")
        elif button.action == InquiryAction.NEED:
            await _post_need(scene, inquiry)
        elif candidate is None:
            scene.alert("introductions.over")
        else:
            await _ask(scene, inquiry, candidate, agrees=button.action == InquiryAction.AGREE)


async def _ask(scene: Scene, inquiry: Inquiry, candidate: InquiryCandidate, *, agrees: bool) -> None:
    community_id = candidate.community_id
    if agrees and not await _agree(scene, community_id):
        scene.alert("introductions.over")
        return
    if scene.actor.id not in await consent.consenting(scene.session, community_id, Purpose.INTRODUCE):
        scene.answer()
        await scene.reply(messages.needs_consent(scene.voice, inquiry, candidate))
        return
    subjects = who_knows.subjects_of(inquiry.question)
    try:
        introduction = await inquiries.ask(scene.session, inquiry, candidate, subjects, now=scene.now)
    except TooManyAsked:
        scene.alert("inquiries.too_many", n=inquiries.MOST_ASKED)
        return
    if introduction is not None:
        due_at = inquiries.hour_of_asking(scene.now)
        await introduction_posts.propose(scene.services, scene.session, introduction, now=scene.now, due_at=due_at)
    scene.toast("inquiries.asked")
    asked = InquiryButton(InquiryAction.ASK, inquiry.id, candidate.position).pack()
    if await welcomes.take_buttons(scene, lambda data: data == asked):
        return
    found = await inquiries.candidates(scene.session, inquiry.id)
    community_ids = [one.id for one in await consent.communities_of(scene.session, scene.actor.id)]
    offers = await _offers(scene, inquiry.question, community_ids)
    await scene.redraw(messages.answer(scene.voice, inquiry, found, offers, now=scene.now))


async def _agree(scene: Scene, community_id: int) -> bool:
    """Say yes to introductions; False for whoever left meanwhile."""
    try:
        await consent.decide(
            scene.session,
            member_id=scene.actor.id,
            community_id=community_id,
            purposes=[Purpose.INTRODUCE],
            is_given=True,
            now=scene.now,
            way=Way.BUTTON,
        )
    except consent.NotAMember:
        return False
    return True


async def _post_need(scene: Scene, inquiry: Inquiry) -> None:
    """The preview of the need, as after /need in private."""
    place = await listing_lines.where(scene)
    if place is None:
        scene.alert("errors.no_community")
        return
    scene.answer()
    line = need_of(inquiry.question)
    await listing_lines.take(scene, line, ListingKind.NEED, place, message_id=scene.pressed_id or 0)
