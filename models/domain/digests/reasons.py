"""True, checkable reasons, made from the reader's own visible history: pure rules over facts. One an item, the strongest.

Every sentence here can be worked out again from the rows; a test does. Whom somebody chats with is no reason for a thread: of
threads with company alone one in nine lay in the reader's field, of those on a term they asked or answered about three in four
(measured on the invented community). The keys live in the texts under digests.reason, and under digests.data what each is
taken from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from models.domain.digests.interests import Reader, Trace
from models.domain.digests.items import EventFacts, Reason, ThreadFacts

# Fewer own messages than this on a term are no interest of a reader's.
FEW_MESSAGES = 2
# Whom they answered so often is company.
FEW_ANSWERS = 2
# A talk of fewer people than this is nothing to be missed.
FEW_PEOPLE = 3
# People named who go to an event.
MOST_NAMES = 2


def for_thread(thread: ThreadFacts, reader: Reader) -> Reason | None:
    """Why this thread, for somebody whose history is known: what they answered, asked or wrote about.

    One common word in common is little ("investor"): then it must have come up more than once, or be among people they answer.
    """
    made = _traced("you_answered", thread.terms, reader.answered) or _on_terms(thread.terms, reader)
    if made is None or reader.company.get(thread.author_id, 0) >= FEW_ANSWERS:
        return made
    shared = thread.terms.keys() & (reader.answered.keys() | reader.asked.keys() | reader.wrote.keys())
    is_telling = bool(shared & thread.rare) or len(shared) > 1 or made.values["n"] > 1
    return made if is_telling else None


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


def for_event(
    event: EventFacts, reader: Reader, member_id: int, names: Mapping[int, str], *, muted: Collection[int] = ()
) -> Reason | None:
    """Why this event: the reader is part of it, people they answer go, or it is about what they ask and write about.

    `names` are of people who may be named; `muted` ones never are.
    """
    if event.author_id == member_id:
        return Reason("you_host")
    if event.id in reader.going_to:
        return Reason("you_go")
    return _friends_go(event, reader, names, muted) or _on_terms(event.terms, reader)


def many_go(event: EventFacts) -> Reason | None:
    """Why this event, for somebody whose interests nobody knows."""
    return Reason("many_go", {"n": len(event.going)}) if len(event.going) >= FEW_PEOPLE else None


def _on_terms(terms: Mapping[str, str], reader: Reader) -> Reason | None:
    wrote = {key: one for key, one in reader.wrote.items() if one.n >= FEW_MESSAGES}
    return _traced("you_asked", terms, reader.asked) or _traced("you_wrote", terms, wrote)


def _traced(key: str, terms: Mapping[str, str], traces: Mapping[str, Trace]) -> Reason | None:
    """The term with most own messages, the latest of equals."""
    shared = [(traces[term].n, traces[term].at, term) for term in terms if term in traces]
    if not shared:
        return None
    n, at, term = max(shared)
    return Reason(key, {"word": terms[term], "at": at.isoformat(), "n": n})


def _friends_go(event: EventFacts, reader: Reader, names: Mapping[int, str], muted: Iterable[int]) -> Reason | None:
    known = event.going & reader.company.keys() & names.keys() - set(muted)
    friends = sorted(known, key=lambda who: (-reader.company[who], who))[:MOST_NAMES]
    if not friends:
        return None
    values = {"names": [names[who] for who in friends], "n": len(friends)}
    return Reason("friends_go", values, tuple(f"person:{who}" for who in friends))
