"""Whether a digest still holds when it leaves: what each item claims, and the checks for it. Loads no numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.digests.items import Digest, EventFacts, Item, ListingFacts, Section, ThreadFacts
from models.domain.events.engagements import free_for
from models.domain.events.validity import goes
from models.domain.listings import cards
from models.domain.listings.cards import ListingView
from models.domain.members.learners import learners
from models.domain.sending.checks import Checks, learns
from models.tables.event import Event, Rsvp, RsvpStatus
from models.tables.listing import Listing
from models.tables.member import MuteKind
from models.tables.message import Thread

# With so many answers a question still wants one more.
FEW_ANSWERS = 1


def is_settled(talk: Conversation) -> bool:
    """Whether a question has what its asker wanted, as far as one can see: there is an answer, and perhaps more than one."""
    n_at_least = len(talk.answers) + (not counts_answers(talk))
    return talk.is_settled or (bool(talk.answers) and n_at_least > FEW_ANSWERS)


def counts_answers(talk: Conversation) -> bool:
    """Whether all answers are certain: of more than that nobody counts some."""
    return not talk.may_be_answered and not talk.perhaps_answered_by


def is_told_open(talk: Conversation) -> bool:
    """When somebody spoke right after it, it may be answered: then nothing is said."""
    return talk.is_open and not talk.may_be_answered


def reasons_of(digest: Digest) -> list[dict[str, Any]]:
    """The reasons of a digest for its delivery, each with what the door looks up again."""
    reasons = []
    for item in digest.items:
        claims = list(_claims(item, digest))
        reasons += [one.as_json() | {"about": [*one.about, *claims]} for one in item.reasons]
    return reasons


def _claims(item: Item, digest: Digest) -> Iterator[str]:
    bearing = item.reasons[0].bearing
    if not bearing.is_for_anybody and not bearing.is_own_event:
        # What they did themselves is told them while they agree that we learn from it.
        yield learns(digest.community_id, digest.member.id)
    if isinstance(item.facts, EventFacts):
        yield from _of_event(item, item.facts)
    elif isinstance(item.facts, ListingFacts):
        yield learns(digest.community_id, item.facts.author_id)
        yield f"listed:{item.facts.id}:{_card_words(item.facts.view)}"
    else:
        yield from _of_thread(item, item.facts, digest.community_id)


def _of_event(item: Item, facts: EventFacts) -> Iterator[str]:
    if facts.claim:
        yield facts.claim
    if not item.reasons[0].bearing.is_own_event:
        yield free_for(facts.id)
        yield f"room:{facts.id}"
    for reason in item.reasons:
        if reason.bearing.is_own_event:
            yield f"yours:{facts.id}"
        people = [target for kind, _, target in (one.partition(":") for one in reason.about) if kind == MuteKind.PERSON]
        yield from (goes(facts.id, int(who)) for who in people)
        if reason.key == "many_go":
            yield from (goes(facts.id, who) for who in sorted(facts.going))


def _of_thread(item: Item, facts: ThreadFacts, community_id: int) -> Iterator[str]:
    talk, gist_id = facts.talk, 0
    yield learns(community_id, facts.author_id)
    if facts.gist and talk.best_answer:
        gist_id = talk.best_answer.words.message_id
        yield learns(community_id, facts.gist.author_id)
    if facts.earlier and facts.earlier.talk.best_answer:
        earlier, answer_id = facts.earlier.talk, facts.earlier.talk.best_answer.words.message_id
        yield learns(community_id, facts.earlier.gist.author_id)
        yield f"talk:{earlier.thread_id}:told:{len(earlier.answers)}:{answer_id}:{_words_of(earlier, answer_id)}"
    state = "open" if is_told_open(talk) else "help" if item.section is Section.HELP else "told"
    yield f"talk:{facts.id}:{state}:{facts.n_answers}:{gist_id}:{_words_of(talk, gist_id)}"


def as_told(talk: Conversation) -> str:
    """The claim that a thread still says what it said, told without an answer's words."""
    return f"talk:{talk.thread_id}:told:{len(talk.answers)}:0:{_words_of(talk, 0)}"


def _card_words(view: ListingView) -> str:
    """Another one when a card says something else."""
    told = repr([view.text, view.quantity, view.place, view.audience, view.until_at])
    return blake2b(told.encode(), digest_size=8).hexdigest()


async def are_listed(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each LISTING:WORDS is still open, in those words."""
    for listing_id, _, words in (target.partition(":") for target in targets):
        listing = await session.get(Listing, int(listing_id))
        if listing is None or not listing.is_open(now):
            return False
        if _card_words(await cards.view_of(session, listing, now=now)) != words:
            return False
    return True


def _words_of(talk: Conversation, gist_id: int) -> str | None:
    """Another one when its author, its words or those of the answer told with it differ; None without that answer.

    Of names in it only learners' are in those words, so that it differs too when somebody named in it says no.
    """
    answers = {one.words.message_id: one.words.text for one in talk.answers}
    if gist_id and answers.get(gist_id) is None:
        return None
    told = repr([talk.author_id, talk.head.text, answers.get(gist_id)])
    return blake2b(told.encode(), digest_size=8).hexdigest()


async def are_talked_of(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each THREAD:STATE:N:ANSWER:WORDS may still be told, in those words, and is as open as it was told."""
    claims = {int(thread_id): rest.split(":") for thread_id, _, rest in (target.partition(":") for target in targets)}
    by_community: defaultdict[int, list[int]] = defaultdict(list)
    rows = await session.execute(select(Thread.id, Thread.community_id).where(is_one_of(Thread.id, claims)))
    for thread_id, community_id in rows:
        by_community[community_id].append(thread_id)
    talks: dict[int, Conversation] = {}
    for community_id, thread_ids in by_community.items():
        talks |= await describe_threads(session, thread_ids, await learners(session, community_id))
    return all(one in talks and _holds(talks[one], *claim) for one, claim in claims.items())


def _holds(talk: Conversation, state: str, n_answers: str, gist_id: str, words: str) -> bool:
    if state == "open" and not is_told_open(talk):
        return False
    if state == "help" and is_settled(talk):
        return False
    return len(talk.answers) >= int(n_answers) and _words_of(talk, int(gist_id)) == words


async def are_theirs(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether the reader hosts each of these events, or goes there."""
    event_ids = {int(target) for target in targets}
    hosted = select(Event.id).where(is_one_of(Event.id, event_ids), Event.host_id == reader_id)
    going = select(Rsvp.event_id).where(is_one_of(Rsvp.event_id, event_ids), Rsvp.member_id == reader_id)
    rows = await session.scalars(hosted.union(going.where(Rsvp.status == RsvpStatus.GOING)))
    return set(rows) == event_ids


CHECKS: Checks = {"talk": are_talked_of, "listed": are_listed, "yours": are_theirs}
