"""One small class per button: pack() for the message, unpack() for the handler.

Old messages keep their buttons: what needs other fields is a new class of another name (as WhomButton is MetButton with a
page), and the old one stays as long as its messages may be pressed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from bot.callback_data import CallbackData
from models.domain.events.seen_lists import EventFilter
from models.domain.events.wishes import Wish
from models.domain.introductions.proposals import Answer
from models.domain.members.rights import Creators
from models.reading.listing_kinds import ListingKind
from models.tables.consent import Purpose
from models.tables.introduction import Outcome


@dataclass(frozen=True)
class ConsentButton(CallbackData):
    """Say yes or no to one purpose, or to `all`, in one community."""

    name: ClassVar[str] = "consent"
    community_id: int
    purpose: Purpose | Literal["all"]
    is_given: int


@dataclass(frozen=True)
class LanguageButton(CallbackData):
    """Choose the language of private messages."""

    name: ClassVar[str] = "lang"
    language: str


@dataclass(frozen=True)
class RsvpButton(CallbackData):
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
class ControlButton(CallbackData):
    """Steer what is pushed, by one recommendation of it."""

    name: ClassVar[str] = "ctl"
    action: Control
    recommendation_id: int


@dataclass(frozen=True)
class SetupButton(CallbackData):
    """Check the set-up of a chat again."""

    name: ClassVar[str] = "setup"
    chat_id: int


@dataclass(frozen=True)
class FirstStepButton(CallbackData):
    """Under the set-up report: choose the language or the zone, see other zones, ask for consent again, pin the question."""

    name: ClassVar[str] = "first"
    step: Literal["language", "zone", "other_zones", "ask_again", "pin"]
    value: str


@dataclass(frozen=True)
class ForgetButton(CallbackData):
    """Confirm or keep back the erasure of everything held about a member."""

    name: ClassVar[str] = "forget"
    is_sure: int


@dataclass(frozen=True)
class EventButton(CallbackData):
    """Do something with an event other than answering it: publish, drop, manage, cancel, open, set_title, ..."""

    name: ClassVar[str] = "event"
    action: str
    event_id: int


@dataclass(frozen=True)
class HostWordsButton(CallbackData):
    """Send or drop a host's words to those who come; take back those with this number."""

    name: ClassVar[str] = "words"
    action: Literal["send", "drop", "take_back"]
    event_id: int
    number: int


@dataclass(frozen=True)
class EventLineButton(CallbackData):
    """Answer what an event line left open; day is 20260319 or 0, the line itself is the message that the question replies to."""

    name: ClassVar[str] = "line"
    day: int
    rhythm: str
    zone: str


@dataclass(frozen=True)
class EventHourButton(CallbackData):
    """As EventLineButton, with the hour of the start in minutes from the beginning of its day."""

    name: ClassVar[str] = "hour"
    minute: int
    day: int
    rhythm: str
    zone: str


@dataclass(frozen=True)
class EventZoneButton(CallbackData):
    """Under the first preview of a community without a clock: say where it is; no zone: show others."""

    name: ClassVar[str] = "evzone"
    event_id: int
    zone: str


@dataclass(frozen=True)
class CheckInButton(CallbackData):
    """Mark a guest as there, or not after all; member 0 turns the page."""

    name: ClassVar[str] = "here"
    event_id: int
    member_id: int
    page: int


@dataclass(frozen=True)
class RatingButton(CallbackData):
    """Rate an event that one attended, 1 to 5."""

    name: ClassVar[str] = "stars"
    event_id: int
    stars: int


@dataclass(frozen=True)
class MetButton(CallbackData):
    """Say or take back that one met somebody at an event; member 0 opens the list."""

    name: ClassVar[str] = "met"
    event_id: int
    member_id: int


@dataclass(frozen=True)
class WhomButton(CallbackData):
    """As MetButton, on a page of the list; member 0 turns the page."""

    name: ClassVar[str] = "whom"
    event_id: int
    member_id: int
    page: int


@dataclass(frozen=True)
class PickButton(CallbackData):
    """Pick somebody of an event to stay in touch with, or take it back; member 0 turns the page.

    `which` list it stands in: 0 whom one met, 1 whom one missed, 2 everybody.
    """

    name: ClassVar[str] = "pick"
    event_id: int
    member_id: int
    which: int
    page: int


@dataclass(frozen=True)
class AgreeButton(CallbackData):
    """Say yes to introductions, and go on to a list to pick from."""

    name: ClassVar[str] = "agree"
    event_id: int
    which: int


@dataclass(frozen=True)
class AskedButton(CallbackData):
    """Answer the nameless question whether one would like to stay in touch with somebody of an event."""

    name: ClassVar[str] = "asked"
    event_id: int
    is_yes: int


@dataclass(frozen=True)
class ProposalButton(CallbackData):
    """Answer the proposal of an introduction."""

    name: ClassVar[str] = "proposal"
    answer: Answer
    introduction_id: int


