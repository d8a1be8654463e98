"""The messages of one thread as a tree of answers, and the pure rules that make a Conversation of it.

Everything rests on certain ties alone (reply links, and woven ones above the precise threshold). Words are read from learners
only; whoever is no learner is counted and never named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from models.domain.conversations.description import Answer, Conversation, Row, Words
from models.reading.corrections import without_correction
from models.reading.courtesies import is_small_talk, thanks
from models.reading.echoes import echoes
from models.reading.questions import settles
from models.reading.references import asks_on, refers_back
from models.reading.text_kinds import TextKind, is_command, kind
from models.tables.message import Sender, Tie

# What somebody writes in one go: no longer than this between two messages, nobody in between, and not more than these.
IN_ONE_GO = timedelta(minutes=5)
MOST_IN_ONE_GO = 4
# Kinds that are worth knowing by themselves, even where they were said in answer to something.
BRINGS_NEWS = (TextKind.RESOURCE, TextKind.PRODUCT, TextKind.NEWS)
UNKIND = frozenset("👎 😢 😡 🤬 💩 🤮 🖕 🥱 💔 😭 🤡".split())  # noqa: SIM905 - easier to read
_ADDRESS = re.compile(r"\s*@(?!all\b|everyone\b|everybody\b|here\b|channel\b)(?:\w+|…)", re.IGNORECASE)


def describe(
    rows: Sequence[Row], reactions: Mapping[int, Iterable[tuple[int, str]]], learners: Collection[int]
) -> Conversation | None:
    """The conversation of one thread's messages, in order of time; None when nobody may be told of it.

    `reactions` has (member id, emoji) by message id. None: the head is deleted, by no learner, or answers something that we do
    not know; or there is nothing but courtesies.
    """
    tree = _Tree(rows, learners)
    opening = tree.opening()
    if not opening:
        return None
    head, author_id = opening[0], opening[0].member_id
    assert author_id is not None  # noqa: S101 - an opening is a learner's
    below = tree.below(opening)
    spoke = {row.member_id: row.sent_at for row in below if row.member_id is not None}
    what = tree.kinds[opening[-1].id] if len(opening) > 1 else tree.kinds[head.id]
    answers = tuple(tree.answer(row, below, reactions.get(row.id, ())) for row in tree.answering(opening, below))
    is_question = what is TextKind.QUESTION
    text = " ".join(filter(None, (without_correction(row.text) for row in opening)))
    return Conversation(
        thread_id=head.thread_id,
        chat_id=head.chat_id,
        topic_id=head.topic_id,
        head=_words_of(head, text),
        kind=what,
        author_id=author_id,
        asked_at=head.sent_at,
        last_at=below[-1].sent_at,
        last_spoke=spoke,
        participants=frozenset(spoke.keys() & set(learners)),
        answers=answers,
        is_question=is_question,
        is_open=is_question and not answers,
        # A question back may have been meant as an answer.
        may_be_answered=is_question
        and (tree.has_probable_answer(author_id, below) or (not answers and len(spoke) > 1)),
        is_settled=tree.is_settled(author_id, below) or any(one.is_thanked for one in answers),
        is_small_talk=is_small_talk(text) or not what.says_something,
    )


def with_answer(talk: Conversation, answer_words: Words, learners: Collection[int]) -> Conversation:
    """The conversation with one more answer, for which its asker thanked."""
    if answer_words.text is not None:
        answer_words = replace(answer_words, text=without_correction(answer_words.text))
    answer = Answer(answer_words, frozenset({talk.author_id}), is_thanked=True)
    return replace(
        talk,
        answers=(*talk.answers, answer),
        is_open=False,
        is_settled=True,
        last_at=max(talk.last_at, answer_words.sent_at),
        last_spoke={**talk.last_spoke, answer_words.member_id: answer_words.sent_at},
        participants=talk.participants | ({answer_words.member_id} & set(learners)),
    )


class _Tree:
    """The certain messages of one thread, and what each is."""

    def __init__(self, rows: Sequence[Row], learners: Collection[int]) -> None:
        self._rows = {row.id: row for row in rows}
        standing = [row for row in rows if row.deleted_at is None and row.sender == Sender.MEMBER and _is_talk(row)]
        self._standing = standing
        self._certain = [row for row in standing if row.is_certain]
        # Of what we may not read we do not know what it is.
        self.kinds = {row.id: _kind(row.text) for row in standing if row.text and row.member_id in learners}

    def opening(self) -> list[Row]:
        """The head, and what its author went on with in one go up to the question; [] when there is none to be told."""
        head = next((row for row in self._certain if self._says(row) and self._begins(row)), None)
        if head is None or self.kinds[head.id] is TextKind.QUESTION:
            return [head] if head else []
        run = self._run(head)
        asking = next((i for i, row in enumerate(run) if self.kinds.get(row.id) is TextKind.QUESTION), 0)
        return [row for row in run[: asking + 1] if self._says(row)]

    def below(self, opening: Sequence[Row]) -> list[Row]:
        """The opening and every certain message that hangs on it, in order of time."""
        inside = {row.id for row in opening}
        rows = []
        for row in self._certain:
            if row.id in inside or row.answers_id in inside:
                inside.add(row.id)
                rows.append(row)
        return rows

    def answering(self, opening: Sequence[Row], below: Sequence[Row]) -> list[Row]:
        """What others said to the opening: the first of each that is more than a courtesy or a question back."""
        ids, author_id = {row.id for row in opening}, opening[0].member_id
        firsts: dict[int | None, Row] = {}
        for row in below:
            is_others = row.answers_id in ids and row.member_id != author_id
            if is_others and self._may_answer(row) and not self._only_asks(row, below):
                firsts.setdefault(row.member_id, row)
        return list(firsts.values())

    def is_settled(self, author_id: int, below: Sequence[Row]) -> bool:
        """Whether the author says so later on."""
        later = (row.text for row in below[1:] if row.member_id == author_id and row.id in self.kinds)
        return any(text and settles(text) for text in later)

    def has_probable_answer(self, author_id: int, below: Sequence[Row]) -> bool:
        """Whether somebody else likely, but not surely, said something to the head."""
        own = {row.id for row in below if row.member_id == author_id}
        loose = [row for row in self._standing if not row.is_certain and row.answers_id in own]
        return any(row.member_id != author_id and self._may_answer(row) for row in loose)

    def answer(self, row: Row, below: Sequence[Row], reactions: Iterable[tuple[int, str]]) -> Answer:
        """The answer as it may be told."""
        agreeing = {member_id for member_id, emoji in reactions if emoji not in UNKIND}
        for reply in below:
            if reply.answers_id == row.id and self._agrees(reply):
                agreeing.add(reply.member_id or 0)
        agreeing -= {row.member_id or 0, 0}
        text = without_correction(row.text) if row.id in self.kinds else None
        asker = self._rows[row.answers_id].member_id if row.answers_id in self._rows else None
        return Answer(_words_of(row, text), frozenset(agreeing), asker in agreeing)

    def _agrees(self, row: Row) -> bool:
        """Thanks and agreement, also with more around it: "Ah, that's it, thank you!", "Very useful Ana, I'll report back"."""
        what = self.kinds.get(row.id)
        says_thanks = what not in (None, TextKind.QUESTION) and thanks(row.text or "")
        return says_thanks or what in (TextKind.THANKS, TextKind.AGREEMENT)

    def _says(self, row: Row) -> bool:
        """Whether a thread can be about this message."""
        what = self.kinds.get(row.id)
        is_meant_for_all = row.text is not None and not _ADDRESS.match(row.text)
        is_told = what is not None and (what.says_something or what is TextKind.SMALL_TALK)
        return is_told and is_meant_for_all and bool(without_correction(row.text))

    def _begins(self, row: Row) -> bool:
        """Whether it answers nothing but courtesies.

        What begins its thread for want of a sure tie may lean on what was said before. It begins something when it does not show
        that, and others took it up by their replies (or might: a question); what offers or announces something always does.
        """
        above = row
        while above.tie != Tie.HEAD:
            if above.tie == Tie.PROBABLE and above.is_certain and self._stands_alone(above):
                break
            parent = self._rows.get(above.answers_id or 0)
            what = self.kinds.get(parent.id) if parent else None
            if parent is None or what is None or what.says_something:
                return False
            above = parent
        return above.reply_to_telegram_id is None

    def _stands_alone(self, row: Row) -> bool:
        what, text = self.kinds.get(row.id), row.text or ""
        if what in (None, TextKind.CHATTER) or refers_back(text):
            return False
        if what in BRINGS_NEWS or row.answers_id is not None:
            return what in BRINGS_NEWS
        is_taken_up = any(other.answers_id == row.id and other.member_id != row.member_id for other in self._certain)
        return is_taken_up or what is TextKind.QUESTION

    def _run(self, head: Row) -> list[Row]:
        run = [head]
        for row in self._standing[self._standing.index(head) + 1 :]:
            is_at_once = row.sent_at - run[-1].sent_at <= IN_ONE_GO
            if row.member_id != head.member_id or not is_at_once or not row.is_certain or len(run) >= MOST_IN_ONE_GO:
                break
            run.append(row)
        return run

    def _only_asks(self, row: Row, below: Sequence[Row]) -> bool:
        """Whether it is nothing but a question, for which nobody thanked."""
        is_question = self.kinds.get(row.id) is TextKind.QUESTION
        replies = [self.kinds.get(one.id) for one in below if one.answers_id == row.id]
        text = without_correction(row.text)
        return is_question and (_is_one_sentence(text) or asks_on(text)) and TextKind.THANKS not in replies

    def _may_answer(self, row: Row) -> bool:
        what = self.kinds.get(row.id)
        return what is None or (what.says_something and not echoes(without_correction(row.text)))


def _is_talk(row: Row) -> bool:
    return row.member_id is not None and row.tie != Tie.ASIDE and not is_command(row.text)


def _kind(text: str) -> TextKind:
    plain = without_correction(text)
    return kind(plain) if plain else TextKind.SMALL_TALK


def _is_one_sentence(text: str) -> bool:
    return sum(bool(part.strip()) for part in re.split(r"[.!?]+(?:\s|$)|[。！？]+", text)) <= 1


def _words_of(row: Row, text: str | None) -> Words:
    return Words(row.id, row.telegram_message_id, row.member_id or 0, row.sent_at, text)
