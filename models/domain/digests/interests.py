"""What a reader asked, answered and wrote about: their own visible history, by terms and by fields of a founder's work.

It is what every reason rests on. A term is a word that others used too ("customs"); a field is the trade it belongs to
(logistics), which tells much more of the future: who answered about freight will know about customs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.domain.conversations.own_fields import Talks, Trace, fields_of_others_talk, leave
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
    never said where they are. `questions` are titles of what they asked in the last RECENTLY, `texts` all else they wrote.
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


def traces(learnt: Material, terms: Terms, *, since: datetime) -> dict[int, Traces]:
    """What each learner left behind since then."""
    traces_of: defaultdict[int, Traces] = defaultdict(Traces)
    messages = learnt.log.messages
    authors, instants, answers = messages.member.tolist(), messages.at.tolist(), messages.reply_to.tolist()
    heads = _heads(answers)
    for i, (member, at, parent) in enumerate(zip(authors, instants, answers, strict=True)):
        text = messages.text[i]
        if at < since.timestamp() or is_command(text):
            continue
        own_traces = traces_of[member]
        own_traces.words.add(text, language_of(text))
        what = kind(text)
        if not what.says_something or is_small_talk(text):
            continue
        when = datetime.fromtimestamp(at, UTC)
        leave(own_traces.wrote, terms.of(text), when)
        is_first = heads[i] == i and not learnt.is_reply[i]
        is_anothers = parent >= 0 and authors[parent] != member
        answers_head = messages.text[parent] if is_anothers and parent == heads[i] else None
        own_traces.talks.hear(
            text, when, talk=heads[i], head=messages.text[heads[i]], is_first=is_first, answers=answers_head
        )
        if what is not TextKind.QUESTION:
            own_traces.texts.append(text)
        if what is TextKind.QUESTION and parent < 0:
            own_traces.questions.append((when, text))
            leave(own_traces.asks, terms.of(text), when)
        elif what is not TextKind.QUESTION and is_anothers and kind(messages.text[parent]) is TextKind.QUESTION:
            leave(own_traces.answers, terms.of(messages.text[parent]), when)
    _add_reactions(traces_of, learnt, heads, since)
    return dict(traces_of)


def _add_reactions(
    traces_of: defaultdict[int, Traces], learnt: Material, heads: Sequence[int], since: datetime
) -> None:
    texts, reactions = learnt.log.messages.text, learnt.log.reactions
    for member, at, message in zip(
        reactions.member.tolist(), reactions.at.tolist(), reactions.message.tolist(), strict=True
    ):
        head = heads[message]
        if at >= since.timestamp() and not is_small_talk(texts[head]):
            traces_of[member].talks.like(head, fields_of_others_talk(texts[head]), datetime.fromtimestamp(at, UTC))


def reader(
    traces: Traces | None,
    *,
    company: Mapping[int, int],
    language: str,
    group: str,
    zones: frozenset[str],
    going_to: frozenset[int],
    hours_asleep: frozenset[int] = frozenset(),
    now: datetime | None = None,
) -> Reader:
    """A reader out of what they left behind; `language` is the one they chose, or their client's, `group` the community's."""
    own_traces = traces or Traces()
    literacy = own_traces.words.literacy(language, group)
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
    )


def _heads(answers: Sequence[int]) -> list[int]:
    """The first message of each message's reply tree; parents come before their answers."""
    heads: list[int] = []
    for i, parent in enumerate(answers):
        heads.append(heads[parent] if parent >= 0 else i)
    return heads
