"""True, checkable reasons, made from the reader's own visible history: pure rules over facts. One an item, the strongest.

Every sentence here can be worked out again from the rows; a test does. Whom somebody chats with is no reason for a thread: of
threads with company alone one in nine lay in the reader's field, of those on a term they asked or answered about three in four
(measured on the invented community). The keys live in the texts under digests.reason, and under digests.data what each is
taken from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from models.domain.conversations.own_fields import Talks, Trace
from models.domain.digests.interests import Reader
from models.domain.digests.items import EventFacts, ListingFacts, Reason, ThreadFacts
from models.reading.bare_words import stands_bare
from models.reading.fields import Field, is_subject
from models.reading.listing_kinds import ListingKind

# Fewer own messages than this on a term are no interest of a reader's.
FEW_MESSAGES = 2
# Whom they answered so often is company.
FEW_ANSWERS = 2
# A talk of fewer people than this is nothing to be missed.
FEW_PEOPLE = 3
# People named who go to an event.
MOST_NAMES = 2


def for_thread(thread: ThreadFacts | ListingFacts, reader: Reader) -> Reason | None:
    """Why this thread, for somebody whose history is known: a field of theirs, or something rare they asked or answered about."""
    own = thread.fields & reader.fields
    if reader.talks.choices.rule_out(thread.fields):
        return None
    reason = _trace_reason("you_answered", thread.terms, reader.answers) or _on_terms(thread.terms, reader)
    if own:
        return reason if reason and _names_it(reason, thread) else on_field(own, reader.talks)
    # It belongs to a field that is not theirs: a word in common is chance.
    if reason is None or (thread.fields and reader.fields) or not _can_be_said(str(reason.values["word"])):
        return None
    is_company = reader.company.get(thread.author_id, 0) >= FEW_ANSWERS
    return reason if is_company or _is_telling(reason, thread, reader) else None


def for_listing(listing: ListingFacts, reader: Reader) -> Reason | None:
    """Why this need or offer: a need is for who likely can help, an offer for who asked, or brought its field up.

    Who answers questions about pricing has no use for an hour of advice on it.
    """
    # A forwarder who knows lithium cells is nothing for who knows hardware alone.
    reason = for_thread(listing, reader) if listing.fields <= reader.fields else None
    if reason is None or listing.view.kind == ListingKind.NEED:
        return reason if reason and reason.bearing.can_help else None
    if reason.key == "you_asked":
        return reason
    raised = {one: reader.talks.openings[one] for one in listing.fields & reader.fields & reader.talks.openings.keys()}
    best = max(raised, key=lambda one: (raised[one].n, raised[one].at, one), default=None)
    return _of_field("field_raised", best, raised[best]) if best else None


def for_newcomer(thread: ThreadFacts, reader: Reader, *, since: datetime) -> Reason | None:
    """Why this thread, for somebody whose interests are hardly known: many take part, or it waits for an answer.

    Who has company already reads of talks among it only.
    """
    talk, n = thread.talk, thread.talk.n_people(since)
    if reader.company and not reader.company.keys() & talk.participants:
        return None
    if n >= FEW_PEOPLE:
        return Reason("popular", {"n": n})
    return Reason("unanswered") if talk.is_open and not talk.may_be_answered else None


def _is_telling(reason: Reason, thread: ThreadFacts | ListingFacts, reader: Reader) -> bool:
    """One common word in common is little ("investor"): it must be rare, have come up more than once, or not stand alone."""
    common_terms = thread.terms.keys() & (reader.answers.keys() | reader.asks.keys() | reader.wrote.keys())
    return bool(common_terms & thread.rare) or len(common_terms) > 1 or reason.values["n"] > 1


def for_event(
    event: EventFacts, reader: Reader, member_id: int, names: Mapping[int, str], *, muted_people: Collection[int] = ()
) -> Reason | None:
    """Why this event: the reader goes, people they answer go, or it is about what they ask and write about. Hosts know of it.

    `names` are of people who may be named; `muted_people` ones never are.
    """
    if event.author_id == member_id:
        return None
    if event.id in reader.going_to:
        return Reason("you_go")
    own = event.fields & reader.fields
    if event.fields and reader.fields and not own:
        return None
    friends = _friends_go(event, reader, names, muted_people)
    if friends or own:
        return friends or on_field(own, reader.talks)
    if reader.talks.choices.rule_out(event.fields):
        return None
    reason = _on_terms(event.terms, reader)
    return reason if reason and _can_be_said(str(reason.values["word"])) else None


def _names_it(reason: Reason, thread: ThreadFacts | ListingFacts) -> bool:
    """Whether a word is more telling than the field: a rare one that is the name of a thing (PCB), or a Chinese subject.

    A plain English noun reads oddly by itself ("a question about warehouse"); with one capital it may only have begun a message.
    """
    word = str(reason.values["word"])
    is_rare = any(thread.terms[key] == word for key in thread.terms.keys() & thread.rare)
    is_name = word.isascii() and not word[1:].islower()
    return is_rare and (is_name or (not word.isascii() and is_subject(word)))


def _can_be_said(word: str) -> bool:
    """Whether a word can stand in a sentence of ours; a Chinese one only where it surely is what was talked about."""
    return stands_bare(word) if word.isascii() else is_subject(word)


def on_field(own: Collection[Field], talks: Talks) -> Reason:
    """The one of these fields that they took part in most, and the strongest they did about it."""
    none = Trace(datetime.min.replace(tzinfo=UTC), 0)
    talks_in = {key: talks.contributions.get(key, none) for key in own}
    best = max(own, key=lambda one: (talks_in[one].n, talks_in[one].at, one))
    solution, opening = talks.solutions.get(best), talks.openings.get(best)
    if solution and solution.n >= FEW_ANSWERS:
        return _of_field("field_answered", best, solution)
    if opening:
        return _of_field("field_raised", best, opening)
    if talks_in[best].n:
        return _of_field("field_joined", best, talks_in[best])
    if best in talks.choices.own:
        return Reason("field_told", {"field": best.value})
    return _of_field("field_liked", best, talks.likes[best])


def _of_field(key: str, field: Field, trace: Trace) -> Reason:
    return Reason(key, {"field": field.value, "at": trace.at.isoformat(), "n": trace.n})


def many_go(event: EventFacts) -> Reason | None:
    """Why this event, for somebody whose interests nobody knows."""
    return Reason("many_go", {"n": len(event.going)}) if len(event.going) >= FEW_PEOPLE else None


def _on_terms(terms: Mapping[str, str], reader: Reader) -> Reason | None:
    wrote = {key: one for key, one in reader.wrote.items() if one.n >= FEW_MESSAGES}
    return _trace_reason("you_asked", terms, reader.asks) or _trace_reason("you_wrote", terms, wrote)


def _trace_reason(key: str, terms: Mapping[str, str], traces: Mapping[str, Trace]) -> Reason | None:
    """The term with most own messages, the latest of equals."""
    common = [(traces[term].n, traces[term].at, term) for term in terms if term in traces]
    if not common:
        return None
    n, at, term = max(common)
    return Reason(key, {"word": terms[term], "at": at.isoformat(), "n": n})


def _friends_go(
    event: EventFacts, reader: Reader, names: Mapping[int, str], muted_people: Iterable[int]
) -> Reason | None:
    going_friends = event.going & reader.company.keys() & names.keys() - set(muted_people)
    friends = sorted(going_friends, key=lambda who: (-reader.company[who], who))[:MOST_NAMES]
    if not friends:
        return None
    values = {"names": [names[who] for who in friends], "n": len(friends)}
    return Reason("friends_go", values, tuple(f"person:{who}" for who in friends))
