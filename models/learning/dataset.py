"""What a community did, as frozen arrays: the only door through which rows reach this room.

Ids are opaque 64-bit row ids; instants are unix seconds (float64, UTC). The caller puts in rows of consenting members
only: nothing here could tell. Every table is sorted as the caller gave it, messages by time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from models.learning.arrays import Bools, Floats, Ints


class RsvpCode(IntEnum):
    """Codes of `Rsvps.status`; CHECKED_IN is a visit, the others are answers."""

    NOT_GOING = 0
    MAYBE = 1
    GOING = 2
    WAITLISTED = 3
    CHECKED_IN = 4


class ItemKind(IntEnum):
    """What a recommendation was about; a thread is named by the item id of its first message."""

    THREAD = 0
    EVENT = 1
    LISTING = 2
    MEMBER = 3


class Action(IntEnum):
    """What a member did with a recommendation."""

    SHOWN = 0
    CLICKED = 1
    LIKED = 2
    LESS_LIKE_THIS = 3


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length; `at` is float64, every other column int64. Raises ValueError when they disagree."""

    member: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    at: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        for column in fields(self):
            value = getattr(self, column.name)
            object.__setattr__(self, column.name, _column(column.name, value, self._dtype(column.name)))
        lengths = {column.name: len(getattr(self, column.name)) for column in fields(self) if self._is_row(column.name)}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"{type(self).__name__} has columns of different lengths: {lengths}.")
        if not np.isfinite(self.at).all():
            raise ValueError(f"{type(self).__name__}.at holds an instant that is not a number.")

    def __len__(self) -> int:
        return len(self.member)

    def take(self, keep: Bools) -> Self:
        """The rows where `keep` is true, in the same order."""
        return replace(self, **{column.name: getattr(self, column.name)[keep] for column in fields(self)})

    def _dtype(self, name: str) -> type:
        return np.float64 if name == "at" else np.int64

    def _is_row(self, name: str) -> bool:
        return True


@dataclass(frozen=True, eq=False)
class Reactions(Table):
    """Who reacted to which message (an index into Messages) and when."""

    message: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class Rsvps(Table):
    """Answers to events; `status` holds RsvpCode codes."""

    event: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    status: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class Feedback(Table):
    """What members did with recommendations; `item_kind` and `action` hold ItemKind and Action codes."""

    item_kind: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    item_id: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    action: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class Joins(Table):
    """When each member came; a member may have joined and never written."""


@dataclass(frozen=True, eq=False)
class Messages(Table):
    """Messages in order of time. `reply_to` is an earlier index or -1, `topic` a forum topic or -1.

    Mentions are pairs (`mentioning` message index, `mentioned_member`). `item_id` is our row id of the message.
    `is_question` may be left out (None): then the text decides.
    """

    chat: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    topic: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    reply_to: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    item_id: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    text: tuple[str, ...] = ()
    mentioning: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    mentioned_member: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    is_question: Bools | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        rows = np.arange(len(self))
        if (np.diff(self.at) < 0).any():
            raise ValueError("Messages must be in order of time.")
        if ((self.reply_to < -1) | (self.reply_to >= rows)).any():
            raise ValueError("Messages.reply_to must be the index of an earlier message, or -1.")
        if len(self.mentioning) != len(self.mentioned_member):
            raise ValueError("Messages.mentioning and .mentioned_member must pair up.")
        if ((self.mentioning < 0) | (self.mentioning >= len(self))).any():
            raise ValueError("Messages.mentioning must be indexes of messages.")

    def take(self, keep: Bools) -> Self:
        """The messages where `keep` is true; replies to and mentions in the others are cut."""
        new_places = _new_places(keep)
        replies = np.where(self.reply_to >= 0, new_places[self.reply_to], -1)[keep] if len(self) else self.reply_to
        kept_mention = keep[self.mentioning]
        plain = {name: getattr(self, name)[keep] for name in ("member", "at", "chat", "topic", "item_id")}
        return replace(
            self,
            **plain,
            reply_to=replies,
            text=tuple(self.text[i] for i in np.flatnonzero(keep)),
            mentioning=new_places[self.mentioning[kept_mention]],
            mentioned_member=self.mentioned_member[kept_mention],
            is_question=None if self.is_question is None else self.is_question[keep],
        )

    def _dtype(self, name: str) -> type:
        return {"text": tuple, "is_question": np.bool_}.get(name, super()._dtype(name))

    def _is_row(self, name: str) -> bool:
        return name not in ("mentioning", "mentioned_member") and getattr(self, name) is not None


@dataclass(frozen=True, eq=False)
class CommunityLog:
    """Everything one community's models may learn from."""

    messages: Messages = field(default_factory=Messages)
    reactions: Reactions = field(default_factory=Reactions)
    rsvps: Rsvps = field(default_factory=Rsvps)
    feedback: Feedback = field(default_factory=Feedback)
    joins: Joins = field(default_factory=Joins)

    def __post_init__(self) -> None:
        if ((self.reactions.message < 0) | (self.reactions.message >= len(self.messages))).any():
            raise ValueError("Reactions.message must be indexes of messages.")

    @property
    def members(self) -> Ints:
        """Sorted ids of everyone who did something or joined."""
        tables = (self.messages, self.reactions, self.rsvps, self.feedback, self.joins)
        return np.unique(np.concatenate([table.member for table in tables]))

    def before(self, instant: float) -> CommunityLog:
        """What was known just before `instant` (unix seconds): rows with at < instant."""
        return self.where(lambda table: table.at < instant)

    def where(self, keep: Callable[[Table], Bools]) -> CommunityLog:
        """The rows for which `keep` is true; links to messages that are gone are cut."""
        kept_message = keep(self.messages)
        reactions = self.reactions.take(keep(self.reactions) & kept_message[self.reactions.message])
        return CommunityLog(
            messages=self.messages.take(kept_message),
            reactions=replace(reactions, message=_new_places(kept_message)[reactions.message]),
            rsvps=self.rsvps.take(keep(self.rsvps)),
            feedback=self.feedback.take(keep(self.feedback)),
            joins=self.joins.take(keep(self.joins)),
        )


def _new_places(keep: Bools) -> Ints:
    """New index of each row after keeping only `keep`, -1 for the dropped."""
    return np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int64)


def _column(name: str, value: Any, dtype: type) -> Any:
    if dtype is tuple or value is None:
        return None if value is None else tuple(value)
    array: NDArray[Any] = np.array(value, dtype=dtype)
    if array.ndim != 1:
        raise ValueError(f"Column {name} must have one dimension, not {array.ndim}.")
    array.setflags(write=False)
    return array
