"""Which fields of a founder's work are somebody's own: those they take part in talks about, not those they strayed into once.

After two weeks of the invented community the fields found so are the tastes of its people, but for a few. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from models.reading.courtesies import is_small_talk
from models.reading.echoes import echoes
from models.reading.fields import Field, fields_of
from models.reading.gists import telling_words
from models.reading.references import refers_back
from models.reading.text_kinds import TextKind, kind

# A field is one's own from so much evidence on, if that is this share of all there is.
ENOUGH, FIELD_SHARE = 2.0, 0.15
# What a talk counts: taking part in it, having begun it or answered its question besides, or only having reacted. Of lines told
# for mere taking part in two talks three in ten lay in the reader's field, for one talk begun eight, for two answers nine.
JOINED, RAISED, SOLVED, LIKED = 0.6, 1.3, 0.5, 0.4

_Key = TypeVar("_Key", bound=str)


@dataclass(frozen=True)
class Trace:
    """The latest of `n` own messages, or talks."""

    at: datetime
    n: int = 1

    def later(self, at: datetime) -> Trace:
        """One more of them."""
        return Trace(max(self.at, at), self.n + 1)


@dataclass(frozen=True)
class Choices:
    """What somebody said of their fields themselves: these are theirs, those are not, whatever they talk about.

    `unread` are codes of languages from which nothing is concluded, though they write in them.
    """

    own: frozenset[Field] = frozenset()
    denials: frozenset[Field] = frozenset()
    unread: frozenset[str] = frozenset()

    def rule_out(self, about: Collection[Field]) -> bool:
        """Whether all that something is about is no field of theirs, as they say: no word of it is an interest either."""
        return bool(about) and self.denials >= set(about)


@dataclass
class Talks:
    """The talks one member took part in, by field: all of them, those they began, and questions of others they answered.

    `questions` are the openings that ask. `likes`: talks in which they only reacted. `choices` come before all of it.
    """

    choices: Choices = field(default_factory=Choices)
    contributions: dict[Field, Trace] = field(default_factory=dict)
    likes: dict[Field, Trace] = field(default_factory=dict)
    openings: dict[Field, Trace] = field(default_factory=dict)
    questions: dict[Field, Trace] = field(default_factory=dict)
    solutions: dict[Field, Trace] = field(default_factory=dict)
    _talks: set[Hashable] = field(default_factory=set)
    _answers: set[Hashable] = field(default_factory=set)
    _evidence: dict[Field, float] = field(default_factory=dict)

    def hear(
        self, text: str, at: datetime, *, talk: Hashable, head: str, is_first: bool, answers: str | None = None
    ) -> None:
        """Count a message that says something; `head` opened its talk, `answers` is that if it is another's and answered."""
        what = kind(text)
        if not what.says_something or is_small_talk(text):
            return
        # "Is it heated? We have batteries" goes on with what others had begun, linked or not; so may any plain statement.
        begins = is_first and what is not TextKind.CHATTER and not refers_back(text)
        asks = begins and what is TextKind.QUESTION
        solves = answers is not None and what is not TextKind.QUESTION and tells_of(text, answers)
        about = fields_of(head) if is_first else fields_of_others_talk(head)
        if is_first or solves or what is TextKind.QUESTION or _is_of_it(text, head, about):
            self.take_part(talk, about, at, begins=begins, solves=solves, asks=asks)
        else:
            # "Interesting, we see it differently" is said to anything.
            self.like(talk, about, at)

    def take_part(
        self, talk: Hashable, about: Collection[Field], at: datetime, *, begins: bool, solves: bool, asks: bool = False
    ) -> None:
        """Count a talk once, and its question as answered once, whatever else they wrote in it."""
        if talk not in self._talks:
            self._talks.add(talk)
            leave(self.contributions, about, at)
            self._weigh(about, JOINED + RAISED * begins)
            if begins:
                leave(self.openings, about, at)
            if begins and asks:
                leave(self.questions, about, at)
        if solves and talk not in self._answers:
            self._answers.add(talk)
            leave(self.solutions, about, at)
            self._weigh(about, SOLVED)

    def like(self, talk: Hashable, about: Collection[Field], at: datetime) -> None:
        """Count a talk that they reacted in, if they did not write in it; to be told after what they wrote."""
        if talk not in self._talks:
            self._talks.add(talk)
            leave(self.likes, about, at)
            self._weigh(about, LIKED)

    def own(self) -> frozenset[Field]:
        """Their fields."""
        enough = max(ENOUGH, FIELD_SHARE * sum(self._evidence.values()))
        shown = frozenset(key for key, weight in self._evidence.items() if weight >= enough)
        return (shown | self.choices.own) - self.choices.denials

    @classmethod
    def together(cls, parts: Iterable[Talks]) -> Talks:
        """All that somebody did in several groups; no talk is in two of them."""
        parts = list(parts)
        own = frozenset().union(*(part.choices.own for part in parts))
        denials = frozenset().union(*(part.choices.denials for part in parts))
        unread = frozenset().union(*(part.choices.unread for part in parts))
        whole = cls(choices=Choices(own, denials, unread))
        for part in parts:
            for mine, theirs in zip(whole._traces(), part._traces(), strict=True):
                for key, trace in theirs.items():
                    before = mine.get(key, Trace(trace.at, 0))
                    mine[key] = Trace(max(before.at, trace.at), before.n + trace.n)
            for key, weight in part._evidence.items():
                whole._evidence[key] = whole._evidence.get(key, 0.0) + weight
        return whole

    def _traces(self) -> tuple[dict[Field, Trace], ...]:
        return self.contributions, self.likes, self.openings, self.questions, self.solutions

    def _weigh(self, about: Collection[Field], weight: float) -> None:
        """What is about two fields says half as much of each: "hallucinations in a contract" is no lawyer's."""
        for key in about:
            self._evidence[key] = self._evidence.get(key, 0.0) + weight / len(about)


def _is_of_it(text: str, head: str, about: Collection[Field]) -> bool:
    """Whether a remark is of the field of its talk, or takes up a word of its head."""
    return bool(fields_of(text) & frozenset(about)) or bool(telling_words(text) & telling_words(head))


def tells_of(text: str, question: str) -> bool:
    """Whether a text answers a question with something: "Following this, same here" is said to one and answers nothing."""
    return kind(question) is TextKind.QUESTION and not echoes(text)


def fields_of_others_talk(head: str) -> frozenset[Field]:
    """The fields that joining a talk, or reacting in it, speaks for: who welcomes somebody new need not share their work."""
    return frozenset() if kind(head) is TextKind.INTRODUCTION else fields_of(head)


def leave(traces: dict[_Key, Trace], keys: Iterable[_Key], at: datetime) -> None:
    """One more trace of each of these."""
    for key in keys:
        traces[key] = traces[key].later(at) if key in traces else Trace(at)
