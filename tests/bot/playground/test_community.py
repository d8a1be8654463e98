from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from bot.playground.community import Community, truth
from bot.playground.community.lines import LANGUAGES, Lines, load_events
from bot.playground.community.people import EASY_TOPIC, Person, load_cast
from bot.playground.server import LocalTelegram
from bot.playground.server.snapshots import Message
from models.learning.synthetic_topics import TOPICS
from models.reading.event_draft import EventDraft
from models.reading.event_lines import read_event_line

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
EVERYBODY = [*load_cast().founders, *load_cast().newcomers]


class HandClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = MONDAY

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps here")


class Town:
    """The community alone: its bot hears nothing and says nothing."""

    def __init__(self, seed: int = 7) -> None:
        self.clock = HandClock()
        self.telegram = LocalTelegram(clock=self.clock, random=Random(seed))
        self.bot = self.telegram.add_bot("7000000001:TEST-klatch", "Klatch", "klatch_bot")
        self.community = Community(self.telegram, self.bot, Random(seed), self.clock)
        self.community.settle_in()

    def live(self, span: timedelta) -> None:
        until = self.clock.at + span
        while (at := self.community.next_at()) is not None and at <= until:
            self.clock.at = max(at, self.clock.at)
            self.community.do_next(until)
        self.clock.at = until

    def said(self) -> list[Message]:
        return [one for one in self.telegram.messages(self.community.chat) if one.text]

    def author(self, message: Message) -> Person:
        person = self.community.person(message["from"]["id"])
        assert person is not None
        return person


@pytest.fixture(scope="module")
def two_weeks() -> Town:
    town = Town()
    town.live(timedelta(weeks=2))
    return town


def talk(town: Town) -> list[Message]:
    return [one for one in town.said() if not one.text.startswith("/")]


def test_the_same_seed_lives_the_same_weeks_and_another_lives_others() -> None:
    def heard(seed: int) -> list[tuple[int, str]]:
        town = Town(seed)
        town.live(timedelta(days=3))
        return [(one["date"], one.text) for one in town.said()]

    assert heard(7) == heard(7)
    assert heard(7) != heard(8)


def test_a_weekday_has_forty_to_eighty_messages_on_average(two_weeks: Town) -> None:
    per_day = Counter(datetime.fromtimestamp(one["date"], UTC).date() for one in talk(two_weeks))

    weekdays = [n for day, n in per_day.items() if day.weekday() < 5 and day < (MONDAY + timedelta(weeks=2)).date()]

    assert 40 <= mean(weekdays) <= 80


def test_it_is_known_what_every_message_answers_by_a_reply_link_or_not(two_weeks: Town) -> None:
    linked = {one.id: one["reply_to_message"]["message_id"] for one in talk(two_weeks) if "reply_to_message" in one}
    answers = {one.id: two_weeks.community.answered_by(one.id) for one in talk(two_weeks)}
    unlinked = [one for one, answered in answers.items() if answered and one not in linked]

    assert {one: answers[one] for one in linked} == linked
    assert 0.03 * len(answers) < len(unlinked) < 0.2 * len(answers)
    assert sum(answered is None for answered in answers.values()) > 0.1 * len(answers)


