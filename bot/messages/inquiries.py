"""What /intro answers: who may know it, as numbers with facts; what is openly on offer; or honestly nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.callbacks import InquiryAction, InquiryButton, ListingAction, ListingButton
from bot.messages import listings
from bot.messages.outgoing import Button, Outgoing, cut, lines
from bot.messages.reasons import reason
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.listings.cards import ListingView
from models.tables.inquiry import Inquiry, InquiryCandidate

# Characters of the question above the answer.
LONGEST_QUESTION = 80


def answer(
    voice: Voice,
    inquiry: Inquiry,
    candidates: Sequence[InquiryCandidate],
    offers: Sequence[ListingView],
    *,
    now: datetime,
) -> Outgoing:
    """Everybody found, and a button for each who was not asked yet."""
    question = cut(tidy(inquiry.question), LONGEST_QUESTION)
    if not candidates and not offers:
        return Outgoing(voice.say("inquiries.nobody", question=question), [[_need(voice, inquiry)]])
    parts: list[Safe | str] = [voice.say("inquiries.title", question=question)]
    if offers:
        parts += ["", voice.say("inquiries.offered"), *(_offer(voice, one) for one in offers)]
    if candidates:
        found = [_candidate(voice, one, now) for one in candidates]
        parts += ["", voice.say("inquiries.may_know"), *found, "", voice.say("inquiries.footer")]
    rows = [
        *([_help(voice, one)] for one in offers),
        [_ask(voice, inquiry, one) for one in candidates if one.introduction_id is None],
        [_need(voice, inquiry)],
    ]
    return Outgoing(lines(*parts), rows)


def needs_consent(voice: Voice, inquiry: Inquiry, candidate: InquiryCandidate) -> Outgoing:
    """Whoever wants to be introduced agrees to introductions first; one tap does, and asks."""
    label = voice.plain("introductions.agree")
    yes = Button(label, data=InquiryButton(InquiryAction.AGREE, inquiry.id, candidate.position).pack())
    return Outgoing(voice.say("inquiries.consent"), [[yes]])


def _candidate(voice: Voice, one: InquiryCandidate, now: datetime) -> Safe:
    facts = [reason(voice, fact, section="inquiries", now=now) for fact in one.facts["asker"]]
    key = "inquiries.candidate" if one.introduction_id is None else "inquiries.asked_already"
    return voice.say(key, number=one.position + 1, facts=Safe(" · ".join(facts)))


def _offer(voice: Voice, view: ListingView) -> Safe:
    return voice.say("inquiries.offer", text=listings.title(view), author=view.author)


def _help(voice: Voice, view: ListingView) -> Button:
    label = voice.plain(f"listings.help.{view.kind}")
    return Button(
        cut(f"{label}: {listings.title(view)}", listings.LONGEST_LABEL),
        data=ListingButton(ListingAction.HELP, view.id).pack(),
    )


def _ask(voice: Voice, inquiry: Inquiry, one: InquiryCandidate) -> Button:
    label = voice.plain("inquiries.ask", number=one.position + 1)
    return Button(label, data=InquiryButton(InquiryAction.ASK, inquiry.id, one.position).pack())


def _need(voice: Voice, inquiry: Inquiry) -> Button:
    return Button(voice.plain("inquiries.need"), data=InquiryButton(InquiryAction.NEED, inquiry.id, 0).pack())
