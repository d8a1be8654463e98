"""Messages into threads: a reply link if there is one, else the best earlier message by a small scorer, else a new thread.

Every message has at most one parent and parents are earlier, so a thread never changes its past: weaving what was known at
an instant gives the beginning of what weaving later gives, and weaving the last days alone gives the same threads for
those that lie wholly within. The scorer looks at the last MAX_LAG messages of the same chat and topic, no further back
than MAX_GAP.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy.sparse import csr_array

from models.learning.arrays import DAY, Bools, Floats, Ints, distinct_pairs
from models.learning.dataset import CommunityLog, Messages
from models.learning.words import tokenize
from models.reading.questions import is_question

MAX_LAG = 40
MAX_GAP = 1 * DAY
# Bits of a message's word set; two different words fall together once in so many.
_N_BUCKETS = 1 << 16

# Log odds that an earlier message is the one meant. Where a message names its addressee the answer is known; the weights
# of what else tells it were fitted on such messages of three public chats with the name hidden (conditional logit, each
# chat held out once); those marked * cannot be seen there and are set by hand.
WEIGHTS = {
    "gap": -0.55,  # log1p of minutes in between
    "lag": -0.75,  # log of messages in between
    "same_member": 0.4,  # *
    "same_member_at_once": 1.5,  # * within two minutes, nobody in between: one thought in two messages
    "addresses_member": 4.0,  # *
    "addresses_another": -2.5,  # *
    "was_addressed": 1.35,
    "is_members_latest": 0.8,  # *
    "answers_question": 0.45,
    "shared_words": 1.2,  # log1p of words in common
}
# Below this a message begins a thread; by hand, so that threads of busy chats have about a dozen messages.
THRESHOLD = -0.8


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
    """`parent`: as from `parents`; `is_certain`: whether it is sure enough to be told to people. Shape (n_messages,) each."""

    parent: Ints
    is_certain: Bools


def tied(log: CommunityLog) -> Ties:
    """What each message continues or answers, and how surely; reply links always are."""
    messages, parent = log.messages, parents(log)
    is_certain: Bools = messages.reply_to >= 0
    for stream in _groups(rooms(messages)):
        is_certain[stream] |= _is_certain(messages, stream, parent[stream])
    return Ties(parent, is_certain)


def parents(log: CommunityLog) -> Ints:
    """Index of the message each message continues or answers, -1 for one that begins a thread; shape (n_messages,)."""
    messages = log.messages
    parent = np.full(len(messages), -1, dtype=np.int64)
    asks = questions(messages)
    words = _word_sets(messages.text)
    for stream in _groups(rooms(messages)):
        parent[stream] = _best_earlier(messages, stream, asks, words)
    replies = messages.reply_to >= 0
    parent[replies] = messages.reply_to[replies]
    return parent


def questions(messages: Messages) -> Bools:
    """Whether each message asks something: what the caller said, else what the text says."""
    if messages.is_question is not None:
        return messages.is_question
    return np.array([is_question(text) for text in messages.text], dtype=np.bool_)


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


def _best_earlier(messages: Messages, stream: Ints, asks: Bools, words: csr_array) -> Ints:
    """Parents within one chat and topic; `stream` are its message indexes in order of time."""
    best, parent = np.full(len(stream), THRESHOLD), np.full(len(stream), -1, dtype=np.int64)
    features = _Stream(messages, stream, asks, words)
    for lag in range(1, min(MAX_LAG, len(stream) - 1) + 1):
        score = features.score(lag)
        better = score > best[lag:]
        best[lag:][better] = score[better]
        parent[lag:][better] = stream[:-lag][better]
    return parent


def _is_certain(messages: Messages, stream: Ints, parent: Ints) -> Bools:
    """One thought in two messages, or an address by name at the one addressed."""
    before = np.concatenate([[-1], stream[:-1]])
    same = (parent >= 0) & (messages.member[parent] == messages.member[stream])
    at_once = same & (parent == before) & (messages.at[stream] - messages.at[parent] < 120)
    named = set(zip(messages.mentioning.tolist(), messages.mentioned.tolist(), strict=True))
    addressed = [(i, who) in named for i, who in zip(stream.tolist(), messages.member[parent].tolist(), strict=True)]
    certain: Bools = at_once | ((parent >= 0) & np.array(addressed, dtype=np.bool_))
    return certain


class _Stream:
    """One chat and topic; scores every message against the one `lag` before it."""

    def __init__(self, messages: Messages, stream: Ints, asks: Bools, words: csr_array) -> None:
        self.member, self.at = messages.member[stream], messages.at[stream]
        self.asks, self.words = asks[stream], words[stream]
        self.next_by_member = _next_of_same(self.member)
        place = np.full(len(messages), -1)
        place[stream] = np.arange(len(stream))
        here = place[messages.mentioning] >= 0
        mentioning, mentioned = place[messages.mentioning[here]], messages.mentioned[here]
        self.mentions_any = np.bincount(mentioning, minlength=len(stream)) > 0
        self._mentions = np.unique(_pair(mentioning, mentioned)) if len(mentioning) else np.zeros(0, dtype=object)

    def score(self, lag: int) -> Floats:
        """Log odds of each message from `lag` on against the one `lag` before it; -inf when that is too long ago."""
        parts = self.parts(lag)
        score: Floats = sum((WEIGHTS[name] * part for name, part in parts.items()), np.zeros(len(self.at) - lag))
        return np.where(self.at[lag:] - self.at[:-lag] <= MAX_GAP, score, -np.inf)

    def parts(self, lag: int) -> dict[str, Floats]:
        """The features named in WEIGHTS, shape (n - lag,) each."""
        later, earlier = np.arange(lag, len(self.member)), np.arange(len(self.member) - lag)
        gap = self.at[later] - self.at[earlier]
        same = self.member[later] == self.member[earlier]
        addresses, was_addressed = self._is_mention(later, earlier), self._is_mention(earlier, later)
        shared = np.asarray(self.words[later].multiply(self.words[earlier]).sum(axis=1)).reshape(-1)
        columns = {
            "gap": np.log1p(gap / 60),
            "lag": np.full(len(later), np.log(lag)),
            "same_member": same,
            "same_member_at_once": same & (gap < 120) & (lag == 1),
            "addresses_member": addresses,
            "addresses_another": self.mentions_any[later] & ~addresses,
            "was_addressed": was_addressed,
            "is_members_latest": (self.next_by_member[earlier] >= later) & ~same,
            "answers_question": self.asks[earlier] & ~same,
            "shared_words": np.log1p(shared),
        }
        return {name: np.asarray(column, np.float64) for name, column in columns.items()}

    def _is_mention(self, by: Ints, of: Ints) -> Bools:
        """Whether message `by` mentions the author of message `of`."""
        return np.isin(_pair(by, self.member[of]), self._mentions)


def _pair(message: Ints, member: Ints) -> Ints:
    """One number for (message, member): member ids are hashed, so that any 64-bit id fits."""
    with np.errstate(over="ignore"):
        return (member * np.int64(-7046029254386353131)) ^ (message.astype(np.int64) * np.int64(6364136223846793005))


def _next_of_same(member: Ints) -> Ints:
    """Index of the next message of the same member, or the length when there is none."""
    order = np.lexsort((np.arange(len(member)), member))
    following = np.full(len(member), len(member), dtype=np.int64)
    same = member[order[:-1]] == member[order[1:]]
    following[order[:-1][same]] = order[1:][same]
    return following


def _groups(label: Ints) -> list[Ints]:
    order = np.argsort(label, kind="stable")
    return [part for part in np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(part)]


def _word_sets(texts: tuple[str, ...]) -> csr_array:
    """Which words each text has, as 0/1 in hashed columns; needs no vocabulary, so a later text changes nothing."""
    from zlib import crc32

    sets = [{crc32(token.encode()) % _N_BUCKETS for token in tokenize(text) if len(token) > 1} for text in texts]
    indptr = np.concatenate([[0], np.cumsum([len(words) for words in sets])])
    indices = np.array([word for words in sets for word in sorted(words)], dtype=np.int64)
    return csr_array((np.ones(len(indices)), indices, indptr), shape=(len(texts), _N_BUCKETS))
