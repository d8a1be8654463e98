"""How likely each message goes on with each of those shortly before it, or begins something: a softmax over both.

The weights were fitted by tests/benchmarks/weaving_fit.py on conversations whose links people wrote down (Ubuntu IRC, also with
part of the speakers made unheard), on messages of a public chat with the addressee hidden, and on weeks of the invented
community; models/learning/README.md has the trade-off. Nothing here looks at anything later than the message itself.
"""

from __future__ import annotations

import numpy as np

from models.learning.arrays import DAY, Bools, Floats, Ints
from models.learning.dataset import Messages
from models.learning.traits import Traits

# What a message can go on with: the last so many of the same chat and topic, and none older than this.
MAX_LAG = 40
MAX_GAP = 1 * DAY
# Two messages of one member within this time (seconds), nobody in between, are rather one thought.
AT_ONCE = 120
# Words in common that come to this much rareness join even a question with what was said: one rare word, or two less so.
ENOUGH_RARE = 0.6
# Log odds that the earlier message of a pair is the one gone on with.
LINK_WEIGHTS = {
    "minutes": 0.25,
    "minutes_over_an_hour": -0.48,
    "within_a_minute": 0.7,
    "lag": -1.31,
    "is_next": -0.96,
    "same_member": -0.63,
    "same_member_at_once": 1.58,
    "same_members_latest": 1.96,
    "addresses_member": 1.55,
    "addresses_members_latest": 0.67,
    "addresses_another": -3.8,
    "was_addressed": 2.18,
    "both_address_one": 1.24,
    "is_members_latest": 0.24,
    "follows_question": 1.0,
    "question_upon_question": -0.73,
    "asks_more": -0.21,
    "shares_rare_words": 1.74,
    "is_mostly_alike": 1.63,
    "names_what_was_asked": 2.01,
    "shares_none_late": -0.42,
    "thanks_for_it": 1.74,
    "follows_courtesy": -1.0,
    "courtesy_upon_question": -0.12,
    "short_and_next": 0.35,
    "question_and_next": -0.25,
    "is_unheard": 1.07,
}
# Log odds that a message begins something.
HEAD_WEIGHTS = {
    "always": -1.07,
    "asks_anew": 1.76,
    "assents": -0.88,
    "keeps_company": 1.57,
    "addresses_somebody": -2.99,
    "length": 0.42,
    "pause": -0.3,
    "own_pause": 0.14,
    "has_link": 1.06,
    "leans": -0.52,
    "is_new_here": 0.8,
    "replies_are_used": 1.63,
}