def test_no_two_threads_of_a_week_begin_alike(two_weeks: Town) -> None:
    openings = defaultdict(list)
    for one in talk(two_weeks):
        if "reply_to_message" not in one and one.text.count(" ") > 5:
            openings[(one["date"] - MONDAY.timestamp()) // (7 * 86_400)].append(one.text)

    for texts in openings.values():
        assert len(texts) - len(set(texts)) <= 1


def test_nobody_writes_asleep_or_in_a_language_they_do_not_read(two_weeks: Town) -> None:
    for one in talk(two_weeks):
        person, at = two_weeks.author(one), datetime.fromtimestamp(one["date"], UTC)
        answered = one.get("reply_to_message", {}).get("text", "")
        is_chinese = bool(re.search(r"[\u4e00-\u9fff]{2}", answered)) and "@" not in answered

        assert truth.is_awake(person, at), f"{person.name} at {at}"
        assert person.reads("zh") or not is_chinese or "reply_to_message" not in one or _only_a_name(answered)


def _only_a_name(text: str) -> bool:
    names = "|".join(re.escape(person.short_name) for person in EVERYBODY)
    return not re.search(r"[\u4e00-\u9fff]{2}", re.sub(f'{names}|《.*》|“.*”|".*"', "", text))


def test_members_join_what_they_truly_care_for(two_weeks: Town) -> None:
    joined = [
        two_weeks.author(one).taste(two_weeks.community.topic_of(one.id) or "")
        for one in talk(two_weeks)
        if "reply_to_message" in one and two_weeks.community.topic_of(one.id) != EASY_TOPIC
    ]
    topics = [topic for one in talk(two_weeks) if (topic := two_weeks.community.topic_of(one.id)) != EASY_TOPIC]

    by_chance = mean(person.taste(str(topic)) for topic in topics for person in EVERYBODY)

    assert mean(joined) > 2 * by_chance


def test_somebody_new_joins_each_week_and_is_welcomed(two_weeks: Town) -> None:
    newcomers = [person for person in load_cast().newcomers if person.username in two_weeks.community.people]

    hello = next(one for one in talk(two_weeks) if two_weeks.author(one) is two_weeks.community.people["kofi"])

    welcomes = [one for one in talk(two_weeks) if one.get("reply_to_message", {}).get("message_id") == hello.id]
    assert [person.username for person in newcomers] == ["kofi", "yuqing"]
    assert len(welcomes) >= 3


def test_a_question_from_the_page_is_answered_within_a_minute_by_who_knows() -> None:
    town = Town()
    town.live(timedelta(hours=3))
    asked = town.telegram.say(town.community.users["ben"], town.community.chat, "Our container hangs in customs, help?")

    town.live(timedelta(minutes=1))

    answers = [one for one in talk(town) if one.get("reply_to_message", {}).get("message_id") == asked.id]
    assert len(answers) == 2
    assert all(town.author(one).taste("logistics") >= 0.7 for one in answers)


def test_a_question_that_shares_one_word_with_a_script_gets_none_of_its_answers() -> None:
    lines = Lines(Random(1))

    about_customs = list(lines.answers_to("en", "Our container hangs in customs, help?", "logistics"))
    about_food = list(lines.answers_to("en", "Where to order lunch boxes, or a container of soup?", "logistics"))

    assert any("customs" in one for one in about_customs)
    assert about_food == []


def test_every_language_has_every_topic_and_they_are_those_the_models_are_tried_on() -> None:
    lines = Lines(Random(1))

    for language in LANGUAGES:
        for topic in lines.topics:
            script, opening = lines.script(language, topic, hour=9)
            assert len(script.answers) >= 3
            assert "{" not in opening
    assert lines.topics - {EASY_TOPIC} == {topic.name for topic in TOPICS}
    assert {topic for person in EVERYBODY for topic in person.tastes} == lines.topics - {EASY_TOPIC}


def test_everything_admins_plan_is_understood_as_an_event() -> None:
    for told in load_events():
        day = "3月12日" if told["language"] == "zh" else "Thu 12 Mar"

        read = read_event_line(told["line"].format(day=day), now=MONDAY, zone=ZoneInfo("Europe/Berlin"), language="en")

        assert isinstance(read, EventDraft), told["line"]
        # What the second half of a title asks of guests stands below it.
        planned_title = told["line"].partition(", {day}")[0]
        assert planned_title in (read.title, f"{read.title}: {read.description}")
        assert read.starts_at.date() == datetime(2026, 3, 12, tzinfo=UTC).date()
        assert read.place is not None
        assert read.capacity is not None


def test_friends_are_people_of_the_cast() -> None:
    usernames = {person.username for person in EVERYBODY}

    assert len(usernames) == len(EVERYBODY)
    assert {friend for person in EVERYBODY for friend in person.friends} <= usernames


def test_the_truth_grows_with_taste_and_friendship() -> None:
    mia, jo, ana = (next(one for one in EVERYBODY if one.username == name) for name in ("mia", "jo", "ana"))

    # Mia loves hardware, Jo is her friend, Ana is not.
    assert truth.joins(mia, "hardware", ana) > 3 * truth.joins(mia, "legal", ana)
    assert truth.joins(mia, "legal", jo) > truth.joins(mia, "legal", ana)
    assert truth.likes(mia, "hardware") > 0.9 > 0.2 > truth.likes(mia, "legal")
    assert truth.comes(mia, "hardware") > truth.comes(mia, "legal")


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-03-02T03:10", "2026-03-02T08:10"),  # before they get up
        ("2026-03-02T12:00", "2026-03-02T12:00"),  # awake
        ("2026-03-02T23:30", "2026-03-03T08:30"),  # after they went to bed
    ],
)
def test_who_sleeps_does_it_in_the_morning(local: str, expected: str) -> None:
    mia = next(one for one in EVERYBODY if one.username == "mia")

    woken = truth.when_awake(mia, datetime.fromisoformat(local).replace(tzinfo=mia.zone))

    assert woken == datetime.fromisoformat(expected).replace(tzinfo=mia.zone)
