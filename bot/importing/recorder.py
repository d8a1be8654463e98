"""Records the facts of an export, a batch of messages in each transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.importing.facts import ChatFacts, Raw, Unreadable
from bot.importing.reader import ExportedChat
from bot.importing.times import Times
from models.database import Database
from models.domain.hearing import affiliations, recording
from models.domain.hearing.chats import UNTOLD, Founding, known_topics
from models.domain.hearing.facts import Fact, HeardMessage, Person, Place
from models.domain.hearing.people import known_bots

# Messages a transaction: more are no faster (measured), and a running bot waits for each.
BATCH = 1_000


@dataclass
class ChatReport:
    """What became of one chat."""

    name: str
    n_read: int = 0
    n_new: int = 0
    n_unreadable: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    # Telegram's id of the last message whose batch was committed.
    last_message_id: int | None = None
    people: set[int] = field(default_factory=set)
    telegram_id: int | None = None
    # Why the chat was left out after all.
    refusal: str | None = None

    def note(self, message: HeardMessage) -> None:
        """Count one message."""
        self.n_read += 1
        self.first_at = min(self.first_at or message.at, message.at)
        self.last_at = max(self.last_at or message.at, message.at)
        if isinstance(message.actor, Person) and not message.actor.is_bot:
            self.people.add(message.actor.telegram_id)


class Recorder:
    """Takes chats and their messages in the order of the file; `flush()` writes the last batch.

    Without a database it is a dry run: everything is read and counted, nothing is kept.
    """

    def __init__(
        self,
        database: Database | None,
        times: Times,
        *,
        now: datetime,
        community: str | None = None,
        founding: Founding = UNTOLD,
    ) -> None:
        self.database, self.times, self.now = database, times, now
        self.community, self.founding = community, founding
        self.reports: list[ChatReport] = []
        self.bots: set[int] = set()
        self._chat: ChatFacts | None = None
        self._facts: list[Fact] = []
        self._n_waiting, self._waiting_id = 0, 0

    async def open(self) -> None:
        """Learn who is a bot, as far as that was heard live."""
        if self.database is None:
            return
        async with self.database.reading() as session:
            self.bots |= await known_bots(session)

    async def begin(self, chat: ExportedChat) -> None:
        """The messages that follow are this chat's."""
        await self.flush()
        self.reports.append(ChatReport(chat.name or f"chat {chat.number}"))
        self._chat = ChatFacts(chat, times=self.times, topics=set(), bots=self.bots)

    async def take(self, raw: Raw) -> None:
        """Record one message, together with those before it when they are enough."""
        if self._chat is None or self.reports[-1].refusal:
            return
        report = self.reports[-1]
        if self._chat.place is None and "date" in raw:
            await self._enter(self._chat, raw)
        try:
            facts = self._chat.hear(raw)
        except Unreadable:
            report.n_unreadable += 1
            return
        for fact in facts:
            if isinstance(fact, HeardMessage):
                report.note(fact)
                self._waiting_id = fact.telegram_message_id
        self._facts += facts
        self._n_waiting += 1
        if self._n_waiting >= BATCH:
            await self.flush()

    async def _enter(self, chat: ChatFacts, raw: Raw) -> None:
        """Before the first message: topics known from listening, and the community that was asked for."""
        try:
            place = chat.enter(raw)
        except Unreadable as problem:
            self.reports[-1].refusal = str(problem)
            return
        self.reports[-1].telegram_id = place.telegram_id
        if self.database is not None:
            async with self.database.reading() as session:
                chat.topics |= await known_topics(session, place.telegram_id)
            await self._affiliate(self.database, place)

    async def _affiliate(self, database: Database, place: Place) -> None:
        """Put the chat into the community that was asked for, unless it may not be."""
        if self.community is None:
            return
        try:
            async with database.transaction() as session:
                await affiliations.affiliate(session, place, self.community, now=self.now)
        except affiliations.BelongsElsewhere:
            self.reports[-1].refusal = "it belongs to another community, and members consented there"
        except affiliations.AmbiguousName:
            self.reports[-1].refusal = f"several communities are named {self.community!r}"

    async def flush(self) -> None:
        """Commit what waits."""
        if self._facts and self.database is not None:
            async with self.database.transaction() as session:
                n_new = await recording.record(session, self._facts, now=self.now, founding=self.founding)
            report = self.reports[-1]
            report.n_new += n_new
            report.last_message_id = self._waiting_id
        self._facts, self._n_waiting = [], 0