class Stream:
    """One chat and topic; compares every message with the one `lag` before it.

    `stream` are its message indexes in order of time; `is_unheard` marks messages of which only the instant is known.
    """

    def __init__(self, messages: Messages, traits: Traits, stream: Ints, is_unheard: Bools) -> None:
        self.member, self.at = messages.member[stream], messages.at[stream]
        self.asks, self.leans = traits.asks[stream], traits.leans[stream]
        self.is_assent, self.is_company = traits.is_assent[stream], traits.is_company[stream]
        self.has_link, self.length, self.words = traits.has_link[stream], traits.length[stream], traits.words[stream]
        self.rareness = np.sqrt(np.asarray(self.words.multiply(self.words).sum(axis=1)).reshape(-1))
        self.is_linked, self.is_unheard = messages.reply_to[stream] >= 0, is_unheard[stream]
        self.next_by_member = _next_of_same(self.member)
        self._read_mentions(messages, stream)

    def __len__(self) -> int:
        return len(self.at)

    def chances(self) -> Floats:
        """P(begins something) in column 0, P(goes on with the one `lag` before) in column lag; shape (n, MAX_LAG + 1)."""
        log_odds = np.full((len(self), MAX_LAG + 1), -np.inf)
        log_odds[:, 0] = _weighted_sum(HEAD_WEIGHTS, self.head_columns())
        for lag in range(1, min(MAX_LAG, len(self) - 1) + 1):
            is_near = self.at[lag:] - self.at[:-lag] <= MAX_GAP
            log_odds[lag:, lag] = np.where(is_near, _weighted_sum(LINK_WEIGHTS, self.link_columns(lag)), -np.inf)
        odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
        chances: Floats = odds / odds.sum(axis=1, keepdims=True)
        return chances

    @property
    def keeps_manners(self) -> Bools:
        """Messages that are courtesies or small talk and nothing else."""
        return self.is_assent | self.is_company

    def is_plain(self, later: int, earlier: int) -> bool:
        """Whether it can be seen what goes on with what: one thought in two messages, an address, the thing asked for named.

        After an answer by the reply button its author has said what they had to say to that.
        """
        is_at_once = later - earlier == 1 and self.at[later] - self.at[earlier] < AT_ONCE
        if self.member[later] == self.member[earlier]:
            return bool(is_at_once and not self.is_linked[earlier])
        if self.asks[earlier] and not self.asks[later] and self._rare_in_common(later, earlier) >= ENOUGH_RARE:
            return True
        is_latest = self.next_by_member[earlier] >= later
        return bool(is_latest and self._is_mention(np.array([later]), np.array([earlier]))[0])

    def answers_nothing(self, later: int, earlier: int) -> bool:
        """Whether two messages are held apart whatever their chances: a greeting, small talk, or a question asked anew.

        An address or rare words in common join them after all; one's own story may go on with a greeting or a question.
        """
        asks_anew = self.asks[later] and not self.leans[later]
        is_apart = self.asks[earlier] if self.member[later] == self.member[earlier] else True
        if not (asks_anew or self.is_company[later]) or not is_apart or self._addresses_any[later]:
            return False
        return self._rare_in_common(later, earlier) < ENOUGH_RARE

    def _rare_in_common(self, later: int, earlier: int) -> float:
        return float(self.words[later : later + 1].multiply(self.words[earlier : earlier + 1]).sum())

    def head_columns(self) -> dict[str, Floats]:
        """The columns named in HEAD_WEIGHTS, shape (n,) each."""
        pause = np.diff(self.at, prepend=self.at[:1] - MAX_GAP) / 60
        previous = np.full(len(self), -1)
        has_next = self.next_by_member < len(self)
        previous[self.next_by_member[has_next]] = np.flatnonzero(has_next)
        own_pause = np.where(previous >= 0, self.at - self.at[np.maximum(previous, 0)], MAX_GAP).clip(max=MAX_GAP)
        return _columns(
            always=np.ones(len(self)),
            asks_anew=self.asks & ~self.leans,
            assents=self.is_assent,
            keeps_company=self.is_company,
            addresses_somebody=self._addresses_any,
            length=self.length,
            pause=np.log1p(pause),
            own_pause=np.log1p(own_pause / 60),
            has_link=self.has_link,
            leans=self.leans,
            is_new_here=own_pause >= MAX_GAP,
            replies_are_used=self._share_of_replies(),
        )

    def link_columns(self, lag: int) -> dict[str, Floats]:
        """The columns named in LINK_WEIGHTS, shape (n - lag,) each."""
        later, earlier = np.arange(lag, len(self)), np.arange(len(self) - lag)
        gap = self.at[later] - self.at[earlier]
        minutes = np.log1p(gap / 60)
        same = self.member[later] == self.member[earlier]
        is_latest = self.next_by_member[earlier] >= later
        addresses, was_addressed = self._is_mention(later, earlier), self._is_mention(earlier, later)
        # Rows by slices: picked one by one they took a third of the weaving.
        words, words_before = self.words[lag:], self.words[: len(self) - lag]
        rare = np.asarray(words.multiply(words_before).sum(axis=1)).reshape(-1)
        asks, was_asking, is_next = self.asks[later], self.asks[earlier], np.full(len(later), lag == 1)
        is_courtesy = self.keeps_manners
        return _columns(
            minutes=minutes,
            minutes_over_an_hour=np.maximum(minutes - np.log(61), 0),
            within_a_minute=gap < 60,
            lag=np.full(len(later), np.log(lag)),
            is_next=is_next,
            same_member=same,
            same_member_at_once=same & (gap < AT_ONCE) & is_next,
            same_members_latest=same & is_latest,
            addresses_member=addresses,
            addresses_members_latest=addresses & is_latest,
            addresses_another=self._addresses_any[later] & ~addresses & ~same,
            was_addressed=was_addressed,
            both_address_one=(self._n_addressed[later] == self._n_addressed[earlier])
            & self._addresses_any[later]
            & ~same,
            is_members_latest=is_latest & ~same,
            follows_question=was_asking & ~same,
            question_upon_question=was_asking & asks & ~same,
            asks_more=asks & ~self.leans[later] & same,
            shares_rare_words=np.log1p(rare),
            is_mostly_alike=rare / np.maximum(self.rareness[later] * self.rareness[earlier], 1e-9),
            names_what_was_asked=np.log1p(rare) * (was_asking & ~asks & ~same),
            shares_none_late=(rare == 0) * np.maximum(minutes - np.log(11), 0),
            thanks_for_it=self.is_assent[later] & ~same & ~was_asking,
            follows_courtesy=is_courtesy[earlier] & ~same,
            courtesy_upon_question=is_courtesy[later] & was_asking & ~same,
            short_and_next=(self.length[later] < np.log1p(25)) & is_next & ~same,
            question_and_next=asks & is_next & ~same,
            is_unheard=self.is_unheard[earlier],
        )

    def _read_mentions(self, messages: Messages, stream: Ints) -> None:
        place = np.full(len(messages), -1)
        place[stream] = np.arange(len(stream))
        here = place[messages.mentioning] >= 0
        mentioning, mentioned_place = place[messages.mentioning[here]], messages.mentioned_member[here]
        self._addresses_any = np.bincount(mentioning, minlength=len(stream)) > 0
        # The first who is named; what stands for nobody is looked at nowhere.
        self._n_addressed = np.zeros(len(stream), dtype=np.int64)
        self._n_addressed[mentioning[::-1]] = mentioned_place[::-1]
        self._mentions = (
            np.unique(_pair(mentioning, mentioned_place)) if len(mentioning) else np.zeros(0, dtype=np.int64)
        )

    def _is_mention(self, by: Ints, of: Ints) -> Bools:
        """Whether message `by` mentions the author of message `of`; a table of few is looked up rather than joined."""
        is_mention = np.zeros(len(by), dtype=np.bool_)
        naming = np.flatnonzero(self._addresses_any[by])
        is_mention[naming] = np.isin(_pair(by[naming], self.member[of[naming]]), self._mentions)
        return is_mention

    def _share_of_replies(self) -> Floats:
        """Of what was heard among the last MAX_LAG within MAX_GAP, how much answers by a reply link."""
        first = np.maximum(np.searchsorted(self.at, self.at - MAX_GAP), np.arange(len(self)) - MAX_LAG)
        n_linked, n_heard = (np.concatenate([[0], np.cumsum(one)]) for one in (self.is_linked, ~self.is_unheard))
        before = np.arange(len(self))
        share: Floats = (n_linked[before] - n_linked[first]) / np.maximum(n_heard[before] - n_heard[first], 1)
        return share


def _columns(**columns: Floats | Bools) -> dict[str, Floats]:
    return {name: np.asarray(column, np.float64) for name, column in columns.items()}


def _weighted_sum(weights: dict[str, float], columns: dict[str, Floats]) -> Floats:
    total: Floats = sum((weights[name] * column for name, column in columns.items()), np.zeros(1))
    return total


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