class InquiryAction(StrEnum):
    """What can be done with those who may know something."""

    ASK = "ask"
    # Say yes to introductions, and ask.
    AGREE = "agree"
    # The question as a need.
    NEED = "need"


@dataclass(frozen=True)
class InquiryButton(CallbackData):
    """Go on with what /intro found: its number in the list says nothing of who it is."""

    name: ClassVar[str] = "inquiry"
    action: InquiryAction
    inquiry_id: int
    position: int


@dataclass(frozen=True)
class OutcomeButton(CallbackData):
    """Say what came of an introduction."""

    name: ClassVar[str] = "outcome"
    outcome: Outcome
    introduction_id: int


@dataclass(frozen=True)
class HelpedButton(CallbackData):
    """Say that an introduction after which one met helped."""

    name: ClassVar[str] = "helped"
    introduction_id: int


@dataclass(frozen=True)
class ThanksButton(CallbackData):
    """Say which of those who answered helped with a need; 0: none of them."""

    name: ClassVar[str] = "thanks"
    listing_id: int
    member_id: int


class ListingAction(StrEnum):
    """What can be done with a need or an offer."""

    # Under a card: I can help, I'm interested.
    HELP = "help"
    # Under a preview.
    POST = "post"
    POST_QUIETLY = "post_quietly"
    DROP = "drop"
    # By its author: its page, another line, what came of it, keeping it open.
    MANAGE = "manage"
    EDIT = "edit"
    FOUND_HERE = "found_here"
    FOUND_ELSEWHERE = "found_elsewhere"
    NO_LONGER = "no_longer"
    KEEP_OPEN = "keep_open"
    # The card that somebody deleted.
    POST_CARD = "post_card"


@dataclass(frozen=True)
class ListingButton(CallbackData):
    """Do something with a need or an offer."""

    name: ClassVar[str] = "listing"
    action: ListingAction
    listing_id: int


@dataclass(frozen=True)
class KeepButton(CallbackData):
    """Keep one's own message as a need or an offer."""

    name: ClassVar[str] = "keep"
    kind: ListingKind
    message_id: int


@dataclass(frozen=True)
class CommunityButton(CallbackData):
    """Choose something for the whole community of the chat it stands in: language, zone, creators."""

    name: ClassVar[str] = "club"
    what: str
    value: str


@dataclass(frozen=True)
class CreatorsButton(CallbackData):
    """Choose who may plan events in a community."""

    name: ClassVar[str] = "creators"
    community_id: int
    who: Creators


@dataclass(frozen=True)
class EventListButton(CallbackData):
    """Narrow one's list of events."""

    name: ClassVar[str] = "evlist"
    choice: EventFilter


@dataclass(frozen=True)
class CalendarButton(CallbackData):
    """The personal calendar feed: a new address, or none any more."""

    name: ClassVar[str] = "cal"
    action: Literal["renew", "revoke"]


@dataclass(frozen=True)
class SkipButton(CallbackData):
    """Leave out the question that was asked in private; a button under an older question does nothing."""

    name: ClassVar[str] = "skip"
    step: str


@dataclass(frozen=True)
class SettingsButton(CallbackData):
    """Open a page of /settings, or choose a value on it; no value: the page, no page: all settings."""

    name: ClassVar[str] = "set"
    what: str
    value: str


@dataclass(frozen=True)
class ClockButton(CallbackData):
    """Under the one question about a member's clock: that is mine; no zone: show others."""

    name: ClassVar[str] = "clock"
    zone: str


class RoundAction(StrEnum):
    """What can be done with the rounds of a community (its id), or with one introduction of theirs."""

    JOIN = "join"
    LEAVE = "leave"
    # Admins: how often, and how it stands.
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OFF = "off"
    PREVIEW = "preview"
    MET = "met"


@dataclass(frozen=True)
class RoundButton(CallbackData):
    """Join or leave the rounds, set them, or say that one met."""

    name: ClassVar[str] = "round"
    action: RoundAction
    target_id: int


class PairAction(StrEnum):
    """What admins do about two members of a community (its id), or with a decision about two."""

    NEVER = "never"
    MUST = "must"
    LIFT = "lift"


@dataclass(frozen=True)
class PairButton(CallbackData):
    """Name two who are never introduced, or together in the next round; or take such a decision back."""

    name: ClassVar[str] = "pair"
    action: PairAction
    target_id: int


@dataclass(frozen=True)
class PauseButton(CallbackData):
    """Quiet for a week, a fortnight, a month; or resume."""

    name: ClassVar[str] = "pause"
    how_long: str


class ProfileAction(StrEnum):
    """What can be done with a line of one's profile (its id), or with all of it (the community's)."""

    CONFIRM = "confirm"
    CORRECT = "correct"
    REMOVE = "remove"
    CONFIRM_ALL = "confirm_all"
    ADD = "add"


@dataclass(frozen=True)
class ProfileButton(CallbackData):
    """Say that a line of one's profile is right, or not, or add one."""

    name: ClassVar[str] = "profile"
    action: ProfileAction
    target_id: int
