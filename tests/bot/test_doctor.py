from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.commands import doctor
from bot.commands.doctor import examine_web
from bot.config import Config, Web
from bot.hearing.intake import IntakeHealth
from bot.web.app import build_web
from models.learning.encoder import Problem
from tests.bot.playground.http_server import serving
from tests.stage import Stage


def at(address: str) -> Config:
    return replace(Config(), web=Web(address=address))


async def test_an_address_where_the_host_answers_is_well(stage: Stage) -> None:
    health = IntakeHealth(polled_at=stage.clock.now())
    async with serving(build_web(stage.host.services, health, secret=None)) as address:
        [finding] = await examine_web(at(f"{address}/"))

    assert finding.is_well


async def test_a_host_that_is_deaf_is_told(stage: Stage) -> None:
    health = IntakeHealth(problem="Telegram cannot be reached")
    async with serving(build_web(stage.host.services, health, secret=None)) as address:
        [finding] = await examine_web(at(address))

    assert not finding.is_well
    assert finding.fix == "It answers, but is not well: Telegram cannot be reached."


@pytest.mark.parametrize("said", ["It works!", "[1]", '{"status": "up"}'])
async def test_another_program_at_the_address_is_told(said: str) -> None:
    other = Starlette(routes=[Route("/health", lambda _: PlainTextResponse(said))])
    async with serving(other) as address:
        [finding] = await examine_web(at(address))

    assert not finding.is_well
    assert "Something else than Klatch answers there" in finding.fix
    assert "127.0.0.1:8080" in finding.fix


async def test_an_address_that_nobody_answers_is_told() -> None:
    # Nothing listens on port 1.
    [finding] = await examine_web(at("http://127.0.0.1:1"))

    assert not finding.is_well
    assert "start `klatch run`" in finding.fix


async def test_without_an_address_there_is_nothing_to_look_at() -> None:
    assert await examine_web(Config()) == []


@pytest.mark.parametrize(
    ("problem", "is_well", "says"),
    [
        (None, True, "matched across languages"),
        # Going without is a choice.
        ("missing", True, "within a language"),
        ("changed", False, "matched across languages"),
    ],
)
def test_what_becomes_of_two_languages_is_told(
    problem: Problem | None, is_well: bool, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "problem_of_package", lambda: problem)

    finding = doctor.examine_languages()

    assert (finding.is_well, says in finding.what) == (is_well, True)
