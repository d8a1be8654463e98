"""What really drives the invented members: the probabilities that a perfect model would find. Pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from math import exp

from bot.playground.community.people import Person

# Log odds of joining a thread; the same shape as models/learning/synthetic.py, tuned for a group of two dozen.
JOINS_BASE, TASTE_PULL, FRIEND_PULL = -3.1, 4.2, 1.2
COMES_BASE, COMES_PULL = -2.2, 4.0
# Log odds of answering a card: few do who have nothing that meets it.
HELPS_BASE, HELPS_PULL, MEETS_PULL = -6.0, 4.5, 4.0
ANSWERS_TRUE_MATCH, ANSWERS_FALSE_MATCH = 0.75, 0.04
# Log odds of a yes to an introduction.
AGREES_BASE, AGREES_PULL = -0.8, 3.0
# Log odds of joining the rounds, and of truly wanting to meet whom a round names.
JOINS_ROUNDS_BASE, GETS_ON_BASE, GETS_ON_PULL = 0.4, -1.8, 5.5
FOUND_AFTER_TRUE, FOUND_AFTER_OTHER = 0.8, 0.35
# Log odds of answering a question that is brought to one, and of saying that it is not for oneself.
ANSWERS_BASE, ANSWERS_PULL, REFUSES_BASE, REFUSES_PULL = -4.0, 6.0, -1.0, 4.0
# On weekends people do so much of what they do on a weekday.
WEEKEND = 0.45
SATURDAY = 5


def joins(person: Person, topic: str, opener: Person) -> float:
    """P(acts in a thread on `topic` that `opener` began), given that they can read it."""
    is_friend = opener.username in person.friends
    return _sigmoid(JOINS_BASE + person.active + TASTE_PULL * person.taste(topic) + FRIEND_PULL * is_friend)


def likes(person: Person, topic: str) -> float:
    """P(thumbs up rather than down) for a recommended item on `topic`."""
    return _sigmoid(-2.0 + 6.0 * person.taste(topic))


def comes(person: Person, topic: str) -> float:
    """P(says going to an event on `topic`), given that they can be there."""
    return _sigmoid(COMES_BASE + COMES_PULL * person.taste(topic))


def meets(person: Person, other: Person) -> float:
    """P(two who were at one event talked there)."""
    return _sigmoid(-1.5 + 2.5 * (other.username in person.friends) + 2.5 * _in_common(person, other))


def stays_in_touch(person: Person, other: Person) -> float:
    """P(wants to hear more of somebody they met)."""
    return _sigmoid(-0.5 + 3.0 * _in_common(person, other))


def helps(person: Person, topic: str, *, meets: bool) -> float:
    """P(answers a card in the group), given that they can read it; `meets`: what they wrote themselves truly meets it."""
    return _sigmoid(HELPS_BASE + HELPS_PULL * person.taste(topic) + MEETS_PULL * meets)


def answers_question(person: Person, topic: str) -> float:
    """P(answers a question on `topic` that nobody else answered), asked in private."""
    return _sigmoid(ANSWERS_BASE + ANSWERS_PULL * person.taste(topic))


def refuses_question(person: Person, topic: str) -> float:
    """P(says that such a question is not for them), given that they do not answer it."""
    return _sigmoid(REFUSES_BASE - REFUSES_PULL * person.taste(topic))


def answers_match(*, is_true: bool) -> float:
    """P(answers what they are privately told may meet their own)."""
    return ANSWERS_TRUE_MATCH if is_true else ANSWERS_FALSE_MATCH


def agrees(person: Person, topic: str | None) -> float:
    """P(says yes to an introduction on `topic`); None: the question does not say."""
    return _sigmoid(AGREES_BASE + AGREES_PULL * (person.taste(topic) if topic else 0.0) + person.answers)


def joins_rounds(person: Person) -> float:
    """P(joins the rounds): the lively do more often."""
    return _sigmoid(JOINS_ROUNDS_BASE + person.active)


def gets_on(person: Person, other: Person) -> float:
    """P(wants to meet somebody whom a round names): by what both care for; 0 where neither reads the other's language."""
    if not (person.reads(other.language) or other.reads(person.language)):
        return 0.0
    return _sigmoid(GETS_ON_BASE + GETS_ON_PULL * _in_common(person, other))


def is_found(*, is_true: bool) -> float:
    """P(an author says "found here" after somebody answered)."""
    return FOUND_AFTER_TRUE if is_true else FOUND_AFTER_OTHER


def _in_common(person: Person, other: Person) -> float:
    return max((person.taste(topic) * other.taste(topic) for topic in person.tastes), default=0.0)


def is_awake(person: Person, at: datetime) -> bool:
    """Whether it is one of their waking hours."""
    local = at.astimezone(person.zone)
    begin, end = person.hours
    return begin <= local.hour < end or local.hour < end - 24


def when_awake(person: Person, at: datetime) -> datetime:
    """`at`, or the next morning when they sleep then; the minute stays, so that not all wake at once."""
    if is_awake(person, at):
        return at
    local = at.astimezone(person.zone)
    morning = datetime.combine(local.date(), time(person.hours[0], local.minute, local.second), tzinfo=person.zone)
    return (morning if morning > local else morning + timedelta(days=1)).astimezone(UTC)


def liveliness(day: datetime) -> float:
    """How much is talked on a day, 1 on weekdays."""
    return WEEKEND if day.weekday() >= SATURDAY else 1.0


def _sigmoid(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
