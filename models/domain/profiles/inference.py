"""What is inferred about one member from their own messages, line by line, each with its source. Pure rules.

In doubt nothing is inferred: what they build and where they are is taken from self-introductions alone, a field of work from
talks they began or answered in, or from what they say of themselves, a language from what they write in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.domain.conversations.own_fields import Talks
from models.domain.conversations.own_messages import OwnMessage, talks_of
from models.domain.members.literacy import LanguageCounts
from models.reading.fields import Field, fields_of
from models.reading.self_introductions import SelfIntroduction, read_self_introduction
from models.reading.text_kinds import TextKind, kind
from models.tables.profile import ProfileKind

# More of them are no profile.
MOST_FIELDS = 4


@dataclass(frozen=True)
class Line:
    """One thing that is inferred; `key` says from what, `at` when that was last, `message_id` where it can be read."""

    kind: ProfileKind
    words: str
    key: str
    at: datetime
    message_id: int | None = None
    n: int = 1

    @property
    def source(self) -> Mapping[str, Any]:
        """As rows keep it."""
        return {"key": self.key, "values": {"at": self.at.isoformat(), "n": self.n}}


@dataclass(frozen=True)
class Hello:
    """A message in which somebody introduces themselves, and what it says."""

    message: OwnMessage
    words: SelfIntroduction = field(repr=False)


def infer(messages: Sequence[OwnMessage]) -> list[Line]:
    """Everything, what they build first; `messages` are one member's own, the newest first."""
    hellos = list(introductions(messages))
    told = [one for one in (_project(hellos), _place(hellos)) if one is not None]
    return [*told, *_fields(messages, hellos), *_languages(messages)]


def introductions(messages: Iterable[OwnMessage]) -> Iterator[Hello]:
    """Those in which they introduce themselves, in the same order."""
    for one in messages:
        if (words := read_self_introduction(one.text)) is not None:
            yield Hello(one, words)


def _project(hellos: Iterable[Hello]) -> Line | None:
    told = ((one.message, one.words.project) for one in hellos)
    return next((_from_hello(ProfileKind.PROJECT, words, message) for message, words in told if words), None)


def _place(hellos: Iterable[Hello]) -> Line | None:
    told = ((one.message, one.words.place) for one in hellos)
    return next((_from_hello(ProfileKind.PLACE, words, message) for message, words in told if words), None)


def _from_hello(what: ProfileKind, words: str, message: OwnMessage) -> Line:
    return Line(what, words, "told", message.at, message.id)


def _fields(messages: Sequence[OwnMessage], hellos: Sequence[Hello]) -> list[Line]:
    """Those they answer and talk about, the most first; then what else their latest introduction is about."""
    talks = talks_of(reversed(messages), None)
    lines = [_field(one, talks, messages) for one in talks.own()]
    own = sorted(lines, key=lambda line: (line.key != "answered", -line.n, line.words))
    said = {key: one.message for one in reversed(hellos) for key in fields_of(one.words.about)}
    known = {line.words for line in own}
    own += [_from_hello(ProfileKind.FIELD, key, said[key]) for key in sorted(said) if key not in known]
    return own[:MOST_FIELDS]


def _field(one: Field, talks: Talks, messages: Sequence[OwnMessage]) -> Line:
    """The strongest they did about it, and the latest message that shows it."""
    solved, begun = talks.solutions.get(one), talks.openings.get(one)
    key, trace = (
        ("answered", solved) if solved else ("raised", begun) if begun else ("joined", talks.contributions[one])
    )
    shown = (message for message in messages if _shows(message, one, is_answer=solved is not None))
    message = next(shown, None)
    return Line(ProfileKind.FIELD, one.value, key, trace.at, message.id if message else None, trace.n)


def _shows(message: OwnMessage, one: Field, *, is_answer: bool) -> bool:
    what, asked = kind(message.text), message.answers
    if what is TextKind.QUESTION and is_answer:
        return False
    if is_answer and (asked is None or kind(asked) is not TextKind.QUESTION):
        return False
    return what.says_something and one in fields_of(message.text if asked is None else asked)


def _languages(messages: Sequence[OwnMessage]) -> list[Line]:
    from models.learning.languages import language_of  # loads dictionaries: a host that starts does without

    counts = LanguageCounts()
    for one in messages:
        counts.add(one.text, language_of(one.text))
    return [Line(ProfileKind.LANGUAGE, code, "wrote", messages[0].at) for code in counts.writes_in()]
