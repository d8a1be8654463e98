from __future__ import annotations

import inspect
import pkgutil
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

import jobs
from bot.config import Config, DefaultChoices, Jobs
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs.engine.runner import Runner
from jobs.schedule import TIMETABLE, DailyAtTrainingHour, Entry, Every, next_due
from models.database import Database
from models.domain.installation import timetable
from models.tables.job import JobName
from tests.factories import make_chat, make_community
from tests.processes import python
from tests.stage import TEXTS

# What wakes jobs, not jobs themselves.
MACHINERY = {"__main__", "command", "engine", "schedule"}
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_every_job_is_in_the_timetable_once_and_nothing_else_is() -> None:
    modules = {module.name for module in pkgutil.iter_modules(jobs.__path__)} - MACHINERY

    named = Counter(entry.name for entry in TIMETABLE)
    assert named == Counter(modules), "TIMETABLE of jobs/schedule.py and the modules in jobs/"
    assert named == Counter(JobName), "TIMETABLE of jobs/schedule.py and JobName of models/tables/job.py"


@pytest.mark.parametrize("entry", TIMETABLE, ids=lambda entry: entry.name)
def test_every_job_has_the_agreed_shape(entry: Entry) -> None:
    parameters = inspect.signature(entry.job).parameters

    assert inspect.iscoroutinefunction(entry.job)
    assert list(parameters)[:2] == ["services", "now"]
    assert parameters["now"].kind is inspect.Parameter.KEYWORD_ONLY
    # Called by the timetable without arguments, unless it only runs on demand.
    assert entry.when is None or all(p.default is not p.empty for p in list(parameters.values())[2:])
    assert inspect.getdoc(import_module(f"jobs.{entry.name}"))


def test_only_trainings_keep_out_of_the_way_of_what_people_wait_for() -> None:
    assert {entry.name for entry in TIMETABLE if entry.where == "training"} == {
        entry.name for entry in TIMETABLE if entry.name.startswith("train_")
    }


async def test_jobs_of_the_event_loop_load_nothing_that_learns_or_talks() -> None:
    names = [f"jobs.{entry.name}" for entry in TIMETABLE if entry.where == "loop"]
    heavy = ("numpy", "sklearn", "scipy", "models.learning", "telegram")
    program = f"import sys, {', '.join(names)}, jobs.engine.runner\nprint([n for n in {heavy} if n in sys.modules])"

    async with python("-c", program, stdout=subprocess.PIPE) as loading:
        told, _ = await loading.communicate()

    assert told.strip() == b"[]"


async def test_a_day_of_the_whole_timetable_runs_without_a_failure(sqlite: Database, clock: SimulatedClock) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        await make_chat(session, community_id=community.id)
    runner = Runner(Services(sqlite, clock, TEXTS, Config()), name="day")
    await runner.run_due()
    await clock.advance(timedelta(days=1))

    lines = await runner.run_due()

    await runner.stop()
    async with sqlite.reading() as session:
        failed = {row.name: row.last_outcome for row in await timetable.rows(session) if row.n_failures}
    assert failed == {}
    assert sorted(line.partition(":")[0] for line in lines) == sorted(entry.name for entry in TIMETABLE if entry.when)


@pytest.mark.parametrize(
    ("minutes", "instant", "expected"),
    [
        (10, NOON, NOON + timedelta(minutes=10)),  # strictly after
        (10, NOON - timedelta(seconds=1), NOON),  # at a round time
        (60, NOON + timedelta(minutes=59, seconds=59), NOON + timedelta(hours=1)),
        (5, NOON + timedelta(minutes=7, microseconds=3), NOON + timedelta(minutes=10)),
    ],
)
def test_repeated_jobs_run_at_round_times(minutes: int, instant: datetime, expected: datetime) -> None:
    assert Every(minutes).next_after(instant, Config()) == expected


@pytest.mark.parametrize(
    ("zone", "hour", "instant", "expected"),
    [
        # before today's
        ("UTC", 4, datetime(2026, 3, 2, 3, 59, tzinfo=UTC), datetime(2026, 3, 2, 4, 0, tzinfo=UTC)),
        # strictly after: today's just ran
        ("UTC", 4, datetime(2026, 3, 2, 4, 0, tzinfo=UTC), datetime(2026, 3, 3, 4, 0, tzinfo=UTC)),
        # the local day has begun already
        ("Asia/Shanghai", 4, datetime(2026, 3, 1, 19, 0, tzinfo=UTC), datetime(2026, 3, 1, 20, 0, tzinfo=UTC)),
        # winter time, then summer time: the wall clock stays
        ("Europe/Berlin", 4, datetime(2026, 3, 28, 0, 0, tzinfo=UTC), datetime(2026, 3, 28, 3, 0, tzinfo=UTC)),
        ("Europe/Berlin", 4, datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 2, 0, tzinfo=UTC)),
        # 2:00 does not exist on that day; it runs at 3:00 summer time
        ("Europe/Berlin", 2, datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # 2:00 exists twice on that day; after the first one comes the next day's
        ("Europe/Berlin", 2, datetime(2026, 10, 25, 0, 0, tzinfo=UTC), datetime(2026, 10, 26, 1, 0, tzinfo=UTC)),
    ],
)
def test_daily_jobs_keep_the_wall_clock(zone: str, hour: int, instant: datetime, expected: datetime) -> None:
    config = Config(jobs=Jobs(training_hour=hour), defaults=DefaultChoices(time_zone=zone))

    assert DailyAtTrainingHour().next_after(instant, config) == expected


def test_what_is_on_demand_is_not_due_by_itself() -> None:
    assert next_due(Entry("x", None, "loop", ""), NOON, Config()) is None


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (Every(1), "every minute"),
        (Every(10), "every 10 minutes"),
        (Every(60), "hourly"),
        (DailyAtTrainingHour(), "daily at the training hour"),
        (DailyAtTrainingHour(50), "daily, 50 minutes after the training hour"),
    ],
)
def test_a_time_is_told_in_words(when: Every | DailyAtTrainingHour, words: str) -> None:
    assert str(when) == words
