"""What a thread is, as it may be told: the types. Words are learners' only; whoever is no learner is counted and never named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.reading.references import judges, refers_back
from models.reading.text_kinds import TextKind
from models.tables.message import Sender, Tie


@dataclass(frozen=True, slots=True)
class Row:
    """One message of a thread as it stands in the database; `text` of learners only."""

    id: int
    thread_id: int
    chat_id: int
    topic_id: int | None
    telegram_message_id: int
    member_id: int | None
    sender: Sender
    sent_at: datetime
    deleted_at: datetime | None
    reply_to_telegram_id: int | None
    tie: Tie | None
    answers_id: int | None
    is_certain: bool
    text: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """One message of a conversation; `text` is None when its author is no learner, or it has none (a photo)."""

    message_id: int
    telegram_message_id: int
    member_id: int
    sent_at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody else than the asker surely said to the head.

    `agreeing` are other members who reacted kindly to it or answered it with thanks or agreement, whoever they are: how many
    may be told, names only of learners. `is_thanked`: one of them is the asker.
    """

    words: Words
    agreeing: frozenset[int]
    is_thanked: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread as it may be told.

    - `head` says what it is about: the first message of its tree that says something (a question, a resource, a decision, ...),
      never an answer, a bare greeting, a command or a mere correction. It is a learner's, without "(edit: typo)"; what its author
      wrote in one go (a story, then its question) is one text. `kind` is what the head is.
    - `author_id` wrote it; `asked_at` is its age, `last_at` the last certain word.
    - `last_spoke` has everybody who surely took part, the author too, and when they last wrote: for counts ("4 people").
      `participants` are the learners among them: for names ("with Mia").
    - `answers` to the head in order of time, one a person, see Answer; courtesies (+1, thanks, welcome) are none, nor is what
      only asks back.
    - `is_question`; `is_open`: a question without a certain answer; `is_settled`: its author said that it is solved, or thanked.
    - `may_be_answered`: there may be an answer that we do not know for one, also one said plainly days later: then say
      neither that nobody has answered, nor how
      many have. `perhaps_answered_by` are those who may have.
    - `is_small_talk`: told for company's sake; never leads.
    - `follows`: somebody else had spoken shortly before, so that the head may lean on what they said.
    """

    thread_id: int
    chat_id: int
    topic_id: int | None
    head: Words
    kind: TextKind
    author_id: int
    asked_at: datetime
    last_at: datetime
    last_spoke: Mapping[int, datetime]
    participants: frozenset[int]
    answers: tuple[Answer, ...]
    is_question: bool
    is_open: bool
    may_be_answered: bool
    is_small_talk: bool
    follows: bool = False
    is_settled: bool = False
    perhaps_answered_by: frozenset[int] = frozenset()

    @property
    def stands_alone(self) -> bool:
        """Whether the head can be understood, and surely opens: it is no remark upon what was said before."""
        if self.kind is TextKind.CHATTER and judges(self.head.text or ""):
            return False
        return not self.follows or (self.kind is not TextKind.CHATTER and not refers_back(self.head.text or ""))

    def n_people(self, since: datetime | None = None) -> int:
        """How many surely took part, or did so since then."""
        return sum(since is None or at >= since for at in self.last_spoke.values())

    @property
    def best_answer(self) -> Answer | None:
        """The answer with the most agreement that may be quoted, one the asker thanked for first, then the earliest."""
        quotable = [one for one in self.answers if one.words.text]
        return max(quotable, key=lambda one: (one.is_thanked, len(one.agreeing)), default=None)
