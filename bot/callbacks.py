"""One small class per button: pack() for the message, unpack() for the handler; 64 bytes at most.

Data is `version:name:fields`. Old messages keep their buttons: what needs other fields is a new class of another name (as
WhomButton is MetButton with a page), and the old one stays as long as its messages may be pressed. Nothing in it is trusted:
handlers check rights again.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

from models.domain.members.rights import Creators

if TYPE_CHECKING:
    from telegram import Update

from models.domain.events.wishes import Wish
from models.tables.consent import Purpose

VERSION = "1"
# Row ids fit 64 bits; anything longer was not ours, and would overflow the database.
_NUMBER = "-?[0-9]{1,18}"


class ButtonIsForeign(ValueError):
    """Callback data that none of our buttons wrote: forged, cut, or of a version that is gone."""


class _Button:
    name: ClassVar[str]

    def pack(self) -> str:
        """The callback data."""
        values = (getattr(self, field.name) for field in dataclasses.fields(self))  # type: ignore[arg-type]
        return ":".join([VERSION, self.name, *(str(value) for value in values)])

    @classmethod
    def unpack(cls, data: str | None) -> Self:
        """The button that wrote `data`. Raises ButtonIsForeign."""
        version, _, rest = (data or "").partition(":")
        name, *values = rest.split(":")
        kinds = cls._kinds()
        if version != VERSION or name != cls.name or len(values) != len(kinds):
            raise ButtonIsForeign(cls.name)
        return cls(**{field: _convert(text, kind) for (field, kind), text in zip(kinds.items(), values, strict=True)})

    @classmethod
    def of(cls, update: Update) -> Self:
        """The button that was pressed. Raises ButtonIsForeign."""
        return cls.unpack(update.callback_query.data if update.callback_query else None)

    @classmethod
    @cache
    def _kinds(cls) -> dict[str, Any]:
        kinds = get_type_hints(cls)
        kinds.pop("name", None)
        return kinds

    @classmethod
    @cache
    def pattern(cls) -> re.Pattern[str]:
        """What the handler's registration matches: exactly what unpack() takes; all else is a foreign button."""
        kinds = cls._kinds()
        fields = "".join(f":{_pattern(kind)}" for kind in kinds.values())
        return re.compile(rf"{VERSION}:{cls.name}{fields}\Z")


def words_of(kind: Any) -> list[str]:
    """What a field of this kind may say: the words of a closed list, of a Literal, or of several; [] for free text."""
    parts = get_args(kind)
    if get_origin(kind) is Literal:
        return list(parts)
    if parts:
        return [word for part in parts for word in words_of(part)]
    return list(kind) if issubclass(kind, StrEnum) else []


def _pattern(kind: Any) -> str:
    if words := words_of(kind):
        return f"(?:{'|'.join(map(re.escape, words))})"
    return _NUMBER if kind is int else "[^:]*"


def _convert(text: str, kind: Any) -> Any:
    if not re.fullmatch(_pattern(kind), text):
        raise ButtonIsForeign(text[:20])
    return next((word for word in words_of(kind) if word == text), None) or kind(text)


@dataclass(frozen=True)
class ConsentButton(_Button):
    """Say yes or no to one purpose, or to `all`, in one community."""

    name: ClassVar[str] = "consent"
    community_id: int
    purpose: Purpose | Literal["all"]
    is_given: int


@dataclass(frozen=True)
class LanguageButton(_Button):
    """Choose the language of private messages."""

    name: ClassVar[str] = "lang"
    language: str


@dataclass(frozen=True)
class RsvpButton(_Button):
    """Say what one wants of one's own answer to an event."""

    name: ClassVar[str] = "rsvp"
    event_id: int
    wish: Wish


class Control(StrEnum):
    """What can be done under what was pushed."""

    # The buttons of one item, and back from them.
    OPEN = "open"
    BACK = "back"
    # Why all of it came, or one item.
    WHY = "why"
    WHY_ONE = "why_one"
    PAUSE = "pause"
    STOP = "stop"
    LIKE = "like"
    LESS = "less"
    NOT_PERSON = "not_person"


@dataclass(frozen=True)
class ControlButton(_Button):
    """Steer what is pushed, by one recommendation of it."""

    name: ClassVar[str] = "ctl"
    action: Control
    recommendation_id: int


@dataclass(frozen=True)
class SetupButton(_Button):
    """Check the set-up of a chat again."""

    name: ClassVar[str] = "setup"
    chat_id: int


@dataclass(frozen=True)
class FirstStepButton(_Button):
    """Under the set-up report: choose the language or the zone, see other zones, ask for consent again, pin the question."""

    name: ClassVar[str] = "first"
    step: Literal["language", "zone", "other_zones", "ask_again", "pin"]
    value: str


