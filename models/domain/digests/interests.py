"""What a reader asked, answered and wrote about: their own visible history, by terms. It is what every reason rests on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.reading.courtesies import is_small_talk
from models.reading.scripts import scripts_of, scripts_of_language
from models.reading.text_kinds import TextKind, is_command, kind

if TYPE_CHECKING:  # they load numpy and dictionaries, which the process that answers members does without
    from models.domain.serving.training import Learnt
    from models.learning.terms import Terms

# Told with its date, so that the reader can look it up.
LOOK_BACK = timedelta(days=120)
# Who wrote less than this share of their messages in a script may have copied a name.
READS_SHARE = 0.2


@dataclass(frozen=True)
class Trace:
    """The latest of `n` own messages on a term."""

    at: datetime
    n: int = 1

    def later(self, at: datetime) -> Trace:
        """One more of them."""
        return Trace(max(self.at, at), self.n + 1)


@dataclass(frozen=True)
class Reader:
    """One reader's own history: terms they asked, answered and wrote about, and whom they answered how often lately.

    `reads` are the scripts they can read: those they wrote in, and that of a language they chose. `zones` are the time zones of
    rooms they can be in; None: not known, any will do.
    """

    asked: Mapping[str, Trace] = field(default_factory=dict)
    answered: Mapping[str, Trace] = field(default_factory=dict)
    wrote: Mapping[str, Trace] = field(default_factory=dict)
    company: Mapping[int, int] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()
    zones: frozenset[str] | None = None
    going_to: frozenset[int] = frozenset()


@dataclass
class Traces:
    """What one member left behind, by terms, and the scripts they wrote in."""

    asked: dict[str, Trace] = field(default_factory=dict)
    answered: dict[str, Trace] = field(default_factory=dict)
    wrote: dict[str, Trace] = field(default_factory=dict)
    scripts: Counter[str] = field(default_factory=Counter)


def traces(learnt: Learnt, terms: Terms, *, since: datetime) -> dict[int, Traces]:
    """What each learner left behind since then."""
    found: defaultdict[int, Traces] = defaultdict(Traces)
    messages = learnt.log.messages
    authors, instants, answers = messages.member.tolist(), messages.at.tolist(), messages.reply_to.tolist()
    for i, (member, at, parent) in enumerate(zip(authors, instants, answers, strict=True)):
        text = messages.text[i]
        if at < since.timestamp() or is_command(text):
            continue
        mine = found[member]
        mine.scripts.update(scripts_of(text))
        what = kind(text)
        if not what.says_something or is_small_talk(text):
            continue
        when = datetime.fromtimestamp(at, UTC)
        _leave(mine.wrote, terms.of(text), when)
        if what is TextKind.QUESTION and parent < 0:
            _leave(mine.asked, terms.of(text), when)
        elif what is not TextKind.QUESTION and _is_anothers_question(authors, messages.text, parent, member):
            _leave(mine.answered, terms.of(messages.text[parent]), when)
    return dict(found)


def reader(
    left: Traces | None,
    *,
    company: Mapping[int, int],
    language: str,
    zones: frozenset[str],
    going_to: frozenset[int],
) -> Reader:
    """A reader out of what they left behind; `language` is the one they chose, their client's, or the community's."""
    mine = left or Traces()
    written = {script for script, n in mine.scripts.items() if n >= READS_SHARE * mine.scripts.total() and n > 1}
    reads = frozenset(written) | scripts_of_language(language)
    return Reader(mine.asked, mine.answered, mine.wrote, company, reads, zones, going_to)


def _is_anothers_question(authors: Sequence[int], texts: Sequence[str], parent: int, member: int) -> bool:
    return parent >= 0 and authors[parent] != member and kind(texts[parent]) is TextKind.QUESTION


def _leave(traces: dict[str, Trace], terms: Iterable[str], at: datetime) -> None:
    for key in terms:
        traces[key] = traces[key].later(at) if key in traces else Trace(at)
