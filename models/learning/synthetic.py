"""An invented founders' community whose truth is known: tastes, habits, friendships and P(acts), then the log they leave.

Needs numpy only. How it works: a thread has one topic and an opener; every member who is there decides once whether to act
in it, with log odds = own activity + TASTE_PULL * taste + FRIEND_PULL if the opener is a friend. Who acts writes once or
more often, at hours and weekdays of their own. Members come and go; what they do before says a little about going.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.learning.arrays import DAY, HOUR, Bools, Floats, Ints
from models.learning.dataset import CommunityLog, Joins, Messages, Reactions, RsvpCode, Rsvps
from models.learning.synthetic_topics import TOPICS, Topic

TASTE_PULL, FRIEND_PULL, BASE_LOG_ODDS = 4.0, 1.6, -5.2
FIRST_MEMBER_ID, FIRST_ITEM_ID, CHAT_ID = 1_000, 50_000, 77


@dataclass(frozen=True, eq=False)
class Habits:
    """hours (n_members, 24) and weekdays (n_members, 7, Monday first): shares, rows sum to one; UTC."""

    hours: Floats
    weekdays: Floats


@dataclass(frozen=True, eq=False)
class Truth:
    """What really drives the invented members; rows are in the order of `members`.

    members (n,) ids; tastes (n, n_topics) shares in the order of TOPICS; is_friend (n, n); language "en" or "zh" each;
    activity (n,) log odds; here_from, here_until (n,) unix seconds; thread_topic (n_threads,); thread (n_messages,);
    acts (n, n_threads) true probability of acting in each thread, the opener's being one.
    """

    members: Ints
    tastes: Floats
    habits: Habits
    is_friend: Bools
    language: tuple[str, ...]
    activity: Floats
    here_from: Floats
    here_until: Floats
    thread_topic: Ints
    thread: Ints
    acts: Floats


@dataclass(frozen=True, eq=False)
class _People:
    tastes: Floats
    habits: Habits
    is_friend: Bools
    language: tuple[str, ...]
    activity: Floats
    here_from: Floats
    here_until: Floats


@dataclass
class _Line:
    """A message before sorting; `answers` is another line or None."""

    at: float
    member: int
    thread: int
    text: str
    answers: _Line | None
    mentions: bool


def invent(
    rng: np.random.Generator,
    *,
    n_members: int = 80,
    n_weeks: int = 10,
    threads_per_day: float = 7.0,
    start_at: float = 1_735_689_600.0,
    share_chinese: float = 0.4,
) -> tuple[CommunityLog, Truth]:
    """A community and its truth; the same generator state gives the same community. start_at: unix seconds, a midnight."""
    people = _people(rng, n_members, n_weeks, start_at, share_chinese)
    n_threads = int(rng.poisson(threads_per_day * 7 * n_weeks))
    opened_at = np.sort(start_at + rng.random(n_threads) * n_weeks * 7 * DAY)
    topic = rng.choice(len(TOPICS), n_threads, p=people.tastes.mean(axis=0))
    acts, lines = np.zeros((n_members, n_threads)), []
    for thread in range(n_threads):
        opener = _opener(rng, people, opened_at[thread], int(topic[thread]))
        acts[:, thread] = act_probability(people, opener, int(topic[thread]), opened_at[thread])
        lines += _thread_lines(rng, people, thread, opener, TOPICS[topic[thread]], opened_at[thread], acts[:, thread])
    lines.sort(key=lambda line: line.at)
    messages = _messages(lines, people)
    log = CommunityLog(
        messages=messages,
        reactions=_reactions(rng, messages, lines, acts),
        rsvps=_rsvps(rng, people, n_weeks, start_at),
        joins=Joins(member=np.arange(n_members) + FIRST_MEMBER_ID, at=people.here_from),
    )
    thread_of_message = np.array([line.thread for line in lines], dtype=np.int64)
    truth = Truth(
        members=np.arange(n_members) + FIRST_MEMBER_ID,
        thread_topic=topic.astype(np.int64),
        thread=thread_of_message,
        acts=acts,
        **people.__dict__,
    )
    return log, truth


def act_probability(people: _People | Truth, opener: int, topic: int, at: float) -> Floats:
    """True P(acts in a thread opened at `at`) of every member, shape (n_members,); 1 for the opener, 0 for who is away."""
    log_odds = people.activity + TASTE_PULL * people.tastes[:, topic] + FRIEND_PULL * people.is_friend[:, opener]
    here = (people.here_from <= at) & (at < people.here_until)
    probability: Floats = here / (1 + np.exp(-log_odds))
    probability[opener] = 1.0
    return probability


def write_line(rng: np.random.Generator, lines: tuple[str, ...], words: tuple[str, ...]) -> str:
    """One of the lines with two different words put in."""
    a, b = rng.choice(len(words), 2, replace=False)
    return str(lines[rng.integers(len(lines))]).format(a=words[a], b=words[b])


def _people(rng: np.random.Generator, n: int, n_weeks: int, start_at: float, share_chinese: float) -> _People:
    end_at = start_at + n_weeks * 7 * DAY
    tastes = rng.dirichlet(np.full(len(TOPICS), 0.25), n)
    alike = tastes @ tastes.T
    chance = np.triu(rng.random((n, n)) < 2.5 / n + 0.08 * alike, 1)
    here_from = np.where(rng.random(n) < 0.6, start_at, start_at + rng.random(n) * 0.7 * (end_at - start_at))
    leaves = rng.random(n) < 0.3
    here_until = np.where(leaves, here_from + (0.15 + rng.random(n)) * (end_at - here_from), end_at)
    # A power law as in real groups: a few write most.
    activity = BASE_LOG_ODDS + rng.gamma(1.5, 0.9, n)
    return _People(
        tastes=tastes,
        habits=_habits(rng, n),
        is_friend=chance | chance.T,
        language=tuple(np.where(rng.random(n) < share_chinese, "zh", "en").tolist()),
        activity=activity,
        here_from=here_from,
        here_until=np.minimum(here_until, end_at),
    )


def _habits(rng: np.random.Generator, n: int) -> Habits:
    """One waking peak per member, mostly evenings; weekends more or less."""
    peak = rng.normal(18, 4, n)[:, None]
    distance = np.abs((np.arange(24)[None, :] - peak + 12) % 24 - 12)
    hours = np.exp(-(distance**2) / 18) + 0.01
    weekdays = np.concatenate([np.ones((n, 5)), rng.gamma(2, 0.35, (n, 1)).repeat(2, axis=1)], axis=1)
    return Habits(hours / hours.sum(axis=1, keepdims=True), weekdays / weekdays.sum(axis=1, keepdims=True))


def _opener(rng: np.random.Generator, people: _People, at: float, topic: int) -> int:
    here = (people.here_from <= at) & (at < people.here_until)
    weight = here * np.exp(people.activity) * (0.02 + people.tastes[:, topic]) * rhythm(people.habits, at)
    return int(rng.choice(len(weight), p=weight / weight.sum()))


def rhythm(habits: Habits, at: float) -> Floats:
    """How likely each member is awake and here at the instant, relative, shape (n_members,)."""
    hour, weekday = int(at // HOUR) % 24, (int(at // DAY) + 3) % 7  # 1 January 1970 was a Thursday
    relative: Floats = habits.hours[:, hour] * habits.weekdays[:, weekday]
    return relative


def _thread_lines(
    rng: np.random.Generator, people: _People, thread: int, opener: int, topic: Topic, at: float, acts: Floats
) -> list[_Line]:
    """The opening line and what each who acts adds, in order of time."""
    words, language = topic.words, people.language[opener]
    lines = [_Line(at, opener, thread, write_line(rng, topic.openers[language], words[language]), None, False)]
    acting = np.flatnonzero((rng.random(len(acts)) < acts) & (np.arange(len(acts)) != opener))
    times = [(t, int(m)) for m in acting for t in _times(rng, people.habits, int(m), at, 1 + int(rng.poisson(0.8)))]
    if len(acting):  # an opener comes back when somebody answered
        first = min(t for t, _ in times)
        times += [(t, opener) for t in _times(rng, people.habits, opener, first, int(rng.poisson(1.0)))]
    for t, member in sorted(times):
        language = people.language[member]
        text = write_line(rng, topic.replies[language], words[language])
        others = [line for line in lines if line.member != member]
        answered_line = others[-1 - min(int(rng.geometric(0.6)) - 1, len(others) - 1)] if others else None
        lines.append(_Line(t, int(member), thread, text, answered_line, bool(rng.random() < 0.15)))
    return lines


def _times(rng: np.random.Generator, habits: Habits, member: int, after: float, n: int) -> list[float]:
    """n instants after `after`, half a day later on average, drawn towards the member's hours and weekdays."""
    delays = rng.exponential(14 * HOUR, 24) + 60
    instants = after + delays
    hour, weekday = (instants // HOUR).astype(int) % 24, ((instants // DAY).astype(int) + 3) % 7
    weight = habits.hours[member, hour] * habits.weekdays[member, weekday]
    chosen_instants: list[float] = rng.choice(instants, min(n, 24), replace=False, p=weight / weight.sum()).tolist()
    return chosen_instants


def _messages(lines: list[_Line], people: _People) -> Messages:
    place = {id(line): i for i, line in enumerate(lines)}
    answers = [-1 if line.answers is None else place[id(line.answers)] for line in lines]
    # Eight of ten answers carry a reply link, chosen by what they say so that no chance is needed here.
    links = [answer if i * 2_654_435_761 % 10 < 8 else -1 for i, answer in enumerate(answers)]
    mentions = [(i, line.answers.member) for i, line in enumerate(lines) if line.mentions and line.answers is not None]
    return Messages(
        member=np.array([line.member for line in lines], dtype=np.int64) + FIRST_MEMBER_ID,
        at=np.array([line.at for line in lines]),
        chat=np.full(len(lines), CHAT_ID),
        topic=np.full(len(lines), -1),
        reply_to=np.array(links, dtype=np.int64),
        item_id=np.arange(len(lines)) + FIRST_ITEM_ID,
        text=tuple(line.text for line in lines),
        mentioning=np.array([i for i, _ in mentions], dtype=np.int64),
        mentioned_member=np.array([member for _, member in mentions], dtype=np.int64) + FIRST_MEMBER_ID,
    )


def _reactions(rng: np.random.Generator, messages: Messages, lines: list[_Line], acts: Floats) -> Reactions:
    """Who would act in a thread also reacts to its lines now and then, an hour later on average."""
    member, message = [], []
    for i, line in enumerate(lines):
        likes = np.flatnonzero(rng.random(len(acts)) < 0.12 * np.minimum(acts[:, line.thread], 0.8))
        member += [int(m) for m in likes if m != line.member]
        message += [i] * sum(1 for m in likes if m != line.member)
    index = np.array(message, dtype=np.int64)
    at = messages.at[index] + rng.exponential(HOUR, len(index))
    return Reactions(member=np.array(member, dtype=np.int64) + FIRST_MEMBER_ID, at=at, message=index)


def _rsvps(rng: np.random.Generator, people: _People, n_weeks: int, start_at: float) -> Rsvps:
    """One event a week on one topic; who likes the topic says yes more often."""
    rows: list[tuple[int, float, int, int]] = []
    for week in range(n_weeks):
        at, topic = start_at + (week * 7 + 2) * DAY, int(rng.integers(len(TOPICS)))
        invitees = np.flatnonzero(
            (people.here_from <= at) & (at < people.here_until) & (rng.random(len(people.activity)) < 0.4)
        )
        going = rng.random(len(invitees)) < 1 / (1 + np.exp(1.0 - 5 * people.tastes[invitees, topic]))
        status = np.where(going, RsvpCode.GOING, RsvpCode.NOT_GOING)
        answered_at = at + rng.exponential(DAY, len(invitees))
        rows += [(int(m), float(t), int(s), week + 1) for m, t, s in zip(invitees, answered_at, status, strict=True)]
    return Rsvps(
        member=np.array([row[0] for row in rows], dtype=np.int64) + FIRST_MEMBER_ID,
        at=np.array([row[1] for row in rows]),
        status=np.array([row[2] for row in rows], dtype=np.int64),
        event=np.array([row[3] for row in rows], dtype=np.int64),
    )