@dataclass(frozen=True)
class ForgetButton(_Button):
    """Confirm or keep back the erasure of everything held about a member."""

    name: ClassVar[str] = "forget"
    is_sure: int


@dataclass(frozen=True)
class EventButton(_Button):
    """Do something with an event other than answering it: publish, drop, manage, cancel, open, set_title, ..."""

    name: ClassVar[str] = "event"
    action: str
    event_id: int


@dataclass(frozen=True)
class HostWordsButton(_Button):
    """Send or drop a host's words to those who come; take back those with this number."""

    name: ClassVar[str] = "words"
    action: Literal["send", "drop", "take_back"]
    event_id: int
    number: int


@dataclass(frozen=True)
class EventLineButton(_Button):
    """Answer what an event line left open; day is 20260319 or 0, the line itself is the message that the question replies to."""

    name: ClassVar[str] = "line"
    day: int
    rhythm: str
    zone: str


@dataclass(frozen=True)
class EventHourButton(_Button):
    """As EventLineButton, with the hour of the start in minutes from the beginning of its day."""

    name: ClassVar[str] = "hour"
    minute: int
    day: int
    rhythm: str
    zone: str


@dataclass(frozen=True)
class EventZoneButton(_Button):
    """Under the first preview of a community without a clock: say where it is; no zone: show others."""

    name: ClassVar[str] = "evzone"
    event_id: int
    zone: str


@dataclass(frozen=True)
class CheckInButton(_Button):
    """Mark a guest as there, or not after all; member 0 turns the page."""

    name: ClassVar[str] = "here"
    event_id: int
    member_id: int
    page: int


@dataclass(frozen=True)
class RatingButton(_Button):
    """Rate an event that one attended, 1 to 5."""

    name: ClassVar[str] = "stars"
    event_id: int
    stars: int


@dataclass(frozen=True)
class MetButton(_Button):
    """Say or take back that one met somebody at an event; member 0 opens the list."""

    name: ClassVar[str] = "met"
    event_id: int
    member_id: int


@dataclass(frozen=True)
class WhomButton(_Button):
    """As MetButton, on a page of the list; member 0 turns the page."""

    name: ClassVar[str] = "whom"
    event_id: int
    member_id: int
    page: int


@dataclass(frozen=True)
class PickButton(_Button):
    """Pick somebody of an event to stay in touch with, or take it back; member 0 turns the page.

    `which` list it stands in: 0 whom one met, 1 whom one missed, 2 everybody.
    """

    name: ClassVar[str] = "pick"
    event_id: int
    member_id: int
    which: int
    page: int


@dataclass(frozen=True)
class AgreeButton(_Button):
    """Say yes to introductions, and go on to a list to pick from."""

    name: ClassVar[str] = "agree"
    event_id: int
    which: int


@dataclass(frozen=True)
class AskedButton(_Button):
    """Answer the nameless question whether one would like to stay in touch with somebody of an event."""

    name: ClassVar[str] = "asked"
    event_id: int
    is_yes: int


@dataclass(frozen=True)
class CommunityButton(_Button):
    """Choose something for the whole community of the chat it stands in: language, zone, creators."""

    name: ClassVar[str] = "club"
    what: str
    value: str


@dataclass(frozen=True)
class CreatorsButton(_Button):
    """Choose who may plan events in a community."""

    name: ClassVar[str] = "creators"
    community_id: int
    who: Creators


@dataclass(frozen=True)
class EventListButton(_Button):
    """Narrow one's list of events: all, mine, week, free."""

    name: ClassVar[str] = "evlist"
    choice: str


@dataclass(frozen=True)
class CalendarButton(_Button):
    """The personal calendar feed: show, renew or revoke its address."""

    name: ClassVar[str] = "cal"
    action: str


@dataclass(frozen=True)
class SkipButton(_Button):
    """Leave out the question that was asked in private; a button under an older question does nothing."""

    name: ClassVar[str] = "skip"
    step: str


@dataclass(frozen=True)
class SettingsButton(_Button):
    """Open a page of /settings, or choose a value on it; no value: the page, no page: all settings."""

    name: ClassVar[str] = "set"
    what: str
    value: str


@dataclass(frozen=True)
class ClockButton(_Button):
    """Under the one question about a member's clock: that is mine; no zone: show others."""

    name: ClassVar[str] = "clock"
    zone: str


@dataclass(frozen=True)
class PauseButton(_Button):
    """Quiet for a week, a fortnight, a month; or resume."""

    name: ClassVar[str] = "pause"
    how_long: str
