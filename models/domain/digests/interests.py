"""What a reader asked, answered and wrote about: their own visible history, by terms and by fields of a founder's work.

It is what every reason rests on. A term is a word that others used too ("customs"); a field is the trade it belongs to
(logistics), which tells much more of the future: who answered about freight will know about customs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from models.domain.conversations.own_fields import Choices, Talks, Trace, fields_of_others_talk, leave, tells_of
from models.domain.events.engagements import Engagement
from models.domain.members.literacy import LanguageCounts, Literacy
from models.learning.languages import language_of
from models.reading.courtesies import is_small_talk
from models.reading.fields import Field
from models.reading.gists import are_alike, title_of
from models.reading.text_kinds import TextKind, is_command, kind

if TYPE_CHECKING:  # they load numpy and dictionaries, which the process that answers members does without
    from models.domain.serving.training import Material
    from models.learning.terms import Terms

# Told with its date, so that the reader can look it up.
LOOK_BACK = timedelta(days=120)
# Who asked so long ago may know by now.
RECENTLY = timedelta(days=30)


@dataclass(frozen=True)
class Reader:
    """One reader's own history: terms they asked, answered and wrote about, and whom they answered how often lately.

    `fields` are their own, `talks` what they did about them.

    `zones` are the time zones of rooms they can be in; None: not known, any will do. `hours_asleep`: hours of UTC, for who
    never said where they are. `questions` are titles of what they asked in the last RECENTLY, `texts` all else they wrote;
    `engagements` when they are somewhere already.
    """

    asks: Mapping[str, Trace] = field(default_factory=dict)
    answers: Mapping[str, Trace] = field(default_factory=dict)
    wrote: Mapping[str, Trace] = field(default_factory=dict)
    company: Mapping[int, int] = field(default_factory=dict)
    literacy: Literacy = field(default_factory=Literacy)
    zones: frozenset[str] | None = None
    hours_asleep: frozenset[int] = frozenset()
    going_to: frozenset[int] = frozenset()
    talks: Talks = field(default_factory=Talks)
    questions: Sequence[str] = ()
    texts: Sequence[str] = ()
    engagements: Sequence[Engagement] = ()

    def has_asked(self, title: str) -> bool:
        """Whether they lately asked nearly the same."""
        return any(are_alike(title, one) for one in self.questions)

    def has_said(self, words: str) -> bool:
        """Whether they wrote that themselves, somewhere."""
        return any(words.casefold() in one.casefold() for one in self.texts)

    @property
    def fields(self) -> frozenset[Field]:
        """Their own."""
        return self.talks.own()


@dataclass
class Traces:
    """What one member left behind, by terms and by fields, and the scripts they wrote in."""

    asks: dict[str, Trace] = field(default_factory=dict)
    answers: dict[str, Trace] = field(default_factory=dict)
    wrote: dict[str, Trace] = field(default_factory=dict)
    words: LanguageCounts = field(default_factory=LanguageCounts)
    talks: Talks = field(default_factory=Talks)
    questions: list[tuple[datetime, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Trail:
    """What every learner of a community left behind, read for some of them at a time.

    Of a community of 40,000 the words alone fit in memory, what is made of everybody's does not.
    """

    learnt: Material
    terms: Terms
    since: datetime
    # First message of each message's reply tree, by index.
    heads: Sequence[int]
    # Indexes into the log, in order, by member id.
    messages_of: Mapping[int, Sequence[int]]
    reactions_of: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, learnt: Material, terms: Terms, *, since: datetime) -> Self:
        """Who left what, without a look at any words."""
        messages, reactions = learnt.log.messages, learnt.log.reactions
        return cls(
            learnt,
            terms,
            since,
            _heads(messages.reply_to.tolist()),
            _places(messages.member.tolist(), messages.at.tolist(), since),
            _places(reactions.member.tolist(), reactions.at.tolist(), since),
        )

    def traces(self, member_ids: Iterable[int]) -> dict[int, Traces]:
        """By member id; whoever left nothing, or is no learner, is missing."""
        left = {
            member_id for member_id in member_ids if member_id in self.messages_of or member_id in self.reactions_of
        }
        return {member_id: self._traces_of(member_id) for member_id in sorted(left)}

    def _traces_of(self, member_id: int) -> Traces:
        traces = Traces()
        for i in self.messages_of.get(member_id, ()):
            self._hear(traces, member_id, i)
        texts, reactions = self.learnt.log.messages.text, self.learnt.log.reactions
        for i in self.reactions_of.get(member_id, ()):
            head = self.heads[int(reactions.message[i])]
            if not is_small_talk(texts[head]):
                traces.talks.like(head, fields_of_others_talk(texts[head]), _instant(reactions.at[i]))
        return traces

    def _hear(self, traces: Traces, member_id: int, i: int) -> None:
        """One message of theirs."""
        messages = self.learnt.log.messages
        text, head, when = messages.text[i], self.heads[i], _instant(messages.at[i])
        if is_command(text):
            return
        traces.words.add(text, language_of(text))
        what = kind(text)
        if not what.says_something or is_small_talk(text):
            return
        leave(traces.wrote, self.terms.of(text), when)
        parent = int(messages.reply_to[i])
        is_anothers = parent >= 0 and messages.member[parent] != member_id
        is_first = head == i and not self.learnt.is_reply[i]
        answers_head = messages.text[parent] if is_anothers and parent == head else None
        traces.talks.hear(text, when, talk=head, head=messages.text[head], is_first=is_first, answers=answers_head)
        if what is not TextKind.QUESTION:
            traces.texts.append(text)
        if what is TextKind.QUESTION and parent < 0:
            traces.questions.append((when, text))
            leave(traces.asks, self.terms.of(text), when)
        elif what is not TextKind.QUESTION and is_anothers and tells_of(text, messages.text[parent]):
            leave(traces.answers, self.terms.of(messages.text[parent]), when)


def _places(members: Sequence[int], instants: Sequence[float], since: datetime) -> dict[int, list[int]]:
    places: defaultdict[int, list[int]] = defaultdict(list)
    for i, (member_id, at) in enumerate(zip(members, instants, strict=True)):
        if at >= since.timestamp():
            places[member_id].append(i)
    return dict(places)


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(float(at), UTC)


def reader(
    traces: Traces | None,
    *,
    company: Mapping[int, int],
    language: str,
    group: str,
    zones: frozenset[str],
    going_to: frozenset[int],
    hours_asleep: frozenset[int] = frozenset(),
    engagements: Sequence[Engagement] = (),
    choices: Choices | None = None,
    now: datetime | None = None,
) -> Reader:
    """A reader out of what they left behind; `language` is the one they chose, or their client's, `group` the community's.

    `choices` are what they said of their fields of work.
    """
    own_traces = traces or Traces()
    own_traces.talks.choices = choices or Choices()
    literacy = own_traces.words.literacy(language, group, unread=choices.unread if choices else ())
    recent = [text for at, text in own_traces.questions if now is None or at >= now - RECENTLY]
    return Reader(
        own_traces.asks,
        own_traces.answers,
        own_traces.wrote,
        company,
        literacy,
        zones,
        hours_asleep,
        going_to,
        own_traces.talks,
        [title for text in recent if (title := title_of(text, is_question=True)) is not None],
        own_traces.texts,
        engagements,
    )


def _heads(answers: Sequence[int]) -> list[int]:
    """The first message of each message's reply tree; parents come before their answers."""
    heads: list[int] = []
    for i, parent in enumerate(answers):
        heads.append(heads[parent] if parent >= 0 else i)
    return heads
