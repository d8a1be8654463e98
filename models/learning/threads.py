"""Messages into threads: a reply link if there is one, else what `links` finds likely, else a new thread.

Every message has at most one parent and parents are earlier, so a thread never changes its past: weaving what was known at
an instant gives the beginning of what weaving later gives, and weaving the last days alone gives the same threads for
those that lie wholly within. Looked at are the last MAX_LAG messages of the same chat and topic, no further back than MAX_GAP.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields

import numpy as np

from models.learning.arrays import Bools, Floats, Ints, distinct_pairs
from models.learning.dataset import CommunityLog, Messages
from models.learning.links import Stream
from models.learning.traits import questions, read_traits

# A message joins a thread, or begins one, surely when the chances of it come to this. On later days of real chat 97 in 100 that
# then join do, and 93 in 100 that begin (tests/benchmarks/weaving.py; the trade-off stands in models/learning/README.md).
SURE = 0.9
# What can be seen needs less: that a question which leans on nothing begins something; that an address by name, or one thought in
# two messages, goes on; that a story goes on with the question it comes to.
LIKELY, RATHER, HALF = 0.8, 0.7, 0.5
# Chances below this are not added up.
_TOO_LITTLE = 0.002
# Below this chance an earlier message is not even a guess.
GUESS = 0.15


def weave(log: CommunityLog) -> Ints:
    """Thread index of each message, numbered in order of first message; shape (n_messages,)."""
    return roots(parents(log))


def roots(parent: Ints) -> Ints:
    """Thread index of each message from the parents of messages (earlier indexes or -1), in order of first message."""
    root = np.arange(len(parent))
    for i, earlier in enumerate(parent):
        if earlier >= 0:
            root[i] = root[earlier]
    return np.unique(root, return_inverse=True)[1].astype(np.int64).reshape(-1)


@dataclass(frozen=True, eq=False)
class Ties:
    """What each message continues or answers, shape (n_messages,) each.

    `parent`: an earlier index, -1 where none is likely. `is_certain`: sure enough to be told to people. `begins`: it begins
    something, as surely; where neither holds, `parent` is a guess.
    """

    parent: Ints
    is_certain: Bools
    begins: Bools


def find_ties(log: CommunityLog, unheard: UnheardTalk | None = None, *, sure: float = SURE) -> Ties:
    """What each message continues or answers, and how surely; reply links always are sure.

    `unheard` are the instants at which others wrote whose words may not be read: any of them may be the one meant.
    """
    messages, is_unheard = amid(log.messages, unheard)
    ties, traits = _Ties(messages, sure), read_traits(messages)
    for indexes in _groups(rooms(messages)):
        ties.tie(indexes, Stream(messages, traits, indexes, is_unheard))
    return ties.without(is_unheard)


def parents(log: CommunityLog) -> Ints:
    """Index of the message each message likeliest continues or answers, -1 for one that begins a thread; shape (n_messages,)."""
    messages, traits = log.messages, read_traits(log.messages)
    parent, nobody = np.full(len(messages), -1, dtype=np.int64), np.zeros(len(messages), dtype=np.bool_)
    for stream in _groups(rooms(messages)):
        lag = Stream(messages, traits, stream, nobody).chances().argmax(axis=1)
        parent[stream] = np.where(lag > 0, stream[np.arange(len(stream)) - lag], -1)
    replies = messages.reply_to >= 0
    parent[replies] = messages.reply_to[replies]
    return parent


@dataclass(frozen=True, eq=False)
class UnheardTalk:
    """When and where somebody wrote whose words may not be read; in order of time."""

    at: Floats
    chat: Ints
    topic: Ints


def amid(messages: Messages, unheard: UnheardTalk | None) -> tuple[Messages, Bools]:
    """The messages with those unheard among them, blank and by nobody in particular; and which ones those are."""
    n = len(messages)
    if unheard is None or not len(unheard.at):
        return messages, np.zeros(n, dtype=np.bool_)
    m = len(unheard.at)
    order = np.argsort(np.concatenate([messages.at, unheard.at]), kind="stable")
    place = np.argsort(order)[:n]
    is_unheard: Bools = order >= n
    texts = (*messages.text, *[""] * m)
    return Messages(
        member=np.concatenate([messages.member, -1 - np.arange(m)])[order],
        at=np.concatenate([messages.at, unheard.at])[order],
        chat=np.concatenate([messages.chat, unheard.chat])[order],
        topic=np.concatenate([messages.topic, unheard.topic])[order],
        reply_to=np.concatenate([np.where(messages.reply_to >= 0, place[messages.reply_to], -1), np.full(m, -1)])[
            order
        ],
        item_id=np.concatenate([messages.item_id, np.full(m, -1)])[order],
        text=tuple(texts[i] for i in order.tolist()),
        is_question=None
        if messages.is_question is None
        else np.concatenate([messages.is_question, np.zeros(m, dtype=np.bool_)])[order],
        mentioning=place[messages.mentioning],
        mentioned_member=messages.mentioned_member,
    ), is_unheard


def rooms(messages: Messages) -> Ints:
    """A number per chat and forum topic, shape (n_messages,)."""
    return np.unique(np.stack([messages.chat, messages.topic]), axis=1, return_inverse=True)[1].reshape(-1)


@dataclass(frozen=True, eq=False)
class Threads:
    """Facts about threads, one row each, from the messages given to `summarise` and nothing later.

    first and last are message indexes; participants are pairs (thread_of, participant), distinct.
    """

    first: Ints
    last: Ints
    size: Ints
    first_at: Floats
    last_at: Floats
    chat: Ints
    topic: Ints
    opener: Ints
    is_question: Bools
    is_answered: Bools
    thread_of: Ints
    participant: Ints

    def __len__(self) -> int:
        return len(self.first)

    def take(self, index: Ints) -> Threads:
        """The threads at these indexes, in this order, renumbered from 0; indexes must be distinct."""
        place = np.full(len(self), -1, dtype=np.int64)
        place[index] = np.arange(len(index))
        inside = place[self.thread_of] >= 0
        plain = {part.name: getattr(self, part.name)[index] for part in fields(self)}
        pairs = {"thread_of": place[self.thread_of[inside]], "participant": self.participant[inside]}
        return Threads(**{**plain, **pairs})


def summarise(log: CommunityLog, thread: Ints, asks: Bools | None = None) -> Threads:
    """Facts about the threads in `thread`, as from `weave` or the beginning of it; later messages are not looked at.

    is_answered: somebody other than the opener wrote in it after the question.
    """
    messages = log.messages
    asks = questions(messages) if asks is None else asks
    first = np.unique(thread, return_index=True)[1].astype(np.int64)
    last = len(thread) - 1 - np.unique(thread[::-1], return_index=True)[1].astype(np.int64)
    opener = messages.member[first]
    pairs = distinct_pairs(thread, messages.member[: len(thread)])
    return Threads(
        first=first,
        last=last,
        size=np.bincount(thread, minlength=len(first)).astype(np.int64),
        first_at=messages.at[first],
        last_at=messages.at[last],
        chat=messages.chat[first],
        topic=messages.topic[first],
        opener=opener,
        is_question=asks[first],
        is_answered=np.bincount(pairs[0], weights=pairs[1] != opener[pairs[0]], minlength=len(first)) > 0,
        thread_of=pairs[0],
        participant=pairs[1],
    )


class _Ties:
    """Ties under way: messages surely of one conversation share a `root`."""

    def __init__(self, messages: Messages, sure: float) -> None:
        n, self._sure = len(messages), sure
        self._reply_to = messages.reply_to
        self._root, self._parent = np.arange(n), np.full(n, -1, dtype=np.int64)
        self._is_certain, self._begins = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)

    def tie(self, indexes: Ints, stream: Stream) -> None:
        """One chat and topic, in order of time."""
        chances = stream.chances()
        asks_anew = stream.asks & ~stream.leans
        self._begins[indexes] = chances[:, 0] >= np.where(asks_anew, min(LIKELY, self._sure), self._sure)
        lag = chances[:, 1:].argmax(axis=1) + 1
        is_guess = (np.take_along_axis(chances, lag[:, None], 1)[:, 0] >= GUESS) & ~asks_anew & ~stream.keeps_manners
        self._parent[indexes] = np.where(is_guess, indexes[np.arange(len(lag)) - lag], -1)
        # A conversation's chance is that of all its messages together, so those before are tied first.
        may_join = 1 - chances[:, 0] >= min(HALF, self._sure)
        for place in np.flatnonzero((self._reply_to[indexes] >= 0) | may_join).tolist():
            self._join(place, indexes, chances[place], stream)

    def _join(self, place: int, indexes: Ints, chances: Floats, stream: Stream) -> None:
        i, targets = indexes[place], self._reply_to[indexes[place]]
        if targets >= 0:
            self._put(i, targets)
            return
        total: dict[int, float] = defaultdict(float)
        lags = (np.flatnonzero(chances[1:] > _TOO_LITTLE) + 1).tolist()
        of = dict(zip(lags, self._root[indexes[place - np.array(lags, dtype=np.int64)]].tolist(), strict=True))
        for lag, chance in zip(lags, chances[lags].tolist(), strict=True):
            total[of[lag]] += chance
        best = max(total, key=lambda one: total[one], default=-1)
        lag = max((one for one in lags if of[one] == best), key=lambda one: chances[one], default=0)
        if total[best] >= self._threshold(stream, place, place - lag) and not stream.answers_nothing(
            place, place - lag
        ):
            self._put(i, indexes[place - lag])

    def _threshold(self, stream: Stream, later: int, earlier: int) -> float:
        if not stream.is_plain(later, earlier):
            return self._sure
        is_own_question = stream.asks[later] and stream.member[later] == stream.member[earlier]
        return min(HALF if is_own_question else RATHER, self._sure)

    def _put(self, i: int, parent: int) -> None:
        self._parent[i], self._root[i] = parent, self._root[parent]
        self._is_certain[i], self._begins[i] = True, False

    def without(self, is_unheard: Bools) -> Ties:
        """The ties of the messages heard, renumbered; what goes on with something unheard has no parent and is a guess."""
        place = np.where(is_unheard, -1, np.cumsum(~is_unheard) - 1)
        parent = self._parent[~is_unheard]
        is_known = np.where(parent >= 0, place[parent], -1)
        return Ties(is_known, self._is_certain[~is_unheard] & (is_known >= 0), self._begins[~is_unheard])


def _groups(label: Ints) -> list[Ints]:
    order = np.argsort(label, kind="stable")
    return [part for part in np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(part)]
